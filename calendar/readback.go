package calendar

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/crieur/crieur/internal/contentline"
)

// ReadBack is a second opinion on one event: it encodes e alone, without the description of its zone, has golang-ical read the
// bytes, and compares what comes back with what went in. It returns nil if they are equal, else a [*FieldError] for each field that is
// not, with Event 0. It costs some thirty times as much as encoding, so it is for events that changed.
func ReadBack(e *Event) error {
	var (
		f     faults
		zones zoneSet
	)
	z := zones.check(&f, 0, e)
	if err := f.err(); err != nil {
		return err
	}
	l := newLineWriter(nil, &zones)
	defer l.free()
	l.name("BEGIN").raw("VCALENDAR")
	l.event(e, z)
	l.name("END").raw("VCALENDAR")
	return e.compare(l.buf)
}

// readers are those that golang-ical reads from: it takes a new one of 4 KB otherwise, which is more than most events have.
var readers = sync.Pool{New: func() any { return bufio.NewReader(nil) }}

// compare returns how e differs from the one event in data, with its overrides.
func (e *Event) compare(data []byte) error {
	r := readers.Get().(*bufio.Reader)
	r.Reset(bytes.NewReader(data))
	cal, err := parse(r)
	r.Reset(nil)
	readers.Put(r)
	if err != nil {
		return fmt.Errorf("reading back: %w", err)
	}
	events := cal.Events()
	if len(events) != 1+len(e.Overrides) {
		return fmt.Errorf("reading back: %d events, want %d", len(events), 1+len(e.Overrides))
	}
	d := newDecoder()
	d.zones.only = true // or an event would be the same in another zone of the same hour
	d.zones.byName = map[string]*time.Location{}
	for _, w := range e.whens() {
		d.zones.byName[w.start.Location().String()] = w.start.Location()
	}
	d.events(&contentline.Component{Components: components(events)})
	f := d.faults
	for _, v := range events {
		f.addRaw(e, v)
	}
	if len(d.cal.Events) == 1 {
		want := e.readable()
		want.compareWith(&d.cal.Events[0], e.UID, "", &f)
	} else if len(f) == 0 {
		return fmt.Errorf("reading back: %d events, want 1 with its overrides", len(d.cal.Events))
	}
	return f.err()
}

// components returns events of golang-ical as content lines.
func components(events []*ics.VEvent) []*contentline.Component {
	var list []*contentline.Component
	for _, v := range events {
		list = append(list, component("VEVENT", v.Properties, v.Components, nil))
	}
	return list
}

// whens returns the times of e and of its overrides.
func (e *Event) whens() []When {
	list := []When{e.When}
	for i := range e.Overrides {
		list = append(list, e.Overrides[i].Event.When)
	}
	return list
}

// addRaw compares what is not kept when a VEVENT is read: the white space around texts, and DTSTAMP.
func (f *faults) addRaw(e *Event, v *ics.VEvent) {
	stamp := ""
	for _, p := range v.Properties {
		if p.IANAToken == "DTSTAMP" {
			stamp = p.Value
		}
		if p.GetValueType() == ics.ValueDataTypeText && trim(p.Value) != p.Value {
			name := p.IANAToken[:1] + strings.ToLower(p.IANAToken[1:]) // as the fields of texts are called
			f.add(0, e.UID, name, fmt.Errorf("reads back as %q, want it without white space around", p.Value))
		}
	}
	if want := e.Updated.UTC().Format(utcLayout); stamp != want {
		f.add(0, e.UID, "Updated", fmt.Errorf("DTSTAMP reads back as %q, want %q", stamp, want))
	}
}

// compareWith adds the fields in which got is not e, which is readable.
func (e *Event) compareWith(got *Event, uid, prefix string, f *faults) {
	c := comparison{f, uid, prefix}
	same(c, "UID", got.UID, e.UID)
	same(c, "Summary", got.Summary, e.Summary)
	same(c, "Description", got.Description, e.Description)
	same(c, "HTML", got.HTML, e.HTML)
	if where := e.place(); strings.Contains(where, backslashInParam) { // its parts cannot be told apart: see appendParam
		same(c, "Location", got.place(), where)
	} else {
		same(c, "Location", got.Location, e.Location)
		same(c, "Address", got.Address, e.Address)
	}
	same(c, "Geo", value(got.Geo), value(e.Geo))
	same(c, "VLocation", got.VLocation, e.VLocation)
	c.when(got.When, e.When)
	same(c, "URL", got.URL, e.URL)
	sameList(c, "Categories", got.Categories, e.Categories)
	same(c, "Organizer", got.Organizer, e.Organizer)
	same(c, "Contact", got.Contact, e.Contact)
	same(c, "Image", got.Image, e.Image)
	sameList(c, "Conferences", got.Conferences, e.Conferences)
	sameList(c, "Attachments", got.Attachments, e.Attachments)
	sameList(c, "Reminders", got.Reminders, e.Reminders)
	same(c, "Status", got.Status, e.Status)
	same(c, "Transparency", got.Transparency, e.Transparency)
	same(c, "Class", got.Class, e.Class)
	same(c, "Priority", got.Priority, e.Priority)
	same(c, "Color", got.Color, e.Color)
	same(c, "Created", got.Created.UTC(), e.Created.UTC())
	same(c, "Updated", got.Updated.UTC(), e.Updated.UTC())
	same(c, "Sequence", got.Sequence, e.Sequence)
	c.extra(got.Extra, e.Extra)
	same(c, "Repeat", got.rule(), e.rule())
	sameList(c, "Also", got.Also, e.Also)
	sameList(c, "Except", got.Except, e.Except)
	if len(got.Overrides) != len(e.Overrides) {
		same(c, "Overrides", len(got.Overrides), len(e.Overrides))
		return
	}
	for i := range e.Overrides {
		a, b := &got.Overrides[i], &e.Overrides[i]
		field := fmt.Sprintf("%sOverrides[%d].", prefix, i)
		same(c, field[len(prefix):]+"Day", a.Day, b.Day)
		same(c, field[len(prefix):]+"Future", a.Future, b.Future)
		b.Event.compareWith(&a.Event, uid, field, f)
	}
}

// A comparison gathers the fields of one event that read back otherwise.
type comparison struct {
	*faults
	uid, prefix string
}

func (c comparison) differ(field string, got, want any) {
	c.add(0, c.uid, c.prefix+field, fmt.Errorf("reads back as %.200q, want %.200q", fmt.Sprint(got), fmt.Sprint(want)))
}

func same[T comparable](c comparison, field string, got, want T) {
	if got != want {
		c.differ(field, got, want)
	}
}

func sameList[T comparable](c comparison, field string, got, want []T) {
	if !slices.Equal(got, want) {
		c.differ(field, got, want)
	}
}

func (c comparison) when(got, want When) {
	if got.Compare(want) != 0 {
		c.add(0, c.uid, c.prefix+"When", fmt.Errorf("reads back as %s to %s, want %s to %s", got.start, got.end, want.start, want.end))
	}
}

// extra compares properties, but for the order of their parameters, which golang-ical does not keep.
func (c comparison) extra(got, want []Property) {
	byName := func(a, b Param) int { return strings.Compare(a.Name, b.Name) }
	equal := func(a, b Property) bool {
		return a.Name == b.Name && a.Value == b.Value &&
			slices.Equal(slices.SortedFunc(slices.Values(a.Params), byName), slices.SortedFunc(slices.Values(b.Params), byName))
	}
	if !slices.EqualFunc(got, want, equal) {
		c.differ("Extra", got, want)
	}
}

// rule returns the RRULE of e, or "".
func (e *Event) rule() string {
	if e.Repeat == nil {
		return ""
	}
	return string(e.Repeat.appendTo(nil, e.When))
}

// value returns what p points to, or the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
