package feeds

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What a [FieldError] can wrap, beside the faults of addresses.
var (
	ErrMissing   = errors.New("is missing")
	ErrAddress   = errors.New("is not an absolute address")
	ErrDate      = errors.New("cannot be printed")
	ErrOrder     = errors.New("is before the start")
	ErrDuplicate = errors.New("is there twice")
	ErrSyntax    = errors.New("is malformed")
)

// A FieldError is a fault in one field of a feed, an article or a subscription.
type FieldError struct {
	Article int    // index in Feed.Articles or Outline.Feeds; -1: the feed or outline itself
	ID      string // of the article, or the address of the subscription; may be empty
	Field   string // such as "Enclosure.URL"
	Err     error  // what was found and what was wanted; wraps one of the Err variables
}

func (e *FieldError) Error() string {
	switch {
	case e.Article < 0:
		return fmt.Sprintf("%s %v", e.Field, e.Err)
	case e.ID == "":
		return fmt.Sprintf("entry %d: %s %v", e.Article, e.Field, e.Err)
	}
	return fmt.Sprintf("entry %d (%s): %s %v", e.Article, e.ID, e.Field, e.Err)
}

// Unwrap returns e.Err.
func (e *FieldError) Unwrap() error { return e.Err }

// Check returns every fault of f, or nil if each Encode function can write it.
// The faults are joined: the error's Unwrap method returns a []error, each a [*FieldError].
func Check(f *Feed) error {
	c := checker{article: -1}
	c.feed(f)
	seen := make(map[string]int, len(f.Articles))
	for i := range f.Articles {
		a := &f.Articles[i]
		c.article, c.id = i, a.ID
		id := uri(a.ID)
		if first, twice := seen[id]; twice && id != "" {
			c.duplicate(first)
		} else {
			seen[id] = i
		}
		c.articleFields(a)
	}
	return errors.Join(c.faults...)
}

const (
	optional = false
	required = true
)

// A checker collects the faults of one feed.
type checker struct {
	article int
	id      string
	faults  []error
}

func (c *checker) feed(f *Feed) {
	c.uri("ID", f.ID)
	c.text("Title", f.Title)
	c.url("URL", f.URL, required)
	c.url("Image", f.Image, optional)
	c.url("Icon", f.Icon, optional)
	c.url("RSS", f.RSS, optional)
	c.url("Atom", f.Atom, optional)
	c.url("JSON", f.JSON, optional)
	c.url("Stylesheet", f.Stylesheet, optional)
	for _, hub := range f.Hubs {
		c.url("Hubs", hub, required)
	}
	for _, part := range [...]struct {
		name string
		Addresses
	}{{"Current", f.Part.Current}, {"Older", f.Part.Older}, {"Newer", f.Part.Newer}} {
		if part.Addresses == (Addresses{}) {
			continue // as most are
		}
		c.url("Part."+part.name+".RSS", part.RSS, optional)
		c.url("Part."+part.name+".Atom", part.Atom, optional)
		c.url("Part."+part.name+".JSON", part.JSON, optional)
	}
	c.language("Language", f.Language)
	c.people(f.Authors)
	c.date("Updated", f.Updated, optional)
}

func (c *checker) duplicate(first int) {
	c.fault("ID", fmt.Errorf("%w, entry %d has it too", ErrDuplicate, first))
}

func (c *checker) articleFields(a *Article) {
	c.uri("ID", a.ID)
	c.text("Title", a.Title)
	c.url("URL", a.URL, optional)
	c.people(a.Authors)
	c.language("Language", a.Language)
	c.date("Published", a.Published, optional)
	c.date("Updated", a.Updated, required)
	c.url("Image", a.Image, optional)
	c.url("Calendar", a.Calendar, optional)
	if e := a.Enclosure; e != nil {
		c.url("Enclosure.URL", e.URL, required)
		if e.Type != "" && !isMediaType(e.Type) {
			c.fault("Enclosure.Type", fmt.Errorf("%w: %q, want the form type/subtype", ErrSyntax, e.Type))
		}
		if e.Length < 0 {
			c.fault("Enclosure.Length", fmt.Errorf("%w: %d, want a number of bytes", ErrSyntax, e.Length))
		}
	}
	if src := a.Source; src != nil {
		if src.ID != "" {
			c.uri("Source.ID", src.ID)
		}
		c.text("Source.Title", src.Title)
		c.url("Source.URL", src.URL, required)
		c.date("Source.Updated", src.Updated, optional)
	}
	if e := a.Event; e != nil {
		c.local("Event.Start", e.time(e.Start), required)
		c.local("Event.End", e.time(e.End), optional)
		if !e.End.IsZero() && e.End.Before(e.Start) {
			c.fault("Event.End", fmt.Errorf("%s %w %s", e.End.Format(time.DateTime), ErrOrder, e.Start.Format(time.DateTime)))
		}
	}
}

func (c *checker) fault(field string, err error) {
	c.faults = append(c.faults, &FieldError{Article: c.article, ID: c.id, Field: field, Err: err})
}

func (c *checker) text(field, s string) {
	if block(s) == "" {
		c.fault(field, ErrMissing)
	}
}

func (c *checker) uri(field, s string) {
	if s == "" {
		c.fault(field, ErrMissing)
		return
	}
	if err := checkURI(s); err != nil {
		c.fault(field, fmt.Errorf("%w: %q %w", ErrAddress, s, err))
	}
}

func (c *checker) url(field, s string, need bool) {
	if s == "" {
		if need {
			c.fault(field, ErrMissing)
		}
		return
	}
	if err := checkURL(s); err != nil {
		c.fault(field, fmt.Errorf("%w: %q %w", ErrAddress, s, err))
	}
}

// date checks a date that is written in UTC. The formats have four digits for the year.
func (c *checker) date(field string, t time.Time, need bool) {
	if t.IsZero() {
		if need {
			c.fault(field, ErrMissing)
		}
		return
	}
	if year := t.UTC().Year(); year < 1 || year > 9999 {
		c.fault(field, fmt.Errorf("%w: year %d, want 1 to 9999", ErrDate, year))
	}
}

// local checks a date that is written in its own zone, whose offset must be one that RFC 3339 can say.
func (c *checker) local(field string, t time.Time, need bool) {
	c.date(field, t, need)
	if year := t.Year(); !t.IsZero() && t.UTC().Year() != year && (year < 1 || year > 9999) {
		c.fault(field, fmt.Errorf("%w: year %d, want 1 to 9999", ErrDate, year))
	}
	if _, offset := t.Zone(); offset%60 != 0 || offset <= -24*60*60 || offset >= 24*60*60 {
		c.fault(field, fmt.Errorf("%w: offset of %d seconds, want whole minutes and less than a day", ErrDate, offset))
	}
}

func (c *checker) people(people []Person) {
	for i := range people {
		p := &people[i]
		if p.Email != "" && !isEmail(p.Email) {
			c.fault("Authors.Email", fmt.Errorf("%w: %q, want the form name@host", ErrSyntax, p.Email))
		}
		if p.URI == "" || strings.HasPrefix(p.URI, "mailto:") && checkURI(p.URI) == nil {
			continue
		}
		c.url("Authors.URI", p.URI, optional)
	}
}

func (c *checker) language(field, s string) {
	if s == "" {
		return
	}
	first := true
	for part := range strings.SplitSeq(s, "-") {
		ok := isSubtag(part, first)
		if first = false; !ok {
			c.fault(field, fmt.Errorf("%w: %q, want a language tag such as fr or fr-CA", ErrSyntax, s))
			return
		}
	}
}

func isSubtag(s string, first bool) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (first || s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return 1 <= len(s) && len(s) <= 8
}

// isEmail reports whether s has the form of an address, without judging more than its shape.
func isEmail(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && host != "" && isToken(name, "") && isToken(host, "")
}

// isMediaType reports whether s is type/subtype, with or without parameters.
func isMediaType(s string) bool {
	s, params, _ := strings.Cut(s, ";")
	major, minor, ok := strings.Cut(strings.TrimSpace(s), "/")
	return ok && isToken(major, "/") && isToken(minor, "/") && line(params) == strings.TrimSpace(params)
}

// isToken reports whether s is visible ASCII without delimiters and without the characters of but.
func isToken(s, but string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7F || strings.IndexByte(`"(),;:<>@[\]`, s[i]) >= 0 || strings.IndexByte(but, s[i]) >= 0 {
			return false
		}
	}
	return s != ""
}
