package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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
	p := newPlanner(r, event)
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

// A session is a part of a programme while it is read.
type session struct {
	at      int // in the file
	day     time.Time
	hours   hours
	zone    string // that it was said to be told in
	title   string
	room    string
	text    []string // paragraphs
	loose   int      // how many of them stand after its block, and no deeper than it
	tight   int      // how many of the first stand before any such
	heading int
	depth   int
	item    bool
	closed  bool // what comes is no part of it
	again   bool // it was told of twice
	folded  string
}

// A planner reads the blocks of a programme.
type planner struct {
	*reader
	event       *Record
	zone        *time.Location
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
	begun := false // a line of this block began a session
	for i, l := range b.Lines {
		s, ok := p.slot(l.Text)
		switch {
		case ok && (i == 0 || begun || s.sure) && (!s.prose || b.Item) && (s.title != "" || s.day.IsZero() || b.Item):
			p.begin(&session{at: p.body.place(p.src.text, l.At), day: s.day, hours: s.hours, zone: s.zone, title: s.title, heading: b.Heading, depth: b.Depth, item: b.Item})
			begun = true
		case i == 0 && p.dayLine(l.Text, b.Heading > 0):
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

// begin begins a session on the day that it says, else on that which the text speaks of.
func (p *planner) begin(s *session) {
	said := !s.day.IsZero()
	if !said {
		s.day = p.day
	}
	s.folded = fold(s.title)
	same := func(o *session) bool {
		return o.hours.start == s.hours.start && o.day.Equal(s.day) && o.folded == s.folded && o.folded != ""
	}
	if i := slices.IndexFunc(p.sessions, same); i >= 0 {
		p.cur = p.sessions[i]
		p.cur.closed, p.cur.again, p.cur.heading, p.cur.depth, p.cur.item = s.closed, true, s.heading, s.depth, s.item
		return
	}
	if before := p.sessions[p.dayAt:]; !said && len(before) > 0 {
		p.goBack(s, before[0], before[len(before)-1])
	}
	p.sessions = append(p.sessions, s)
	p.cur = s
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
	deeper := b.Depth > s.depth || b.Heading > s.heading && s.heading > 0
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
	if r, _ := utf8.DecodeRuneInString(text); own && len(s.text) == 0 && unicode.IsLower(r) {
		s.title += " " + text // the line was too long for whoever wrote it
		return
	}
	switch {
	case i > 0 && len(s.text) > 0:
		s.text[len(s.text)-1] += "\n" + text
		return
	case b.Item && len(s.text) > 0 && strings.HasPrefix(s.text[len(s.text)-1], "• "):
		s.text[len(s.text)-1] += "\n• " + text
		return
	case b.Item:
		text = "• " + text
	}
	if !own && !deeper {
		s.loose++
	}
	s.text = append(s.text, text)
	if s.loose == 0 {
		s.tight = len(s.text)
	}
}

// row takes in a row of a table: hours, or two columns of them, a title, and what is said of it.
func (p *planner) row(b *markup.Block) {
	p.close()
	cells := b.Lines
	s, ok := p.slot(cells[0].Text)
	if !ok && b.Head { // Markdown has no table without a head, and people put a session there
		p.head = cells
		return
	}
	if !ok {
		if only := strings.TrimSpace(joined(cells[1:], "")) == ""; only {
			p.dayLine(cells[0].Text, true)
		}
		return
	}
	next := 1
	if !s.hours.ranged && s.title == "" && len(cells) > 2 {
		if end, ok := p.slot(cells[1].Text); ok && !end.hours.ranged && end.title == "" {
			s.hours, next = hours{start: s.hours.start, end: end.hours.start, ranged: true}, 2
		}
	}
	it := &session{at: p.body.place(p.src.text, cells[0].At), day: s.day, hours: s.hours, zone: s.zone, title: s.title, closed: true}
	for i, c := range cells {
		head := ""
		if i < len(p.head) {
			head = p.head[i].Text
		}
		switch {
		case i < next, c.Text == "":
		case it.title == "":
			it.title = c.Text
		case isWord(label(head), func(l *language) []string { return l.rooms }):
			it.room = c.Text
		case head != "":
			it.text = append(it.text, head+p.colon()+c.Text)
		default:
			it.text = append(it.text, c.Text)
		}
	}
	if it.title != "" {
		p.begin(it)
	}
	p.close()
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
		s, ok := p.slot(text[i+n:])
		if title := strings.TrimRight(text[:i], " ,"); ok && s.hours.ranged && s.title == "" && title != "" {
			found = &session{at: p.body.place(p.src.text, b.Lines[0].At), day: s.day, hours: s.hours, zone: s.zone, title: title, depth: b.Depth, item: true}
		}
		end = i
	}
	if found == nil {
		return false
	}
	p.begin(found)
	return true
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

// cutLast takes from the last session what is said of the whole event below it: it has no more paragraphs after it than
// another one has.
func (p *planner) cutLast(last *session) {
	most := 0
	for _, s := range p.sessions {
		if s != last {
			most = max(most, s.loose)
		}
	}
	if last.loose > most {
		last.text = last.text[:min(len(last.text), last.tight+most)]
	}
}

// record returns the record of a session, which those after it follow.
func (p *planner) record(s *session, after []*session) Record {
	e := p.event
	text := s.text
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

// colon returns what stands between a label and its text.
func (r *reader) colon() string {
	if r.french() {
		return "\u00a0: "
	}
	return ": "
}
