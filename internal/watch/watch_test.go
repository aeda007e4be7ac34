package watch

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

const patience = 10 * time.Second

// A site is a watched tree in a test.
type site struct {
	*testing.T
	dir string
	w   *Watcher
}

// watchTree makes a tree of the files given, each with its own name in it, and watches it.
// Nothing but hints makes the watcher look, unless opt says otherwise.
func watchTree(t *testing.T, opt Options, files ...string) *site {
	t.Helper()
	t.Parallel() // most of the time is waiting
	s := &site{T: t, dir: filepath.Join(t.TempDir(), "tree")}
	s.mkdir(".")
	for _, name := range files {
		s.write(name, name)
	}
	s.start(opt)
	return s
}

func (s *site) start(opt Options) { s.Helper(); s.startWith(opt, func(*hints) {}) }

// startWith lets change alter the hints before anything is watched.
func (s *site) startWith(opt Options, change func(*hints)) {
	s.Helper()
	if opt.Safety == 0 {
		opt.Safety = time.Hour
	}
	w, err := newWatcher(s.dir, opt)
	s.do(err)
	change(w.hints)
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

// wait receives changes until they have had all of these paths, and no others.
func (s *site) wait(paths ...string) {
	s.Helper()
	left := map[string]bool{}
	for _, p := range paths {
		left[p] = true
	}
	for n := len(left); n > 0; {
		c := s.next()
		if c.Missing {
			s.Fatal("the tree is missing")
		}
		for _, p := range c.Paths {
			first, wanted := left[p]
			if !wanted {
				s.Fatalf("changed: %q, want only %q", c.Paths, paths)
			}
			if first {
				left[p] = false
				n--
			}
		}
	}
}

func TestEdit(t *testing.T) {
	s := watchTree(t, Options{}, "a.md", "sub/b.md")
	s.write("sub/b.md", "more")
	s.wait("sub/b.md")
}
