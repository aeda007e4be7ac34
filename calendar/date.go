package calendar

import (
	"cmp"
	"fmt"
	"time"
)

// A Date is a day of the Gregorian calendar, without a time and without a zone.
// The zero Date is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// AddDays returns the day n days after d; n may be negative.
func (d Date) AddDays(n int) Date {
	d.Day += n
	return DateOf(d.midnight())
}

// Compare returns -1, 0 or +1 as d is before, the same as, or after o.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns d in the form 2006-01-02.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// valid reports whether d exists: 30 February does not.
func (d Date) valid() bool { return d == DateOf(d.midnight()) }

// check returns what keeps d from being written as a DATE (RFC 5545, section 3.3.4).
func (d Date) check() error {
	if !d.valid() {
		return fmt.Errorf("%s is not a day of the calendar", d)
	}
	return checkYear(d.Year)
}

func (d Date) midnight() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// day0 is 1 January of the year 1, a Monday, in Unix seconds.
const day0 = -62135596800

// number returns how many days d is after 1 January of the year 1.
func (d Date) number() int { return int((d.midnight().Unix() - day0) / (24 * 60 * 60)) }

// dateOfNumber returns the day that is n days after 1 January of the year 1.
func dateOfNumber(n int) Date { return DateOf(time.Unix(int64(n)*24*60*60+day0, 0).UTC()) }

func (d Date) weekday() time.Weekday { return d.midnight().Weekday() }

// daysIn returns how many days a month has.
func daysIn(year int, m time.Month) int { return Date{year, m + 1, 0}.midnight().Day() }
