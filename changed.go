package crieur

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/crieur/crieur/internal/content"
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

// relist has the listing of the last build be that of this one, if the changed files tell of all that is another in it: single
// files that were made, or removed, of which it returns what they gave.
func (b *Builder) relist(src fs.FS, cfg *settings, changed map[string]bool) (removed []*parsed, ok bool) {
	if changed == nil || len(b.walked.blocked) > 0 {
		return nil, false
	}
	var made, gone []string
	for p := range changed {
		info, err := fs.Stat(src, p)
		there := err == nil && info.Mode().IsRegular()
		if !there && !(err != nil && missing(src, p)) {
			return nil, false
		}
		switch known := b.files[p] != nil; {
		case known && !there:
			gone = append(gone, p)
		case known:
		case !b.walked.plain(p):
			return nil, false
		case there && content.Wanted(p) && !cfg.ignored(p) && !cfg.passedOver(p):
			made = append(made, p)
		}
	}
	if n := len(made) + len(gone); n > fewEdits || n > 0 && len(b.walked.links) > 0 {
		return nil, false // they may have other names, too
	}
	for _, p := range gone {
		removed = append(removed, b.unlist(p))
	}
	for _, p := range made {
		b.enlist(p)
	}
	return removed, true
}

// missing reports whether there is nothing at p, not even a link that leads nowhere.
func missing(src fs.FS, p string) bool {
	_, ok := src.(fs.ReadLinkFS)
	_, err := fs.Lstat(src, p)
	return ok && errors.Is(err, fs.ErrNotExist)
}

// plain reports whether a file at p, where there was none, would be listed by its name alone.
func (w *walker) plain(p string) bool {
	return w.listed[path.Dir(p)] && !strings.HasPrefix(path.Base(p), ".") && utf8.ValidString(p) &&
		!w.listed[p] && !slices.ContainsFunc(w.faults, func(f Fault) bool { return f.Pos.Filename == p })
}

// enlist lists a file that was made, which is to be read, and unlist leaves out one that was removed.
func (b *Builder) enlist(p string) {
	at, _ := slices.BinarySearch(b.walked.paths, p)
	b.walked.paths, b.parsed = slices.Insert(b.walked.paths, at, p), slices.Insert(b.parsed, at, nil)
	for i := range b.faulty {
		if b.faulty[i] >= at {
			b.faulty[i]++
		}
	}
}

func (b *Builder) unlist(p string) *parsed {
	was := b.files[p]
	at, _ := slices.BinarySearch(b.walked.paths, p)
	b.walked.paths, b.parsed = slices.Delete(b.walked.paths, at, at+1), slices.Delete(b.parsed, at, at+1)
	delete(b.files, p)
	b.faulty = slices.DeleteFunc(b.faulty, func(i int) bool { return i == at })
	for i := range b.faulty {
		if b.faulty[i] > at {
			b.faulty[i]--
		}
	}
	return was
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
			if at, ok := slices.BinarySearch(w.paths, name); ok {
				read = append(read, at)
			}
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
