package calendar

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// A vevent is a VEVENT that is being read.
type vevent struct {
	*contentline.Component
	d     *decoder
	index int
	event Event
	lost  bool // it cannot be said, and a fault has told why

	// Of a series:
	rule       *Rule // Repeat without Count, when it is needed
	added      map[Date]bool
	excepted   map[Date]bool
	overridden map[Date]int     // index in event.Overrides
	told       map[Date]*vevent // the VEVENT of it
}

// event reads a VEVENT by itself.
func (d *decoder) event(index int, c *contentline.Component) *vevent {
	v := &vevent{Component: c, d: d, index: index}
	v.event.Line = c.Line
	v.event.UID = strings.TrimSpace(text(find(c, "UID")))
	v.complete()
	v.properties()
	v.place()
	v.event.Extra = d.extra(c, index, v.event.UID)
	v.times()
	if !v.lost {
		v.transparency()
		v.reminders()
		v.repeats()
	}
	return v
}

// bad tells a fault, if err is one, of a property that is left out.
func (v *vevent) bad(field string, l *contentline.Line, err error) bool {
	if err == nil {
		return false
	}
	line := v.Line
	if l != nil {
		line = l.Number
	}
	v.d.fault(v.index, v.event.UID, field, line, err)
	return true
}

// lose tells a fault, if err is one, without whose property the event would say something else.
func (v *vevent) lose(field string, l *contentline.Line, err error) bool {
	if v.bad(field, l, err) {
		v.lost = true
	}
	return err != nil
}

// complete loses an event that was not read to its end, or not one of the lines that say when and whether it is.
func (v *vevent) complete() {
	if v.End == 0 && v.Line > 0 {
		v.lose("", nil, errors.New("BEGIN:VEVENT without its END"))
	}
	for _, name := range v.Unread {
		if slices.Contains([]string{"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "STATUS"}, name) {
			v.lost = true
		}
	}
}

// properties reads what has one property for a field. Of those that should be there once the first is taken.
func (v *vevent) properties() {
	categories := map[string]bool{"": true}
	for i := range v.Lines {
		l := &v.Lines[i]
		if l.Name == "CATEGORIES" {
			for _, s := range contentline.Split(l.Value, ',') {
				if s = cleanLine(contentline.Unescape(s)); !categories[s] {
					categories[s] = true
					v.event.Categories = append(v.event.Categories, s)
				}
			}
			continue
		}
		v.property(l)
	}
	for _, name := range [...]string{"LAST-MODIFIED", "DTSTAMP"} {
		if l := find(v.Component, name); l != nil && v.event.Updated.IsZero() {
			t, err := utcTime(l)
			v.bad("Updated", l, err)
			v.event.Updated = t
		}
	}
}

func (v *vevent) property(l *contentline.Line) {
	e := &v.event
	switch l.Name {
	case "SUMMARY":
		first(&e.Summary, cleanLine(text(l)))
	case "DESCRIPTION":
		first(&e.Description, clean(text(l)))
		first(&e.HTML, clean(dataHTML(l.Param("ALTREP"))))
	case "X-ALT-DESC", "STYLED-DESCRIPTION":
		if isHTML(l) {
			first(&e.HTML, clean(unescaped(l)))
		}
	case "URL":
		first(&e.URL, v.address("URL", l))
	case "ORGANIZER":
		if e.Organizer == (Person{}) {
			v.organizer(l)
		}
	case "CONTACT":
		first(&e.Contact, clean(text(l)))
	case "IMAGE":
		if !isInline(l) {
			first(&e.Image, v.address("Image", l))
		}
	case "CONFERENCE":
		if u := v.address("Conferences", l); u != "" {
			e.Conferences = append(e.Conferences, Conference{URL: u, Label: cleanLine(l.Param("LABEL"))})
		}
	case "ATTACH":
		if isInline(l) {
			break
		}
		if u := v.address("Attachments", l); u != "" {
			kind, _, _ := strings.Cut(l.Param("FMTTYPE"), ";")
			kind = strings.TrimSpace(kind)
			if v.bad("Attachments", l, checkMediaType(kind)) {
				kind = ""
			}
			e.Attachments = append(e.Attachments, Attachment{URL: u, Type: kind})
		}
	case "STATUS":
		s := Status(token(l))
		if s == "CANCELED" {
			s = Cancelled
		}
		if !v.bad("Status", l, oneOf(s, Confirmed, Tentative, Cancelled)) {
			first(&e.Status, s)
		}
	case "TRANSP":
		if t := Transparency(token(l)); !v.bad("Transparency", l, oneOf(t, Opaque, Transparent)) {
			first(&e.Transparency, t)
		}
	case "CLASS":
		c := Class(token(l))
		if oneOf(c, Public, Private, Confidential) != nil {
			c = Private // as section 3.8.1.3 wants it
		}
		first(&e.Class, c)
	case "COLOR":
		if s, err := colorName(l); !v.bad("Color", l, err) {
			first(&e.Color, s)
		}
	case "PRIORITY":
		v.integer("Priority", l, &e.Priority, 9)
	case "SEQUENCE":
		v.integer("Sequence", l, &e.Sequence, math.MaxInt32)
	case "CREATED":
		if !strings.HasPrefix(l.Value, "0000") { // by which Google says that it does not know
			t, err := utcTime(l)
			v.bad("Created", l, err)
			first(&e.Created, t)
		}
	}
}

// first sets what has no value yet.
func first[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func oneOf[T ~string](s T, good ...T) error {
	if slices.Contains(good, s) {
		return nil
	}
	return fmt.Errorf("%q, want one of %q", s, good)
}

// address returns a URI as Encode writes it, or "" and a fault.
func (v *vevent) address(field string, l *contentline.Line) string {
	s := address(l)
	if v.bad(field, l, checkRequiredURI(s)) {
		return ""
	}
	return uri(s)
}

// address returns a URI. No backslash may stand in one: there it is an escape that does not belong there.
func address(l *contentline.Line) string { return unescaped(l) }

// isInline reports whether an IMAGE or ATTACH holds the document itself.
func isInline(l *contentline.Line) bool {
	return strings.EqualFold(l.Param("VALUE"), "BINARY") || strings.EqualFold(l.Param("ENCODING"), "BASE64")
}

func (v *vevent) organizer(l *contentline.Line) {
	o := Person{Name: cleanLine(l.Param("CN"))}
	email, ok := cutPrefixFold(strings.TrimSpace(l.Value), "mailto:")
	if !ok {
		email = l.Param("EMAIL")
	} else {
		email, _, _ = strings.Cut(email, "?") // header fields, a question mark of the address is escaped
		if s, err := url.PathUnescape(email); err == nil {
			email = s
		}
	}
	if !v.bad("Organizer", l, checkEmail(email)) {
		o.Email = email
	}
	v.event.Organizer = o
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func (v *vevent) integer(field string, l *contentline.Line, n *int, most int) {
	i, err := strconv.Atoi(l.Value)
	if err != nil || i < 0 || i > most {
		v.bad(field, l, fmt.Errorf("%s is %q, want 0 to %d", l.Name, l.Value, most))
		return
	}
	first(n, i)
}

// dataHTML returns the document in a data URI of HTML (RFC 2397), or "".
func dataHTML(s string) string {
	s, ok := cutPrefixFold(s, "data:text/html")
	params, data, comma := strings.Cut(s, ",")
	if !ok || !comma || params != "" && params[0] != ';' {
		return ""
	}
	data, err := url.PathUnescape(data)
	if err != nil {
		return ""
	}
	if strings.HasSuffix(strings.ToLower(params), ";base64") {
		b, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return ""
		}
		return string(b)
	}
	return data
}
