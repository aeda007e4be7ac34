package calendar

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"
)

const (
	// maxDated is how many changes a VTIMEZONE tells by their dates at most. London had some 150 before its rules.
	maxDated = 400

	// Changes without a yearly rule are told through this year. The later ones that the zone database foretells (those of
	// Gaza and Hebron, and in releases before 2026c those of Morocco) are guesses, and would make VTIMEZONE longer than
	// the 200 lines that Google reads well.
	lastDated = 2060

	// The zone database begins with local mean times, none of which ended before 1800; a DATE-TIME has four digits for
	// the year.
	oldestYear, newestYear = 1800, 9999

	// Readers compare local times, not instants: what holds for a time should do so a day before and after it.
	margin = 24 * 3600
)

// dated returns the changes that tell the times from first to last as far as the yearly rules do not: the one that set
// the offset in force at first, and those that follow.
//
// Each of these is told with the latest one before first that was between the same offsets, if there is any. That
// changes nothing, but ruby-icalendar refuses a calendar in which a part of a zone begins after an event.
func (z *zone) dated(first, last int64) []transition {
	ts := z.after(first, last)
	ts = ts[:min(len(ts), maxDated)]
	var missing []transition
	for _, t := range ts {
		if !slices.ContainsFunc(missing, t.alike) {
			missing = append(missing, t)
		}
	}
	found := false
	for t := range z.before(first) {
		if !found && !wholeMinutes(t.before) {
			t.before = t.after
		}
		if !found || slices.ContainsFunc(missing, t.alike) {
			ts = append(ts, t)
			missing = slices.DeleteFunc(missing, t.alike)
			found = true
		}
		if len(missing) == 0 {
			break
		}
	}
	if !found {
		_, offset := time.Unix(first-margin, 0).In(z.loc).Zone()
		ts = append(ts, transition{first - margin, offset, offset})
	}
	slices.SortFunc(ts, func(a, b transition) int { return cmp.Compare(a.at, b.at) })
	return ts
}

// tellsSeries returns what keeps series from first to last, as in [zone.observances], from being told in z.
func (z *zone) tellsSeries(first, last int64) error {
	if first >= z.from {
		return nil
	}
	ts := z.after(first, last)
	_, offset := time.Unix(first-margin, 0).In(z.loc).Zone()
	for _, t := range append([]transition{{first, offset, offset}}, ts...) {
		if !wholeMinutes(t.after) {
			d := time.Duration(t.after) * time.Second
			return fmt.Errorf("time zone %s was %s from UTC on %s, want whole minutes", z.name, d, DateOf(t.wall()))
		}
	}
	if z.from == math.MaxInt64 && yearOf(last) > lastDated {
		return fmt.Errorf("time zone %s has no rules that can be told, want an end of the series by %d", z.name, lastDated)
	}
	if len(ts) > maxDated {
		return fmt.Errorf("time zone %s changes more than %d times without a yearly rule", z.name, maxDated)
	}
	return nil
}

// after returns the changes from first to last that the yearly rules do not tell; more than maxDated are too many.
func (z *zone) after(first, last int64) []transition {
	var ts []transition
	from, to := first-margin, yearOf(min(last, math.MaxInt64-margin)+margin)
	for year := yearOf(from); year <= min(to, z.year-1, lastDated) && len(ts) <= maxDated; year++ {
		for _, t := range transitions(z.loc, year) {
			if t.at > from && t.at-margin <= last {
				ts = append(ts, t)
			}
		}
	}
	return ts
}

// before returns the changes before first, the latest first.
func (z *zone) before(first int64) iter.Seq[transition] {
	return func(yield func(transition) bool) {
		for year := yearOf(first - margin); year >= oldestYear; year-- {
			for _, t := range slices.Backward(transitions(z.loc, year)) {
				if t.at <= first-margin && !yield(t) {
					return
				}
			}
		}
	}
}

// alike reports whether t and o are between the same two offsets.
func (t transition) alike(o transition) bool { return t.before == o.before && t.after == o.after }

// yearOf returns the year of an instant (Unix seconds) in UTC, at most newestYear.
func yearOf(unix int64) int {
	return time.Unix(min(unix, time.Date(newestYear, 12, 31, 0, 0, 0, 0, time.UTC).Unix()), 0).UTC().Year()
}
