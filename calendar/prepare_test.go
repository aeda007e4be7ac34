package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// Law: events that are prepared make the calendar that they make when they are not, octet for octet, in any order; and each makes its own.
func TestPrepared(t *testing.T) {
	for seed := range uint64(200) {
		g := newGenerator(t, seed)
		c := g.calendar(g.IntN(12))
		want := encode(t, c)
		header := *c
		header.Events = nil
		events := make([]*Prepared, len(c.Events))
		for i := range c.Events {
			var err error
			if events[i], err = Prepare(&c.Events[i]); err != nil {
				t.Fatal(err)
			}
			alone := header
			alone.Events = c.Events[i : i+1]
			if got := encodePrepared(t, &header, events[i:i+1]); got != encode(t, &alone) {
				t.Fatalf("seed %d, event %d:\n%s", seed, i, got)
			}
		}
		g.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		if got := encodePrepared(t, &header, events); got != want {
			t.Fatalf("seed %d:\n%s\nwant\n%s", seed, got, want)
		}
	}
}

func encodePrepared(t *testing.T, c *Calendar, events []*Prepared) string {
	t.Helper()
	var doc bytes.Buffer
	if err := EncodePrepared(&doc, c, events); err != nil {
		t.Fatal(err)
	}
	return doc.String()
}

// What cannot be prepared, or put together, is told by field, and nothing is written.
func TestPreparedFaults(t *testing.T) {
	when := At(time.Date(2027, time.May, 8, 9, 0, 0, 0, time.UTC))
	good := func(uid string) *Prepared {
		p, err := Prepare(&Event{UID: uid, Summary: "Fête", When: when, Updated: updated})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	var e *FieldError
	if p, err := Prepare(&Event{UID: "a", When: when, Updated: updated}); p != nil || !errors.As(err, &e) || e.Field != "Summary" || e.UID != "a" {
		t.Errorf("without a summary: %v", err)
	}
	for _, c := range []struct {
		name   string
		c      Calendar
		events []*Prepared
		want   string
	}{
		{"twice", Calendar{}, []*Prepared{good("a"), good("b"), good("a")}, `event 2 ("a"): UID: not unique in the calendar: event 0 has it too`},
		{"nil", Calendar{}, []*Prepared{nil}, "event 0: UID: required, but missing"},
		{"zero", Calendar{}, []*Prepared{new(Prepared)}, "event 0: UID: required, but missing"},
		{"others", Calendar{Events: make([]Event, 1)}, nil, "calendar: Events: want none besides those that are prepared"},
		{"the calendar", Calendar{Refresh: -1}, nil, "calendar: Refresh"},
	} {
		var doc strings.Builder
		if err := EncodePrepared(&doc, &c.c, c.events); err == nil || !strings.HasPrefix(err.Error(), c.want) || doc.Len() > 0 {
			t.Errorf("%s: %v, and %d octets", c.name, err, doc.Len())
		}
	}
	full := errors.New("disk full")
	if err := EncodePrepared(brokenWriter{full}, &Calendar{}, []*Prepared{good("a")}); !errors.Is(err, full) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type brokenWriter struct{ error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.error }

// An event that changes after it was prepared is written as it was.
func TestPreparedIsACopy(t *testing.T) {
	e := Event{UID: "a", Summary: "Fête", When: At(time.Date(2027, time.May, 8, 9, 0, 0, 0, time.UTC)), Updated: updated, Categories: []string{"a"}}
	p, err := Prepare(&e)
	if err != nil {
		t.Fatal(err)
	}
	before := encodePrepared(t, &Calendar{}, []*Prepared{p})
	e.Summary, e.UID, e.When, e.Categories[0] = "Bal", "b", At(e.When.Start().AddDate(1, 0, 0)), "b"
	if after := encodePrepared(t, &Calendar{}, []*Prepared{p}); after != before {
		t.Errorf("%s\nwant\n%s", after, before)
	}
}

// BenchmarkPrepared writes the calendar of 10,000 events again, of which one has changed.
func BenchmarkPrepared(b *testing.B) {
	c := manyEvents(b, 10_000)
	header := *c
	header.Events = nil
	events := make([]*Prepared, len(c.Events))
	for i := range events {
		events[i], _ = Prepare(&c.Events[i])
	}
	b.Run("one changed", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			e := c.Events[4711]
			e.Summary = fmt.Sprint("Réunion publique, ", i)
			var err error
			if events[4711], err = Prepare(&e); err == nil {
				err = EncodePrepared(io.Discard, &header, events)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Encode", func(b *testing.B) {
		for b.Loop() {
			if err := Encode(io.Discard, c); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestHashes(t *testing.T) {
	for _, n := range []int{1, 2, 3, 100, 8192} {
		s := newHashes(n)
		for i := range n {
			h := ^uint64(0) - uint64(i)*uint64(len(s)) // all want the last place
			if s.add(h) {
				t.Fatalf("%d of %d was there", i, n)
			}
			if !s.add(h) {
				t.Fatalf("%d of %d was not there", i, n)
			}
		}
		s.free()
	}
	s := newHashes(2)
	if s.add(0) || !s.add(0) {
		t.Error("zero is like any other")
	}
}
