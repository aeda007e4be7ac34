package content

import "time"

// days is a span of whole days, both included, at midnight UTC.
func days(first, last time.Time) Span { return Span{AllDay: true, Start: first, End: last} }

// span decides when the event takes place. See the package documentation of content for the rules of midnight.
func (r *reader) span(s, e *stamp) (Span, bool) {
	allDay, said := r.allDay()
	r.shiftUTC(s, e)
	text, h := r.hoursText(s)
	if e == nil {
		e = r.endTime(s)
	}
	switch {
	case allDay, s.midnight() && (e == nil || e.midnight()) && !(said && s.timed):
		return r.daySpan(s, e, text, h, allDay)
	case e == nil:
		return r.openSpan(s, text, h), true
	case !e.timed && e.date().Equal(s.date()):
		return r.openSpan(s, text, h), true
	case !e.timed, !s.timed:
		return r.mixedSpan(s, e)
	}
	return r.timedSpan(s, e, text, h)
}

// allDay returns what the record says of itself: whether it is a matter of days, and whether it says anything.
func (r *reader) allDay() (yes, said bool) {
	e := r.first(fieldAllDay)
	if e == nil {
		return false, false
	}
	if yes, said = boolean(&e.value); !said {
		r.fault(Warning, RuleType, e.value.at, "%s is %s, want true or false; it is not used", e.key, e.value.what())
	}
	return yes, said
}

// shiftUTC understands an instant that is midnight in the zone of the record as the day it begins: programs write dates so.
func (r *reader) shiftUTC(stamps ...*stamp) {
	for _, s := range stamps {
		if s == nil {
			continue
		}
		if !s.timed || !s.utc || s.midnight() || !r.zoneGiven {
			return
		}
		if t := s.fixed().In(r.zone); t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0 {
			return
		}
	}
	for _, s := range stamps {
		if s != nil {
			t := s.fixed().In(r.zone)
			s.moment = moment{year: t.Year(), month: int(t.Month()), day: t.Day(), timed: true}
		}
	}
}

// endTime returns the end of an event whose end is only a time, on the day of the start, or nil.
func (r *reader) endTime(s *stamp) *stamp {
	e := r.first(fieldEndTime)
	if e == nil || !s.timed || e.value.shape != scalar {
		return nil
	}
	c, rest, ok := cutClock(fold(e.value.text))
	if !ok || rest != "" {
		if _, err := parseMoment(e.value.text, r.french()); err != nil {
			r.fault(Warning, RuleDate, e.value.at, "%s is %s, want the form 14:30; it is not used", e.key, e.value.what())
		}
		return nil
	}
	end := &stamp{moment: s.on(c), key: e.key, text: e.value.text, at: e.value.at}
	if h := (hours{start: s.clock, end: c, ranged: true}); h.nextDay() && h.valid() {
		end.nextDay()
	}
	return end
}

// daySpan is the span of an event whose times name days. On a single day, hours in text say more.
func (r *reader) daySpan(s, e *stamp, text *entry, h hours, allDay bool) (Span, bool) {
	first, last := s.date(), s.date()
	if e != nil {
		last = e.date()
	}
	if n := r.durationDays(); e == nil && n > 1 {
		last = first.AddDate(0, 0, n-1)
	}
	if last.Before(first) {
		r.badOrder(s, e)
		return Span{}, false
	}
	if text == nil || allDay || !last.Equal(first) {
		if !allDay {
			r.timeIsGiven(s)
		}
		return days(first, last), true
	}
	on := *s
	on.moment = s.on(h.start)
	if s.zoned && r.ownClock(s) {
		on.zoned = false // the offset of midnight, which on some days is not that of the hours
	} else {
		r.instant(&on)
	}
	r.fault(Notice, RuleHours, text.value.at, "%s names the day, the hours are those of %q: %s", s.key, clip(text.value.text, 40), h)
	return r.hoursSpan(&on, h), true
}

// ownClock reports whether the offset of a stamp is that of the zone at that time, so that its clock is the zone's.
func (r *reader) ownClock(s *stamp) bool {
	_, offset := s.fixed().In(r.zone).Zone()
	return offset == s.offset
}

// hoursSpan is the span of hours on the day of a stamp.
func (r *reader) hoursSpan(s *stamp, h hours) Span {
	start, end := *s, *s
	start.moment = s.on(h.start)
	span := Span{Start: r.quietly(&start)}
	if !h.ranged {
		return span
	}
	if h.nextDay() {
		end.nextDay()
	}
	end.moment = end.on(h.end)
	span.End = r.quietly(&end)
	return span
}

// nextDay moves m to the next day.
func (m *moment) nextDay() {
	d := m.date().AddDate(0, 0, 1)
	m.year, m.month, m.day = d.Year(), int(d.Month()), d.Day()
}

// openSpan is the span of a start without an end: a duration says it, or hours in text that begin with it.
func (r *reader) openSpan(s *stamp, text *entry, h hours) Span {
	start := r.instant(s)
	if d := r.duration(); d > 0 {
		return Span{Start: start, End: start.Add(d)}
	}
	if text == nil {
		return Span{Start: start}
	}
	if h.start != (clock{s.clock.hour, s.clock.min, 0}) {
		r.hoursDiffer(s, nil, text, h)
		return Span{Start: start}
	}
	if !h.ranged {
		return Span{Start: start}
	}
	r.fault(Notice, RuleHours, text.value.at, "the end, %s, is that of %q, which begins as %s does", h.end, clip(text.value.text, 40), s.key)
	return r.hoursSpan(s, h)
}

// mixedSpan is the span of a day and a time, on different days: all that can be said is the days.
func (r *reader) mixedSpan(s, e *stamp) (Span, bool) {
	if e.date().Before(s.date()) {
		r.badOrder(s, e)
		return Span{}, false
	}
	timed, day := s, e
	if e.timed {
		timed, day = e, s
	}
	r.fault(Warning, RuleDate, day.at, "%s is %s, without a time, and %s is %s, so the event is published as whole days: write both with a time, or both without", day.key, day.text, timed.key, timed.text)
	return days(s.date(), e.date()), true
}

// timedSpan is the span of two times.
func (r *reader) timedSpan(s, e *stamp, text *entry, h hours) (Span, bool) {
	if s.midnight() && text != nil && s.date().Equal(e.date()) && h.start.seconds() < e.clock.seconds() {
		on := *s
		on.moment = s.on(h.start)
		r.fault(Notice, RuleHours, text.value.at, "%s names the day, the start is that of %q: %s", s.key, clip(text.value.text, 40), h.start)
		s = &on
	}
	start, end := r.instant(s), r.quietly(e)
	if s.zoned != e.zoned || s.offset != e.offset {
		r.instant(e) // what is to be said of the offset of both was said of the start
	}
	if !end.After(start) {
		r.badOrder(s, e)
		return Span{}, false
	}
	r.durationAgrees(start, end, e)
	if text != nil && s.date().Equal(e.date()) && (h.start != s.clock || h.ranged && h.end != e.clock) {
		r.hoursDiffer(s, e, text, h)
	}
	return Span{Start: start, End: end}, true
}

func (r *reader) badOrder(s, e *stamp) {
	how := "is before"
	if e.moment == s.moment {
		how = "is not after"
	}
	r.fault(Error, RuleDateOrder, e.at, "%s %s %s %s %s, want an end after the start", e.key, e.text, how, s.key, s.text)
}

func (r *reader) hoursDiffer(s, e *stamp, text *entry, h hours) {
	field := s.clock.String()
	if e != nil {
		field += "-" + e.clock.String()
	}
	r.fault(Warning, RuleHoursConflict, s.at, "%s says %s, but %q on line %d says %s; the field is used: correct one of them",
		s.key, field, clip(text.value.text, 40), r.src.line(text.value.at), h)
}
