package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/contentline"
)

// gather joins the VEVENTs of each UID into one event.
func (d *decoder) gather(list []*vevent) {
	groups := map[string][]*vevent{}
	for _, v := range list {
		groups[v.event.UID] = append(groups[v.event.UID], v)
	}
	for _, v := range list {
		group := groups[v.event.UID]
		switch {
		case v.event.UID == "":
			group = []*vevent{v}
		case group[0] != v:
			continue
		}
		if v := join(group); v != nil && !v.lost {
			d.cal.Events = append(d.cal.Events, v.event)
		}
	}
}

// join returns the VEVENTs of one UID as one, or nil.
func join(group []*vevent) *vevent {
	var series *vevent
	var overrides []*vevent
	for _, v := range group {
		switch {
		case v.recurrence() != nil:
			overrides = append(overrides, v)
		case series == nil:
			series = v
		default:
			series = newer(series, v)
		}
	}
	if series == nil && len(overrides) == 1 {
		return overrides[0]
	}
	for _, o := range overrides {
		switch {
		case series == nil:
			o.lose("When", o.recurrence(), errors.New("a RECURRENCE-ID, but the series is not there"))
		case o.lost:
			series.lost = true
		case !series.lost:
			series.override(o)
		}
	}
	if series != nil && !series.lost {
		series.finish()
	}
	return series
}

func (v *vevent) recurrence() *contentline.Line { return find(v.Component, "RECURRENCE-ID") }

// newer returns the later revision of two VEVENTs of one UID, as readers take it, and tells that the other is left out.
func newer(a, b *vevent) *vevent {
	if cmp.Or(cmp.Compare(a.event.Sequence, b.event.Sequence), a.event.Updated.Compare(b.event.Updated)) > 0 {
		a, b = b, a
	}
	err := error(ErrDuplicate)
	if b.Line > 0 {
		err = fmt.Errorf("%w: that of line %d is taken", ErrDuplicate, b.Line)
	}
	a.lose("UID", find(a.Component, "UID"), err)
	return b
}

// override adds one occurrence that differs.
func (v *vevent) override(o *vevent) {
	e := &v.event
	l := o.recurrence()
	future := strings.EqualFold(l.Param("RANGE"), "THISANDFUTURE")
	if r := l.Param("RANGE"); r != "" && !future {
		v.lost = o.lose("Overrides", l, fmt.Errorf("RANGE is %q, want THISANDFUTURE", r))
		return
	}
	s, err := v.d.zones.stamp(l, l.Value, false)
	if err != nil {
		v.lost = o.lose("Overrides", l, err)
		return
	}
	day, ok := e.When.dayOf(s)
	if i, found := v.overridden[day]; !ok && found { // an RDATE of its own time
		ok = e.Overrides[i].Event.When.start.Equal(s.time)
	}
	if !ok {
		v.lost = o.lose("Overrides", l, fmt.Errorf("RECURRENCE-ID is %q, want a time of the series, such as %s", l.Value, e.When.start.Format(localLayout)))
		return
	}
	if !e.isSeries() && day == e.When.day() { // it stands for the whole
		uid := e.UID
		*e = o.event
		e.UID = uid
		return
	}
	// Readers show an occurrence that is not one of the series too, and one that is an exception.
	if !v.planned(day) {
		v.add(day)
	}
	delete(v.excepted, day)
	e.Updated = latest(e.Updated, o.event.Updated)
	e.Sequence = max(e.Sequence, o.event.Sequence)
	one := o.event
	one.UID, one.Updated, one.Sequence = "", time.Time{}, 0
	if other := v.told[day]; other != nil && newer(other, o) != o {
		return
	}
	if v.told == nil {
		v.told = map[Date]*vevent{}
	}
	v.told[day] = o
	v.put(Override{Day: day, Future: future, Event: one})
}

// finish leaves out exceptions that except nothing, and loses a series that is none.
func (v *vevent) finish() {
	e := &v.event
	e.Except = keep(e.Except, func(d Date) bool { return v.excepted[d] && v.planned(d) && !v.added[d] })
	e.Also = keep(e.Also, func(d Date) bool { return !v.excepted[d] })
	e.Overrides = keep(e.Overrides, func(o Override) bool { return !v.excepted[o.Day] })
	var own faults
	e.checkSeries(&own, v.index)
	for _, err := range own {
		f, ok := errors.AsType[*FieldError](err)
		if !ok {
			continue
		}
		field, _, _ := strings.Cut(f.Field, ".")
		switch field {
		case "When":
			v.lose(f.Field, find(v.Component, "DTSTART"), f.Err)
		case "Repeat":
			v.lose(f.Field, find(v.Component, "RRULE"), f.Err)
		case "Also":
			v.lose(f.Field, find(v.Component, "RDATE"), f.Err)
		case "Except":
			v.lose(f.Field, find(v.Component, "EXDATE"), f.Err)
		default:
			if strings.HasSuffix(f.Field, ".Day") {
				v.lose(f.Field, nil, f.Err)
			}
		}
	}
}

// keep returns the elements of a list for which ok holds, or nil.
func keep[T any](list []T, ok func(T) bool) []T {
	var kept []T
	for _, e := range list {
		if ok(e) {
			kept = append(kept, e)
		}
	}
	return kept
}
