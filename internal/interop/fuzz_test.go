package interop_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/crieur/crieur/calendar"
	"github.com/emersion/go-ical"
)

// FuzzText writes a text in each place where a long or awkward one may stand,
// and reads it with the parser of go-ical.
func FuzzText(f *testing.F) {
	for _, s := range pieces {
		f.Add(s)
		f.Add(strings.Repeat("x", 60) + s + strings.Repeat(s, 20))
	}
	var b bytes.Buffer
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2<<10 {
			return
		}
		e := calendar.Event{UID: "1", Summary: "-" + s, Description: s, When: calendar.At(now), Updated: now, Categories: []string{s}, Organizer: calendar.Person{Name: s, Email: "x@y.example"}}
		b.Reset()
		if err := calendar.Encode(&b, &calendar.Calendar{Events: []calendar.Event{e}}); err != nil {
			t.Fatal(err)
		}
		checkBytes(t, b.Bytes())
		vevent := decode(t, b.Bytes()).Children[0]
		want := slices.Concat(text("SUMMARY", cleanLine("-"+s)), text("DESCRIPTION", cleanText(s)), text("CATEGORIES", cleanCategory(s)),
			[]line{{name: "ORGANIZER", value: "mailto:x@y.example", params: params("CN", s)}})
		n := len(want)
		for _, l := range want {
			compareProps(t, vevent.Props, l.name, []line{l})
		}
		for _, name := range []string{"UID", "DTSTAMP", "DTSTART", "LAST-MODIFIED", "SEQUENCE", "X-MICROSOFT-CDO-BUSYSTATUS"} {
			n += len(vevent.Props[name])
		}
		if got := count(vevent); got != n {
			t.Fatalf("%d properties, want %d in\n%s", got, n, b.Bytes())
		}
	})
}

// FuzzCalendar writes calendars of two events, with whatever fields kind has a
// bit for, and reads them with the parsers of golang-ical and of go-ical. Both
// must find the lines that there should be and no other.
func FuzzCalendar(f *testing.F) {
	f.Add("Conseil", "Ordre du jour :\n1. Budget", "Mairie", "Fête|Vie publique", int64(1804000000), int64(3600), ^uint32(0))
	for i, s := range pieces {
		f.Add(s, strings.Repeat(s, 9), "Salle "+s, s+"|"+s, int64(i)*86399*31+1.7e9, int64(i%3)*1801, uint32(1)<<(i%20)|uint32(i)<<20)
	}
	g := newGenerator(f, 0)
	var b bytes.Buffer
	f.Fuzz(func(t *testing.T, summary, description, place, other string, start, seconds int64, kind uint32) {
		if len(summary)+len(description)+len(place)+len(other) > 2<<10 {
			return
		}
		e := fuzzed(g, summary, description, place, other, start, seconds, kind)
		two := calendar.Event{UID: "2", Summary: "-" + other, When: calendar.At(now.AddDate(7000, 0, 0)), Updated: now}
		c := &calendar.Calendar{Name: summary, Description: other, Events: []calendar.Event{two, e}}
		b.Reset()
		if err := calendar.Encode(&b, c); err != nil {
			t.Fatal(err)
		}
		checkBytes(t, b.Bytes())
		head := slices.Concat(
			[]line{{name: "VERSION", value: "2.0"}, {name: "PRODID", value: "-//crieur//calendar//EN"}, {name: "CALSCALE", value: "GREGORIAN"}},
			text("NAME", cleanLine(summary)), text("X-WR-CALNAME", cleanLine(summary)), text("DESCRIPTION", cleanText(other)), text("X-WR-CALDESC", cleanText(other)),
			text("X-WR-TIMEZONE", "UTC"))
		want := [][]line{lines(&e), lines(&two)}

		cal := decode(t, b.Bytes())
		compareComponent(t, "go-ical", cal.Component, head)
		events := slices.DeleteFunc(cal.Children, func(c *ical.Component) bool { return c.Name != "VEVENT" })
		if len(cal.Children)-len(events) > 1 || len(events) != 2 {
			t.Fatalf("go-ical: %d components, %d events in\n%s", len(cal.Children), len(events), b.Bytes())
		}
		for i := range events {
			compareComponent(t, "go-ical", events[i], want[i])
			if n := len(events[i].Children); n != len(c.Events[1-i].Reminders) {
				t.Fatalf("go-ical: %d components in the event %d in\n%s", n, i, b.Bytes())
			}
		}

		parsed, err := ics.ParseCalendar(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatalf("golang-ical: %v in\n%s", err, b.Bytes())
		}
		var got []line
		for _, p := range parsed.CalendarProperties {
			got = append(got, line{p.IANAToken, p.Value, nil})
		}
		compareLines(t, "golang-ical", got, head)
		list := parsed.Events()
		if len(list) != 2 || len(parsed.Components) > 3 {
			t.Fatalf("golang-ical: %d events in\n%s", len(list), b.Bytes())
		}
		for i, v := range list {
			got = nil
			for _, p := range v.Properties {
				l := line{p.IANAToken, p.Value, map[string]string{}}
				for name, value := range p.ICalParameters {
					l.params[name] = strings.Join(value, ",")
				}
				got = append(got, l)
			}
			compareLines(t, "golang-ical", got, want[i])
			if n := len(v.Components); n != len(c.Events[1-i].Reminders) {
				t.Fatalf("golang-ical: %d components in the event %d in\n%s", n, i, b.Bytes())
			}
		}
	})
}

// fuzzed returns an event with the fields that kind has a bit for.
func fuzzed(g *generator, summary, description, place, other string, start, seconds int64, kind uint32) calendar.Event {
	has := func(bit int) bool { return kind>>bit&1 != 0 }
	from := time.Unix(start%(1<<35), 0).In(g.zones[int(kind>>20)%len(g.zones)])
	e := calendar.Event{
		UID: "1", Summary: summary, Description: description, Location: place, Updated: now, Sequence: int(kind >> 1), When: calendar.At(from),
		Categories: strings.Split(other, "|"),
	}
	e.Categories = e.Categories[:min(len(e.Categories), 50)]
	if cleanLine(e.Summary) == "" {
		e.Summary = "-"
	}
	seconds = seconds & (1<<31 - 1)
	switch {
	case has(0):
		day := calendar.DateOf(from)
		e.When = calendar.Days(day, day.AddDays(int(seconds>>16)))
	case has(1):
		e.When = calendar.Between(from.UTC(), from.Add(time.Duration(seconds+1)*time.Second)).Floating()
	case seconds > 0:
		e.When = calendar.Between(from, from.Add(time.Duration(seconds)*time.Second))
	}
	if has(2) && cleanText(description) != "" {
		e.HTML = other
	}
	if has(3) {
		e.Address = other
	}
	if has(4) {
		e.Geo = &calendar.Geo{Lat: float64(start%9000) / 100, Lon: -float64(seconds%18000) / 100}
	}
	if has(5) {
		e.URL = address(place)
	}
	if has(6) {
		e.Organizer = calendar.Person{Name: other, Email: "mairie@valmorin.example"}
	}
	if has(7) {
		e.Contact = description
	}
	if has(8) {
		e.Conferences = []calendar.Conference{{URL: address(other), Label: summary}, {URL: "urn:x", Label: place}}
	}
	if has(9) {
		e.Attachments = []calendar.Attachment{{URL: address(summary), Type: "application/pdf"}}
	}
	if has(10) {
		e.Reminders = []calendar.Reminder{{Text: other, Before: time.Duration(seconds%(366*24*3600)) * time.Second}, {}}
	}
	if has(11) {
		e.Status = calendar.Tentative
	}
	if has(12) {
		e.Class, e.Priority, e.Color = calendar.Private, 9, "teal"
	}
	if has(13) {
		e.Image, e.Created = address(description), now
	}
	if has(14) {
		e.Transparency = calendar.Transparent
	}
	if has(15) {
		e.Extra = []calendar.Property{{Name: "X-A", Value: description, Params: []calendar.Param{{Name: "X-B", Value: "-" + place}}}}
	}
	return e
}

// address returns an absolute URI of any bytes.
func address(s string) string {
	return "https://valmorin.example/" + strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
