package calendar

import (
	"cmp"
	"fmt"
	"time"
)

// A When says when an event takes place: on whole days, or from one instant to another.
// It is made by [Days], [Between] or [At], so that the two ends are always of one kind.
// The zero When is no time at all, which is a fault in an [Event].
type When struct {
	first, last Date      // whole days, both included; zero for a timed When
	start, end  time.Time // whole days: midnight UTC of first and last; floating: the clock's reading, in UTC
	floating    bool
	open        bool // without an end
}

// Days returns the whole days from first to last, both included, as people say it.
// An event of one day has the same day twice.
func Days(first, last Date) When {
	if first.IsZero() && last.IsZero() {
		return When{}
	}
	return When{first: first, last: last, start: first.midnight(), end: last.midnight()}
}

// Between returns the time from start to end, which must be later. It is told in the location of start.
func Between(start, end time.Time) When {
	return When{start: start, end: end.In(start.Location())}
}

// At returns a time that begins at start and whose end is not known.
func At(start time.Time) When { return When{start: start, open: true} }

// Floating returns w as what clocks show, in whatever zone they are: a local time without a zone (RFC 5545, section
// 3.3.5, form 1). Few events are of that kind, and some readers take them to be in UTC. Whole days are returned as they
// are.
func (w When) Floating() When {
	if w.AllDay() || w.floating || w.start.IsZero() {
		return w
	}
	w.start, w.floating = onClock(w.start), true
	if !w.end.IsZero() {
		w.end = onClock(w.end)
	}
	return w
}

// onClock returns what a clock in t's location shows, as a time in UTC.
func onClock(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// IsFloating reports whether w is a local time without a zone.
func (w When) IsFloating() bool { return w.floating }

// AllDay reports whether w is of whole days.
func (w When) AllDay() bool { return !w.first.IsZero() || !w.last.IsZero() }

// IsZero reports whether w is no time at all.
func (w When) IsZero() bool { return !w.AllDay() && w.start.IsZero() && w.end.IsZero() }

// Start returns the beginning of w: for whole days, midnight UTC of the first day; for a floating time, what clocks show,
// in UTC.
func (w When) Start() time.Time { return w.start }

// End returns the end of w: the zero Time if it has none. For whole days it is midnight UTC of the last day, which is
// still part of w.
func (w When) End() time.Time { return w.end }

// Compare returns -1, 0 or +1 as w comes before, together with, or after v: by start, whole days before floating times
// before instants of the same Start, then by end.
func (w When) Compare(v When) int {
	if c := w.start.Compare(v.start); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(w.kind(), v.kind()), w.end.Compare(v.end), w.first.Compare(v.first), w.last.Compare(v.last))
}

// kind tells whole days, floating times and instants apart, in this order.
func (w When) kind() int {
	switch {
	case w.AllDay():
		return 0
	case w.floating:
		return 1
	}
	return 2
}

// check returns what keeps w from being written.
func (w When) check() error {
	switch {
	case w.AllDay():
		return w.checkDays()
	case w.start.IsZero():
		return ErrMissing
	}
	if err := checkTime(w.start); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	switch {
	case w.open:
		return nil
	case w.end.IsZero():
		return fmt.Errorf("end: %w", ErrMissing)
	}
	if err := checkTime(w.end); err != nil {
		return fmt.Errorf("end: %w", err)
	}
	if !w.end.After(w.start) {
		return fmt.Errorf("%w: end %s, start %s", ErrOrder, w.end.Format(time.RFC3339), w.start.Format(time.RFC3339))
	}
	return nil
}

func (w When) checkDays() error {
	for _, d := range [...]Date{w.first, w.last} {
		if !d.valid() {
			return fmt.Errorf("%s is not a day of the calendar", d)
		}
	}
	if w.last.Compare(w.first) < 0 {
		return fmt.Errorf("%w: last day %s, first day %s", ErrOrder, w.last, w.first)
	}
	if err := checkYear(w.first.Year); err != nil {
		return err
	}
	return checkYear(w.last.AddDays(1).Year) // DTEND is the day after
}

// checkTime returns what keeps t from being written as a DATE-TIME (RFC 5545, section 3.3.5),
// in its own location as well as in UTC.
func checkTime(t time.Time) error {
	if t.Nanosecond() != 0 {
		return fmt.Errorf("%s has a fraction of a second, want whole seconds", t.Format(time.RFC3339Nano))
	}
	if unix := t.Unix(); unix > -62e9 && unix < 253e9 { // years 5 to 9987
		return nil
	}
	if err := checkYear(t.Year()); err != nil {
		return err
	}
	return checkYear(t.UTC().Year())
}

func checkYear(y int) error {
	if y < 1 || y > 9999 {
		return fmt.Errorf("year %d, want 1 to 9999", y)
	}
	return nil
}
