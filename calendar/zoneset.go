package calendar

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// A zoneSet is the zones that the events of a calendar are told in, by name. The zero zoneSet is empty.
type zoneSet struct {
	used []zoneUse

	loc  *time.Location // the last one looked at, and its zone: most events are in the same
	zone *zone
}

// A zoneUse is a zone, and the time (Unix seconds) through which series are told in it.
type zoneUse struct {
	*zone
	first, last int64
}

// check adds the faults of e, the event i, to f, and what it needs to s, and returns the zone that it is told in.
func (s *zoneSet) check(f *faults, i int, e *Event) *zone {
	if e == nil {
		f.add(i, "", "UID", ErrMissing)
		return nil
	}
	before := len(*f)
	if e.check(f, i); len(*f) > before {
		return nil
	}
	z, err := s.add(e)
	f.add(i, e.UID, "When", err)
	return z
}

// of returns the zone in which the times of e are told, or nil: UTC, a floating time, or whole days. It depends on e
// alone. The times of a series are always told in its zone, since they move with its clocks.
func (s *zoneSet) of(e *Event) *zone {
	if e.isSeries() {
		if e.When.AllDay() || e.When.floating {
			return nil
		}
		return seriesZoneOf(e.When.start.Location())
	}
	return s.exact(e.When)
}

// exact returns the zone in which both ends of w are told exactly, or nil.
func (s *zoneSet) exact(w When) *zone {
	if w.AllDay() || w.floating {
		return nil
	}
	if loc := w.start.Location(); loc != s.loc {
		s.loc, s.zone = loc, zoneOf(loc)
	}
	if s.zone == nil || !s.zone.tells(w.start) || !w.end.IsZero() && !s.zone.tells(w.end) {
		return nil
	}
	return s.zone
}

// add adds what e needs, and returns the zone that e is told in.
func (s *zoneSet) add(e *Event) (*zone, error) {
	z := s.of(e)
	if !e.isSeries() {
		return z, s.useEra(z)
	}
	start, last := e.span()
	first, end := start.Unix(), int64(math.MaxInt64)
	if !last.IsZero() {
		end = last.Unix()
	}
	var err error
	for i := range e.Overrides {
		w := e.Overrides[i].Event.When
		if o := s.ofOverride(w, e, z); o != z {
			err = cmp.Or(err, s.useEra(o))
		} else if o != nil {
			first, end = min(first, w.start.Unix()), max(end, w.start.Unix(), w.end.Unix())
		}
	}
	if z != nil {
		err = cmp.Or(err, z.tellsSeries(first, end), s.use(z, first, end))
	}
	return z, err
}

// ofOverride returns the zone in which both ends of w, which overrides an occurrence of e, are told; z is that of e.
func (s *zoneSet) ofOverride(w When, e *Event, z *zone) *zone {
	timed := !w.AllDay() && !w.floating
	if timed && z != nil && seriesZoneOf(w.start.Location()) == z && isFirst(w.start) && (w.end.IsZero() || isFirst(w.end)) {
		return z
	}
	return s.exact(w)
}

// useEra adds z, if it is one, for an event, which needs the rules of its latest era.
func (s *zoneSet) useEra(z *zone) error {
	if z == nil {
		return nil
	}
	return s.use(z, z.from, z.from)
}

// use adds z and the time through which a series needs it.
func (s *zoneSet) use(z *zone, first, last int64) error {
	if len(s.used) == 1 && s.used[0].zone == z && s.used[0].first <= first && last <= s.used[0].last {
		return nil
	}
	at, found := slices.BinarySearchFunc(s.used, z.name, func(u zoneUse, name string) int { return cmp.Compare(u.name, name) })
	if !found {
		s.used = slices.Insert(s.used, at, zoneUse{z, first, last})
	}
	u := &s.used[at]
	if u.zone != z && !u.same(z) {
		return fmt.Errorf("time zone %s has other rules than in an earlier event", z.name)
	}
	u.first, u.last = min(u.first, first), max(u.last, last)
	return nil
}

// isFirst reports whether the local time of t means t: it does not come twice, or this is the first time.
func isFirst(t time.Time) bool { return onDay(DateOf(t), timeOfDay(t), t.Location()).Equal(t) }
