package calendar

import (
	"fmt"
	"strings"
	"time"
)

// days are the names of the weekdays in a recurrence rule (RFC 5545, section 3.3.10).
var days = [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// timezone writes the VTIMEZONE of z (RFC 5545, section 3.6.5): one STANDARD and at most one DAYLIGHT, each with a
// yearly rule of one weekday, which is the only form that all clients read alike. It depends on the zone alone.
func (l *lineWriter) timezone(z *zone, first, last int64) {
	l.name("BEGIN").raw("VTIMEZONE")
	l.name("TZID").raw(z.name)
	for _, o := range z.observances() {
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

// observances returns the parts of z's VTIMEZONE. STANDARD is the part of the smaller offset, whatever the zone
// database calls it: in Dublin it says that winter is the daylight saving time.
func (z *zone) observances() []observance {
	if !z.yearly {
		return []observance{z.std.observance("STANDARD", z.abbr[0], "19700101T000000", "")}
	}
	year := time.Unix(z.from, 0).UTC().Year()
	return []observance{
		z.std.observance("STANDARD", z.abbr[0], z.std.onset(year), z.std.rule()),
		z.dst.observance("DAYLIGHT", z.abbr[1], z.dst.onset(year), z.dst.rule()),
	}
}

func (c change) observance(kind, abbr, onset, rule string) observance {
	o := observance{kind, [][2]string{{"DTSTART", onset}}}
	if rule != "" {
		o.lines = append(o.lines, [2]string{"RRULE", rule})
	}
	if !strings.ContainsFunc(abbr, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`\;,`, r) }) && abbr != "" {
		o.lines = append(o.lines, [2]string{"TZNAME", abbr})
	}
	o.lines = append(o.lines, [2]string{"TZOFFSETFROM", utcOffset(c.before)}, [2]string{"TZOFFSETTO", utcOffset(c.after)})
	return o
}

// onset returns the local time of the change in a year, in the offset before it.
func (c change) onset(year int) string {
	return string(appendDateTime(nil, time.Unix(c.in(year)+int64(c.before), 0).UTC()))
}

func (c change) rule() string {
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", c.month, c.nth, days[c.weekday])
}

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
