package crieur

import (
	"crypto/sha256"
	"slices"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// A settled is what was reconciled so that it would come out the same again. As
// long as nothing falls due, an edit that leaves a record what and where it is
// concerns that record alone.
type settled struct {
	history *History // that came of it
	now     time.Time
	due     dueTime
	faults  []Fault
	alike   alike // what is published
	copies  alike // what is left out because it is the same
	loose   bool  // a record or an identity that is live has none of the other kind, or not for sure
}

// A reread is a file that is not what it was.
type reread struct{ was, is *parsed }

// settled is what r leaves to the next build, or nil if that has to look at all again.
func (r *reconcile) settled() *settled {
	if r.unsettled || r.parted || r.latest.After(r.now) {
		return nil
	}
	if r.added && slices.ContainsFunc(r.faults, func(f Fault) bool { return f.Rule == "double" }) {
		return nil // what was published before comes first
	}
	s := &settled{now: r.now, due: r.due, faults: r.faults, alike: r.published, copies: r.copies, loose: r.loose}
	if r.edited != nil {
		return s
	}
	for _, e := range r.candidates {
		if e.live() && !r.taken[e.ID] {
			if s.loose = true; e.Copies != "" {
				return nil // which stand by as long as its file is faulty
			}
		}
	}
	s.loose = s.loose || slices.ContainsFunc(r.tree.all, func(f *found) bool { return f.entry == nil })
	return s
}

// again does what run does, where the history is the one that came of s, and
// what was edited since stays what and where it is. Else it returns false, and
// has done nothing.
func (r *reconcile) again(s *settled, history *History) bool {
	if s == nil || s.history != history || !r.tree.told || len(r.tree.edits) > fewEdits ||
		r.now.Before(s.now) || !s.due.IsZero() && !r.now.Before(s.due.Time) {
		return false
	}
	records := make([]*found, len(r.tree.edits))
	before := make([]*found, len(r.tree.edits))
	for i, edit := range r.tree.edits {
		if !edit.single() {
			return false
		}
		was, is := &edit.was.records[0], &edit.is.records[0]
		if !r.inItsPlace(s, was, is) {
			return false
		}
		before[i], records[i] = was, is
	}
	if s.copies.common(before) || s.copies.common(records) || !s.alike.replace(before, records) {
		return false
	}
	r.due, r.faults, r.published, r.copies, r.loose = s.due, slices.Clone(s.faults), s.alike, s.copies, s.loose
	r.edited = make([]*entry, len(records))
	for i, f := range records {
		f.build = build{shown: true, entry: r.next.entries.get(before[i].entry.ID)}
		r.edited[i] = f.entry
		r.publish(f)
	}
	r.tree.records = records
	return true
}

// single reports whether the file had one record and has one.
func (f reread) single() bool {
	for _, p := range []*parsed{f.was, f.is} {
		if len(p.records) != 1 || p.failed || p.unread {
			return false
		}
	}
	return true
}

// inItsPlace reports whether a record goes on with the identity of the one
// before it in its file, which no other can have, and is published as that was.
func (r *reconcile) inItsPlace(s *settled, was, is *found) bool {
	if !was.shown || was.entry == nil {
		return false
	}
	for _, f := range []*found{was, is} {
		if f.UID != was.UID || f.Programme || f.Draft || f.Broken || !f.NotBefore.IsZero() || !f.NotAfter.IsZero() {
			return false
		}
	}
	if is.Kind == content.Article && is.Published.After(r.now) {
		return false // it is to come
	}
	e := r.next.entries.get(was.entry.ID)
	if e == nil || !e.live() || e.Kind != is.Kind || e.Path != is.Path || e.Line != is.Line || e.Declared != is.UID || e.Copies != "" {
		return false
	}
	if e.Subject != subject(is.Record) && (s.loose || len(r.tree.edits) > 1) {
		return false // another may say now what this said
	}
	return !slices.ContainsFunc(s.faults, func(f Fault) bool {
		return f.Pos.Filename == is.Path || f.Rule == "duplicate-uid" && is.UID != ""
	})
}

// common reports whether any of records has something in common with these.
func (a alike) common(records []*found) bool {
	return len(a) > 0 && slices.ContainsFunc(records, func(f *found) bool {
		return slices.ContainsFunc(f.like.keys(), func(key [sha256.Size]byte) bool { return a[key].first != nil })
	})
}

// replace takes records out and puts others in their place, unless one of these, or
// of those, has anything in common with another.
func (a alike) replace(before, records []*found) bool {
	for _, f := range before {
		for _, key := range f.like.keys() {
			if c := a[key]; c.first != f || len(c.more) > 0 {
				return false
			}
		}
	}
	for i, f := range records {
		for _, key := range f.like.keys() {
			if c := a[key]; c.first != nil && !slices.Contains(before, c.first) {
				return false
			}
			if slices.ContainsFunc(records[:i], func(o *found) bool { return slices.Contains(o.like.keys(), key) }) {
				return false
			}
		}
	}
	for _, f := range before {
		for _, key := range f.like.keys() {
			delete(a, key)
		}
	}
	for _, f := range records {
		a.add(f)
	}
	return true
}
