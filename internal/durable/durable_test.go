package durable

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// holds fails unless the folder has these files and no others.
func holds(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, want) {
		t.Errorf("the folder holds %q, want %q", names, want)
	}
}

func says(t *testing.T, name, want string, perm fs.FileMode) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil || string(data) != want {
		t.Errorf("%s says %.40q, %v; want %.40q", name, data, err, want)
	}
	if info, err := os.Stat(name); err == nil && runtime.GOOS != "windows" && info.Mode().Perm() != perm {
		t.Errorf("%s has the permissions %v, want %v", name, info.Mode().Perm(), perm)
	}
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "tokens")
	for _, c := range []struct {
		data string
		perm fs.FileMode
	}{{"one", 0o644}, {"two", 0o600}, {"", 0o666}} { // no umask takes anything from the last
		if err := Replace(name, []byte(c.data), c.perm); err != nil {
			t.Fatal(err)
		}
		says(t, name, c.data, c.perm)
	}
	holds(t, dir, "tokens")
}

// What cannot be replaced stays, and nothing is left beside it.
func TestReplaceFails(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "folder", "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Replace(filepath.Join(dir, "folder"), []byte("x"), 0o600); err == nil {
		t.Error("a folder is replaced by a file")
	}
	if err := Replace(filepath.Join(dir, "nowhere", "file"), []byte("x"), 0o600); err == nil {
		t.Error("a file is in no folder")
	}
	holds(t, dir, "folder")
}

// Readers see one of two whole files, however many write.
func TestReplaceAtOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	texts := []string{strings.Repeat("a", 100_000), strings.Repeat("b", 50_000)}
	if err := Replace(name, []byte(texts[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	for _, text := range texts {
		writers.Go(func() {
			for range 20 {
				if err := Replace(name, []byte(text), 0o600); err != nil && runtime.GOOS != "windows" {
					t.Error(err)
				}
			}
		})
	}
	for range 200 {
		if data, err := os.ReadFile(name); !slices.Contains(texts, string(data)) && runtime.GOOS != "windows" {
			t.Fatalf("read %d bytes, %v", len(data), err)
		}
	}
	writers.Wait()
	holds(t, filepath.Dir(name), "file")
}

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".hubs.json.123.crieur-tmp", ".hubs.json.crieur-tmp", ".other.123.crieur-tmp", "hubs.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	Sweep(filepath.Join(dir, "hubs.json"))
	holds(t, dir, ".other.123.crieur-tmp", "hubs.json")
	Sweep(filepath.Join(dir, "nowhere", "hubs.json"))
}
