package crieur

import (
	"cmp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/locale"
)

// An announcement is when and where an event was first said to take place.
// What is said of it later is a move when it says otherwise; when it says
// more, or less, it is none.
type announcement struct {
	When     content.Span
	Location string
}

// announced is what is to be remembered of the announcement of an event that
// was published as old and is r from now on: nil where that is what r says. An
// event that is over has taken place and moves no more: with another day it is
// another edition, or a correction.
func (s *settings) announced(old *entry, r *content.Record, now time.Time) *announcement {
	if old.Record == nil || old.Kind != content.Event || s.over(old.Record, now) {
		return nil
	}
	a := announcement{old.Record.When, old.Record.Location}
	if old.First != nil {
		a = old.First.with(a)
	}
	if !old.Record.Repeat.IsZero() && !s.end(old.Record.When).After(now) && otherDays(a.When, r.When) {
		a.When = r.When // it has begun as announced, and now begins anew
	}
	w := a.When
	if w.AllDay == r.When.AllDay && w.Start.Equal(r.When.Start) && w.End.Equal(r.When.End) && a.Location == r.Location {
		return nil
	}
	return &a
}

// with is a with what only the later b says: hours, an end, a place.
func (a announcement) with(b announcement) announcement {
	switch {
	case a.When.AllDay && !b.When.AllDay && !otherDays(a.When, b.When),
		!a.When.AllDay && !b.When.AllDay && a.When.End.IsZero() && a.When.Start.Equal(b.When.Start):
		a.When = b.When
	}
	a.Location = cmp.Or(a.Location, b.Location)
	return a
}

// changes says what of the day, the hours and the place of an event is no
// longer as it was announced; of one that is cancelled, nothing.
func (s *settings) changes(e *entry) (when, where locale.Change) {
	if e.First == nil || e.cancelled() {
		return when, where
	}
	t := &s.words.Text
	was, is := e.First.When, e.Record.When
	switch days, hours := otherDays(was, is), otherHours(was, is); {
	case !was.AllDay && !is.AllDay && was.Start.Equal(is.Start) && (was.End.IsZero() || is.End.IsZero() || was.End.Equal(is.End)):
		// The same, perhaps told in another zone.
	case days && hours:
		when = locale.Change{Label: t.NewDate, Was: s.words.InsteadOfSpan(was.Start, was.End)}
	case days:
		when = locale.Change{Label: t.NewDate, Was: s.words.InsteadOfDays(was.Start, lastDay(was))}
	case hours && sameDay(was.Start, lastDay(was)):
		when = locale.Change{Label: t.NewHours, Was: s.words.InsteadOfHours(was.Start, was.End)}
	case hours:
		when = locale.Change{Label: t.NewHours, Was: s.words.InsteadOfSpan(was.Start, was.End)}
	}
	if when.Label == t.NewDate && (!sameDay(is.Start, lastDay(is)) || !e.Record.Repeat.IsZero()) {
		when.Label = t.NewDates
	}
	if otherPlace(e.First.Location, e.Record.Location) {
		where = locale.Change{Label: t.NewPlace, Was: t.Originally + t.Colon + e.First.Location}
	}
	return when, where
}

// lastDay is a time on the last day of a span. What takes less than 24 hours
// is a matter of the day it begins on, until whatever hour of the night.
func lastDay(w content.Span) time.Time {
	if !w.AllDay && w.End.Sub(w.Start) < 24*time.Hour {
		return w.Start // also where there is no end
	}
	return w.End.In(w.Start.Location())
}

// otherDays reports whether a and b are on other days, as far as both say: the
// last is not known of a time without an end.
func otherDays(a, b content.Span) bool {
	return !sameDay(a.Start, b.Start) || !a.End.IsZero() && !b.End.IsZero() && !sameDay(lastDay(a), lastDay(b))
}

// otherHours reports whether a and b are at other hours by the clock, as far
// as both say.
func otherHours(a, b content.Span) bool {
	clock := func(w content.Span, t time.Time) string { return t.In(w.Start.Location()).Format(time.TimeOnly) }
	switch {
	case a.AllDay || b.AllDay:
		return false
	case clock(a, a.Start) != clock(b, b.Start):
		return true
	}
	return !a.End.IsZero() && !b.End.IsZero() && clock(a, a.End) != clock(b, b.End)
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// otherPlace reports whether a and b are two places. One that has all the words
// of the other in a row, whatever their case, accents and signs between them,
// is the same with its address, or without.
func otherPlace(a, b string) bool {
	a, b = words(a), words(b)
	return !strings.Contains(a, b) && !strings.Contains(b, a)
}

// words are the words of s, each between two spaces; a space if there are none.
func words(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 0x0300 && r <= 0x036f: // accents
			return -1
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.M, r):
			return r
		}
		return ' '
	}, norm.NFKD.String(caseless(s)))
	return " " + strings.Join(append(strings.Fields(s), ""), " ")
}
