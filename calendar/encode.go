package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
)

// defaultProdID is the PRODID of a calendar that names none.
const defaultProdID = "-//crieur//calendar//EN"

// Encode writes c as an iCalendar document (RFC 5545). It does not change c.
//
// It checks everything first, and writes nothing when there are faults: the error is then that of [Check].
// Any other error is w's. Events are written in the order of their times, then of their UIDs, so the bytes do not
// depend on the order given; an override follows its series. Calendars may be encoded by several goroutines at once.
func Encode(w io.Writer, c *Calendar) error {
	events, zones, err := arrange(c)
	if err != nil {
		return err
	}
	return write(w, c, zones, func(l *lineWriter) (int, error) {
		for _, e := range events {
			if l.event(e.Event, e.zone); l.err != nil {
				break
			}
		}
		return len(events), l.err
	})
}

// EncodeSeq writes a calendar whose events need not be in memory all at once: those of events, which are written in the
// order given, besides which c has none. The memory it takes does not depend on their number, so it does not compare
// their UIDs.
//
// It goes through events twice, to check them and to write them, and writes nothing when there are faults. If they are
// not the same the second time, the error says so, and what was written is not whole.
func EncodeSeq(w io.Writer, c *Calendar, events iter.Seq[*Event]) error {
	var (
		f     faults
		zones zoneSet
		n     int
	)
	c.check(&f)
	if len(c.Events) > 0 {
		f.add(-1, "", "Events", errors.New("want none besides those given one by one"))
	}
	for e := range events {
		zones.check(&f, n, e)
		n++
	}
	if err := f.err(); err != nil {
		return err
	}
	return write(w, c, &zones, func(l *lineWriter) (int, error) {
		again, used := 0, slices.Clone(zones.used)
		for e := range events {
			z := zones.check(&f, again, e)
			again++
			switch {
			case len(f) > 0:
				return again, f.err()
			case !slices.Equal(zones.used, used):
				return again, fmt.Errorf("event %d is told in a zone in which none was the first time", again-1)
			}
			if l.event(e, z); l.err != nil {
				return again, l.err
			}
		}
		if again != n {
			return again, fmt.Errorf("%d events the second time, %d the first", again, n)
		}
		return n, nil
	})
}

// write writes a calendar that has been checked. Its events, which body writes and counts, need zones.
func write(w io.Writer, c *Calendar, zones *zoneSet, body func(l *lineWriter) (int, error)) error {
	l := newLineWriter(w, zones)
	defer l.free()
	l.name("BEGIN").raw("VCALENDAR")
	l.header(c)
	for _, u := range zones.used {
		l.timezone(u.zone, u.first, u.last)
	}
	n, err := body(l)
	if err != nil {
		return err
	}
	if n == 0 {
		z := c.emptyZone()
		l.timezone(z, z.from, z.from)
	}
	l.name("END").raw("VCALENDAR")
	return l.flush()
}

// A placed is an event, the zone it is told in, and its place among the others.
type placed struct {
	*Event
	zone *zone
	spot
}

// A spot is what tells where an event stands among others: its start, then its UID.
type spot struct {
	key  int64
	head uint64 // of uid
	uid  string
}

func spotOf(e *Event) spot {
	p := spot{key: 2 * e.When.start.Unix(), uid: e.UID}
	if !e.When.AllDay() {
		p.key++ // whole days come before times that begin with them
	}
	for i := range min(8, len(e.UID)) {
		p.head |= uint64(e.UID[i]) << (8 * (7 - i))
	}
	return p
}

func (p *spot) compare(q *spot) int {
	switch {
	case p.key != q.key:
		return cmp.Compare(p.key, q.key)
	case p.head != q.head:
		return cmp.Compare(p.head, q.head)
	}
	return cmp.Compare(p.uid, q.uid)
}

// arrange checks c, and returns its events in the order in which they are written, and the zones they need.
func arrange(c *Calendar) ([]placed, *zoneSet, error) {
	var (
		f      faults
		events = make([]placed, len(c.Events))
		seen   = make(map[string]int, len(c.Events))
		zones  zoneSet
	)
	c.check(&f)
	for i := range c.Events {
		e := &c.Events[i]
		f.unique(seen, i, e.UID)
		events[i] = placed{e, zones.check(&f, i, e), spotOf(e)}
	}
	if err := f.err(); err != nil {
		return nil, nil, err
	}
	slices.SortFunc(events, func(p, q placed) int { return p.spot.compare(&q.spot) })
	return events, &zones, nil
}

// emptyZone returns the zone whose VTIMEZONE is the one component of an empty calendar: many readers refuse a
// calendar without any.
func (c *Calendar) emptyZone() *zone {
	if c.Location != nil {
		if z := zoneOf(c.Location); z != nil {
			return z
		}
	}
	return &utcZone
}

// header writes the properties of the calendar. The names of RFC 7986 and the older X- names say the same, for new
// and for old readers.
func (l *lineWriter) header(c *Calendar) {
	l.name("VERSION").raw("2.0")
	l.name("PRODID").line(cmp.Or(cleanLine(c.ProdID), defaultProdID))
	l.name("CALSCALE").raw("GREGORIAN")
	if c.UID != "" {
		l.name("UID").guard(c.UID).raw(c.UID)
	}
	l.name("NAME").language(c.Language).line(c.Name)
	l.name("X-WR-CALNAME").line(c.Name)
	l.name("DESCRIPTION").language(c.Language).text(c.Description)
	l.name("X-WR-CALDESC").text(c.Description)
	l.name("X-WR-TIMEZONE").line(c.zoneName())
	if trimURI(c.URL) != "" {
		l.name("URL").uri(c.URL)
	}
	if trimURI(c.Source) != "" {
		l.name("SOURCE").token("VALUE", "URI").uri(c.Source)
	}
	if trimURI(c.Image) != "" {
		l.name("IMAGE").token("VALUE", "URI").uri(c.Image)
	}
	if c.Color != "" {
		l.name("COLOR").raw(c.Color)
		l.name("X-APPLE-CALENDAR-COLOR").raw(colorCode(c.Color))
	}
	if c.Refresh > 0 {
		d := duration(c.Refresh)
		l.name("REFRESH-INTERVAL").token("VALUE", "DURATION").raw(d)
		l.name("X-PUBLISHED-TTL").raw(d)
	}
	if !c.Updated.IsZero() {
		l.name("LAST-MODIFIED").utc(c.Updated)
	}
	l.extra(c.Extra)
}

// zoneName returns the name of the zone of c's readers, also if events in it must be told in UTC.
func (c *Calendar) zoneName() string {
	if c.Location == nil || !isZoneName(c.Location.String()) || !hasHistory(c.Location) {
		return "UTC"
	}
	return c.Location.String()
}

// language adds a LANGUAGE parameter, if there is one.
func (l *lineWriter) language(tag string) *lineWriter {
	if tag != "" {
		l.param("LANGUAGE", tag)
	}
	return l
}
