package calendar

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// names returns the names of the content lines of a document, with the kind after BEGIN and END.
func names(t *testing.T, doc string) []string {
	body, ok := strings.CutSuffix(doc, "\r\n")
	if !ok {
		t.Fatalf("%q does not end with CRLF", doc)
	}
	if strings.ContainsAny(strings.ReplaceAll(doc, "\r\n", ""), "\r\n") {
		t.Fatalf("%q holds a line break that is not CRLF", doc)
	}
	for line := range strings.SplitSeq(body, "\r\n") {
		if len(line) > 75 || strings.TrimSpace(line) == "" && line == "" {
			t.Fatalf("a line of %d octets: %q", len(line), line)
		}
	}
	var list []string
	for line := range strings.SplitSeq(unfold(body), "\r\n") {
		name := line[:strings.IndexAny(line, ":;")]
		if name == "BEGIN" || name == "END" {
			name = line
		}
		list = append(list, name)
	}
	return list
}

// wantNames returns the content lines that a calendar of one event has.
func wantNames(e *Event, z *zone) []string {
	list := []string{"BEGIN:VCALENDAR", "VERSION", "PRODID", "CALSCALE", "X-WR-TIMEZONE"}
	add := func(ok bool, names ...string) {
		if ok {
			list = append(list, names...)
		}
	}
	if z != nil {
		named := z.abbr[0] != ""
		add(true, "BEGIN:VTIMEZONE", "TZID", "BEGIN:STANDARD", "DTSTART")
		add(z.yearly, "RRULE")
		add(named, "TZNAME")
		add(true, "TZOFFSETFROM", "TZOFFSETTO", "END:STANDARD")
		add(z.yearly, "BEGIN:DAYLIGHT", "DTSTART", "RRULE", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO", "END:DAYLIGHT")
		add(true, "END:VTIMEZONE")
	}
	text := func(s string) bool { return clean(s) != "" }
	add(true, "BEGIN:VEVENT", "UID", "DTSTAMP", "DTSTART")
	add(e.When.AllDay() || !e.When.End().IsZero(), "DTEND")
	add(true, "LAST-MODIFIED", "SEQUENCE", "SUMMARY")
	add(text(e.Description), "DESCRIPTION")
	add(text(e.Location), "LOCATION")
	add(e.Geo != nil, "GEO")
	add(strings.Trim(e.URL, " \t\r\n") != "", "URL")
	add(slices.ContainsFunc(e.Categories, text), "CATEGORIES")
	add(e.Organizer.Email != "", "ORGANIZER")
	add(text(e.Contact) || e.Organizer.Email == "" && text(e.Organizer.Name), "CONTACT")
	for range e.Conferences {
		add(true, "CONFERENCE")
	}
	add(e.Status != "", "STATUS")
	add(e.When.AllDay() || e.Status == Cancelled, "TRANSP")
	add(true, "X-MICROSOFT-CDO-BUSYSTATUS", "END:VEVENT", "END:VCALENDAR")
	return list
}

// Whatever is in the fields, either Encode names the faults and writes nothing, or the document has exactly the lines
// it should have, reads back equal, and is the same in whatever order the events were given.
func FuzzEvent(f *testing.F) {
	zones := []*time.Location{time.UTC, zoneNamed(f, "Europe/Paris"), zoneNamed(f, "Africa/Cairo"), zoneNamed(f, "Asia/Tokyo"), time.FixedZone("X", 5400)}
	f.Add("u1", "Conseil", "Ordre du jour :\n1. Budget", "Salle", "https://valmorin.example/é", "Conseil,Fête", "Mairie", "mairie@valmorin.example", "CONFIRMED", int64(1770000000), int64(3600), uint8(1), 3)
	f.Add("u2", "x\r\nEND:VEVENT\r\n", "\\n\\,\x00\x1b", "\u2028\ufeff", "urn:x", "\\;\"", "^n\"\\", "a@b", "", int64(-62135596800), int64(-1), uint8(1), 0)
	f.Add("u3", strings.Repeat("é ", 200), strings.Repeat("\\", 200), "\xff\xfe", "", "", "a\nb", "", "CANCELLED", int64(1824942600), int64(86400*365), uint8(0x85), 1)
	f.Fuzz(func(t *testing.T, uid, summary, description, location, url, categories, name, email, status string, start, seconds int64, place uint8, sequence int) {
		loc := zones[int(place&0x7f)%len(zones)]
		from := time.Unix(start%(1<<38), 0).In(loc)
		to := from.Add(time.Duration(seconds%(1<<30)) * time.Second)
		e := Event{
			UID: uid, Summary: summary, Description: description, Location: location, URL: url,
			Categories: strings.Split(categories, "|"), Organizer: Person{name, email}, Contact: location,
			Status: Status(status), Updated: updated, Sequence: sequence, When: Between(from, to),
		}
		switch {
		case place >= 0x80:
			e.When = Days(DateOf(from), DateOf(to))
		case seconds == 0:
			e.When = At(from)
		}
		if url != "" {
			e.Conferences = []Conference{{url, summary}}
		}
		var b bytes.Buffer
		if err := Encode(&b, &Calendar{Events: []Event{e}}); err != nil {
			var fault *FieldError
			if !errors.As(err, &fault) || b.Len() > 0 {
				t.Fatalf("error %v with %d octets written", err, b.Len())
			}
			return
		}
		got, want := names(t, b.String()), wantNames(&e, new(zoneSet).exact(e.When))
		if !slices.Equal(got, want) {
			t.Fatalf("lines\n%s\nwant\n%s\nin\n%s", got, want, b.String())
		}
		if err := ReadBack(&e); err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		other := e
		other.UID += "x"
		if checkUID(other.UID) != nil {
			return
		}
		one, two := encode(t, &Calendar{Events: []Event{e, other}}), encode(t, &Calendar{Events: []Event{other, e}})
		if one != two {
			t.Fatalf("the order given matters:\n%s\n%s", one, two)
		}
	})
}
