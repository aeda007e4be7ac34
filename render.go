package crieur

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/feeds"
	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/locale"
	"github.com/crieur/crieur/internal/markup"
	"github.com/crieur/crieur/internal/zone"
)

// summaryLength is how many characters of a text stand for it in a list.
const summaryLength = 300

// An item is a published record in the forms that documents are made of.
// Items are made once for each revision and shared by all documents.
type item struct {
	*entry

	// What the entry says, too: who goes through all items finds it here.
	kind               content.Kind
	session, repeats   bool
	published, updated time.Time

	key   [sha256.Size]byte // of all that documents show of the entry
	page  string            // address of the record's own page
	ics   string            // path in the site of an event's own calendar
	html  string            // path in the site of the record's page; empty: its page is elsewhere
	when  string            // an event's day and hours, in words; of a series, the first
	again string            // of a series: when else it is
	line  string            // all this with its place, and with what of it has changed

	outline feeds.Article // what tells its place in a feed, and about how long it is there
	uuid    bool          // its ID is one that crieur gave
	over    time.Time     // when an event that takes place once is over
	since   int           // the round of the Builder that made it
	round   int           // of the Builder, that had it last

	newWhen, newWhere locale.Change

	marks []mark

	plain func() string // the body as text
	body  func() string // the body as safe HTML

	// Made when first wanted, and kept.
	summary func() string
	listed  atomic.Pointer[[]listedItem] // see pages.inList
	full    func() *feeds.Article        // with its content; made again when it was forgotten meanwhile
	article func() *feeds.Article        // likewise, of those in documents that readers poll, and kept
	planned func() (*feeds.Prepared, error)
	event   lazyEvent
}

// A lazyEvent is the calendar's form of an item, as all calendars have it.
type lazyEvent struct {
	once     sync.Once
	prepared *calendar.Prepared
	err      error
}

// errBody is that of a body which cannot be read at all.
var errBody = errors.New("the text cannot be published")

// forms are those of a record's body that documents are made of, as long as
// the build lasts that read it: what is wanted later is made again.
type forms struct {
	plain, html atomic.Pointer[string]
}

func (f *forms) forget() {
	f.plain.Store(nil)
	f.html.Store(nil)
}

// document reads a record's body. The error is that of a body too complex to
// be read as markup; the document is then the text as written, or nil and the
// error wraps errBody.
func (s *settings) document(r *content.Record) (*markup.Document, error) {
	d, err := markup.Parse(r.Body, r.Format, s.recordURL(r))
	if err == nil {
		return d, nil
	}
	d, worse := markup.Parse(r.Body, markup.Text, s.recordURL(r))
	if worse != nil {
		return nil, fmt.Errorf("%w: %w", errBody, worse)
	}
	return d, asWritten(err)
}

func asWritten(err error) error {
	return fmt.Errorf("the text is published as it is written, without its markup: %w", err)
}

// forms makes both forms of a record's body while it is read.
func (s *settings) forms(r *content.Record) (*forms, error) {
	d, err := s.document(r)
	if d == nil {
		return nil, err
	}
	defer d.Free()
	f := new(forms)
	f.plain.Store(new(d.Plain()))
	if r.Format != markup.Text { // whose title stands above
		html, failed := d.HTML()
		if failed != nil {
			return f, asWritten(failed) // see rendered
		}
		f.html.Store(&html)
	}
	return f, err
}

// plain is a record's body as text alone. What is wrong with it was told when it
// was read.
func (s *settings) plain(r *content.Record, f *forms) string {
	if text := f.plain.Load(); text != nil {
		return *text
	}
	d, _ := s.document(r)
	if d == nil {
		return ""
	}
	defer d.Free()
	return d.Plain()
}

// rendered is a record's body as HTML alone, likewise.
func (s *settings) rendered(r *content.Record, f *forms) string {
	if out := f.html.Load(); out != nil {
		return *out
	}
	body := r.Body
	if rest, ok := strings.CutPrefix(body, r.Title+"\n"); ok && r.Format == markup.Text {
		body = rest // the title stands above
	}
	out, err := markup.Render(body, r.Format, s.recordURL(r))
	if err != nil {
		out, _ = markup.Render(body, markup.Text, s.recordURL(r))
	}
	return out
}

// recordURL is what a record's relative addresses are resolved against: its
// own page on the website.
func (s *settings) recordURL(r *content.Record) *url.URL {
	if r.Permalink != "" {
		if u, err := s.website.Parse(r.Permalink); err == nil {
			return u
		}
	}
	return s.website
}

// asset is the address of a picture or a file that a record's fields name. A
// path with folders ("uploads/a.pdf") is one of the website, a name alone is
// beside the record's page.
func (s *settings) asset(r *content.Record, ref string) string {
	if ref == "" {
		return ""
	}
	base := s.recordURL(r)
	if strings.Contains(ref, "/") && !strings.HasPrefix(ref, ".") {
		base = s.website
	}
	return markup.Absolute(ref, base)
}

// ownPage is the address of the page a record has on the website; empty if
// it has none.
func (s *settings) ownPage(r *content.Record) string {
	if r.Permalink == "" {
		return ""
	}
	return markup.Absolute(r.Permalink, s.website)
}

// item makes the forms of an entry.
func (s *settings) item(e *entry, text *forms) *item {
	it := s.draft(e, text)
	it.key = e.key()
	if e.Record.Session {
		return it
	}
	it.marks = marks(e.Record)
	it.outline, it.uuid = e.outline(), isUUID(e.ID)
	it.full = weakly(func() *feeds.Article { return new(s.full(it)) })
	it.article = sync.OnceValue(func() *feeds.Article { return it.full() })
	it.planned = sync.OnceValues(func() (*feeds.Prepared, error) {
		return feeds.Prepare(&feeds.Feed{Authors: s.signature}, it.full())
	})
	if e.Kind == content.Event {
		it.over = s.end(e.Record.When)
	}
	return it
}

// draft is an item as far as its event and its heading are made of it.
func (s *settings) draft(e *entry, text *forms) *item {
	r := e.Record
	it := &item{entry: e, kind: e.Kind, session: e.Parent != "", repeats: !r.Repeat.IsZero(), published: e.Published, updated: e.Updated}
	it.plain = func() string { return s.plain(r, text) }
	if r.Session { // it has no page, and is in no feed
		return it
	}
	if it.page = s.ownPage(r); it.page == "" && !e.Private {
		it.html = slugSpace(e.Kind) + e.Slug + ".html"
		it.page = s.address(it.html)
	}
	it.summary = sync.OnceValue(func() string {
		if r.Summary != "" {
			return r.Summary
		}
		// A text that begins with its title does not say it twice in a list.
		return markup.Summary(strings.TrimPrefix(it.plain(), r.Title+"\n"), summaryLength)
	})
	it.body = func() string { return s.rendered(r, text) }
	if e.Kind == content.Event {
		if !e.Private {
			it.ics = "event/" + e.Slug + ".ics"
		}
		first := s.current(r, time.Time{})
		it.when, it.again = s.words.Span(first.AllDay, first.Start, first.End, s.zone), s.again(r, first)
		it.newWhen, it.newWhere = s.changes(e)
		it.line = s.line(it)
	}
	return it
}

// key is that of all of an entry that documents show.
func (e *entry) key() [sha256.Size]byte {
	f := newFingerprinter()
	defer f.free()
	f.texts(e.ID, e.Parent, e.Slug, e.Seen)
	f.ints(int64(e.Kind), int64(e.Sequence))
	if e.Private {
		f.texts("private")
	}
	for _, t := range []time.Time{e.Published, e.Created, e.Updated, e.Withdrawn} {
		f.time(t)
	}
	if e.Record != nil {
		f.texts(e.Record.Language) // which Seen has not where it is, or was, that of the site
		f.texts(zone.Rules(e.Record.When.Start.Location().String()))
	}
	if a := e.First; a != nil {
		f.texts(zone.Rules(a.When.Start.Location().String()))
		f.texts(a.Location)
		f.flag(a.When.AllDay)
		f.time(a.When.Start)
		f.time(a.When.End)
	}
	return sha256.Sum256(*f)
}

func (e *entry) cancelled() bool { return !e.live() || e.Record.Status == "cancelled" }

// prepared makes the calendar's form of an item when it is first wanted.
func (s *settings) prepared(it *item) (*calendar.Prepared, error) {
	l := &it.event
	l.once.Do(func() {
		defer func() {
			if p := recover(); p != nil { // all who want it are told the same
				l.err = fmt.Errorf("internal error: %v", p)
			}
		}()
		e := s.event(it)
		l.prepared, l.err = calendar.Prepare(&e)
	})
	return l.prepared, l.err
}

// event is the calendar's form of an item.
func (s *settings) event(it *item) calendar.Event {
	e, r := it.entry, it.Record
	ev := calendar.Event{
		UID:         e.ID,
		URL:         it.page,
		Summary:     r.Title,
		Description: s.description(r, it.plain()),
		When:        when(r.When),
		Location:    r.Location,
		Categories:  categories(r),
		Contact:     r.Contact,
		Status:      calendar.Confirmed,
		Created:     e.Created,
		Updated:     e.Updated,
		Sequence:    e.Sequence,
	}
	switch {
	case e.cancelled():
		ev.Status = calendar.Cancelled
	case r.Status == "tentative":
		ev.Status = calendar.Tentative
	}
	repeat(&ev, r.Repeat) // one that cannot be was left out when it was read
	for _, d := range r.Reminders {
		ev.Reminders = append(ev.Reminders, calendar.Reminder{Before: d})
	}
	if r.HasPosition {
		ev.Geo = &calendar.Geo{Lat: r.Latitude, Lon: r.Longitude}
	}
	ev.Organizer = calendar.Person{Name: r.Organizer.Name, Email: r.Organizer.Email}
	base := s.recordURL(r)
	if u := s.asset(r, r.Image); isWeb(u) {
		ev.Image = u
	}
	if u := markup.Absolute(r.Online, base); isWeb(u) {
		ev.Conferences = []calendar.Conference{{URL: u, Label: s.words.Text.Online}}
	}
	for _, f := range r.Enclosures {
		if u := s.asset(r, f.URL); isWeb(u) {
			ev.Attachments = append(ev.Attachments, calendar.Attachment{URL: u, Type: f.Type})
		}
	}
	return ev
}

func isWeb(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}

func when(span content.Span) calendar.When {
	switch {
	case span.AllDay:
		return calendar.Days(calendar.DateOf(span.Start), calendar.DateOf(span.End))
	case span.End.IsZero():
		return calendar.At(span.Start)
	}
	return calendar.Between(span.Start, span.End)
}

// categories are a record's categories and tags, each once.
func categories(r *content.Record) []string {
	var all, seen []string
	for _, list := range [...][]string{r.Categories, r.Tags} {
		for _, c := range list {
			if key := fold(c); !slices.Contains(seen, key) {
				seen, all = append(seen, key), append(all, c)
			}
		}
	}
	return all
}

// description is the text of an event in a calendar: what it is about, the
// practical information, then the whole of its page.
func (s *settings) description(r *content.Record, plain string) string {
	var parts []string
	add := func(p string) {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	add(r.Summary)
	add(s.practical(r))
	add(plain)
	return strings.Join(parts, "\n\n")
}

// practical is a record's details and links, a line each.
func (s *settings) practical(r *content.Record) string {
	var b strings.Builder
	base := s.recordURL(r)
	for _, f := range s.ways(r) {
		u := markup.Absolute(f.URL, base)
		if strings.TrimPrefix(u, "mailto:") == f.Text {
			u = ""
		}
		if f.Text+u != "" {
			b.WriteString(s.label(f.Label))
		} else {
			b.WriteString(f.Label)
		}
		b.WriteString(f.Text)
		switch {
		case u == "":
		case f.Text == "" || f.Text == f.URL:
			b.WriteString(strings.TrimPrefix(u, "mailto:"))
		default:
			b.WriteString(" (" + strings.TrimPrefix(u, "mailto:") + ")")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// label is what stands before a detail: "Accès : ", "Une question ? ".
func (s *settings) label(l string) string {
	switch {
	case l == "":
		return ""
	case strings.HasSuffix(l, "?"), strings.HasSuffix(l, "!"), strings.HasSuffix(l, ":"):
		return l + " "
	}
	return l + s.words.Text.Colon
}

// practical is what a record says beside its text: details, then links that
// the details do not hold.
func practical(r *content.Record) []content.Detail {
	details := slices.Clone(r.Details)
	seen := map[string]bool{}
	for _, d := range details {
		seen[d.URL] = true
	}
	for _, l := range r.Links {
		if l.URL != "" && !seen[l.URL] {
			seen[l.URL] = true
			details = append(details, content.Detail{Label: l.Title, URL: l.URL})
		}
	}
	return details
}

// ways are what is practical, with the way to an event online before it where
// no detail is it: not every calendar shows a conference.
func (s *settings) ways(r *content.Record) []content.Detail {
	details := practical(r)
	if r.Online == "" || slices.ContainsFunc(r.Details, func(d content.Detail) bool { return d.URL == r.Online }) {
		return details
	}
	details = slices.DeleteFunc(details, func(d content.Detail) bool { return d.URL == r.Online && d.Text == "" })
	return slices.Insert(details, 0, content.Detail{Label: s.words.Text.Online, URL: r.Online})
}

// outline is that of an entry in feeds.
func (e *entry) outline() feeds.Article {
	r := e.Record
	a := feeds.Article{ID: articleID(e.ID), Title: r.Title, Summary: r.Summary, Content: r.Body, Published: e.Published, Updated: e.Updated}
	if a.Summary == "" {
		a.Summary = r.Body[:min(len(r.Body), summaryLength)]
	}
	if e.Kind == content.Event {
		a.Event = &feeds.Event{Start: r.When.Start}
	}
	return a
}

// heading is the feed's form of an item, without its content. Its dates are
// those of the announcement; the day of an event stands in its summary and in
// Event.
func (s *settings) heading(it *item) feeds.Article {
	r := it.Record
	a := feeds.Article{
		ID:        articleID(it.ID),
		URL:       it.page,
		Title:     r.Title,
		Summary:   it.summary(),
		Tags:      categories(r),
		Language:  r.Language,
		Published: it.Published,
		Updated:   later(it.Updated, it.Published),
	}
	base := s.recordURL(r)
	if u := s.asset(r, r.Image); isWeb(u) {
		a.Image = u
	}
	for _, p := range r.Authors {
		a.Authors = append(a.Authors, feeds.Person{Name: p.Name, Email: p.Email, URI: markup.Absolute(p.URL, base)})
	}
	for _, f := range r.Enclosures {
		if u := s.asset(r, f.URL); isWeb(u) && f.Type != "" {
			a.Enclosure = &feeds.Enclosure{URL: u, Type: f.Type, Length: f.Length}
			break
		}
	}
	if it.Kind == content.Event {
		t := &s.words.Text
		switch {
		case it.cancelled():
			a.Title = t.CancelledPrefix + a.Title
		case r.Status == "tentative":
			a.Title = t.TentativePrefix + a.Title
		}
		a.Event = &feeds.Event{Start: r.When.Start, End: r.When.End, AllDay: r.When.AllDay, Location: r.Location}
		if it.ics != "" {
			a.Calendar = s.address(it.ics)
		}
		a.Summary = strings.TrimSuffix(it.line+"\n"+a.Summary, "\n")
	}
	return a
}

// line says when and where an event is, and what of it is new.
func (s *settings) line(it *item) string {
	part := func(text string, c locale.Change) string {
		if c.Label == "" {
			return text
		}
		return s.label(c.Label) + text + " (" + c.Was + ")"
	}
	when := part(it.when, it.newWhen) + it.again
	if it.Record.Location == "" {
		return when
	}
	return when + " · " + part(it.Record.Location, it.newWhere)
}

// full is the feed's form of an item, with its content.
func (s *settings) full(it *item) feeds.Article {
	r, body := it.Record, it.body()
	var b strings.Builder
	b.Grow(len(body) + len(r.Summary) + 512)
	if it.Kind == content.Event {
		b.WriteString("<p><strong>" + html.EscapeString(it.line) + "</strong></p>\n")
	}
	if r.Summary != "" {
		if out, err := markup.Render(r.Summary, markup.Text, s.recordURL(r)); err == nil {
			b.WriteString(out + "\n")
		}
	}
	s.practicalHTML(&b, r)
	b.WriteString(body)
	a := s.heading(it)
	a.Content = b.String()
	return a
}

func (s *settings) practicalHTML(b *strings.Builder, r *content.Record) {
	details := s.ways(r)
	if len(details) == 0 {
		return
	}
	base := s.recordURL(r)
	b.WriteString("<ul>\n")
	for _, d := range details {
		u := markup.Absolute(d.URL, base)
		b.WriteString("<li>")
		text := cmp.Or(d.Text, strings.TrimPrefix(u, "mailto:"), d.Label)
		if text != d.Label {
			b.WriteString(html.EscapeString(s.label(d.Label)))
		}
		if u != "" {
			b.WriteString(`<a href="` + html.EscapeString(u) + `">` + html.EscapeString(text) + "</a>")
		} else {
			b.WriteString(html.EscapeString(text))
		}
		b.WriteString("</li>\n")
	}
	b.WriteString("</ul>\n")
}

// articleID is the identity of a record in feeds, which must be an address.
func articleID(id string) string {
	if len(id) == 36 && strings.Count(id, "-") == 4 {
		return "urn:uuid:" + id
	}
	if u, err := url.Parse(id); err == nil && u.IsAbs() && !strings.ContainsAny(id, " \t") {
		return id
	}
	return "urn:uuid:" + uuid5("uid\n"+id)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
