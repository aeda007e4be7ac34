package content

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A moment is a date, or a date and a time, as it was written, not yet judged in any zone.
type moment struct {
	year       int
	month, day int
	timed      bool
	clock      clock
	zoned      bool // an offset is given
	offset     int  // in seconds east of UTC
	utc        bool // the offset is Z or UTC: an instant, no statement about a zone
}

// A clock is a time of day.
type clock struct{ hour, min, sec int }

func (c clock) seconds() int   { return (c.hour*60+c.min)*60 + c.sec }
func (c clock) String() string { return fmt.Sprintf("%02d:%02d", c.hour, c.min) }

// date returns midnight UTC of the day.
func (m moment) date() time.Time {
	return time.Date(m.year, time.Month(m.month), m.day, 0, 0, 0, 0, time.UTC)
}

// in returns the instant at which the clocks of a place show the moment.
func (m moment) in(loc *time.Location) time.Time {
	return time.Date(m.year, time.Month(m.month), m.day, m.clock.hour, m.clock.min, m.clock.sec, 0, loc)
}

// fixed returns the instant of a moment with an offset.
func (m moment) fixed() time.Time { return m.in(time.FixedZone("", m.offset)) }

// midnight reports whether the moment names a whole day, by having no time or by a time of 00:00:00.
func (m moment) midnight() bool { return !m.timed || m.clock == clock{} }

// on returns m with a time of day.
func (m moment) on(c clock) moment {
	m.timed, m.clock = true, c
	return m
}

// parseMoment reads a date, or a date and a time:
//
//	2027-05-08   2027/5/8   8 mai 2027   1er mai 2027   Saturday, May 8th, 2027   08/05/2027
//	DATE (T | space | "," | à | at) TIME [offset]
//	TIME: 9:00   09:00:00.0   9h   9h30   9 h 30   2 pm        offset: Z  UTC  +01:00  -0500  +01
//
// dayFirst decides what 05/06/2027 means.
func parseMoment(s string, dayFirst bool) (moment, error) {
	m, rest, err := cutDate(fold(s), dayFirst)
	switch {
	case err != nil:
		return m, err
	case m.year == 0 && m.month == 0 && dayMonth.MatchString(s):
		return m, errNoYear
	case m.year == 0 && m.month == 0:
		return m, fmt.Errorf("want a date such as 2027-05-08 or 2027-05-08 14:30")
	case m.year == noYear:
		return m, errNoYear
	case !m.exists():
		return m, fmt.Errorf("there is no such day")
	case rest == "":
		return m, nil
	}
	rest = strings.TrimLeft(rest, " ,")
	rest = strings.TrimPrefix(rest, "t")
	if after, found := cutWord(rest, func(l *language) []string { return l.at }); found {
		rest = after
	}
	c, rest, ok := cutClock(rest)
	if !ok {
		return m, fmt.Errorf("%q after the date is no time, want the form 14:30", clip(rest, 30))
	}
	m.timed, m.clock = true, c
	if rest, ok = m.cutOffset(rest); !ok || rest != "" {
		return m, fmt.Errorf("%q after the time is no offset, want the form +02:00", clip(rest, 30))
	}
	if c.hour == 24 {
		next := m.date().AddDate(0, 0, 1)
		m.year, m.month, m.day, m.clock = next.Year(), int(next.Month()), next.Day(), clock{}
	}
	return m, nil
}

// errNoYear says of a date that it has no year, or one of two digits: nobody but the writer knows which.
var errNoYear = errors.New("want a year of four digits as well, such as 2027-05-08")

// dayMonth is a date in numbers without a year, or with one of two digits.
var dayMonth = regexp.MustCompile(`^\s*(?:\pL+\.?\s+)?[0-3]?\d/[0-3]?\d(?:/\d\d)?(?:[\s,]|$)`)

// noYear stands for the year of a date that gives none.
const noYear = -1

func (m moment) exists() bool {
	d := m.date()
	return d.Day() == m.day && int(d.Month()) == m.month && m.month >= 1 && m.month <= 12
}

// cutDate reads a date from the front of a folded text. A date in words may lack its year (noYear). Without any date m is zero.
func cutDate(s string, dayFirst bool) (m moment, rest string, err error) {
	if m, rest, ok := cutISO(s); ok {
		return m, rest, nil
	}
	text := s
	for range 3 { // "le mardi 5", "on the 5th"
		after, found := cutWord(text, func(l *language) []string { return l.weekdays })
		if !found {
			break
		}
		text = strings.TrimLeft(after, "., ")
	}
	if m, rest, ok := cutDayMonth(text); ok {
		return m, rest, nil
	}
	if m, rest, ok := cutMonthDay(text); ok {
		return m, rest, nil
	}
	a, rest, ok := cutNumber(text, 2)
	if !ok || rest == "" || strings.IndexByte("/.-", rest[0]) < 0 {
		return moment{}, s, nil
	}
	sep := rest[0]
	b, rest, ok := cutNumber(rest[1:], 2)
	if !ok || rest == "" || rest[0] != sep {
		return moment{}, s, nil
	}
	year, rest, ok := cutNumber(rest[1:], 4)
	if !ok || year < 1000 {
		return moment{}, s, nil
	}
	switch {
	case b <= 12 && (a > 12 || dayFirst):
	case b > 12 && a <= 12:
		a, b = b, a
	default:
		return moment{}, s, fmt.Errorf("day and month cannot be told apart, want the form %04d-%02d-%02d", year, b, a)
	}
	return moment{year: year, month: b, day: a}, rest, nil
}

// cutISO reads 2027-05-08 and its relatives.
func cutISO(s string) (m moment, rest string, ok bool) {
	if len(s) < 8 || s[4] != '-' && s[4] != '/' && s[4] != '.' {
		return m, s, false
	}
	year, rest, ok := cutNumber(s, 4)
	if !ok || len(s)-len(rest) != 4 {
		return m, s, false
	}
	month, rest, ok := cutNumber(rest[1:], 2)
	if !ok || rest == "" || rest[0] != s[4] {
		return m, s, false
	}
	day, rest, ok := cutNumber(rest[1:], 2)
	if !ok {
		return m, s, false
	}
	return moment{year: year, month: month, day: day}, rest, true
}

// cutDayMonth reads "8 mai 2027", "1er mai", "8th of May, 2027".
func cutDayMonth(s string) (m moment, rest string, ok bool) {
	day, rest, ok := cutNumber(s, 2)
	if !ok {
		return m, s, false
	}
	if after, found := cutWord(rest, func(l *language) []string { return l.ordinals }); found {
		rest = after
	}
	rest = strings.TrimLeft(rest, " -")
	if after, found := cutWord(rest, func(l *language) []string { return l.of }); found {
		rest = after
	}
	month, rest := cutMonth(rest)
	if month == 0 {
		return m, s, false
	}
	m = moment{year: noYear, month: month, day: day}
	if year, after, ok := cutNumber(strings.TrimLeft(rest, " ,-"), 4); ok && year >= 1000 {
		m.year, rest = year, after
	}
	return m, rest, true
}

// cutMonthDay reads "May 8, 2027", "May 8th".
func cutMonthDay(s string) (m moment, rest string, ok bool) {
	month, rest := cutMonth(s)
	if month == 0 {
		return m, s, false
	}
	day, rest, ok := cutNumber(strings.TrimLeft(rest, " "), 2)
	if !ok || strings.HasPrefix(rest, "h") {
		return m, s, false
	}
	if after, found := cutWord(rest, func(l *language) []string { return l.ordinals }); found {
		rest = after
	}
	m = moment{year: noYear, month: month, day: day}
	if year, after, ok := cutNumber(strings.TrimLeft(rest, " ,"), 4); ok && year >= 1000 {
		m.year, rest = year, after
	}
	return m, rest, true
}

// cutMonth reads the name of a month. The month is 0 if there is none.
func cutMonth(s string) (month int, rest string) {
	i := 0
	for i < len(s) && 'a' <= s[i] && s[i] <= 'z' {
		i++
	}
	return monthOf(s[:i]), strings.TrimPrefix(s[i:], ".")
}

// cutNumber reads a number of at most so many digits, and no more digits after it.
func cutNumber(s string, digits int) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		if i == digits {
			return 0, s, false
		}
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i > 0
}

// cutOffset reads what stands after a time: nothing, Z, UTC, GMT, +01:00, -0500, +01.
func (m *moment) cutOffset(s string) (rest string, ok bool) {
	s = strings.TrimLeft(s, " ")
	if s == "" {
		return "", true
	}
	for _, name := range []string{"z", "utc", "gmt"} {
		if s == name {
			m.zoned, m.utc = true, true
			return "", true
		}
	}
	if s[0] != '+' && s[0] != '-' {
		return s, false
	}
	digits := strings.ReplaceAll(s[1:], ":", "")
	n, rest, ok := cutNumber(digits, 4)
	switch {
	case !ok || rest != "":
		return s, false
	case len(digits) <= 2:
		n *= 100
	case len(digits) == 3 && !strings.Contains(s, ":"):
		return s, false
	}
	if n/100 > 15 || n%100 > 59 {
		return s, false
	}
	m.zoned, m.offset = true, (n/100*60+n%100)*60
	if s[0] == '-' {
		m.offset = -m.offset
	}
	return "", true
}
