package crieur

import (
	"crypto/sha256"
	"slices"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// A settled is what was reconciled so that it would come out the same again. As
// long as nothing falls due, an edit that leaves a record what and where it is
// concerns that record alone, and so does a file that is new, or removed, and has
// nothing in common with another.
type settled struct {
	history    *History // that came of it
	now        time.Time
	due        dueTime
	faults     []Fault
	alike      alike           // what is published
	copies     alike           // what is left out because it is the same
	unattached []*found        // records that have no identity that is live, or not for sure
	lone       bool            // an identity that is live has no record, or not for sure
	withdrawn  []*entry        // but for sessions
	given      map[string]bool // slugs; nil: not looked at yet
}

// A reread is a file that is not what it was: one that was made was nil, and one that was removed is.
type reread struct{ was, is *parsed }

func (f reread) inPlace() bool { return f.was != nil && f.is != nil }

// settled is what r leaves to the next build, or nil if that has to look at all again.
func (r *reconcile) settled() *settled {
	if r.unsettled || r.parted || r.latest.After(r.now) {
		return nil
	}
	s := &settled{now: r.now, due: r.due, faults: r.faults, alike: r.published, copies: r.copies, withdrawn: r.withdrawn, given: r.given}
	if r.before != nil {
		s.unattached, s.lone = r.before.unattached, r.before.lone
		return s
	}
	if r.added && slices.ContainsFunc(r.faults, func(f Fault) bool { return f.Rule == "double" }) {
		return nil // what was published before comes first
	}
	s.withdrawn = nil
	for _, e := range r.candidates {
		if e = r.next.entries.get(e.ID); !e.live() {
			s.withdrawn = append(s.withdrawn, e)
		} else if !r.taken[e.ID] {
			if s.lone = true; e.Copies != "" {
				return nil // which stand by as long as its file is faulty
			}
		}
	}
	records := r.tree.records
	for _, f := range r.tree.all {
		out := len(records) == 0 || records[0] != f // it is left out
		if !out {
			records = records[1:]
		}
		switch {
		case f.entry == nil || !r.next.entries.get(f.entry.ID).live():
			s.unattached = append(s.unattached, f)
		case out || f.entry.Kind != f.Kind: // see publish
			s.unattached, s.lone = append(s.unattached, f), true
		}
	}
	if r.added && slices.ContainsFunc(s.unattached, func(f *found) bool { return f.UID != "" && r.next.entries.has(f.UID) }) {
		return nil // which another has been given
	}
	return s
}

// faulty reports whether there was a fault of a file, or of its records.
func (s *settled) faulty(p string) bool {
	return slices.ContainsFunc(s.faults, func(f Fault) bool { return f.Pos.Filename == p })
}

// again does what run does, where the history is the one that came of s, and
// what was edited since concerns nothing else. Else it returns false, and
// has done nothing.
func (r *reconcile) again(s *settled, history *History) bool {
	if s == nil || s.history != history || !r.tree.told || len(r.tree.edits) > fewEdits ||
		r.now.Before(s.now) || !s.due.IsZero() && !r.now.Before(s.due.Time) {
		return false
	}
	var records, before, gone []*found
	for _, edit := range r.tree.edits {
		if !edit.single() {
			return false
		}
		was, is := edit.record()
		switch {
		case was == nil && r.nothingBefore(s, is):
		case is == nil && r.goesAlone(s, was):
			gone = append(gone, was)
		case was != nil && is != nil && r.inItsPlace(s, was, is):
		default:
			return false
		}
		if was != nil {
			before = append(before, was)
		}
		if is != nil {
			records = append(records, is)
		}
	}
	if len(gone) > 0 && (len(records) > 0 || len(gone)+r.lately(s) > few) {
		return false // some may have been moved, or it is too much
	}
	if s.copies.common(before) || s.copies.common(records) || !s.alike.replace(before, records) {
		return false
	}
	r.before, r.due, r.faults, r.published, r.copies = s, s.due, slices.Clone(s.faults), s.alike, s.copies
	r.taken, r.withdrawn, r.given = map[string]bool{}, s.withdrawn, s.given
	for _, edit := range r.tree.edits {
		was, f := edit.record()
		var e *entry
		if was != nil {
			e = r.next.entries.get(was.entry.ID)
			r.edited = append(r.edited, e)
		}
		if f == nil {
			r.gone = append(r.gone, e.Path)
			r.withdraw(e, false)
			r.withdrawn = append(r.withdrawn, r.next.entries.get(e.ID))
			continue
		}
		f.build = build{shown: true, entry: e}
		f.file = edit.is.modified
		if r.publish(f); e == nil {
			r.new = append(r.new, f.entry)
		}
	}
	slices.Sort(r.gone)
	r.tree.records = records
	return true
}

// lately is how many were withdrawn of what counts together with what is withdrawn now.
func (r *reconcile) lately(s *settled) (n int) {
	for _, e := range s.withdrawn {
		if r.now.Sub(e.Withdrawn) < recently {
			n++
		}
	}
	return n
}

// single reports whether the file has one record, if it is there, and had one, if it was.
func (f reread) single() bool {
	one := func(p *parsed) bool { return p == nil || len(p.records) == 1 && !p.failed && !p.unread }
	return one(f.is) && one(f.was)
}

// record returns what a single one had, and has.
func (f reread) record() (was, is *found) {
	if f.was != nil {
		was = &f.was.records[0]
	}
	if f.is != nil {
		is = &f.is.records[0]
	}
	return was, is
}

// inItsPlace reports whether a record goes on with the identity of the one
// before it in its file, which no other can have, and is published as that was.
func (r *reconcile) inItsPlace(s *settled, was, is *found) bool {
	if was.UID != is.UID || !r.atOnce(was) || !r.atOnce(is) {
		return false
	}
	e := r.stands(was)
	if e == nil || e.Kind != is.Kind || e.Line != is.Line || e.Declared != is.UID {
		return false
	}
	if e.Subject != subject(is.Record) && (s.lone || len(r.tree.edits) > 1 || s.wants(was, e)) {
		return false
	}
	if is.UID != "" && slices.ContainsFunc(s.faults, func(f Fault) bool { return f.Rule == "duplicate-uid" }) {
		return false
	}
	return !s.faulty(is.Path)
}

// stands returns the entry of a record that is published for itself alone, where it stood; else nil.
func (r *reconcile) stands(was *found) *entry {
	if !was.shown || was.entry == nil {
		return nil
	}
	e := r.next.entries.get(was.entry.ID)
	if e == nil || !e.live() || e.Path != was.Path || e.Copies != "" {
		return nil
	}
	return e
}

// wants reports whether another record may go on with the identity of one that says something else, or nothing, any more.
func (s *settled) wants(was *found, e *entry) bool {
	return slices.ContainsFunc(s.unattached, func(f *found) bool {
		return f.UID == e.ID || f.source == e.Source || subject(f.Record) == e.Subject ||
			slices.ContainsFunc(f.like.keys(), func(key [sha256.Size]byte) bool { return slices.Contains(was.like.keys(), key) })
	})
}

// goesAlone reports whether all that comes of a removed file is that its event, which is shown as cancelled for a while,
// is withdrawn.
func (r *reconcile) goesAlone(s *settled, was *found) bool {
	e := r.stands(was)
	if e == nil || e.Kind != content.Event || was.Kind != e.Kind || e.Declared != "" || was.UID != "" || !r.atOnce(was) {
		return false
	}
	return r.cfg.Retain >= time.Second && !s.wants(was, e) && !s.faulty(was.Path)
}

// atOnce reports whether a record is to be seen, now and for good, and is one alone.
func (r *reconcile) atOnce(f *found) bool {
	return !f.Programme && !f.Draft && !f.Broken && f.NotBefore.IsZero() && f.NotAfter.IsZero() &&
		!(f.Kind == content.Article && f.Published.After(r.now))
}

// nothingBefore reports whether a record of a new file goes on with no identity that there is.
func (r *reconcile) nothingBefore(s *settled, f *found) bool {
	if s.lone || f.UID != "" || !r.atOnce(f) || s.faulty(f.Path) {
		return false
	}
	if slices.ContainsFunc(s.unattached, func(o *found) bool { return o.UID != "" }) {
		return false // it may be what this one is given
	}
	subject := subject(f.Record)
	return !slices.ContainsFunc(s.withdrawn, func(e *entry) bool {
		return e.Path == f.Path || e.Source == f.source || e.Subject == subject
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
