package crieur

import (
	"fmt"
	"slices"

	"github.com/crieur/crieur/internal/content"
)

// A record is public, or for secret channels alone, and so is its entry, for ever.
// Nothing of one side tells of the other: no identity, no slug, no revision. What
// changes sides leaves the one at once, not even as cancelled, since that would
// still say what it was; and begins anew on the other.

// sides says on which side records are, before they are matched.
func (r *reconcile) sides() {
	r.parted = r.cfg.secretive() || slices.ContainsFunc(r.order, func(e *entry) bool { return e.Private })
	if !r.parted {
		return
	}
	for _, f := range r.tree.records {
		f.private = r.cfg.private(f.Record)
		f.like.private = f.private
	}
	for _, f := range r.tree.sessions {
		f.private = f.parent.private
	}
}

// turn finds what has changed sides: entries without a record, where one of the other
// side has their uid, their bytes or their subject, or is new or changed and has their text.
// What stands at their place now is something else then. Once all records are
// matched, those count too that are new or changed on the other side and have their start,
// or are new at their place: in doubt one leaves at once that could have been called
// off.
func (r *reconcile) turn(matched bool) {
	if !r.parted || !slices.ContainsFunc(r.order, func(e *entry) bool { return e.Record != nil && !r.taken[e.ID] }) {
		return
	}
	type mark struct {
		private bool
		what    string
	}
	marks := map[mark]bool{}
	for _, f := range r.tree.all { // also what is left out for a fault
		all := []string{"uid " + f.UID, "source " + f.source, "subject " + subject(f.Record)}
		if !f.live() || f.entry.Seen != f.seen {
			all = append(all, "text "+f.Body)
			if matched {
				all = append(all, startOf(f.Record))
			}
		}
		if matched && !f.live() {
			all = append(all, "path "+f.Path)
		}
		for _, what := range all {
			marks[mark{f.private, what}] = what != "uid " && what != "text " && what != ""
		}
	}
	if r.turned == nil {
		r.turned = map[string]bool{}
	}
	for _, e := range r.order {
		if r.taken[e.ID] || e.Record == nil {
			continue
		}
		all := []string{"uid " + e.ID, "uid " + e.Declared, "source " + e.Source, "subject " + e.Subject, "path " + e.Path, startOf(e.Record), "text " + e.Record.Body}
		if !e.Private && r.cfg.privatePath(e.Path) || slices.ContainsFunc(all, func(what string) bool { return marks[mark{!e.Private, what}] }) {
			r.turned[e.ID] = true
		}
	}
	for _, e := range r.sessions {
		if r.turned[e.Parent] {
			r.turned[e.ID] = true
		}
	}
}

// startOf says when an event is, of an article nothing.
func startOf(c *content.Record) string {
	if c.Kind != content.Event {
		return ""
	}
	return fmt.Sprint("start ", c.When.Start.Unix())
}

// privateName is what the identity of a private record is made from: its uid, if it
// has one, else where it stands, and never what that of a public one is made from.
// So its uid itself is free for one that is public, now or later.
func privateName(f *found) string {
	if f.UID != "" {
		return "private uid\n" + f.UID
	}
	return "private\n" + f.name()
}

// dueOf is where it is noted when something of a side falls due.
func (r *reconcile) dueOf(private bool) *dueTime {
	if private {
		return &r.secret
	}
	return &r.due
}

// sameSide reports whether a record may have an entry.
func sameSide(f *found, e *entry) bool { return f.private == e.Private }

// secretCopies leaves out what is not published yet and has the bytes of a private
// file: a copy, or a link. What was public before stays so.
func (r *reconcile) secretCopies() {
	private := map[string]*found{}
	for _, f := range r.tree.records {
		if f.private && private[f.source] == nil {
			private[f.source] = f
		}
	}
	if len(private) == 0 {
		return
	}
	r.tree.records = slices.DeleteFunc(r.tree.records, func(f *found) bool {
		o := private[f.source]
		if f.private || f.live() || o == nil {
			return false
		}
		r.faults = append(r.faults, Fault{Pos: f.pos(), Severity: Warning, Rule: "secret-copy", Err: fmt.Errorf(
			"this file is the same as %s, which is private, and is not published; to make it public, delete that one", o.Path)})
		return true
	})
}
