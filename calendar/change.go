package calendar

import (
	"fmt"
	"strings"
	"time"

	zonedata "github.com/crieur/crieur/internal/zone"
)

// A change is the rule of a yearly change of offset: on this weekday, at this wall clock, told in the offset before it.
type change struct {
	month         time.Month
	weekday       time.Weekday
	day           int // the first such weekday on or after this day, which may pass the end of the month; -1: the last of the month
	clock         int // seconds after midnight
	before, after int // offsets in seconds east of UTC
}

// A transition is an instant at which a zone really changes its offset.
type transition struct {
	at            int64 // Unix seconds
	before, after int
}

// days are the names of the weekdays in a recurrence rule (RFC 5545, section 3.3.10).
var days = [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// changeOf returns the one rule that gives the i-th transition of each of the years from farYear on.
func changeOf(years [][]transition, i int) (change, bool) {
	first := years[0][i]
	wall := first.wall()
	c := change{
		month:   wall.Month(),
		weekday: wall.Weekday(),
		clock:   wall.Hour()*3600 + wall.Minute()*60 + wall.Second(),
		before:  first.before,
		after:   first.after,
	}
	if !wholeMinutes(c.before, c.after) {
		return c, false
	}
	earliest := wall.YearDay() - time.Date(wall.Year(), wall.Month(), 1, 0, 0, 0, 0, time.UTC).YearDay() + 1
	for _, t := range years {
		if w := t[i].wall(); w.Month() < c.month {
			c.month, earliest = w.Month(), w.Day()
		} else if w.Month() == c.month {
			earliest = min(earliest, w.Day())
		}
	}
	for _, c.day = range [...]int{-1, 1, 8, 15, 22, earliest} {
		ok := c.month != time.February || c.day <= 22 // a later week of February depends on the year
		for y, t := range years {
			ok = ok && t[i] == transition{c.in(farYear + y), c.before, c.after}
		}
		if ok {
			return c, true
		}
	}
	return c, false
}

// in returns the instant (Unix seconds) of the change in a year.
func (c change) in(year int) int64 {
	day, ahead := time.Date(year, c.month, c.day, 0, 0, 0, 0, time.UTC), 0
	if c.day < 0 {
		day, ahead = time.Date(year, c.month+1, 1, 0, 0, 0, 0, time.UTC), -7
	}
	ahead += int(c.weekday-day.Weekday()+7) % 7
	return day.Unix() + int64(ahead*24*3600+c.clock-c.before)
}

// nth returns which weekday of the month it is, -1 for the last, or 0 if only a range of days tells it.
func (c change) nth() int {
	switch {
	case c.day < 0:
		return -1
	case c.day%7 == 1 && c.day <= 22:
		return c.day/7 + 1
	}
	return 0
}

// A yearlyRule is a recurrence rule, and the first instant that it gives.
type yearlyRule struct {
	rule  string
	onset transition
}

// rules returns the rules that together give the change from a year on. There are two if it falls into either of two
// months, since no rule that readers understand tells the day after the last Thursday of October.
func (c change) rules(year int) []yearlyRule {
	if n := c.nth(); n != 0 {
		rule := fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", c.month, n, days[c.weekday])
		return []yearlyRule{{rule, c.onset(year)}}
	}
	days, next := c.dates()
	list := []yearlyRule{c.among(year, c.month, days)}
	if len(next) > 0 {
		list = append(list, c.among(year, c.month+1, next))
	}
	return list
}

// dates returns the days of the month, and of the month after it, on one of which the change falls.
func (c change) dates() (days, next []int) {
	length := time.Date(farYear, c.month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	for d := c.day; d < c.day+7; d++ {
		if d <= length {
			days = append(days, d)
		} else {
			next = append(next, d-length)
		}
	}
	return days, next
}

// among returns the rule of those changes, from a year on, that fall on the given days of a month.
func (c change) among(year int, month time.Month, dates []int) yearlyRule {
	list := strings.ReplaceAll(strings.Trim(fmt.Sprint(dates), "[]"), " ", ",")
	rule := fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYMONTHDAY=%s;BYDAY=%s", month, list, days[c.weekday])
	for range farCycle {
		if c.onset(year).wall().Month() == month {
			break
		}
		year++
	}
	return yearlyRule{rule, c.onset(year)}
}

func (c change) onset(year int) transition { return transition{c.in(year), c.before, c.after} }

// wall returns the local time of t in the offset before it.
func (t transition) wall() time.Time { return time.Unix(t.at+int64(t.before), 0).UTC() }

// transitions returns the transitions of loc in a year of UTC.
func transitions(loc *time.Location, year int) []transition {
	var ts []transition
	t := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Second).In(loc)
	limit := time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC)
	for {
		if t = zonedata.Next(t); t.IsZero() || !t.Before(limit) {
			return ts
		}
		_, before := t.Add(-time.Second).Zone()
		_, after := t.Zone()
		ts = append(ts, transition{t.Unix(), before, after})
	}
}

// wholeMinutes reports whether all offsets are: readers know no seconds in them.
func wholeMinutes(offsets ...int) bool {
	for _, o := range offsets {
		if o%60 != 0 {
			return false
		}
	}
	return true
}
