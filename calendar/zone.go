package calendar

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// A zone is a time zone as it is told to readers: the rules of its latest era, those that hold now and, as far as the
// zone database knows, for ever, and the place to look up what was before.
type zone struct {
	loc  *time.Location
	name string // empty: not of the zone database
	from int64  // the first second (Unix) at which the rules are exact, for every reader; math.MaxInt64: there are none
	year int    // the first whose changes are all told by the rules

	std, dst change // the change to the smaller, and to the larger offset; a zone without change has only std.after
	abbr     [2]string
	yearly   bool
}

const (
	// No zone of the database has irregular years as late as this (Morocco's were foretold until 2087), and 28 years
	// hold every kind of year if none is 2100, which is no leap year.
	farYear   = 2101
	farCycle  = 28
	firstYear = 1970
)

// zones remembers the last zone computed for a name. It is a memo of a pure function of an immutable value: what it
// holds is used for an equal Location only, so it can save time but never change a result. It cannot grow
// beyond the number of names, and may be used by any number of goroutines.
var zones sync.Map // string → *zone

// zoneOf returns the zone in which events in loc are told, or nil if it must be UTC: its rules do not fit one STANDARD
// and one DAYLIGHT, or it has no name that readers know.
func zoneOf(loc *time.Location) *zone {
	if z := seriesZoneOf(loc); z != nil && z.simple() {
		return z
	}
	return nil
}

// seriesZoneOf returns the zone in which a series in loc is told, or nil if loc has no name that readers know. UTC
// and fixed offsets have none and need none. A series cannot be told in UTC elsewhere, where its local hour would
// move; see [zone.tellsSeries].
func seriesZoneOf(loc *time.Location) *zone {
	name := loc.String()
	if !isZoneName(name) || loc == time.UTC {
		return nil
	}
	if v, ok := zones.Load(name); ok {
		if z := v.(*zone); z.loc == loc || reflect.DeepEqual(z.loc, loc) {
			return z
		}
	}
	z := newZone(name, loc)
	if z.name == "" {
		return nil
	}
	zones.Store(name, z)
	return z
}

// newZone finds the latest era of loc. If loc is not of the zone database the zone has no name.
func newZone(name string, loc *time.Location) *zone {
	z := &zone{loc: loc, from: math.MaxInt64, year: math.MaxInt}
	if !hasHistory(loc) {
		return z
	}
	z.name = name
	if z.findRules() {
		z.findEra()
	} else {
		z.std, z.dst, z.abbr = change{}, change{}, [2]string{}
	}
	return z
}

// simple reports whether the rules are of the one form that all readers understand.
func (z *zone) simple() bool {
	return z.from < math.MaxInt64 && (!z.yearly || z.std.nth() != 0 && z.dst.nth() != 0)
}

// hasHistory reports whether loc comes from the zone database, where every place had a local mean time first. A
// [time.FixedZone] never changed: its name, if any, is its owner's.
func hasHistory(loc *time.Location) bool {
	start, end := time.Unix(0, 0).In(loc).ZoneBounds()
	return !start.IsZero() || !end.IsZero()
}

// isZoneName reports whether s can be the name of a zone of the database; "Local" is the machine's.
func isZoneName(s string) bool {
	for i := range len(s) {
		if !is(s[i], alnum) && (i == 0 || strings.IndexByte("/_-+", s[i]) < 0) {
			return false
		}
	}
	return s != "" && s != "Local" && s != "UTC"
}

// findRules sets the rules from what holds in far years, and reports whether they can be expressed.
func (z *zone) findRules() bool {
	first := transitions(z.loc, farYear)
	switch len(first) {
	case 0:
		for y := farYear; y < farYear+farCycle; y++ {
			if len(transitions(z.loc, y)) > 0 {
				return false
			}
		}
		abbr, offset := time.Date(farYear, 1, 1, 0, 0, 0, 0, time.UTC).In(z.loc).Zone()
		z.std.before, z.std.after = offset, offset
		z.abbr[0] = abbr
		return wholeMinutes(offset)
	case 2:
	default:
		return false
	}
	years := make([][]transition, farCycle)
	for i := range years {
		years[i] = transitions(z.loc, farYear+i)
		if len(years[i]) != 2 {
			return false
		}
	}
	a, ok := changeOf(years, 0)
	b, ok2 := changeOf(years, 1)
	if !ok || !ok2 || a.after != b.before || b.after != a.before {
		return false
	}
	z.std, z.dst = a, b
	if a.after > b.after {
		z.std, z.dst = b, a
	}
	z.yearly = true
	for i, c := range [2]change{z.std, z.dst} {
		z.abbr[i] = z.nameAt(c.in(farYear))
	}
	return true
}

// findEra goes back from far years as long as the rules tell every transition, and sets from and year.
//
// Yearly rules are used from a day after both changes took place for the first time: some readers fail on a part of a
// VTIMEZONE that begins after an event.
func (z *zone) findEra() {
	z.year = farYear
	for z.year > firstYear && z.exactIn(z.year-1) {
		z.year--
	}
	switch {
	case z.yearly:
		z.from = math.MinInt64
		for _, y := range z.rules() {
			z.from = max(z.from, y.onset.at+margin)
		}
	case z.year == firstYear:
		z.from = time.Date(firstYear, 1, 1, 0, 0, -z.std.after, 0, time.UTC).Unix()
	default:
		ts := transitions(z.loc, z.year-1)
		t := ts[len(ts)-1]
		z.from = t.at + int64(max(1, t.before-t.after)) // after the change, at which KCalendarCore finds no zone, and the local times that came twice
	}
}

// rules returns the yearly rules, with their first changes in the era.
func (z *zone) rules() []yearlyRule {
	return slices.Concat(z.std.rules(z.year), z.dst.rules(z.year))
}

// exactIn reports whether the rules tell every transition of a year.
func (z *zone) exactIn(year int) bool {
	ts := transitions(z.loc, year)
	if !z.yearly {
		return len(ts) == 0
	}
	if len(ts) != 2 {
		return false
	}
	a, b := z.std, z.dst
	if b.in(year) < a.in(year) {
		a, b = b, a
	}
	return ts[0] == transition{a.in(year), a.before, a.after} && ts[1] == transition{b.in(year), b.before, b.after}
}

// tells reports whether the local time of t in z means t, for every reader: t is in the era of the rules, its wall clock
// does not come twice, and it is not in the night before a change, since ts-ics moves the clocks at midnight.
func (z *zone) tells(t time.Time) bool {
	unix := t.Unix()
	if unix < z.from {
		return false
	}
	if !z.yearly {
		return true
	}
	const day = 24 * 3600
	_, offset := t.Zone()
	start, end := t.ZoneBounds()
	twice := int64(z.dst.after - z.std.after)
	switch {
	case (unix+int64(offset))/day == (end.Unix()+int64(offset))/day:
		return false
	case offset == z.std.after:
		return unix-start.Unix() > twice // ruby-icalendar takes the end of that hour for a part of it
	}
	return end.Unix()-unix > twice
}

// nameAt returns the abbreviation in use at an instant (Unix seconds).
func (z *zone) nameAt(unix int64) string {
	name, _ := time.Unix(unix, 0).In(z.loc).Zone()
	return name
}

// same reports whether z and o are written alike and exact from the same instant.
func (z *zone) same(o *zone) bool {
	a, b := *z, *o
	a.loc, b.loc = nil, nil
	return a == b
}
