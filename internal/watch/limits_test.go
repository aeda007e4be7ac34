package watch

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// told collects reports.
type told struct {
	mu   sync.Mutex
	errs []error
}

func (r *told) report(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
}

// once checks that there was one report, of this cause, with this remedy.
func (r *told) once(t *testing.T, cause error, remedy string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.errs) != 1 || !errors.Is(r.errs[0], cause) || !strings.Contains(r.errs[0].Error(), remedy) {
		t.Errorf("reported: %v, want once %v with %q", r.errs, cause, remedy)
	}
}

// forest returns the names of n files, each in its own folder.
func forest(n int) (files []string) {
	for i := range n {
		files = append(files, fmt.Sprintf("d%d/sub/f.md", i))
	}
	return files
}

// editAll changes each file and waits for it, then adds folders.
func editAll(s *site, files []string) {
	s.Helper()
	for _, name := range files {
		s.write(name, "edited")
		s.wait(name)
	}
	s.write("new/a/b/f.md", "1")
	s.wait("new/a/b/f.md")
	s.write("new/a/b/f.md", "2")
	s.wait("new/a/b/f.md")
	s.remove("new")
	s.wait("new/a/b/f.md")
}

func TestNoHints(t *testing.T) {
	files := forest(5)
	for _, test := range []struct {
		name   string
		opt    Options
		change func(*Watcher)
		cause  error
		remedy string
	}{
		{"no watch left", Options{Poll: 20 * ms}, func(w *Watcher) {
			n := 0
			w.hints.watch = func(w *fsnotify.Watcher, dir string) error {
				if n++; n > 4 {
					return syscall.ENOSPC
				}
				return w.Add(dir)
			}
		}, syscall.ENOSPC, "fs.inotify.max_user_watches"},
		{"no instance left", Options{Poll: 20 * ms}, func(w *Watcher) {
			w.hints.open = func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE }
		}, syscall.EMFILE, "fs.inotify.max_user_instances"},
		{"no event comes", Options{Safety: 50 * ms}, func(w *Watcher) {
			w.hints.watch = func(*fsnotify.Watcher, string) error { return nil }
		}, nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r told
			test.opt.Report = r.report
			s := watchTree(t, Options{}, files...)
			s.w.Close()
			s.startWith(test.opt, test.change)
			editAll(s, files)
			if test.cause != nil {
				r.once(t, test.cause, test.remedy)
			}
		})
	}
}

// The root comes and goes where nothing can be watched.
func TestNoHintsNoRoot(t *testing.T) {
	s := watchTree(t, Options{}, "a.md")
	s.w.Close()
	s.startWith(Options{Poll: 10 * ms}, func(w *Watcher) {
		w.hints.open = func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE }
	})
	s.rename(".", "../away")
	s.waitMissing(true)
	time.Sleep(30 * ms) // for several looks while it is not there
	s.write("a.md", "another")
	s.wait("a.md")
}

// A failing queue of events is opened anew.
func TestEventError(t *testing.T) {
	var r told
	s := watchTree(t, Options{Report: r.report}, "sub/a.md")
	s.w.hints.fs.Errors <- syscall.EIO
	s.write("sub/a.md", "2")
	s.wait("sub/a.md")
	s.write("sub/a.md", "3")
	s.wait("sub/a.md")
	r.once(t, syscall.EIO, "begins anew")
}
