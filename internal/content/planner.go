package content

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/crieur/crieur/internal/markup"
)

// A planner reads the blocks of a programme.
type planner struct {
	*reader
	event       *Record
	zone        *time.Location
	twelve      bool      // hours may be of twelve; see afterNoon
	toldTwelve  bool      // that hours are taken to be after noon
	first, last time.Time // days of the event, at midnight UTC
	day         time.Time // that the text speaks of
	dayAt       int       // how many sessions came before it
	sessions    []*session
	cur         *session // the one that the text speaks of; nil: none yet
	head        []markup.BlockLine
	faults      []func() // to be told if the text is a programme
}

func (p *planner) fault(severity Severity, at int, format string, args ...any) {
	p.faults = append(p.faults, func() { p.reader.fault(severity, RuleProgramme, at, format, args...) })
}

func newPlanner(r *reader, event *Record) *planner {
	p := &planner{reader: r, event: event, zone: event.When.Start.Location()}
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	w := event.When
	p.first, p.last = day(w.Start), day(w.Start)
	switch {
	case w.AllDay:
		p.zone, p.last = r.zone, w.End
	case !w.End.IsZero():
		p.last = day(w.End.In(p.zone).Add(-1))
	}
	p.day = p.first
	return p
}

// block takes in the next block of the text.
func (p *planner) block(b *markup.Block) {
	switch {
	case len(b.Lines) == 0:
		p.close()
		return
	case b.Row:
		p.row(b)
		return
	}
	p.head = nil
	begun := false // a line of this block began a session, or named its day
	for i, l := range b.Lines {
		s, ok := p.slot(l.Text)
		switch {
		case ok && s.plain && (s.title == "" || i > 0 && !begun || p.cur != nil && b.Depth > p.cur.depth || !p.follows(s, l)):
			p.tell(b, i, l.Text, begun)
		case ok && (i == 0 || begun || s.sure) && (!s.prose || b.Item) && (s.title != "" || s.day.IsZero() || b.Item):
			p.begin(&session{at: l.At, day: s.day, hours: s.hours, bare: s.bare, zone: s.zone, title: s.title, heading: b.Heading, depth: b.Depth, item: b.Item})
			begun = true
		case (i == 0 || begun) && p.dayLine(l.Text, l.At, b.Heading > 0):
			begun = true
		case i == 0 && b.Item && p.trailing(b):
			return
		default:
			p.tell(b, i, l.Text, begun)
		}
	}
}

func (p *planner) close() {
	if p.cur != nil {
		p.cur.closed = true
	}
}

// begin begins a session on the day that it says, else on that which the text speaks of. Its place is still that in the text.
func (p *planner) begin(s *session) {
	said := !s.day.IsZero()
	if !said {
		s.day = p.day
	}
	p.afterNoon(s)
	s.folded = fold(s.title)
	same := func(o *session) bool {
		return o.hours.start == s.hours.start && o.day.Equal(s.day) && o.folded == s.folded && o.folded != ""
	}
	if i := slices.IndexFunc(p.sessions, same); i >= 0 {
		p.cur = p.sessions[i]
		p.cur.closed, p.cur.again, p.cur.heading, p.cur.depth, p.cur.item = s.closed, true, s.heading, s.depth, s.item
		return
	}
	p.introduced()
	s.at = p.body.place(p.src.text, s.at)
	if before := p.sessions[p.dayAt:]; !said && len(before) > 0 {
		p.goBack(s, before[0], before[len(before)-1])
	}
	p.sessions = append(p.sessions, s)
	p.cur = s
}

// maxHall is how many bytes a line may have that names a room and says nothing else.
const maxHall = 40

// introduced takes from the session above a line that is said of those that begin now: "L’après-midi :", "Salle B".
func (p *planner) introduced() {
	s := p.cur
	if s == nil || s.closed || s.loose == 0 {
		return
	}
	line := s.text[len(s.text)-1]
	said := label(line[0])
	_, isHall := cutWord(said, func(l *language) []string { return l.halls })
	if len(line) == 1 && (isHall && len(said) < maxHall && !strings.ContainsAny(said, ".,;") || strings.HasSuffix(line[0], ":") || isWord(said, func(l *language) []string { return l.dayParts })) {
		s.text = s.text[:len(s.text)-1]
		s.loose--
	}
}

// goBack decides what it means that a session begins before the one above it, where no day is written between the two.
func (p *planner) goBack(s, first, above *session) {
	start, next := s.hours.start, s.day.AddDate(0, 0, 1)
	if above.day.After(s.day) && start.hour < 6 {
		s.day = above.day // after midnight as well
	}
	switch {
	case !p.at(s.day, start).Before(p.at(above.day, above.hours.start)):
	case start.hour < 6 && above.hours.start.hour >= 18 && !p.within(s.day, start):
		s.day = next // and the programme stays on its day
	case !next.After(p.last) && start.seconds() <= first.hours.start.seconds():
		if p.within(s.day, start) {
			p.fault(Warning, s.at, "%s is before %s, above it: it is taken for the next day, %s; to be sure write the day above the sessions of each", start, above.hours.start, next.Format(time.DateOnly))
		}
		p.newDay(next)
		s.day = next
	default:
		p.fault(Warning, s.at, "%s is before %s, above it: it is taken for the same day, beside the others; if it is another day, write that above it", start, above.hours.start)
	}
}

// follows reports whether two numbers that a line begins with are hours: those of a session that follows the one above it, while the event
// takes place.
func (p *planner) follows(s slot, l markup.BlockLine) bool {
	if n := len(p.sessions); n > 0 {
		above := p.sessions[n-1]
		next := &session{day: s.day, hours: s.hours, bare: true}
		if next.day.IsZero() {
			next.day = p.day
		}
		p.afterNoon(next)
		if h := next.hours; h.valid() && p.within(next.day, h.start) && !p.at(next.day, h.start).Before(p.at(above.day, above.hours.start)) {
			return true
		}
	}
	p.fault(Warning, p.body.place(p.src.text, l.At), "%q may begin with hours and is no session, as they follow none above it: if they are hours, write %s", clip(l.Text, 40), s.hours)
	return false
}

// at returns when it is a time of day where the event takes place.
func (p *planner) at(day time.Time, c clock) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), c.hour, c.min, 0, 0, p.zone)
}

// newDay says on what day the sessions are that follow.
func (p *planner) newDay(day time.Time) {
	p.day, p.dayAt = day, len(p.sessions)
}

// tell takes in a line of text: the title of a session that has none yet, or what is said of it.
func (p *planner) tell(b *markup.Block, i int, text string, own bool) {
	s := p.cur
	if s == nil || s.closed {
		return
	}
	deeper := b.Depth > s.depth || b.Heading > s.heading && s.heading > 0 || s.item && !b.Item && b.Depth == s.depth
	switch {
	case own || i > 0 || deeper:
	case b.Heading > 0, b.Item && s.item:
		p.close()
		return
	}
	if s.title == "" {
		s.title = text
		return
	}
	if r, _ := utf8.DecodeRuneInString(text); own && len(s.text) == 0 && len(s.title) < 2*maxTitle && unicode.IsLower(r) {
		s.title += " " + text // the line was too long for whoever wrote it
		return
	}
	if b.Item && i == 0 {
		text = "• " + text
	}
	if n := len(s.text); n > 0 && (i > 0 || b.Item && strings.HasPrefix(s.text[n-1][0], "• ")) {
		s.text[n-1] = append(s.text[n-1], text)
		return
	}
	if !own && !deeper {
		s.loose++
	}
	s.text = append(s.text, []string{text})
	if s.loose == 0 {
		s.tight = len(s.text)
	}
}

func joined(lines []markup.BlockLine, sep string) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.Text
	}
	return strings.Join(texts, sep)
}

// trailing begins the session of an item that ends with its hours: "Atelier, mardi 24 novembre, 17h-17h30".
func (p *planner) trailing(b *markup.Block) bool {
	text := joined(b.Lines, ", ")
	if len(text) > 3*maxTitle || !strings.ContainsAny(text[max(0, len(text)-10):], "0123456789") {
		return false
	}
	var found *session
	for end, tries := len(text), 0; tries < 3; tries++ { // the hours, then a date before them
		i := strings.LastIndexAny(text[:end], ",(|–")
		if i < 0 {
			break
		}
		_, n := utf8.DecodeRuneInString(text[i:])
		s, ok := p.slot(strings.TrimRight(text[i+n:], " )."))
		if title := strings.TrimRight(text[:i], " ,"); ok && s.hours.ranged && !s.plain && s.title == "" && title != "" {
			found = &session{at: b.Lines[0].At, day: s.day, hours: s.hours, bare: s.bare, zone: s.zone, title: title, depth: b.Depth, item: true}
		}
		end = i
	}
	if found == nil {
		return false
	}
	p.begin(found)
	return true
}
