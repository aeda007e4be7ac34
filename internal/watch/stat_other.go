//go:build !linux

package watch

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A dirFile is an open folder.
type dirFile struct{ f *os.File }

func openDir(name string) (dirFile, error) {
	f, err := os.Open(name)
	return dirFile{f}, err
}

func (d dirFile) close()                   { d.f.Close() }
func (d dirFile) names() ([]string, error) { return d.f.Readdirnames(-1) }

// key has no change time, so that it never tells which names there are.
func (d dirFile) key() (key, error) {
	k, _, err := lstat(d.f.Name())
	return k, err
}

func (d dirFile) lstat(name string) (key, fs.FileMode, error) {
	return lstat(filepath.Join(d.f.Name(), name))
}

// silent reports whether the folder is on a file system on which changes can happen without an event. It does not
// know: the safety scan finds those.
func (d dirFile) silent() (string, bool) { return "", false }

func openFile(name string) (*os.File, error) { return os.Open(name) }

// lstat returns the key and the type of a file, without following a link. The key has no inode and no change time.
func lstat(name string) (key, fs.FileMode, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return key{}, 0, err
	}
	return key{size: info.Size(), mtime: info.ModTime().UnixNano()}, info.Mode().Type(), nil
}

// processorTime returns how long f took: how much of it was for work is not known here.
func processorTime(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// watchMounts does nothing: it is not known here when something is mounted.
func watchMounts(string, func()) (stop func()) { return func() {} }

// An identity tells one folder from another: where there are no inodes, by the path without links.
type identity struct{ path string }

func (k key) identity(real string) identity { return identity{real} }
