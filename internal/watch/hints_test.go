package watch

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Folders are renamed, and watched under their new names before fsnotify has heard of it: it takes one for another,
// and drops the events of one of them.
func TestWatchesMixedUp(t *testing.T) {
	root := t.TempDir()
	name := func(names ...string) string { return filepath.Join(append([]string{root}, names...)...) }
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dirty := make(chan struct{}, 1)
	h := newHints(dirty, &reporter{told: map[string]bool{}})
	add := func(dirs ...string) {
		t.Helper()
		for _, dir := range dirs {
			k, _, err := lstat(dir)
			do(err)
			do(h.add(dir, k.identity(dir)))
		}
	}
	w, err := fsnotify.NewWatcher() // as begin does, but its events wait: nobody drains them yet
	do(err)
	h.fs = w
	defer h.close()
	do(os.Mkdir(name("a"), 0o755))
	do(os.Mkdir(name("c"), 0o755))
	add(root, name("a"), name("c"))
	h.end()
	do(os.WriteFile(name("first"), nil, 0o644))
	do(os.Rename(name("a"), name("b")))
	do(os.Rename(name("c"), name("a")))
	h.round++
	add(root, name("a"), name("b"))
	h.end()
	h.drains.Go(func() { h.drain(w) })

	quiet := func() {
		for {
			select {
			case <-dirty:
			case <-time.After(100 * ms):
				return
			}
		}
	}
	for h.stale.Load() {
		quiet()
		h.begin()
		add(root, name("a"), name("b"))
		h.end()
	}
	for _, dir := range []string{"a", "b"} {
		quiet()
		do(os.WriteFile(name(dir, "f.md"), nil, 0o644))
		select {
		case <-dirty:
		case <-time.After(patience):
			t.Errorf("no hint of a file in %s", dir)
		}
	}
}

// When a folder is not where it was, everything is watched anew.
func TestWatchedAnew(t *testing.T) {
	h := newHints(make(chan struct{}, 1), &reporter{told: map[string]bool{}})
	h.watch = func(*fsnotify.Watcher, string) error { return nil }
	defer h.close()
	one, _, _ := lstat(t.TempDir())
	other, _, _ := lstat(t.TempDir())
	look := func(folders map[string]key) (stale bool) {
		h.begin()
		for dir, k := range folders {
			if err := h.add(dir, k.identity(dir)); err != nil {
				t.Fatal(err)
			}
		}
		h.end()
		return h.stale.Load()
	}
	for i, step := range []struct {
		folders map[string]key
		stale   bool
	}{
		{map[string]key{"a": one, "b": other}, false},
		{map[string]key{"a": one, "b": other}, false},
		{map[string]key{"a": other, "b": one}, true}, // swapped
		{map[string]key{"a": other, "b": one}, false},
		{map[string]key{"a": other}, true}, // gone
		{map[string]key{"a": other}, false},
		{map[string]key{"a": other, "c": one}, false}, // come
	} {
		if got := look(step.folders); got != step.stale {
			t.Errorf("look %d: watched anew: %v, want %v", i, got, step.stale)
		}
	}
}

// Each look at a part sees that a watch is missing, as long as nothing is watched anew.
func TestRenewedOnce(t *testing.T) {
	dirty := make(chan struct{}, 1)
	h := newHints(dirty, &reporter{told: map[string]bool{}})
	defer h.close()
	hinted := func() bool {
		select {
		case <-dirty:
			return true
		default:
			return false
		}
	}
	for range 2 {
		h.begin()
		h.renew()
		if !hinted() {
			t.Error("nothing is watched anew")
		}
		h.renew()
		if hinted() {
			t.Error("a hint was given again, which puts the look off")
		}
	}
}
