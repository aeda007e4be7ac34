package content

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A slot is what a line of a programme begins with: hours, perhaps after a date, and the title after them.
type slot struct {
	day   time.Time // zero: not said
	hours hours
	zone  string // "cest", as said after the hours, or empty
	title string // may be empty
	sure  bool   // it is written as only a programme is: with a range, in brackets or with a mark before the title
	bare  bool   // its hours are digits alone, which may be of twelve
	prose bool   // it is written as a sentence may begin: "De 9h à 10h, …"
	plain bool   // its hours are two numbers, "11-12", which may be anything; see follows
}

// slotHead is how many bytes of a line may be a date and hours.
const slotHead = 120

// slot reads a line that begins with hours:
//
//	slot  = [date] ["["] hours ["]"] [zone] [mark] title
//	hours = [from] hour to hour | [opening] hour | number "-" number
//	mark  = ":" / "-" / "–" / "|" / …
//
// Hours are those of parseHours, or an hour that only begins. A number of hours that is how long something takes ("2h d'atelier")
// is none, nor is what follows a label ("Horaires : 9h-17h").
func (p *planner) slot(text string) (s slot, ok bool) {
	text = strings.TrimLeft(text, " \u00a0\u202f")
	head := text
	if len(head) > slotHead {
		head = head[:slotHead]
		for !utf8.ValidString(head) {
			head = head[:len(head)-1]
		}
	}
	folded := fold(head)
	rest := folded
	if s.day, rest = p.cutDay(folded); !s.day.IsZero() {
		rest = strings.TrimLeft(rest, " ,:|-")
		if after, found := cutWord(rest, func(l *language) []string { return l.at }); found && after != "" {
			rest = after
		}
	}
	bracket := rest != "" && (rest[0] == '[' || rest[0] == '(')
	rest = strings.TrimLeft(rest, "[( ")
	worded := rest != "" && (rest[0] < '0' || rest[0] > '9') // "de 9h à 10h : …"
	if worded && isLabel(rest) {
		return s, false
	}
	said := rest
	if s.hours, rest, ok = cutSlot(said); !ok {
		if s.hours, rest, s.plain = cutNumbers(said); !s.plain {
			return s, false
		}
	}
	s.bare = !strings.ContainsAny(said[:len(said)-len(rest)], "hmn")
	rest = strings.TrimLeft(rest, " ")
	s.zone, rest = cutZone(rest)
	if bracket {
		if rest == "" || rest[0] != ']' && rest[0] != ')' {
			return s, false
		}
		rest = strings.TrimLeft(rest[1:], " ")
	}
	title := strings.TrimLeft(rest, " :-|/,.>→•·=")
	marked := title != rest && strings.Trim(rest[:len(rest)-len(title)], " ,.") != ""
	if _, long := cutWord(title, func(l *language) []string { return l.amount }); long && !marked && !s.hours.ranged {
		return s, false
	}
	s.prose = worded && !marked && title != ""
	s.sure = marked || bracket || s.hours.ranged
	if title == "" && len(text) == len(head) {
		return s, true
	}
	if s.title, ok = unfolded(text, folded[:len(folded)-len(title)]); ok {
		s.title = strings.Trim(s.title, " \u00a0\u202f")
	}
	return s, ok
}

// unfolded returns what of a text stands after a beginning of it, which is given folded.
func unfolded(text, folded string) (rest string, ok bool) {
	folded = strings.TrimRight(folded, " ")
	for i := range text {
		if i >= len(folded) && fold(text[:i]) == folded {
			return text[i:], true
		}
		if i > 2*slotHead {
			break
		}
	}
	return "", false
}

// isLabel reports whether a folded text begins with what names the hours of all: "horaires : 9h-17h".
func isLabel(s string) bool {
	word := s
	if i := strings.IndexAny(s, " :"); i >= 0 {
		word = s[:i]
	}
	return isWord(word, func(l *language) []string { return l.hoursLabels }) || isWord(word, func(l *language) []string { return l.dateLabels })
}

// cutSlot reads a range of hours, or else one hour, from the front of a folded text.
func cutSlot(s string) (h hours, rest string, ok bool) {
	if h, rest, ok = cutHours(s); ok && (h.ranged || h.start.hour < 24) {
		return h, rest, true
	}
	for _, words := range []func(*language) []string{func(l *language) []string { return l.opening }, func(l *language) []string { return l.from }} {
		if after, found := cutWord(s, words); found {
			s = after
			break
		}
	}
	h = hours{}
	h.start, rest, ok = cutClock(s)
	return h, rest, ok && h.start.hour < 24
}

// cutNumbers reads two numbers that may be hours, where a mark follows them or nothing.
func cutNumbers(s string) (h hours, rest string, ok bool) {
	if h.start.hour, rest, ok = cutNumber(s, 2); !ok {
		return h, s, false
	}
	if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " "), "-"); !ok {
		return h, s, false
	}
	h.end.hour, rest, ok = cutNumber(strings.TrimLeft(rest, " "), 2)
	h.ranged = true
	return h, rest, ok && h.start.hour < 24 && h.end.hour <= 24 && endsHours(rest)
}

// zoneNames are names of zones that people write after an hour. The short ones of America stand for both times of the year.
var zoneNames = []string{"utc", "gmt", "cet", "cest", "wet", "west", "eet", "eest", "bst", "ist", "et", "est", "edt", "ct", "cst", "cdt", "mt", "mst", "mdt", "pt", "pst", "pdt"}

// cutZone reads the name of a zone from what follows hours.
func cutZone(s string) (name, rest string) {
	rest = strings.TrimLeft(s, " ,(")
	if after, found := cutWord(rest, func(l *language) []string { return l.ourTime }); found {
		return "", strings.TrimLeft(strings.TrimPrefix(after, ")"), " ")
	}
	word := rest
	if i := strings.IndexFunc(rest, func(r rune) bool { return r < 'a' || r > 'z' }); i >= 0 {
		word = rest[:i]
	}
	if !slices.Contains(zoneNames, word) {
		return "", s
	}
	after := rest[len(word):]
	if strings.HasPrefix(after, "'") || strings.HasPrefix(after, " ") && word == "et" { // "9h et …"
		return "", s
	}
	return word, strings.TrimLeft(strings.TrimPrefix(after, ")"), " ")
}

// zoneFits reports whether the zone that a session is said to be told in can be that of the event.
func (p *planner) zoneFits(s *session) bool {
	for _, month := range []time.Month{s.day.Month(), time.January, time.July} {
		name, offset := time.Date(s.day.Year(), month, s.day.Day(), 12, 0, 0, 0, p.zone).Zone()
		name = strings.ToLower(name)
		if name == s.zone || len(s.zone) == 2 && len(name) == 3 && name[0] == s.zone[0] && name[2] == 't' ||
			month == s.day.Month() && offset == 0 && (s.zone == "utc" || s.zone == "gmt") {
			return true
		}
	}
	return false
}

// cutDay reads a day from the front of a folded text: a date, with its year or in that of the event, a weekday of the event, or
// "jour 2". Without any the day is zero.
func (p *planner) cutDay(s string) (day time.Time, rest string) {
	if n, after := cutNth(s); n > 0 {
		day, rest = p.first.AddDate(0, 0, n-1), after
		if date, after := p.cutDate(strings.TrimLeft(after, " :,-|(")); !date.IsZero() {
			day, rest = date, after
		}
		return day, rest
	}
	if day, rest = p.cutDate(s); !day.IsZero() {
		return day, rest
	}
	for i := range languages {
		for n, name := range languages[i].weekdays[:7] {
			after, found := strings.CutPrefix(s, name)
			if !found || !endsWord(name, after) {
				continue
			}
			for d := range 7 {
				if day := p.first.AddDate(0, 0, d); !day.After(p.last) && day.Weekday() == time.Weekday((n+1)%7) {
					return day, after
				}
			}
		}
	}
	return time.Time{}, s
}

// cutDate reads a date. One without a year is in that of the event where it is nearest to it.
func (p *planner) cutDate(s string) (time.Time, string) {
	m, rest, err := cutDate(s, p.french())
	if err != nil || m.month == 0 {
		return time.Time{}, s
	}
	if m.year == noYear {
		m.year = p.first.Year()
		for _, year := range []int{m.year - 1, m.year + 1} {
			if other := (moment{year: year, month: m.month, day: m.day}); apart(other.date(), p.first) < apart(m.date(), p.first) {
				m = other
			}
		}
	}
	if !m.exists() || !m.plausible() {
		return time.Time{}, s
	}
	return m.date(), rest
}

func apart(a, b time.Time) time.Duration { return a.Sub(b).Abs() }

// cutNth reads "jour 2", "2e jour", "deuxième jour", "day two" is not one.
func cutNth(s string) (n int, rest string) {
	day := func(l *language) []string { return l.day }
	if after, found := cutWord(s, day); found {
		if n, rest, ok := cutNumber(after, 2); ok && endsWord("1", rest) {
			return n, rest
		}
		return 0, s
	}
	for i := range languages {
		for k, word := range languages[i].nth {
			if after, found := strings.CutPrefix(s, word+" "); found {
				if rest, found := cutWord(after, day); found {
					return k + 1, rest
				}
			}
		}
	}
	if n, after, ok := cutNumber(s, 2); ok && n > 0 {
		if after, found := cutWord(after, func(l *language) []string { return l.ordinals }); found {
			if rest, found := cutWord(strings.TrimLeft(after, " "), day); found {
				return n, rest
			}
		}
	}
	return 0, s
}

// dayLine takes in a line that names the day of what follows it: a heading that begins with it, or any line that says nothing
// else, but for hours. It stands at an offset in the text.
func (p *planner) dayLine(text string, at int, heading bool) bool {
	folded := fold(cutAt(text, slotHead))
	day, rest := p.cutDay(folded)
	if day.IsZero() {
		return false
	}
	rest = strings.Trim(rest, " ,:.|-()")
	if after, found := cutWord(rest, func(l *language) []string { return l.dayParts }); found {
		rest = after
	}
	if _, after, ok := cutSlot(strings.Trim(rest, " ,:.|-()")); ok {
		_, rest = cutZone(after)
	}
	if strings.Trim(rest, " ,:.|-()") != "" && !heading {
		return false
	}
	if name, said := weekdayOf(folded); said && name != day.Weekday() {
		p.fault(Warning, p.body.place(p.src.text, at), "%q is given, but %s is a %s: correct one of them", clip(text, 40), day.Format(time.DateOnly), day.Weekday())
	}
	p.close()
	p.newDay(day)
	return true
}
