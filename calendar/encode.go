package calendar

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"
)

// defaultProdID is the PRODID of a calendar that names none.
const defaultProdID = "-//crieur//calendar//EN"

// Encode writes c as an iCalendar document (RFC 5545). It does not change c.
//
// It checks everything first, and writes nothing when there are faults: the error is then that of [Check].
// Any other error is w's. Events are written in the order of their times, then of their UIDs, so the bytes do not
// depend on the order given. Calendars may be encoded by several goroutines at once.
func Encode(w io.Writer, c *Calendar) error {
	events, used, err := arrange(c)
	if err != nil {
		return err
	}
	l := &lineWriter{w: w, buf: make([]byte, 0, min(flushAt+4096, 2048*(1+len(events))))}
	l.name("BEGIN").raw("VCALENDAR")
	l.header(c)
	for _, z := range used {
		l.timezone(z)
	}
	for _, e := range events {
		l.event(e.Event, e.zone)
		if l.err != nil {
			break
		}
	}
	l.name("END").raw("VCALENDAR")
	return l.flush()
}

// A placed is an event, and the zone its times are told in; nil: UTC, or whole days.
type placed struct {
	*Event
	zone *zone
	key  int64  // from When, by which the events are sorted first
	head uint64 // of the UID, by which they are sorted then
}

func place(e *Event, z *zone) placed {
	p := placed{e, z, 2 * e.When.start.Unix(), 0}
	if !e.When.AllDay() {
		p.key++ // whole days come before times that begin with them
	}
	for i := range min(8, len(e.UID)) {
		p.head |= uint64(e.UID[i]) << (8 * (7 - i))
	}
	return p
}

func (p placed) compare(q placed) int {
	switch {
	case p.key != q.key:
		return cmp.Compare(p.key, q.key)
	case p.head != q.head:
		return cmp.Compare(p.head, q.head)
	}
	return cmp.Compare(p.UID, q.UID)
}

// arrange checks c, and returns its events in the order in which they are written, and the zones they use by name.
func arrange(c *Calendar) ([]placed, []*zone, error) {
	var (
		f      faults
		events = make([]placed, len(c.Events))
		seen   = make(map[string]int, len(c.Events))
		used   []*zone
		known  = make(map[*time.Location]*zone)
	)
	c.check(&f)
	for i := range c.Events {
		e := &c.Events[i]
		e.check(&f, i)
		if first, ok := seen[e.UID]; ok && e.UID != "" {
			f.add(i, e.UID, "UID", fmt.Errorf("%w: event %d has it too", ErrDuplicate, first))
		} else {
			seen[e.UID] = i
		}
		z := zoneFor(e.When, known)
		events[i] = place(e, z)
		if z == nil {
			continue
		}
		at, found := slices.BinarySearchFunc(used, z, func(a, b *zone) int { return cmp.Compare(a.name, b.name) })
		if !found {
			used = slices.Insert(used, at, z)
		} else if !used[at].same(z) {
			f.add(i, e.UID, "When", fmt.Errorf("time zone %s has other rules than in an earlier event", z.name))
		}
	}
	if err := f.err(); err != nil {
		return nil, nil, err
	}
	slices.SortFunc(events, placed.compare)
	if len(events) == 0 {
		used = append(used, c.emptyZone())
	}
	return events, used, nil
}

// zoneFor returns the zone in which both ends of w are told exactly, or nil.
func zoneFor(w When, known map[*time.Location]*zone) *zone {
	if w.AllDay() {
		return nil
	}
	loc := w.start.Location()
	z, ok := known[loc]
	if !ok {
		z = zoneOf(loc)
		known[loc] = z
	}
	if z == nil || !z.tells(w.start) || !w.end.IsZero() && !z.tells(w.end) {
		return nil
	}
	return z
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
	if c.Color != "" {
		l.name("COLOR").raw(c.Color)
	}
	if c.Refresh > 0 {
		d := duration(c.Refresh)
		l.name("REFRESH-INTERVAL").token("VALUE", "DURATION").raw(d)
		l.name("X-PUBLISHED-TTL").raw(d)
	}
	if !c.Updated.IsZero() {
		l.name("LAST-MODIFIED").utc(c.Updated)
	}
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
		l.token("LANGUAGE", tag)
	}
	return l
}

// event writes a VEVENT. It depends on the event alone, so it is the same in every calendar.
func (l *lineWriter) event(e *Event, z *zone) {
	l.name("BEGIN").raw("VEVENT")
	l.name("UID").raw(e.UID)
	l.name("DTSTAMP").utc(e.Updated)
	l.when(e.When, z)
	if !e.Created.IsZero() {
		l.name("CREATED").utc(e.Created)
	}
	l.name("LAST-MODIFIED").utc(e.Updated)
	l.name("SEQUENCE").integer(e.Sequence)
	l.name("SUMMARY").line(e.Summary)
	l.name("DESCRIPTION").text(e.Description)
	l.name("LOCATION").line(e.Location)
	if e.Geo != nil {
		l.name("GEO").geo(*e.Geo)
	}
	if trimURI(e.URL) != "" {
		l.name("URL").uri(e.URL)
	}
	if list := cleanCategories(e.Categories); len(list) > 0 {
		l.name("CATEGORIES").list(list)
	}
	if e.Organizer.Email != "" {
		l.name("ORGANIZER")
		if !isEmpty(e.Organizer.Name) {
			l.param("CN", e.Organizer.Name)
		}
		l.mailto(e.Organizer.Email)
	}
	l.name("CONTACT").text(e.contact())
	if trimURI(e.Image) != "" {
		l.name("IMAGE").token("VALUE", "URI").uri(e.Image)
	}
	for _, c := range e.Conferences {
		l.name("CONFERENCE").token("VALUE", "URI")
		if !isEmpty(c.Label) {
			l.param("LABEL", c.Label)
		}
		l.uri(c.URL)
	}
	for _, a := range e.Attachments {
		l.name("ATTACH")
		if a.Type != "" {
			l.token("FMTTYPE", a.Type)
		}
		l.uri(a.URL)
	}
	if e.Status != "" {
		l.name("STATUS").raw(string(e.Status))
	}
	busy := e.busy()
	if busy == free {
		l.name("TRANSP").raw("TRANSPARENT")
	}
	l.name("X-MICROSOFT-CDO-BUSYSTATUS").raw(busy)
	l.name("END").raw("VEVENT")
}

// when writes DTSTART and DTEND, which are of one form and in one zone.
func (l *lineWriter) when(w When, z *zone) {
	if w.AllDay() {
		l.name("DTSTART").token("VALUE", "DATE").date(w.first)
		l.name("DTEND").token("VALUE", "DATE").date(w.last.AddDays(1))
		return
	}
	l.dateTime("DTSTART", w.start, z)
	if !w.end.IsZero() {
		l.dateTime("DTEND", w.end, z)
	}
}

func (l *lineWriter) dateTime(name string, t time.Time, z *zone) {
	if z == nil {
		l.name(name).utc(t)
		return
	}
	l.name(name).token("TZID", z.name).local(t)
}

// contact returns the CONTACT of e: an organizer without an address cannot be an ORGANIZER.
func (e *Event) contact() string {
	if isEmpty(e.Contact) && e.Organizer.Email == "" {
		return cleanLine(e.Organizer.Name)
	}
	return e.Contact
}

const free = "FREE"

// busy returns the X-MICROSOFT-CDO-BUSYSTATUS of e. Whole days and what is cancelled make nobody busy.
func (e *Event) busy() string {
	switch {
	case e.When.AllDay(), e.Status == Cancelled:
		return free
	case e.Status == Tentative:
		return "TENTATIVE"
	}
	return "BUSY"
}

// duration returns d, whole seconds, as a DURATION (RFC 5545, section 3.3.6) in hours, minutes and seconds.
func duration(d time.Duration) string {
	s := "PT"
	if h := d / time.Hour; h > 0 {
		s += fmt.Sprintf("%dH", h)
	}
	if m := d % time.Hour / time.Minute; m > 0 {
		s += fmt.Sprintf("%dM", m)
	}
	if sec := d % time.Minute / time.Second; sec > 0 {
		s += fmt.Sprintf("%dS", sec)
	}
	return s
}
