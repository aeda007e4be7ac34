package calendar

import (
	"strings"
	"sync"
	"time"
)

// A zone is the latest era of a time zone: the rules that hold now and, as far as the zone database knows, for ever.
type zone struct {
	loc  *time.Location
	name string
	from int64 // the first second (Unix) at which the rules are exact; no event before it is told in this zone

	std, dst change // the change to the smaller, and to the larger offset; a zone without change has only std.after
	abbr     [2]string
	yearly   bool
}

// A change is the rule of a yearly change of offset: at this wall clock, told in the offset before it.
type change struct {
	month         time.Month
	weekday       time.Weekday
	nth           int // 1 to 4 from the beginning of the month, or -1 for the last
	clock         int // seconds after midnight
	before, after int // offsets in seconds east of UTC
}

// A transition is an instant at which a zone really changes its offset.
type transition struct {
	at            int64 // Unix seconds
	before, after int
}

const (
	// No zone of the database has irregular years as late as this (Morocco's were foretold until 2087), and 28 years
	// hold every kind of year.
	farYear   = 2100
	farCycle  = 28
	firstYear = 1970
)

// zones remembers the last zone computed for a name. It is a memo of a pure function of an immutable value: what it
// holds is used for the very same Location only, so it can save time but never change a result. It cannot grow
// beyond the number of names, and may be used by any number of goroutines.
var zones sync.Map // string → *zone

// zoneOf returns the rules of loc, or nil if events in it must be told in UTC: its rules do not fit one STANDARD and
// one DAYLIGHT, or it has no name that readers know.
func zoneOf(loc *time.Location) *zone {
	name := loc.String()
	if !isZoneName(name) || loc == time.UTC {
		return nil
	}
	if v, ok := zones.Load(name); ok && v.(*zone).loc == loc {
		return v.(*zone).usable()
	}
	z := newZone(name, loc)
	zones.Store(name, z)
	return z.usable()
}

// usable returns z, or nil if it only records that there are no rules.
func (z *zone) usable() *zone {
	if z.name == "" {
		return nil
	}
	return z
}

// newZone finds the latest era of loc. If it cannot be expressed the zone has no name.
func newZone(name string, loc *time.Location) *zone {
	z := &zone{loc: loc}
	if !hasHistory(loc) || !z.findRules() {
		return z
	}
	z.name = name
	z.findEra()
	return z
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
		return offset%60 == 0
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
		z.abbr[i], _ = time.Unix(c.in(farYear), 0).In(z.loc).Zone()
	}
	return true
}

// changeOf returns the one rule that gives the i-th transition of each year.
func changeOf(years [][]transition, i int) (change, bool) {
	first := years[0][i]
	wall := time.Unix(first.at+int64(first.before), 0).UTC()
	c := change{
		month:   wall.Month(),
		weekday: wall.Weekday(),
		clock:   wall.Hour()*3600 + wall.Minute()*60 + wall.Second(),
		before:  first.before,
		after:   first.after,
	}
	if c.before%60 != 0 || c.after%60 != 0 {
		return c, false
	}
	for _, c.nth = range [...]int{-1, 1, 2, 3, 4} {
		ok := true
		for y, t := range years {
			ok = ok && t[i] == transition{c.in(farYear + y), c.before, c.after}
		}
		if ok {
			return c, true
		}
	}
	return c, false
}

// findEra goes back from far years as long as the rules tell every transition, and sets from.
func (z *zone) findEra() {
	year := farYear - 1
	for year >= firstYear && z.exactIn(year) {
		year--
	}
	switch {
	case z.yearly:
		z.from = min(z.std.in(year+1), z.dst.in(year+1))
	case year < firstYear:
		z.from = time.Date(firstYear, 1, 1, 0, 0, -z.std.after, 0, time.UTC).Unix()
	default:
		ts := transitions(z.loc, year)
		z.from = ts[len(ts)-1].at
	}
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

// in returns the instant (Unix seconds) of the change in a year.
func (c change) in(year int) int64 {
	day := time.Date(year, c.month, 1, 0, 0, 0, 0, time.UTC)
	if c.nth < 0 {
		day = time.Date(year, c.month+1, 1, 0, 0, 0, 0, time.UTC)
	}
	ahead := int(c.weekday-day.Weekday()+7) % 7
	if c.nth < 0 {
		ahead -= 7 // of the first such weekday of the next month
	} else {
		ahead += 7 * (c.nth - 1)
	}
	return day.Unix() + int64(ahead*24*3600+c.clock-c.before)
}

// transitions returns the transitions of loc in a year of UTC.
//
// ZoneBounds alone does not do: in the years of the zone's last rule it also gives bounds at which nothing changes,
// and on 31 December of leap years an end that is not later than the time asked.
func transitions(loc *time.Location, year int) []transition {
	var ts []transition
	t := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Second).In(loc)
	limit := time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC)
	for {
		_, end := t.ZoneBounds()
		if end.IsZero() {
			return ts
		}
		if !end.After(t) {
			end = t.Add(24 * time.Hour)
		}
		if !end.Before(limit) {
			return ts
		}
		_, before := end.Add(-time.Second).Zone()
		_, after := end.Zone()
		if before != after {
			ts = append(ts, transition{end.Unix(), before, after})
		}
		t = end
	}
}

// tells reports whether the local time of t in z means t, for every reader: t is in the era of the rules, and its
// wall clock does not come twice.
func (z *zone) tells(t time.Time) bool {
	if t.Unix() < z.from {
		return false
	}
	if !z.yearly {
		return true
	}
	_, offset := t.Zone()
	other := z.std.after
	if other == offset {
		other = z.dst.after
	}
	_, then := t.Add(time.Duration(offset-other) * time.Second).Zone()
	return then != other
}

// same reports whether z and o are written alike and exact from the same instant.
func (z *zone) same(o *zone) bool {
	a, b := *z, *o
	a.loc, b.loc = nil, nil
	return a == b
}
