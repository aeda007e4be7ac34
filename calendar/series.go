package calendar

import (
	"iter"
	"slices"
	"time"
)

// An Override is one occurrence of a series that differs from the others (RFC 5545, section 3.8.4.4): moved, changed,
// or, with the Status [Cancelled], called off.
//
// The Event stands for the whole occurrence: nothing is taken from the series but the UID and, if they are zero,
// Updated and Sequence. It cannot be a series itself, but its When may be of another kind than that of the series.
// Readers look for changes at the series first, so whoever changes an override also moves Updated and Sequence of the
// series.
type Override struct {
	Day    Date // the day on which the series has the occurrence, in the zone of its start
	Future bool // for the later ones too (RANGE=THISANDFUTURE), which few readers know; GNOME then shows the day twice. Two series are safer
	Event  Event
}

// whole returns the event of o, an override of e, with what it has from e. It is no series, whatever it says.
func (o *Override) whole(e *Event) Event {
	one := o.Event
	one.UID = e.UID
	if one.Updated.IsZero() {
		one.Updated = e.Updated
	}
	if one.Sequence == 0 {
		one.Sequence = e.Sequence
	}
	one.Repeat, one.Also, one.Except, one.Overrides = nil, nil, nil, nil
	return one
}

// shift returns by how many days o moves its occurrence.
func (o *Override) shift() int { return o.Event.When.day().number() - o.Day.number() }

// isSeries reports whether e takes place more than once.
func (e *Event) isSeries() bool { return e.Repeat != nil || len(e.Also) > 0 }

// A series tells on which days an event takes place. Of an event that is no series it is one day.
type series struct {
	when      When
	start     Date
	rule      *Rule  // without Count; nil: none
	also      []Date // in order; without a rule start is one of them
	except    []Date // in order
	overrides []*Override
	future    []*Override // those of overrides that hold for later days too
}

// newSeries returns the series of e, whose When and Repeat are without faults. It leaves out overrides that have no
// valid When and all but the first of a day.
func newSeries(e *Event) *series {
	s := &series{when: e.When, start: e.When.day()}
	if r := e.Repeat; r != nil {
		s.rule = r.uncounted(s.start)
		s.also = sortedDates(e.Also)
	} else {
		s.also = sortedDates(append([]Date{s.start}, e.Also...))
	}
	if !e.isSeries() {
		return s
	}
	s.except = sortedDates(e.Except)
	for i := range e.Overrides {
		o := &e.Overrides[i]
		if o.Event.When.check() == nil && o.Day.check() == nil {
			s.overrides = append(s.overrides, o)
		}
	}
	slices.SortStableFunc(s.overrides, func(a, b *Override) int { return a.Day.Compare(b.Day) })
	s.overrides = slices.CompactFunc(s.overrides, func(a, b *Override) bool { return a.Day == b.Day })
	for _, o := range s.overrides {
		if o.Future {
			s.future = append(s.future, o)
		}
	}
	return s
}

func sortedDates(list []Date) []Date {
	return slices.SortedFunc(slices.Values(list), Date.Compare)
}

// uncounted returns r with the day that Count leads to as its Until.
func (r *Rule) uncounted(start Date) *Rule {
	if r.Count == 0 {
		return r
	}
	plain := *r
	plain.Count = 0
	if step := max(1, r.Interval); len(r.ByDay) == 0 { // each is as far from the last one
		switch r.Freq {
		case Daily:
			plain.Until = start.AddDays((r.Count - 1) * step)
			return &plain
		case Weekly:
			plain.Until = start.AddDays((r.Count - 1) * step * 7)
			return &plain
		}
	}
	plain.Until = start.AddDays(-1) // for a rule that has no day
	for d := range r.days(start, start, lastDate) {
		plain.Until = d
	}
	return &plain
}

// days returns the days of s from one on, in order.
func (s *series) days(from Date) iter.Seq[Date] {
	return func(yield func(Date) bool) {
		also := s.also
		next := func() bool {
			d := also[0]
			also = also[1:]
			return s.excepts(d) || yield(d)
		}
		for len(also) > 0 && also[0].Compare(from) < 0 {
			also = also[1:]
		}
		if s.rule != nil {
			for d := range s.rule.days(s.start, from, lastDate) {
				for len(also) > 0 && also[0].Compare(d) < 0 {
					if !next() {
						return
					}
				}
				if len(also) > 0 && also[0] == d {
					also = also[1:]
				}
				if !s.excepts(d) && !yield(d) {
					return
				}
			}
		}
		for len(also) > 0 {
			if !next() {
				return
			}
		}
	}
}

func (s *series) excepts(d Date) bool {
	_, found := slices.BinarySearchFunc(s.except, d, Date.Compare)
	return found
}

// planned reports whether d is a day of the rule or one of the days besides, excepted or not.
func (s *series) planned(d Date) bool {
	if _, found := slices.BinarySearchFunc(s.also, d, Date.Compare); found {
		return true
	}
	return s.rule != nil && s.rule.has(s.start, d)
}

func (s *series) has(d Date) bool { return !s.excepts(d) && s.planned(d) }

// last returns a day after which s has none; zero: it has no end.
func (s *series) last() Date {
	var last Date
	if s.rule != nil {
		if s.rule.Until.IsZero() {
			return Date{}
		}
		last = s.rule.Until
	}
	if n := len(s.also); n > 0 && s.also[n-1].Compare(last) > 0 {
		last = s.also[n-1]
	}
	return last
}

// occurrence returns what the series has on the day d, which it must have.
func (s *series) occurrence(d Date) occurrence {
	byDay := func(o *Override, d Date) int { return o.Day.Compare(d) }
	if i, found := slices.BinarySearchFunc(s.overrides, d, byDay); found {
		return occurrence{day: d, when: s.overrides[i].Event.When, override: s.overrides[i]}
	}
	if i, _ := slices.BinarySearchFunc(s.future, d, byDay); i > 0 {
		o := s.future[i-1]
		return occurrence{day: d, when: o.Event.When.on(d.AddDays(o.shift())), override: o}
	}
	if d == s.start {
		return occurrence{day: d, when: s.when} // also if it is the second of two equal local times
	}
	return occurrence{day: d, when: s.when.on(d)}
}

// reach returns by how many days an occurrence may be later or earlier than the day by which s knows it, other than
// those with an override of their own, and how long one lasts at most.
func (s *series) reach() (later, earlier int, length time.Duration) {
	length = s.when.length()
	for _, o := range s.future {
		later, earlier = max(later, o.shift()), max(earlier, -o.shift())
		length = max(length, o.Event.When.length())
	}
	return later, earlier, length
}

// span returns the first and the last instant that the zone of e's start must tell: those of its occurrences, and those
// of overrides that are told in the same zone. The zero last is no end. For whole days they are as in [When].
func (e *Event) span() (first, last time.Time) {
	first, last = e.When.start, latest(e.When.start, e.When.end)
	if !e.isSeries() || e.When.check() != nil || e.Repeat != nil && e.Repeat.err() != nil {
		return first, last
	}
	s := newSeries(e)
	end := s.last()
	if end.IsZero() {
		last = time.Time{}
	} else {
		w := s.when.on(end)
		last = latest(last, w.start, w.end)
	}
	for _, o := range s.overrides {
		w := o.Event.When
		if w.kind() != s.when.kind() || w.start.Location().String() != s.when.start.Location().String() {
			continue
		}
		if w.start.Before(first) {
			first = w.start
		}
		if last.IsZero() {
			continue
		}
		last = latest(last, w.start, w.end)
		if o.Future && end.Compare(o.Day) > 0 {
			w = w.on(end.AddDays(o.shift()))
			last = latest(last, w.start, w.end)
		}
	}
	return first, last
}

func latest(list ...time.Time) time.Time { return slices.MaxFunc(list, time.Time.Compare) }
