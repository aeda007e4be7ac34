package crieur

import (
	"bytes"
	"io"
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
