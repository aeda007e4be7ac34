package calendar

import (
	"iter"
	"slices"
	"time"
)

// lastDate is the last day that iCalendar can tell.
var lastDate = Date{9999, time.December, 31}

// days returns the days of r, in order, for a series that begins on start: those from the day from to the day to.
//
// It goes from period to period (days, weeks, months or years) by Interval, and chooses in each. Without a Count it goes
// straight to the period of from. It comes to an end for any r that has no fault, also if no day satisfies it.
func (r *Rule) days(start, from, to Date) iter.Seq[Date] {
	return func(yield func(Date) bool) {
		if !r.Until.IsZero() && r.Until.Compare(to) < 0 {
			to = r.Until
		}
		if lastDate.Compare(to) < 0 {
			to = lastDate
		}
		step := max(1, r.Interval)
		period, end := r.period(start), r.period(to)
		if skip := r.period(from) - period; skip > 0 && r.Count == 0 {
			period += (skip + step - 1) / step * step
		}
		var set []Date
		for n := 0; period <= end; period += step {
			set = r.expand(set[:0], start, period)
			for _, d := range set {
				if d.Compare(start) < 0 {
					continue
				}
				if d.Compare(to) > 0 {
					return
				}
				n++
				if d.Compare(from) >= 0 && !yield(d) || n == r.Count {
					return
				}
			}
		}
	}
}

// has reports whether d is a day of r.
func (r *Rule) has(start, d Date) bool {
	for range r.days(start, d, d) {
		return true
	}
	return false
}

// period returns the number of the day, week, month or year in which d is.
func (r *Rule) period(d Date) int {
	switch r.Freq {
	case Daily:
		return d.number()
	case Weekly:
		return (d.number() + r.weekShift()) / 7
	case Monthly:
		return d.Year*12 + int(d.Month-1)
	}
	return d.Year
}

// weekShift is 1 if weeks begin on Sunday: day 0 is a Monday.
func (r *Rule) weekShift() int {
	if r.SundayFirst {
		return 1
	}
	return 0
}

// expand appends the days that a period has by the By fields, in order.
func (r *Rule) expand(set []Date, start Date, period int) []Date {
	switch r.Freq {
	case Daily:
		set = r.appendDays(set, start, dateOfNumber(period), 1)
	case Weekly:
		first := max(0, period*7-r.weekShift())
		set = r.appendDays(set, start, dateOfNumber(first), 7)
	case Monthly:
		set = r.appendMonth(set, start, period/12, time.Month(period%12+1))
	case Yearly:
		for m := time.January; m <= time.December; m++ {
			set = r.appendMonth(set, start, period, m)
		}
	}
	if len(r.BySetPos) == 0 {
		return set
	}
	chosen := set[:0]
	for i, d := range set {
		if slices.Contains(r.BySetPos, i+1) || slices.Contains(r.BySetPos, i-len(set)) {
			chosen = append(chosen, d)
		}
	}
	return chosen
}

// appendDays appends those of n days from first on that satisfy r.
func (r *Rule) appendDays(set []Date, start, first Date, n int) []Date {
	weekday := first.weekday()
	for range n {
		if r.wantsMonth(start, first.Month) && r.wants(start, first, weekday) {
			set = append(set, first)
		}
		weekday = (weekday + 1) % 7
		if first.Day++; first.Day > 28 && first.Day > daysIn(first.Year, first.Month) {
			first = first.AddDays(0)
		}
	}
	return set
}

func (r *Rule) appendMonth(set []Date, start Date, year int, m time.Month) []Date {
	if !r.wantsMonth(start, m) {
		return set
	}
	return r.appendDays(set, start, Date{year, m, 1}, daysIn(year, m))
}

func (r *Rule) wantsMonth(start Date, m time.Month) bool {
	switch {
	case len(r.ByMonth) > 0:
		return slices.Contains(r.ByMonth, m)
	case r.Freq == Yearly:
		return m == start.Month
	}
	return true
}

// wants reports whether a day of a month that r wants satisfies ByMonthDay and ByDay, or what start says in their place.
func (r *Rule) wants(start, d Date, weekday time.Weekday) bool {
	if len(r.ByMonthDay)+len(r.ByDay) == 0 {
		switch r.Freq {
		case Daily:
			return true
		case Weekly:
			return weekday == start.weekday()
		}
		return d.Day == start.Day
	}
	fromEnd := d.Day - daysIn(d.Year, d.Month) - 1
	if len(r.ByMonthDay) > 0 && !slices.Contains(r.ByMonthDay, d.Day) && !slices.Contains(r.ByMonthDay, fromEnd) {
		return false
	}
	if len(r.ByDay) == 0 {
		return true
	}
	nth, nthFromEnd := (d.Day-1)/7+1, (fromEnd+1)/7-1
	return slices.ContainsFunc(r.ByDay, func(w Weekday) bool {
		return w.Day == weekday && (w.Nth == 0 || w.Nth == nth || w.Nth == nthFromEnd)
	})
}
