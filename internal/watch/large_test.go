package watch

import (
	"slices"
	"testing"
	"time"
)

// In a large tree only the folders that hints name are looked at, those with links that lead there, and new ones.
func TestLarge(t *testing.T) {
	for _, test := range []struct {
		name   string
		hint   string // the folder that is named
		change func(s *site)
		part   bool
		stale  bool // everything is watched anew
		want   []string
	}{
		{"a folder", "a", func(s *site) {}, true, false, []string{"a/1.md", "a/link.md"}},
		{"a folder to which links lead", "b", func(s *site) {}, true, false, []string{"a/1.md", "a/link.md", "b/2.md"}},
		{"a new folder", "c", func(s *site) { s.write("c/new/deep/3.md", "1") }, true, false, []string{"c/3.md", "c/new/deep/3.md"}},
		{"a folder that is gone", ".", func(s *site) { s.remove("c") }, true, true, []string{"c/3.md"}},
		{"an unknown folder", "other", func(s *site) {}, false, false, []string{"a/1.md", "a/link.md", "b/2.md", "c/3.md"}},
		{"the root", "..", func(s *site) {}, false, false, []string{"a/1.md", "a/link.md", "b/2.md", "c/3.md"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := watchTree(t, Options{}, "a/1.md", "b/2.md", "c/3.md")
			s.link("../b/2.md", "a/link.md")
			s.w.Close()
			look := s.w.scanner
			look.large = 0
			defer look.hints.close()
			time.Sleep(2 * racyAge) // or all are looked at again for that
			before := look.scan(nil, Start)
			for _, name := range []string{"a/1.md", "b/2.md", "c/3.md"} { // all have changed
				s.write(name, "changed")
			}
			test.change(s)
			look.hints.named.take()
			look.hints.stale.Store(false)
			look.hints.named.add(s.path(test.hint))
			after := look.scan(before, Hint)
			if got := after.changes(before); !slices.Equal(got, test.want) || after.part != test.part || look.hints.stale.Load() != test.stale {
				t.Errorf("changed %q, part %v, stale %v; want %q, %v, %v", got, after.part, look.hints.stale.Load(), test.want, test.part, test.stale)
			}
		})
	}
}
