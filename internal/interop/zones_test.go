package interop_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"go/build"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/calendar"
)

var zonesFlag = flag.String("zones", sampleZones, "the time zones of TestZones, between commas; all: every one, and each week")

// sampleZones has each kind of zone that there is: what its rules can be told by, which way they go, what was before.
const sampleZones = "Europe/Paris,Europe/Dublin,America/New_York,America/Sao_Paulo,America/Santiago,America/Nuuk,Asia/Jerusalem,Africa/Cairo," +
	"Africa/Casablanca,Asia/Gaza,Asia/Almaty,Asia/Kathmandu,Australia/Lord_Howe,Pacific/Apia,Europe/Moscow,Antarctica/Troll"

// A zoneFile is a calendar whose events all begin in one zone.
type zoneFile struct {
	names   string      // of the zones that have the very same calendar
	path    string      // where the zone has a name that nobody knows
	named   string      // where it has its own
	likeUTC bool        // see likeUTC
	want    []time.Time // the start of each event; its UID is its index
}

// The kinds of calendar.
const (
	zoneEvents = "events"
	oldSeries  = "series since 1990"
	newSeries  = "series since 2025"
)

// TestZones has readers say which instants the local times of events and series mean, from 1990 to 2040. It forces most
// of them to obey the VTIMEZONE, by giving the zones names that nobody knows; sabre knows no VTIMEZONE, but the names.
func TestZones(t *testing.T) {
	t.Parallel()
	zones := goZones(t)
	t.Logf("%d zones", len(zones))
	kinds := []string{zoneEvents, oldSeries, newSeries}
	files := map[string][]zoneFile{}
	for _, kind := range kinds {
		files[kind] = zoneFiles(t, zones, kind)
	}
	for _, reader := range calendarScripts {
		t.Run(reader.name, func(t *testing.T) {
			command := reader.find(t)
			for _, kind := range kinds {
				result := zoneResult{known: map[string]int{}}
				for list := range slices.Chunk(files[kind], 8) {
					readZones(t, command, reader.name, kind, list, &result)
				}
				t.Logf("%s: %d calendars, %d instants, %d right; known: %v", kind, len(files[kind]), result.instants, result.right, result.known)
			}
		})
	}
}

// A zoneResult counts instants.
type zoneResult struct {
	instants, right int
	known           map[string]int // by why a reader is known to read them otherwise
}

// readZones compares what a reader makes of some files with what they say.
func readZones(t *testing.T, command []string, reader, kind string, files []zoneFile, result *zoneResult) {
	t.Helper()
	var paths []string
	for _, f := range files {
		if reader == "sabre" {
			paths = append(paths, f.named)
		} else {
			paths = append(paths, f.path)
		}
	}
	for i, r := range read[event](t, command, paths) {
		f := files[i]
		result.instants += len(f.want)
		if len(r.Faults) > 0 {
			why := refusedZones(reader, kind, r.Faults)
			if why == "" {
				t.Errorf("%s: %s of %s: %s", reader, kind, f.names, r.Faults[0])
			}
			result.known[why] += len(f.want)
			continue
		}
		got := map[string]string{}
		for _, e := range r.Values {
			got[e.UID] = e.Start
		}
		wrong := 0
		for n, at := range f.want {
			want := at.UTC().Format(time.RFC3339)
			start := got[fmt.Sprint(n)]
			if start == want {
				result.right++
			} else if why := otherInstant(reader, f, at, start); why != "" {
				result.known[why]++
			} else if wrong++; wrong < 3 {
				t.Errorf("%s: %s of %s: %s, want %s", reader, kind, f.names, start, want)
			}
		}
	}
}

// refusedZones returns why a reader is known to refuse a calendar.
func refusedZones(reader, kind string, faults []string) string {
	if reader == "ruby-icalendar" && kind != zoneEvents && strings.Contains(faults[0], "nil") {
		return "refuses a part of a zone that begins after an event"
	}
	return ""
}

// otherInstant returns why a reader is known to read an instant otherwise.
func otherInstant(reader string, f zoneFile, at time.Time, got string) string {
	switch {
	case slices.Contains([]string{"libical", "python-icalendar", "sabre"}, reader) && got == again(at).UTC().Format(time.RFC3339):
		return "takes the second of two equal local times"
	case reader == "python-icalendar" && at.Year() >= 2039:
		return "expands rules until 2038"
	case reader == "ruby-icalendar" && endsRepeatedHour(at):
		return "takes a change for one a second later"
	case reader == "vobject" && f.likeUTC && got == at.Format("2006-01-02T15:04:05"):
		return "takes a zone that is like UTC until 2020 for UTC, and then finds no zone of the name"
	case reader == "sabre":
		loc, err := time.LoadLocation(at.Location().String())
		if err == nil && at.In(loc).Format(time.RFC3339) != at.Format(time.RFC3339) {
			return "knows another release of the zone database"
		}
	}
	return ""
}

var zonePart = regexp.MustCompile(`(?s)BEGIN:(STANDARD|DAYLIGHT)\r\nDTSTART:(\d{4}).*?\r\nTZOFFSETTO:(.....)\r\n`)

// likeUTC reports whether a VTIMEZONE tells UTC until 2020.
func likeUTC(text string) bool {
	before := ""
	for _, part := range zonePart.FindAllStringSubmatch(text, -1) {
		if part[1] == "STANDARD" && before == "" {
			before = part[3] // what holds before the first part
		}
		if part[2] <= "2020" && part[3] != "+0000" {
			return false
		}
	}
	return before == "+0000"
}

// sameClock returns the time at which clocks in loc show what at shows.
func sameClock(at time.Time, loc *time.Location) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, loc)
}

// shifts are by how much clocks were ever put back since 1990.
var shifts = []time.Duration{20 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 7 * time.Hour, 24 * time.Hour}

// again returns when clocks show at once more, or the zero Time.
func again(at time.Time) time.Time {
	for _, d := range shifts {
		if sameClock(at.Add(d), time.UTC).Equal(sameClock(at, time.UTC)) {
			return at.Add(d)
		}
	}
	return time.Time{}
}

// endsRepeatedHour reports whether at is the first local time after one that came twice.
func endsRepeatedHour(at time.Time) bool {
	for _, d := range shifts {
		_, before := at.Add(-d - time.Second).Zone()
		_, after := at.Add(-d).Zone()
		if time.Duration(before-after)*time.Second == d {
			return true
		}
	}
	return false
}

// zoneFiles writes the calendars of zones, one for all that have the same but for the name.
func zoneFiles(t *testing.T, zones []*time.Location, kind string) []zoneFile {
	t.Helper()
	var files []zoneFile
	seen := map[string]int{}
	dir := t.TempDir()
	slices.SortStableFunc(zones, func(a, b *time.Location) int { // PHP takes EET for an offset
		return strings.Count(b.String(), "/") - strings.Count(a.String(), "/")
	})
	for _, loc := range zones {
		if start, end := time.Unix(0, 0).In(loc).ZoneBounds(); kind != zoneEvents && start.IsZero() && end.IsZero() {
			continue // a fixed offset is no zone of a series
		}
		f := zoneFile{names: loc.String()}
		c := &calendar.Calendar{}
		for _, at := range instants(loc, kind) {
			e := calendar.Event{
				UID:     fmt.Sprint(len(f.want)),
				Summary: "Séance",
				When:    calendar.At(at),
				Status:  calendar.Confirmed,
				Updated: time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
			}
			if kind != zoneEvents {
				e.Repeat = &calendar.Rule{Freq: calendar.Weekly}
			}
			c.Events = append(c.Events, e)
			f.want = append(f.want, at)
		}
		var b bytes.Buffer
		if err := calendar.Encode(&b, c); err != nil {
			t.Fatalf("%s of %s: %v", kind, loc, err)
		}
		forced := strings.NewReplacer("TZID="+loc.String()+":", "TZID=Nowhere:", "TZID:"+loc.String()+"\r\n", "TZID:Nowhere\r\n").Replace(b.String())
		if first, ok := seen[forced]; ok {
			files[first].names += " " + loc.String()
			continue
		}
		seen[forced] = len(files)
		f.likeUTC = likeUTC(forced)
		f.path = filepath.Join(dir, fmt.Sprintf("%d.ics", len(files)))
		forced = strings.ReplaceAll(forced, "Nowhere", fmt.Sprintf("Nowhere/%d", len(files))) // readers remember zones by name
		f.named = f.path + ".named"
		for name, text := range map[string]string{f.path: forced, f.named: b.String()} {
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		files = append(files, f)
	}
	return files
}

// instants returns times in loc: some weeks, at all hours, and around each change of offset.
func instants(loc *time.Location, kind string) []time.Time {
	first, weeks := time.Date(1990, time.January, 1, 0, 0, 0, 0, time.UTC), 13
	if kind == newSeries {
		first = time.Date(2025, time.January, 6, 0, 0, 0, 0, time.UTC)
	}
	if *zonesFlag == "all" {
		weeks = 1
	}
	var list []time.Time
	end := time.Date(2041, time.January, 1, 0, 0, 0, 0, time.UTC)
	for n, at := 0, first; at.Before(end); n, at = n+1, at.AddDate(0, 0, 7*weeks) {
		list = append(list, at.Add(time.Duration(n*5%24)*time.Hour+time.Duration(n*35%60)*time.Minute))
	}
	const step = 6 * time.Hour
	for at := first; at.Before(end); at = at.Add(step) {
		if *zonesFlag != "all" && at.Year()%4 > 1 {
			continue
		}
		_, before := at.In(loc).Zone()
		if _, after := at.Add(step).In(loc).Zone(); before == after {
			continue
		}
		change := at
		for d := step / 2; d >= time.Second; d /= 2 { // the last second of the old offset, found by halving
			if _, o := change.Add(d.Truncate(time.Second)).In(loc).Zone(); o == before {
				change = change.Add(d.Truncate(time.Second))
			}
		}
		for _, d := range []time.Duration{-3 * time.Hour, -time.Hour, -time.Minute, 0, time.Minute, time.Hour, 3 * time.Hour} {
			list = append(list, change.Add(time.Second).Truncate(time.Minute).Add(d))
		}
	}
	var times []time.Time
	for _, at := range list {
		at = at.In(loc)
		if kind != zoneEvents && isSecond(at) {
			continue // a series means the first of two equal local times
		}
		if !at.Before(first) {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return slices.CompactFunc(times, time.Time.Equal)
}

// isSecond reports whether clocks showed at before.
func isSecond(at time.Time) bool {
	for _, d := range shifts {
		if sameClock(at.Add(-d), time.UTC).Equal(sameClock(at, time.UTC)) {
			return true
		}
	}
	return false
}

// goZones returns the zones to test, from the database that comes with Go.
func goZones(t *testing.T) []*time.Location {
	t.Helper()
	archive, err := zip.OpenReader(filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skipf("no zone database of Go: %v", err)
	}
	defer archive.Close()
	var list []*time.Location
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") || *zonesFlag != "all" && !slices.Contains(strings.Split(*zonesFlag, ","), f.Name) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := time.LoadLocationFromTZData(f.Name, data)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, loc)
	}
	return list
}
