package crieur

import (
	"io/fs"
	"slices"
)

// Changed tells the next Build that of the files of source none is another than
// at the last Build but those at paths: made, changed or removed. It then reads
// no others. They are slash-separated and relative to source; one that is no
// content does no harm. This is for a program that watches the files; without
// it, a Build reads them all.
//
// Changed may be called more than once before a Build. What it says holds for
// one Build, and does nothing before the first.
func (b *Builder) Changed(paths ...string) {
	if b.changed == nil {
		b.changed = map[string]bool{}
	}
	for _, p := range paths {
		b.changed[p] = true
	}
}

// take returns what the builder was told, or nil if it has to look at all
// files.
func (b *Builder) take() map[string]bool {
	changed := b.changed
	b.changed = nil
	if !b.current {
		return nil
	}
	b.current = false // until they are read
	return changed
}

// listed reports whether the files are those of the last build.
func (b *Builder) listed(src fs.FS, changed map[string]bool) bool {
	if changed == nil || len(b.walked.blocked) > 0 {
		return false
	}
	for p := range changed {
		if b.files[p] == nil {
			return false // it is new, or may lead to a folder
		}
		if info, err := fs.Stat(src, p); err != nil || !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}

// unchanged is what the file called name gave the last time, if it need not be
// read again. One below a link to a folder has another name too, by which it
// may be among the changed ones.
func (b *Builder) unchanged(w *walker, name string, changed map[string]bool) *parsed {
	p := b.files[name]
	if changed == nil || changed[name] || p == nil || p.unread || slices.ContainsFunc(w.links, func(link string) bool { return under(name, link) }) {
		return nil
	}
	return p
}
