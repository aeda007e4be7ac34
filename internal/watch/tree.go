package watch

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// A key tells one state of a file from another without reading it. The change time finds an edit of the same size
// whose modification time was put back.
type key struct {
	dev, ino     uint64
	size         int64
	mtime, ctime int64 // nanoseconds since 1970
}

type kind uint8

const (
	regular kind = iota // a regular file, or a link to one
	subdir              // its key has no size
	dirLink             // a link to a folder: its key is the identity of that, and its target its path
)

// An entry is a name in a folder that counts.
type entry struct {
	name   string
	kind   kind
	key    key
	target string // of dirLink
	racy   bool   // so fresh that it may change again and keep its key
	sum    uint64 // of the contents, if it was racy with this key
}

// A folder is what one folder of the tree had when it was last listed. It does not change afterwards.
type folder struct {
	real    string // its path without links
	id      identity
	key     key      // when it was listed
	settled bool     // its key tells whether it has these names
	names   []string // all of them, sorted
	entries []entry  // those that count
	dirs    []place  // the folders in it
	links   []place  // and those that links in it lead to
	steps   []step   // the links in it, and what they lead over
	racy    bool     // an entry is
	polled  string   // why its changes, or those of a link in it, give no hint; empty: they do
}

// A tree is what one scan found. It does not change afterwards.
type tree struct {
	missing bool
	cause   error              // why it is missing
	top     key                // of the root
	back    []string           // folders that were elsewhere since the scan before, and are back
	folders map[string]*folder // by slash-separated path from the root, which is "."
	files   map[string]entry   // Options.Files that exist, by the path to report
	steps   []step             // what the paths of the root and of files lead over
	size    int                // entries
	racy    bool
	polled  bool
	part    bool // a look because of hints, only at what they named
}

func (t *tree) state() state { return state{racy: t.racy, polled: t.polled, part: t.part} }

// at returns the folders in which names in these folders (by their paths without links) count: the folders themselves,
// and those with links that lead there. It is false if one of them is none of these.
func (t *tree) at(reals map[string]bool) (rels map[string]bool, ok bool) {
	rels = map[string]bool{}
	known := map[string]bool{}
	for rel, f := range t.folders {
		known[f.real] = true
		if reals[f.real] {
			rels[rel] = true
		}
		for _, st := range f.steps {
			known[st.dir] = true
			if reals[st.dir] {
				rels[rel] = true
			}
		}
	}
	for real := range reals {
		if !known[real] {
			return nil, false
		}
	}
	return rels, true
}

// changes returns the paths at which t differs from old, sorted.
func (t *tree) changes(old *tree) []string {
	var paths []string
	for rel, f := range t.folders {
		g := old.folders[rel]
		if f == g {
			continue
		}
		var before []entry
		if g != nil {
			before = g.entries
		}
		for name := range differences(before, f.entries) {
			paths = append(paths, path.Join(rel, name))
		}
	}
	if len(t.back) > 0 { // who read in the meantime found nothing there
		for rel, f := range t.folders {
			if t.isBack(rel) {
				for name := range differences(f.entries, nil) {
					paths = append(paths, path.Join(rel, name))
				}
			}
		}
	}
	for rel, g := range old.folders {
		if t.folders[rel] == nil {
			for name := range differences(g.entries, nil) {
				paths = append(paths, path.Join(rel, name))
			}
		}
	}
	for name, e := range t.files {
		if was, ok := old.files[name]; !ok || e.differs(was) {
			paths = append(paths, name)
		}
	}
	for name := range old.files {
		if _, ok := t.files[name]; !ok {
			paths = append(paths, name)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// isBack reports whether a folder is one of t.back, or below one.
func (t *tree) isBack(rel string) bool {
	for rel != "." && !slices.Contains(t.back, rel) {
		rel = path.Dir(rel)
	}
	return slices.Contains(t.back, rel)
}

// moved reports whether a folder that was k was renamed, though it is where it was: that sets its change time alone.
// To change its mode does as well.
func (k key) moved(was key) bool {
	sameFolder := k.dev == was.dev && k.ino == was.ino && k.mtime == was.mtime
	return sameFolder && k.ctime != was.ctime
}

// differences yields the names at which two lists, both sorted by name, differ.
func differences(a, b []entry) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for len(a) > 0 || len(b) > 0 {
			var name string
			var differ bool
			switch order := compare(a, b); {
			case order < 0:
				name, differ = a[0].name, a[0].kind != subdir
				a = a[1:]
			case order > 0:
				name, differ = b[0].name, b[0].kind != subdir
				b = b[1:]
			default:
				name, differ = a[0].name, b[0].differs(a[0])
				a, b = a[1:], b[1:]
			}
			if differ && !yield(name) {
				return
			}
		}
	}
}

// compare says which list has the lesser first name. An empty list comes last.
func compare(a, b []entry) int {
	if len(a) == 0 || len(b) == 0 {
		return cmp.Compare(len(b), len(a))
	}
	return strings.Compare(a[0].name, b[0].name)
}

func (e entry) differs(was entry) bool {
	if e.kind == subdir && was.kind == subdir {
		return false // its entries are compared, at their own paths
	}
	return e.kind != was.kind || e.key != was.key || e.sum != was.sum || e.target != was.target
}
