package calendar

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Check returns every fault that keeps c from being written, or nil. The error's Unwrap() []error gives a
// [*FieldError] for each: those of the calendar, then those of its events in the order given.
func Check(c *Calendar) error {
	_, _, err := arrange(c)
	return err
}

func (c *Calendar) check(f *faults) {
	bad := func(field string, err error) { f.add(-1, "", field, err) }
	if c.UID != "" {
		bad("UID", checkUID(c.UID))
	}
	bad("ProdID", checkText(c.ProdID))
	bad("Name", checkText(c.Name))
	bad("Description", checkText(c.Description))
	bad("Color", checkColor(c.Color))
	bad("Image", checkURI(c.Image))
	bad("URL", checkURI(c.URL))
	bad("Source", checkURI(c.Source))
	bad("Language", checkLanguage(c.Language))
	if c.Refresh < 0 {
		bad("Refresh", fmt.Errorf("%s, want zero or more", c.Refresh))
	}
	bad("Refresh", checkWhole(c.Refresh))
	if !c.Updated.IsZero() {
		bad("Updated", checkTime(c.Updated))
	}
	for i := range c.Extra {
		bad("Extra", c.Extra[i].check())
	}
}

func (e *Event) check(f *faults, i int) {
	bad := func(field string, err error) { f.add(i, e.UID, field, err) }
	bad("UID", checkUID(e.UID))
	if isEmpty(e.Summary) {
		bad("Summary", ErrMissing)
	}
	bad("Summary", checkText(e.Summary))
	bad("Description", checkText(e.Description))
	bad("HTML", checkText(e.HTML))
	bad("Location", checkText(e.Location))
	bad("Address", checkText(e.Address))
	bad("Contact", checkText(e.Contact))
	bad("Organizer", checkText(e.Organizer.Name))
	bad("Categories", checkNumber(len(e.Categories)))
	for _, s := range e.Categories {
		bad("Categories", checkText(s))
	}
	bad("Conferences", checkNumber(len(e.Conferences)))
	bad("Attachments", checkNumber(len(e.Attachments)))
	bad("Reminders", checkNumber(len(e.Reminders)))
	bad("Extra", checkNumber(len(e.Extra)))
	bad("When", e.When.check())
	if e.HTML != "" && isEmpty(e.Description) {
		bad("Description", fmt.Errorf("%w: HTML needs its text", ErrMissing))
	}
	if e.Geo != nil {
		bad("Geo", e.Geo.check())
	}
	bad("URL", checkURI(e.URL))
	bad("Organizer", checkEmail(e.Organizer.Email))
	bad("Image", checkURI(e.Image))
	for _, c := range e.Conferences {
		bad("Conferences", checkText(c.Label))
		bad("Conferences", checkRequiredURI(c.URL))
	}
	for _, a := range e.Attachments {
		bad("Attachments", checkRequiredURI(a.URL))
		bad("Attachments", checkMediaType(a.Type))
	}
	switch e.Status {
	case "", Confirmed, Tentative, Cancelled:
	default:
		bad("Status", fmt.Errorf("%q, want %s, %s or %s", e.Status, Confirmed, Tentative, Cancelled))
	}
	switch e.Transparency {
	case "", Opaque, Transparent:
	default:
		bad("Transparency", fmt.Errorf("%q, want %s or %s", e.Transparency, Opaque, Transparent))
	}
	switch e.Class {
	case "", Public, Private, Confidential:
	default:
		bad("Class", fmt.Errorf("%q, want %s, %s or %s", e.Class, Public, Private, Confidential))
	}
	if e.Priority < 0 || e.Priority > 9 {
		bad("Priority", fmt.Errorf("%d, want 1 to 9, or 0 for none", e.Priority))
	}
	bad("Color", checkColor(e.Color))
	for _, r := range e.Reminders {
		bad("Reminders", checkWhole(r.Before))
		bad("Reminders", checkText(r.Text))
		if r.Before.Abs() > maxBefore {
			bad("Reminders", fmt.Errorf("%s before the start, want at most a year", r.Before))
		}
	}
	for i := range e.Extra {
		bad("Extra", e.Extra[i].check())
	}
	if !e.Created.IsZero() {
		bad("Created", checkTime(e.Created))
	}
	if e.Updated.IsZero() {
		bad("Updated", ErrMissing)
	} else {
		bad("Updated", checkTime(e.Updated))
	}
	if e.Sequence < 0 || e.Sequence > math.MaxInt32 {
		bad("Sequence", fmt.Errorf("%d, want 0 to %d", e.Sequence, math.MaxInt32))
	}
	e.checkSeries(f, i)
}

func checkWhole(d time.Duration) error {
	if d%time.Second != 0 {
		return fmt.Errorf("%s, want whole seconds", d)
	}
	return nil
}

// Greatest sizes, far above what readers show, so that a mistake does not take the whole calendar from them.
const (
	maxText   = 256 << 10 // octets of a text
	maxList   = 1000      // entries of a list
	maxBefore = 366 * 24 * time.Hour
)

func checkText(s string) error {
	if len(s) > maxText {
		return fmt.Errorf("%d octets long, want at most %d", len(s), maxText)
	}
	return nil
}

func checkNumber(n int) error {
	if n > maxList {
		return fmt.Errorf("%d of them, want at most %d", n, maxList)
	}
	return nil
}

func checkUID(s string) error {
	const most = 255 // RFC 7986, section 5.3
	switch {
	case s == "":
		return ErrMissing
	case len(s) > most:
		return fmt.Errorf("%d octets long, want at most %d", len(s), most)
	case !all(s, inUID):
		return fmt.Errorf("%q, want visible ASCII characters other than comma, semicolon and backslash", s)
	}
	return nil
}

func (g *Geo) check() error {
	if !(g.Lat >= -90 && g.Lat <= 90 && g.Lon >= -180 && g.Lon <= 180) {
		return fmt.Errorf("latitude %v, longitude %v, want at most 90 and 180 degrees", g.Lat, g.Lon)
	}
	return nil
}

func checkRequiredURI(s string) error {
	if trimURI(s) == "" {
		return ErrMissing
	}
	return checkURI(s)
}

// checkMediaType returns what keeps s from being an FMTTYPE (RFC 5545, section 3.2.8). The empty s is none, and good.
func checkMediaType(s string) error {
	kind, sub, ok := strings.Cut(s, "/")
	if s != "" && !(ok && isRestrictedName(kind) && isRestrictedName(sub)) {
		return fmt.Errorf("%q, want a media type without parameters, such as text/html", s)
	}
	return nil
}

// isRestrictedName reports whether s is a restricted-name of RFC 6838, section 4.2.
func isRestrictedName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !is(c, alnum) && (i == 0 || strings.IndexByte("!#$&-^_.+", c) < 0) {
			return false
		}
	}
	return s != "" && len(s) <= 127
}

// checkLanguage returns what keeps s from being a language tag (RFC 5646) by its form. The empty s is none, and good.
func checkLanguage(s string) error {
	const most = 100
	switch {
	case s == "":
		return nil
	case len(s) > most:
		return fmt.Errorf("%d octets long, want at most %d", len(s), most)
	}
	for part := range strings.SplitSeq(s, "-") {
		if part == "" || len(part) > 8 || !all(part, alnum) {
			return fmt.Errorf("%q is not a language tag", s)
		}
	}
	return nil
}
