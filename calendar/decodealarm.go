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
	w := v.event.When
	if strings.EqualFold(l.Param("VALUE"), "DATE-TIME") {
		t, err := utcTime(l)
		if err == nil && (w.AllDay() || w.floating || find(v.Component, "RRULE") != nil || find(v.Component, "RDATE") != nil) {
			err = fmt.Errorf("TRIGGER is %q, want a duration before the start", l.Value)
		}
		return w.start.Sub(t), err
	}
	s, err := parseDuration(l.Value)
	if err != nil {
		return 0, fmt.Errorf("TRIGGER: %w", err)
	}
	d := s.duration()
	if strings.EqualFold(l.Param("RELATED"), "END") {
		d += w.length()
	}
	return -d, nil
}
