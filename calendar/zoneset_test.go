package calendar

import (
	"errors"
	"iter"
	"strings"
	"testing"
	"time"
)

// Zones that were loaded twice are one.
func TestZoneLoadedTwice(t *testing.T) {
	one, two := zoneNamed(t, "Africa/Cairo"), zoneNamed(t, "Africa/Cairo")
	start := time.Date(2027, time.January, 4, 18, 30, 0, 0, one)
	series := func(loc *time.Location) string {
		moved := start.AddDate(0, 0, 8).In(loc)
		return encode(t, &Calendar{Events: []Event{{
			UID: "a", Summary: "A", When: At(start), Updated: updated, Repeat: &Rule{Freq: Weekly, Count: 9},
			Overrides: []Override{{Day: DateOf(start).AddDays(7), Event: Event{Summary: "B", When: At(moved)}}},
		}}})
	}
	if a, b := series(one), series(two); a != b || !strings.Contains(a, "DTSTART;TZID=Africa/Cairo:20270112T183000") {
		t.Errorf("one Location gives\n%s\ntwo give\n%s", a, b)
	}
}

// Events that are not the same the second time never become lines.
func TestEncodeSeqChecksTwice(t *testing.T) {
	good := Event{UID: "a", Summary: "A", When: At(updated), Updated: updated}
	for name, tt := range map[string]struct {
		second []*Event
		want   string
	}{
		"none":   {nil, "0 events the second time, 1 the first"},
		"more":   {[]*Event{&good, &good}, "2 events the second time, 1 the first"},
		"nil":    {[]*Event{nil}, "event 0: UID: required, but missing"},
		"faulty": {[]*Event{{UID: "x\r\nEVIL:1", Summary: "A", When: At(updated), Updated: updated}}, "want visible ASCII"},
	} {
		lists := [][]*Event{{&good}, tt.second}
		var events iter.Seq[*Event] = func(yield func(*Event) bool) {
			list := lists[0]
			lists = lists[1:]
			for _, e := range list {
				if !yield(e) {
					return
				}
			}
		}
		var b strings.Builder
		err := EncodeSeq(&b, &Calendar{}, events)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(b.String(), "EVIL") || strings.Contains(b.String(), "END:VCALENDAR") {
			t.Errorf("%s: error %v, want %s, and wrote\n%s", name, err, tt.want, b.String())
		}
	}
	if err := EncodeSeq(&strings.Builder{}, &Calendar{}, func(yield func(*Event) bool) { yield(nil) }); !errors.Is(err, ErrMissing) {
		t.Errorf("no event: %v", err)
	}
}

// An event that is no series is its own occurrence, whatever its time.
func TestOccurrenceOfTheSecondHour(t *testing.T) {
	paris := zoneNamed(t, "Europe/Paris")
	start := time.Date(2027, time.October, 31, 1, 30, 0, 0, time.UTC).In(paris)
	e := Event{UID: "a", Summary: "A", When: Between(start, start.Add(time.Hour)), Updated: updated}
	n := 0
	for _, o := range e.Occurrences(start.Add(10*time.Minute), start.Add(20*time.Minute)) {
		n++
		if !o.When.Start().Equal(start) || !o.When.End().Equal(start.Add(time.Hour)) {
			t.Errorf("it is from %s to %s", o.When.Start(), o.When.End())
		}
	}
	if n != 1 {
		t.Errorf("%d occurrences, want 1", n)
	}
}

// A place may hold what stands for a backslash in a parameter, beside a backslash.
func TestPlaceWithBackslashes(t *testing.T) {
	for _, e := range []Event{
		{Location: `\n`, Address: "\u2216"},
		{Location: "\u2216\\", Address: `\`},
		{Location: `C:\Salle`, Address: `D:\Rue`},
	} {
		e.UID, e.Summary, e.When, e.Updated, e.Geo = "a", "A", At(updated), updated, &Geo{1, 2}
		if err := ReadBack(&e); err != nil {
			t.Errorf("%q, %q: %v", e.Location, e.Address, err)
		}
	}
}
