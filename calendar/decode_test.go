package calendar

import (
	"errors"
	"fmt"
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

// Long lines, long lists and deep nesting take time in proportion to their length.
func TestDecodeIsLinear(t *testing.T) {
	const n = 30_000
	event := func(s string) string {
		return "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20270101T000000Z\n" + s + "\nEND:VEVENT\nEND:VCALENDAR\n"
	}
	var days, occurrences strings.Builder
	for i := range n {
		fmt.Fprintf(&days, ",%sT000000Z", Date{2027, time.January, 1 + i%9000}.AddDays(0).midnight().Format(dateLayout))
		fmt.Fprintf(&occurrences, "END:VEVENT\nBEGIN:VEVENT\nUID:1\nRECURRENCE-ID:%sT000000Z\nDTSTART:20270101T000000Z\n",
			Date{2027, time.January, 1 + i%9000}.AddDays(0).midnight().Format(dateLayout))
	}
	for name, doc := range map[string]string{
		"parameters":  event("X-A" + strings.Repeat(";A=b", n) + ":x"),
		"values":      event("SUMMARY;A=" + strings.Repeat("b,", n) + "b:x"),
		"categories":  event("CATEGORIES:" + strings.Repeat("a,", n)),
		"exceptions":  event("RRULE:FREQ=DAILY\nEXDATE:" + days.String()[1:]),
		"days":        event("RDATE:" + days.String()[1:]),
		"overrides":   event("RRULE:FREQ=DAILY;COUNT=9999\n" + occurrences.String()),
		"properties":  event(strings.Repeat("DTSTAMP:x\n", n)),
		"nesting":     strings.Repeat("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", n),
		"components":  event(strings.Repeat("BEGIN:VALARM\nEND:VALARM\n", n)),
		"unknown":     event(strings.Repeat("END:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART;TZID=x:20270101T000000\n", n)),
		"broken":      event(strings.Repeat("x\n", n)),
		"blank lines": strings.Repeat("\n", n) + event(""),
	} {
		start := time.Now()
		if _, err := Decode(strings.NewReader(doc)); err == nil && name == "nesting" {
			t.Errorf("%s: no error", name)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%s: %d octets in %s", name, len(doc), d)
		} else {
			t.Logf("%s: %d octets in %s", name, len(doc), d)
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
