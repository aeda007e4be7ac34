package content

import (
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/markup"
)

// programmeKeys say of an event that its text is a programme.
var programmeKeys = []string{"programme", "program"}

// Limits of a programme.
const (
	maxSessions = 500           // in a text
	maxSession  = 4 * time.Hour // that ends where the next begins
)

// A written is a text as it stands in a file, and where it begins.
type written struct {
	text  string
	at    int
	whole bool // it is a part of the file; otherwise it was decoded from one
}

// place returns where in the file the byte i of a text stands.
func (w written) place(file string, i int) int {
	if w.whole {
		return w.at + max(i, 0)
	}
	if i < 0 {
		return w.at
	}
	line, _, _ := strings.Cut(w.text[i:], "\n")
	near := file[w.at:min(len(file), w.at+2*len(w.text)+1000)]
	return w.at + max(0, strings.Index(near, line))
}

// noProgramme tells of a programme of what has no time.
func (r *reader) noProgramme() {
	if e := r.root.first(programmeKeys); e != nil {
		if yes, _ := boolean(&e.value); yes {
			r.fault(Warning, RuleProgramme, e.at, "an article has no programme: give it a start, or delete %s", e.key)
		}
	}
}

// readProgramme returns the sessions that the text of an event tells of, where the record, or its collection, says that it
// is a programme. The event is one of so many that the record makes.
func (r *reader) readProgramme(event *Record, spans int) []Record {
	wanted, at, said := r.collection.Programme, r.root.at, ""
	if e := r.root.first(programmeKeys); e != nil {
		yes, is := boolean(&e.value)
		if !is {
			r.fault(Notice, RuleProgramme, e.value.at, "%s is %s, want true where the text is a programme whose sessions are to be a calendar; it is not used", e.key, e.value.what())
			return nil
		}
		wanted, at, said = yes, e.at, e.key
	}
	if !wanted {
		return nil
	}
	if spans > 1 || !event.Repeat.IsZero() {
		if said != "" {
			r.fault(Warning, RuleProgramme, at, "an event that takes place more than once has no calendar of its sessions: give the time that has a programme a file of its own")
		}
		return nil
	}
	blocks, err := markup.Outline(r.body.text, event.Format)
	if err != nil {
		r.fault(Warning, RuleProgramme, at, "the programme is not read: %w", err)
		return nil
	}
	own := *r // the planner keeps it, and no other record needs one that is kept
	p := newPlanner(&own, event)
	p.twelve = !r.french() && !slices.ContainsFunc(blocks, p.twentyFour)
	for i := range blocks {
		if p.block(&blocks[i]); len(p.sessions) > maxSessions {
			p.fault(Warning, p.cur.at, "more than %d sessions, the others are not read", maxSessions)
			p.sessions = p.sessions[:maxSessions]
			break
		}
	}
	sessions := p.finish()
	within := 0
	for i := range sessions {
		if p.contains(sessions[i].When) {
			within++
		}
	}
	event.Programme = said != "" || len(sessions) > 1 && 2*within >= len(sessions)
	switch {
	case !event.Programme: // one time that is told in a text is none, nor are those of a recording
		if len(sessions) > 1 {
			r.fault(Notice, RuleProgramme, p.sessions[0].at, "%d lines begin with hours, most of them outside of the time of the event, so that its text is not taken for a programme; if it is one, add programme: true", len(sessions))
		}
		return nil
	case len(sessions) == 0:
		p.fault(Warning, at, "%s is true and no line of the text is a session; what was published of it stays: begin each with its hours, “9h30-10h : title”, in a list, in headings or in a table", said)
	}
	p.checkHours(sessions)
	for _, tell := range p.faults {
		tell()
	}
	return sessions
}

// colon returns what stands between a label and its text.
func (r *reader) colon() string {
	if r.french() {
		return "\u00a0: "
	}
	return ": "
}
