package crieur

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/crieur/crieur/internal/content"
)

// event is the identity of the event that a session is part of; of another
// record, nothing.
func (f *found) event() string {
	if f.parent == nil {
		return ""
	}
	return f.parent.entry.ID
}

// programmes gives sessions their entries, once those of their events are
// known. They come and go with their event. A session that is no longer in the
// text is withdrawn; but where a programme gives none at all, because its file
// is faulty or its hours are not understood any more, all of them stay.
func (r *reconcile) programmes() {
	old := map[string][]*entry{}
	for _, e := range r.sessions {
		old[e.Parent] = append(old[e.Parent], e)
	}
	read := map[string]bool{} // events whose sessions are known
	for rest := r.tree.sessions; len(rest) > 0; {
		event := rest[0].parent
		n := slices.IndexFunc(rest, func(f *found) bool { return f.parent != event })
		if n < 0 {
			n = len(rest)
		}
		sessions := rest[:n]
		rest = rest[n:]
		if event.entry == nil || r.next.entries.get(event.entry.ID).Kind != content.Event {
			continue // it is not published, or not as what it is now
		}
		read[event.entry.ID] = true
		r.matchSessions(sessions, old[event.entry.ID])
		for _, f := range sessions {
			switch {
			case event.shown:
				r.publish(f)
			case f.entry != nil:
				r.withdraw(f.entry, event.lapsed)
			}
		}
	}
	for _, e := range r.sessions {
		event := r.next.entries.get(e.Parent)
		if r.taken[e.ID] || e.live() && (r.kept(e) || event != nil && event.live() && event.Record.Programme && !read[e.Parent]) {
			continue
		}
		r.withdraw(e, false)
	}
}

// matchSessions finds the entry of each session of an event: by its title and
// time, by its title, by its time; then by its place in the text, where there
// are as many as before and its day is the same. One that was withdrawn comes
// back as itself.
func (r *reconcile) matchSessions(sessions []*found, old []*entry) {
	live := slices.DeleteFunc(slices.Clone(old), func(e *entry) bool { return !e.live() })
	dead := slices.DeleteFunc(slices.Clone(old), (*entry).live)
	subjects := func(f *found, e *entry) bool { return e.Subject == subject(f.Record) }
	titles := func(f *found, e *entry) bool { return e.Record != nil && e.Record.Title == f.Title }
	starts := func(f *found, e *entry) bool { return e.Record.When.Start.Equal(f.When.Start) }
	r.pairSessions(sessions, live, subjects)
	r.pairSessions(sessions, live, titles)
	r.pairSessions(sessions, live, starts)
	if len(sessions) == len(live) {
		for i, f := range sessions {
			if e := live[i]; f.entry == nil && !r.taken[e.ID] && sameDay(f.When.Start, e.Record.When.Start) {
				r.pair(f, e)
			}
		}
	}
	r.pairSessions(sessions, dead, subjects)
	r.pairSessions(sessions, dead, titles)
}

// pairSessions gives sessions the entries that are the same: where several are,
// as many of both, in the order of the text.
func (r *reconcile) pairSessions(sessions []*found, entries []*entry, same func(*found, *entry) bool) {
	for _, first := range sessions {
		if first.entry != nil {
			continue
		}
		var es []*entry
		for _, e := range entries {
			if !r.taken[e.ID] && same(first, e) {
				es = append(es, e)
			}
		}
		if len(es) == 0 {
			continue
		}
		var fs []*found
		for _, f := range sessions {
			if f.entry == nil && same(f, es[0]) {
				fs = append(fs, f)
			}
		}
		if len(fs) == len(es) {
			for i, f := range fs {
				r.pair(f, es[i])
			}
		}
	}
}

// programme is the path in the site of the calendar of an event's sessions, if
// it has one. No event is called so: a slug has no slash.
func (it *item) programme() string { return "event/" + it.Slug + "/programme.ics" }

// hasProgramme reports whether an event has a calendar of its sessions. One that
// was published stays, if need be empty, as long as its event does: a
// subscription does not turn into an error.
func (w *writer) hasProgramme(it *item) bool {
	switch {
	case len(w.sessions) > 0 && len(w.sessions[it.ID]) > 0:
		return true
	case w.known(it):
		return w.last.pages.programmes[it] != ""
	}
	return w.next.outputs.has(it.programme())
}

// addProgramme adds the calendar of an event's sessions.
func (w *writer) addProgramme(it *item) {
	sessions := w.sessions[it.ID]
	slices.SortFunc(sessions, func(a, b *item) int {
		return cmp.Or(a.Record.When.Start.Compare(b.Record.When.Start), cmp.Compare(a.ID, b.ID))
	})
	parts := make([]*item, len(sessions))
	for i, s := range sessions {
		parts[i] = &item{entry: s.entry, page: it.page, updated: s.updated, plain: s.plain} // the page of its event
	}
	w.calendar(it.programme(), "programme", w.programmeTitle(it), it.page, append([]*item{it}, sessions...), parts)
}

func (w *pages) programmeTitle(it *item) string {
	return fmt.Sprintf(w.cfg.words.Text.ProgrammeOf, it.Record.Title)
}
