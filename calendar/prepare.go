package calendar

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"hash/maphash"
	"io"
	"math/bits"
	"slices"
	"sync"
)

// A Prepared is an event that has been checked and written once, to be put into as many calendars as one likes, again and
// again: each costs no more than a copy of its octets. It does not change when its event does, and may be used by several
// goroutines at once. [Prepare] makes one; the zero Prepared is none.
type Prepared struct {
	spot
	hash   uint64 // of the UID: those of different UIDs are as good as never the same
	zones  []zoneUse
	sums   []byte // of the octets, see pieces.Mark.Append
	octets []byte

	// Where zones and sums are, as a rule: who goes through many events finds them with the rest.
	zone [1]zoneUse
	sum  [sha256.Size]byte
}

// seed is another in each process, so that nobody can choose UIDs that get in each other's way.
var seed = maphash.MakeSeed()

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
	p := &Prepared{spot: spotOf(e), hash: maphash.String(seed, e.UID), octets: slices.Clone(l.buf)}
	p.zones = append(p.zone[:0], zones.used...)
	p.sums = eventMark.Append(p.sum[:0], p.octets)
	return p, nil
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
		seen  = newHashes(len(events))
		alike bool // two UIDs may be the same
		last  *Prepared
		mixed bool // they are in no order
	)
	defer seen.free()
	c.check(&f)
	if len(c.Events) > 0 {
		f.add(-1, "", "Events", errors.New("want none besides those that are prepared"))
	}
	for i, p := range events {
		if p == nil || p.octets == nil {
			f.add(i, "", "UID", ErrMissing)
			continue
		}
		alike = seen.add(p.hash) || alike
		mixed = mixed || last != nil && last.compare(&p.spot) > 0
		last = p
		for _, u := range p.zones {
			f.add(i, p.uid, "When", zones.use(u.zone, u.first, u.last))
		}
	}
	if alike {
		seen := make(map[string]int, len(events))
		for i, p := range events {
			if p != nil && p.octets != nil {
				f.unique(seen, i, p.uid)
			}
		}
	}
	if err := f.err(); err != nil {
		return nil, nil, err
	}
	if mixed {
		events = slices.Clone(events)
		slices.SortFunc(events, func(p, q *Prepared) int { return p.compare(&q.spot) })
	}
	return events, &zones, nil
}

// hashes is a set of hashes, of which a calendar of ten thousand events has as many each time it is summed up.
type hashes []uint64

// sets are those that are of no use at the moment.
var sets = sync.Pool{New: func() any { return new(hashes) }}

// newHashes makes room for n of them: half of the places stay free.
func newHashes(n int) hashes {
	s, places := *sets.Get().(*hashes), 2<<bits.Len(uint(n))
	if cap(s) < places {
		return make(hashes, places)
	}
	s = s[:places]
	clear(s)
	return s
}

func (s hashes) free() { sets.Put(&s) }

// add reports whether h was there, or may have been.
func (s hashes) add(h uint64) bool {
	h = max(h, 1) // zero is a free place
	for i := h; ; i++ {
		switch at := &s[i%uint64(len(s))]; *at {
		case h:
			return true
		case 0:
			*at = h
			return false
		}
	}
}

// octets is how many the events have together.
func octets(events []*Prepared) (n int) {
	for _, p := range events {
		n += len(p.octets)
	}
	return n
}
