package calendar

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// tellAll writes the occurrences of a window, a line each: the day, the time, and the summary if it is not that of e.
func tellAll(e *Event, from, to time.Time, most int) string {
	var b strings.Builder
	for d, o := range e.Occurrences(from, to) {
		if most--; most < 0 {
			break
		}
		fmt.Fprint(&b, d, ": ", tellWhen(o.When))
		if o.Summary != e.Summary {
			fmt.Fprint(&b, " ", o.Summary)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func tellWhen(w When) string {
	if w.AllDay() {
		return fmt.Sprint(w.first, " to ", w.last)
	}
	s := w.start.Format("2006-01-02 15:04 -0700")
	if w.floating {
		s = w.start.Format("2006-01-02 15:04")
	}
	if !w.end.IsZero() {
		s += w.end.Format(" to 15:04")
	}
	return s
}

func TestOccurrences(t *testing.T) {
	paris, newYork := zoneNamed(t, "Europe/Paris"), zoneNamed(t, "America/New_York")
	at := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		for _, layout := range [...]string{"2006-01-02", "2006-01-02 15:04"} {
			if v, err := time.ParseInLocation(layout, s, paris); err == nil {
				return v
			}
		}
		t.Fatal(s)
		return time.Time{}
	}
	override := func(e *Event, d string, future bool, summary, start string) {
		e.Overrides = append(e.Overrides, Override{Day: day(d), Future: future, Event: Event{Summary: summary, When: Between(at(start), at(start).Add(time.Hour))}})
	}
	for _, test := range []struct {
		name     string
		change   func(*Event)
		from, to string
		want     string
	}{
		{"no series", func(e *Event) { e.Repeat = nil }, "2027-03-02 19:00", "2027-03-03", "2027-03-02: 2027-03-02 18:30 +0100 to 20:00\n"},
		{"no series, over", func(e *Event) { e.Repeat = nil }, "2027-03-02 20:00", "2027-03-03", ""},
		{"no series, to come", func(e *Event) { e.Repeat = nil }, "2027-03-01", "2027-03-02 18:30", ""},
		{"no series, no end", func(e *Event) { e.Repeat, e.When = nil, At(e.When.start) }, "2027-03-02 18:30", "", "2027-03-02: 2027-03-02 18:30 +0100\n"},
		{"the clock stays when summer time begins", func(e *Event) {}, "2027-03-20", "2027-04-01", `
2027-03-23: 2027-03-23 18:30 +0100 to 20:00
2027-03-30: 2027-03-30 18:30 +0200 to 20:00
`},
		{"under way", func(e *Event) { e.When = Between(e.When.start, e.When.start.AddDate(0, 0, 9)) }, "2027-04-01", "2027-04-06", `
2027-03-23: 2027-03-23 18:30 +0100 to 19:30
2027-03-30: 2027-03-30 18:30 +0200 to 18:30
`},
		{"days besides and days excepted", func(e *Event) {
			e.Repeat.Count, e.Also, e.Except = 4, []Date{day("2027-04-01"), day("2027-03-10")}, []Date{day("2027-03-02"), day("2027-03-16")}
		}, "", "", `
2027-03-09: 2027-03-09 18:30 +0100 to 20:00
2027-03-10: 2027-03-10 18:30 +0100 to 20:00
2027-03-23: 2027-03-23 18:30 +0100 to 20:00
2027-04-01: 2027-04-01 18:30 +0200 to 20:00
`},
		{"without a rule", func(e *Event) { e.Repeat, e.Also = nil, []Date{day("2027-05-04")} }, "", "", `
2027-03-02: 2027-03-02 18:30 +0100 to 20:00
2027-05-04: 2027-05-04 18:30 +0200 to 20:00
`},
		{"moved before and behind others", func(e *Event) {
			override(e, "2027-03-09", false, "tard", "2027-03-24 10:00")
			override(e, "2027-03-30", false, "tôt", "2027-03-15 10:00")
		}, "2027-03-08", "2027-04-07", `
2027-03-30: 2027-03-15 10:00 +0100 to 11:00 tôt
2027-03-16: 2027-03-16 18:30 +0100 to 20:00
2027-03-23: 2027-03-23 18:30 +0100 to 20:00
2027-03-09: 2027-03-24 10:00 +0100 to 11:00 tard
2027-04-06: 2027-04-06 18:30 +0200 to 20:00
`},
		{"moved out of the window and into it", func(e *Event) {
			override(e, "2027-03-09", false, "loin", "2029-03-24 10:00")
			override(e, "2031-03-04", false, "près", "2027-03-10 10:00")
		}, "2027-03-08", "2027-03-17", `
2031-03-04: 2027-03-10 10:00 +0100 to 11:00 près
2027-03-16: 2027-03-16 18:30 +0100 to 20:00
`},
		{"override of a day excepted, and of none", func(e *Event) {
			e.Except = []Date{day("2027-03-09")}
			override(e, "2027-03-09", false, "x", "2027-03-09 10:00")
			override(e, "2027-03-10", false, "y", "2027-03-10 10:00")
		}, "2027-03-08", "2027-03-17", "2027-03-16: 2027-03-16 18:30 +0100 to 20:00\n"},
		{"two days later from then on, but for one", func(e *Event) {
			override(e, "2027-03-16", true, "jeudi", "2027-03-18 20:00")
			override(e, "2027-03-30", false, "reporté", "2027-04-09 10:00")
		}, "2027-03-08", "2027-04-16", `
2027-03-09: 2027-03-09 18:30 +0100 to 20:00
2027-03-16: 2027-03-18 20:00 +0100 to 21:00 jeudi
2027-03-23: 2027-03-25 20:00 +0100 to 21:00 jeudi
2027-04-06: 2027-04-08 20:00 +0200 to 21:00 jeudi
2027-03-30: 2027-04-09 10:00 +0200 to 11:00 reporté
2027-04-13: 2027-04-15 20:00 +0200 to 21:00 jeudi
`},
		{"earlier from then on, among those before", func(e *Event) {
			override(e, "2027-03-16", true, "avancé", "2027-03-01 10:00")
		}, "", "2027-03-16", `
2027-03-16: 2027-03-01 10:00 +0100 to 11:00 avancé
2027-03-02: 2027-03-02 18:30 +0100 to 20:00
2027-03-23: 2027-03-08 10:00 +0100 to 11:00 avancé
2027-03-09: 2027-03-09 18:30 +0100 to 20:00
2027-03-30: 2027-03-15 10:00 +0100 to 11:00 avancé
`},
		{"far later from then on, seen from far", func(e *Event) {
			override(e, "2027-03-16", true, "plus tard", "2028-03-15 10:00")
		}, "2030-06-01", "2030-06-12", `
2029-06-05: 2030-06-05 10:00 +0200 to 11:00 plus tard
`},
		{"whole days", func(e *Event) {
			e.When = Days(day("2027-03-06"), day("2027-03-07"))
			e.Repeat = &Rule{Freq: Monthly, ByDay: []Weekday{{1, time.Saturday}}}
		}, "2027-04-04 23:59", "2027-06-05", `
2027-04-03: 2027-04-03 to 2027-04-04
2027-05-01: 2027-05-01 to 2027-05-02
`},
		{"floating", func(e *Event) { e.When = e.When.Floating() }, "2027-03-16 19:59", "2027-03-23 18:31", `
2027-03-16: 2027-03-16 18:30 to 20:00
2027-03-23: 2027-03-23 18:30 to 20:00
`},
		{"a time that is jumped over", func(e *Event) {
			start := time.Date(2027, 3, 27, 2, 30, 0, 0, paris)
			e.When, e.Repeat = Between(start, start.Add(time.Hour)), &Rule{Freq: Daily}
		}, "", "2027-03-30", `
2027-03-27: 2027-03-27 02:30 +0100 to 03:30
2027-03-28: 2027-03-28 03:30 +0200 to 04:30
2027-03-29: 2027-03-29 02:30 +0200 to 03:30
`},
		{"a time that comes twice", func(e *Event) {
			start := time.Date(2027, 10, 30, 2, 30, 0, 0, paris)
			e.When, e.Repeat = Between(start, start.Add(time.Hour)), &Rule{Freq: Daily}
		}, "", "2027-11-02", `
2027-10-30: 2027-10-30 02:30 +0200 to 03:30
2027-10-31: 2027-10-31 02:30 +0200 to 02:30
2027-11-01: 2027-11-01 02:30 +0100 to 03:30
`},
		{"as long as the first, in elapsed time", func(e *Event) {
			start := time.Date(2027, 10, 23, 22, 0, 0, 0, paris)
			e.When, e.Repeat = Between(start, start.Add(8*time.Hour)), &Rule{Freq: Weekly}
		}, "", "2027-11-02", `
2027-10-23: 2027-10-23 22:00 +0200 to 06:00
2027-10-30: 2027-10-30 22:00 +0200 to 05:00
`},
		{"in another zone than the series", func(e *Event) {
			override(e, "2027-03-16", true, "New York", "2027-03-16 18:30")
			w := &e.Overrides[0].Event.When
			*w = At(w.start.In(newYork))
		}, "2027-03-16", "2027-04-01", `
2027-03-16: 2027-03-16 13:30 -0400 New York
2027-03-23: 2027-03-23 13:30 -0400 New York
2027-03-30: 2027-03-30 13:30 -0400 New York
`},
		{"faulty rule", func(e *Event) { e.Repeat.Interval = -1 }, "", "", ""},
		{"no time", func(e *Event) { e.When = When{} }, "", "", ""},
		{"to before from", func(e *Event) {}, "2028-01-01", "2027-01-01", ""},
	} {
		e := council(t)
		test.change(&e)
		if got, want := tellAll(&e, at(test.from), at(test.to), 100), strings.TrimPrefix(test.want, "\n"); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, want)
		}
	}
}

// Each occurrence is an event of its own, which has what it should from the series.
func TestOccurrenceEvents(t *testing.T) {
	e := council(t)
	e.Location, e.Except = "Maison de quartier", []Date{day("2027-03-16")}
	e.Overrides = []Override{{Day: day("2027-03-09"), Event: Event{Summary: "Visite", When: e.When.on(day("2027-03-10"))}}}
	for d, o := range e.Occurrences(time.Time{}, e.When.start.AddDate(0, 1, 0)) {
		if o.Repeat != nil || o.Also != nil || o.Except != nil || o.Overrides != nil {
			t.Errorf("%s is a series", d)
		}
		if o.UID != e.UID || o.Sequence != e.Sequence || !o.Updated.Equal(e.Updated) {
			t.Errorf("%s is another event: %+v", d, o)
		}
		if visit := o.Summary == "Visite"; visit != (o.Location == "") || visit != (d == day("2027-03-09")) {
			t.Errorf("%s: %s, %q", d, o.Summary, o.Location)
		}
		if err := Check(&Calendar{Events: []Event{o}}); err != nil {
			t.Error(err)
		}
	}
}

// Without an end the occurrences go on until the last year that can be written.
func TestOccurrencesEnd(t *testing.T) {
	e := council(t)
	e.Repeat = &Rule{Freq: Yearly}
	n := 0
	for range e.Occurrences(time.Time{}, time.Time{}) {
		n++
	}
	if n != 9999-2027+1 {
		t.Errorf("%d occurrences", n)
	}
}

var seriesZones = []string{"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago",
	"America/Nuuk", "Africa/Cairo", "Pacific/Apia", "Asia/Kathmandu", "UTC"}

// TestOnDay compares the instant of a local time with that found among all offsets of the days around it.
func TestOnDay(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5545, 335))
	for _, name := range seriesZones {
		loc := zoneNamed(t, name)
		for range 300 {
			d := Date{2005, 1, 1}.AddDays(rnd.IntN(9000))
			if ts := transitions(loc, d.Year); len(ts) > 0 && rnd.IntN(2) == 0 {
				d = DateOf(time.Unix(ts[rnd.IntN(len(ts))].at, 0).In(loc)).AddDays(rnd.IntN(2) - 1)
			}
			clock := time.Duration(rnd.IntN(24*4)) * 15 * time.Minute
			wall := d.midnight().Add(clock)
			var want time.Time
			for at := wall.Add(-26 * time.Hour); at.Before(wall.Add(26 * time.Hour)); at = at.Add(15 * time.Minute) {
				if wall.Sub(at) == offset(at, loc) {
					want = at
					break
				}
			}
			if want.IsZero() { // jumped over: by the offset that held before
				at := wall.Add(-26 * time.Hour)
				for at.Add(offset(at, loc)).Before(wall) {
					want = wall.Add(-offset(at, loc))
					at = at.Add(15 * time.Minute)
				}
			}
			if got := onDay(d, clock, loc); !got.Equal(want) {
				t.Fatalf("%s %s %s: got %s, want %s", name, d, clock, got, want.In(loc))
			}
		}
	}
}

// randomSeries returns a series by a random rule, with further days, exceptions and overrides.
func randomSeries(rnd *rand.Rand, loc *time.Location) Event {
	r, start := randomRule(rnd)
	clock := time.Duration(rnd.IntN(24*12)) * 5 * time.Minute
	w := Between(onDay(start, clock, loc), onDay(start, clock, loc).Add(time.Duration(1+rnd.IntN(60))*time.Hour))
	switch rnd.IntN(8) {
	case 0:
		w = Days(start, start.AddDays(rnd.IntN(4)))
	case 1:
		w = w.Floating()
	case 2:
		w = At(w.start)
	}
	e := Event{UID: "série@valmorin.example", Summary: "Série", When: w, Updated: updated, Sequence: 1, Repeat: r}
	for n := rnd.IntN(3); n > 0; n-- {
		if d := start.AddDays(1 + rnd.IntN(400)); !slices.Contains(e.Also, d) && !r.has(start, d) {
			e.Also = append(e.Also, d)
		}
	}
	days := slices.Collect(func(yield func(Date) bool) {
		for d := range newSeries(&e).days(start) {
			if d.Compare(start.AddDays(3000)) > 0 || !yield(d) {
				return
			}
		}
	})
	rnd.Shuffle(len(days), func(i, j int) { days[i], days[j] = days[j], days[i] })
	changes := min(len(days)-1, rnd.IntN(5))
	for _, d := range days[:changes] {
		if rnd.IntN(2) == 0 && !slices.Contains(e.Also, d) {
			e.Except = append(e.Except, d)
			continue
		}
		moved := w.on(d.AddDays(rnd.IntN(20) - 5))
		if !moved.AllDay() {
			moved = Between(moved.start.Add(2*time.Hour), moved.start.Add(3*time.Hour))
			moved.floating = w.floating
		}
		e.Overrides = append(e.Overrides, Override{Day: d, Future: rnd.IntN(3) == 0, Event: Event{Summary: "Autre", When: moved}})
	}
	return e
}

// FuzzOccurrences: occurrences are in order and in the window, each day comes once, and two windows side by side give
// what one gives, but for what is under way between them.
func FuzzOccurrences(f *testing.F) {
	for i := range uint64(200) {
		f.Add(i, int64(i)*1e6, int64(i)*3e5, int64(i)*4e5)
	}
	f.Fuzz(func(t *testing.T, seed uint64, after, first, second int64) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		e := randomSeries(rnd, zoneNamed(t, seriesZones[seed%uint64(len(seriesZones))]))
		home := zoneNamed(t, seriesZones[rnd.IntN(len(seriesZones))])
		const year = 366 * 24 * 3600
		a := time.Date(2019, 12, 1, 0, 0, 0, 0, home).Add(time.Duration(after%(12*year)) * time.Second)
		b := a.Add(time.Duration(first&0x7fffffff%(3*year)) * time.Second)
		c := b.Add(time.Duration(second&0x7fffffff%(3*year)) * time.Second)
		whole, left, right := window(t, &e, a, c), window(t, &e, a, b), window(t, &e, b, c)
		joined := append(left, slices.DeleteFunc(right, func(o occurrence) bool { return o.start.Before(b) })...)
		if len(whole) != len(joined) {
			t.Fatalf("%s to %s: %d occurrences, %d in two windows cut at %s", a, c, len(whole), len(joined), b)
		}
		for i, o := range whole {
			if p := joined[i]; o.day != p.day || o.when != p.when {
				t.Errorf("%s: %v and %v", o.day, o, p)
			}
		}
		if e.When.check() == nil && checkSeriesOf(&e) == nil {
			start, end := e.span()
			for _, o := range whole {
				if !o.when.AllDay() && !o.when.floating && (o.when.start.Before(start) || !end.IsZero() && latest(o.when.start, o.when.end).After(end)) {
					t.Errorf("%s: %s is not within the span, %s to %s", o.day, tellWhen(o.when), start, end)
				}
			}
		}
	})
}

func checkSeriesOf(e *Event) error {
	var f faults
	e.checkSeries(&f, 0)
	return f.err()
}

// window returns the occurrences of a window, which are in order and in it.
func window(t *testing.T, e *Event, from, to time.Time) []occurrence {
	t.Helper()
	var list []occurrence
	seen := make(map[Date]bool)
	for d, o := range e.Occurrences(from, to) {
		start, end := o.When.in(from.Location())
		if !start.Before(to) || start.Before(from) && !end.After(from) {
			t.Errorf("%s: %s is not in the window from %s to %s", d, tellWhen(o.When), from, to)
		}
		if seen[d] {
			t.Errorf("%s comes twice", d)
		}
		seen[d] = true
		list = append(list, occurrence{day: d, when: o.When, start: start})
	}
	if !slices.IsSortedFunc(list, func(a, b occurrence) int { return cmp.Or(a.start.Compare(b.start), a.day.Compare(b.day)) }) {
		t.Errorf("%s from %s to %s is not in order", e.Repeat, from, to)
	}
	return list
}

// Every random series is one that may be written.
func TestRandomSeriesAreGood(t *testing.T) {
	for seed := range uint64(500) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		e := randomSeries(rnd, zoneNamed(t, seriesZones[seed%uint64(len(seriesZones))]))
		e.UID = "serie@valmorin.example"
		if err := checkSeriesOf(&e); err != nil {
			t.Errorf("%d: %s from %s: %v", seed, e.Repeat, e.When.day(), err)
		}
	}
}

func BenchmarkOccurrences(b *testing.B) {
	e := council(b)
	e.Repeat = &Rule{Freq: Daily}
	counted := e
	counted.Repeat = &Rule{Freq: Daily, Count: 50_000}
	far := time.Date(2057, 3, 2, 0, 0, 0, 0, e.When.start.Location())
	for _, bench := range []struct {
		name string
		e    *Event
	}{{"daily, a week after 30 years", &e}, {"counted, a week after 30 years", &counted}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for range bench.e.Occurrences(far, far.AddDate(0, 0, 7)) {
				}
			}
		})
	}
}
