package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/contentline"
)

// A decoder makes a Calendar of content lines, and gathers what it cannot say.
type decoder struct {
	cal    *Calendar
	zones  zoneFinder
	faults faults
}

func newDecoder() *decoder { return &decoder{cal: &Calendar{}} }

func (d *decoder) fault(event int, uid, field string, line int, err error) {
	if err != nil {
		d.faults = append(d.faults, &FieldError{Event: event, UID: uid, Field: field, Line: line, Err: err})
	}
}

// calendar reads a VCALENDAR.
func (d *decoder) calendar(root *contentline.Component) {
	d.zones.read(root)
	d.header(root)
	d.events(root)
}

// events reads the VEVENTs of a VCALENDAR.
func (d *decoder) events(root *contentline.Component) {
	var list []*vevent
	for _, c := range root.Components {
		if c.Name == "VEVENT" {
			list = append(list, d.event(len(list), c))
		}
	}
	d.gather(list)
}

// header reads the properties of the calendar itself.
func (d *decoder) header(root *contentline.Component) {
	c := d.cal
	// bad leaves out a value with a fault in it.
	bad := func(field string, l *contentline.Line, err error) bool {
		if err != nil {
			d.fault(-1, "", field, l.Number, err)
		}
		return err != nil
	}
	address := func(field, name string) string {
		l := find(root, name)
		if l == nil || bad(field, l, checkURI(l.Value)) {
			return ""
		}
		return uri(l.Value)
	}
	line := func(names ...string) string {
		for _, name := range names {
			if l := find(root, name); l != nil {
				if s := clean(text(l)); s != "" {
					return s
				}
			}
		}
		return ""
	}
	if s := cleanLine(line("PRODID")); s != defaultProdID {
		c.ProdID = s
	}
	c.UID = line("UID")
	c.Name = cleanLine(line("NAME", "X-WR-CALNAME"))
	c.Description = line("DESCRIPTION", "X-WR-CALDESC")
	c.URL = address("URL", "URL")
	c.Source = address("Source", "SOURCE")
	if l := find(root, "IMAGE"); l != nil && !strings.EqualFold(l.Param("VALUE"), "BINARY") {
		c.Image = address("Image", "IMAGE")
	}
	if l := cmp.Or(find(root, "COLOR"), find(root, "X-APPLE-CALENDAR-COLOR")); l != nil {
		if s, err := colorName(l); l.Name == "X-APPLE-CALENDAR-COLOR" || !bad("Color", l, err) {
			c.Color = s
		}
	}
	for _, name := range [...]string{"NAME", "DESCRIPTION"} {
		if l := find(root, name); l != nil && c.Language == "" && c.Name+c.Description != "" {
			if s := l.Param("LANGUAGE"); !bad("Language", l, checkLanguage(s)) {
				c.Language = s
			}
		}
	}
	if l := cmp.Or(find(root, "REFRESH-INTERVAL"), find(root, "X-PUBLISHED-TTL")); l != nil {
		if s, err := parseDuration(l.Value); !bad("Refresh", l, err) {
			c.Refresh = s.duration()
			if c.Refresh < 0 {
				bad("Refresh", l, fmt.Errorf("%s, want a duration that is not negative", l.Value))
				c.Refresh = 0
			}
		}
	}
	if l := find(root, "LAST-MODIFIED"); l != nil {
		t, err := utcTime(l)
		bad("Updated", l, err)
		c.Updated = t
	}
	if l := find(root, "X-WR-TIMEZONE"); l != nil {
		loc, err := d.zones.named(strings.TrimSpace(text(l)))
		if !bad("Location", l, err) && loc != time.UTC { // which nil is
			c.Location = loc
		}
	}
	c.Extra = d.extra(root, -1, "")
}

// colorName returns the name of a color. That of a code such as #ff0000 is its own, if it has one.
func colorName(l *contentline.Line) (string, error) {
	s := strings.TrimSpace(text(l))
	if code, ok := strings.CutPrefix(strings.ToLower(s), "#"); ok && (len(code) == 6 || len(code) == 8 && code[6:] == "ff") {
		for field := range strings.FieldsSeq(cssColors) {
			if name, c, _ := strings.Cut(field, "#"); c == code[:6] {
				return name, nil
			}
		}
	}
	if err := checkColor(s); err != nil {
		return "", err
	}
	return s, nil
}

// unreadable tells what [contentline.Parse] could not read, and in which event it is.
func (d *decoder) unreadable(root *contentline.Component, err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	events := slices.DeleteFunc(slices.Clone(root.Components), func(c *contentline.Component) bool { return c.Name != "VEVENT" })
	for _, err := range joined.Unwrap() {
		bad, ok := errors.AsType[*contentline.Error](err)
		if !ok {
			continue
		}
		i, _ := slices.BinarySearchFunc(events, bad.Line+1, func(c *contentline.Component, line int) int { return cmp.Compare(c.Line, line) })
		i-- // the last that begins before the line
		if i >= 0 && events[i].End > 0 && events[i].End < bad.Line {
			i = -1
		}
		uid := ""
		if i >= 0 {
			uid = strings.TrimSpace(text(find(events[i], "UID")))
		}
		d.fault(i, uid, "", bad.Line, errors.New(bad.Reason))
	}
}
