package interop_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// uids are the identifiers of a calendar's events, found without a parser:
// they are short, so that none is folded.
func uids(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		if id, ok := strings.CutPrefix(s.Text(), "UID:"); ok {
			list = append(list, id)
		}
	}
	return list
}

var calendarScripts = []script{
	{"python-icalendar", "python3-icalendar", []string{"python3", "read-icalendar.py"}, []string{"-c", "import icalendar"}},
	{"vobject", "python3-vobject", []string{"python3", "read-vobject.py"}, []string{"-c", "import vobject"}},
	{"ruby-icalendar", "ruby-icalendar", []string{"ruby", "read-icalendar.rb"}, []string{"-r", "icalendar", "-e", "1"}},
	{"libical", "python3-gi gir1.2-ical-3.0", []string{"python3", "read-libical.py"}, []string{"-c", "import gi; gi.require_version('ICalGLib', '3.0')"}},
	{"sabre", "php-cli php-sabre-vobject", []string{"php", "-d", "error_reporting=8191", "read-sabre.php"}, []string{"-r", "require 'Sabre/VObject/autoload.php';"}},
}

// TestCalendars has libraries read every calendar and compares what they
// understand of each event.
func TestCalendars(t *testing.T) {
	t.Parallel()
	all := sites(t)
	for _, s := range all {
		if s.site.File("events.ics") == nil {
			t.Fatalf("%s has no events.ics", s.name)
		}
		got := uids(t, s.path("events.ics"))
		slices.Sort(got)
		for id := range s.events {
			if _, ok := slices.BinarySearch(got, id); !ok {
				t.Errorf("%s/events.ics has no event %s", s.name, id)
			}
		}
	}
	for _, reader := range calendarScripts {
		t.Run(reader.name, func(t *testing.T) {
			command := reader.find(t)
			known := differences{list: calendarDifferences}
			for _, s := range all {
				for _, r := range read[event](t, command, s.files(".ics")) {
					for _, fault := range r.Faults {
						known.compare(t, reader.name, s.where(r.File), "Fault", "", fault)
					}
					compareEvents(t, &known, reader.name, s, r.File, r.Values, "Zone")
				}
			}
			known.gone(t, reader.name)
		})
	}
}

// compareEvents compares the events that were read from a file with those
// that stand in it; unread names the fields that the reader cannot tell.
func compareEvents(t *testing.T, known *differences, reader string, s *site, file string, events []event, unread string) {
	t.Helper()
	var got []string
	for _, e := range events {
		got = append(got, e.UID)
		want, ok := s.events[e.UID]
		if !ok {
			want, ok = s.sessions[e.UID]
		}
		where := s.where(file) + ": " + e.UID
		if !ok {
			t.Errorf("%s: %s: there is no such event", reader, where)
			continue
		}
		compareEvent(t, known, reader, where, want, e, unread)
	}
	want := uids(t, file)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %s: read %d events, want %d", reader, s.where(file), len(got), len(want))
	}
}

// compareEvent compares what a reader understood of an event with what it is.
func compareEvent(t *testing.T, known *differences, reader, where string, want, e event, unread string) {
	t.Helper()
	slices.Sort(want.Categories)
	slices.Sort(e.Categories)
	for _, f := range []struct{ name, want, got string }{
		{"Summary", want.Summary, e.Summary},
		{"Description", want.Description, e.Description},
		{"Location", want.Location, e.Location},
		{"URL", want.URL, e.URL},
		{"Status", want.Status, e.Status},
		{"Zone", want.Zone, e.Zone},
		{"Start", want.Start, e.Start},
		{"End", want.End, e.End},
		{"Sequence", strconv.Itoa(want.Sequence), strconv.Itoa(e.Sequence)},
		{"Categories", fmt.Sprintf("%q", want.Categories), fmt.Sprintf("%q", e.Categories)},
	} {
		if !slices.Contains(strings.Fields(unread), f.name) {
			known.compare(t, reader, where, f.name, f.want, f.got)
		}
	}
}

// calendarDifferences are what readers of calendars are known to read
// otherwise.
var calendarDifferences = []difference{
	{"python-icalendar ruby-icalendar khal", "Summary", backslashN, unescapes},
	{"python-icalendar ruby-icalendar khal", "Location", backslashN, unescapes},
	{"khal", "End", func(want, _ string) bool { return want == "" }, "gives an event without an end a whole day"},
}

const unescapes = "takes the n after an escaped backslash for a line break"

func backslashN(want, got string) bool {
	return strings.Contains(want, `\n`) && strings.Contains(got, "\n")
}

// TestKhal has khal print the calendars of all events.
func TestKhal(t *testing.T) {
	t.Parallel()
	khal := findKhal(t)
	known := differences{list: calendarDifferences}
	for _, s := range sites(t) {
		if len(s.events) == 0 {
			continue // khal fails on a file without events
		}
		file := s.path("events.ics")
		compareEvents(t, &known, "khal", s, file, readKhal(t, khal, file), khalCannotTell)
	}
	known.gone(t, "khal")
}

// khalCannotTell are the fields that khal does not print, or not so that they
// can be found again.
const khalCannotTell = "Description Sequence Zone"

func findKhal(t *testing.T) string {
	t.Helper()
	return program(t, "khal", []string{"khal"}, "--version")[0]
}

// readKhal has khal print a calendar. It warns of what it puts up with; a
// warning is a fault.
func readKhal(t *testing.T, khal, file string) (events []event) {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "config")
	if err := os.WriteFile(config, fmt.Appendf(nil, khalConfig, dir), 0o666); err != nil {
		t.Fatal(err)
	}
	const end = "\x1e" // of an event: a value may hold a line break
	names := []string{"uid", "start", "end", "title", "location", "categories", "status", "url"}
	format := "{" + strings.Join(names, "}\x1f{") + "}" + end
	out, log, err := try(t, nil, khal, "-c", config, "printics", "-f", format, file)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if len(log) > 0 {
		t.Errorf("%s: khal says %s", file, tail(log))
	}
	_, list, _ := strings.Cut(string(out), "\n") // "14 events found in …"
	for line := range strings.SplitSeq(list, end) {
		f := strings.Split(strings.TrimLeft(line, "\n"), "\x1f")
		if len(f) != len(names) {
			continue
		}
		e := event{UID: f[0], Start: f[1], End: f[2], Summary: f[3], Location: f[4], Status: strings.TrimSpace(f[6]), URL: f[7]}
		if f[5] != "" {
			e.Categories = strings.Split(f[5], ",")
		}
		if last, err := time.Parse(time.DateOnly, e.End); err == nil {
			e.End = last.AddDate(0, 0, 1).Format(time.DateOnly)
		}
		events = append(events, e)
	}
	return events
}

// TestCalcurse has calcurse import the calendars of all events.
func TestCalcurse(t *testing.T) {
	t.Parallel()
	calcurse := program(t, "calcurse", []string{"calcurse"}, "--version")[0]
	for _, s := range sites(t) {
		if len(s.events) == 0 {
			continue // a file without events is an error
		}
		var want []string
		for _, e := range s.events {
			if !e.repeats {
				want = append(want, calcurseLine(t, e))
			}
		}
		got := readCalcurse(t, calcurse, s.path("events.ics"), 0, 0)
		got = slices.DeleteFunc(got, func(line string) bool { return strings.Contains(line, " {") && strings.Contains(line, "W !") }) // series, which it tells in another form
		compareCalcurse(t, s.name, want, nil, got)
	}
}

// readCalcurse has calcurse import a calendar, skipping from least to most
// events, and tell it again in its own words.
func readCalcurse(t *testing.T, calcurse, file string, least, most int) []string {
	t.Helper()
	dir := t.TempDir()
	const clock = "%Y-%m-%dT%H:%M" // it keeps no seconds
	out, log, _ := try(t, nil, calcurse, "-D", dir, "-i", file, "--dump-imported",
		"--format-apt", "%(start:"+clock+") %(end:"+clock+") %m\n", "--format-event", "day %m\n", "--format-recur-event", "day %m\n")
	list, report, _ := strings.Cut(string(out), "Import process report")
	skipped := -1
	for _, part := range strings.Split(report, "/") {
		fmt.Sscanf(part, "%d skipped", &skipped)
	}
	if skipped < least || skipped > most {
		t.Errorf("%s: calcurse skips %d events: %s%s", file, skipped, report, log)
	}
	return strings.Split(strings.TrimSpace(list), "\n")
}

// calcurseLine is what readCalcurse returns of an event, or "".
func calcurseLine(t *testing.T, e event) string {
	t.Helper()
	tokyo, err := time.LoadLocation("Asia/Tokyo") // the zone in which readers run
	if err != nil {
		t.Fatal(err)
	}
	clock := func(s string) string {
		form := time.RFC3339
		if !strings.HasSuffix(s, "Z") {
			form = "2006-01-02T15:04:05" // it floats
		}
		v, err := time.ParseInLocation(form, s, tokyo)
		if err != nil {
			t.Fatal(err)
		}
		return v.In(tokyo).Format("2006-01-02T15:04")
	}
	switch {
	case len(e.Start) == len(time.DateOnly):
		return "day " + e.Summary
	case e.End == "":
		return clock(e.Start) + " " + clock(e.Start) + " " + e.Summary
	case clock(e.Start) == clock(e.End):
		return "" // it keeps no seconds, and refuses an event that ends when it starts
	}
	return clock(e.Start) + " " + clock(e.End) + " " + e.Summary
}

// compareCalcurse compares lines; those of unsure may be absent.
func compareCalcurse(t *testing.T, where string, want, unsure, got []string) {
	t.Helper()
	slices.Sort(want)
	slices.Sort(got)
	for _, line := range want {
		const most = 8000 // octets of a title that it keeps, about
		switch {
		case len(got) > 0 && (got[0] == line || len(got[0]) > most && strings.HasPrefix(line, got[0])):
			got = got[1:]
		case !slices.Contains(unsure, line):
			t.Errorf("%s: calcurse has\n\t%s\nwant\n\t%s", where, strings.Join(got[:min(1, len(got))], ""), line)
		}
	}
	if len(got) > 0 {
		t.Errorf("%s: calcurse has %d events more, the first %s", where, len(got), got[0])
	}
}

const khalConfig = `[calendars]
[[none]]
path = %[1]s
[locale]
timeformat = %%H:%%M:%%S
dateformat = %%Y-%%m-%%d
longdateformat = %%Y-%%m-%%d
datetimeformat = %%Y-%%m-%%dT%%H:%%M:%%SZ
longdatetimeformat = %%Y-%%m-%%dT%%H:%%M:%%SZ
default_timezone = UTC
local_timezone = UTC
[sqlite]
path = %[1]s/db
`
