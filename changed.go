package crieur

import (
	"io/fs"
	"slices"
)

// Changed tells the next Build that of the files of source none is another than
// at the last Build but those at paths: made, changed or removed. It then reads
// no others. They are slash-separated and relative to source; one that is no
// content does no harm. A link to a file is told by its own path where what it
// leads to has changed. This is for a program that watches the files; without
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

// toRead are the places of those files that have to be read: all, if the builder
// was not told which have changed. One below a link to a folder has another name
// too, by which it may be among these.
func (b *Builder) toRead(w *walker, changed map[string]bool) (read []int) {
	if w == b.walked && len(w.links) == 0 {
		for _, i := range b.faulty {
			if b.parsed[i].unread {
				read = append(read, i)
			}
		}
		for name := range changed {
			read = append(read, b.files[name].place) // it is there, says listed
		}
		slices.Sort(read)
		return slices.Compact(read)
	}
	linked := func(name string) bool {
		return slices.ContainsFunc(w.links, func(link string) bool { return under(name, link) })
	}
	for i, name := range w.paths {
		if p := b.files[name]; changed == nil || p == nil || p.unread || changed[name] || linked(name) {
			read = append(read, i)
		}
	}
	return read
}
