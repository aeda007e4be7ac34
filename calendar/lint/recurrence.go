package lint

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/internal/contentline"
)

// A recurrence is an RRULE that was read (RFC 5545, section 3.3.10).
type recurrence struct {
	freq     string
	interval int
	count    int // zero: no limit
	until    moment
	wkst     time.Weekday
	has      map[string]bool // the parts that the rule has
	by       map[string][]int
	byDay    []calendar.Weekday
	broken   bool // it cannot be judged any further
}

// ranges are the values of the lists of numbers in a rule; negative ones are counted from the end.
var ranges = map[string]struct {
	low, high int
	negative  bool
}{
	"BYSECOND":   {0, 60, false},
	"BYMINUTE":   {0, 59, false},
	"BYHOUR":     {0, 23, false},
	"BYMONTHDAY": {1, 31, true},
	"BYYEARDAY":  {1, 366, true},
	"BYWEEKNO":   {1, 53, true},
	"BYMONTH":    {1, 12, false},
	"BYSETPOS":   {1, 366, true},
}

const frequencies = "SECONDLY MINUTELY HOURLY DAILY WEEKLY MONTHLY YEARLY"

// recurrence reads the rule of p and reports what is wrong with it.
func (l *linter) recurrence(n *component, p *contentline.Line) recurrence {
	r := recurrence{interval: 1, wkst: time.Monday, has: map[string]bool{}, by: map[string][]int{}}
	index := len(p.Text) - len(p.Value)
	if p.Value == "" || otherScale(p.Value) {
		r.broken = true
		return r
	}
	for part := range strings.SplitSeq(p.Value, ";") {
		name, value, ok := strings.Cut(part, "=")
		name = strings.ToUpper(name)
		switch {
		case part == "" && index == len(p.Text) && len(r.has) > 0:
			l.report("rrule-invalid", n, p, index-1, "%s ends with a semicolon", p.Name)
		case !ok:
			l.report("rrule-invalid", n, p, index, "%s holds %q, want NAME=value", p.Name, excerpt(part))
			r.broken = true
		case r.has[name]:
			l.report("rrule-part-twice", n, p, index, "%s has %s twice", p.Name, excerpt(name))
			r.broken = true
		default:
			r.has[name] = true
			if rule, reason := r.part(name, value); rule != "" {
				l.report(rule, n, p, index, "%s: %s is %q, want %s", p.Name, excerpt(name), excerpt(value), reason)
				r.broken = r.broken || rule != "rrule-part-unknown"
			}
		}
		index += len(part) + 1
	}
	if !r.has["FREQ"] {
		l.reportValue("rrule-without-freq", n, p, "%s has no FREQ", p.Name)
		r.broken = true
	}
	if !r.broken {
		l.combinations(n, p, &r)
	}
	return r
}

// otherScale reports whether a rule counts in another calendar than the Gregorian (RFC 7529), in which nothing here can
// be judged.
func otherScale(rule string) bool {
	for part := range strings.SplitSeq(rule, ";") {
		if name, value, _ := strings.Cut(part, "="); strings.EqualFold(name, "RSCALE") {
			return !strings.EqualFold(value, "GREGORIAN")
		}
	}
	return false
}

// maxValues is how many values a list of a rule may have.
const maxValues = 400

// part reads one part of a rule. It returns the name of what it breaks, and what was wanted.
func (r *recurrence) part(name, value string) (rule, wanted string) {
	if strings.Count(value, ",") >= maxValues {
		return "rrule-value-invalid", "at most " + strconv.Itoa(maxValues) + " values"
	}
	switch name {
	case "FREQ":
		if r.freq = strings.ToUpper(value); !isOneOf(frequencies, value) {
			return "rrule-freq-unknown", alternatives(frequencies)
		}
	case "INTERVAL", "COUNT":
		v, err := strconv.ParseInt(value, 10, 32)
		if err != nil || v < 1 || value[0] == '+' {
			return "rrule-number-invalid", "a whole number from 1"
		}
		if name == "COUNT" {
			r.count = int(v)
		} else {
			r.interval = int(v)
		}
	case "UNTIL":
		m, reason := readMoment(value)
		if reason != "" {
			return "rrule-until-invalid", "a date or a time in UTC: " + reason
		}
		r.until = m
	case "WKST":
		day := slices.Index(weekdays[:], strings.ToUpper(value))
		if day < 0 {
			return "rrule-value-invalid", "one of SU, MO, TU, WE, TH, FR, SA"
		}
		r.wkst = time.Weekday(day)
	case "BYDAY":
		for v := range strings.SplitSeq(value, ",") {
			day, ok := readWeekday(v)
			if !ok {
				return "rrule-value-invalid", "weekdays such as MO or -1SU, between commas"
			}
			r.byDay = append(r.byDay, day)
		}
	case "RSCALE":
	case "SKIP": // RFC 7529
		if !isOneOf("OMIT BACKWARD FORWARD", value) {
			return "rrule-value-invalid", "OMIT, BACKWARD or FORWARD"
		}
	default:
		limits, known := ranges[name]
		if !known {
			return "rrule-part-unknown", "a part that RFC 5545 has"
		}
		for v := range strings.SplitSeq(value, ",") {
			number, err := strconv.ParseInt(v, 10, 32)
			size := int(number)
			if limits.negative && size < 0 {
				size = -size
			}
			if err != nil || size < limits.low || size > limits.high {
				wanted = "numbers from " + strconv.Itoa(limits.low) + " to " + strconv.Itoa(limits.high)
				if limits.negative {
					wanted += " or the same below zero"
				}
				return "rrule-value-invalid", wanted
			}
			r.by[name] = append(r.by[name], int(number))
		}
	}
	return "", ""
}

// readWeekday reads a weekday of a rule, such as MO or -1SU.
func readWeekday(s string) (calendar.Weekday, bool) {
	if len(s) < 2 {
		return calendar.Weekday{}, false
	}
	number, name := s[:len(s)-2], s[len(s)-2:]
	day := slices.Index(weekdays[:], strings.ToUpper(name))
	nth := 0
	if number != "" {
		v, err := strconv.ParseInt(number, 10, 32)
		if err != nil || v == 0 || v < -53 || v > 53 {
			return calendar.Weekday{}, false
		}
		nth = int(v)
	}
	return calendar.Weekday{Nth: nth, Day: time.Weekday(max(day, 0))}, day >= 0
}

// combinations looks at parts that a rule may not have together.
func (l *linter) combinations(n *component, p *contentline.Line, r *recurrence) {
	wrong := func(format string, args ...any) {
		l.reportValue("rrule-combination", n, p, p.Name+": "+format, args...)
		r.broken = true
	}
	if r.has["COUNT"] && r.has["UNTIL"] {
		l.reportValue("rrule-count-and-until", n, p, "%s has COUNT and UNTIL, want one of them", p.Name)
		r.broken = true
	}
	if r.has["BYWEEKNO"] && r.freq != "YEARLY" {
		wrong("BYWEEKNO with FREQ=%s, want YEARLY", r.freq)
	}
	if r.has["BYYEARDAY"] && isOneOf("DAILY WEEKLY MONTHLY", r.freq) {
		wrong("BYYEARDAY with FREQ=%s", r.freq)
	}
	if r.has["BYMONTHDAY"] && r.freq == "WEEKLY" {
		wrong("BYMONTHDAY with FREQ=WEEKLY")
	}
	numbered := slices.ContainsFunc(r.byDay, func(d calendar.Weekday) bool { return d.Nth != 0 })
	switch {
	case numbered && r.freq != "MONTHLY" && r.freq != "YEARLY":
		wrong("BYDAY with a number and FREQ=%s, want MONTHLY or YEARLY", r.freq)
	case numbered && r.has["BYWEEKNO"]:
		wrong("BYDAY with a number and BYWEEKNO")
	case numbered && slices.ContainsFunc(r.byDay, func(d calendar.Weekday) bool { return r.freq == "MONTHLY" && (d.Nth > 5 || d.Nth < -5) }):
		wrong("a month has no sixth weekday")
	}
	if r.has["BYSETPOS"] && len(r.by)+len(r.byDay) == 1 {
		wrong("BYSETPOS without another part whose name begins with BY")
	}
	if r.has["SKIP"] && !r.has["RSCALE"] {
		wrong("SKIP without RSCALE (RFC 7529)")
	}
	r.broken = l.valuesTwice(n, p) || r.broken
	switch {
	case r.broken:
	case isOneOf("SECONDLY MINUTELY HOURLY", r.freq):
		l.reportValue("rrule-read-differently", n, p, "%s: FREQ=%s, which many clients do not take", p.Name, r.freq)
	case r.has["BYWEEKNO"]:
		l.reportValue("rrule-read-differently", n, p, "%s has BYWEEKNO, which readers understand in different ways", p.Name)
	case r.has["BYYEARDAY"]:
		l.reportValue("rrule-read-differently", n, p, "%s has BYYEARDAY, which readers understand in different ways", p.Name)
	case r.has["BYSETPOS"] && r.freq == "WEEKLY":
		l.reportValue("rrule-read-differently", n, p, "%s has BYSETPOS with FREQ=WEEKLY, which readers understand in different ways", p.Name)
	case r.freq == "YEARLY" && r.has["BYMONTHDAY"] && !r.has["BYMONTH"]:
		l.reportValue("rrule-read-differently", n, p, "%s has BYMONTHDAY without BYMONTH, which readers understand in different ways", p.Name)
	}
}

// valuesTwice looks for a value that a list of a rule has twice, and reports whether there is one.
func (l *linter) valuesTwice(n *component, p *contentline.Line) bool {
	for part := range strings.SplitSeq(p.Value, ";") {
		name, list, _ := strings.Cut(part, "=")
		values := strings.Split(strings.ToUpper(list), ",")
		slices.Sort(values)
		if len(slices.Compact(values)) < strings.Count(list, ",")+1 {
			l.reportValue("rrule-value-twice", n, p, "%s: %s is %q, which has a value twice", p.Name, name, excerpt(list))
			return true
		}
	}
	return false
}

// until compares the end of a rule with the start of its series (RFC 5545, section 3.3.10).
func (l *linter) until(n *component, p *contentline.Line, r *recurrence, start moment) {
	u := r.until
	switch {
	case u.kind == 0 || start.kind == 0:
	case start.kind == aDay && u.kind != aDay:
		l.reportValue("rrule-until-kind", n, p, "UNTIL is a time, but DTSTART is a date: want UNTIL=%s", u.wall.Format(dateLayout))
	case start.kind != aDay && u.kind == aDay:
		l.reportValue("rrule-until-kind", n, p, "UNTIL is the date %s, but DTSTART is a time, want a time", u)
	case start.kind == floating && u.kind == inUTC:
		l.reportValue("rrule-until-utc", n, p, "UNTIL is in UTC, but DTSTART has no zone")
	case (start.kind == zoned || start.kind == inUTC) && u.kind == floating:
		l.reportValue("rrule-until-local", n, p, "UNTIL is %s without Z, but DTSTART is %s, want UNTIL in UTC", u.wall.Format(localLayout), start.kind)
	default:
		from, to := start.wall, u.wall
		if start.kind == zoned {
			var ok bool
			if from, ok = l.instant(start); !ok {
				from = start.wall.AddDate(0, 0, -1)
			}
		}
		if to.Before(from) {
			l.reportValue("rrule-until-before-dtstart", n, p, "UNTIL is %s, before DTSTART, %s", u, start)
		}
	}
}
