package watch

import (
	"maps"
	"syscall"
	"testing"

	"github.com/fsnotify/fsnotify"
)

func TestStats(t *testing.T) {
	s := watchTree(t, Options{}, "a.md", "sub/b.md", "../conf.yaml")
	s.link("sub", "link")
	s.wait("link")
	got := s.w.Stats()
	if got.Files != 3 || got.Folders != 2 || got.Missing || len(got.Polled) > 0 {
		t.Errorf("got %+v, want three files in two folders, none of them polled", got)
	}
	if got.Watches != 3 { // and that of the folder in which the tree is
		t.Errorf("got %d watches, want 3", got.Watches)
	}
	if got.Hints == 0 || got.Overflows+got.Failures > 0 {
		t.Errorf("got %+v, want hints and no trouble", got)
	}
	if got.Looks[Start] != 1 || got.Looks[Hint] == 0 || got.Looks[Safety] > 0 || got.Last.IsZero() || got.Took <= 0 {
		t.Errorf("got %+v, want the look at the start and that of the hint", got)
	}
	got.Looks[Start] = 7
	if s.w.Stats().Looks[Start] != 1 {
		t.Error("what was returned is not a copy")
	}
	s.w.hints.fs.Errors <- fsnotify.ErrEventOverflow
	s.remove(".")
	s.waitMissing(true, "a.md", "sub/b.md", "link")
	if got := s.w.Stats(); !got.Missing || got.Overflows != 1 {
		t.Errorf("got %+v, want that the tree is missing and that there was an overflow", got)
	}
}

func TestStatsPolled(t *testing.T) {
	s := watchTree(t, Options{}, "a.md", "1/b.md", "2/c.md")
	s.w.Close()
	for _, test := range []struct {
		name   string
		change func(*Watcher)
		want   map[string]int
	}{
		{"watches", func(w *Watcher) {
			w.hints.watch = func(w *fsnotify.Watcher, dir string) error {
				if dir == s.path("2") {
					return syscall.ENOSPC
				}
				return w.Add(dir)
			}
		}, map[string]int{"watches": 1}},
		{"instances", func(w *Watcher) {
			w.hints.open = func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE }
		}, map[string]int{"instances": 3}},
	} {
		s.startWith(Options{Poll: 5 * ms}, test.change)
		s.write("2/c.md", test.name)
		s.wait("2/c.md")
		got := s.w.Stats()
		if !maps.Equal(got.Polled, test.want) || got.Failures == 0 {
			t.Errorf("%s: got %+v, want polled %v and failures", test.name, got, test.want)
		}
		if got.Looks[Poll] == 0 {
			t.Errorf("%s: got %+v, want looks to poll", test.name, got)
		}
		s.w.Close()
	}
}
