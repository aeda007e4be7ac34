package crieur

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/crieur/crieur/feeds"
)

// feedFormats are those of feeds, and what writes them.
var feedFormats = map[string]func(io.Writer, *feeds.Feed) error{
	"rss": feeds.EncodeRSS, "atom": feeds.EncodeAtom, "json": feeds.EncodeJSON,
}

// feeds makes the feeds of a channel: the documents that readers poll, and but for categories and tags, archives of all
// that they do not hold.
func (w *writer) feeds(c *channel) {
	var formats []string
	for _, format := range c.Formats {
		if feedFormats[format] != nil {
			formats = append(formats, format)
		}
	}
	if len(formats) == 0 {
		return
	}
	for _, d := range w.divide(c) {
		whole := sync.OnceValue(func() *feeds.Feed {
			f := *d.feed
			f.Articles = make([]feeds.Article, len(d.items))
			for i, it := range d.items {
				f.Articles[i] = it.article()
			}
			return feeds.Fit(&f, w.cfg.MaxBytes)
		})
		for _, format := range formats {
			w.add(d.name+"."+format, part(fmt.Sprintf("%+v %+v", c.Channel, d.feed.Part), d.items), func() ([]byte, error) {
				var b bytes.Buffer
				err := feedFormats[format](&b, whole())
				return b.Bytes(), err
			})
		}
	}
}

// A feedDocument is a feed without its articles yet, and what they are.
type feedDocument struct {
	name  string // but for the extension
	feed  *feeds.Feed
	items []*item
}

// divide returns the documents of a channel's feed.
func (w *writer) divide(c *channel) []feedDocument {
	f := w.feed(c)
	if c.group != "" && len(c.items) > c.Limit {
		return []feedDocument{{c.Name, f, w.news(c, c.latest())}}
	}
	items := make(map[string]*item, len(c.items))
	for _, it := range c.items {
		a := it.outline()
		items[a.ID] = it
		f.Articles = append(f.Articles, a)
	}
	name := func(n int) string { return fmt.Sprintf("%s/archives/%d", c.Name, n) }
	ar := feeds.Archive{
		Number:    c.Limit,
		Bytes:     w.cfg.MaxBytes / 3 * 2, // HTML is longer than what it is made from
		Addresses: func(n int) feeds.Addresses { return w.addresses(c, name(n)) },
		Ends:      slices.Clip(w.next.archives[c.Name]), // which others have too
	}
	var docs []feedDocument
	for n, f := range ar.Divide(f) {
		d := feedDocument{c.Name, f, make([]*item, len(f.Articles))}
		if n > 0 {
			d.name = name(n)
		}
		for i := range f.Articles {
			d.items[i] = items[f.Articles[i].ID]
		}
		docs = append(docs, d)
	}
	docs[0].items = w.news(c, docs[0].items)
	switch {
	case c.group == "" && len(ar.Ends) > 0:
		w.next.archives[c.Name] = ar.Ends
	case c.group != "" && len(docs) > 1:
		docs[0].feed.Part = feeds.Part{}
		docs = docs[:1]
	}
	return docs
}

// news adds to the newest items of a channel, which readers poll, the events that have changed since the oldest of these
// was announced, at most as many again: an event that moves or is cancelled long after it was announced would do so
// where nobody looks. An event that was over by then is left where it is.
func (w *writer) news(c *channel, newest []*item) []*item {
	if !c.events() || len(newest) == len(c.items) || len(newest) == 0 {
		return newest
	}
	since := newest[len(newest)-1].Published
	var news []*item
	for _, it := range c.items {
		if it.Sequence > 0 && it.Updated.After(since) && w.cfg.lastInstant(it.Record).After(it.Updated) && !slices.Contains(newest, it) {
			news = append(news, it)
		}
	}
	slices.SortFunc(news, func(a, b *item) int { return cmp.Or(b.Updated.Compare(a.Updated), newestFirst(a, b)) })
	news = news[:min(len(news), c.Limit)]
	slices.SortFunc(news, newestFirst)
	return slices.Concat(newest, news)
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
