package calendar

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/contentline"
)

const (
	dateLayout  = "20060102"
	localLayout = "20060102T150405"
	utcLayout   = "20060102T150405Z"
)

// A stamp is a DATE or DATE-TIME as it was read.
type stamp struct {
	day      Date      // of a DATE
	time     time.Time // of a DATE-TIME: in its zone
	floating bool      // time has no zone, and is what clocks show, in UTC
}

func (s stamp) isDate() bool { return !s.day.IsZero() }

// isMidnight reports whether s is a DATE-TIME that stands for a DATE, as some programs write it.
func (s stamp) isMidnight() bool { return !s.isDate() && timeOfDay(s.time) == 0 }

// stamp reads value, one of the dates or times of l. A series needs a zone that has a name.
func (z *zoneFinder) stamp(l *contentline.Line, value string, series bool) (s stamp, err error) {
	isDate := strings.EqualFold(l.Param("VALUE"), "DATE")
	switch {
	case len(value) == len(dateLayout), isDate && len(value) == len(localLayout) && strings.HasSuffix(value, "T000000"):
		var t time.Time
		t, err = time.Parse(dateLayout, value[:len(dateLayout)])
		s.day = DateOf(t)
	case isDate:
		err = fmt.Errorf("want a date of the form %s", dateLayout)
	case len(value) == len(utcLayout):
		s.time, err = time.Parse(utcLayout, value)
	case len(value) == len(localLayout):
		if s.time, err = time.Parse(localLayout, value); err != nil {
			break
		}
		if tzid := l.Param("TZID"); tzid == "" {
			s.floating = true
		} else {
			s.time, err = z.local(tzid, s.time, series)
		}
	default:
		err = fmt.Errorf("want one of the forms %s, %s and %s", dateLayout, localLayout, utcLayout)
	}
	switch {
	case err != nil:
	case s.isDate():
		err = checkYear(s.day.Year)
	default:
		err = checkTime(s.time)
	}
	if err != nil {
		return s, fmt.Errorf("%s is %q: %w", l.Name, value, reason(err))
	}
	return s, nil
}

// reason returns err without what [time.Parse] says of layouts.
func reason(err error) error {
	var p *time.ParseError
	if errors.As(err, &p) {
		return errors.New("not a date or time that exists")
	}
	return err
}

// utcTime returns the DATE-TIME of a property that must be in UTC.
func utcTime(l *contentline.Line) (time.Time, error) {
	t, err := time.Parse(utcLayout, l.Value)
	if err == nil {
		err = checkTime(t)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("%s is %q, want a time in UTC of the form %s", l.Name, l.Value, utcLayout)
	}
	return t, nil
}

// times reads when the event takes place, and what makes it a series.
func (v *vevent) times() {
	l := find(v.Component, "DTSTART")
	if l == nil {
		v.lose("When", nil, fmt.Errorf("DTSTART: %w", ErrMissing))
		return
	}
	series := find(v.Component, "RRULE") != nil || find(v.Component, "RDATE") != nil
	start, err := v.d.zones.stamp(l, l.Value, series)
	if v.lose("When", l, err) {
		return
	}
	w, l, err := v.when(start)
	if err == nil {
		err = w.check()
	}
	if v.lose("When", l, err) {
		return
	}
	v.event.When = w
}

// when returns the time from start to DTEND or for DURATION, and the line that says so.
func (v *vevent) when(start stamp) (When, *contentline.Line, error) {
	l := find(v.Component, "DTEND")
	if l == nil {
		return v.during(start)
	}
	end, err := v.d.zones.stamp(l, l.Value, false)
	switch {
	case err != nil:
		return When{}, l, err
	case end.isDate() != start.isDate():
		return When{}, l, fmt.Errorf("DTEND is %q, want the form of DTSTART", l.Value)
	case start.isDate() && end.day == start.day: // by which some programs mean one day
		return Days(start.day, start.day), l, nil
	case start.isDate():
		return Days(start.day, end.day.AddDays(-1)), l, nil
	case end.floating != start.floating:
		return When{}, l, fmt.Errorf("DTEND is %q, want a time zone for both ends or for none", l.Value)
	case v.isWholeDays(start, end):
		return Days(DateOf(start.time), DateOf(end.time).AddDays(-1)), l, nil
	}
	return timed(start, end.time), l, nil
}

// isWholeDays reports whether midnights stand for days, as Outlook writes them.
func (v *vevent) isWholeDays(start, end stamp) bool {
	l := find(v.Component, "X-MICROSOFT-CDO-ALLDAYEVENT")
	return l != nil && token(l) == "TRUE" && start.isMidnight() && end.isMidnight() && end.time.After(start.time)
}

// during returns the time that begins with start and lasts for DURATION, if there is one.
func (v *vevent) during(start stamp) (When, *contentline.Line, error) {
	l := find(v.Component, "DURATION")
	var d span
	if l != nil {
		var err error
		if d, err = parseDuration(l.Value); err == nil && (d.days < 0 || d.clock < 0) {
			err = fmt.Errorf("DURATION is %q, want one that is not negative", l.Value)
		}
		if err != nil {
			return When{}, l, err
		}
	}
	switch {
	case !start.isDate():
		day := DateOf(start.time).AddDays(d.days)
		end := onDay(day, timeOfDay(start.time), start.time.Location()).Add(d.clock)
		return timed(start, end), l, nil
	case d.clock%(24*time.Hour) != 0:
		return When{}, l, fmt.Errorf("DURATION is %q, want whole days after a date", l.Value)
	}
	n := d.days + int(d.clock/(24*time.Hour))
	return Days(start.day, start.day.AddDays(max(n, 1)-1)), l, nil
}

// timed returns the time from start to end, which has no end if it is the start: programs write that of an end that
// they do not know.
func timed(start stamp, end time.Time) When {
	w := Between(start.time, end)
	if end.Equal(start.time) {
		w = At(start.time)
	}
	if start.floating {
		w = w.Floating()
	}
	return w
}

// transparency keeps what is said of it only if it is not what Event has without saying so.
func (v *vevent) transparency() {
	e := &v.event
	if l := find(v.Component, "X-MICROSOFT-CDO-BUSYSTATUS"); l != nil && e.Transparency == "" {
		e.Transparency = Opaque
		if token(l) == free {
			e.Transparency = Transparent
		}
	}
	said := e.busy()
	told := e.Transparency
	if e.Transparency = ""; e.busy() != said {
		e.Transparency = told
	}
}

// A span is a DURATION: days are of the calendar, whatever their length (RFC 5545, section 3.3.6).
type span struct {
	days  int
	clock time.Duration
}

// duration returns s with days of 24 hours.
func (s span) duration() time.Duration { return time.Duration(s.days)*24*time.Hour + s.clock }

// parseDuration reads a DURATION.
func parseDuration(s string) (span, error) {
	var d span
	rest, negative := strings.CutPrefix(s, "-")
	rest, ok := strings.CutPrefix(strings.TrimPrefix(rest, "+"), "P")
	units := "WD"
	total := time.Duration(0)
	for first := true; ok && (first || rest != ""); first = false {
		if units == "WD" && strings.HasPrefix(rest, "T") {
			units, rest = "HMS", rest[1:]
		}
		i := strings.IndexAny(rest, units)
		if i < 0 {
			ok = false
			break
		}
		n, err := strconv.ParseUint(rest[:i], 10, 32)
		unit := map[byte]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}[rest[i]]
		part := time.Duration(n) * unit
		if err != nil || time.Duration(n) > (math.MaxInt64-total)/unit {
			ok = false
			break
		}
		total += part
		if units == "WD" {
			d.days += int(part / (24 * time.Hour))
		} else {
			d.clock += part
		}
		rest = rest[i+1:]
	}
	if !ok {
		return span{}, fmt.Errorf("%q is not a duration", s)
	}
	if negative {
		d.days, d.clock = -d.days, -d.clock
	}
	return d, nil
}
