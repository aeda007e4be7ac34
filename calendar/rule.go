package calendar

import "time"

// A Frequency is the unit in which a [Rule] counts.
type Frequency string

const (
	Daily   Frequency = "DAILY"
	Weekly  Frequency = "WEEKLY"
	Monthly Frequency = "MONTHLY"
	Yearly  Frequency = "YEARLY"
)

// A Rule says on which days a series takes place (RFC 5545, section 3.3.10). It has those parts that all readers
// understand alike; times of day are those of the event. Freq is required. A Rule without Count and Until has no end.
type Rule struct {
	Freq        Frequency
	Interval    int          // every how many days, weeks, months or years; zero: 1
	Count       int          // how many occurrences, exceptions included; zero: no limit
	Until       Date         // the last day, included; zero: no limit
	ByMonth     []time.Month // only in these months
	ByMonthDay  []int        // 1 to 31, or -1 (the last day) to -31; with Yearly it needs ByMonth; not with Weekly
	ByDay       []Weekday
	BySetPos    []int // which of the days that a month or a year has by the rest: 1 the first, -1 the last
	SundayFirst bool  // weeks begin on Sunday, which matters with Weekly and an Interval; else on Monday
}

// A Weekday is a day of the week in a [Rule]; with an Nth, which only Monthly and Yearly know, the nth of the month, or
// of the year in a Yearly rule without ByMonth: -1 is the last. The zero Nth is every one.
type Weekday struct {
	Nth int
	Day time.Weekday
}
