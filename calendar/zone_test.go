package calendar

import (
	"archive/zip"
	"bytes"
	"go/build"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// goZones returns every zone of the database that comes with Go, by name, read from its file: the machine's own
// database, if any, plays no part.
func goZones(t *testing.T) []*time.Location {
	file := filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip")
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Skipf("no zone database of Go: %v", err)
	}
	defer archive.Close()
	var list []*time.Location
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") {
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

// Every block, read by the interpreter below, tells the offsets of the database from the first instant at which it
// is used until 2060.
func TestZonesAreExact(t *testing.T) {
	all := goZones(t)
	blocks, checked := 0, 0
	for _, loc := range all {
		z := zoneOf(loc)
		if z == nil {
			continue
		}
		blocks++
		checked += checkZone(t, z)
	}
	t.Logf("%d names, %d blocks, %d instants", len(all), blocks, checked)
	if blocks < 500 || checked < 20_000 {
		t.Errorf("%d names give %d blocks, and %d instants were compared", len(all), blocks, checked)
	}
}

// The same for what the machine has, whose files may tell the same rules in another way.
func TestZonesOfTheMachineAreExact(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "Europe/Dublin", "America/New_York", "America/Sao_Paulo",
		"Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu", "Antarctica/Troll"} {
		if z := zoneOf(zoneNamed(t, name)); z != nil {
			checkZone(t, z)
		}
	}
}

func checkZone(t *testing.T, z *zone) int {
	var b bytes.Buffer
	l := &lineWriter{w: &b}
	l.timezone(z, z.from, z.from)
	if err := l.flush(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\r\n"); n > 20 {
		t.Errorf("%s: %d lines, want at most 20", z.name, n)
	}
	offset := readBlock(t, b.String())
	from := time.Unix(z.from, 0).In(z.loc)
	instants := []time.Time{from}
	const step = 4 * 24 * time.Hour
	for at := from; at.Year() <= 2060; at = at.Add(step) {
		_, before := at.Zone()
		if _, after := at.Add(step).Zone(); before == after {
			continue
		}
		lo, hi := at, at.Add(step) // one change in a few days, found by halving
		for hi.Sub(lo) > time.Second {
			mid := lo.Add(hi.Sub(lo) / 2).Truncate(time.Second)
			if _, o := mid.Zone(); o == before {
				lo = mid
			} else {
				hi = mid
			}
		}
		instants = append(instants, lo, hi, hi.Add(time.Second), hi.AddDate(0, 0, 40))
	}
	for _, at := range instants {
		if at.Unix() < z.from {
			continue
		}
		if _, want := at.Zone(); offset(at.Unix()) != want {
			t.Errorf("%s: at %s the block says %d, the database %d", z.name, at.UTC(), offset(at.Unix()), want)
			break
		}
	}
	return len(instants)
}

// readBlock interprets a VTIMEZONE by looking at every day until 2061, with no arithmetic in common with the writer.
func readBlock(t *testing.T, block string) func(unix int64) int {
	type onset struct {
		at int64
		to int
	}
	var (
		onsets []onset
		part   map[string]string
	)
	seconds := func(hhmm string) int {
		n, err := strconv.Atoi(hhmm)
		if err != nil || len(hhmm) != 5 {
			t.Fatalf("offset %q", hhmm)
		}
		return n/100*3600 + n%100*60
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(block, "\r\n"), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		switch {
		case name == "BEGIN":
			part = map[string]string{}
		case name == "END" && value != "VTIMEZONE":
			start, err := time.Parse("20060102T150405", part["DTSTART"])
			if err != nil {
				t.Fatal(err)
			}
			from, to := seconds(part["TZOFFSETFROM"]), seconds(part["TZOFFSETTO"])
			if part["RRULE"] == "" {
				onsets = append(onsets, onset{start.Unix() - int64(from), to})
				continue
			}
			month, byDay, _ := strings.Cut(strings.TrimPrefix(part["RRULE"], "FREQ=YEARLY;BYMONTH="), ";BYDAY=")
			nth, weekday := byDay[:len(byDay)-2], byDay[len(byDay)-2:]
			real := false
			for day := start; day.Year() < 2061; day = day.AddDate(0, 0, 1) {
				isNth := strconv.Itoa((day.Day()-1)/7+1) == nth
				isLast := nth == "-1" && day.AddDate(0, 0, 7).Month() != day.Month()
				if strconv.Itoa(int(day.Month())) == month && strings.ToUpper(day.Weekday().String()[:2]) == weekday && (isNth || isLast) {
					onsets = append(onsets, onset{day.Unix() - int64(from), to})
					real = real || day.Equal(start)
				}
			}
			if !real && start.Year() < 2061 {
				t.Errorf("DTSTART %s is no occurrence of its rule %s", part["DTSTART"], part["RRULE"])
			}
		default:
			part[name] = value
		}
	}
	slices.SortFunc(onsets, func(a, b onset) int { return int(a.at - b.at) })
	return func(unix int64) int {
		i, found := slices.BinarySearchFunc(onsets, unix, func(o onset, at int64) int { return int(o.at - at) })
		if found {
			return onsets[i].to
		}
		if i == 0 {
			return -1
		}
		return onsets[i-1].to
	}
}

func TestWhatIsToldInUTC(t *testing.T) {
	utc := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, tt := range []struct {
		zone, at string
		local    bool
		why      string
	}{
		{"Europe/Paris", "2027-02-04T17:30:00Z", true, "ordinary"},
		{"Europe/Paris", "1996-03-31T01:00:00Z", true, "the first second of the era"},
		{"Europe/Paris", "1996-03-31T00:59:59Z", false, "the second before"},
		{"Europe/Paris", "2027-10-31T00:30:00Z", false, "an hour that comes twice, the first time"},
		{"Europe/Paris", "2027-10-31T01:30:00Z", false, "and the second time"},
		{"Europe/Paris", "2027-10-30T23:59:59Z", true, "the second before that hour"},
		{"Europe/Paris", "2027-10-31T02:00:00Z", true, "the second after"},
		{"America/New_York", "2007-03-11T07:00:00Z", true, "the first second of the era"},
		{"America/New_York", "2006-12-01T12:00:00Z", false, "another era"},
		{"Asia/Tokyo", "1970-01-01T00:00:00Z", true, "no change since"},
		{"Asia/Tokyo", "1969-12-31T14:59:59Z", false, "before the block begins"},
		{"Europe/Moscow", "2014-10-25T22:00:00Z", true, "the first second without changes"},
		{"Europe/Moscow", "2014-10-25T21:59:59Z", false, "the second before"},
		{"Africa/Cairo", "2027-02-04T17:30:00Z", false, "the change is at 24:00 of the last Thursday"},
		{"America/Santiago", "2027-02-04T17:30:00Z", false, "the change is on a Sunday from 2 to 8"},
		{"Asia/Jerusalem", "2027-02-04T17:30:00Z", false, "the change is on the Friday before the last Sunday"},
		{"Asia/Gaza", "2027-02-04T17:30:00Z", false, "irregular"},
		{"America/Nuuk", "2027-02-04T17:30:00Z", false, "the change is on the Saturday before the last Sunday"},
		{"Etc/GMT+5", "2027-02-04T17:30:00Z", false, "a fixed offset"},
		{"UTC", "2027-02-04T17:30:00Z", false, "UTC"},
	} {
		w := At(utc(tt.at).In(zoneNamed(t, tt.zone)))
		if z := new(zoneSet).exact(w); (z != nil) != tt.local {
			t.Errorf("%s %s (%s): told in local time is %t, want %t", tt.zone, tt.at, tt.why, z != nil, tt.local)
		}
	}
	for _, loc := range []*time.Location{time.UTC, time.Local, time.FixedZone("", 3600), time.FixedZone("CET", 3600), time.FixedZone("Europe/Paris", 3600)} {
		if z := zoneOf(loc); z != nil {
			t.Errorf("%s, which is not of the zone database, is told in local time", loc)
		}
	}
}

// The memo of a name is used for the very same Location only.
func TestZonesOfOneNameAreNotMixedUp(t *testing.T) {
	paris := zoneNamed(t, "Europe/Paris")
	for range 3 {
		if zoneOf(time.FixedZone("Europe/Paris", 7200)) != nil || zoneOf(paris) == nil {
			t.Fatal("a fixed offset took the rules of the zone it is named after")
		}
	}
}

// Two versions of a zone cannot share one TZID.
func TestTwoVersionsOfOneZone(t *testing.T) {
	var paris, other *time.Location
	for _, loc := range goZones(t) {
		if loc.String() == "Europe/Paris" {
			paris = loc
		}
	}
	file := filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip")
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Skip(err)
	}
	defer archive.Close()
	f, err := archive.Open("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if other, err = time.LoadLocationFromTZData("Europe/Paris", data); err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2027, time.May, 8, 12, 0, 0, 0, time.UTC)
	c := &Calendar{Events: []Event{
		{UID: "a", Summary: "A", When: At(noon.In(paris)), Updated: updated},
		{UID: "b", Summary: "B", When: At(noon.In(other)), Updated: updated},
	}}
	const want = `event 1 ("b"): When: time zone Europe/Paris has other rules than in an earlier event`
	if err := Check(c); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// Go's ZoneBounds does not go forward on 31 December of leap years, in the years of the last rule of a zone.
func TestTransitionsEnd(t *testing.T) {
	for _, loc := range goZones(t) {
		if loc.String() == "Europe/Paris" {
			for _, year := range []int{2028, 2040, 2400} {
				if ts := transitions(loc, year); len(ts) != 2 {
					t.Errorf("%d: %d transitions, want 2", year, len(ts))
				}
			}
		}
	}
}

func BenchmarkZone(b *testing.B) {
	paris := zoneNamed(b, "Europe/Paris")
	for b.Loop() {
		newZone("Europe/Paris", paris)
	}
}
