package calendar

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
)

// What goes out to golang-ical comes in again, but for what its model cannot tell.
func TestICSAndBack(t *testing.T) {
	for _, g := range goldens(t) {
		cal, err := ToICS(g.cal)
		if err != nil {
			t.Fatal(err)
		}
		if cal.Serialize() == "" {
			t.Errorf("%s: its own serializer writes nothing", g.name)
		}
		back, err := FromICS(cal)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := encode(t, back), encode(t, g.cal); dropTimeZones(got) != dropTimeZones(want) {
			t.Errorf("%s: came back as\n%s\nwant\n%s", g.name, got, want)
		}
	}
}

// dropTimeZones leaves out what stays of a zone only when an event is in it, or the calendar is empty.
func dropTimeZones(s string) string {
	before, rest, ok := strings.Cut(s, "BEGIN:VTIMEZONE")
	if !ok {
		return s
	}
	return before + rest[strings.LastIndex(rest, "END:VTIMEZONE"):]
}

// What golang-ical's parser reads of our bytes is the calendar that was written.
func TestParsedByICS(t *testing.T) {
	for _, g := range goldens(t) {
		want := encode(t, g.cal)
		cal, err := parse(strings.NewReader(want))
		if err != nil {
			t.Fatalf("%s: %v", g.name, err)
		}
		back, err := FromICS(cal)
		if err != nil {
			t.Fatalf("%s: %v", g.name, err)
		}
		if got := encode(t, back); dropTimeZones(got) != dropTimeZones(want) {
			t.Errorf("%s: came back as\n%s\nwant\n%s", g.name, got, want)
		}
	}
}

// A calendar of another program: other zone names, floating times, one-day events with an empty span.
func TestFromICS(t *testing.T) {
	zoneNamed(t, "Europe/Paris")
	const doc = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Autre//FR
X-WR-CALNAME:Agenda
X-WR-TIMEZONE:Europe/Paris
X-PUBLISHED-TTL:P1DT12H
BEGIN:VEVENT
UID:windows
DTSTAMP:20270101T000000Z
DTSTART;TZID=Romance Standard Time:20270204T183000
DURATION:PT1H30M
SUMMARY:Un
ORGANIZER;CN="dite ^'la Ville^'":MAILTO:mairie@valmorin.example
END:VEVENT
BEGIN:VEVENT
UID:floating
DTSTAMP:20270101T000000Z
LAST-MODIFIED:20270102T000000Z
DTSTART:20270204T183000
DTEND:20270204T183000
SUMMARY:Deux
END:VEVENT
BEGIN:VEVENT
UID:day
DTSTAMP:20270101T000000Z
DTSTART;VALUE=DATE:20270204
DTEND;VALUE=DATE:20270204
SUMMARY:Trois
END:VEVENT
BEGIN:VEVENT
UID:series
DTSTAMP:20270101T000000Z
DTSTART;VALUE=DATE:20270204
RRULE:FREQ=DAILY
SUMMARY:Quatre
END:VEVENT
BEGIN:VEVENT
UID:nowhere
DTSTAMP:20270101T000000Z
DTSTART;TZID=Nowhere/At All:20270204T183000
SUMMARY:Cinq
END:VEVENT
END:VCALENDAR
`
	cal, err := ics.ParseCalendar(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	c, err := FromICS(cal)
	if err == nil || err.Error() != `event 4 ("nowhere"): When: DTSTART is "20270204T183000": unknown time zone "Nowhere/At All"` {
		t.Errorf("error %v", err)
	}
	if c.Name != "Agenda" || c.Refresh != 36*time.Hour || len(c.Events) != 4 || !c.Events[1].When.IsFloating() || c.Location.String() != "Europe/Paris" {
		t.Fatalf("calendar %q, refresh %s, %d events", c.Name, c.Refresh, len(c.Events))
	}
	var got []string
	for _, e := range c.Events {
		got = append(got, e.UID, e.When.Start().Format(time.RFC3339), e.When.End().Format(time.RFC3339), e.Updated.Format(time.DateOnly))
	}
	want := []string{
		"windows", "2027-02-04T18:30:00+01:00", "2027-02-04T20:00:00+01:00", "2027-01-01",
		"floating", "2027-02-04T18:30:00Z", "0001-01-01T00:00:00Z", "2027-01-02",
		"day", "2027-02-04T00:00:00Z", "2027-02-04T00:00:00Z", "2027-01-01",
		"series", "2027-02-04T00:00:00Z", "2027-02-04T00:00:00Z", "2027-01-01",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("events\n%q\nwant\n%q", got, want)
	}
	if o := c.Events[0].Organizer; o != (Person{`dite "la Ville"`, "mairie@valmorin.example"}) {
		t.Errorf("organizer %q", o)
	}
	if err := Encode(new(bytes.Buffer), c); err != nil {
		t.Error(err)
	}
}

// A program that puts a calendar together may leave nil components in it.
func TestFromICSWithoutComponents(t *testing.T) {
	cal, err := ToICS(goldens(t)[0].cal)
	if err != nil {
		t.Fatal(err)
	}
	want, err := FromICS(cal)
	if err != nil {
		t.Fatal(err)
	}
	cal.Components = append([]ics.Component{nil, (*ics.VEvent)(nil), (*ics.GeneralComponent)(nil)}, cal.Components...)
	for _, e := range cal.Events() {
		if e != nil {
			e.Components = append(e.Components, nil, (*ics.VAlarm)(nil))
		}
	}
	if got, err := FromICS(cal); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

// Whatever golang-ical reads, FromICS takes in or refuses, and what it takes in is written or refused with its field.
func FuzzFromICS(f *testing.F) {
	for _, g := range goldens(f) {
		f.Add(encode(f, g.cal))
	}
	f.Add("BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Paris\nBEGIN:VEVENT\nDTSTART:20270204T183000\nDURATION:P1W\nGEO:1;x\nEND:VEVENT\nEND:VCALENDAR\n")
	f.Fuzz(func(t *testing.T, doc string) {
		cal, err := parse(strings.NewReader(doc))
		if err != nil || cal == nil {
			return
		}
		c, err := FromICS(cal)
		var fault *FieldError
		if err != nil && !errors.As(err, &fault) {
			t.Fatalf("error %v without a field", err)
		}
		var b bytes.Buffer
		if err := Encode(&b, c); err != nil {
			if !errors.As(err, &fault) || b.Len() > 0 {
				t.Fatalf("error %v with %d octets written", err, b.Len())
			}
			return
		}
		names(t, b.String())
		for i := range c.Events {
			if err := ReadBack(&c.Events[i]); err != nil {
				t.Fatal(err)
			}
		}
	})
}
