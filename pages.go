package crieur

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/feeds"
	"github.com/crieur/crieur/internal/content"
	"github.com/crieur/crieur/internal/locale"
	"github.com/crieur/crieur/internal/markup"
	"github.com/crieur/crieur/internal/page"
)

// onIndex is how many events and articles the first page shows, and inFull how
// many of those ahead a channel's page tells all of.
const (
	onIndex = 8
	inFull  = 30
)

// pages are what all pages are made with, besides the items that they show. They
// are not changed once a page is made.
type pages struct {
	cfg        *settings
	nav        []page.Link
	guide      string                 // path in the site of the page that tells how to subscribe; empty: there is none
	times      map[*item]content.Span // of the series that have gone on: their present or next time; if they are over, the last
	programmes map[*item]string       // path in the site of the calendar of an event's sessions
	labels     map[string]label       // of the history
}

// same reports whether pages are the same with p, of the build that follows.
func (w *pages) same(p *pages) bool {
	return len(w.labels) == len(p.labels) && // which are only added
		slices.Equal(w.nav, p.nav) && w.guide == p.guide && maps.Equal(w.times, p.times) && maps.Equal(w.programmes, p.programmes)
}

// timed is the kind of a page that shows items: it says of a series when it takes
// place next, and of an event whether its programme is a calendar.
func (w *pages) timed(kind string, items ...*item) string {
	if len(w.times)+len(w.programmes) == 0 {
		return kind
	}
	var b strings.Builder
	b.WriteString(kind)
	for _, it := range items {
		b.WriteString(w.programmes[it])
		if t, ok := w.times[it]; ok {
			fmt.Fprint(&b, " ", t.Start.Unix())
		}
	}
	return b.String()
}

// labelled is what the page of a record shows of the labels of others.
func (w *pages) labelled(it *item) string {
	var b strings.Builder
	for _, m := range it.marks {
		b.WriteString(w.labels[m.key].Slug + "\n")
	}
	return b.String()
}

// when is the time of an event that a page shows.
func (w *pages) when(it *item) content.Span {
	if t, ok := w.times[it]; ok {
		return t
	}
	return it.Record.When
}

func (w *pages) layout(name, title string) page.Layout {
	return page.Layout{
		Name:        relative(name),
		PageLang:    w.cfg.Language,
		Words:       &w.cfg.words.Text,
		Site:        w.cfg.Title,
		PageTitle:   title,
		Description: w.cfg.Description,
		Root:        strings.Repeat("../", strings.Count(name, "/")),
		Canonical:   w.cfg.address(name),
		Nav:         w.nav,
	}
}

// formats are the addresses of a channel, but for its page.
func (w *pages) formats(c *channel) []page.Link {
	var links []page.Link
	for _, f := range c.Formats {
		l := page.Link{URL: w.cfg.of(c, f)}
		switch f {
		case "ics":
			l.Name, l.Type = w.cfg.words.Text.Calendar, calendar.MediaType
		case "rss":
			l.Name, l.Type = "RSS", feeds.RSSType
		case "atom":
			l.Name, l.Type = "Atom", feeds.AtomType
		case "json":
			l.Name, l.Type = "JSON", feeds.JSONType
		default:
			continue
		}
		l.Type, _, _ = strings.Cut(l.Type, ";")
		links = append(links, l)
	}
	return links
}

func (w *pages) alternates(channels ...*channel) []page.Link {
	var links []page.Link
	for _, c := range channels {
		for _, l := range w.formats(c) {
			l.Name = c.Title + " (" + l.Name + ")"
			links = append(links, l)
		}
	}
	return links
}

func (w *pages) subscription(c *channel) page.Subscription {
	s := page.Subscription{Title: c.Title, Formats: w.formats(c)}
	if c.has("html") {
		s.Page = relative(c.Name+".html") + c.query
	}
	return s
}

// mostCoded is how many bytes of an address a code may have: of a longer one,
// telephones do not find the dots on a screen.
const mostCoded = 200

// subscribe is a channel's calendar as the page called name offers it; nil: it
// has none. How to subscribe is told on the pages of few channels, to which the
// others lead; these have a code for telephones, too, as what was chosen has.
func (w *pages) subscribe(c *channel, name string) *page.Calendar {
	if !c.has("ics") {
		return nil
	}
	cal := page.NewCalendar(w.cfg.of(c, "ics"), w.cfg.titleOf(c))
	if c.group != "" && w.guide != "" {
		cal.Guide = strings.Repeat("../", strings.Count(name, "/")) + relative(w.guide) + "#applications"
		if c.whole == nil {
			return cal
		}
	}
	if address := w.cfg.address(name) + c.query; len(address) <= mostCoded {
		cal.Code = page.QR(address, fmt.Sprintf(w.cfg.words.Text.ScanCode, address))
	}
	return cal
}

// guideOf is the page that tells how to subscribe to any calendar; empty: there
// is none.
func guideOf(channels []*channel) string {
	for _, c := range channels {
		switch {
		case c.group != "" || !c.has("ics"):
		case c.Name == "events":
			return "index.html"
		case c.has("html"):
			return c.Name + ".html"
		}
	}
	return ""
}

// follow is a channel's feed; nil: it has none.
func (w *pages) follow(c *channel) *page.Feed {
	links := slices.DeleteFunc(w.formats(c), func(l page.Link) bool { return l.Type == "text/calendar" })
	if len(links) == 0 {
		return nil
	}
	return &page.Feed{Main: links[0], Others: links[1:]}
}

// months parts events, which are in order, by the months in which they begin.
func (w *pages) months(items []*item, root string, short bool) (list []page.Month, err error) {
	for len(items) > 0 {
		year, month, _ := w.when(items[0]).Start.Date()
		n := slices.IndexFunc(items, func(it *item) bool {
			y, m, _ := w.when(it).Start.Date()
			return m != month || y != year
		})
		if n < 0 {
			n = len(items)
		}
		m := page.Month{Title: w.cfg.words.Month(w.when(items[0]).Start)}
		if m.Items, err = w.listed(items[:n], root, short); err != nil {
			return nil, err
		}
		list, items = append(list, m), items[n:]
	}
	return list, nil
}

// listed are events as they stand in lists, one after another.
func (w *pages) listed(items []*item, root string, short bool) (template.HTML, error) {
	var b strings.Builder
	for _, it := range items {
		html, err := w.inList(it, root, short)
		if err != nil {
			return "", err
		}
		b.WriteString(string(html))
	}
	return template.HTML(b.String()), nil
}

// A listedItem is an event as it stands in the lists of pages from which root leads to the index.
type listedItem struct {
	root  string
	short bool
	html  template.HTML
}

// inList is an event as it stands in lists. It is kept: a page has a thousand others besides the one that was edited.
func (w *pages) inList(it *item, root string, short bool) (template.HTML, error) {
	_, another := w.times[it]
	another = another || w.programmes[it] != "" // than it may be the next time
	var kept []listedItem
	if p := it.listed.Load(); p != nil {
		kept = *p
	}
	if !another {
		for _, l := range kept {
			if l.root == root && l.short == short {
				return l.html, nil
			}
		}
	}
	html, err := w.pageItem(it, root).HTML(&w.cfg.words.Text, short)
	if err == nil && !another {
		it.listed.Store(new(append(slices.Clip(kept), listedItem{root, short, html})))
	}
	return html, err
}

// relative writes a path of the site as a relative address.
func relative(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

func (w *writer) index(channels []*channel) {
	var coming, latest []*item
	for _, c := range channels {
		switch c.Name {
		case "events":
			coming = c.coming
		case "articles":
			latest = c.items
		}
	}
	coming, latest = coming[:min(len(coming), onIndex)], latest[:min(len(latest), onIndex)]
	var key strings.Builder
	for _, c := range channels {
		key.WriteString(c.Name + "\n" + c.Title + "\n")
		if len(c.items) == 0 {
			key.WriteString("empty\n")
		}
	}
	fmt.Fprintln(&key, len(coming))
	shown := slices.Concat(coming, latest)
	pages := w.pages
	w.add("index.html", w.timed(key.String(), shown...), shown, func() ([]byte, error) { return pages.index(channels, coming, latest) })
}

func (w *pages) index(channels []*channel, coming, latest []*item) ([]byte, error) {
	p := page.Index{Layout: w.layout("index.html", "")}
	p.Script, p.Zone = true, w.zoneName()
	t := &w.cfg.words.Text
	groups := []page.Group{{Title: t.All}, {Title: t.ByCategory, Plain: true}, {Title: t.ByTag, Plain: true},
		{Title: t.ArticlesByCategory, Plain: true}, {Title: t.ArticlesByTag, Plain: true}}
	choices := 0
	for _, c := range channels {
		switch {
		case c.Name == "events":
			p.Calendar = w.subscribe(c, "index.html")
			if p.HasEvents = len(c.items) > 0; c.has("html") {
				p.EventsPage = "events.html"
			}
		case c.Name == "articles":
			p.Feed = w.follow(c)
			if p.HasArticles = len(c.items) > 0; c.has("html") {
				p.ArticlePage = "articles.html"
			}
		}
		if len(c.items) == 0 && c.group != "" {
			continue
		}
		s := w.subscription(c)
		if c.group == "" {
			groups[0].Subscriptions = append(groups[0].Subscriptions, s)
			if len(c.items) > 0 {
				p.Alternates = append(p.Alternates, w.alternates(c)...)
			}
			continue
		}
		if w.cfg.Choose && c.events() && p.EventsPage != "" {
			if choices++; choices == 2 {
				p.Choose = p.EventsPage + "#choose"
			}
		}
		i := 1 + slices.Index([]string{"category", "tag"}, c.group)
		if !c.events() {
			i += 2
		}
		s.Title = c.label
		groups[i].Subscriptions = append(groups[i].Subscriptions, s)
	}
	p.Groups = slices.DeleteFunc(groups, func(g page.Group) bool { return len(g.Subscriptions) == 0 })
	p.Latest = w.list(latest, "")
	var err error
	if p.Coming, err = w.months(coming, "", false); err != nil {
		return nil, err
	}
	if p.Linked, err = w.linked(coming...); err != nil {
		return nil, err
	}
	return p.Execute()
}

func (w *pages) channelPage(c *channel) ([]byte, error) {
	name := c.Name + ".html"
	p := page.Channel{Layout: w.layout(name, c.Title), Events: c.events()}
	p.Canonical += c.query
	p.Script, p.Zone = true, w.zoneName()
	p.Description = cmp.Or(c.Description, p.Description)
	if t := &w.cfg.words.Text; c.amiss {
		p.PageTitle, p.Description = c.Title+t.Colon+t.NoChoice, t.NoChoiceHow
	}
	p.Alternates = w.alternates(c)
	p.Trail = w.trail(c.Kind, c.Name)
	p.Calendar, p.Feed = w.subscribe(c, name), w.follow(c)
	if c.events() {
		p.Form = w.form(c)
		full := min(len(c.coming), inFull)
		var err error
		if p.Coming, err = w.months(c.coming[:full], p.Root, false); err != nil {
			return nil, err
		}
		if p.Later, err = w.months(c.coming[full:], p.Root, true); err != nil {
			return nil, err
		}
		if p.Past, err = w.listed(c.past, p.Root, true); err != nil {
			return nil, err
		}
	} else {
		p.Articles = w.list(c.past, p.Root)
	}
	return p.Execute()
}

// trail are the pages above one that is about events or articles, and is not
// the channel of that name itself.
func (w *pages) trail(kind, name string) []page.Link {
	list := []page.Link{{Name: w.cfg.words.Text.Home, URL: "index.html"}}
	for _, l := range w.nav {
		if kind != name && l.URL == kind+".html" {
			list = append(list, l)
		}
	}
	return list
}

// zoneName is the site's zone in words: the last part of its name, a town.
func (w *pages) zoneName() string {
	name := w.cfg.zone.String()
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}

func (w *pages) list(items []*item, root string) []page.Item {
	list := make([]page.Item, len(items))
	for i, it := range items {
		list[i] = w.pageItem(it, root)
	}
	return list
}

func (w *pages) pageItem(it *item, root string) page.Item {
	r := it.Record
	p := page.Item{Title: r.Title, URL: it.page, Summary: markup.Summary(it.summary(), summaryLength), Lang: w.lang(r)}
	if it.html != "" {
		p.URL = root + relative(it.html)
	}
	if it.Kind == content.Article {
		p.When, p.Machine = w.cfg.words.Date(it.Published.In(w.cfg.zone)), it.Published.In(w.cfg.zone).Format(time.DateOnly)
		return p
	}
	p.Event = true
	when := w.when(it)
	p.When, p.Again = it.when, it.again
	p.NewWhen, p.NewWhere = it.newWhen, it.newWhere
	if _, later := w.times[it]; later {
		p.When, p.Again = w.cfg.words.Span(when.AllDay, when.Start, when.End, w.cfg.zone), w.cfg.again(r, when)
		if p.NewWhen.Label != w.cfg.words.Text.NewHours {
			p.NewWhen = locale.Change{} // of the first
		}
	}
	p.Machine, p.MachineEnd = machine(when)
	p.Day, p.Weekday = strconv.Itoa(when.Start.Day()), w.cfg.words.Weekday(when.Start)
	p.Where = r.Location
	if u := markup.Absolute(r.Online, w.cfg.recordURL(r)); isWeb(u) {
		p.Online = u
	}
	p.Calendar = root + relative(it.ics)
	if name := w.programmes[it]; name != "" {
		p.Sessions, p.Programme = root+relative(name), page.NewCalendar(w.cfg.address(name), w.programmeTitle(it))
	}
	p.Cancelled = it.cancelled()
	p.Tentative = r.Status == "tentative"
	return p
}

// lang is the language of a record where it is not that of the site.
func (w *pages) lang(r *content.Record) string {
	if r.Language == w.cfg.Language {
		return ""
	}
	return r.Language
}

// ranked makes the headings of a text follow each other, level by level, under that
// of the page, whatever levels they have: who goes from one to the next misses none.
func ranked(body string) string {
	if !strings.Contains(body, "<h") {
		return body
	}
	var above []byte // levels of the headings that the text is under
	return headingTag.ReplaceAllStringFunc(body, func(tag string) string {
		i := strings.IndexByte(tag, 'h') + 1
		if tag[1] != '/' {
			above = slices.DeleteFunc(above, func(level byte) bool { return level >= tag[i] })
			above = append(above, tag[i])
		}
		return tag[:i] + strconv.Itoa(min(1+len(above), 6)) + tag[i+1:]
	})
}

var headingTag = regexp.MustCompile("</?h[1-6][ >]")

func (w *pages) recordPage(it *item) ([]byte, error) {
	r := it.Record
	p := page.Record{Layout: w.layout(it.html, r.Title)}
	p.Trail = w.trail(it.Kind.String()+"s", "")
	p.Item = w.pageItem(it, p.Root)
	p.Item.Summary = markup.Summary(r.Summary, 2*summaryLength)
	p.Description = strings.ReplaceAll(it.summary(), "\n", " ")
	p.Body = template.HTML(ranked(it.body()))
	base := w.cfg.recordURL(r)
	if it.Kind == content.Article {
		day := it.Published.In(w.cfg.zone)
		p.Published, p.PublishedMachine = w.cfg.words.Date(day), day.Format(time.DateOnly)
		if up := it.Updated.In(w.cfg.zone); up.Format(time.DateOnly) > p.PublishedMachine {
			p.Updated, p.UpdatedMachine = w.cfg.words.Date(up), up.Format(time.DateOnly)
		}
	} else {
		p.Alternates = []page.Link{{Name: r.Title, URL: w.cfg.address(it.ics), Type: "text/calendar"}}
		if w.guide != "" {
			p.Follow = p.Root + relative(w.guide) + "#subscribe"
		}
		if p.Script = p.Programme != nil; p.Script {
			p.Alternates = append(p.Alternates, page.Link{Name: w.programmeTitle(it), URL: p.Programme.Address, Type: "text/calendar"})
		}
	}
	for _, d := range practical(r) {
		u := markup.Absolute(d.URL, base)
		if d.Text == "" {
			d.Text = strings.TrimPrefix(u, "mailto:")
		}
		p.Details = append(p.Details, page.Detail{Label: d.Label, Text: d.Text, URL: u})
	}
	for _, f := range r.Enclosures {
		if u := w.cfg.asset(r, f.URL); isWeb(u) {
			p.Files = append(p.Files, page.Link{Name: cmp.Or(f.Title, path.Base(f.URL)), URL: u})
		}
	}
	for _, m := range it.marks {
		l := w.labels[m.key]
		if w.cfg.elsewhere.has(m.space + l.Slug) {
			continue // and has no page
		}
		if !slices.ContainsFunc(p.Tags, func(o page.Link) bool { return o.Name == l.Title }) {
			p.Tags = append(p.Tags, page.Link{Name: l.Title, URL: p.Root + relative(m.space+l.Slug+".html")})
		}
	}
	var err error
	if p.Linked, err = w.linked(it); err != nil {
		return nil, err
	}
	return p.Execute()
}
