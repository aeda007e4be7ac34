package crieur

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/content"
)

// match finds the entry of each record: the published life it goes on with.
//
// A record's own uid decides. Else what is live comes before what was
// withdrawn, and what is certain before what is likely: the same bytes at the
// same place; the same subject at the same place; the same form at the same
// place, of rows that are alike in the order of their lines; then, for files
// that have a new name, the same bytes elsewhere, the same in a second place
// (doubles.go), and the same subject elsewhere, where just one record and one
// entry are alike; and last the place alone, which is an
// edit of title and time.
func (r *reconcile) match() {
	r.standBy()
	r.uids()
	for _, live := range []bool{true, false} {
		r.unmoved(live)
		pairs(r, live, func(f *found) [2]string { return [2]string{f.Path, subject(f.Record)} },
			func(e *entry) [2]string { return [2]string{e.Path, e.Subject} })
		r.alike(live)
		if live {
			r.originals()
		}
		pairs(r, live, func(f *found) spot { return spot{f.Kind.String(), f.source, f.Line} },
			func(e *entry) spot { return spot{e.Kind.String(), e.Source, e.Line} })
		if live {
			r.likenesses()
		}
		pairs(r, live, func(f *found) string { return subject(f.Record) },
			func(e *entry) string { return e.Subject })
		if live {
			r.heirs()
			r.turn(false)
		}
		r.places(live)
	}
}

// subject says what a record is about: its kind, its title and, for an event,
// its start.
func subject(c *content.Record) string {
	if c.Kind == content.Event {
		return fmt.Sprint("event ", c.When.Start.Unix(), " ", c.Title)
	}
	return "article " + c.Title
}

func (r *reconcile) pair(f *found, e *entry) {
	if !sameSide(f, e) {
		return
	}
	f.entry = e
	r.taken[e.ID] = true
}

// free are the entries, live or withdrawn, that no record has yet.
func (r *reconcile) free(live bool) []*entry {
	left := &r.withdrawn
	if live {
		left = &r.live
	}
	*left = slices.DeleteFunc(*left, func(e *entry) bool { return r.taken[e.ID] || r.turned[e.ID] })
	return *left
}

// A spot is where a record stands: in a file, or of a kind, in a file of some bytes.
type spot struct {
	in, source string
	line       int
}

// pairs gives records the entries with the same key, where the key is that of
// one record and one entry only. Nothing withdrawn comes back as another kind.
func pairs[K comparable](r *reconcile, live bool, key func(*found) K, keyOfEntry func(*entry) K) {
	free := r.free(live)
	if len(free) == 0 || !slices.ContainsFunc(r.tree.records, func(f *found) bool { return f.entry == nil }) {
		return
	}
	type side struct {
		key     K
		private bool
	}
	entries := make(map[side]*entry, len(free))
	for _, e := range free {
		k := side{keyOfEntry(e), e.Private}
		if _, twice := entries[k]; twice {
			e = nil
		}
		entries[k] = e
	}
	records := make(map[side]*found, len(r.tree.records))
	for _, f := range r.tree.records {
		if f.entry == nil {
			k := side{key(f), f.private}
			if _, twice := records[k]; twice {
				f = nil
			}
			records[k] = f
		}
	}
	for k, f := range records {
		if e := entries[k]; f != nil && e != nil && (live || e.Kind == f.Kind) {
			r.pair(f, e)
		}
	}
}

// unmoved pairs, as pairs does, what has the same bytes at the same place. It is
// most of all, and both are in the order of their places.
func (r *reconcile) unmoved(live bool) {
	free := r.free(live)
	records := r.tree.records
	for len(free) > 0 && len(records) > 0 {
		e, f := free[0], records[0]
		if c := cmp.Or(strings.Compare(e.Path, f.Path), cmp.Compare(e.Line, f.Line)); c < 0 {
			free = free[1:]
			continue
		} else if c > 0 {
			records = records[1:]
			continue
		}
		n, m := 1, 1
		for n < len(free) && free[n].Path == e.Path && free[n].Line == e.Line {
			n++
		}
		for m < len(records) && records[m].Path == f.Path && records[m].Line == f.Line {
			m++
		}
		e = only(free[:n], func(e *entry) bool { return e.Source == f.source && sameSide(f, e) })
		if e != nil && m == 1 && f.entry == nil && (live || e.Kind == f.Kind) {
			r.pair(f, e)
		}
		free, records = free[n:], records[m:]
	}
}

// alike pairs the records of one file that say the same with the entries that
// do, in the order of their lines: a table may have the same row twice.
func (r *reconcile) alike(live bool) {
	free := r.free(live)
	if len(free) == 0 {
		return
	}
	entries := map[string][]*entry{}
	for _, e := range free {
		k := fmt.Sprint(e.Private, e.Path, "\n", e.Seen)
		entries[k] = append(entries[k], e)
	}
	for _, f := range r.tree.records {
		if f.entry != nil {
			continue
		}
		k := fmt.Sprint(f.private, f.Path, "\n", f.seen)
		if es := entries[k]; len(es) > 0 && (live || es[0].Kind == f.Kind) {
			r.pair(f, es[0])
			entries[k] = es[1:]
		}
	}
}

// uids pairs by the uid that records have themselves. Of two records with one
// uid, the one it was published from has it, else the first by path; the other
// is left out, as an error unless it is the same.
func (r *reconcile) uids() {
	if !slices.ContainsFunc(r.tree.records, func(f *found) bool { return f.UID != "" }) {
		return
	}
	type side struct {
		uid     string
		private bool
	}
	known := map[side]*entry{}
	for _, e := range r.candidates {
		known[side{e.ID, e.Private}] = e
	}
	for _, e := range r.candidates {
		if e.Declared == "" {
			continue
		}
		k := side{e.Declared, e.Private}
		if o := known[k]; o == nil || o.Declared != e.Declared || e.live() && !o.live() {
			known[k] = e
		}
	}
	r.tree.records = slices.DeleteFunc(r.tree.records, r.ours)
	owner := map[side]*found{}
	for _, f := range r.tree.records {
		k := side{f.UID, f.private}
		if first, e := owner[k], known[k]; f.UID != "" && (first == nil || e != nil && e.Path == f.Path && first.Path != f.Path) {
			owner[k] = f
		}
	}
	records := r.tree.records[:0]
	for _, f := range r.tree.records {
		k := side{f.UID, f.private}
		o := owner[k]
		if f.UID != "" && o != f && o.like.same(&f.like) {
			records = append(records, f)
			continue
		}
		if f.UID != "" && o != f {
			r.faults = append(r.faults, Fault{Pos: f.pos(), Rule: "duplicate-uid", Err: fmt.Errorf(
				"uid %q is already that of %s; this one is left out, give it another uid", f.UID, o.pos())})
			r.tree.spoilt[f.Path] = true
			continue
		}
		if e := known[k]; f.UID != "" && e != nil && !r.taken[e.ID] && (e.live() || e.Kind == f.Kind) && (f.private || !r.changedUID(e)) {
			r.pair(f, e)
		}
		records = append(records, f)
	}
	r.tree.records = records
}

// ours reports whether a record of a calendar file is an event that crieur
// gave its identity to and publishes from another file: somebody downloaded it.
func (r *reconcile) ours(f *found) bool {
	e := r.next.entries.get(f.UID)
	if f.UID == "" || !isCalendar(f.Path) || e == nil || e.Declared != "" || e.Path == f.Path || !r.tree.present(e.Path) {
		return false
	}
	r.faults = append(r.faults, Fault{Pos: f.pos(), Severity: Warning, Rule: "output", Err: fmt.Errorf(
		"uid %q is that of the event which is published from %s; it is not read from this calendar", f.UID, e.Path)})
	return true
}

// changedUID reports whether an entry that is known by a uid stands where a
// record with another uid is now: its uid was edited, and it keeps what it was
// published with.
func (r *reconcile) changedUID(e *entry) bool {
	for _, f := range r.tree.at(e.Path) {
		if f.UID != "" && f.UID != e.ID && f.UID == e.Declared {
			return true
		}
	}
	return false
}

// places pairs what is left by file alone. In a file of many records the title
// or the start tells which is which; and the line, where their number is what
// it was and none is faulty.
func (r *reconcile) places(live bool) {
	type side struct {
		path    string
		private bool
	}
	entries := map[side][]*entry{}
	for _, e := range r.free(live) {
		if e.Record != nil { // one that is long gone comes back as itself, or not at all
			k := side{e.Path, e.Private}
			entries[k] = append(entries[k], e)
		}
	}
	for k, es := range entries {
		p := k.path
		all := slices.DeleteFunc(slices.Clone(r.tree.at(p)), func(f *found) bool { return f.private != k.private })
		var records []*found
		for _, f := range all {
			if f.entry == nil && (live || f.Kind == es[0].Kind) {
				records = append(records, f)
			}
		}
		if len(all) == 1 && len(records) == 1 && len(es) == 1 {
			r.pair(records[0], es[0])
			continue
		}
		if !live {
			continue
		}
		for _, same := range []func(f *found, e *entry) bool{
			func(f *found, e *entry) bool { return f.Title == e.Record.Title },
			func(f *found, e *entry) bool { return f.When.Start.Equal(e.Record.When.Start) },
			func(f *found, e *entry) bool { return f.Line == e.Line && len(records) == len(es) && !r.tree.failed(p) },
		} {
			for _, f := range records {
				fit := func(e *entry) bool { return !r.taken[e.ID] && f.Kind == e.Kind && same(f, e) }
				if e := only(es, fit); f.entry == nil && e != nil && only(records, func(o *found) bool { return o.entry == nil && same(o, e) }) == f {
					r.pair(f, e)
				}
			}
		}
	}
}

// only returns the one element of list that fits, or nil if none or several do.
func only[E any](list []*E, fit func(*E) bool) (one *E) {
	for _, e := range list {
		if fit(e) {
			if one != nil {
				return nil
			}
			one = e
		}
	}
	return one
}

// name is the path of a record; the second and later ones of a file have their
// line with it. That of a session is of its event, and its line.
func (f *found) name() string {
	switch {
	case f.parent != nil:
		return fmt.Sprintf("%s\n%d", f.event(), f.Line)
	case f.Line > 1:
		return fmt.Sprintf("%s\n%d", f.Path, f.Line)
	}
	return f.Path
}

// slug gives a record the name of its files. A session has none, nor has what is
// private.
func (r *reconcile) slug(f *found, id string) string {
	if f.parent != nil || f.private {
		return ""
	}
	if r.given == nil {
		r.given = map[string]bool{}
		for _, e := range r.next.entries.all() {
			r.given[slugSpace(e.Kind)+e.Slug] = true
		}
	}
	s := uniqueSlug(slug(f.Title, r.cfg.words.Tag), id, func(s string) bool { return r.given[slugSpace(f.Kind)+s] })
	r.given[slugSpace(f.Kind)+s] = true
	return s
}

func slugSpace(kind content.Kind) string { return kind.String() + "/" }

// under reports whether the slash-separated path p is dir or below it.
func under(p, dir string) bool {
	return dir == "" || dir == "." || p == dir || strings.HasPrefix(p, dir+"/")
}
