package crieur

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/locale"
)

// repeat makes ev, whose When is set, the series that p says.
func repeat(ev *calendar.Event, p content.Repeat) error {
	if p.Rule != "" {
		rule, err := calendar.ParseRule(p.Rule, ev.When)
		if err != nil {
			return err
		}
		ev.Repeat = rule
	}
	ev.Also, ev.Except = dates(p.Also), dates(p.Except)
	return nil
}

func dates(days []time.Time) (list []calendar.Date) {
	for _, d := range days {
		list = append(list, calendar.DateOf(d))
	}
	return list
}

// maxYears is how long a series of so many times may last.
const maxYears = 200

// checkRule says what is wrong with the rule of an event, or returns what says
// it of the days. See content.Options.
func checkRule(first content.Span, text string) (func(also, except []time.Time) error, error) {
	ev := calendar.Event{UID: "check", Summary: "check", When: when(first), Updated: time.Unix(0, 0).UTC()}
	if err := repeat(&ev, content.Repeat{Rule: text}); err != nil {
		if cause := errors.Unwrap(err); cause != nil {
			err = cause // without the rule, which stands before it
		}
		return nil, err
	}
	if rule := ev.Repeat; rule != nil && rule.Count > 0 {
		if years(rule) > maxYears {
			return nil, fmt.Errorf("COUNT: %d times take more than %d years, want fewer, or no end", rule.Count, maxYears)
		}
		if err := checkSeries(&ev); err != nil {
			return nil, err
		}
		rule.Until, rule.Count = calendar.DateOf(last(&ev).Start), 0 // which is not counted again for each day
	}
	if err := checkSeries(&ev); err != nil {
		return nil, err
	}
	return func(also, except []time.Time) error {
		ev := ev
		ev.Also, ev.Except = dates(also), dates(except)
		return checkSeries(&ev)
	}, nil
}

// inYear is how often a rule comes round in a year.
var inYear = map[calendar.Frequency]int{calendar.Daily: 365, calendar.Weekly: 52, calendar.Monthly: 12, calendar.Yearly: 1}

// years is about how long the times of a rule with a count take, at least.
func years(r *calendar.Rule) int {
	units := inYear[r.Freq]
	times := max(1, len(r.ByMonth)) * max(1, len(r.ByMonthDay), 5*len(r.ByDay))
	if days := len(r.ByMonthDay); days > 0 && len(r.ByDay) > 0 { // a Friday 13
		return r.Count * max(1, r.Interval) * 7 / (units * max(1, len(r.ByMonth)) * days * len(r.ByDay))
	}
	return r.Count * max(1, r.Interval) / (units * times)
}

// checkSeries is calendar.Check in the words of rules.
func checkSeries(ev *calendar.Event) error {
	faults, _ := calendar.Check(&calendar.Calendar{Name: "check", Events: []calendar.Event{*ev}}).(interface{ Unwrap() []error })
	if faults == nil {
		return nil
	}
	var all []string
	for _, err := range faults.Unwrap() {
		if fe, ok := errors.AsType[*calendar.FieldError](err); ok && fe.Event == 0 {
			text := fe.Err.Error()
			if part, ok := strings.CutPrefix(fe.Field, "Repeat."); ok {
				text = strings.ToUpper(part) + ": " + text
			}
			all = append(all, text)
		}
	}
	if all == nil {
		return nil
	}
	return errors.New(strings.Join(all, "; "))
}

// series is the calendar's form of when r takes place, and of nothing else.
func series(r *content.Record) *calendar.Event {
	ev := &calendar.Event{When: when(r.When)}
	repeat(ev, r.Repeat) // one that cannot be was left out when it was read
	return ev
}

func span(w calendar.When) content.Span {
	return content.Span{AllDay: w.AllDay(), Start: w.Start(), End: w.End()}
}

// end is when a time is over; a day is over at midnight in the site's zone.
func (s *settings) end(w content.Span) time.Time {
	switch {
	case w.AllDay:
		y, m, d := w.End.Date()
		return time.Date(y, m, d+1, 0, 0, 0, 0, s.zone)
	case w.End.IsZero():
		return w.Start
	}
	return w.End
}

// current is the time at which an event takes place at now or next; of one
// that is over, its last. Most events have one time.
func (s *settings) current(r *content.Record, now time.Time) content.Span {
	if r.Repeat.IsZero() {
		return r.When
	}
	return s.currentOf(series(r), now)
}

func (s *settings) currentOf(ev *calendar.Event, now time.Time) content.Span {
	for _, o := range ev.Occurrences(now.In(s.zone), time.Time{}) {
		if w := span(o.When); s.end(w).After(now) {
			return w
		}
	}
	return last(ev)
}

// over reports whether r is an event that has taken place, for the last time.
func (s *settings) over(r *content.Record, now time.Time) bool {
	return r.Kind == content.Event && !s.end(s.current(r, now)).After(now)
}

// last is the last time of a series that has an end, or of an event.
func last(ev *calendar.Event) content.Span {
	found := span(ev.When)
	var until calendar.Date // zero: not known; the occurrences of such a rule are few
	if ev.Repeat == nil || !ev.Repeat.Until.IsZero() {
		if ev.Repeat != nil {
			until = ev.Repeat.Until
		}
		for _, d := range ev.Also {
			if d.Compare(until) > 0 {
				until = d
			}
		}
	}
	for days := 400; ; days *= 8 { // the last of a long series may be excepted, but not all of them
		var from time.Time
		if !until.IsZero() {
			first := until.AddDays(-days)
			from = time.Date(first.Year, first.Month, first.Day, 0, 0, 0, 0, time.UTC)
		}
		any := false
		for _, o := range ev.Occurrences(from, time.Time{}) {
			found, any = span(o.When), true
		}
		if any || !from.After(ev.When.Start()) {
			return found
		}
	}
}

// fewTimes is how many times of a series are told by their dates.
const fewTimes = 3

// again says when an event takes place after one of its times; empty: never.
func (s *settings) again(r *content.Record, w content.Span) string {
	if r.Repeat.IsZero() {
		return ""
	}
	ev := series(r)
	later := func(t time.Time) bool { return t.After(w.Start) }
	var next []time.Time
	for _, o := range ev.Occurrences(w.Start, time.Time{}) {
		if t := o.When.Start(); later(t) {
			next = append(next, t)
		}
		if len(next) > fewTimes {
			break
		}
	}
	said := locale.Series{Also: next[:min(len(next), fewTimes)], More: len(next) > fewTimes}
	if rule := ev.Repeat; said.More && rule != nil {
		alone := *ev
		alone.Also = nil
		var end time.Time // zero: never
		if rule.Count > 0 || !rule.Until.IsZero() {
			end = last(&alone).Start
		}
		if rhythm := rhythm(rule, ev.When.Start()); rhythm != nil && (end.IsZero() || later(end)) {
			day := func(d time.Time) bool {
				return d.Format(time.DateOnly) > w.Start.Format(time.DateOnly) && (end.IsZero() || d.Format(time.DateOnly) < end.Format(time.DateOnly))
			}
			said = locale.Series{Rhythm: rhythm, Until: end}
			for _, d := range r.Repeat.Except {
				if day(d) {
					said.Except = append(said.Except, d)
				}
			}
			for _, d := range r.Repeat.Also {
				if d.Format(time.DateOnly) > w.Start.Format(time.DateOnly) {
					said.Also = append(said.Also, d)
				}
			}
		}
	}
	return s.words.Then("", s.words.Series(said))
}

// rhythm is a rule that words can be found for, of a series that begins with
// start; nil: they would be too many, or not true of each month and year.
func rhythm(rule *calendar.Rule, start time.Time) *locale.Rhythm {
	r := &locale.Rhythm{Every: max(1, rule.Interval)}
	weekdays := func() *locale.Rhythm {
		r.Unit = locale.Week
		for _, d := range rule.ByDay {
			r.Weekdays = append(r.Weekdays, d.Day)
		}
		if len(r.Weekdays) == 0 {
			r.Weekdays = []time.Weekday{start.Weekday()}
		}
		slices.SortFunc(r.Weekdays, func(a, b time.Weekday) int { return int(a+6)%7 - int(b+6)%7 }) // from Monday
		return r
	}
	switch rule.Freq {
	case calendar.Daily:
		switch {
		case len(rule.ByDay) == 0:
			return r
		case r.Every == 1:
			return weekdays()
		}
		return nil
	case calendar.Weekly:
		return weekdays()
	case calendar.Monthly:
		if r.Unit = locale.Month; len(rule.ByDay) > 0 && len(rule.ByMonthDay)+len(rule.BySetPos) == 0 && rule.ByDay[0].Nth == 0 {
			if r.Every > 1 {
				return nil
			}
			return weekdays()
		}
	case calendar.Yearly:
		r.Unit = locale.Year
		leap := start.Month() == time.February && start.Day() == 29
		switch {
		case len(rule.ByMonth) == 0 && !leap, len(rule.ByMonth) == 1 && rule.ByMonth[0] == start.Month() && len(rule.ByDay)+len(rule.ByMonthDay) == 0 && !leap:
			return r
		case len(rule.ByMonth) != 1:
			return nil
		}
		r.Month = rule.ByMonth[0]
	}
	if len(rule.ByDay) > 0 {
		r.Nth = nths(rule)
		if r.Nth == nil {
			return nil
		}
		return r
	}
	r.Days = slices.Clone(rule.ByMonthDay)
	if len(r.Days) == 0 {
		r.Days = []int{start.Day()}
	}
	slices.SortFunc(r.Days, inMonth)
	if r.Unit == locale.Month && slices.ContainsFunc(r.Days, func(d int) bool { return d > 28 || d < -1 }) {
		return nil
	}
	return r
}

// nths are the weekdays of a month that a rule names; none if it cannot be
// said so.
func nths(rule *calendar.Rule) (list []locale.Nth) {
	if len(rule.ByMonthDay) > 0 || len(rule.BySetPos) > 0 && len(rule.ByDay) > 1 {
		return nil
	}
	for _, d := range rule.ByDay {
		positions := rule.BySetPos
		if len(positions) == 0 {
			positions = []int{d.Nth}
		}
		for _, n := range positions {
			if n == 0 || n > 5 || n < -2 {
				return nil
			}
			list = append(list, locale.Nth{N: n, Day: d.Day})
		}
	}
	slices.SortStableFunc(list, func(a, b locale.Nth) int { return inMonth(a.N, b.N) })
	return list
}

// inMonth orders days of a month, those counted from its end last.
func inMonth(a, b int) int {
	place := func(n int) int {
		if n < 0 {
			return 100 + n
		}
		return n
	}
	return place(a) - place(b)
}
