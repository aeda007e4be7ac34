package calendar

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	ics "github.com/arran4/golang-ical"

	"github.com/crieur/crieur/internal/contentline"
)

// Decode reads an iCalendar document of any program (RFC 5545), by the parser of golang-ical. It reads r to its end, so
// whoever does not trust r limits it.
//
// The error tells everything that is wrong, or that this package cannot say, joined and in the order of the document: a
// [*FieldError] each, with the Line, and with Event the number of the VEVENT in the document, from 0. Of lines that cannot
// be read a hundred are told, then how many more there are. The calendar holds
// all the rest: a property that cannot be said is left out if the event is still true without it, else the event, with
// its whole series. The calendar is nil only if there is none. Events come in the order of the document and may miss what
// [Check] requires. Each has its Line. Texts come as [Encode] writes them, cleaned.
//
// Zones are those of the zone database of the program: by their names in it, Windows names and the like of
// /mozilla.org/20050126_1/Europe/Paris included, else by what their VTIMEZONE says. A local time without a zone is
// floating: X-WR-TIMEZONE, which no program takes for the zone of such times, is Calendar.Location.
//
// VEVENTs of one UID become one Event with Overrides, whose Updated and Sequence are the greatest of all. One with a
// RECURRENCE-ID that has the UID for itself becomes an event of its own. Left out without a word is what has no place
// in a published calendar: attendees, comments, alarms that send mail or run programs, attachments that are inside the
// document, to-dos and journals.
func Decode(r io.Reader) (*Calendar, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	tree, unread := contentline.Parse(data)
	root := merge(tree)
	if root == nil {
		return nil, fmt.Errorf("BEGIN:VCALENDAR: %w", ErrMissing)
	}
	if root, err = throughICS(root); err != nil {
		return nil, err
	}
	d := newDecoder()
	d.unreadable(root, unread)
	d.calendar(root)
	slices.SortStableFunc(d.faults, func(a, b error) int { return cmp.Compare(faultLine(a), faultLine(b)) })
	return d.cal, d.faults.err()
}

func faultLine(err error) int {
	var f *FieldError
	errors.As(err, &f)
	return f.Line
}

// merge returns the calendars of a document as one, with the properties of the first and the components of all that
// are read. It is nil if there is no calendar.
func merge(tree []*contentline.Component) *contentline.Component {
	var root *contentline.Component
	for _, cal := range tree {
		if cal.Name != "VCALENDAR" {
			continue
		}
		if root == nil {
			root = &contentline.Component{Name: cal.Name, Line: cal.Line, Lines: cal.Lines}
		}
		for _, c := range cal.Components {
			root.Components = append(root.Components, c)
			root.Components = append(root.Components, unclosed(c)...)
		}
	}
	return root
}

// unclosed returns the events that are inside another: its END is missing.
func unclosed(c *contentline.Component) []*contentline.Component {
	var list []*contentline.Component
	for _, part := range c.Components {
		if c.Name == "VEVENT" && part.Name == c.Name {
			list = append(append(list, part), unclosed(part)...)
		}
	}
	return list
}

// readComponents are the components that are read.
var readComponents = []string{"VEVENT", "VALARM", "VLOCATION", "VTIMEZONE", "STANDARD", "DAYLIGHT"}

// throughICS has golang-ical put a calendar together from its lines. They are given to its parser read and unfolded,
// through its hook for lines: by itself it refuses a whole document for one of them, takes lists apart wrongly, does not
// know RFC 6868, keeps no positions, and takes quadratic time for many parameters.
func throughICS(root *contentline.Component) (*contentline.Component, error) {
	var from origin
	var doc bytes.Buffer
	from.add(&doc, root)
	next := 0
	cal, err := parse(&doc, ics.PropertyParser(func(ics.ContentLine) (*ics.BaseProperty, error) {
		next++
		return propertyOf(from.lines[next-1]), nil
	}))
	if err != nil {
		return nil, err
	}
	from.lines = slices.DeleteFunc(from.lines, func(l *contentline.Line) bool { return l.Name == "BEGIN" || l.Name == "END" })
	return fromICS(cal, &from), nil
}

// An origin holds what a calendar of golang-ical was read from, in the order in which its parser keeps it: each
// component with its own lines first. A nil origin is that of a calendar which was not read from anything.
type origin struct {
	components []*contentline.Component
	lines      []*contentline.Line
}

// add appends a component, and writes it to doc.
func (o *origin) add(doc *bytes.Buffer, c *contentline.Component) {
	put := func(l *contentline.Line) {
		o.lines = append(o.lines, l)
		doc.WriteString(l.Text)
		doc.WriteByte('\n')
	}
	o.components = append(o.components, c)
	put(&contentline.Line{Name: "BEGIN", Value: c.Name, Text: "BEGIN:" + c.Name})
	for i := range c.Lines {
		put(&c.Lines[i])
	}
	for _, part := range c.Components {
		if slices.Contains(readComponents, part.Name) && (part.Name != "VEVENT" || c.Name == "VCALENDAR") {
			o.add(doc, part)
		}
	}
	put(&contentline.Line{Name: "END", Value: c.Name, Text: "END:" + c.Name})
}

// component returns an empty component that stands where the next one stood.
func (o *origin) component(name string) *contentline.Component {
	c := &contentline.Component{Name: name}
	if o != nil {
		c.Line, c.End, c.Unread = o.components[0].Line, o.components[0].End, o.components[0].Unread
		o.components = o.components[1:]
	}
	return c
}

// line returns the line of the next property, which golang-ical holds as p.
func (o *origin) line(p *ics.BaseProperty) contentline.Line {
	if o == nil {
		return lineOf(p)
	}
	l := o.lines[0]
	o.lines = o.lines[1:]
	return *l
}
