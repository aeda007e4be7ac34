package crieur

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/crieur/crieur/internal/content"
)

// A choice is what a query asks of a channel: records of any of the categories,
// with any of the tags, that take place, or were announced, in the days from the
// first to the last. What is empty asks nothing.
type choice struct {
	categories, tags []string // slugs, sorted, each once
	from, to         string   // days as 2027-01-31
}

func (q *choice) isZero() bool {
	return len(q.categories)+len(q.tags) == 0 && q.from+q.to == ""
}

// String is the one query that stands for all which ask the same.
func (q *choice) String() string {
	if q.isZero() {
		return ""
	}
	v := url.Values{"category": q.categories, "tag": q.tags}
	if q.from != "" {
		v.Set("from", q.from)
	}
	if q.to != "" {
		v.Set("to", q.to)
	}
	return "?" + v.Encode()
}

// Bounds of a query: of its length, and of the values that count.
const (
	maxQuery  = 2000
	maxValues = 50
)

// What a query cannot be answered for.
var (
	errQueryLong   = fmt.Errorf("the query is longer than %d bytes", maxQuery)
	errBadQuery    = errors.New("the query cannot be read")
	errNoSuchLabel = errors.New("nothing is called so here")
)

// A chooser answers what is asked of the channels of a site.
type chooser struct {
	*pages
	now      time.Time // of the build
	next     *History
	channels map[string]*channel
	slugs    func() map[string]string // keys of History.labels, by their space and slug
}

func (w *writer) chooser(channels []*channel) *chooser {
	c := &chooser{pages: w.pages, now: w.now, next: w.next, channels: make(map[string]*channel, len(channels))}
	for _, ch := range channels {
		c.channels[ch.Name] = ch
	}
	c.slugs = sync.OnceValue(func() map[string]string {
		keys := make(map[string]string, len(c.next.labels))
		for key, l := range c.next.labels {
			keys[labelSpace(key)+fold(l.Slug)] = key
		}
		return keys
	})
	return c
}

// read returns what a query asks of ch. Keys and values are read as people write
// them: whatever the case, by name or slug, again and again for several. Keys
// that ask nothing here are passed over, as are empty values.
func (c *chooser) read(ch *channel, query string) (*choice, error) {
	if len(query) > maxQuery {
		return nil, errQueryLong
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadQuery, err)
	}
	q, n := new(choice), 0
	for _, key := range slices.Sorted(maps.Keys(values)) {
		for _, v := range values[key] {
			if v = strings.TrimSpace(v); v == "" {
				continue
			}
			switch field := queryField(key); field {
			case "category", "tag":
				slug, err := c.slug(ch.Kind+"/"+field+"/", v)
				if err != nil {
					return nil, fmt.Errorf("%s %.80q: %w; the first page lists all, and %[1]s=… again asks for another besides", field, v, err)
				}
				if field == "tag" {
					q.tags = append(q.tags, slug)
				} else {
					q.categories = append(q.categories, slug)
				}
			case "from":
				err = setDay(&q.from, v)
			case "to":
				err = setDay(&q.to, v)
			default:
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("%w: %.20s: %w", errBadQuery, key, err)
			}
			if n++; n > maxValues {
				return nil, fmt.Errorf("%w: it has more than %d values", errBadQuery, maxValues)
			}
		}
	}
	if q.from != "" && q.to != "" && q.to < q.from {
		return nil, fmt.Errorf("%w: to %s is before from %s", errBadQuery, q.to, q.from)
	}
	for _, list := range []*[]string{&q.categories, &q.tags} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return q, nil
}

// queryField is what a key of a query asks: "Catégories[]" is category. Empty:
// nothing.
func queryField(key string) string {
	switch key = strings.TrimSuffix(withoutAccents(fold(key)), "[]"); key {
	case "category", "categories", "categorie":
		return "category"
	case "tag", "tags":
		return "tag"
	case "from", "to":
		return key
	}
	return ""
}

// asks reports whether a query asks for a choice, if only by a key of which
// nothing more can be read. What others have put there, to count or to get
// around caches, asks for nothing.
func asks(query string) bool {
	for part := range strings.FieldsFuncSeq(query, func(r rune) bool { return r == '&' || r == ';' }) {
		key, _, _ := strings.Cut(part, "=")
		if text, err := url.QueryUnescape(key); err == nil {
			key = text
		}
		if queryField(key) != "" {
			return true
		}
	}
	return false
}

// slug finds a category or tag by its slug, else by its name.
func (c *chooser) slug(space, value string) (string, error) {
	value = fold(value)
	key, ok := c.slugs()[space+value]
	if !ok {
		key = space + value
	}
	l, ok := c.next.labels[key]
	if !ok || labelSpace(key) != space {
		return "", errNoSuchLabel
	}
	return l.Slug, nil
}

// setDay reads a day, which may stand twice if it is the same.
func setDay(p *string, v string) error {
	if _, err := time.Parse(time.DateOnly, v); err != nil || v < "0001" {
		return fmt.Errorf("%.20q is no day such as 2027-01-31", v)
	}
	if *p != "" && *p != v {
		return fmt.Errorf("it is %s and %s", *p, v)
	}
	*p = v
	return nil
}

// choose is ch with what q asks of it alone.
func (c *chooser) choose(ch *channel, q *choice) *channel {
	chosen := channel{Channel: ch.Channel}
	chosen.group, chosen.query, chosen.whole = "choice", q.String(), ch
	chosen.Title += c.cfg.words.Text.Colon + c.describe(ch, q)
	categories, tags := c.keys(ch.Kind+"/category/", q.categories), c.keys(ch.Kind+"/tag/", q.tags)
	from, to := c.window(q)
	for _, it := range ch.items {
		if it.hasAny(categories) && it.hasAny(tags) && c.cfg.takesPlace(it.entry, from, to) {
			chosen.items = append(chosen.items, it)
		}
	}
	return &chosen
}

// keys are those of History.labels for the slugs of a space; nil: all.
func (c *chooser) keys(space string, slugs []string) map[string]bool {
	var keys map[string]bool
	for _, s := range slugs {
		if keys == nil {
			keys = map[string]bool{}
		}
		keys[c.slugs()[space+fold(s)]] = true
	}
	return keys
}

// hasAny reports whether an item has one of these categories or tags, where there
// are any.
func (it *item) hasAny(keys map[string]bool) bool {
	return len(keys) == 0 || slices.ContainsFunc(it.marks, func(m mark) bool { return keys[m.key] })
}

// window is the time that the days of a choice take; zero: there is no first, no
// last.
func (c *chooser) window(q *choice) (from, to time.Time) {
	if t, err := time.ParseInLocation(time.DateOnly, q.from, c.cfg.zone); err == nil {
		from = t
	}
	if t, err := time.ParseInLocation(time.DateOnly, q.to, c.cfg.zone); err == nil {
		to = t.AddDate(0, 0, 1)
	}
	return from, to
}

// takesPlace reports whether an event takes place, at one of its times, in the time
// from from until before to, or was to when it was first announced: whoever
// waits for it there learns where to it has moved. For an article it is the day
// of its announcement that counts.
func (s *settings) takesPlace(e *entry, from, to time.Time) bool {
	if from.IsZero() && to.IsZero() {
		return true
	}
	r := e.Record
	if e.Kind == content.Article {
		return !e.Published.Before(from) && (to.IsZero() || e.Published.Before(to))
	}
	return s.within(r.When, from, to) || e.First != nil && s.within(e.First.When, from, to) || !r.Repeat.IsZero() && s.recurs(r, from, to)
}

// recurs reports whether a series takes place in a time.
func (s *settings) recurs(r *content.Record, from, to time.Time) bool {
	if from.IsZero() {
		from = r.When.Start.AddDate(0, 0, -2).In(s.zone)
	}
	for range series(r).Occurrences(from, to) {
		return true
	}
	return false
}

// within reports whether a time begins from from until before to, or is under way
// at from. Days are those of the site's zone.
func (s *settings) within(w content.Span, from, to time.Time) bool {
	start := w.Start
	if w.AllDay {
		y, m, d := start.Date()
		start = time.Date(y, m, d, 0, 0, 0, 0, s.zone)
	}
	return (to.IsZero() || start.Before(to)) && (from.IsZero() || !start.Before(from) || s.end(w).After(from))
}

// inTitle is how many categories, and how many tags, a title names.
const inTitle = 6

// describe says what q asks of ch: "Ateliers, Balades · du 1er au 31 mars 2027".
func (c *chooser) describe(ch *channel, q *choice) string {
	var parts []string
	name := func(space string, slugs []string) {
		names := make([]string, len(slugs))
		for i, s := range slugs {
			names[i] = c.next.labels[c.slugs()[space+fold(s)]].Title
		}
		if len(names) > inTitle {
			names = append(names[:inTitle], "…")
		}
		if len(names) > 0 {
			parts = append(parts, strings.Join(names, ", "))
		}
	}
	name(ch.Kind+"/category/", q.categories)
	name(ch.Kind+"/tag/", q.tags)
	if from, to := c.window(q); !from.IsZero() || !to.IsZero() {
		if !to.IsZero() {
			to = to.AddDate(0, 0, -1)
		}
		parts = append(parts, c.cfg.words.Between(from, to))
	}
	return strings.Join(parts, " · ")
}
