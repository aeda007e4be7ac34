package calendar

import (
	"strings"
	"testing"
	"time"
)

// council returns a series in Paris: every Tuesday from 2 March 2027, 18:30 to 20:00.
func council(t testing.TB) Event {
	start := time.Date(2027, 3, 2, 18, 30, 0, 0, zoneNamed(t, "Europe/Paris"))
	return Event{
		UID:      "conseil@valmorin.example",
		Summary:  "Conseil de quartier",
		When:     Between(start, start.Add(90*time.Minute)),
		Updated:  updated,
		Sequence: 3,
		Repeat:   &Rule{Freq: Weekly},
	}
}

func TestSeriesFaults(t *testing.T) {
	moved := func(e *Event, d string) Override {
		return Override{Day: day(d), Event: Event{Summary: "Conseil extraordinaire", When: e.When.on(day(d).AddDays(1))}}
	}
	for _, test := range []struct {
		name   string
		change func(*Event)
		want   string // the faults, without the event; empty: none
	}{
		{"good", func(e *Event) {}, ""},
		{"no series", func(e *Event) { e.Repeat = nil }, ""},
		{"everything", func(e *Event) {
			e.Repeat = &Rule{Freq: Weekly, Until: day("2027-06-29")}
			e.Also = []Date{day("2027-07-01"), day("2027-05-06")}
			e.Except = []Date{day("2027-03-02"), day("2027-05-04")}
		}, ""},
		{"exceptions of nothing", func(e *Event) {
			e.Repeat, e.Except, e.Overrides = nil, []Date{day("2027-03-09")}, []Override{moved(e, "2027-03-09")}
		}, "Except: not a series, want Repeat or Also with it\nOverrides: not a series, want Repeat or Also with it"},
		{"rule", func(e *Event) { e.Repeat = &Rule{Freq: Weekly, Interval: -1, Count: -1} },
			"Repeat.Interval: -1, want 0 to 32767\nRepeat.Count: -1, want 0 to 5000"},
		{"start not of the rule", func(e *Event) { e.Repeat.ByDay = []Weekday{{Day: time.Friday}} },
			"When: 2027-03-02 is not a day of the rule; the first is 2027-03-05"},
		{"no day at all", func(e *Event) {
			e.Repeat = &Rule{Freq: Yearly, Interval: 4, ByMonth: []time.Month{3}, ByMonthDay: []int{1}, ByDay: []Weekday{{Day: time.Sunday}}, BySetPos: nil}
			e.Repeat.Interval = 400
		}, "Repeat: FREQ=YEARLY;INTERVAL=400;BYMONTH=3;BYMONTHDAY=1;BYDAY=SU has no day within 100 years of 2027-03-02"},
		{"until before the start", func(e *Event) { e.Repeat.Until = day("2027-03-01") },
			"Repeat.Until: ends before or when it starts: 2027-03-01, first day 2027-03-02"},
		{"29 February and others", func(e *Event) {
			e.When = Days(day("2028-02-29"), day("2028-02-29"))
			e.Repeat = &Rule{Freq: Yearly, ByMonth: []time.Month{2, 3}}
		}, "Repeat.ByMonth: 29, which February has not, or not every year"},
		{"29 February", func(e *Event) {
			e.When = Days(day("2028-02-29"), day("2028-02-29"))
			e.Repeat = &Rule{Freq: Yearly}
		}, ""},
		{"dates that are none", func(e *Event) {
			e.Also, e.Except = []Date{{2027, 2, 30}}, []Date{{10000, 1, 1}}
		}, "Also: 2027-02-30 is not a day of the calendar\nExcept: year 10000, want 1 to 9999"},
		{"dates given twice", func(e *Event) {
			e.Also, e.Except = []Date{day("2027-03-03"), day("2027-03-03")}, []Date{day("2027-03-09"), day("2027-03-16"), day("2027-03-09")}
		}, "Also: 2027-03-03 is given twice\nExcept: 2027-03-09 is given twice"},
		{"dates that do not fit", func(e *Event) {
			e.Also = []Date{day("2027-03-01"), day("2027-03-09"), day("2027-03-10")}
			e.Except = []Date{day("2027-03-10"), day("2027-03-17")}
		}, `Also: 2027-03-01 is not after the first day, 2027-03-02
Also: 2027-03-09 is a day of the rule already
Also: 2027-03-10 is in Except too
Except: 2027-03-17 is not a day of the series; the next of the rule is 2027-03-23`},
		{"dates after the end", func(e *Event) {
			e.Repeat.Count = 2
			e.Except = []Date{day("2027-03-16")}
		}, "Except: 2027-03-16 is not a day of the series"},
		{"dates without a rule", func(e *Event) {
			e.Repeat = nil
			e.Also = []Date{day("2027-03-02"), day("2027-03-09")}
		}, "Also: 2027-03-02 is not after the first day, 2027-03-02"},
		{"nothing left", func(e *Event) {
			e.Repeat.Count = 2
			e.Except = []Date{day("2027-03-09"), day("2027-03-02")}
		}, "Except: every day of the series, want one that is left"},
		{"something left besides the rule", func(e *Event) {
			e.Repeat.Count = 1
			e.Also = []Date{day("2027-03-09")}
			e.Except = []Date{day("2027-03-02")}
		}, ""},
		{"fixed offset", func(e *Event) { e.When = At(e.When.Start().In(time.FixedZone("", 3600))) },
			`When: in zone "", want a named time zone or UTC for a series`},
		{"named fixed offset", func(e *Event) { e.When = At(e.When.Start().In(time.FixedZone("CET", 3600))) },
			`When: in zone "CET", want a named time zone or UTC for a series`},
		{"UTC", func(e *Event) { e.When = At(e.When.Start().UTC()) }, ""},
		{"floating", func(e *Event) { e.When = e.When.Floating() }, ""},
		{"the second of two hours", func(e *Event) {
			e.When = At(time.Date(2027, 10, 31, 1, 30, 0, 0, time.UTC).In(e.When.Start().Location()))
		}, "When: start 2027-10-31T02:30:00+01:00 is the second of two such times that day, want the first"},
		{"the first of two hours", func(e *Event) {
			e.When = At(time.Date(2027, 10, 31, 0, 30, 0, 0, time.UTC).In(e.When.Start().Location()))
		}, ""},
		{"overrides", func(e *Event) {
			e.Overrides = []Override{moved(e, "2027-03-16"), moved(e, "2027-03-09")}
			e.Overrides[0].Future = true
			e.Overrides[1].Event.UID, e.Overrides[1].Event.Updated, e.Overrides[1].Event.Sequence = e.UID, e.Updated.Add(-time.Hour), 2
		}, ""},
		{"overrides of no day", func(e *Event) {
			e.Except = []Date{day("2027-03-16")}
			e.Overrides = []Override{moved(e, "2027-03-16"), moved(e, "2027-03-10"), moved(e, "2027-03-09"), moved(e, "2027-03-09")}
		}, `Overrides[0].Day: 2027-03-16 is in Except
Overrides[1].Day: 2027-03-10 is not a day of the series; the next of the rule is 2027-03-16
Overrides[3].Day: 2027-03-09, which Overrides[2] has too`},
		{"override with faults", func(e *Event) {
			o := moved(e, "2027-03-09")
			o.Event.Summary, o.Event.Status, o.Event.UID, o.Event.Updated, o.Event.Sequence = "", "maybe", "x", e.Updated.Add(time.Second), 4
			o.Event.Also = []Date{{}}
			e.Overrides = []Override{o}
		}, `Overrides[0].Repeat: an override cannot be a series
Overrides[0].UID: "x", want that of the series or none
Overrides[0].Updated: 2026-11-02T09:30:01Z, want at most that of the series, 2026-11-02T09:30:00Z
Overrides[0].Sequence: 4, want at most that of the series, 3
Overrides[0].Summary: required, but missing
Overrides[0].Status: "maybe", want CONFIRMED, TENTATIVE or CANCELLED`},
		{"what an override takes from the series is told once", func(e *Event) {
			e.Updated, e.UID = time.Time{}, ""
			e.Overrides = []Override{moved(e, "2027-03-09")}
		}, "UID: required, but missing\nUpdated: required, but missing"},
		{"no time", func(e *Event) { e.When, e.Overrides = When{}, []Override{{}} },
			"When: required, but missing\nOverrides[0].Day: 0000-00-00 is not a day of the calendar\nOverrides[0].Summary: required, but missing\nOverrides[0].When: required, but missing"},
	} {
		e := council(t)
		test.change(&e)
		var lines []string
		if err := Check(&Calendar{Events: []Event{e}}); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				_, line, _ = strings.Cut(line, ": ")
				lines = append(lines, line)
			}
		}
		if got := strings.Join(lines, "\n"); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

// An event that is no series costs nothing to check.
func TestCheckSeriesAllocations(t *testing.T) {
	e := council(t)
	e.Repeat = nil
	var f faults
	if n := testing.AllocsPerRun(100, func() { e.checkSeries(&f, 0) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestSpan(t *testing.T) {
	at := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zoneNamed(t, "Europe/Paris"))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, test := range []struct {
		name        string
		change      func(*Event)
		first, last string
	}{
		{"no series", func(e *Event) { e.Repeat = nil }, "2027-03-02 18:30", "2027-03-02 20:00"},
		{"endless", func(e *Event) {}, "2027-03-02 18:30", ""},
		{"count", func(e *Event) { e.Repeat.Count = 5 }, "2027-03-02 18:30", "2027-03-30 20:00"},
		{"also later", func(e *Event) { e.Repeat.Count, e.Also = 5, []Date{day("2027-04-01")} }, "2027-03-02 18:30", "2027-04-01 20:00"},
		{"moved before the start", func(e *Event) {
			e.Overrides = []Override{{Day: day("2027-03-09"), Event: Event{When: e.When.on(day("2027-02-27"))}}}
		}, "2027-02-27 18:30", ""},
		{"moved after the end", func(e *Event) {
			e.Repeat.Count = 5
			e.Overrides = []Override{{Day: day("2027-03-09"), Event: Event{When: e.When.on(day("2027-05-09"))}}}
		}, "2027-03-02 18:30", "2027-05-09 20:00"},
		{"all moved after the end", func(e *Event) {
			e.Repeat.Count = 5
			e.Overrides = []Override{{Day: day("2027-03-09"), Future: true, Event: Event{When: e.When.on(day("2027-03-12"))}}}
		}, "2027-03-02 18:30", "2027-04-02 20:00"},
		{"told in another zone", func(e *Event) {
			e.Overrides = []Override{{Day: day("2027-03-09"), Event: Event{When: At(at("2026-01-01 10:00").UTC())}}}
		}, "2027-03-02 18:30", ""},
	} {
		e := council(t)
		test.change(&e)
		if first, last := e.span(); !first.Equal(at(test.first)) || !last.Equal(at(test.last)) {
			t.Errorf("%s: %v to %v, want %s to %s", test.name, first, last, test.first, test.last)
		}
	}
}
