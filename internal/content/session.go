package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/markup"
)

// A session is a part of a programme while it is read.
type session struct {
	at      int // in the file; in the text until it has begun
	day     time.Time
	hours   hours
	bare    bool   // see slot
	zone    string // that it was said to be told in
	title   string
	room    string
	text    [][]string // lines of paragraphs
	loose   int        // how many of them stand after its block, and no deeper than it
	tight   int        // how many of the first stand before any such
	heading int
	depth   int
	item    bool
	closed  bool // what comes is no part of it
	again   bool // it was told of twice
	folded  string
}

// finish returns the sessions as records.
func (p *planner) finish() []Record {
	if last := p.cur; last != nil && len(p.sessions) > 1 && !last.again {
		p.cutLast(last)
	}
	sessions := p.sessions[:0]
	for _, s := range p.sessions {
		switch {
		case s.title == "":
			p.fault(Warning, s.at, "nothing follows the hours %s that is the title of a session; it is left out", s.hours)
		case s.zone != "" && !p.zoneFits(s):
			p.fault(Warning, s.at, "%s is said to be %s, which is not the time of %s, the zone of the event; it is left out: give the event its timezone", s.hours, strings.ToUpper(s.zone), p.zone)
		default:
			sessions = append(sessions, s)
		}
	}
	p.sessions = sessions
	list := make([]Record, len(sessions))
	for i, s := range sessions {
		list[i] = p.record(s, sessions[i+1:])
	}
	return list
}

// cutLast takes from the last session what is said of the whole event below it: where half of the others have paragraphs after them, it has
// as many as one of those, and otherwise none.
func (p *planner) cutLast(last *session) {
	most, n := 0, 0
	for _, s := range p.sessions {
		if s != last && s.loose > 0 {
			most = max(most, s.loose)
			n++
		}
	}
	if 2*n < len(p.sessions)-1 {
		most = 0
	}
	if last.loose > most {
		last.text = last.text[:min(len(last.text), last.tight+most)]
	}
}

// record returns the record of a session, which those after it follow.
func (p *planner) record(s *session, after []*session) Record {
	e := p.event
	text := make([]string, len(s.text))
	for i, lines := range s.text {
		text[i] = strings.Join(lines, "\n")
	}
	title := strings.TrimRight(s.title, " :;,")
	if !strings.HasSuffix(title, "..") {
		title = strings.TrimRight(strings.TrimSuffix(title, "."), " ")
	}
	if short := shorten(withoutAddresses(title), maxTitle); short != title {
		text = append([]string{title}, text...)
		title = short
	}
	place := e.Location
	if s.room != "" {
		place = strings.TrimSuffix(s.room+", "+place, ", ")
	}
	return Record{
		Path: e.Path, Line: p.src.line(s.at), Kind: Event, Session: true,
		Title: cmp.Or(title, s.title), Body: strings.Join(text, "\n\n"), Format: markup.Text, When: p.span(s, after),
		Location: cutAt(place, maxLine), Latitude: e.Latitude, Longitude: e.Longitude, HasPosition: e.HasPosition, Online: e.Online, Status: e.Status,
		Organizer: e.Organizer, Permalink: e.Permalink, Language: e.Language,
		Published: e.Published, Origin: e.Origin, Updated: e.Updated, NotBefore: e.NotBefore, NotAfter: e.NotAfter, Draft: e.Draft,
	}
}

// withoutAddresses takes out of a line the addresses that stand after the text of links.
func withoutAddresses(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, " (http")
		n := strings.IndexByte(s[max(i, 0):], ')')
		if i < 0 || n < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i+n+1:]
	}
	return b.String() + s
}

// span returns when a session takes place. One that only begins ends where the next of its day does, if that is soon.
func (p *planner) span(s *session, after []*session) Span {
	w := Span{Start: p.at(s.day, s.hours.start)}
	if w.Start.Hour() != s.hours.start.hour {
		p.fault(Warning, s.at, "%s is an hour that the clocks of %s skip that day; %s is used: correct it", s.hours.start, p.zone, w.Start.Format("15:04"))
	}
	switch {
	case s.hours.ranged && !s.hours.valid():
		p.fault(Warning, s.at, "%s ends before it begins; the end is not used", s.hours)
		return w
	case s.hours.ranged && s.hours.nextDay():
		w.End = p.at(s.day.AddDate(0, 0, 1), s.hours.end)
	case s.hours.ranged:
		w.End = p.at(s.day, s.hours.end)
	}
	for _, next := range after {
		if start := p.at(next.day, next.hours.start); !s.hours.ranged && next.day.Equal(s.day) && start.After(w.Start) {
			if start.Sub(w.Start) <= maxSession {
				w.End = start
			}
			break
		}
	}
	if !w.End.After(w.Start) {
		w.End = time.Time{} // where the clocks are put forward in between
	}
	return w
}

// within reports whether a time of day, on a day, is one at which the event takes place.
func (p *planner) within(day time.Time, c clock) bool {
	return p.contains(Span{Start: p.at(day, c)})
}

func (p *planner) contains(s Span) bool {
	w := p.event.When
	if w.AllDay || w.End.IsZero() && !s.Start.Before(w.Start) {
		y, m, d := s.Start.Date()
		day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		return !day.Before(p.first) && !day.After(p.last)
	}
	return !s.Start.Before(w.Start) && !s.Start.After(w.End) && !s.End.After(w.End)
}

// checkHours warns about the sessions that are not within the time of the event.
func (p *planner) checkHours(sessions []Record) {
	var first *Record
	n := 0
	for i := range sessions {
		if !p.contains(sessions[i].When) {
			if n++; first == nil {
				first = &sessions[i]
			}
		}
	}
	if n == 0 {
		return
	}
	at := p.sessions[slices.IndexFunc(p.sessions, func(s *session) bool { return p.src.line(s.at) == first.Line })].at
	others := ""
	if n > 1 {
		others = fmt.Sprintf(", as are %d others of %d", n-1, len(sessions))
	}
	p.fault(Warning, at, "“%s”, %s, is outside of the time of the event, %s%s; it is published: correct one of them", clip(first.Title, 40), first.When.text(), p.event.When.text(), others)
}

// text writes a span for a message.
func (s Span) text() string {
	form := "2006-01-02 15:04"
	if s.AllDay {
		form = time.DateOnly
	}
	text := s.Start.Format(form)
	if !s.End.IsZero() && !s.End.Equal(s.Start) {
		text += " to " + s.End.In(s.Start.Location()).Format(form)
	}
	return text
}
