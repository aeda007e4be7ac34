package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Frequency is the unit in which a [Rule] counts.
type Frequency string

const (
	Daily   Frequency = "DAILY"
	Weekly  Frequency = "WEEKLY"
	Monthly Frequency = "MONTHLY"
	Yearly  Frequency = "YEARLY"
)

// A Rule says on which days a series takes place (RFC 5545, section 3.3.10); times of day are those of the event. Freq is
// required. A Rule without Count and Until has no end.
//
// It has no more than what readers understand alike. The By fields choose days of a period, which must satisfy all of
// them; which of them there are depends on Freq:
//
//	Daily    ByDay
//	Weekly   ByDay
//	Monthly  ByMonthDay, ByDay, BySetPos
//	Yearly   ByMonth, and with it ByMonthDay, ByDay, BySetPos
//
// A Rule without ByDay and ByMonthDay takes place on every day (Daily), or on the weekday (Weekly) or the day of the
// month (Monthly, Yearly) on which the series begins. Months and years without that day, such as the 31st, are left out.
type Rule struct {
	Freq        Frequency
	Interval    int          // every how many days, weeks, months or years, at most 32,767; zero: 1
	Count       int          // how many occurrences, exceptions included, at most 5,000; zero: no limit
	Until       Date         // the last day, included; zero: no limit; not together with Count
	ByMonth     []time.Month // only in these months
	ByMonthDay  []int        // 1 to 31; with Monthly and without ByDay also -1 (the last day) to -31
	ByDay       []Weekday    // all with an Nth, or all without
	BySetPos    []int        // which of the weekdays in ByDay that a month has: 1 the first, -1 the last
	SundayFirst bool         // weeks begin on Sunday, which matters with Weekly and an Interval; else on Monday
}

// A Weekday is a day of the week in a [Rule], or, with an Nth, the nth of a month: 1 is the first, -1 the last. The zero
// Nth is every one.
type Weekday struct {
	Nth int // -5 to 5; zero with Daily and Weekly, with ByMonthDay, and with BySetPos
	Day time.Weekday
}

// String returns d as in BYDAY: "TU", "-1FR".
func (d Weekday) String() string { return string(d.append(nil)) }

func (d Weekday) append(dst []byte) []byte {
	if d.Nth != 0 {
		dst = strconv.AppendInt(dst, int64(d.Nth), 10)
	}
	if d.Day < time.Sunday || d.Day > time.Saturday {
		return append(dst, '?')
	}
	return append(dst, days[d.Day]...)
}

const (
	maxInterval = 32767 // libical keeps it in 16 bits
	maxCount    = 5000  // 13 years of days
	maxValues   = 400   // of a field, more than there are good ones
)

// check tells bad of everything that is wrong with r whatever series it is of, by field.
//
// Most combinations that RFC 5545 has and this does not let pass give other days in ical.js (Thunderbird) or in
// sabre/vobject (Nextcloud): ByMonth other than yearly, the nth weekday of a year, positions in a year. Days of the
// month in a Daily rule are lost by libical.
func (r *Rule) check(bad func(field string, err error)) {
	switch r.Freq {
	case Daily, Weekly, Monthly, Yearly:
	case "":
		bad("Freq", ErrMissing)
		return // all else depends on it
	default:
		bad("Freq", fmt.Errorf("%.100q, want %s, %s, %s or %s", r.Freq, Daily, Weekly, Monthly, Yearly))
		return
	}
	if r.Interval < 0 || r.Interval > maxInterval {
		bad("Interval", fmt.Errorf("%d, want 0 to %d", r.Interval, maxInterval))
	}
	if r.Count < 0 || r.Count > maxCount {
		bad("Count", fmt.Errorf("%d, want 0 to %d", r.Count, maxCount))
	}
	if !r.Until.IsZero() {
		bad("Until", r.Until.check())
		if r.Count != 0 {
			bad("Until", errors.New("given together with Count, want one of them"))
		}
	}
	if r.tooLong(bad) {
		return
	}
	r.checkMonths(bad)
	r.checkByDay(bad)
	checkList(bad, "BySetPos", "%d", r.BySetPos, within(31), "1 to 31 or -1 to -31")
	switch {
	case len(r.BySetPos) == 0:
	case len(r.ByDay) == 0 || len(r.ByMonthDay) > 0 || r.Freq == Daily || r.Freq == Weekly:
		bad("BySetPos", errors.New("want it with ByDay alone, in the months of a rule"))
	case r.Freq == Yearly && len(r.ByMonth) > 1:
		bad("BySetPos", errors.New("in more than one month, want one, since readers count in the month or in the year"))
	}
}

// tooLong checks how many values the lists hold, before they are compared with each other.
func (r *Rule) tooLong(bad func(field string, err error)) bool {
	long := false
	check := func(field string, n int) {
		if n > maxValues {
			bad(field, fmt.Errorf("%d values, want at most %d", n, maxValues))
			long = true
		}
	}
	check("ByMonth", len(r.ByMonth))
	check("ByMonthDay", len(r.ByMonthDay))
	check("ByDay", len(r.ByDay))
	check("BySetPos", len(r.BySetPos))
	return long
}

// checkMonths checks ByMonth and ByMonthDay.
func (r *Rule) checkMonths(bad func(field string, err error)) {
	checkList(bad, "ByMonth", "%d", r.ByMonth, func(m time.Month) bool { return m >= 1 && m <= 12 }, "1 to 12")
	checkList(bad, "ByMonthDay", "%d", r.ByMonthDay, within(31), "1 to 31 or -1 to -31")
	switch {
	case len(r.ByMonth) > 0 && r.Freq != Yearly:
		bad("ByMonth", fmt.Errorf("in a %s rule, which some readers do not heed, want %s", r.Freq, Yearly))
	case len(r.ByMonth) == 0 && r.Freq == Yearly && len(r.ByDay)+len(r.ByMonthDay) > 0:
		bad("ByMonth", fmt.Errorf("%w: readers differ on the days of a whole year", ErrMissing))
	}
	if len(r.ByMonthDay) == 0 {
		return
	}
	if r.Freq == Daily || r.Freq == Weekly {
		bad("ByMonthDay", fmt.Errorf("in a %s rule, want %s or %s", r.Freq, Monthly, Yearly))
		return
	}
	for _, day := range r.ByMonthDay {
		if day < 0 && (r.Freq == Yearly || len(r.ByDay) > 0) {
			bad("ByMonthDay", fmt.Errorf("%d, want it with %s and without ByDay, where readers understand it alike", day, Monthly))
		}
		bad("ByMonthDay", r.checkDayExists(day))
	}
}

// checkDayExists returns an error if a month of ByMonth has no such day, or not every year: some readers then take the
// next day.
func (r *Rule) checkDayExists(day int) error {
	for _, m := range r.ByMonth {
		if day > daysIn(2001, m) {
			return fmt.Errorf("%d, which %s has not, or not every year", day, m)
		}
	}
	return nil
}

func (r *Rule) checkByDay(bad func(field string, err error)) {
	checkList(bad, "ByDay", "%s", r.ByDay, func(d Weekday) bool { return d.Day >= time.Sunday && d.Day <= time.Saturday }, "Sunday to Saturday")
	nth := 0
	for _, d := range r.ByDay {
		if d.Nth == 0 {
			continue
		}
		nth++
		if !within(5)(d.Nth) {
			bad("ByDay", fmt.Errorf("%s, want the nth to be 1 to 5 or -1 to -5", d))
		}
	}
	switch {
	case nth == 0:
	case r.Freq == Daily || r.Freq == Weekly:
		bad("ByDay", fmt.Errorf("the nth weekday in a %s rule, want %s or %s", r.Freq, Monthly, Yearly))
	case nth < len(r.ByDay):
		bad("ByDay", errors.New("some with an Nth and some without, which readers understand differently"))
	case len(r.ByMonthDay) > 0:
		bad("ByDay", errors.New("the nth weekday with ByMonthDay, want one of them"))
	case len(r.BySetPos) > 0:
		bad("ByDay", errors.New("the nth weekday with BySetPos, want one of them"))
	}
}

// err returns all that check finds as one error.
func (r *Rule) err() error {
	var list causes
	r.check(func(field string, err error) {
		if err != nil {
			list = append(list, fmt.Errorf("%s: %w", field, err))
		}
	})
	return list.err()
}

// causes are the errors of one fault, told on one line.
type causes []error

func (c causes) err() error {
	if len(c) == 0 {
		return nil
	}
	return c
}

func (c causes) Unwrap() []error { return c }

func (c causes) Error() string {
	var b strings.Builder
	for i, err := range c {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(err.Error())
	}
	return b.String()
}

// checkList tells bad of the values of a list that are not in range, or are there twice.
func checkList[T comparable](bad func(field string, err error), field, verb string, list []T, in func(T) bool, want string) {
	for i, v := range list {
		switch {
		case !in(v):
			bad(field, fmt.Errorf(verb+", want %s", v, want))
		case slices.Contains(list[:i], v):
			bad(field, fmt.Errorf(verb+" is given twice", v))
		}
	}
}

// within returns whether a number is 1 to n or -1 to -n.
func within(n int) func(int) bool {
	return func(v int) bool { return v != 0 && v >= -n && v <= n }
}

// String returns r as the RRULE of a series of whole days, such as "FREQ=WEEKLY;BYDAY=TU".
func (r Rule) String() string { return string(r.appendTo(nil, When{})) }

// appendTo appends the RRULE value of a series that begins with w, in a fixed order of parts and without those that
// say what holds anyway. Months and days of the month are sorted, else ical.js goes wrong.
func (r *Rule) appendTo(dst []byte, w When) []byte {
	dst = append(append(dst, "FREQ="...), r.Freq...)
	if r.Interval > 1 {
		dst = appendInts(append(dst, ";INTERVAL="...), r.Interval)
	}
	if r.Count > 0 {
		dst = appendInts(append(dst, ";COUNT="...), r.Count)
	}
	if !r.Until.IsZero() {
		dst = r.appendUntil(append(dst, ";UNTIL="...), w)
	}
	if len(r.ByMonth) > 0 {
		dst = appendInts(append(dst, ";BYMONTH="...), sorted(r.ByMonth)...)
	}
	if len(r.ByMonthDay) > 0 {
		dst = appendInts(append(dst, ";BYMONTHDAY="...), sorted(r.ByMonthDay)...)
	}
	for i, d := range r.ByDay {
		if i == 0 {
			dst = append(dst, ";BYDAY="...)
		} else {
			dst = append(dst, ',')
		}
		dst = d.append(dst)
	}
	if len(r.BySetPos) > 0 {
		dst = appendInts(append(dst, ";BYSETPOS="...), r.BySetPos...)
	}
	if r.SundayFirst {
		dst = append(dst, ";WKST=SU"...)
	}
	return dst
}

// appendUntil appends UNTIL in the form that the start w asks for: a date, a local time, or UTC.
func (r *Rule) appendUntil(dst []byte, w When) []byte {
	switch {
	case w.AllDay(), w.IsZero():
		return r.Until.midnight().AppendFormat(dst, "20060102")
	case w.IsFloating():
		return append(r.Until.midnight().AppendFormat(dst, "20060102"), "T235959"...)
	}
	return r.lastInstant(w).UTC().AppendFormat(dst, "20060102T150405Z")
}

// lastInstant returns an instant between the occurrence of the last day, of a series that begins with w, and the next:
// the end of that day, unless clocks jump over it.
func (r *Rule) lastInstant(w When) time.Time {
	t := onDay(r.Until, 23*time.Hour+59*time.Minute+59*time.Second, w.start.Location())
	if !t.Before(w.on(r.Until.AddDays(1)).start) {
		return w.on(r.Until).start
	}
	return t
}

func appendInts[T ~int](dst []byte, list ...T) []byte {
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(dst, int64(v), 10)
	}
	return dst
}

// sorted returns list in order, which it may be.
func sorted[T cmp.Ordered](list []T) []T {
	if !slices.IsSorted(list) {
		list = slices.Sorted(slices.Values(list))
	}
	return list
}
