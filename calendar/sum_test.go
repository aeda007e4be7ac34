package calendar

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// Law: the sum of a calendar that is not written is that of what is written.
func TestSumPrepared(t *testing.T) {
	for seed := range uint64(200) {
		g := newGenerator(t, seed)
		c := g.calendar(g.IntN(12))
		events := make([]*Prepared, len(c.Events))
		for i := range c.Events {
			var err error
			if events[i], err = Prepare(&c.Events[i]); err != nil {
				t.Fatal(err)
			}
		}
		c.Events = nil
		doc := encodePrepared(t, c, events)
		sum, size, err := SumPrepared(c, events)
		if err != nil || size != len(doc) || sum != Sum([]byte(doc)) {
			t.Errorf("seed %d: %x of %d octets, error %v; want %x of %d", seed, sum, size, err, Sum([]byte(doc)), len(doc))
		}
	}
	if _, _, err := SumPrepared(&Calendar{}, []*Prepared{nil}); err == nil {
		t.Error("there is a sum of what cannot be written")
	}
}

// Law: other octets have another sum, wherever they are divided.
func FuzzSum(f *testing.F) {
	seed := []byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	f.Add(seed, 0, byte(1))
	f.Add(seed, 20, byte(1))
	f.Add(seed, len(seed)-1, byte(1))
	f.Fuzz(func(t *testing.T, data []byte, at int, other byte) {
		if at < 0 || at >= len(data) {
			return
		}
		changed := bytes.Clone(data)
		changed[at] ^= other
		if (Sum(data) == Sum(changed)) != (other == 0) {
			t.Errorf("%q and %q", data, changed)
		}
		if Sum(data) == Sum(data[:at]) || Sum(data) == Sum(data[at+1:]) {
			t.Errorf("%q and a part of it", data)
		}
	})
}

// A sum must not depend on what is within the lines.
func TestSumParts(t *testing.T) {
	seen := map[string]string{}
	for _, doc := range []string{
		"", "a", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "XBEGIN:VEVENT\r\nEND:VEVENT\r\n", "BEGIN:VEVENT\r\nXEND:VEVENT\r\n",
		"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "BEGIN:VEVENT\nEND:VEVENT\n", strings.Repeat("BEGIN:VEVENT\r\nEND:VEVENT\r\n", 2),
	} {
		sum := fmt.Sprintf("%x", Sum([]byte(doc)))
		if other, ok := seen[sum]; ok {
			t.Errorf("%q and %q have one sum", doc, other)
		}
		seen[sum] = doc
	}
}
