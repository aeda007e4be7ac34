package crieur

import (
	"crypto/sha256"
	"slices"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// A settled is what was reconciled so that it would come out the same again. As
// long as nothing falls due, an edit that leaves a record what and where it is
// concerns that record alone, and so does a new file that has nothing in common with another.
type settled struct {
	history   *History // that came of it
	now       time.Time
	due       dueTime
	faults    []Fault
	alike     alike           // what is published
	copies    alike           // what is left out because it is the same
	withdrawn []*entry        // but for sessions
	given     map[string]bool // slugs; nil: not looked at yet
	loose     bool            // a record or an identity that is live has none of the other kind, or not for sure
	lone      bool            // an identity has none, or not for sure
}

// A reread is a file that is not what it was: one that was made was nil, and one that was removed is.
type reread struct{ was, is *parsed }

func (f reread) inPlace() bool { return f.was != nil && f.is != nil }

// settled is what r leaves to the next build, or nil if that has to look at all again.
func (r *reconcile) settled() *settled {
	if r.unsettled || r.parted || r.latest.After(r.now) {
		return nil
	}
	s := &settled{now: r.now, due: r.due, faults: r.faults, alike: r.published, copies: r.copies, withdrawn: r.withdrawn, given: r.given, loose: r.loose, lone: r.lone}
	if r.edited != nil {
		return s
	}
	if r.added && slices.ContainsFunc(r.faults, func(f Fault) bool { return f.Rule == "double" }) {
		return nil // what was published before comes first
	}
	s.withdrawn = nil
	for _, e := range r.candidates {
		if !e.live() {
			s.withdrawn = append(s.withdrawn, e)
		} else if !r.taken[e.ID] {
			if s.loose, s.lone = true, true; e.Copies != "" {
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
	var records, before []*found
	for _, edit := range r.tree.edits {
		if !edit.single() {
			return false
		}
		is := &edit.is.records[0]
		if edit.was == nil {
			if !r.nothingBefore(s, is) {
				return false
			}
		} else if was := &edit.was.records[0]; r.inItsPlace(s, was, is) {
			before = append(before, was)
		} else {
			return false
		}
		records = append(records, is)
	}
	if s.copies.common(before) || s.copies.common(records) || !s.alike.replace(before, records) {
		return false
	}
	r.due, r.faults, r.published, r.copies, r.loose, r.lone = s.due, slices.Clone(s.faults), s.alike, s.copies, s.loose, s.lone
	r.taken, r.withdrawn, r.given = map[string]bool{}, s.withdrawn, s.given
	r.edited = make([]*entry, 0, len(before))
	for _, edit := range r.tree.edits {
		f := &edit.is.records[0]
		f.build = build{shown: true}
		if edit.was == nil {
			f.file = edit.is.modified
		} else {
			f.entry = r.next.entries.get(edit.was.records[0].entry.ID)
			r.edited = append(r.edited, f.entry)
		}
		if r.publish(f); edit.was == nil {
			r.new = append(r.new, f.entry)
		}
	}
	r.tree.records = records
	return true
}

// single reports whether the file has one record, and had one, if it was there.
func (f reread) single() bool {
	one := func(p *parsed) bool { return p != nil && len(p.records) == 1 && !p.failed && !p.unread }
	return one(f.is) && (f.was == nil || one(f.was))
}

// inItsPlace reports whether a record goes on with the identity of the one
// before it in its file, which no other can have, and is published as that was.
func (r *reconcile) inItsPlace(s *settled, was, is *found) bool {
	if !was.shown || was.entry == nil {
		return false
	}
	if was.UID != is.UID || !r.atOnce(was) || !r.atOnce(is) {
		return false
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

// atOnce reports whether a record is to be seen, now and for good, and is one alone.
func (r *reconcile) atOnce(f *found) bool {
	return !f.Programme && !f.Draft && !f.Broken && f.NotBefore.IsZero() && f.NotAfter.IsZero() &&
		!(f.Kind == content.Article && f.Published.After(r.now))
}

// nothingBefore reports whether a record of a new file goes on with no identity that there is.
func (r *reconcile) nothingBefore(s *settled, f *found) bool {
	if s.lone || f.UID != "" || !r.atOnce(f) {
		return false
	}
	subject := subject(f.Record)
	return !slices.ContainsFunc(s.withdrawn, func(e *entry) bool {
		return e.Path == f.Path || e.Source == f.source || e.Subject == subject
	}) && !slices.ContainsFunc(s.faults, func(o Fault) bool { return o.Pos.Filename == f.Path })
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
