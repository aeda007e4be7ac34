package lint

import (
	"strings"
	"time"

	"github.com/crieur/crieur/internal/contentline"
)

// A momentKind says how a DATE or DATE-TIME tells its time.
type momentKind int

const (
	aDay     momentKind = iota + 1 // a date
	floating                       // local time of whoever reads it
	inUTC
	zoned // local time of a TZID
)

func (k momentKind) String() string {
	switch k {
	case aDay:
		return "a date"
	case floating:
		return "a time without a zone"
	case inUTC:
		return "a time in UTC"
	case zoned:
		return "a time with a TZID"
	}
	return "no time"
}

// A moment is a DATE or DATE-TIME that was read.
type moment struct {
	kind momentKind // zero: none
	wall time.Time  // what clock and calendar show, as if it were UTC
	tzid string
	line *contentline.Line // where it was read; nil: none
}

// readMoment reads a DATE (RFC 5545, section 3.3.4) or a DATE-TIME (3.3.5), and says what is wrong with it; "" if
// nothing is.
func readMoment(value string) (m moment, reason string) {
	form := len(value) == 8 || (len(value) == 15 || len(value) == 16 && value[15]|0x20 == 'z') && value[8]|0x20 == 't'
	for i := 0; form && i < min(len(value), 15); i++ {
		form = i == 8 || '0' <= value[i] && value[i] <= '9'
	}
	if !form {
		return m, "it has another form"
	}
	year, month, day := twoDigits(value)*100+twoDigits(value[2:]), twoDigits(value[4:]), twoDigits(value[6:])
	d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if month < 1 || month > 12 || day < 1 || day > 31 || d.Day() != day {
		return m, "there is no such day"
	}
	m.kind, m.wall = aDay, d
	if len(value) == 8 {
		return m, ""
	}
	hour, minute, second := twoDigits(value[9:]), twoDigits(value[11:]), twoDigits(value[13:])
	if hour > 23 || minute > 59 || second > 60 {
		return moment{}, "there is no such time of day"
	}
	m.kind = floating
	if len(value) == 16 {
		m.kind = inUTC
	}
	m.wall = m.wall.Add(time.Duration(hour*3600+minute*60+second) * time.Second)
	return m, ""
}

// momentOf returns the time that is the value of p; its kind is zero if it is none.
func momentOf(p *contentline.Line) moment {
	if p == nil {
		return moment{}
	}
	return momentIn(p, p.Param("TZID"), p.Value)
}

// momentIn returns the time that is one of the values of p, whose TZID is tzid.
func momentIn(p *contentline.Line, tzid, value string) moment {
	m, reason := readMoment(value)
	if reason != "" {
		return moment{}
	}
	m.line = p
	if m.kind == floating && tzid != "" {
		m.kind, m.tzid = zoned, tzid
	}
	return m
}

// String returns m in a form for messages.
func (m moment) String() string {
	switch m.kind {
	case aDay:
		return m.wall.Format(time.DateOnly)
	case inUTC:
		return m.wall.Format("2006-01-02 15:04:05 UTC")
	case zoned:
		return m.wall.Format("2006-01-02 15:04:05 ") + excerpt(m.tzid)
	}
	return m.wall.Format("2006-01-02 15:04:05")
}

// dates looks at values that are a DATE or a DATE-TIME.
func (l *linter) dates(n *component, p *contentline.Line, list bool) {
	index := len(p.Text) - len(p.Value)
	isDate, tzid := strings.EqualFold(p.Param("VALUE"), "DATE"), p.Param("TZID")
	if !list {
		l.date(n, p, isDate, tzid, p.Value, index)
		return
	}
	for value := range strings.SplitSeq(p.Value, ",") {
		l.date(n, p, isDate, tzid, value, index)
		index += len(value) + 1
	}
}

// date looks at one value of p, which is in the text of p at an index.
func (l *linter) date(n *component, p *contentline.Line, isDate bool, tzid, value string, index int) {
	m, reason := readMoment(value)
	switch {
	case reason != "" && len(value) == 10 && strings.Count(value, "-") == 2, reason != "" && strings.ContainsAny(value, ":"):
		l.report("date-invalid", n, p, index, "%s is %q, want it without hyphens and colons, such as 20270508T083000", p.Name, excerpt(value))
	case reason != "":
		l.report("date-invalid", n, p, index, "%s is %q: %s, want %s", p.Name, excerpt(value), reason, formOf(dateOrTime(isDate)))
	case isDate && m.kind != aDay:
		l.report("date-with-time", n, p, index, "%s;VALUE=DATE is %q, want a date such as %s", p.Name, value, value[:8])
	case !isDate && m.kind == aDay && !canBeDate(p.Name):
		l.report("date-without-time", n, p, index, "%s is the date %q, want %s", p.Name, value, formOf("DATE-TIME"))
	case !isDate && m.kind == aDay:
		l.report("date-without-value", n, p, index, "%s is the date %q without VALUE=DATE", p.Name, value)
	}
	if reason != "" {
		return
	}
	if tzid != "" && canBeDate(p.Name) {
		switch m.kind {
		case inUTC:
			l.report("tzid-with-utc", n, p, index, "%s has TZID=%s and is in UTC, want one of them", p.Name, excerpt(tzid))
		case aDay:
			l.report("tzid-with-date", n, p, index, "%s has TZID=%s and is a date, which has no zone", p.Name, excerpt(tzid))
		}
	}
	if strings.ContainsAny(value, "tz") {
		l.report("date-lower-case", n, p, index, "%s is %q, want T and Z in upper case", p.Name, value)
	}
	if strings.HasSuffix(strings.TrimSuffix(value, "Z"), "60") && len(value) > 8 {
		l.report("date-leap-second", n, p, index, "%s is %q, a leap second, which most readers refuse", p.Name, value)
	}
}

// canBeDate reports whether a property may be a DATE or a time in a zone.
func canBeDate(property string) bool {
	return strings.HasPrefix(propertySpecs[property].types, dateTypes)
}

// periods looks at values that are a PERIOD (RFC 5545, section 3.3.9).
func (l *linter) periods(n *component, p *contentline.Line, _ bool) {
	index := len(p.Text) - len(p.Value)
	for value := range strings.SplitSeq(p.Value, ",") {
		l.period(n, p, value, index)
		index += len(value) + 1
	}
}

func (l *linter) period(n *component, p *contentline.Line, value string, index int) {
	from, to, ok := strings.Cut(value, "/")
	start, reason := readMoment(from)
	if ok && reason == "" && start.kind != aDay {
		if strings.HasPrefix(to, "P") || strings.HasPrefix(to, "+P") {
			var d span
			if d, reason = readDuration(to); reason == "" && d.days == 0 && d.seconds == 0 {
				reason = "it takes no time"
			}
		} else {
			var end moment
			if end, reason = readMoment(to); reason == "" && !end.wall.After(start.wall) {
				reason = "it ends before it starts"
			} else if reason == "" && end.kind != start.kind {
				reason = "its ends are of two kinds"
			}
		}
	} else if reason == "" {
		reason = "it has no two parts"
	}
	if reason != "" {
		l.report("period-invalid", n, p, index, "%s is %q: %s, want %s", p.Name, excerpt(value), reason, formOf("PERIOD"))
	}
}

// utcPeriods looks at whether periods are in UTC, as FREEBUSY has to be.
func (l *linter) utcPeriods(n *component, p *contentline.Line) {
	for value := range strings.SplitSeq(p.Value, ",") {
		from, _, _ := strings.Cut(value, "/")
		if m, reason := readMoment(from); reason == "" && m.kind == floating {
			l.reportValue("not-utc", n, p, "%s is %q, want UTC with Z", p.Name, excerpt(value))
			return
		}
	}
}

// utc looks at whether a time is in UTC, as it has to be.
func (l *linter) utc(n *component, p *contentline.Line) {
	if m, reason := readMoment(p.Value); reason == "" && m.kind == floating {
		l.reportValue("not-utc", n, p, "%s is %q, want UTC with Z", p.Name, excerpt(p.Value))
	}
}

func dateOrTime(isDate bool) string {
	if isDate {
		return "DATE"
	}
	return "DATE-TIME"
}
