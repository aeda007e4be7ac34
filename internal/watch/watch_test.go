package watch

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

const patience = 30 * time.Second

// A site is a watched tree in a test.
type site struct {
	*testing.T
	dir      string
	w        *Watcher
	expected map[string]bool // paths that may be said to have changed
}

// watchTree makes a tree of the files given, each with its own name in it, and watches it.
// Nothing but hints makes the watcher look, unless opt says otherwise.
func watchTree(t *testing.T, opt Options, files ...string) *site {
	t.Helper()
	t.Parallel() // most of the time is waiting
	s := &site{T: t, dir: filepath.Join(t.TempDir(), "tree"), expected: map[string]bool{}}
	s.mkdir(".")
	for _, name := range files {
		s.write(name, name)
	}
	s.start(opt)
	return s
}

func (s *site) start(opt Options) { s.Helper(); s.startWith(opt, func(*Watcher) {}) }

// startWith lets change alter the hints before anything is watched.
func (s *site) startWith(opt Options, change func(*Watcher)) {
	s.Helper()
	if opt.Safety == 0 {
		opt.Safety = time.Hour
	}
	w, err := newWatcher(s.dir, opt)
	s.do(err)
	change(w)
	s.do(w.start(opt))
	s.Cleanup(func() { w.Close() })
	s.w = w
}

func (s *site) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

func (s *site) do(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *site) mkdir(name string) { s.Helper(); s.do(os.MkdirAll(s.path(name), 0o755)) }

func (s *site) write(name, text string) {
	s.Helper()
	s.mkdir(filepath.Dir(name))
	s.do(os.WriteFile(s.path(name), []byte(text), 0o644))
}

func (s *site) rename(from, to string)   { s.Helper(); s.do(os.Rename(s.path(from), s.path(to))) }
func (s *site) remove(name string)       { s.Helper(); s.do(os.RemoveAll(s.path(name))) }
func (s *site) link(target, name string) { s.Helper(); s.do(os.Symlink(target, s.path(name))) }

// next returns the next change.
func (s *site) next() Change {
	s.Helper()
	select {
	case c := <-s.w.C():
		return c
	case <-time.After(patience):
		s.Fatalf("no change came within %v", patience)
		panic("not reached")
	}
}

// expect says that paths may change from now on. On a busy machine one write can be seen as two, and be said to have
// changed again when another change is waited for.
func (s *site) expect(paths ...string) {
	for _, p := range paths {
		s.expected[p] = true
	}
}

// wait receives changes until they have had all of these paths. Those that were never expected are errors.
func (s *site) wait(paths ...string) {
	s.Helper()
	s.expect(paths...)
	left := map[string]bool{}
	for _, p := range paths {
		left[p] = true
	}
	for len(left) > 0 {
		for _, p := range s.next().Paths {
			if !s.expected[p] {
				s.Fatalf("%s has changed, want only %q", p, paths)
			}
			delete(left, p)
		}
	}
}

// waitMissing receives changes until one says whether the tree is missing. Only paths may be in them, or in none.
func (s *site) waitMissing(missing bool, paths ...string) {
	s.Helper()
	for {
		c := s.next()
		for _, p := range c.Paths {
			if !slices.Contains(paths, p) {
				s.Fatalf("%s has changed, want only %q", p, paths)
			}
		}
		if c.Missing == missing {
			return
		}
	}
}

func TestEdit(t *testing.T) {
	s := watchTree(t, Options{}, "a.md", "sub/b.md")
	s.write("sub/b.md", "more")
	s.wait("sub/b.md")
}
