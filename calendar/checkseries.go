package calendar

import (
	"errors"
	"fmt"
	"time"
)

// checkSeries adds the faults of what makes e a series.
func (e *Event) checkSeries(f *faults, i int) {
	bad := func(field string, err error) { f.add(i, e.UID, field, err) }
	if !e.isSeries() {
		if len(e.Except) > 0 {
			bad("Except", errNoSeries)
		}
		if len(e.Overrides) > 0 {
			bad("Overrides", errNoSeries)
		}
		return
	}
	before := len(*f)
	bad("Also", checkNumber(len(e.Also)))
	bad("Except", checkNumber(len(e.Except)))
	bad("Overrides", checkNumber(len(e.Overrides)))
	if e.Repeat != nil {
		e.Repeat.check(func(field string, err error) { bad("Repeat."+field, err) })
	}
	for n := range e.Overrides {
		e.checkOverride(f, i, n)
	}
	if e.When.check() != nil {
		return // a fault of its own
	}
	bad("When", e.When.checkRepeatable())
	checkDates(bad, "Also", e.Also)
	checkDates(bad, "Except", e.Except)
	if len(*f) == before {
		e.checkDays(bad)
	}
}

var errNoSeries = errors.New("not a series, want Repeat or Also with it")

// checkDates tells bad of dates that do not exist or are there twice.
func checkDates(bad func(field string, err error), field string, list []Date) {
	for _, d := range list {
		bad(field, d.check())
	}
	sorted := sortedDates(list)
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] {
			bad(field, fmt.Errorf("%s is given twice", sorted[i]))
		}
	}
}

// checkRepeatable returns what keeps w from being the first of a series: each later one must have the same local time in
// all readers.
func (w When) checkRepeatable() error {
	loc := w.start.Location()
	switch {
	case w.AllDay(), w.floating, !hasHistory(loc) && offset(w.start, loc) == 0:
		return nil
	case !isZoneName(loc.String()), !hasHistory(loc):
		return fmt.Errorf("in zone %q, want a named time zone or UTC for a series", loc)
	case !isFirst(w.start):
		return fmt.Errorf("start %s is the second of two such times that day, want the first", w.start.Format(time.RFC3339))
	}
	return nil
}

// checkDays tells bad of days that do not fit together. All of them are valid.
func (e *Event) checkDays(bad func(field string, err error)) {
	s := newSeries(e)
	if e.Repeat != nil {
		if field, err := s.checkRule(e.Repeat); err != nil {
			bad(field, err)
			return
		}
	}
	for _, d := range e.Also {
		switch {
		case d.Compare(s.start) <= 0:
			bad("Also", fmt.Errorf("%s is not after the first day, %s", d, s.start))
		case s.rule != nil && s.rule.has(s.start, d):
			bad("Also", fmt.Errorf("%s is a day of the rule already", d))
		}
		if s.excepts(d) {
			bad("Also", fmt.Errorf("%s is in Except too", d))
		}
	}
	for _, d := range e.Except {
		if !s.planned(d) {
			bad("Except", s.notPlanned(d))
		}
	}
	left := false
	for range s.days(s.start) {
		left = true
		break
	}
	if !left {
		bad("Except", errors.New("every day of the series, want one that is left"))
	}
	seen := make(map[Date]int, len(e.Overrides))
	for n, o := range e.Overrides {
		field := fmt.Sprintf("Overrides[%d].Day", n)
		if first, ok := seen[o.Day]; ok {
			bad(field, fmt.Errorf("%s, which Overrides[%d] has too", o.Day, first))
			continue
		}
		seen[o.Day] = n
		switch {
		case s.excepts(o.Day):
			bad(field, fmt.Errorf("%s is in Except", o.Day))
		case !s.planned(o.Day):
			bad(field, s.notPlanned(o.Day))
		}
	}
}

// checkRule returns the field at fault, and how, if s does not begin on the first day of its rule r. RFC 5545 leaves
// undefined what such a series means, and readers differ.
func (s *series) checkRule(r *Rule) (string, error) {
	if !r.Until.IsZero() {
		if r.Until.Compare(s.start) < 0 {
			return "Repeat.Until", fmt.Errorf("%w: %s, first day %s", ErrOrder, r.Until, s.start)
		}
		if err := checkTime(r.lastInstant(s.when)); err != nil {
			return "Repeat.Until", err
		}
	}
	if len(r.ByDay)+len(r.ByMonthDay) == 0 {
		if err := r.checkDayExists(s.start.Day); err != nil {
			return "Repeat.ByMonth", err
		}
	}
	const years = 100
	for first := range r.days(s.start, s.start, s.start.AddDays(years*366)) {
		if first == s.start {
			return "", nil
		}
		return "When", fmt.Errorf("%s is not a day of the rule; the first is %s", s.start, first)
	}
	return "Repeat", fmt.Errorf("%s has no day within %d years of %s", r, years, s.start)
}

// notPlanned says that d is not a day of s, and which is the next.
func (s *series) notPlanned(d Date) error {
	const years = 100
	if s.rule != nil {
		for next := range s.rule.days(s.start, d, d.AddDays(years*366)) {
			return fmt.Errorf("%s is not a day of the series; the next of the rule is %s", d, next)
		}
	}
	return fmt.Errorf("%s is not a day of the series", d)
}

// checkOverride adds the faults of the nth override by itself.
func (e *Event) checkOverride(f *faults, i, n int) {
	o := &e.Overrides[n]
	bad := func(field string, err error) { f.add(i, e.UID, fmt.Sprintf("Overrides[%d].%s", n, field), err) }
	bad("Day", o.Day.check())
	one := &o.Event
	if one.isSeries() || len(one.Except)+len(one.Overrides) > 0 {
		bad("Repeat", errors.New("an override cannot be a series"))
	}
	if one.UID != "" && one.UID != e.UID {
		bad("UID", fmt.Errorf("%q, want that of the series or none", one.UID))
	}
	if one.Updated.After(e.Updated) {
		bad("Updated", fmt.Errorf("%s, want at most that of the series, %s", one.Updated.Format(time.RFC3339), e.Updated.Format(time.RFC3339)))
	}
	if one.Sequence > e.Sequence {
		bad("Sequence", fmt.Errorf("%d, want at most that of the series, %d", one.Sequence, e.Sequence))
	}
	whole := o.whole(e)
	var own faults
	whole.check(&own, i)
	for _, err := range own {
		fe, ok := errors.AsType[*FieldError](err)
		if !ok {
			continue
		}
		inherited := fe.Field == "UID" || fe.Field == "Updated" && one.Updated.IsZero() || fe.Field == "Sequence" && one.Sequence == 0
		if !inherited {
			bad(fe.Field, fe.Err)
		}
	}
}
