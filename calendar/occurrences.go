package calendar

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// Occurrences returns the occurrences of e that begin in the time from `from` until before `to`, or are under way at
// from, each with the day by which e knows it, in Overrides for one. They come in the order of their starts, then of
// those days. A zero to is no end: a series without an end then goes on until the year 9999, so the loop must break.
// An event that is no series has one occurrence.
//
// Each is an event of its own: Repeat, Also, Except and Overrides are nil, and When is moved to its day. An override
// stands in the place of its occurrence, and is found where it was moved to. One with Future also stands for the
// occurrences after it that have no override: they are moved by as many days, and begin and end at the same times of
// day. Slices and pointers are shared with e.
//
// The days are those of the local calendar, and the time of day stays the same when clocks change. A local time that
// clocks jump over is told with the offset before, so it shows one hour later; of one that comes twice the first is
// taken (RFC 5545, section 3.3.5). Readers are known to differ on both, so no series should begin in such an hour. All
// occurrences last exactly as long as the first, in elapsed time (section 3.8.5.3): from 22:00 to 06:00 becomes from
// 22:00 to 05:00 in the night in which clocks go back. Some readers keep the time of day of the end. Whole days and
// floating times are compared with from and to as if they were in from's location.
//
// An occurrence far from the start is found as fast as one near it; with a Count they are counted first, which takes
// some nanoseconds for each. Of an event with faults (see [Check]) it returns what it can, or nothing.
func (e *Event) Occurrences(from, to time.Time) iter.Seq2[Date, Event] {
	return func(yield func(Date, Event) bool) {
		if e.When.check() != nil || e.Repeat != nil && e.Repeat.err() != nil {
			return
		}
		s := newSeries(e)
		q := queue{from: from, to: to}
		for _, o := range s.overrides {
			if s.has(o.Day) {
				q.add(occurrence{day: o.Day, when: o.Event.When, override: o})
			}
		}
		lag, lead, length := s.reach()
		first := s.start
		if !from.IsZero() {
			first = DateOf(from.UTC()).AddDays(-lag - int(length/(24*time.Hour)) - 3)
		}
		for d := range s.days(first) {
			o := s.occurrence(d)
			if o.override != nil && o.override.Day == d {
				continue // in the queue already
			}
			limit, _ := o.when.in(from.Location())
			if lead > 0 { // later days may come before this one
				limit = d.AddDays(-lead - 2).midnight()
			}
			for q.before(limit, d) {
				if !yield(q.take(e)) {
					return
				}
			}
			if !to.IsZero() && !limit.Before(to) {
				break
			}
			q.add(o)
		}
		for len(q.list) > 0 {
			if !yield(q.take(e)) {
				return
			}
		}
	}
}

// An occurrence is one of an event, on the day by which the event knows it.
type occurrence struct {
	day      Date
	when     When
	override *Override // whose Event holds for it; nil: none
	start    time.Time // in the window's location
}

// event returns o as an event of its own.
func (o *occurrence) event(e *Event) Event {
	var one Event
	if o.override != nil {
		one = o.override.whole(e)
	} else {
		one = *e
	}
	one.When = o.when
	one.Repeat, one.Also, one.Except, one.Overrides = nil, nil, nil, nil
	return one
}

// A queue holds the occurrences of a window that wait for those which may come before them.
type queue struct {
	from, to time.Time
	list     []occurrence
}

// add puts o in its place, if it is in the window.
func (q *queue) add(o occurrence) {
	start, end := o.when.in(q.from.Location())
	if !q.to.IsZero() && !start.Before(q.to) || start.Before(q.from) && !end.After(q.from) {
		return
	}
	o.start = start
	at, _ := slices.BinarySearchFunc(q.list, o, func(a, b occurrence) int {
		return cmp.Or(a.start.Compare(b.start), a.day.Compare(b.day))
	})
	q.list = slices.Insert(q.list, at, o)
}

// before reports whether the first comes before an occurrence of the day d at t.
func (q *queue) before(t time.Time, d Date) bool {
	return len(q.list) > 0 && cmp.Or(q.list[0].start.Compare(t), q.list[0].day.Compare(d)) < 0
}

// take returns the first and removes it.
func (q *queue) take(e *Event) (Date, Event) {
	o := q.list[0]
	q.list = slices.Delete(q.list, 0, 1)
	return o.day, o.event(e)
}

// day returns the day on which w begins, in its own zone.
func (w When) day() Date {
	if w.AllDay() {
		return w.first
	}
	return DateOf(w.start)
}

// on returns w moved to the day d: as many days, or at the same time of day and exactly as long.
func (w When) on(d Date) When {
	if w.AllDay() {
		return Days(d, d.AddDays(w.last.number()-w.first.number()))
	}
	start := onDay(d, timeOfDay(w.start), w.start.Location())
	if !w.end.IsZero() {
		w.end = time.Unix(start.Unix()+w.end.Unix()-w.start.Unix(), 0).In(start.Location())
	}
	w.start = start
	return w
}

// in returns the instants at which w begins and ends for somebody in loc. A w without an end ends when it begins.
func (w When) in(loc *time.Location) (start, end time.Time) {
	switch {
	case w.AllDay():
		return onDay(w.first, 0, loc), onDay(w.last.AddDays(1), 0, loc)
	case w.end.IsZero():
		start, end = w.start, w.start
	default:
		start, end = w.start, w.end
	}
	if w.floating {
		start = onDay(DateOf(start), timeOfDay(start), loc)
		end = onDay(DateOf(end), timeOfDay(end), loc)
	}
	return start, end
}

// length returns how long w is, for whole days as if all had 24 hours.
func (w When) length() time.Duration {
	switch {
	case w.AllDay():
		return w.end.Sub(w.start) + 24*time.Hour
	case w.end.IsZero():
		return 0
	}
	return w.end.Sub(w.start)
}

// timeOfDay returns what the clock of t's location shows, as the time since midnight.
func timeOfDay(t time.Time) time.Duration {
	return time.Duration(t.Hour()*3600+t.Minute()*60+t.Second())*time.Second + time.Duration(t.Nanosecond())
}

// onDay returns the instant at which clocks in loc show a time of day, as RFC 5545, section 3.3.5, has it: the first of
// two, and for one that clocks jump over what it would have been without the jump. (Which of the two [time.Date] returns
// is not promised.)
func onDay(d Date, clock time.Duration, loc *time.Location) time.Time {
	const day = 24 * time.Hour // no zone changes its offset twice in two of them
	wall := d.midnight().Add(clock)
	near := wall.Add(-offset(wall, loc))
	before, after := offset(near.Add(-day), loc), offset(near.Add(day), loc)
	t := wall.Add(-before)
	if before != after && offset(t, loc) != before {
		if later := wall.Add(-after); offset(later, loc) == after {
			t = later
		}
	}
	return t.In(loc)
}

// offset returns how far loc is ahead of UTC at t.
func offset(t time.Time, loc *time.Location) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}
