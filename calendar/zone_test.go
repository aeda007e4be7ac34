package calendar

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"go/build"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// goArchive opens the zone database that comes with Go. Some distributions leave it out, but not where it counts.
func goArchive(t *testing.T) *zip.ReadCloser {
	t.Helper()
	archive, err := zip.OpenReader(filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip"))
	switch {
	case err == nil:
		t.Cleanup(func() { archive.Close() })
	case os.Getenv("CI") == "true":
		t.Fatalf("no zone database of Go: %v", err)
	default:
		t.Skipf("no zone database of Go: %v", err)
	}
	return archive
}

// goZones returns every zone of the database that comes with Go, by name, read from its file: the machine's own
// database, if any, plays no part.
func goZones(t *testing.T) []*time.Location {
	archive := goArchive(t)
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
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
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

// The same for what the machine has, whose files may tell the same rules in another way, for single events and series.
func TestZonesOfTheMachineAreExact(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "America/Santiago",
		"Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Africa/Cairo", "Asia/Kathmandu", "Antarctica/Troll"} {
		loc := zoneNamed(t, name)
		if z := zoneOf(loc); z != nil {
			checkZone(t, z)
		}
		first := time.Date(1991, time.July, 1, 9, 0, 0, 0, time.UTC).Unix()
		z := seriesZoneOf(loc)
		compareOffsets(t, z, blockOf(t, z, first, math.MaxInt64), first, time.Date(2060, time.December, 31, 0, 0, 0, 0, time.UTC).Unix())
	}
}

func checkZone(t *testing.T, z *zone) int {
	t.Helper()
	b := blockOf(t, z, z.from, z.from)
	if n := strings.Count(b, "\r\n"); n > 20 {
		t.Errorf("%s: %d lines, want at most 20", z.name, n)
	}
	return compareOffsets(t, z, b, z.from, time.Date(2060, time.December, 31, 0, 0, 0, 0, time.UTC).Unix())
}

// blockOf returns the VTIMEZONE of z for times from first to last.
func blockOf(t *testing.T, z *zone, first, last int64) string {
	t.Helper()
	var b bytes.Buffer
	l := &lineWriter{w: &b}
	l.timezone(z, first, last)
	if err := l.flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// compareOffsets compares what a block says with the database, at first, last and around each change between, and
// returns the number of instants.
func compareOffsets(t *testing.T, z *zone, block string, first, last int64) int {
	t.Helper()
	offset := readBlock(t, block)
	instants := []int64{first, last}
	const step = 4 * 24 * 3600
	offsetAt := func(unix int64) int {
		_, o := time.Unix(unix, 0).In(z.loc).Zone()
		return o
	}
	for at := first; at <= last; at += step {
		before := offsetAt(at)
		if before == offsetAt(at+step) {
			continue
		}
		lo, hi := at, at+step // one change in a few days, found by halving
		for hi-lo > 1 {
			if mid := lo + (hi-lo)/2; offsetAt(mid) == before {
				lo = mid
			} else {
				hi = mid
			}
		}
		instants = append(instants, lo, hi, hi+1, hi+40*24*3600)
	}
	for _, at := range instants {
		if at < first || at > last {
			continue
		}
		if want := offsetAt(at); offset(at) != want {
			t.Errorf("%s: at %s the block for %s to %s says %d, the database %d\n%s", z.name, time.Unix(at, 0).UTC(),
				time.Unix(first, 0).UTC(), time.Unix(last, 0).UTC(), offset(at), want, block)
			break
		}
	}
	return len(instants)
}

// readBlock interprets a VTIMEZONE by looking at every day of the months of its rules until 2061, with no arithmetic in common with the writer.
func readBlock(t *testing.T, block string) func(unix int64) int {
	t.Helper()
	type onset struct {
		at int64
		to int
	}
	var (
		onsets []onset
		part   map[string][]string
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
			part = map[string][]string{}
		case name == "END" && value != "VTIMEZONE":
			from, to := seconds(part["TZOFFSETFROM"][0]), seconds(part["TZOFFSETTO"][0])
			for i, date := range append(part["DTSTART"], part["RDATE"]...) {
				start, err := time.Parse("20060102T150405", date)
				if err != nil {
					t.Fatal(err)
				}
				if i == 1 && date != part["DTSTART"][0] {
					t.Errorf("the first RDATE is %s, want DTSTART, %s", date, part["DTSTART"][0])
				}
				onsets = append(onsets, onset{start.Unix() - int64(from), to})
			}
			if part["RRULE"] == nil {
				continue
			}
			start, _ := time.Parse("20060102T150405", part["DTSTART"][0])
			month, days := readRule(part["RRULE"][0])
			if !days(start) {
				t.Errorf("DTSTART %s is no occurrence of its rule %s", part["DTSTART"][0], part["RRULE"][0])
			}
			hour, minute, second := start.Clock()
			for year := start.Year(); year < 2061; year++ {
				day := time.Date(year, month, 1, hour, minute, second, 0, time.UTC)
				for ; day.Month() == month; day = day.AddDate(0, 0, 1) {
					if !day.Before(start) && days(day) {
						onsets = append(onsets, onset{day.Unix() - int64(from), to})
					}
				}
			}
		default:
			part[name] = append(part[name], value)
		}
	}
	slices.SortStableFunc(onsets, func(a, b onset) int { return int(a.at - b.at) })
	return func(unix int64) int {
		i, _ := slices.BinarySearchFunc(onsets, unix+1, func(o onset, at int64) int { return int(o.at - at) })
		if i == 0 {
			return -1
		}
		return onsets[i-1].to
	}
}

// readRule returns the month of a yearly rule, and which days of it the rule gives.
func readRule(rule string) (time.Month, func(day time.Time) bool) {
	by := map[string]string{}
	for part := range strings.SplitSeq(rule, ";") {
		k, v, _ := strings.Cut(part, "=")
		by[k] = v
	}
	nth, weekday := by["BYDAY"][:len(by["BYDAY"])-2], by["BYDAY"][len(by["BYDAY"])-2:]
	month, _ := strconv.Atoi(by["BYMONTH"])
	dates, among := by["BYMONTHDAY"]
	return time.Month(month), func(day time.Time) bool {
		if day.Month() != time.Month(month) || by["FREQ"] != "YEARLY" || strings.ToUpper(day.Weekday().String()[:2]) != weekday {
			return false
		}
		isNth := nth == "" || strconv.Itoa((day.Day()-1)/7+1) == nth || nth == "-1" && day.AddDate(0, 0, 7).Month() != day.Month()
		return isNth && (!among || slices.Contains(strings.Split(dates, ","), strconv.Itoa(day.Day())))
	}
}

// Every zone tells the series of any years, in blocks of bounded length.
func TestSeriesAreExact(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	unix := func(year int, month time.Month, d int) int64 {
		return time.Date(year, month, d, 9, 30, 0, 0, time.UTC).Unix()
	}
	spans := [][2]int64{
		{unix(1973, time.March, 1), math.MaxInt64},
		{unix(1990, time.July, 1), unix(1991, time.February, 1)},
		{unix(1995, time.October, 1), unix(2012, time.May, 1)},
		{unix(2006, time.December, 1), unix(2007, time.July, 1)},
		{unix(2013, time.July, 1), math.MaxInt64},
		{unix(2022, time.January, 1), unix(2026, time.December, 31)},
		{unix(2026, time.September, 1), unix(2027, time.June, 30)},
		{unix(2030, time.January, 1), unix(2045, time.January, 1)},
		{unix(2026, time.November, 22), math.MaxInt64},
	}
	blocks, checked, longest, longestRecent := 0, 0, 0, 0
	for _, loc := range goZones(t) {
		z := seriesZoneOf(loc)
		if z == nil {
			continue
		}
		for i, s := range spans {
			if err := z.tellsSeries(s[0], s[1]); err != nil {
				t.Errorf("from %d: %v", s[0], err)
				continue
			}
			block := blockOf(t, z, s[0], s[1])
			blocks++
			far := unix(2045, time.December, 31)
			if i == len(spans)-1 {
				far = unix(lastDated, time.December, 31)
			}
			checked += compareOffsets(t, z, block, s[0], min(s[1], far))
			n := strings.Count(block, "\r\n")
			longest = max(longest, n)
			if i >= 4 {
				longestRecent = max(longestRecent, n)
			}
			if z.simple() && s[0] >= z.from && n > 20 {
				t.Errorf("%s: %d lines in the era of its rules, want at most 20", z.name, n)
			}
		}
	}
	t.Logf("%d blocks of at most %d lines, of %d since 2013; %d instants", blocks, longest, longestRecent, checked)
	if blocks < 4900 || checked < 100_000 || longest > 210 || longestRecent > 150 {
		t.Error("too few, or too long")
	}
}

// Series that a zone's offsets keep from being told.
func TestSeriesThatCannotBeTold(t *testing.T) {
	unix := func(year int) int64 { return time.Date(year, time.June, 1, 9, 0, 0, 0, time.UTC).Unix() }
	for _, tt := range []struct {
		zone        string
		first, last int64
		want        string
	}{
		{"Europe/Paris", unix(1950), math.MaxInt64, ""},
		{"Europe/Paris", unix(1905), math.MaxInt64, "time zone Europe/Paris was 9m21s from UTC on 1905-06-01, want whole minutes"},
		{"Africa/Monrovia", unix(1973), math.MaxInt64, ""},
		{"Africa/Monrovia", unix(1971), math.MaxInt64, "time zone Africa/Monrovia was -44m30s from UTC on 1971-06-01, want whole minutes"},
		{"Asia/Riyadh", unix(1948), unix(1949), ""},
		{"Africa/Casablanca", unix(2026), math.MaxInt64, ""},
	} {
		z := seriesZoneOf(zoneNamed(t, tt.zone))
		err := z.tellsSeries(tt.first, tt.last)
		if got := fmt.Sprint(err); got != cmp.Or(tt.want, "<nil>") {
			t.Errorf("%s: %s, want %s", tt.zone, got, cmp.Or(tt.want, "no error"))
		}
	}
	for _, loc := range []*time.Location{time.UTC, time.Local, time.FixedZone("", 3600), time.FixedZone("CET", 3600), zoneNamed(t, "Etc/GMT+5")} {
		if z := seriesZoneOf(loc); z != nil {
			t.Errorf("%s has a zone for series", loc)
		}
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
		{"Europe/Paris", "1996-10-28T01:00:00Z", true, "a day after the first change of both kinds"},
		{"Europe/Paris", "1996-10-28T00:59:59Z", false, "the second before"},
		{"Europe/Paris", "2027-10-31T00:30:00Z", false, "an hour that comes twice, the first time"},
		{"Europe/Paris", "2027-10-31T01:30:00Z", false, "and the second time"},
		{"Europe/Paris", "2027-10-30T22:00:00Z", false, "the midnight before"},
		{"Europe/Paris", "2027-10-30T21:59:59Z", true, "the second before midnight"},
		{"Europe/Paris", "2027-03-27T23:00:00Z", false, "the midnight before the other change"},
		{"Europe/Paris", "2027-03-28T00:59:59Z", false, "the second before that change"},
		{"Europe/Paris", "2027-03-28T01:00:00Z", true, "that change"},
		{"Asia/Beirut", "2027-03-27T12:00:00Z", true, "the day before a change at midnight"},
		{"Asia/Beirut", "2027-10-30T19:59:59Z", true, "before the last hour, which comes twice"},
		{"Asia/Beirut", "2027-10-30T20:00:00Z", false, "that hour"},
		{"Europe/Paris", "2027-10-31T02:00:00Z", false, "the end of that hour"},
		{"Europe/Paris", "2027-10-31T02:00:01Z", true, "the second after"},
		{"America/New_York", "2007-11-05T06:00:00Z", true, "a day after the first change of both kinds"},
		{"America/New_York", "2006-12-01T12:00:00Z", false, "another era"},
		{"Asia/Tokyo", "1970-01-01T00:00:00Z", true, "no change since"},
		{"Asia/Tokyo", "1969-12-31T14:59:59Z", false, "before the block begins"},
		{"America/Caracas", "2016-05-01T07:00:00Z", false, "the second of the last change"},
		{"America/Caracas", "2016-05-01T07:00:01Z", true, "the second after"},
		{"Europe/Moscow", "2014-10-25T23:00:00Z", true, "the first second after the last change whose local time comes once"},
		{"Europe/Moscow", "2014-10-25T22:59:59Z", false, "the second before"},
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
	archive := goArchive(t)
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

// posix returns a zone whose only rule is a POSIX one, which the zone database might come to hold.
func posix(t *testing.T, rule string) *time.Location {
	t.Helper()
	part := func(version byte) string {
		counts := "\x00\x00\x00\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x01" + "\x00\x00\x00\x04"
		return "TZif" + string(version) + strings.Repeat("\x00", 15) + counts + "\x00\x00\x0e\x10\x00\x00" + "STD\x00"
	}
	loc, err := time.LoadLocationFromTZData("Valmorin", []byte(part('2')+part('2')+"\n"+rule+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// Rules that no zone has today.
func TestRulesOfOtherKinds(t *testing.T) {
	first, far := time.Date(2027, time.February, 4, 17, 30, 0, 0, time.UTC).Unix(), time.Date(2060, time.December, 31, 0, 0, 0, 0, time.UTC).Unix()
	for _, tt := range []struct {
		rule  string
		rules []string
		err   string
	}{
		{"STD-1DST,M3.5.0,M10.5.0/3", []string{"FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"}, ""},
		{"STD-1DST,M3.4.0,M10.1.0/3", []string{"FREQ=YEARLY;BYMONTH=10;BYDAY=1SU", "FREQ=YEARLY;BYMONTH=3;BYDAY=4SU"}, ""},
		{"STD-1DST,M2.4.0,M10.1.0/3", []string{"FREQ=YEARLY;BYMONTH=10;BYDAY=1SU", "FREQ=YEARLY;BYMONTH=2;BYDAY=4SU"}, ""},
		{"STD-1DST,M4.1.0/-1,M10.5.4/24", []string{"FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=26,27,28,29,30,31;BYDAY=FR",
			"FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=1;BYDAY=FR", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31;BYDAY=SA",
			"FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1,2,3,4,5,6;BYDAY=SA"}, ""},
		{"STD-1DST,M2.5.0/24,M10.5.0/3", nil, "time zone Valmorin has no rules that can be told, want an end of the series by 2060"},
		{"STD-1DST,J60,J300/3", nil, "time zone Valmorin has no rules that can be told, want an end of the series by 2060"},
	} {
		z := seriesZoneOf(posix(t, tt.rule))
		if z == nil {
			t.Errorf("%s: no zone", tt.rule)
			continue
		}
		if got := fmt.Sprint(z.tellsSeries(first, math.MaxInt64)); got != cmp.Or(tt.err, "<nil>") {
			t.Errorf("%s: error %s, want %s", tt.rule, got, tt.err)
		}
		last := int64(math.MaxInt64)
		if tt.err != "" {
			last = far
		}
		block := blockOf(t, z, first, last)
		compareOffsets(t, z, block, first, far)
		var rules []string
		for line := range strings.SplitSeq(block, "\r\n") {
			if rule, ok := strings.CutPrefix(line, "RRULE:"); ok {
				rules = append(rules, rule)
			}
		}
		if !slices.Equal(rules, tt.rules) {
			t.Errorf("%s: rules %q, want %q", tt.rule, rules, tt.rules)
		}
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
