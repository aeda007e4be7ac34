package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/contentline"
)

// reminders reads the alarms that show or sound something; others have no place in a calendar of many readers.
func (v *vevent) reminders() {
	for _, c := range v.Components {
		action := find(c, "ACTION")
		if c.Name != "VALARM" || action == nil || !slices.Contains([]string{"DISPLAY", "AUDIO"}, token(action)) {
			continue
		}
		l := find(c, "TRIGGER")
		if l == nil {
			v.d.fault(v.index, v.event.UID, "Reminders", c.Line, fmt.Errorf("TRIGGER: %w", ErrMissing))
			continue
		}
		if l.Value == "19760401T005545Z" { // by which Apple says that there is none
			continue
		}
		before, err := v.before(l)
		if v.bad("Reminders", l, err) {
			continue
		}
		r := Reminder{Before: before, Text: cleanLine(text(find(c, "DESCRIPTION")))}
		if r.Text == v.event.Summary {
			r.Text = ""
		}
		v.event.Reminders = append(v.event.Reminders, r)
	}
}

// before returns by how much a TRIGGER is before the start (RFC 5545, section 3.8.6.3).
func (v *vevent) before(l *contentline.Line) (time.Duration, error) {
	at, err := v.trigger(l)
	if err != nil {
		return 0, err
	}
	d := v.event.When.start.Sub(at) // at most some 292 years
	if d.Abs() > maxBefore {
		return 0, fmt.Errorf("TRIGGER is %q, want one within a year of the start", l.Value)
	}
	return d, nil
}

// trigger returns the instant of a TRIGGER, of a series that of the first occurrence.
func (v *vevent) trigger(l *contentline.Line) (time.Time, error) {
	w := v.event.When
	if strings.EqualFold(l.Param("VALUE"), "DATE-TIME") {
		t, err := utcTime(l)
		if err == nil && (w.AllDay() || w.floating || find(v.Component, "RRULE") != nil || find(v.Component, "RDATE") != nil) {
			err = fmt.Errorf("TRIGGER is %q, want a duration before the start", l.Value)
		}
		return t, err
	}
	s, err := parseDuration(l.Value)
	if err != nil {
		return time.Time{}, fmt.Errorf("TRIGGER: %w", err)
	}
	from := w.start
	if strings.EqualFold(l.Param("RELATED"), "END") {
		switch {
		case w.AllDay():
			from = w.end.Add(24 * time.Hour)
		case !w.end.IsZero():
			from = w.end
		}
	}
	return from.Add(s.duration()), nil
}
