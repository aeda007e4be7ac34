package calendar

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/contentline"
)

// repeats reads the rule, the further days and the exceptions of an event whose own time is known.
func (v *vevent) repeats() {
	e := &v.event
	rules := 0
	for i := range v.Lines {
		l := &v.Lines[i]
		switch l.Name {
		case "RRULE":
			if rules++; rules > 1 {
				v.lose("Repeat", l, errors.New("a second RRULE, want one"))
				break
			}
			rule, err := ParseRule(l.Value, e.When)
			v.lose("Repeat", l, err)
			e.Repeat = rule
		case "EXRULE":
			v.lose("Except", l, errors.New("EXRULE, want EXDATE (RFC 5545, appendix A.3)"))
		}
	}
	if v.lost {
		return
	}
	if e.Repeat != nil && v.lose("Repeat", find(v.Component, "RRULE"), e.Repeat.err()) {
		return
	}
	for i := range v.Lines {
		l := &v.Lines[i]
		switch l.Name {
		case "RDATE":
			for s := range strings.SplitSeq(l.Value, ",") {
				v.lose("Also", l, v.also(l, s))
			}
		case "EXDATE":
			for s := range strings.SplitSeq(l.Value, ",") {
				if s != "" {
					v.bad("Except", l, v.except(l, s))
				}
			}
		}
	}
}

// dayOf returns the day on which s is in the zone of w, and whether s is then the time of an occurrence of a series that
// begins with w.
func (w When) dayOf(s stamp) (Date, bool) {
	loc := w.start.Location()
	switch {
	case s.isDate(): // of a series that is timed some programs tell the days too
		return s.day, true
	case w.AllDay():
		return DateOf(s.time), s.isMidnight()
	case s.floating && !w.floating: // nor do they all repeat the zone
		s.time = onDay(DateOf(s.time), timeOfDay(s.time), loc)
	case w.floating && !s.floating:
		return DateOf(s.time), false
	}
	day := DateOf(s.time.In(loc))
	return day, w.on(day).start.Equal(s.time)
}

// also adds a further occurrence. One that is not like the others is an override of itself.
func (v *vevent) also(l *contentline.Line, value string) error {
	e := &v.event
	from, to, period := strings.Cut(value, "/")
	s, err := v.d.zones.stamp(l, from, false)
	if err != nil {
		return err
	}
	day, same := e.When.dayOf(s)
	when := e.When.on(day)
	if !same || period {
		if e.When.AllDay() || s.isDate() || s.floating != e.When.floating {
			return fmt.Errorf("RDATE is %q, want the form of DTSTART", value)
		}
		if when, err = v.period(l, s, to); err != nil {
			return err
		}
	}
	if v.planned(day) {
		if when.Compare(e.When.on(day)) != 0 {
			return fmt.Errorf("RDATE is %q: a second time on %s, want one on each day", value, day)
		}
		return nil
	}
	v.add(day)
	if when.Compare(e.When.on(day)) != 0 {
		one := v.event
		one.UID, one.When, one.Updated, one.Sequence = "", when, time.Time{}, 0
		one.Repeat, one.Also, one.Except, one.Overrides = nil, nil, nil, nil
		v.put(Override{Day: day, Event: one})
	}
	return nil
}

// period returns the time from start to the end of a PERIOD, a time or a duration; without one it is as long as the event.
func (v *vevent) period(l *contentline.Line, start stamp, to string) (When, error) {
	var end time.Time
	switch {
	case to == "" && v.event.When.end.IsZero():
		end = start.time
	case to == "":
		end = start.time.Add(v.event.When.length())
	case strings.HasPrefix(to, "P"):
		d, err := parseDuration(to)
		if err != nil {
			return When{}, fmt.Errorf("RDATE: %w", err)
		}
		end = start.time.AddDate(0, 0, d.days).Add(d.clock)
	default:
		s, err := v.d.zones.stamp(l, to, false)
		if err != nil {
			return When{}, err
		}
		if s.isDate() || s.floating != start.floating {
			return When{}, fmt.Errorf("RDATE: the end of the period is %q, want the form of its start", to)
		}
		end = s.time
	}
	start.time = start.time.In(v.event.When.start.Location())
	w := timed(start, end)
	return w, w.check()
}

// except adds a day on which the series does not take place.
func (v *vevent) except(l *contentline.Line, value string) error {
	w := v.event.When
	s, err := v.d.zones.stamp(l, value, false)
	if err != nil {
		return err
	}
	day, ok := w.dayOf(s)
	if !ok && (s.floating || timeOfDay(s.time.In(w.start.Location())) != 0) { // midnight means the day
		return fmt.Errorf("EXDATE is %q, want a time of the series, such as %s", value, w.start.Format(localLayout))
	}
	if v.excepted == nil {
		v.excepted = map[Date]bool{}
	}
	if !v.excepted[day] {
		v.excepted[day] = true
		v.event.Except = append(v.event.Except, day)
	}
	return nil
}

// planned reports whether the series has an occurrence on a day, exceptions aside.
func (v *vevent) planned(d Date) bool {
	first := v.event.When.day()
	if v.rule == nil && v.event.Repeat != nil {
		v.rule = v.event.Repeat.uncounted(first)
	}
	return d == first || v.added[d] || v.rule != nil && v.rule.has(first, d)
}

// add adds a further day.
func (v *vevent) add(d Date) {
	if v.added == nil {
		v.added = map[Date]bool{}
	}
	v.added[d] = true
	v.event.Also = append(v.event.Also, d)
}

// put adds an override, in place of one of the same day.
func (v *vevent) put(o Override) {
	if v.overridden == nil {
		v.overridden = map[Date]int{}
	}
	if i, ok := v.overridden[o.Day]; ok {
		v.event.Overrides[i] = o
		return
	}
	v.overridden[o.Day] = len(v.event.Overrides)
	v.event.Overrides = append(v.event.Overrides, o)
}
