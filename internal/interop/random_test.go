package interop_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/calendar"
)

var (
	randomEvents = flag.Int("events", 1500, "`number` of random events that every reader of calendars reads")
	randomDir    = flag.String("calendars", "", "keep the calendars of random events in this `folder`")
)

// inCalendar is how many random events a calendar holds.
const inCalendar = 500

// A randomCalendar is a file and the events in it, by key.
type randomCalendar struct {
	file   string
	series bool // some of them are
	events map[string]event
	long   map[string]bool // those with a line of more than 8000 octets
}

func (e *event) key() string { return e.UID + " " + e.RecurrenceID }

// randomCalendars writes calendars of random events.
func randomCalendars(t *testing.T, n int) (list []randomCalendar) {
	t.Helper()
	dir := *randomDir
	if dir == "" {
		dir = t.TempDir()
	}
	for first := 0; first < n; first += inCalendar {
		g := newGenerator(t, uint64(first))
		if len(list)%2 == 1 {
			g.series = 10
		}
		c := g.calendar(first, min(inCalendar, n-first))
		var b bytes.Buffer
		if err := calendar.Encode(&b, c); err != nil {
			t.Fatal(err)
		}
		r := randomCalendar{filepath.Join(dir, fmt.Sprintf("%06d.ics", first)), g.series > 0, map[string]event{}, longLines(b.String())}
		if err := os.WriteFile(r.file, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		zones := tzids(b.String())
		for i := range c.Events {
			for _, e := range understood(t, &c.Events[i], zones) {
				r.events[e.key()] = e
			}
		}
		list = append(list, r)
	}
	return list
}

// TestRandomEvents has every reader read random events, and compares what it
// understands of each.
func TestRandomEvents(t *testing.T) {
	t.Parallel()
	all := randomCalendars(t, *randomEvents)
	for _, reader := range calendarScripts {
		t.Run(reader.name, func(t *testing.T) {
			command := reader.find(t)
			compareRandom(t, reader.name, all, "", func(files []string) []reading[event] { return read[event](t, command, files) })
		})
	}
	single := slices.DeleteFunc(slices.Clone(all), func(r randomCalendar) bool { return r.series })
	t.Run("khal", func(t *testing.T) {
		khal := findKhal(t)
		compareRandom(t, "khal", single, khalCannotTell, func(files []string) (list []reading[event]) {
			for _, file := range files {
				list = append(list, reading[event]{file, readKhal(t, khal, file), nil})
			}
			return list
		})
	})
	t.Run("calcurse", func(t *testing.T) {
		calcurse := program(t, "calcurse", []string{"calcurse"}, "--version")[0]
		for _, r := range single {
			var want, unsure []string
			for _, e := range r.events {
				line := calcurseLine(t, e)
				if line == "" {
					continue
				}
				want = append(want, line)
				if r.long[e.key()] {
					unsure = append(unsure, line) // it cuts long lines off, and skips the event if that is within an escape
				}
			}
			least := len(r.events) - len(want)
			compareCalcurse(t, filepath.Base(r.file), want, unsure, readCalcurse(t, calcurse, r.file, least, least+len(unsure)))
		}
	})
}

// compareRandom compares what a reader understands of calendars with what is
// in them; unread names the fields that it cannot tell.
func compareRandom(t *testing.T, reader string, all []randomCalendar, unread string, read func(files []string) []reading[event]) {
	t.Helper()
	known := differences{list: randomDifferences}
	for some := range slices.Chunk(all, 10) {
		var files []string
		for _, r := range some {
			files = append(files, r.file)
		}
		for i, got := range read(files) {
			file := filepath.Base(got.File)
			for _, fault := range got.Faults {
				known.compare(t, reader, file, "Fault", "", fault)
			}
			seen := map[string]bool{}
			for _, e := range got.Values {
				want, ok := some[i].events[e.key()]
				if !ok || seen[e.key()] {
					t.Errorf("%s: %s: %s: no such event, or read already", reader, file, e.key())
					continue
				}
				seen[e.key()] = true
				compareEvent(t, &known, reader, file+": "+e.UID, want, e, unread)
			}
			if len(seen) != len(some[i].events) {
				t.Errorf("%s: %s: read %d events, want %d", reader, file, len(seen), len(some[i].events))
			}
		}
	}
	known.gone(t, reader)
}

// understood is what readers are to understand of an event and of those that
// override it; tzids is what tzids found in the document.
func understood(t *testing.T, e *calendar.Event, tzids map[string]string) []event {
	t.Helper()
	list := []event{one(e)}
	list[0].Zone = zone(t, e.When, tzids[e.UID+" "])
	for i := range e.Overrides {
		o := &e.Overrides[i]
		v := one(&o.Event)
		v.UID, v.Sequence = e.UID, e.Sequence
		v.Zone = zone(t, o.Event.When, tzids[e.UID+" "+strings.ReplaceAll(o.Day.String(), "-", "")])
		start := e.When.Start()
		v.RecurrenceID = time.Date(o.Day.Year, o.Day.Month, o.Day.Day, start.Hour(), start.Minute(), start.Second(), 0, start.Location()).UTC().Format("2006-01-02T15:04:05Z")
		if e.When.AllDay() {
			v.RecurrenceID = o.Day.String()
		}
		list = append(list, v)
	}
	return list
}

// one is what readers are to understand of an event, but for its zone.
func one(e *calendar.Event) event {
	v := event{
		UID: e.UID, Summary: cleanLine(e.Summary), Description: cleanText(e.Description), Location: place(e.Location, e.Address),
		URL: cleanURI(e.URL), Status: string(e.Status), Sequence: e.Sequence,
	}
	for _, c := range e.Categories {
		if c = cleanCategory(c); c != "" && !slices.Contains(v.Categories, c) {
			v.Categories = append(v.Categories, c)
		}
	}
	form := "2006-01-02T15:04:05Z"
	switch {
	case e.When.AllDay():
		v.Start, v.End = e.When.Start().Format(time.DateOnly), e.When.End().AddDate(0, 0, 1).Format(time.DateOnly)
		return v
	case e.When.IsFloating():
		form = "2006-01-02T15:04:05"
	}
	v.Start = e.When.Start().UTC().Format(form)
	if !e.When.End().IsZero() {
		v.End = e.When.End().UTC().Format(form)
	}
	return v
}

// place is the LOCATION of an event: its place and its address, each once.
func place(location, address string) string {
	name, address := cleanLine(location), cleanLine(address)
	switch {
	case name == "", strings.Contains(address, name):
		return address
	case strings.Contains(name, address):
		return name
	}
	return name + ", " + address
}

// zone is the zone in which an event is told, or "" for whole days; tzid is
// what the document says.
func zone(t *testing.T, w calendar.When, tzid string) string {
	t.Helper()
	switch {
	case w.AllDay():
		return ""
	case w.IsFloating():
		return "floating"
	case tzid == w.Start().Location().String() && tzid != "":
		return tzid
	case tzid != "" || isPlain(w.Start()) && (w.End().IsZero() || isPlain(w.End())):
		t.Errorf("%s to %s in the zone %s is told in the zone %q", w.Start(), w.End(), w.Start().Location(), tzid)
	}
	return "UTC"
}

// isPlain reports whether a time is of those that every calendar can tell in
// their zone: of these years, in a common zone, and not near a change of the
// clocks.
func isPlain(t time.Time) bool {
	_, before := t.AddDate(0, 0, -1).Zone()
	_, after := t.AddDate(0, 0, 1).Zone()
	return slices.Contains(zoneNames[:3], t.Location().String()) && 2008 <= t.Year() && t.Year() <= 2037 && before == after
}

// longLines returns the keys of the events in a document, none of them a
// series, that have a line of more than 8000 octets.
func longLines(doc string) map[string]bool {
	found := map[string]bool{}
	uid := ""
	for line := range strings.SplitSeq(strings.ReplaceAll(doc, "\r\n ", ""), "\r\n") {
		if id, ok := strings.CutPrefix(line, "UID:"); ok {
			uid = id
		} else if len(line) > 8000 {
			found[uid+" "] = true
		}
	}
	return found
}

// tzids returns the TZID of the start of each event in a document, by its UID
// and the day of its RECURRENCE-ID.
func tzids(doc string) map[string]string {
	found := map[string]string{}
	id := ""
	for line := range strings.SplitSeq(strings.ReplaceAll(doc, "\r\n ", ""), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		if name == "UID" {
			id = value + " "
		} else if strings.HasPrefix(name, "RECURRENCE-ID") {
			id += value[:len("20060102")]
		} else if tzid, ok := strings.CutPrefix(name, "DTSTART;TZID="); ok {
			found[id] = tzid
		}
	}
	return found
}
