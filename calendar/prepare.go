package calendar

import (
	"bytes"
	"errors"
	"hash/fnv"
	"io"
	"slices"
)

// A Prepared is an event that has been checked and written once, to be put into as many calendars as one likes, again and
// again: each costs no more than a copy of its octets. It does not change when its event does, and may be used by several
// goroutines at once. [Prepare] makes one; the zero Prepared is none.
type Prepared struct {
	placed placed // with no more of its event than its UID and its time
	zones  []zoneUse
	octets []byte
	sums   []byte // of the octets, see pieces.Mark.Append
	uid    uint64 // a hash: those of different UIDs are as good as never the same
}

// Prepare checks an event, and writes it for [EncodePrepared]. The error is that of [Check].
func Prepare(e *Event) (*Prepared, error) {
	var (
		f     faults
		zones zoneSet
	)
	z := zones.check(&f, 0, e)
	if err := f.err(); err != nil {
		return nil, err
	}
	l := newLineWriter(nil, &zones)
	defer l.free()
	l.event(e, z)
	hash := fnv.New64a()
	hash.Write([]byte(e.UID))
	return &Prepared{place(&Event{UID: e.UID, When: e.When}, z), zones.used, slices.Clone(l.buf), eventMark.Append(nil, l.buf), hash.Sum64()}, nil
}

// EncodePrepared writes a calendar of events that are prepared, as [Encode] writes the events that they were made of: the
// octets are the same. Besides them c has none.
func EncodePrepared(w io.Writer, c *Calendar, events []*Prepared) error {
	order, zones, err := arrangePrepared(c, events)
	if err != nil {
		return err
	}
	if b, ok := w.(*bytes.Buffer); ok {
		b.Grow(4096 + octets(order))
	}
	return write(w, c, zones, func(l *lineWriter) (int, error) {
		for _, p := range order {
			if l.buf = append(l.buf, p.octets...); len(l.buf) >= flushAt && l.flush() != nil {
				break
			}
		}
		return len(order), l.err
	})
}

// arrangePrepared checks c, and returns the events in the order in which they are written, and the zones they need.
func arrangePrepared(c *Calendar, events []*Prepared) ([]*Prepared, *zoneSet, error) {
	var (
		f     faults
		zones zoneSet
		seen  = make(map[uint64]bool, len(events))
		alike bool // two UIDs may be the same
		order = slices.Clone(events)
	)
	c.check(&f)
	if len(c.Events) > 0 {
		f.add(-1, "", "Events", errors.New("want none besides those that are prepared"))
	}
	for i, p := range events {
		if p == nil || p.placed.Event == nil {
			f.add(i, "", "UID", ErrMissing)
			continue
		}
		alike = alike || seen[p.uid]
		seen[p.uid] = true
		for _, u := range p.zones {
			f.add(i, p.placed.UID, "When", zones.use(u.zone, u.first, u.last))
		}
	}
	if alike {
		seen := make(map[string]int, len(events))
		for i, p := range events {
			if p != nil && p.placed.Event != nil {
				f.unique(seen, i, p.placed.UID)
			}
		}
	}
	if err := f.err(); err != nil {
		return nil, nil, err
	}
	slices.SortFunc(order, func(p, q *Prepared) int { return p.placed.compare(q.placed) })
	return order, &zones, nil
}

// octets is how many the events have together.
func octets(events []*Prepared) (n int) {
	for _, p := range events {
		n += len(p.octets)
	}
	return n
}
