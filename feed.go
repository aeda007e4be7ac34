package crieur

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"weak"

	"github.com/crieur/crieur/feeds"
)

// encodeFeed writes a feed in a format, or returns false if that is none of a feed.
func encodeFeed(format string) (encode func(io.Writer, *feeds.Feed) error, ok bool) {
	switch format {
	case "rss":
		return feeds.EncodeRSS, true
	case "atom":
		return feeds.EncodeAtom, true
	case "json":
		return feeds.EncodeJSON, true
	}
	return nil, false
}

// feeds makes the feeds of a channel: the documents that readers poll, and but for categories and tags, archives of all
// that they do not hold.
func (w *writer) feeds(c *channel) {
	var formats []string
	for _, format := range c.Formats {
		if _, ok := encodeFeed(format); ok {
			formats = append(formats, format)
		}
	}
	if len(formats) == 0 {
		return
	}
	for _, d := range w.divide(c) {
		cfg := w.cfg
		whole := weakly(func() *feeds.Feed {
			f := *d.feed
			f.Articles = make([]feeds.Article, len(d.items))
			for i, it := range d.items {
				if d.page {
					f.Articles[i] = cfg.full(it)
				} else {
					f.Articles[i] = it.article()
				}
			}
			if d.page {
				return feeds.Shorten(&f, cfg.MaxBytes) // nothing else has what it has
			}
			return feeds.Fit(&f, cfg.MaxBytes)
		})
		for _, format := range formats {
			w.add(d.name+"."+format, d.kind, d.items, func() ([]byte, error) {
				var b bytes.Buffer
				encode, _ := encodeFeed(format)
				err := encode(&b, whole())
				return b.Bytes(), err
			})
		}
	}
}

// weakly returns what make does, made again when it was forgotten meanwhile.
func weakly[T any](make func() *T) func() *T {
	var mu sync.Mutex
	var last weak.Pointer[T]
	return func() *T {
		mu.Lock()
		defer mu.Unlock()
		p := last.Value()
		if p == nil {
			p = make()
			last = weak.Make(p)
		}
		return p
	}
}

// A division is the documents of a channel's feed, with what they were divided from.
type division struct {
	kind  string
	items []*item
	order []*item // the same, nearly as they were announced
	docs  []feedDocument
	ends  []string // of the archives
}

// A feedDocument is a feed without its articles yet, and what they are.
type feedDocument struct {
	name  string // but for the extension
	kind  string
	page  bool // it is a page, not the document that readers poll
	feed  *feeds.Feed
	items []*item
}

// divide returns the documents of a channel's feed, those of the last build if it has not changed.
func (w *writer) divide(c *channel) []feedDocument {
	kind := fmt.Sprintf("%+v", c.Channel)
	d, ok := w.Builder.divisions[c.Name]
	if !ok || d.kind != kind || !slices.Equal(d.items, c.items) || !slices.Equal(d.ends, w.next.archives[c.Name]) {
		before := len(w.faults)
		d = w.division(c)
		d.kind, d.items = kind, c.items
		for i := range d.docs {
			d.docs[i].kind = fmt.Sprintf("%s %+v", kind, d.docs[i].feed.Part)
		}
		ok = len(w.faults) == before // else they are to be told again
	}
	if ok {
		w.divisions[c.Name] = d
	}
	if len(d.ends) > 0 {
		w.next.archives[c.Name] = d.ends
	}
	return d.docs
}

func (w *writer) division(c *channel) division {
	f := w.feed(c)
	items := w.unique(c)
	f.Articles = make([]feeds.Article, len(items))
	for i, it := range items {
		f.Articles[i] = it.outline
	}
	name := func(n int) string { return fmt.Sprintf("%s/archives/%d", c.Name, n) }
	ar := feeds.Archive{
		Number:    c.Limit,
		Bytes:     w.cfg.MaxBytes / 3 * 2, // HTML is longer than what it is made from
		Addresses: func(n int) feeds.Addresses { return w.addresses(c, name(n)) },
		Ends:      w.next.archives[c.Name],
	}
	articles := w.byArticle(items)
	var docs []feedDocument
	for n, f := range ar.Divide(f) {
		d := feedDocument{name: c.Name, page: n > 0, feed: f, items: make([]*item, len(f.Articles))}
		if d.page {
			d.name = name(n)
		}
		for i := range f.Articles {
			d.items[i] = articles[f.Articles[i].ID]
		}
		f.Articles = nil // outlines
		docs = append(docs, d)
	}
	if c.group != "" {
		if ar.Ends = nil; len(docs) > 1 {
			docs[0].feed.Part = feeds.Part{}
			docs = docs[:1]
		}
	}
	return division{order: items, docs: docs, ends: ar.Ends}
}

// unique are the items of a channel but for those that are one with another in
// feeds, as the last build had them in order: by their announcement, nearly.
func (w *writer) unique(c *channel) []*item {
	if !w.uuids {
		outlines := make([]feeds.Article, len(c.items))
		for i, it := range c.items {
			outlines[i] = it.outline
		}
		if twins := duplicates(outlines); len(twins) > 0 {
			var items []*item
			for i, it := range c.items {
				if !slices.Contains(twins, i) {
					items = append(items, it)
					continue
				}
				first := slices.IndexFunc(outlines, func(o feeds.Article) bool { return len(duplicates([]feeds.Article{o, outlines[i]})) > 0 })
				w.duplicateID(it, c.items[first])
			}
			return items
		}
	}
	old := w.Builder.divisions[c.Name].order
	if !w.follows || len(old) == 0 {
		return slices.SortedFunc(slices.Values(c.items), func(a, b *item) int { return newestFirst(b.entry, a.entry) })
	}
	items := make([]*item, 0, len(c.items))
	for _, it := range old {
		if it.round == w.round {
			items = append(items, it)
		}
	}
	for _, it := range c.items {
		if it.since > w.last.round {
			items = append(items, it)
		}
	}
	return items
}

// byArticle returns items by the ID of their articles, and maybe others.
func (w *writer) byArticle(items []*item) map[string]*item {
	if w.uuids && w.articles != nil {
		return w.articles
	}
	if w.uuids { // no two of which are written alike: once for all channels
		items = w.all
	}
	w.articles = make(map[string]*item, len(items))
	for _, it := range items {
		w.articles[it.outline.ID] = it
	}
	return w.articles
}

// duplicateID says once that two records are one in feeds, where their uids are written alike.
func (w *writer) duplicateID(it, first *item) {
	path := it.Record.Path
	if !slices.ContainsFunc(w.faults, func(f Fault) bool { return f.Rule == "duplicate-uid" && f.Pos.Filename == path }) {
		w.faults = append(w.faults, faultAt(path, Warning, "duplicate-uid", "its uid is in feeds that of %s; it is left out of them, give it another uid", first.Record.Path))
	}
}

// duplicates returns the places of the articles whose ID, as feeds write it, one before them has.
func duplicates(articles []feeds.Article) (places []int) {
	faults, ok := feeds.Check(&feeds.Feed{Articles: articles}).(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	for _, err := range faults.Unwrap() {
		if e, ok := errors.AsType[*feeds.FieldError](err); ok && errors.Is(e, feeds.ErrDuplicate) {
			places = append(places, e.Article)
		}
	}
	return places
}

// addresses are those of the feeds called name, in the formats of c.
func (w *writer) addresses(c *channel, name string) feeds.Addresses {
	address := func(format string) string {
		if !c.has(format) {
			return ""
		}
		return w.cfg.address(name + "." + format)
	}
	return feeds.Addresses{RSS: address("rss"), Atom: address("atom"), JSON: address("json")}
}

// feed is the feed of a channel without its articles.
func (w *writer) feed(c *channel) *feeds.Feed {
	self := w.addresses(c, c.Name)
	f := &feeds.Feed{
		ID:          "urn:uuid:" + uuid5("channel\n"+w.cfg.id+"\n"+c.Name),
		Title:       w.cfg.titleOf(c),
		Description: c.Description,
		URL:         w.cfg.address("index.html"),
		Language:    w.cfg.Language,
		RSS:         self.RSS,
		Atom:        self.Atom,
		JSON:        self.JSON,
		Authors:     []feeds.Person{{Name: w.cfg.Title}},
		Refresh:     w.cfg.Refresh,
		Hubs:        w.cfg.Hubs,
		Generator:   "crieur",
		Stylesheet:  w.cfg.address("feed.css"),
	}
	if c.has("html") {
		f.URL = w.cfg.address(c.Name + ".html")
	}
	if w.cfg.Author != "" {
		f.Authors[0].Name = w.cfg.Author
	}
	if f.Description == "" {
		f.Description = w.cfg.Description
	}
	return f
}
