package locale

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Rhythm is how often something takes place: on some days of every so many units. The fields that Unit has no use for are zero.
type Rhythm struct {
	Every    int // 1: of every unit
	Unit     Unit
	Weekdays []time.Weekday // of a Week, the first day first; of a Day empty
	Nth      []Nth          // weekdays of a Month, or of the Month of a Year
	Days     []int          // of a Month, or of the Month of a Year: 1 to 31, or -1, the last
	Month    time.Month     // of a Year; zero: the day on which it begins
}

// A Unit is what a Rhythm counts in.
type Unit uint8

const (
	Day Unit = iota
	Week
	Month
	Year
)

// An Nth is a weekday of a month: 1 is the first, -1 the last.
type Nth struct {
	N   int // 1 to 5, -1, -2
	Day time.Weekday
}

// A Series says when something takes place after the first time.
type Series struct {
	Rhythm *Rhythm     // nil: it has none that could be said in words
	Until  time.Time   // the last day; zero: no end
	Also   []time.Time // days besides
	More   bool        // there are others
	Except []time.Time // days of Rhythm on which it does not take place
}

// fewDays is how many days are said one by one.
const fewDays = 3

// Series says when something takes place after the first time: "tous les mardis jusqu’au 29 juin 2027, sauf le 25 mai 2027".
func (l *Locale) Series(s Series) string {
	w := &l.rhythms
	var parts []string
	if s.Rhythm != nil {
		said := l.Rhythm(*s.Rhythm)
		if !s.Until.IsZero() && strings.Contains(said, ",") {
			said += ","
		}
		if !s.Until.IsZero() {
			said += fmt.Sprintf(w.until, l.day(s.Until, true, true))
		}
		switch n := len(s.Except); {
		case n > fewDays:
			said += w.exceptSome
		case n > 0:
			said += fmt.Sprintf(w.except, l.dates(s.Except))
		}
		parts = append(parts, said)
	}
	switch n := len(s.Also); {
	case n == 0 && !s.More:
	case n == 0 || n > fewDays:
		parts = append(parts, w.others)
	case s.More:
		parts = append(parts, l.dates(s.Also), w.others)
	default:
		parts = append(parts, l.dates(s.Also))
	}
	return strings.Join(parts, w.also)
}

// Then says that something takes place again after a first time.
func (l *Locale) Then(first, again string) string {
	if again == "" {
		return first
	}
	return first + l.rhythms.then + again
}

// rhythms are the words of a Rhythm.
type rhythms struct {
	each     [4]string      // a unit
	every    [4]string      // so many of them
	numbers  []string       // from 2
	weekdays string         // of every week
	plural   string         // what a weekday of every week ends with
	workdays string         // a unit, from Monday to Friday
	ordinals map[int]string // of weekdays of a month
	the      string         // before a weekday, or a date
	on       string         // a unit, and its days
	ofMonth  string         // weekdays of any month, or its last day
	monthly  string         // days of any month
	ofThe    string         // days of a month with a name
	nthOf    string         // weekdays of it
	nthOfA   string         // the same before a vowel
	day      func(int) string
	lastDay  string
	and      string

	before                    string // dates
	then, until, also, others string
	except, exceptSome        string
}

// Rhythm says how often something takes place: "tous les mardis", "le premier lundi du mois", "every two weeks on Monday".
func (l *Locale) Rhythm(r Rhythm) string {
	w := &l.rhythms
	each := w.each[r.Unit]
	if r.Every > 1 {
		n := fmt.Sprint(r.Every)
		if i := r.Every - 2; i < len(w.numbers) {
			n = w.numbers[i]
		}
		each = fmt.Sprintf(w.every[r.Unit], n)
	}
	switch {
	case r.Unit == Week && r.Every == 1 && len(r.Weekdays) == 7:
		return w.each[Day]
	case r.Unit == Week && slices.Equal(r.Weekdays, workdays):
		if r.Every == 1 {
			each = w.each[Day]
		}
		return fmt.Sprintf(w.workdays, each)
	case r.Unit == Week && r.Every == 1:
		return fmt.Sprintf(w.weekdays, l.join(names(r.Weekdays, func(d time.Weekday) string { return l.weekdays[d] + w.plural })))
	case r.Unit == Week:
		days := l.join(names(r.Weekdays, func(d time.Weekday) string { return w.the + l.weekdays[d] }))
		return fmt.Sprintf(w.on, each, days)
	case len(r.Nth)+len(r.Days) == 0:
		return each
	}
	days := l.join(names(r.Days, func(n int) string {
		if n < 0 {
			return w.lastDay
		}
		return w.day(n)
	}))
	nths := l.nths(r.Nth)
	if r.Unit == Year {
		of, month := w.ofThe, l.months[r.Month-1]
		if nths != "" {
			of = w.nthOf
			if strings.ContainsAny(month[:1], "ao") {
				of = w.nthOfA
			}
		}
		return fmt.Sprintf(w.on, each, fmt.Sprintf(of, days+nths, month))
	}
	of := w.monthly
	if nths != "" || slices.Contains(r.Days, -1) {
		of = w.ofMonth
	}
	said := fmt.Sprintf(of, days+nths)
	if r.Every > 1 {
		said += ", " + each
	}
	return said
}

var workdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// nths says weekdays of a month; those of one weekday name it once: "le premier et le troisième lundi".
func (l *Locale) nths(list []Nth) string {
	one := len(list) > 0 && !slices.ContainsFunc(list, func(n Nth) bool { return n.Day != list[0].Day })
	said := l.join(names(list, func(n Nth) string {
		s := l.rhythms.ordinals[n.N]
		if !one {
			s += " " + l.weekdays[n.Day]
		}
		return s
	}))
	if one {
		said += " " + l.weekdays[list[0].Day]
	}
	return said
}

func names[E any](list []E, name func(E) string) []string {
	var said []string
	for _, v := range list {
		said = append(said, name(v))
	}
	return said
}

// join says a list: "a, b et c".
func (l *Locale) join(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + l.rhythms.and + list[last]
}

// dates says days, each with its month and year: "le 8 mai 2027 et le 5 juin 2027".
func (l *Locale) dates(days []time.Time) string {
	return l.rhythms.before + l.join(names(days, func(t time.Time) string { return l.rhythms.the + l.day(t, true, true) }))
}
