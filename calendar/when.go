package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// A When says when an event takes place: on whole days, or from one instant to another.
// It is made by [Days], [Between] or [At], so that the two ends are always of one kind.
// The zero When is no time at all, which is a fault in an [Event].
type When struct {
	first, last Date      // whole days, both included; zero for a timed When
	start, end  time.Time // whole days: midnight UTC of first and last
}

// Days returns the whole days from first to last, both included, as people say it.
// An event of one day has the same day twice.
func Days(first, last Date) When {
	return When{first, last, first.midnight(), last.midnight()}
}

// Between returns the time from start to end, which must be later. It is told in the location of start.
func Between(start, end time.Time) When {
	return When{start: start, end: end.In(start.Location())}
}

// At returns a time that begins at start and whose end is not known.
func At(start time.Time) When { return When{start: start} }

// AllDay reports whether w is of whole days.
func (w When) AllDay() bool { return !w.first.IsZero() || !w.last.IsZero() }

// IsZero reports whether w is no time at all.
func (w When) IsZero() bool { return !w.AllDay() && w.start.IsZero() && w.end.IsZero() }

// Start returns the beginning of w: for whole days, midnight UTC of the first day.
func (w When) Start() time.Time { return w.start }

// End returns the end of w: the zero Time if it has none, and for whole days midnight UTC of the last day,
// which is still part of w.
func (w When) End() time.Time { return w.end }

// Compare returns -1, 0 or +1 as w comes before, together with, or after v: by start, whole days before
// times of the same instant, then by end.
func (w When) Compare(v When) int {
	if c := w.start.Compare(v.start); c != 0 {
		return c
	}
	if a := w.AllDay(); a != v.AllDay() {
		if a {
			return -1
		}
		return +1
	}
	return cmp.Or(w.end.Compare(v.end), w.first.Compare(v.first), w.last.Compare(v.last))
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
	if w.end.IsZero() {
		return nil
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
	return errors.Join(checkYear(t.Year()), checkYear(t.UTC().Year()))
}

func checkYear(y int) error {
	if y < 1 || y > 9999 {
		return fmt.Errorf("year %d, want 1 to 9999", y)
	}
	return nil
}
