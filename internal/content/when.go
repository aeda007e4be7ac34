package content

import (
	"fmt"
	"slices"
	"time"
)

// A stamp is a moment, and where and how it was written.
type stamp struct {
	moment
	key   string
	text  string
	at    int
	hours *entry // in which a range of hours stands after the date, or nil
}

// Years before and after these are taken for typing mistakes.
const firstYear, lastYear = 1970, 2200

// leastHours is what an offset is not, in seconds, but in the middle of the Pacific: what seems to be one is the end of a range of hours.
const leastHours = 10 * 60 * 60

func (m moment) plausible() bool { return m.year >= firstYear && m.year <= lastYear }

func (r *reader) plausible(m moment, s *stamp) bool {
	if m.plausible() {
		return true
	}
	r.fault(Error, RuleDateRange, s.at, "%s is %s, want a year from %d to %d", s.key, s.text, firstYear, lastYear)
	return false
}

// stamp reads the first entry of a field that holds a date, with its time from the field of times if it has none. The others must
// agree. It reports false if a date is given and none can be used; no date at all is nil and true.
func (r *reader) stamp(x, times field) (*stamp, bool) {
	var found *stamp
	var bad []Fault
	read := func(e *entry) {
		if _, said := boolean(&e.value); said {
			return // "start: true" is something else
		}
		s := &stamp{key: e.key, text: clip(e.value.text, 40), at: e.value.at}
		var err error
		s.moment, err = r.moment(&e.value)
		if x == fieldStart && (err != nil || s.offset <= -leastHours && !r.ownClock(s)) { // "09:00-12:00"
			if day, h, ok := r.dated(e); ok {
				s.moment, s.hours, err = day.on(h.start), e, nil
			}
		}
		if err != nil {
			if !isClock(e) {
				bad = append(bad, Fault{Pos: r.src.position(e.value.at), Rule: RuleDate, Err: fmt.Errorf("%s is %s: %w", e.key, e.value.what(), err)})
			}
			return
		}
		if s.text == "" {
			s.text = s.String()
		}
		if name, said := weekdayOf(fold(e.value.text)); said && name != s.date().Weekday() {
			r.fault(Warning, RuleDateConflict, s.at, "%s is %s, but that day is a %s: correct one of them", e.key, s.text, s.date().Weekday())
		}
		switch {
		case found == nil:
			found = s
		case !found.agrees(s):
			r.fault(Warning, RuleDateConflict, s.at, "%s is %s, but %s is %s; %s is used: delete the other", s.key, s.text, found.key, found.text, found.key)
		}
	}
	for e := range r.each(x) {
		read(e)
	}
	if x == fieldStart && r.dateIsStart() {
		if e := r.root.own("date"); e != nil && !e.value.empty() {
			read(e)
		} else if day, _, ok := fileDate(stem(r.src.path)); ok && found == nil && len(bad) == 0 {
			found = &stamp{moment: day, key: "the date in the name of the file", text: day.String(), at: r.root.at}
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
	r.addTime(found, times)
	r.hoursAgree(found)
	return found, r.plausible(found.moment, found)
}

// hoursAgree warns about hours under a key of their own that are not those after the date of s, which are used.
func (r *reader) hoursAgree(s *stamp) {
	e := r.first(fieldHours)
	if s.hours == nil || e == nil || e.value.shape != scalar || r.named(fieldHours) {
		return
	}
	_, used, _ := r.dated(s.hours)
	if h, ok := parseHours(e.value.text); ok && (h.start != used.start || h.ranged && h.end != used.end) {
		r.fault(Warning, RuleHoursConflict, e.value.at, "%s says %s, but %s on line %d says %s; %s is used: correct one of them", e.key, h, s.key, r.src.line(s.at), used, s.key)
	}
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
		m, err := parseMoment(n.text, r.french())
		if err == nil && m.timed && !m.zoned && r.commentSaysUTC() {
			m.zoned, m.utc = true, true
		}
		return m, err
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
func (r *reader) addTime(s *stamp, times field) {
	var e *entry
	for t := range r.each(times) {
		if _, said := boolean(&t.value); !said { // "start: true" is something else
			e = t
			break
		}
	}
	if e == nil || e.value.shape != scalar {
		return
	}
	c, rest, ok := cutClock(fold(e.value.text))
	if s.timed {
		if ok && rest == "" && c != s.clock && !slices.Contains(hoursKeys, e.name) { // hours are compared with the time later
			r.fault(Warning, RuleDateConflict, e.value.at, "%s is %s, but %s is %s; %s is used: delete the other", e.key, e.value.what(), s.key, s.text, s.key)
		}
		return
	}
	if !ok || rest != "" {
		_, err := parseMoment(e.value.text, r.french())
		if _, isHours := parseHours(e.value.text); err != nil && !isHours {
			r.fault(Warning, RuleDate, e.value.at, "%s is %s, want the form 14:30; it is not used", e.key, e.value.what())
		}
		return
	}
	s.moment = s.on(c)
	if r.commentSaysUTC() {
		s.zoned, s.utc = true, true
	}
	s.text += " " + c.String()
}
