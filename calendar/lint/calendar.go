package lint

import (
	"slices"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// calendar looks at one VCALENDAR and all that is in it.
func (l *linter) calendar(c *component) {
	zones := l.zones(c)
	for _, n := range c.parts {
		l.component(n, zones)
	}
	l.properties(c)
	l.calendarTwins(c)
	l.method(c)
	l.size(c)
	if len(c.parts) == 0 {
		l.reportNode("calendar-empty", c, "", "the calendar has no component, want at least one VEVENT or VTIMEZONE")
	}
	l.series(c)
	l.usedZones(c, zones)
}

// component looks at a component and those inside it.
func (l *linter) component(n *component, zones *calendarZones) {
	l.properties(n)
	switch n.name {
	case "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY", "AVAILABLE":
		l.times(n)
		l.habits(n)
		zones.use(l, n)
	case "VALARM":
		l.alarm(n)
	}
	for _, part := range n.parts {
		l.component(part, zones)
	}
}

func (l *linter) version(n *component, p *contentline.Line) {
	v := p.Value
	if low, high, ok := strings.Cut(v, ";"); ok && low <= "2.0" {
		v = high
	}
	switch {
	case v == "2.0":
	case v == "1.0":
		l.reportValue("version-invalid", n, p, "VERSION is 1.0, which is vCalendar, want 2.0")
	default:
		l.reportValue("version-invalid", n, p, "VERSION is %q, want 2.0", excerpt(p.Value))
	}
}

func (l *linter) calscale(n *component, p *contentline.Line) {
	if !strings.EqualFold(p.Value, "GREGORIAN") {
		l.reportValue("calscale-invalid", n, p, "CALSCALE is %q, want GREGORIAN", excerpt(p.Value))
	}
}

// refresh looks at how often the calendar is to be fetched.
func (l *linter) refresh(n *component, p *contentline.Line) {
	d, reason := readDuration(p.Value)
	switch {
	case reason != "" && p.Name == "X-PUBLISHED-TTL":
		l.reportValue("published-ttl-invalid", n, p, "%s is %q: %s, want a duration such as PT12H", p.Name, excerpt(p.Value), reason)
	case reason == "" && (d.negative || d.days == 0 && d.seconds == 0):
		l.reportValue("refresh-not-positive", n, p, "%s is %q, want more than nothing", p.Name, excerpt(p.Value))
	}
}

// source looks at where the calendar is fetched from.
func (l *linter) source(n *component, p *contentline.Line) {
	if p.Param("VALUE") == "" {
		l.report("source-without-value", n, p, 0, "SOURCE without VALUE, want SOURCE;VALUE=URI:")
	}
	if len(p.Value) > 256 {
		l.reportValue("source-long", n, p, "SOURCE has %d octets, want at most 256", len(p.Value))
	}
}

// calendarTwins compares the properties of RFC 7986 with those of the same meaning that older readers know.
func (l *linter) calendarTwins(c *component) {
	for _, twin := range [...][2]string{{"NAME", "X-WR-CALNAME"}, {"DESCRIPTION", "X-WR-CALDESC"}, {"REFRESH-INTERVAL", "X-PUBLISHED-TTL"}} {
		old := c.prop(twin[1])
		if old == nil || c.prop(twin[0]) == nil {
			continue
		}
		if !slices.ContainsFunc(c.props, func(p *contentline.Line) bool {
			return p.Name == twin[0] && (p.Value == old.Value || sameDuration(p.Value, old.Value))
		}) {
			l.reportValue("twins-differ", c, old, "%s is %q, but %s is %q", old.Name, excerpt(old.Value), twin[0], excerpt(c.value(twin[0])))
		}
	}
}

// sameDuration reports whether two values are durations of one length.
func sameDuration(a, b string) bool {
	x, reasonX := readDuration(a)
	y, reasonY := readDuration(b)
	return reasonX == "" && reasonY == "" && x.negative == y.negative && x.days*86400+x.seconds == y.days*86400+y.seconds
}

// method looks at METHOD, which makes a message of the calendar (RFC 5546).
func (l *linter) method(c *component) {
	p := c.prop("METHOD")
	if p == nil {
		return
	}
	m := strings.ToUpper(p.Value)
	switch {
	case !isName(m):
		l.reportValue("token-invalid", c, p, "METHOD is %q, want a name such as PUBLISH", excerpt(p.Value))
		return
	case !isOneOf("PUBLISH REQUEST REPLY ADD CANCEL REFRESH COUNTER DECLINECOUNTER", m):
		if !isExtension(m) {
			l.reportValue("token-unknown", c, p, "METHOD is %q, want PUBLISH or none", excerpt(p.Value))
		}
		return
	case m != "PUBLISH":
		l.reportValue("method-message", c, p, "METHOD is %s, which makes the calendar a message to one person and not one to subscribe to", m)
	}
	for _, n := range c.parts {
		if n.name != "VEVENT" && n.name != "VTODO" && n.name != "VJOURNAL" {
			continue
		}
		if n.prop("ORGANIZER") == nil {
			l.reportValue("method-without-organizer", c, p, "METHOD is %s, but the %s of line %d has no ORGANIZER", m, n.name, n.begin.Number)
			return
		}
		if n.prop("ATTENDEE") == nil && isOneOf("REQUEST REPLY COUNTER REFRESH", m) {
			l.reportValue("method-without-attendee", c, p, "METHOD is %s, but the %s of line %d has no ATTENDEE", m, n.name, n.begin.Number)
			return
		}
	}
}

const (
	maxBytes  = 1_000_000 // beyond which Google fails
	maxEvents = 1_000
)

// size looks at whether clients can take so large a calendar.
func (l *linter) size(c *component) {
	events := 0
	for _, n := range c.parts {
		if n.name == "VEVENT" {
			events++
		}
	}
	if events > maxEvents {
		l.reportNode("calendar-many-events", c, "", "the calendar has %d events, want at most %d", events, maxEvents)
	}
	if c == l.calendars[0] && len(l.doc) > maxBytes {
		l.reportNode("calendar-large", c, "", "the document has %d bytes, want at most %d", len(l.doc), maxBytes)
	}
}
