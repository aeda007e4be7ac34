package calendar

import (
	"fmt"
	"slices"
	"strings"
)

// timezone writes the VTIMEZONE of z (RFC 5545, section 3.6.5) for times from first to last, as in [zone.observances].
func (l *lineWriter) timezone(z *zone, first, last int64) {
	l.name("BEGIN").raw("VTIMEZONE")
	l.name("TZID").raw(z.name)
	for _, o := range z.observances(first, last) {
		l.name("BEGIN").raw(o.kind)
		for _, p := range o.lines {
			l.name(p[0]).raw(p[1])
		}
		l.name("END").raw(o.kind)
	}
	l.name("END").raw("VTIMEZONE")
}

// An observance is a STANDARD or DAYLIGHT part: its properties, by name and value.
type observance struct {
	kind  string
	lines [][2]string
}

// The kinds of an observance. STANDARD is the part of the smaller offset, whatever the zone database calls it: in
// Dublin it says that winter is the daylight saving time.
const (
	standard = "STANDARD"
	daylight = "DAYLIGHT"
)

// observances returns the parts of z's VTIMEZONE, which tells every time from first to last (Unix seconds): the
// earliest start and the latest end of all that is told in z, or [math.MaxInt64] if a series in it has no end.
//
// Times in the latest era need its rules alone. For earlier times each change is told by its date, up to the rules. So
// are, through the year 2060, the changes of zones that have no rules for long, such as those of Gaza.
func (z *zone) observances(first, last int64) []observance {
	if first >= z.from {
		return z.era()
	}
	var list []observance
	for ts := z.dated(first, last); len(ts) > 0; {
		t := ts[0]
		list = append(list, z.onDates(slices.DeleteFunc(slices.Clone(ts), func(o transition) bool { return !t.alike(o) })))
		ts = slices.DeleteFunc(ts, t.alike)
	}
	if z.yearly && z.year <= lastDated && last >= min(z.std.in(z.year), z.dst.in(z.year))-margin {
		list = append(list, z.era()...)
	}
	if !slices.ContainsFunc(list, func(o observance) bool { return o.kind == standard }) {
		for i := range list {
			list[i].kind = standard // without one, some readers fail
		}
	}
	return list
}

// era returns the parts of the latest era: where a weekday of the month can tell them, one STANDARD and at most one
// DAYLIGHT, each with a yearly rule, which is the only form that all clients read alike. It depends on the zone alone.
func (z *zone) era() []observance {
	if !z.yearly {
		offset := z.std.after
		return []observance{newObservance(transition{int64(-offset), offset, offset}, z.abbr[0])}
	}
	var list []observance
	for i, c := range [...]change{z.std, z.dst} {
		for _, r := range c.rules(z.year) {
			list = append(list, newObservance(r.onset, z.abbr[i], [2]string{"RRULE", r.rule}))
		}
	}
	return list
}

// onDates returns the part of changes between the same two offsets. Of several dates the first is told twice, as DTSTART
// and as RDATE, and each RDATE has a line of its own: ical.js overlooks a DTSTART beside an RDATE, and all of a list but
// its first; ruby-icalendar refuses a list.
func (z *zone) onDates(ts []transition) observance {
	var dates [][2]string
	abbr := z.nameAt(ts[0].at)
	for _, t := range ts {
		if len(ts) > 1 {
			dates = append(dates, [2]string{"RDATE", t.dateTime()})
		}
		if z.nameAt(t.at) != abbr {
			abbr = ""
		}
	}
	return newObservance(ts[0], abbr, dates...)
}

// newObservance returns the part that begins with a change; more stands after its DTSTART.
func newObservance(onset transition, abbr string, more ...[2]string) observance {
	kind := standard
	if onset.after > onset.before {
		kind = daylight
	}
	lines := append([][2]string{{"DTSTART", onset.dateTime()}}, more...)
	if abbr != "" && !strings.ContainsFunc(abbr, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`\;,`, r) }) {
		lines = append(lines, [2]string{"TZNAME", abbr})
	}
	return observance{kind, append(lines, [2]string{"TZOFFSETFROM", utcOffset(onset.before)}, [2]string{"TZOFFSETTO", utcOffset(onset.after)})}
}

// dateTime returns the local time of t in the offset before it.
func (t transition) dateTime() string { return string(appendDateTime(nil, t.wall())) }

// utcOffset returns an offset in seconds as +hhmm (RFC 5545, section 3.3.14).
func utcOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}

// utcZone is the VTIMEZONE that keeps a calendar without events valid when it has no other.
var utcZone = zone{name: "Etc/UTC", abbr: [2]string{"UTC", ""}}
