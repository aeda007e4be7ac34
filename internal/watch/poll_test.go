package watch

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

func TestPoller(t *testing.T) {
	tree := &tree{folders: map[string]*folder{"watched": {entries: make([]entry, 50)}}}
	for i := range 100 {
		tree.folders[fmt.Sprint(i)] = &folder{real: fmt.Sprint(i), polled: "NFS", entries: make([]entry, i)}
	}
	var p poller
	last := map[string]int{} // when it was looked at
	for look := range 5 * pollParts {
		work := 0
		for rel := range p.next(tree) {
			if look-last[rel] > pollParts {
				t.Errorf("%s is looked at after %d looks", rel, look-last[rel])
			}
			last[rel] = look
			work += weight(tree.folders[rel])
		}
		if even := p.total / pollParts; work > even+100 {
			t.Errorf("look %d is at %d names, want about %d", look, work, even)
		}
	}
	if _, ok := last["watched"]; ok || len(last) != 100 {
		t.Errorf("%d folders were looked at, want the 100 that are polled", len(last))
	}
}

func TestPollerHot(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "a.md"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("1")
	tree := &tree{folders: map[string]*folder{"hot": {real: dir, polled: "NFS", entries: make([]entry, 1)}}}
	for i := range 1000 {
		tree.folders[fmt.Sprint("cold", i)] = &folder{polled: "NFS"}
	}
	var p poller
	due := func() bool { return p.next(tree)["hot"] }
	for !due() {
	}
	p.changed(tree, []string{"hot/a.md", "gone/b.md"})
	if due() {
		t.Error("looked at though nothing has changed")
	}
	write("22")
	if !due() || due() {
		t.Error("a changed file is not looked at once")
	}
	if err := os.Remove(filepath.Join(dir, "a.md")); err != nil {
		t.Fatal(err)
	}
	if !due() || due() {
		t.Error("a removed file is not looked at once")
	}
	for i := range 100 {
		p.heat("hot", fmt.Sprint(i))
	}
	if len(p.hot) != hotSpots {
		t.Errorf("%d spots are hot, want %d", len(p.hot), hotSpots)
	}
}

// The names in a folder that has long been as it is are not listed again, but when everything is looked at; whatever is
// done to them is seen all the same.
func TestNamesAtRest(t *testing.T) {
	s := &site{T: t, dir: filepath.Join(t.TempDir(), "tree")}
	for _, name := range []string{"at rest/a.md", "at rest/b.md", "other/c.md"} {
		s.write(name, "text")
	}
	s.do(os.Symlink("../other/d.md", s.path("at rest/d.md"))) // which is not there yet
	w, err := newWatcher(s.dir, Options{})
	s.do(err)
	w.hints.open = func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE }
	w.scanner.settled = 10 * ms
	names := func(tree *tree) (names []string) {
		for _, e := range tree.folders["at rest"].entries {
			names = append(names, e.name)
		}
		return names
	}
	var now *tree
	rest := func() {
		time.Sleep(2 * racyAge)
		now = w.scanner.scan(now, Safety)
	}
	poll := func() {
		for range pollParts {
			now = w.scanner.scan(now, Poll)
		}
	}
	rest()
	for range 2 {
		s.write("at rest/draft.md~", "text") // which does not count, but is a change of the folder
		time.Sleep(2 * racyAge)
		poll()
	}
	poll()
	known := now.folders["at rest"]
	if poll(); now.folders["at rest"] != known || !known.settled {
		t.Errorf("settled %t, and made again %t", known.settled, now.folders["at rest"] != known)
	}
	all := known.names
	known.names = all[1:] // as if there were no a.md
	w.scanner.settled = time.Hour
	known.settled = false
	if poll(); !slices.Equal(names(now), []string{"a.md", "b.md"}) || now.folders["at rest"].settled {
		t.Errorf("%q are found in what has not rested", names(now))
	}
	w.scanner.settled = 10 * ms
	if poll(); !now.folders["at rest"].settled {
		t.Error("it never rests")
	}
	now.folders["at rest"].names = all[1:]
	if poll(); !slices.Equal(names(now), []string{"b.md"}) {
		t.Errorf("%q are found, and were listed", names(now))
	}
	if rest(); !slices.Equal(names(now), []string{"a.md", "b.md"}) {
		t.Errorf("%q are found by a look at everything", names(now))
	}
	for _, step := range []struct {
		what string
		do   func()
		want []string
	}{
		{"an edit", func() { s.write("at rest/a.md", "longer text") }, []string{"a.md", "b.md"}},
		{"a new file", func() { s.write("at rest/e.md", "text") }, []string{"a.md", "b.md", "e.md"}},
		{"a removal", func() { s.remove("at rest/e.md") }, []string{"a.md", "b.md"}},
		{"what a link leads to", func() { s.write("other/d.md", "text") }, []string{"a.md", "b.md", "d.md"}},
		{"that it leads nowhere", func() { s.remove("other/d.md") }, []string{"a.md", "b.md"}},
		{"another name", func() { s.rename("at rest/b.md", "at rest/B.md") }, []string{"B.md", "a.md"}},
		{"another folder", func() { s.rename("at rest", "away"); s.rename("other", "at rest") }, []string{"c.md"}},
	} {
		rest()
		before := now
		step.do()
		if poll(); !slices.Equal(names(now), step.want) || len(now.changes(before)) == 0 {
			t.Errorf("%s: found %q, want %q; changed: %q", step.what, names(now), step.want, now.changes(before))
		}
	}
}

// What has changed so lately that the next change may leave the same times is listed.
func TestSettled(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for ago, want := range map[time.Duration]bool{time.Hour: true, settledAge + 1: true, settledAge: false, 0: false, -time.Hour: false} {
		if got := (key{ctime: now.Add(-ago).UnixNano()}).settled(now, settledAge); got != want {
			t.Errorf("changed %v ago: settled %t", ago, got)
		}
	}
	if (key{mtime: 1}).settled(now, settledAge) {
		t.Error("settled where there is no change time")
	}
}
