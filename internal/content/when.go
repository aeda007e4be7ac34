package content

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A stamp is a moment, and where and how it was written.
type stamp struct {
	moment
	key  string
	text string
	at   int
}

// Years before and after these are taken for typing mistakes.
const firstYear, lastYear = 1970, 2200

func (m moment) plausible() bool { return m.year >= firstYear && m.year <= lastYear }

func (r *reader) plausible(m moment, s *stamp) bool {
	if m.plausible() {
		return true
	}
	r.fault(Error, RuleDateRange, s.at, "%s is %s, want a year from %d to %d", s.key, s.text, firstYear, lastYear)
	return false
}

// stamp reads the first of these keys that holds a date, with its time from the time keys if it has none. The others must
// agree. It reports false if a date is given and none can be used; no date at all is nil and true.
func (r *reader) stamp(keys, timeKeys []string) (*stamp, bool) {
	var found *stamp
	var bad []Fault
	for _, key := range keys {
		e := r.root.entry(key)
		if e == nil || e.value.empty() {
			continue
		}
		if _, said := boolean(&e.value); said {
			continue // "start: true" is something else
		}
		s := &stamp{key: e.key, text: clip(e.value.text, 40), at: e.value.at}
		var err error
		if s.moment, err = r.moment(&e.value); err != nil {
			if isClock(e) {
				continue
			}
			bad = append(bad, Fault{Pos: r.src.position(e.value.at), Rule: RuleDate, Err: fmt.Errorf("%s is %s: %w", e.key, e.value.what(), err)})
			continue
		}
		if s.text == "" {
			s.text = s.String()
		}
		switch {
		case found == nil:
			found = s
		case !found.agrees(s):
			r.fault(Warning, RuleDateConflict, s.at, "%s is %s, but %s is %s; %s is used: delete the other", s.key, s.text, found.key, found.text, found.key)
		}
	}
	for _, f := range bad {
		f.Severity = Warning
		if found == nil {
			f.Severity = Error
		}
		r.src.tell(f)
	}
	if found == nil {
		return nil, len(bad) == 0
	}
	r.addTime(found, timeKeys)
	return found, r.plausible(found.moment, found)
}

// String writes a moment for a message.
func (m moment) String() string {
	if !m.timed {
		return m.date().Format(time.DateOnly)
	}
	return m.date().Format(time.DateOnly) + " " + m.clock.String()
}

// agrees reports whether two stamps can mean the same.
func (s *stamp) agrees(t *stamp) bool {
	if s.timed && t.timed && s.zoned && t.zoned {
		return s.fixed().Equal(t.fixed())
	}
	return s.date().Equal(t.date()) && (!s.timed || !t.timed || s.clock == t.clock || s.midnight() || t.midnight())
}

// isClock reports whether the value is only a time, as in start_time: 10:00.
func isClock(e *entry) bool {
	_, rest, ok := cutClock(fold(e.value.text))
	return e.value.shape == scalar && ok && rest == ""
}

// moment reads a date from a text, or from a mapping of a date and a time.
func (r *reader) moment(n *node) (moment, error) {
	switch n.shape {
	case scalar:
		return parseMoment(n.text, r.french())
	case list:
		if len(n.items) == 1 {
			return r.moment(&n.items[0])
		}
		return moment{}, fmt.Errorf("want one date")
	}
	day := n.first([]string{"yyyy_mm_dd", "date", "day", "jour"})
	if day == nil || day.value.shape != scalar {
		return moment{}, fmt.Errorf("want a date such as 2027-05-08 14:30, or a mapping with date and time")
	}
	m, err := parseMoment(day.value.text, r.french())
	hour := n.first([]string{"utc_hh_mm", "time", "hour", "heure"})
	if err != nil || m.timed || hour == nil {
		return m, err
	}
	c, rest, ok := cutClock(fold(hour.value.text))
	if !ok || rest != "" {
		return m, fmt.Errorf("%s is %s, want the form 14:30", hour.key, hour.value.what())
	}
	m = m.on(c)
	if hour.name == "utc_hh_mm" {
		m.zoned, m.utc = true, true
	}
	return m, nil
}

// addTime adds the time that stands in a key of its own.
func (r *reader) addTime(s *stamp, keys []string) {
	e := r.root.first(keys)
	if e == nil || s.timed || e.value.shape != scalar {
		return
	}
	c, rest, ok := cutClock(fold(e.value.text))
	if !ok || rest != "" {
		_, err := parseMoment(e.value.text, r.french())
		if _, isHours := parseHours(e.value.text); err != nil && !isHours {
			r.fault(Warning, RuleDate, e.value.at, "%s is %s, want the form 14:30; it is not used", e.key, e.value.what())
		}
		return
	}
	s.moment = s.on(c)
	s.text += " " + c.String()
}

// days is a span of whole days, both included, at midnight UTC.
func days(first, last time.Time) Span { return Span{AllDay: true, Start: first, End: last} }

// span decides when the event takes place. See the package documentation of content for the rules of midnight.
func (r *reader) span(s, e *stamp) (Span, bool) {
	allDay, said := r.allDay()
	r.shiftUTC(s, e)
	text, h := r.hoursText()
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
	e := r.root.first(allDayKeys)
	if e == nil {
		return false, false
	}
	return boolean(&e.value)
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
	e := r.root.first(endTimeKeys)
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
	r.fault(Warning, RuleDate, day.at, "%s has no time and %s has one, so the event is published as whole days: write both with a time, or both without", day.key, timed.key)
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

// instant returns when a stamp is, in the zone of the record, and warns about what had to be assumed.
func (r *reader) instant(s *stamp) time.Time {
	t := r.quietly(s)
	switch {
	case !s.timed:
	case !s.zoned && !r.zoneGiven:
		r.fault(Warning, RuleZoneAssumed, s.at, "%s is %s, without an offset; %s is assumed: configure the timezone, or write the offset", s.key, s.text, r.zone)
	case !s.zoned && (t.Hour() != s.clock.hour%24 || t.Minute() != s.clock.min):
		r.fault(Warning, RuleDate, s.at, "%s is %s, which the clocks of %s skip that day; %s is used", s.key, s.text, r.zone, t.Format("15:04"))
	case s.zoned && !s.utc && r.zoneGiven && !r.ownClock(s):
		used := s.fixed().In(r.zone)
		if r.collection.Clock {
			used = s.in(r.zone)
		}
		r.fault(Warning, RuleOffset, s.at, "%s is %s, an offset that %s does not have that day (%s); %s is used: correct the offset", s.key, s.text, r.zone, s.in(r.zone).Format("-07:00"), used.Format("15:04 -07:00"))
	}
	return t
}

// quietly is instant without the warnings.
func (r *reader) quietly(s *stamp) time.Time {
	if s.zoned && !r.collection.Clock {
		return s.fixed().In(r.zone)
	}
	return s.in(r.zone)
}

// duration returns how long the record says it takes, or 0: a mapping of days, hours and minutes, "2h", "1h30", "PT2H", or minutes.
func (r *reader) duration() time.Duration {
	e := r.root.first(durationKeys)
	if e == nil {
		return 0
	}
	if e.value.shape == mapping {
		var d time.Duration
		for _, unit := range []struct {
			keys []string
			d    time.Duration
		}{{[]string{"weeks", "semaines"}, 7 * 24 * time.Hour}, {[]string{"days", "jours"}, 24 * time.Hour}, {[]string{"hours", "heures"}, time.Hour}, {[]string{"minutes"}, time.Minute}} {
			if n := e.value.first(unit.keys); n != nil {
				v, err := strconv.ParseFloat(n.value.text, 64)
				if err != nil || v < 0 || v > 10000 {
					r.fault(Warning, RuleDate, n.value.at, "%s is %s, want a number; it is not used", n.key, n.value.what())
					continue
				}
				d += time.Duration(v * float64(unit.d))
			}
		}
		return d.Round(time.Second)
	}
	text := strings.TrimPrefix(fold(e.value.text), "pt")
	if c, rest, ok := cutClock(text); ok && (rest == "" || rest == "m") {
		return time.Duration(c.seconds()) * time.Second
	}
	n, rest, ok := cutNumber(text, 4)
	if rest = strings.TrimSpace(rest); ok && (rest == "" || rest == "m" || strings.HasPrefix(rest, "min")) {
		return time.Duration(n) * time.Minute
	}
	r.fault(Warning, RuleDate, e.value.at, "%s is %s, want the form 1h30; it is not used", e.key, e.value.what())
	return 0
}

// durationDays returns how many days the record says it takes, or 0.
func (r *reader) durationDays() int {
	if e := r.root.first(durationKeys); e == nil || e.value.shape != mapping {
		return 0
	}
	return int(r.duration() / (24 * time.Hour))
}
