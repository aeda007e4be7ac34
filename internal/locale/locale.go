// Package locale holds what differs between the languages crieur speaks to
// readers in: the words of its pages and the way dates and hours are said.
//
// A language is one value of [Locale], data only; another language is another
// value. French is the language of a site that names none.
package locale

import (
	"fmt"
	"strings"
	"time"
)

// A Locale is one language. Its values are constants: they are never written
// to and are safe for concurrent use.
type Locale struct {
	Tag  string // BCP 47 language tag
	Text Text

	weekdays [7]string
	short    [7]string // the same where there is little room
	months   [12]string
	first    string // the first day of a month, where it has a form of its own
	clock    string // format of hours and minutes, and of whole hours
	whole    string
	fromTo   string // first, last
	from     string // first
	until    string // last
	hours    string // start, end
	at       string // start alone
	joined   string // a date and its hours

	insteadDay  string // what was to be on a day
	insteadSpan string // from one day, or hour, to another
	insteadHour string // at an hour

	rhythms rhythms
}

// A Change says of a thing that it is no longer as it was announced. The zero
// Change says nothing.
type Change struct {
	Label string // what to call the thing as it is now: "Nouvelle date"
	Was   string // how it was: "au lieu du lundi 1er mars 2027"
}

// For returns the locale of a BCP 47 language tag: French for an empty tag
// and for every French one, English for all others.
func For(tag string) *Locale {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if primary == "" || primary == "fr" {
		return &french
	}
	return &english
}

// Date says a day in full: "mardi 5 mars 2024".
func (l *Locale) Date(t time.Time) string {
	return l.weekdays[t.Weekday()] + " " + l.day(t, true, true)
}

// Month says a month, as a heading: "Mars 2024".
func (l *Locale) Month(t time.Time) string {
	name := l.months[t.Month()-1]
	return fmt.Sprintf("%s%s %d", strings.ToUpper(name[:1]), name[1:], t.Year())
}

// Weekday says the day of the week in few letters: "mar.".
func (l *Locale) Weekday(t time.Time) string { return l.short[t.Weekday()] }

func (l *Locale) day(t time.Time, month, year bool) string {
	var b strings.Builder
	if t.Day() == 1 {
		b.WriteString(l.first)
	} else {
		fmt.Fprint(&b, t.Day())
	}
	if month {
		b.WriteString(" " + l.months[t.Month()-1])
	}
	if year {
		fmt.Fprintf(&b, " %d", t.Year())
	}
	return b.String()
}

// Hour says a time of day: "8 h 30", with no-break spaces in French.
func (l *Locale) Hour(t time.Time) string {
	if t.Minute() == 0 {
		return fmt.Sprintf(l.whole, t.Hour())
	}
	return fmt.Sprintf(l.clock, t.Hour(), t.Minute())
}

// Days says a run of whole days, both included.
func (l *Locale) Days(first, last time.Time) string {
	if sameDay(first, last) || last.IsZero() {
		return l.Date(first)
	}
	year := first.Year() != last.Year()
	month := year || first.Month() != last.Month()
	return fmt.Sprintf(l.fromTo, l.day(first, month, year), l.day(last, true, true))
}

// Between says the days from the first to the last; a zero one is not the
// first, or not the last.
func (l *Locale) Between(first, last time.Time) string {
	switch {
	case last.IsZero():
		return fmt.Sprintf(l.from, l.day(first, true, true))
	case first.IsZero():
		return fmt.Sprintf(l.until, l.day(last, true, true))
	}
	return l.Days(first, last)
}

// Span says when something takes place. The times are said in their own
// zone, which is named where it is not home. A zero end is not said.
func (l *Locale) Span(allDay bool, start, end time.Time, home *time.Location) string {
	if allDay {
		return l.Days(start, end)
	}
	var s string
	switch end = end.In(start.Location()); {
	case end.IsZero() || end.Equal(start):
		s = fmt.Sprintf(l.joined, l.Date(start), fmt.Sprintf(l.at, l.Hour(start)))
	case sameDay(start, end):
		s = fmt.Sprintf(l.joined, l.Date(start), fmt.Sprintf(l.hours, l.Hour(start), l.Hour(end)))
	default:
		s = fmt.Sprintf(l.fromTo,
			fmt.Sprintf(l.joined, l.Date(start), l.Hour(start)),
			fmt.Sprintf(l.joined, l.Date(end), l.Hour(end)))
	}
	if home != nil && start.Location().String() != home.String() && !sameOffset(start, home) {
		s += " (" + zoneName(start) + ")"
	}
	return s
}

// InsteadOfDays says that something was to take place on other days.
func (l *Locale) InsteadOfDays(first, last time.Time) string {
	return l.instead(first, last, l.Days(first, last))
}

// InsteadOfSpan says that it was to take place on other days and at other
// hours. A zero end is not said, and the zone neither.
func (l *Locale) InsteadOfSpan(start, end time.Time) string {
	return l.instead(start, end.In(start.Location()), l.Span(false, start, end, nil))
}

func (l *Locale) instead(first, last time.Time, text string) string {
	if last.IsZero() || sameDay(first, last) {
		return fmt.Sprintf(l.insteadDay, text)
	}
	return fmt.Sprintf(l.insteadSpan, text)
}

// InsteadOfHours says that something was to take place at other hours of the
// day. A zero end is not said.
func (l *Locale) InsteadOfHours(start, end time.Time) string {
	if end.IsZero() || end.Equal(start) {
		return fmt.Sprintf(l.insteadHour, l.Hour(start))
	}
	return fmt.Sprintf(l.insteadSpan, fmt.Sprintf(l.hours, l.Hour(start), l.Hour(end.In(start.Location()))))
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

func sameOffset(t time.Time, loc *time.Location) bool {
	_, a := t.Zone()
	_, b := t.In(loc).Zone()
	return a == b
}

// zoneName is the zone's IANA name, or its offset where it has none.
func zoneName(t time.Time) string {
	if name := t.Location().String(); name != "" {
		return name
	}
	return "UTC" + t.Format("-07:00")
}
