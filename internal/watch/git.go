package watch

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

const gitPatience = 30 * time.Second

// gitAtWork reports whether git is changing the working tree that a folder belongs to: it holds a lock from before the
// first file to after the last. A lock that is older than a while was left behind, or belongs to work that takes so
// long that nobody wants to wait for it.
func gitAtWork(dir string, now time.Time) bool {
	for {
		name := filepath.Join(dir, ".git")
		if info, err := os.Stat(name); err == nil {
			if !info.IsDir() {
				name = linkedGit(name)
			}
			lock, err := os.Lstat(filepath.Join(name, "index.lock"))
			if err != nil {
				return false
			}
			age := now.Sub(lock.ModTime())
			return -time.Second < age && age < gitPatience
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return false
		}
		dir = parent
	}
}

// linkedGit returns the folder that the file .git of a linked working tree, or of a submodule, names.
func linkedGit(name string) string {
	const max = 4096 // as long as a path can be
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > max {
		return name
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return name
	}
	dir, _ := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(filepath.Dir(name), dir)
	}
	return dir
}
