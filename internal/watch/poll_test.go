package watch

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
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
