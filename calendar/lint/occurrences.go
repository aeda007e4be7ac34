package lint

import (
	"slices"
	"time"
)

// minSteps is how many steps may be taken to follow the rules of a document, and one more for each of its bytes. A day
// of a rule takes one, and another for so many values of its lists. What is beyond is not judged.
const (
	minSteps      = 200_000
	valuesPerStep = 32
)

// A pattern tells on which days a rule has occurrences. It knows rules that are daily or slower and that readers
// understand alike.
type pattern struct {
	r     *recurrence
	start time.Time // midnight of the first day
	wall  time.Time // the first occurrence

	steps int // that a day takes

	next  time.Time // the first day that was not counted yet
	count int       // occurrences before it

	cache struct { // the days of the period that BYSETPOS counts in
		period int
		days   []time.Time
	}
}

func newPattern(r *recurrence, wall time.Time) pattern {
	values := len(r.byDay)
	for _, list := range r.by {
		values += len(list)
	}
	return pattern{r: r, start: midnight(wall), wall: wall, steps: 1 + values/valuesPerStep}
}

// isPlain reports whether a rule can be judged.
func (r *recurrence) isPlain() bool {
	return !r.broken && r.freq != "" && !isOneOf("SECONDLY MINUTELY HOURLY", r.freq) && !r.has["BYWEEKNO"] &&
		!(r.has["BYSETPOS"] && (r.freq == "WEEKLY" || r.freq == "DAILY" || r.has["BYHOUR"] || r.has["BYMINUTE"] || r.has["BYSECOND"])) &&
		!(r.freq == "YEARLY" && r.has["BYMONTHDAY"] && !r.has["BYMONTH"])
}

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }

// startsRight reports whether the first occurrence of a rule is one of the rule.
func (r *recurrence) startsRight(wall time.Time) bool {
	pt := newPattern(r, wall)
	return pt.at(wall) && pt.on(midnight(wall))
}

// at reports whether occurrences are at the time of day of wall.
func (pt *pattern) at(wall time.Time) bool {
	fits := func(part string, value, first int) bool {
		if list, ok := pt.r.by[part]; ok {
			return slices.Contains(list, value)
		}
		return value == first
	}
	h, m, s := wall.Clock()
	h0, m0, s0 := pt.wall.Clock()
	return fits("BYHOUR", h, h0) && fits("BYMINUTE", m, m0) && fits("BYSECOND", s, s0)
}

// on reports whether a day has an occurrence, whatever COUNT and UNTIL say.
func (pt *pattern) on(day time.Time) bool {
	if !pt.inStep(day) || !pt.fits(day) {
		return false
	}
	positions := pt.r.by["BYSETPOS"]
	if len(positions) == 0 {
		return true
	}
	all := pt.periodOf(day)
	i := slices.IndexFunc(all, day.Equal)
	return slices.Contains(positions, i+1) || slices.Contains(positions, i-len(all))
}

// inStep reports whether INTERVAL keeps the period of a day.
func (pt *pattern) inStep(day time.Time) bool {
	if pt.r.interval == 1 {
		return true
	}
	return (pt.period(day)-pt.period(pt.start))%pt.r.interval == 0
}

// period returns the number of the day, week, month or year that a day is in.
func (pt *pattern) period(day time.Time) int {
	n := int(day.Unix() / 86400)
	switch pt.r.freq {
	case "WEEKLY":
		return (n + 400_000*7 + 4 - int(pt.r.wkst)) / 7 // the first day of Unix time is a Thursday
	case "MONTHLY":
		return day.Year()*12 + int(day.Month())
	case "YEARLY":
		return day.Year()
	}
	return n
}

// periodOf returns the days of the month or year of a day that fit.
func (pt *pattern) periodOf(day time.Time) []time.Time {
	period := pt.period(day)
	if pt.cache.period == period && pt.cache.days != nil {
		return pt.cache.days
	}
	first := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
	if pt.r.freq == "YEARLY" {
		first = time.Date(day.Year(), time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	pt.cache.period, pt.cache.days = period, pt.cache.days[:0]
	for d := first; pt.period(d) == period; d = d.Add(24 * time.Hour) {
		if pt.fits(d) {
			pt.cache.days = append(pt.cache.days, d)
		}
	}
	return pt.cache.days
}

// fits reports whether a day has the month, day of the month and weekday of the rule, or those of its start.
func (pt *pattern) fits(day time.Time) bool {
	r := pt.r
	months, hasMonth := r.by["BYMONTH"]
	monthDays, hasMonthDay := r.by["BYMONTHDAY"]
	yearDays, hasYearDay := r.by["BYYEARDAY"]
	hasDay := len(r.byDay) > 0
	if hasMonth && !slices.Contains(months, int(day.Month())) ||
		hasMonthDay && !fromEitherEnd(monthDays, day.Day(), daysIn(day.Year(), day.Month())) ||
		hasYearDay && !fromEitherEnd(yearDays, day.YearDay(), daysInYear(day)) ||
		hasDay && !pt.weekday(day) {
		return false
	}
	switch r.freq {
	case "WEEKLY":
		return hasDay || day.Weekday() == pt.start.Weekday()
	case "MONTHLY":
		return hasDay || hasMonthDay || day.Day() == pt.start.Day()
	case "YEARLY":
		return hasDay || hasMonthDay || hasYearDay || day.Day() == pt.start.Day() && (hasMonth || day.Month() == pt.start.Month())
	}
	return true
}

// weekday reports whether BYDAY names a day: every such weekday, or the nth of its month or year.
func (pt *pattern) weekday(day time.Time) bool {
	n, length := day.Day(), daysIn(day.Year(), day.Month())
	if pt.r.freq == "YEARLY" && !pt.r.has["BYMONTH"] {
		n, length = day.YearDay(), daysInYear(day)
	}
	for _, d := range pt.r.byDay {
		if d.Day == day.Weekday() && (d.Nth == 0 || d.Nth == (n-1)/7+1 || d.Nth == -((length-n)/7+1)) {
			return true
		}
	}
	return false
}

// fromEitherEnd reports whether the nth day of so many is in a list that counts from both ends.
func fromEitherEnd(list []int, n, length int) bool {
	return slices.Contains(list, n) || slices.Contains(list, n-length-1)
}

func daysInYear(day time.Time) int {
	return time.Date(day.Year(), time.December, 31, 0, 0, 0, 0, time.UTC).YearDay()
}

// nothing reports whether a rule has no day at all, such as 30 February.
func (l *linter) nothing(r *recurrence, start moment) bool {
	const cycle = 28*366 + 366 // which holds every kind of year, but at the turn of some centuries
	pt := newPattern(r, start.wall)
	if l.steps < cycle*pt.steps {
		return false
	}
	for i := range cycle {
		l.steps -= pt.steps
		day := pt.start.AddDate(0, 0, i)
		if !pt.fits(day) {
			continue
		}
		if positions := r.by["BYSETPOS"]; len(positions) > 0 {
			all := pt.periodOf(day)
			at := slices.IndexFunc(all, day.Equal)
			if !slices.Contains(positions, at+1) && !slices.Contains(positions, at-len(all)) {
				continue
			}
		}
		return false
	}
	return true
}

// hits reports whether the day of wall is one of the rule. Days are asked for in order, since COUNT makes it count. What
// it cannot follow so far it takes for one.
func (l *linter) hits(pt *pattern, wall, until time.Time) bool {
	day := midnight(wall)
	switch {
	case day.Before(pt.start) || !until.IsZero() && day.After(until):
		return false
	case len(pt.r.by["BYSETPOS"]) > 0:
		l.steps -= 366 * pt.steps
	default:
		l.steps -= pt.steps
	}
	if l.steps < 0 || day.Equal(pt.start) {
		return true
	}
	if !pt.on(day) {
		return false
	}
	if pt.r.count == 0 {
		return true
	}
	if pt.next.IsZero() {
		pt.next = pt.start
	}
	for ; pt.next.Before(day); pt.next = pt.next.Add(24 * time.Hour) {
		if l.steps -= pt.steps; l.steps < 0 {
			return true
		}
		if pt.next.Equal(pt.start) || pt.on(pt.next) {
			pt.count++
		}
	}
	return pt.count < pt.r.count
}
