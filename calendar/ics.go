package calendar

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	ics "github.com/arran4/golang-ical"

	"github.com/crieur/crieur/internal/contentline"
)

// ToICS returns c as a calendar of golang-ical, for programs that work with its types. Faults are those of [Check].
//
// It is what its parser reads of the bytes that [Encode] writes, with one CATEGORIES property for each category, since
// it has no lists: values are unescaped, but for the escapes of RFC 6868 in parameters, which it does not know.
//
// Do not let its serializer make the bytes that are published: it ends lines with LF, writes parameters and
// carriage returns in a way other programs do not read, and lets values of other properties break out of their line.
// Hand the calendar back through [FromICS], or encode c itself.
func ToICS(c *Calendar) (*ics.Calendar, error) {
	var b bytes.Buffer
	if err := Encode(&b, c); err != nil {
		return nil, err
	}
	cal, err := parse(&b)
	if err != nil {
		return nil, err
	}
	for _, e := range cal.Events() {
		e.Properties = splitCategories(e.Properties)
	}
	return cal, nil
}

// splitCategories returns the properties with one CATEGORIES for each category. Those that [Encode] writes hold no comma.
func splitCategories(list []ics.IANAProperty) []ics.IANAProperty {
	i := slices.IndexFunc(list, func(p ics.IANAProperty) bool { return p.IANAToken == "CATEGORIES" })
	if i < 0 {
		return list
	}
	var split []ics.IANAProperty
	for s := range strings.SplitSeq(list[i].Value, ",") {
		split = append(split, ics.IANAProperty{BaseProperty: ics.BaseProperty{
			IANAToken: "CATEGORIES", ICalParameters: map[string][]string{}, Value: s,
		}})
	}
	return slices.Replace(list, i, i+1, split...)
}

// parse reads a calendar with golang-ical. What its parser panics on is an error.
func parse(r io.Reader, options ...any) (cal *ics.Calendar, err error) {
	defer func() {
		if p := recover(); p != nil {
			cal, err = nil, fmt.Errorf("golang-ical: panic: %v", p)
		}
	}()
	return ics.ParseCalendarWithOptions(r, options...)
}

// FromICS returns a calendar of golang-ical as ours. What ours cannot say is left out, and told in the error, as [Decode]
// does it, with Event the index in cal.Events(), but for those that are nil, and without lines; the calendar is returned all the same.
//
// In values that its parser has unescaped, a comma between categories cannot be told from one within: each is taken as
// one between. To read a file, use Decode, which can tell.
func FromICS(cal *ics.Calendar) (*Calendar, error) {
	d := newDecoder()
	if cal != nil {
		d.calendar(fromICS(cal, nil))
	}
	return d.cal, d.faults.err()
}

// fromICS returns a calendar of golang-ical as content lines: those that it was read from, if there are any.
func fromICS(cal *ics.Calendar, from *origin) *contentline.Component {
	header := make([]ics.IANAProperty, len(cal.CalendarProperties))
	for i, p := range cal.CalendarProperties {
		header[i] = ics.IANAProperty(p)
	}
	return component("VCALENDAR", header, cal.Components, from)
}

func component(name string, properties []ics.IANAProperty, parts []ics.Component, from *origin) *contentline.Component {
	c := from.component(name)
	c.Lines = make([]contentline.Line, len(properties))
	for i := range properties {
		c.Lines[i] = from.line(&properties[i].BaseProperty)
	}
	for _, p := range parts {
		if !isNil(p) {
			c.Components = append(c.Components, component(componentName(p), p.UnknownPropertiesIANAProperties(), p.SubComponents(), from))
		}
	}
	return c
}

// isNil reports whether c is nil or a nil pointer, of which golang-ical has methods that panic.
func isNil(c ics.Component) bool {
	v := reflect.ValueOf(c)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// componentName returns the name after BEGIN of those components that are read; others have none, or that of the file.
func componentName(c ics.Component) string {
	switch c := c.(type) {
	case *ics.VEvent:
		return "VEVENT"
	case *ics.VAlarm:
		return "VALARM"
	case *ics.VTimezone:
		return "VTIMEZONE"
	case *ics.Standard:
		return "STANDARD"
	case *ics.Daylight:
		return "DAYLIGHT"
	case *ics.GeneralComponent:
		return strings.ToUpper(c.Token)
	}
	return ""
}

// lineOf returns a property of golang-ical as the content line from which its parser would have made it, but that a TEXT is plain.
func lineOf(p *ics.BaseProperty) contentline.Line {
	l := contentline.Line{Name: strings.ToUpper(p.IANAToken), Value: p.Value}
	for name, values := range p.ICalParameters { // sorted below
		if len(values) > 0 {
			q := contentline.Param{Name: strings.ToUpper(name)}
			for _, v := range values {
				q.Values = append(q.Values, contentline.DecodeParam(v))
			}
			l.Params = append(l.Params, q)
		}
	}
	slices.SortFunc(l.Params, func(a, b contentline.Param) int { return strings.Compare(a.Name, b.Name) })
	switch {
	case l.Name == "CATEGORIES":
		l.Value = listEscaper.Replace(p.Value)
	case p.GetValueType() == ics.ValueDataTypeText:
		l.Plain = true
	}
	return l
}

// propertyOf returns a content line as a property of golang-ical, as its parser would make it.
func propertyOf(l *contentline.Line) *ics.BaseProperty {
	p := &ics.BaseProperty{IANAToken: l.Name, Value: l.Value}
	if len(l.Params) > 0 {
		p.ICalParameters = make(map[string][]string, len(l.Params))
	}
	for _, q := range l.Params {
		for _, v := range q.Values {
			p.ICalParameters[q.Name] = append(p.ICalParameters[q.Name], caretEncoder.Replace(v))
		}
	}
	if p.GetValueType() == ics.ValueDataTypeText {
		p.Value = contentline.Unescape(l.Value)
	}
	return p
}

var (
	listEscaper  = strings.NewReplacer(`\`, `\\`, "\n", `\n`, ";", `\;`)
	caretEncoder = strings.NewReplacer("^", "^^", `"`, "^'", "\n", "^n") // RFC 6868
)
