package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseRule reads an RRULE value such as "FREQ=WEEKLY;BYDAY=TU" (RFC 5545, section 3.3.10) of a series that begins with
// start. Upper and lower case are the same, and a semicolon at the end or a space after a comma does no harm.
//
// UNTIL may be a date, a local time or UTC, whatever start is: Until is the last day whose occurrence is not after it.
// BYHOUR, BYMINUTE and BYSECOND are left out if they say what start says. Days that a [Rule] says in another way are put
// so: FREQ=DAILY;BYMONTH=1 becomes a Yearly rule of all weekdays in January. All else that it cannot say is an error, as
// is a rule with faults; the error tells every cause. Whether start is a day of the rule is not asked here but by [Check].
func ParseRule(s string, start When) (*Rule, error) {
	p := ruleParser{rule: new(Rule), start: start}
	if n := strings.Count(s, ";"); n > maxParts {
		return nil, fmt.Errorf("rule %.100q: %d parts, want at most %d", s, n, maxParts)
	}
	var list causes
	seen := make(map[string]bool)
	for part := range strings.SplitSeq(strings.TrimSuffix(strings.ToUpper(s), ";"), ";") {
		name, value, ok := strings.Cut(part, "=")
		switch {
		case !ok || name == "" || value == "":
			list = append(list, fmt.Errorf("%.100q, want NAME=VALUE", part))
			continue
		case seen[name]:
			list = append(list, fmt.Errorf("%.100s is given twice", name))
			continue
		}
		seen[name] = true
		if err := p.part(name, value); err != nil {
			list = append(list, fmt.Errorf("%.100s: %w", name, err))
		}
	}
	if len(list) == 0 {
		if err := p.checkWeekStart(); err != nil {
			list = append(list, err)
		}
		p.settle()
		if err := p.rule.err(); err != nil {
			list = append(list, err)
		}
	}
	if err := list.err(); err != nil {
		return nil, fmt.Errorf("rule %.100q: %w", s, err)
	}
	return p.rule, nil
}

// A ruleParser holds what is known of a rule that is being read.
type ruleParser struct {
	rule      *Rule
	start     When
	weekStart time.Weekday // of WKST
	hasStart  bool
}

// maxParts is how many parts of a rule are read. There are fourteen.
const maxParts = 100

var (
	errByWeekNo  = errors.New("readers differ on the day, want BYMONTH or BYDAY")
	errByYearDay = errors.New("few readers know it, want BYMONTH and BYMONTHDAY")
)

// part reads one part of a rule.
func (p *ruleParser) part(name, value string) (err error) {
	r := p.rule
	switch name {
	case "FREQ":
		switch value {
		case "HOURLY", "MINUTELY", "SECONDLY":
			return fmt.Errorf("%s is more often than daily, want %s or less", value, Daily)
		}
		r.Freq = Frequency(value)
	case "INTERVAL":
		r.Interval, err = parsePositive(value)
		if r.Interval == 1 {
			r.Interval = 0
		}
	case "COUNT":
		r.Count, err = parsePositive(value)
	case "UNTIL":
		r.Until, err = p.until(value)
	case "BYMONTH":
		r.ByMonth, err = parseList(value, parseInt[time.Month])
		slices.Sort(r.ByMonth)
	case "BYMONTHDAY":
		r.ByMonthDay, err = parseList(value, parseInt[int])
		slices.Sort(r.ByMonthDay)
	case "BYDAY":
		r.ByDay, err = parseList(value, parseWeekday)
	case "BYSETPOS":
		r.BySetPos, err = parseList(value, parseInt[int])
	case "WKST":
		p.weekStart, err = weekdayOf(value)
		p.hasStart, r.SundayFirst = true, value == "SU"
	case "BYHOUR":
		return p.clock(value, p.start.start.Hour())
	case "BYMINUTE":
		return p.clock(value, p.start.start.Minute())
	case "BYSECOND":
		return p.clock(value, p.start.start.Second())
	case "BYWEEKNO":
		return errByWeekNo
	case "BYYEARDAY":
		return errByYearDay
	default:
		return errors.New("not a part of a rule")
	}
	return err
}

// checkWeekStart returns an error if weeks begin on another day than Monday or Sunday and that matters.
func (p *ruleParser) checkWeekStart() error {
	if !p.hasStart || p.weekStart == time.Monday || p.weekStart == time.Sunday || p.rule.Freq != Weekly || p.rule.Interval < 2 {
		return nil
	}
	return fmt.Errorf("WKST: %s, want MO or SU", days[p.weekStart])
}

// settle puts rules that come every time, and that all readers know only in another form, into that form.
func (p *ruleParser) settle() {
	r := p.rule
	if r.Interval > 1 {
		return
	}
	if r.Freq == Daily && len(r.ByMonthDay) > 0 {
		r.Freq = Monthly
	}
	if len(r.ByMonth) == 0 {
		return
	}
	switch {
	case r.Freq == Daily && len(r.ByDay) == 0:
		for d := time.Sunday; d <= time.Saturday; d++ {
			r.ByDay = append(r.ByDay, Weekday{Day: d})
		}
	case r.Freq == Weekly && len(r.ByDay) == 0 && !p.start.IsZero():
		r.ByDay = []Weekday{{Day: p.start.day().weekday()}}
	case r.Freq == Weekly && len(r.ByDay) == 0, r.Freq == Monthly && len(r.BySetPos) > 0 && len(r.ByMonth) > 1:
		return
	}
	if r.Freq == Daily || r.Freq == Weekly || r.Freq == Monthly {
		r.Freq = Yearly
	}
}

// clock reads BYHOUR and the like, of which one value changes nothing: that of the start.
func (p *ruleParser) clock(value string, own int) error {
	if n, err := strconv.Atoi(value); err != nil || n != own || p.start.AllDay() || p.start.IsZero() {
		return fmt.Errorf("%.100s, want the start's own, %d, or none: an event has one time of day", value, own)
	}
	return nil
}

// until returns the last day whose occurrence is not after an UNTIL.
func (p *ruleParser) until(value string) (Date, error) {
	for _, layout := range [...]string{"20060102", "20060102T150405", "20060102T150405Z"} {
		t, err := time.Parse(layout, value)
		if err != nil {
			continue
		}
		w := p.start
		switch {
		case layout == "20060102", w.AllDay(), w.IsZero():
			return DateOf(t), nil
		case layout == "20060102T150405Z":
			t = t.In(w.start.Location())
		default:
			t = onDay(DateOf(t), timeOfDay(t), w.start.Location())
		}
		d := DateOf(t)
		if w.on(d).start.After(t) {
			d = d.AddDays(-1)
		}
		return d, nil
	}
	return Date{}, fmt.Errorf("%.100q, want a date such as 20270629 or a time such as 20270629T163000Z", value)
}

func parsePositive(s string) (int, error) {
	n, err := parseInt[int](s)
	if err == nil && n < 1 {
		err = fmt.Errorf("%s, want 1 or more", s)
	}
	return n, err
}

func parseInt[T ~int](s string) (T, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, fmt.Errorf("%.100q, want a number", s)
	}
	return T(n), nil
}

func parseList[T any](s string, parse func(string) (T, error)) ([]T, error) {
	if n := 1 + strings.Count(s, ","); n > maxValues {
		return nil, fmt.Errorf("%d values, want at most %d", n, maxValues)
	}
	var list []T
	for one := range strings.SplitSeq(s, ",") {
		v, err := parse(strings.TrimSpace(one)) // some programs write "MO, TU"
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// parseWeekday reads a value of BYDAY: "TU", "-1FR", "+2MO".
func parseWeekday(s string) (w Weekday, err error) {
	split := max(0, len(s)-2)
	if w.Day, err = weekdayOf(s[split:]); err != nil || split == 0 {
		return w, err
	}
	if w.Nth, err = strconv.Atoi(s[:split]); err != nil || w.Nth == 0 {
		return w, fmt.Errorf("%.100q, want a weekday such as TU, or the nth such as -1TU", s)
	}
	if !within(5)(w.Nth) {
		return w, fmt.Errorf("%s, want the nth to be 1 to 5 or -1 to -5", w)
	}
	return w, nil
}

func weekdayOf(s string) (time.Weekday, error) {
	i := slices.Index(days[:], s)
	if i < 0 {
		return 0, fmt.Errorf("%.100q, want MO, TU, WE, TH, FR, SA or SU", s)
	}
	return time.Weekday(i), nil
}
