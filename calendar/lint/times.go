package lint

import (
	"time"

	"github.com/crieur/crieur/internal/contentline"
)

// times compares the times of one component with one another.
func (l *linter) times(n *component) {
	start := momentOf(n.prop("DTSTART"))
	endName := "DTEND"
	if n.name == "VTODO" {
		endName = "DUE"
	}
	endLine := n.prop(endName)
	end := momentOf(endLine)
	length := n.prop("DURATION")
	if endLine != nil && length != nil {
		l.report("end-and-duration", n, length, 0, "DURATION besides %s, want one of them", endName)
	}
	if start.kind != 0 && end.kind != 0 {
		l.ends(n, start, end)
	}
	if d, reason := durationOf(length); start.kind != 0 && length != nil && reason == "" {
		l.long(n, length, start, time.Duration(min(d.days, 1e5))*24*time.Hour)
		if start.kind == aDay && d.clock && d.seconds != 0 {
			l.reportValue("duration-of-day", n, length, "DURATION is %q, but DTSTART is a date: want whole days", excerpt(length.Value))
		}
	}
	l.onClock(n, start)
	l.onClock(n, end)
	if start.kind != 0 && n.name != "VFREEBUSY" {
		if year := start.wall.Year(); year < 1900 {
			l.reportValue("year-early", n, start.line, "DTSTART is in the year %d", year)
		}
		if start.kind == floating {
			l.reportValue("floating", n, start.line, "DTSTART is a time without a zone, which is another instant for each reader")
		}
	}
	if n.name == "VFREEBUSY" && start.kind != inUTC && start.kind != 0 {
		l.reportValue("not-utc", n, start.line, "DTSTART is %q, want UTC with Z in a VFREEBUSY", excerpt(start.line.Value))
	}
	created, modified := momentOf(n.prop("CREATED")), momentOf(n.prop("LAST-MODIFIED"))
	if created.kind == inUTC && modified.kind == inUTC && modified.wall.Before(created.wall) {
		l.reportValue("modified-before-created", n, modified.line, "LAST-MODIFIED is %s, before CREATED, %s", modified, created)
	}
}

// How long an event may be, of whole days or else, before it is surely a mistake.
const (
	mostDays  = 5 * 366
	mostHours = 366 * 24
)

// long reports an event that takes too many days.
func (l *linter) long(n *component, p *contentline.Line, start moment, length time.Duration) {
	most := mostHours * time.Hour
	if start.kind == aDay {
		most = mostDays * 24 * time.Hour
	}
	if length > most && n.name == "VEVENT" {
		l.reportValue("event-long", n, p, "the event takes %d days", int(length/(24*time.Hour)))
	}
}

// onClock looks at local times which a clock does not show, or shows twice.
func (l *linter) onClock(n *component, m moment) {
	if m.kind != zoned || l.location(m.tzid) == nil {
		return
	}
	switch offsets := validOffsets(l.location(m.tzid), m.wall); len(offsets) {
	case 0:
		l.reportValue("time-skipped", n, m.line, "%s is %s, when clocks skip that hour", m.line.Name, m)
	case 2:
		l.reportValue("time-twice", n, m.line, "%s is %s, an hour that clocks show twice", m.line.Name, m)
	}
}

// ends compares the end with the start (RFC 5545, section 3.8.2.2 and 3.8.2.3).
func (l *linter) ends(n *component, start, end moment) {
	name := end.line.Name
	if (start.kind == aDay) != (end.kind == aDay) {
		l.reportValue("end-of-other-kind", n, end.line, "%s is %s, but DTSTART is %s", name, end.kind, start.kind)
		return
	}
	if (start.kind == floating) != (end.kind == floating) {
		l.reportValue("end-of-other-kind", n, end.line, "%s is %s, but DTSTART is %s", name, end.kind, start.kind)
		return
	}
	from, to := start.wall, end.wall
	if start.kind != end.kind || start.tzid != end.tzid {
		var ok bool
		if from, to, ok = l.instants(start, end); !ok {
			return
		}
		if start.kind != end.kind && n.name == "VEVENT" {
			l.reportValue("end-in-other-zone", n, end.line, "%s is %s, but DTSTART is %s", name, end.kind, start.kind)
		}
	}
	switch {
	case to.Before(from):
		rule := "dtend-before-dtstart"
		if name == "DUE" {
			rule = "due-before-dtstart"
		}
		l.reportValue(rule, n, end.line, "%s is %s, before DTSTART, %s", name, end, start)
	case to.Equal(from) && name == "DTEND" && start.kind == aDay:
		l.reportValue("dtend-same-day", n, end.line, "DTEND is %s, the same day as DTSTART, want the day after the last", end)
	case to.Equal(from) && name == "DTEND":
		l.reportValue("dtend-equals-dtstart", n, end.line, "DTEND is %s, the same as DTSTART", end)
	default:
		l.long(n, end.line, start, to.Sub(from))
	}
}

// durationOf reads the DURATION that is the value of p, which may be nil.
func durationOf(p *contentline.Line) (span, string) {
	if p == nil {
		return span{}, "it is missing"
	}
	return readDuration(p.Value)
}

// instants returns the instants of two times of different zones, if their zones are known.
func (l *linter) instants(a, b moment) (x, y time.Time, ok bool) {
	x, okX := l.instant(a)
	y, okY := l.instant(b)
	return x, y, okX && okY
}

// instant returns the instant that m is, if its zone is in the database.
func (l *linter) instant(m moment) (time.Time, bool) {
	switch m.kind {
	case inUTC:
		return m.wall, true
	case zoned:
		if loc := l.location(m.tzid); loc != nil {
			return inLocation(m.wall, loc), true
		}
	}
	return time.Time{}, false
}

// inLocation returns the instant at which clocks of a location show what wall shows.
func inLocation(wall time.Time, loc *time.Location) time.Time {
	return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, loc)
}

// habits looks at what clients make of a component that is valid.
func (l *linter) habits(n *component) {
	if n.name != "VEVENT" {
		return
	}
	if n.prop("SUMMARY") == nil && n.prop("RECURRENCE-ID") == nil {
		l.reportNode("summary-missing", n, "SUMMARY", "the VEVENT has no SUMMARY")
	}
	if n.prop("ATTENDEE") != nil && l.publishes(n.parent) {
		l.noteOnce("attendee-published", n, "the VEVENT names who attends, in a calendar for everybody")
	}
	if p := n.prop("RRULE"); p != nil && momentOf(n.prop("DTSTART")).kind == inUTC {
		l.report("rrule-in-utc", n, p, 0, "the series is in UTC, so its local hour moves where clocks change")
	}
	if p := n.prop("RECURRENCE-ID"); p != nil && p.Param("RANGE") != "" {
		l.report("range", n, p, paramIndex(p, "RANGE"), "RECURRENCE-ID with RANGE, which most readers take for one date")
	}
}

// publishes reports whether a calendar is one to subscribe to.
func (l *linter) publishes(c *component) bool {
	return c != nil && (c.prop("METHOD") == nil || isOneOf("PUBLISH", c.value("METHOD")))
}

// noteOnce reports what is worth saying once for a document.
func (l *linter) noteOnce(rule string, n *component, format string, args ...any) {
	if l.counts[rule] == 0 {
		l.reportNode(rule, n, "", format, args...)
	}
}

// moments returns the times of all properties of a name.
func (n *component) moments(name string) []moment {
	var all []moment
	for _, p := range n.props {
		if p.Name != name {
			continue
		}
		tzid := p.Param("TZID")
		for _, value := range contentline.Split(p.Value, ',') {
			if m := momentIn(p, tzid, value); m.kind != 0 {
				all = append(all, m)
			}
		}
	}
	return all
}
