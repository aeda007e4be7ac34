package calendar

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func decode(t testing.TB, doc string) *Calendar {
	t.Helper()
	c, err := Decode(strings.NewReader(doc))
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, doc)
	}
	return c
}

// What was written is read as it was meant, and is written again in the same bytes.
func TestDecodeWhatWasWritten(t *testing.T) {
	for _, g := range goldens(t) {
		sameAfterDecode(t, g.name, g.cal)
	}
	seeds := 200
	if testing.Short() {
		seeds = 20
	}
	for seed := range uint64(seeds) {
		sameAfterDecode(t, fmt.Sprint("seed ", seed), newGenerator(t, seed).calendar(5))
		if t.Failed() {
			return
		}
	}
}

func sameAfterDecode(t *testing.T, name string, c *Calendar) {
	t.Helper()
	doc := encode(t, c)
	got, err := Decode(strings.NewReader(doc))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if again := encode(t, got); again != doc {
		t.Errorf("%s: %s", name, firstDifference(again, doc))
	}
	var f faults
	h := comparison{&f, "", ""}
	prodID := cleanLine(c.ProdID)
	if prodID == defaultProdID {
		prodID = ""
	}
	same(h, "ProdID", got.ProdID, prodID)
	same(h, "UID", got.UID, c.UID)
	same(h, "Name", got.Name, cleanLine(c.Name))
	same(h, "Description", got.Description, clean(c.Description))
	same(h, "Color", got.Color, c.Color)
	same(h, "Image", got.Image, uri(c.Image))
	same(h, "URL", got.URL, uri(c.URL))
	same(h, "Source", got.Source, uri(c.Source))
	same(h, "Language", got.Language, c.Language)
	same(h, "Refresh", got.Refresh, c.Refresh)
	same(h, "Updated", got.Updated, c.Updated.UTC())
	same(h, "Location", zoneString(got.Location), c.zoneName())
	h.extra(got.Extra, readableExtra(c.Extra))
	if len(got.Events) != len(c.Events) {
		t.Fatalf("%s: %d events, want %d", name, len(got.Events), len(c.Events))
	}
	events := arranged(t, c)
	var zones zoneSet
	for i := range events {
		want := events[i].readable()
		want.compareWith(&got.Events[i], events[i].UID, "", &f)
		if z := zones.of(&events[i]); z != nil {
			same(h, "Location of When", got.Events[i].When.start.Location().String(), z.name)
		}
	}
	if err := f.err(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// Whatever is in a document, reading it ends, and tells each fault with its line; what was read and passes Check is
// written, and read again as the same.
func FuzzDecode(f *testing.F) {
	for _, g := range goldens(f) {
		f.Add(encode(f, g.cal))
	}
	files, _ := filepath.Glob(filepath.Join("testdata", "read", "*.ics"))
	for _, file := range files {
		doc, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(doc))
	}
	for seed := range uint64(10) {
		f.Add(encode(f, newGenerator(f, seed).calendar(2)))
	}
	f.Fuzz(func(t *testing.T, doc string) {
		c, err := Decode(strings.NewReader(doc))
		if c == nil {
			if !errors.Is(err, ErrMissing) {
				t.Fatalf("error %v, want one of no calendar", err)
			}
			return
		}
		if err != nil {
			for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
				fault, ok := errors.AsType[*FieldError](err)
				if !ok || fault.Line < 1 || fault.Line > 1+strings.Count(doc, "\n") {
					t.Fatalf("error %v, want a field and a line of the document", err)
				}
			}
		}
		c.Events = keep(c.Events, func(e Event) bool { return Check(&Calendar{Events: []Event{e}}) == nil })
		if Check(c) != nil {
			return
		}
		sameAfterDecode(t, "what was read", c)
	})
}

// Long lines, long lists and deep nesting take time in proportion to their length: four times as much of anything takes
// about four times as long, not sixteen.
func TestDecodeIsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	event := func(s string) string {
		return "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20270101T000000Z\n" + s + "\nEND:VEVENT\nEND:VCALENDAR\n"
	}
	// list returns n values, each different from those near it.
	list := func(n int, value func(d Date) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(value(Date{2027, time.January, 1 + i}.AddDays(0)))
		}
		return b.String()
	}
	date := func(d Date) string { return fmt.Sprintf("%04d%02d%02dT000000Z", d.Year, d.Month, d.Day) }
	comma := func(d Date) string { return "," + date(d) }
	for name, doc := range map[string]func(n int) string{
		"parameters": func(n int) string { return event("X-A" + strings.Repeat(";A=b", n) + ":x") },
		"values":     func(n int) string { return event("SUMMARY;A=" + strings.Repeat("b,", n) + "b:x") },
		"categories": func(n int) string { return event("CATEGORIES:" + strings.Repeat("a,", n)) },
		"exceptions": func(n int) string { return event("RRULE:FREQ=DAILY\nEXDATE:" + list(n, comma)[1:]) },
		"exceptions of a count": func(n int) string {
			return event("RRULE:FREQ=DAILY;COUNT=5000\nEXDATE:" + list(n, comma)[1:])
		},
		"days": func(n int) string { return event("RDATE:" + list(n, comma)[1:]) },
		"overrides": func(n int) string {
			return event("RRULE:FREQ=DAILY\n" + list(n, func(d Date) string {
				return "END:VEVENT\nBEGIN:VEVENT\nUID:1\nDTSTART:20270101T000000Z\nRECURRENCE-ID:" + date(d) + "\n"
			}))
		},
		"weekdays": func(n int) string {
			return event("RRULE:FREQ=MONTHLY;BYDAY=1MO" + list(n, func(d Date) string { return fmt.Sprintf(",%d%02d%02dMO", d.Year, d.Month, d.Day) }))
		},
		"good weekdays":    func(n int) string { return event("RRULE:FREQ=MONTHLY;BYDAY=1MO" + strings.Repeat(",1MO", n)) },
		"parts":            func(n int) string { return event("RRULE:FREQ=DAILY" + strings.Repeat(";X", n)) },
		"properties":       func(n int) string { return event(strings.Repeat("DTSTAMP:x\n", n)) },
		"other properties": func(n int) string { return event(strings.Repeat("X-A:b\n", n)) },
		"nesting":          func(n int) string { return strings.Repeat("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", n) },
		"components":       func(n int) string { return event(strings.Repeat("BEGIN:VALARM\nEND:VALARM\n", n)) },
		"unknown": func(n int) string {
			return event(strings.Repeat("END:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART;TZID=x:20270101T000000\n", n))
		},
		"bad lines":            func(n int) string { return event(strings.Repeat("x\n", n)) },
		"bad lines of all":     func(n int) string { return event("") + strings.Repeat("x\n", n) },
		"bad lines everywhere": func(n int) string { return event(strings.Repeat("x\nEND:VEVENT\nBEGIN:VEVENT\n", n)) },
		"blank lines":          func(n int) string { return strings.Repeat("\n", n) + event("") },
	} {
		const n, most = 5000, 9
		small, large := doc(n), doc(4*n)
		best := math.Inf(1)
		for range 5 { // a machine that does something else, once, is no fault
			ratio := float64(decodeTime(large)) / float64(max(decodeTime(small), 5*time.Millisecond))
			if best = min(best, ratio); best < most {
				break
			}
		}
		if best >= most {
			t.Errorf("%s: four times as much takes %.1f times as long", name, best)
		}
	}
}

// decodeTime returns how long it takes to read a document.
func decodeTime(doc string) time.Duration {
	start := time.Now()
	_, _ = Decode(strings.NewReader(doc))
	return time.Since(start)
}

// Of what cannot be read a hundred lines are told; still no event is taken for whole that is not.
func TestDecodeManyBadLines(t *testing.T) {
	c, err := Decode(strings.NewReader("BEGIN:VCALENDAR\n" + strings.Repeat("x\n", 1000) +
		"BEGIN:VEVENT\nUID:1\nSUMMARY:A\nDTSTART:20270101T000000Z\nRRULE ;FREQ=DAILY\nEND:VEVENT\n" +
		"BEGIN:VEVENT\nUID:2\nSUMMARY:B\nDTSTART:20270101T000000Z\nBEGIN:VALARM\nDURATION ;x\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"))
	list := err.(interface{ Unwrap() []error }).Unwrap()
	const want = "line 102: calendar: here and below, 902 more faults like those above"
	if len(list) != 101 || list[100].Error() != want {
		t.Errorf("%d faults, the last is %v\nwant 101, the last %s", len(list), list[len(list)-1], want)
	}
	if len(c.Events) != 1 || c.Events[0].UID != "2" {
		t.Errorf("%d events, want the one that can be read", len(c.Events))
	}
}

// Whatever is wrong with a rule is one fault, on one line.
func TestDecodeTellsOneLineForAFault(t *testing.T) {
	_, err := Decode(strings.NewReader("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20270101T000000Z\nRRULE:FREQ=YEARLY;BYWEEKNO=1;BYYEARDAY=1;X\nEND:VEVENT\n" +
		"BEGIN:VEVENT\nUID:2\nDTSTART:00000101T000000Z\nEND:VEVENT\nEND:VCALENDAR\n"))
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("%v\nwant two faults", err)
	}
}

func TestDecodeReminders(t *testing.T) {
	for _, tt := range []struct {
		times, trigger string
		want           time.Duration
		err            string
	}{
		{"DTSTART:20270101T180000Z\nDTEND:20270101T200000Z", "TRIGGER:-PT15M", 15 * time.Minute, ""},
		{"DTSTART:20270101T180000Z\nDTEND:20270101T200000Z", "TRIGGER;RELATED=END:-PT15M", -105 * time.Minute, ""},
		{"DTSTART:20270101T180000Z", "TRIGGER;RELATED=END:-PT15M", 15 * time.Minute, ""},
		{"DTSTART;VALUE=DATE:20270101", "TRIGGER;RELATED=END:-PT1H", -23 * time.Hour, ""},
		{"DTSTART:20270101T180000Z", "TRIGGER;VALUE=DATE-TIME:20270101T170000Z", time.Hour, ""},
		{"DTSTART:20270101T180000Z", "TRIGGER:-P366D", 366 * 24 * time.Hour, ""},
		{"DTSTART:20270101T180000Z", "TRIGGER:P366DT1S", 0, `TRIGGER is "P366DT1S", want one within a year of the start`},
		{"DTSTART:16000101T000000Z\nDTEND:20270101T000000Z", "TRIGGER;RELATED=END:PT1H", 0, `TRIGGER is "PT1H", want one within a year of the start`},
		{"DTSTART:16000101T000000Z\nDTEND:20270101T000000Z", "TRIGGER;RELATED=END:-P106700D", 0, `TRIGGER is "-P106700D", want one within a year of the start`},
		{"DTSTART:20270101T000000Z", "TRIGGER;VALUE=DATE-TIME:16000101T000000Z", 0, `TRIGGER is "16000101T000000Z", want one within a year of the start`},
	} {
		c, err := Decode(strings.NewReader("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:A\nDTSTAMP:20270101T000000Z\n" + tt.times +
			"\nBEGIN:VALARM\nACTION:DISPLAY\n" + tt.trigger + "\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"))
		if tt.err != "" {
			if err == nil || !strings.HasSuffix(err.Error(), "Reminders: "+tt.err) || len(c.Events) != 1 || len(c.Events[0].Reminders) != 0 {
				t.Errorf("%s: %v, want %s, and no reminder", tt.trigger, err, tt.err)
			}
		} else if err != nil || len(c.Events[0].Reminders) != 1 || c.Events[0].Reminders[0].Before != tt.want {
			t.Errorf("%s: %v, %v, want %s", tt.trigger, c.Events, err, tt.want)
		}
		if err := Check(c); err != nil {
			t.Errorf("%s: %v", tt.trigger, err)
		}
	}
}

// Places with characters that a parameter does not hold come back as they are written, unless what stands for them there
// is beside them.
func TestDecodePlaces(t *testing.T) {
	texts := []string{"", `\`, `\n`, `a\b`, "a, b", `"`, " x\n\\"}
	for _, location := range texts {
		for _, address := range texts {
			for _, geo := range []*Geo{nil, {Lat: 45.5, Lon: -73.25}} {
				for _, component := range []bool{false, true} {
					e := Event{UID: "1", Summary: "A", Location: location, Address: address, Geo: geo, VLocation: component,
						When: At(time.Date(2027, time.January, 1, 18, 0, 0, 0, time.UTC)), Updated: updated}
					sameAfterDecode(t, fmt.Sprintf("%q, %q, %v, %t", location, address, geo, component), &Calendar{Events: []Event{e}})
				}
			}
		}
	}
}

// arranged returns the events of c in the order in which they are written.
func arranged(t testing.TB, c *Calendar) []Event {
	t.Helper()
	placed, _, err := arrange(c)
	if err != nil {
		t.Fatal(err)
	}
	var events []Event
	for _, p := range placed {
		events = append(events, *p.Event)
	}
	return events
}

func zoneString(loc *time.Location) string {
	if loc == nil {
		return "UTC"
	}
	return loc.String()
}

// firstDifference returns the first lines in which two documents differ.
func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\r\n"), strings.Split(want, "\r\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "got line\n" + a[i] + "\nwant\n" + b[i] + "\nafter\n" + strings.Join(b[max(0, i-3):i], "\n")
		}
	}
	return "one is longer"
}
