package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// ReadBack is a second opinion on one event: it encodes e alone, reads the bytes with the parser of golang-ical, and
// compares what comes back with what went in. It returns nil if they are equal, else a [*FieldError] for each field
// that is not, with Event 0. It costs some thirty times as much as encoding, so it is for events that changed.
func ReadBack(e *Event) error {
	var b bytes.Buffer
	if err := Encode(&b, &Calendar{Events: []Event{*e}}); err != nil {
		return err
	}
	return e.compare(b.Bytes())
}

// compare returns how e differs from the one event in data.
func (e *Event) compare(data []byte) error {
	cal, err := parse(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("reading back: %w", err)
	}
	events := cal.Events()
	if len(events) != 1 {
		return fmt.Errorf("reading back: %d events, want 1", len(events))
	}
	v := properties(events[0].Properties)
	var f faults
	equal := func(field, name, want string) {
		if got := v.value(name); got != want {
			f.add(0, e.UID, field, fmt.Errorf("%s reads back as %q, want %q", name, got, want))
		}
	}
	equal("UID", "UID", e.UID)
	equal("Summary", "SUMMARY", cleanLine(e.Summary))
	equal("Description", "DESCRIPTION", clean(e.Description))
	equal("Location", "LOCATION", cleanLine(e.Location))
	equal("URL", "URL", uri(e.URL))
	equal("Categories", "CATEGORIES", strings.Join(cleanCategories(e.Categories), ","))
	equal("Status", "STATUS", string(e.Status))
	equal("Sequence", "SEQUENCE", strconv.Itoa(e.Sequence))
	equal("Updated", "DTSTAMP", e.Updated.UTC().Format(utcLayout))
	equal("Updated", "LAST-MODIFIED", e.Updated.UTC().Format(utcLayout))

	known := func(name string) (*time.Location, error) {
		if loc := e.When.Start().Location(); loc.String() == name {
			return loc, nil
		}
		return nil, fmt.Errorf("unknown time zone %q", name)
	}
	switch when, err := v.when(known); {
	case err != nil:
		f.add(0, e.UID, "When", err)
	case when.AllDay() != e.When.AllDay() || when.Compare(e.When) != 0:
		f.add(0, e.UID, "When", fmt.Errorf("reads back as %s to %s, want %s to %s",
			when.Start(), when.End(), e.When.Start(), e.When.End()))
	}
	return f.err()
}

// parse reads a calendar with golang-ical. What its parser panics on is an error.
func parse(r io.Reader) (cal *ics.Calendar, err error) {
	defer func() {
		if p := recover(); p != nil {
			cal, err = nil, fmt.Errorf("golang-ical: panic: %v", p)
		}
	}()
	return ics.ParseCalendar(r)
}

const (
	dateLayout  = "20060102"
	localLayout = "20060102T150405"
	utcLayout   = "20060102T150405Z"
)

// properties are the properties of one component, as golang-ical holds them.
type properties []ics.IANAProperty

// find returns the first property of a name, or nil.
func (p properties) find(name string) *ics.IANAProperty {
	i := slices.IndexFunc(p, func(q ics.IANAProperty) bool { return strings.EqualFold(q.IANAToken, name) })
	if i < 0 {
		return nil
	}
	return &p[i]
}

// value returns the value of the first property of a name, or "".
func (p properties) value(name string) string {
	if q := p.find(name); q != nil {
		return q.Value
	}
	return ""
}

// param returns the first value of a parameter of q, or "". golang-ical leaves the escapes of RFC 6868 in it.
func param(q *ics.IANAProperty, name string) string {
	v, ok := q.ICalParameters[name]
	if !ok {
		v = q.ICalParameters[strings.ToLower(name)]
	}
	if len(v) == 0 {
		return ""
	}
	return caretDecoder.Replace(v[0])
}

// The escapes of parameter values (RFC 6868).
var (
	caretEncoder = strings.NewReplacer("^", "^^", `"`, "^'")
	caretDecoder = strings.NewReplacer("^^", "^", "^'", `"`, "^n", "\n")
)

// errFloating is the fault of a local time that names no zone.
var errFloating = errors.New("local time without a time zone")

// when returns DTSTART with DTEND or DURATION; zone finds a zone by its TZID, "" for a local time without one.
func (p properties) when(zone func(name string) (*time.Location, error)) (When, error) {
	q := p.find("DTSTART")
	if q == nil {
		return When{}, fmt.Errorf("DTSTART: %w", ErrMissing)
	}
	start, isDate, err := dateTime(q, zone)
	if err != nil {
		return When{}, err
	}
	end := time.Time{}
	if q := p.find("DTEND"); q != nil {
		t, endIsDate, err := dateTime(q, zone)
		if err != nil {
			return When{}, err
		}
		if endIsDate != isDate {
			return When{}, fmt.Errorf("DTEND %s is not of the form of DTSTART", q.Value)
		}
		end = t
	} else if q := p.find("DURATION"); q != nil {
		d, err := parseDuration(q.Value)
		if err != nil {
			return When{}, err
		}
		if end = start.AddDate(0, 0, d.days).Add(d.clock); end.Equal(start) {
			end = time.Time{}
		}
	}
	switch {
	case isDate && end.IsZero():
		return Days(DateOf(start), DateOf(start)), nil
	case isDate:
		return Days(DateOf(start), DateOf(end).AddDays(-1)), nil
	case end.IsZero():
		return At(start), nil
	}
	return Between(start, end), nil
}

// dateTime returns the value of q, and whether it is a date.
func dateTime(q *ics.IANAProperty, zone func(string) (*time.Location, error)) (t time.Time, isDate bool, err error) {
	switch n := len(q.Value); {
	case n == len(dateLayout):
		t, err = time.Parse(dateLayout, q.Value)
		isDate = true
	case n == len(utcLayout):
		t, err = time.Parse(utcLayout, q.Value)
	default:
		var loc *time.Location
		if loc, err = zone(param(q, "TZID")); err == nil {
			t, err = time.ParseInLocation(localLayout, q.Value, loc)
		}
	}
	if err != nil {
		err = fmt.Errorf("%s %s: %w", q.IANAToken, q.Value, err)
	}
	return t, isDate, err
}

// A span is a DURATION: days are of the calendar, whatever their length (RFC 5545, section 3.3.6).
type span struct {
	days  int
	clock time.Duration
}

// parseDuration reads a DURATION that is not negative.
func parseDuration(s string) (span, error) {
	var d span
	bad := fmt.Errorf("%q is not a duration", s)
	rest, ok := strings.CutPrefix(strings.TrimPrefix(s, "+"), "P")
	inTime := false
	for ok && rest != "" {
		if rest[0] == 'T' && !inTime {
			inTime, rest = true, rest[1:]
		}
		digits := 0
		for digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' {
			digits++
		}
		n, err := strconv.Atoi(rest[:digits])
		if err != nil || digits == len(rest) || n > 1e6 {
			return d, bad
		}
		switch unit := rest[digits]; {
		case unit == 'W' && !inTime:
			d.days += 7 * n
		case unit == 'D' && !inTime:
			d.days += n
		case unit == 'H' && inTime:
			d.clock += time.Duration(n) * time.Hour
		case unit == 'M' && inTime:
			d.clock += time.Duration(n) * time.Minute
		case unit == 'S' && inTime:
			d.clock += time.Duration(n) * time.Second
		default:
			return d, bad
		}
		rest = rest[digits+1:]
	}
	if !ok || s == "P" {
		return d, bad
	}
	return d, nil
}
