package interop_test

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/crieur/crieur/calendar"
)

// An instance is one occurrence of a series as a reader found it.
type instance struct {
	UID, Start, End, Summary string
}

var seriesZones = []string{"Europe/Paris", "America/New_York", "Australia/Lord_Howe"}

var expanders = []script{
	{"recurring-ical-events", "python3-recurring-ical-events", []string{"python3", "expand-recurring.py"}, []string{"-c", "import recurring_ical_events"}},
	{"vobject", "python3-vobject", []string{"python3", "expand-vobject.py"}, []string{"-c", "import vobject"}},
	{"libical", "python3-gi gir1.2-ical-3.0", []string{"python3", "expand-libical.py"}, []string{"-c", "import gi; gi.require_version('ICalGLib', '3.0')"}},
	{"libecal", "python3-gi gir1.2-ecal-2.0", []string{"python3", "expand-libical.py"}, []string{"-c", "import gi; gi.require_version('ECal', '2.0')"}},
	{"sabre", "php-cli php-sabre-vobject", []string{"php", "-d", "error_reporting=0", "expand-sabre.php"}, []string{"-r", "require 'Sabre/VObject/autoload.php';"}},
}

// The window in which occurrences are compared.
var (
	seriesSince = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	seriesUntil = time.Date(2034, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// A seriesFile is a calendar of one series, and its occurrences in the window.
type seriesFile struct {
	name, head string // head: what a failure says of it
	want       []instance
}

// writeSeries writes random series in a zone, each in a calendar of its own.
func writeSeries(t *testing.T, rnd *rand.Rand, zone string, n int) []seriesFile {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var all []seriesFile
	for i := range n {
		e := randomSeries(rnd, loc)
		f := seriesFile{name: filepath.Join(dir, strconv.Itoa(i)+".ics"), head: headline(zone, e)}
		for _, o := range e.Occurrences(seriesSince, seriesUntil) {
			f.want = append(f.want, instanceOf(o))
		}
		var b bytes.Buffer
		if err := calendar.Encode(&b, &calendar.Calendar{Events: []calendar.Event{e}}); err != nil {
			t.Fatal(f.head, err)
		}
		if err := os.WriteFile(f.name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

const (
	firstChanged = " without its first day"
	further      = " also [2" // than the rule has
)

// headline says what a series is, in one line.
func headline(zone string, e calendar.Event) string {
	w := e.When.Start().Format("2006-01-02 15:04") + ", " + zone
	if e.When.AllDay() {
		w = e.When.Start().Format(time.DateOnly)
	}
	s := fmt.Sprintf("%s from %s also %v except %v", e.Repeat, w, e.Also, e.Except)
	first := calendar.DateOf(e.When.Start())
	changed := slices.Contains(e.Except, first)
	for _, o := range e.Overrides {
		s += fmt.Sprintf(" but %s on %s", o.Day, o.Event.When.Start().Format(time.DateOnly))
		changed = changed || o.Day == first
	}
	if changed {
		s += firstChanged
	}
	return s
}

// TestSeries has libraries expand random series from the bytes that Encode writes, and compares the instants with those
// of Event.Occurrences.
func TestSeries(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5545, 3853))
	var all []seriesFile
	for _, zone := range seriesZones {
		all = append(all, writeSeries(t, rnd, zone, 40)...)
	}
	var names []string
	for _, f := range all {
		names = append(names, f.name)
	}
	window := []string{strconv.FormatInt(seriesSince.Unix(), 10), strconv.FormatInt(seriesUntil.Unix(), 10)}
	for _, reader := range expanders {
		t.Run(reader.name, func(t *testing.T) {
			command := reader.find(t)
			if reader.name == "libecal" {
				command = append(command, "--ecal")
			}
			command = append(command, window...)
			known := differences{list: seriesDifferences}
			for i, r := range read[instance](t, command, names) {
				want, got := all[i].head, all[i].head
				missing, extra := apart(all[i].want, r.Values)
				for _, one := range missing {
					want += "\n" + strings.Join([]string{one.Start, one.End, one.Summary}, " ")
				}
				for _, one := range extra {
					got += "\n" + strings.Join([]string{one.Start, one.End, one.Summary}, " ")
				}
				got = strings.Join(append([]string{got}, r.Faults...), "\n")
				known.compare(t, reader.name, filepath.Base(all[i].name), "Occurrences", want, got)
			}
			known.gone(t, reader.name)
		})
	}
}

// apart returns the occurrences that are in the first list alone, and those in the second alone. It leaves out what does
// not begin in the window, which readers take for more or for less, and ends that a reader does not tell.
func apart(want, got []instance) (missing, extra []instance) {
	key := func(i instance) string { return i.Start + i.Summary }
	begins := func(i instance) bool {
		return i.Start >= seriesSince.Format(time.DateOnly) && i.Start < seriesUntil.Format(time.DateOnly)
	}
	rest := make(map[string]instance)
	for _, i := range got {
		if _, twice := rest[key(i)]; twice {
			extra = append(extra, i)
		} else if begins(i) {
			rest[key(i)] = i
		}
	}
	for _, i := range want {
		if !begins(i) {
			continue
		}
		if j, ok := rest[key(i)]; ok && (j.End == "" || j == i) {
			delete(rest, key(i))
		} else {
			missing = append(missing, i)
		}
	}
	extra = slices.AppendSeq(extra, maps.Values(rest))
	slices.SortFunc(extra, func(a, b instance) int { return cmp.Compare(a.Start, b.Start) })
	return missing[:min(3, len(missing))], extra[:min(3, len(extra))]
}

// seriesDifferences are those of readers that expand a series otherwise.
var seriesDifferences = []difference{
	{"libecal sabre", "Occurrences", sameStarts, "an occurrence under way when clocks change ends at the same time of day, not after the same time as the first (RFC 5545, section 3.8.5.3)"},
	{"sabre", "Occurrences", func(want, _ string) bool { return strings.Contains(want, further) }, "it does not know RDATE"},
	{"sabre", "Occurrences", func(want, _ string) bool { return strings.Contains(want, firstChanged) }, "the first occurrence is always there"},
}

// sameStarts reports whether two lists of occurrences differ in nothing but ends.
func sameStarts(want, got string) bool {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	return slices.EqualFunc(a, b, func(x, y string) bool {
		x, _, _ = strings.Cut(x, " ")
		y, _, _ = strings.Cut(y, " ")
		return x == y
	})
}

func instanceOf(e calendar.Event) instance {
	i := instance{UID: e.UID, Summary: e.Summary}
	if e.When.AllDay() {
		i.Start = e.When.Start().Format(time.DateOnly)
		i.End = e.When.End().AddDate(0, 0, 1).Format(time.DateOnly)
		return i
	}
	i.Start = e.When.Start().UTC().Format(time.RFC3339)
	i.End = e.When.End().UTC().Format(time.RFC3339)
	return i
}

// randomSeries returns a series by a random rule, with further days, exceptions and overrides.
func randomSeries(rnd *rand.Rand, loc *time.Location) calendar.Event {
	one := func(n int) bool { return rnd.IntN(n) == 0 }
	e := calendar.Event{UID: "serie@valmorin.example", Summary: "Série", Updated: seriesSince, Sequence: 1}
	for {
		r := &calendar.Rule{
			Freq:        []calendar.Frequency{calendar.Daily, calendar.Weekly, calendar.Monthly, calendar.Yearly}[rnd.IntN(4)],
			Interval:    max(0, rnd.IntN(6)-2),
			SundayFirst: one(4),
		}
		if r.Freq == calendar.Yearly && !one(3) {
			for range 1 + rnd.IntN(3) {
				r.ByMonth = append(r.ByMonth, time.Month(1+rnd.IntN(12)))
			}
		}
		if r.Freq == calendar.Monthly || len(r.ByMonth) > 0 {
			for range rnd.IntN(3) {
				r.ByMonthDay = append(r.ByMonthDay, rnd.IntN(36)-5)
			}
		}
		if one(2) {
			nth := one(2)
			for range 1 + rnd.IntN(3) {
				d := calendar.Weekday{Day: time.Weekday(rnd.IntN(7))}
				if nth {
					d.Nth = rnd.IntN(6) - 1
				}
				r.ByDay = append(r.ByDay, d)
			}
		}
		if len(r.ByDay) > 0 && one(3) {
			r.BySetPos = []int{[]int{1, 2, -1}[rnd.IntN(3)]}
		}
		day := calendar.Date{Year: 2026, Month: time.January, Day: 1}.AddDays(rnd.IntN(900))
		clock, length := time.Duration(5*60+rnd.IntN(18*12)*5)*time.Minute, time.Duration(1+rnd.IntN(40))*30*time.Minute
		switch rnd.IntN(3) {
		case 0:
			r.Count = 1 + rnd.IntN(60)
		case 1:
			r.Until = day.AddDays(400 + rnd.IntN(1500))
		}
		e.Repeat = r
		days := one(5)
		for range 400 {
			start := time.Date(day.Year, day.Month, day.Day, 0, int(clock/time.Minute), 0, 0, loc)
			if e.When = calendar.Between(start, start.Add(length)); days {
				e.When = calendar.Days(day, day.AddDays(rnd.IntN(3)))
			}
			if calendar.Check(&calendar.Calendar{Events: []calendar.Event{e}}) == nil && !comesTwice(start.Add(length)) {
				return vary(rnd, e)
			}
			day = day.AddDays(1)
		}
	}
}

// comesTwice reports whether clocks show the same an hour later. Readers do not agree on which of the two a series means
// that begins or ends then.
func comesTwice(t time.Time) bool {
	return t.Format(time.DateTime) == t.Add(time.Hour).Format(time.DateTime)
}

// vary gives a series exceptions, further days, and dates that were moved.
func vary(rnd *rand.Rand, e calendar.Event) calendar.Event {
	type one struct {
		day  calendar.Date
		when calendar.When
	}
	var all []one
	for d, o := range e.Occurrences(seriesSince, seriesUntil) {
		all = append(all, one{d, o.When})
	}
	if rnd.IntN(2) == 0 {
		also := all[len(all)-1].day.AddDays(1 + rnd.IntN(20))
		if e.Repeat.Count > 0 || !e.Repeat.Until.IsZero() {
			e.Also = append(e.Also, also)
		}
	}
	rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, o := range all[:min(len(all)-1, rnd.IntN(4))] {
		if rnd.IntN(2) == 0 {
			e.Except = append(e.Except, o.day)
			continue
		}
		moved := o.when
		shift := rnd.IntN(10) - 3
		if moved.AllDay() {
			first := calendar.DateOf(moved.Start().AddDate(0, 0, shift))
			moved = calendar.Days(first, first)
		} else {
			start := moved.Start().AddDate(0, 0, shift).Add(25 * time.Minute)
			moved = calendar.Between(start, start.Add(time.Hour))
		}
		e.Overrides = append(e.Overrides, calendar.Override{Day: o.day, Event: calendar.Event{Summary: "Série, déplacée", When: moved}})
	}
	return e
}
