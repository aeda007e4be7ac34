package crieur

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
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
		if d.kept && w.follows {
			for _, format := range formats {
				w.added = append(w.added, d.name+"."+format)
			}
			continue
		}
		form := w.cfg.feedForm(d)
		for _, format := range formats {
			j := form.job(d.name+"."+format, format)
			if j.kind = d.kind; d.page {
				j.feed = nil
			}
			w.addJob(j)
		}
	}
}

// A feedForm is what the documents of a feed are made of, in all formats.
type feedForm struct {
	items []*item
	plan  func() (*feeds.Plan, error)
	whole func() *feeds.Feed // as it is written, once it is planned
	seed  uint64             // of the settings, by which articles are written
	marks atomic.Pointer[[]uint64]
}

func (s *settings) feedForm(d feedDocument) *feedForm {
	form := &feedForm{items: d.items, seed: s.seed}
	form.plan = sync.OnceValues(func() (*feeds.Plan, error) {
		articles := make([]*feeds.Prepared, len(d.items))
		for i, it := range d.items {
			var err error
			if articles[i], err = it.planned(); err != nil {
				return nil, err
			}
		}
		if d.page {
			return feeds.ShortenPrepared(d.feed, articles, s.MaxBytes) // nothing else has what it has
		}
		p, err := feeds.FitPrepared(d.feed, articles, s.MaxBytes)
		if err == nil {
			form.note(p)
		}
		return p, err
	})
	form.whole = weakly(func() *feeds.Feed {
		p, _ := form.plan()
		return p.Feed(func(i int) feeds.Article {
			if d.page {
				return *d.items[i].full()
			}
			return *d.items[i].article()
		})
	})
	return form
}

// job is the document called name in a format.
func (form *feedForm) job(name, format string) job {
	return job{
		name:     name,
		document: document{items: form.items},
		feed:     form,
		brief:    true,
		make: func() ([]byte, error) {
			if _, err := form.plan(); err != nil {
				return nil, err
			}
			return encodeAs(format, form.whole())
		},
		sum: func() (string, int, error) {
			p, err := form.plan()
			if err != nil {
				return "", 0, err
			}
			sum := p.RSS
			switch format {
			case "atom":
				sum = p.Atom
			case "json":
				sum = p.JSON
			}
			hash, size := sum()
			return tag(hash), size, nil
		},
	}
}

// encodeAs writes a feed in a format, which is one of feeds.
func encodeAs(format string, f *feeds.Feed) ([]byte, error) {
	var b bytes.Buffer
	encode, _ := encodeFeed(format)
	err := encode(&b, f)
	return b.Bytes(), err
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
		if !c.has(format) || c.Secret {
			return ""
		}
		return w.cfg.address(name+"."+format) + c.query
	}
	return feeds.Addresses{RSS: address("rss"), Atom: address("atom"), JSON: address("json")}
}

// feed is the feed of a channel without its articles.
func (w *writer) feed(c *channel) *feeds.Feed {
	self := w.addresses(c, c.Name)
	f := &feeds.Feed{
		ID:          "urn:uuid:" + uuid5("channel\n"+w.cfg.id+"\n"+c.Name+c.query),
		Title:       w.cfg.titleOf(c),
		Description: c.Description,
		URL:         w.cfg.address("index.html"),
		Language:    w.cfg.Language,
		RSS:         self.RSS,
		Atom:        self.Atom,
		JSON:        self.JSON,
		Authors:     w.cfg.signature,
		Refresh:     w.cfg.Refresh,
		Hubs:        w.cfg.Hubs,
		Generator:   "crieur",
		Stylesheet:  w.cfg.address("feed.css"),
	}
	if c.Secret {
		f.Hubs = nil
	}
	if c.has("html") {
		f.URL = w.cfg.of(c, "html")
	}
	if c.query != "" {
		f.Hubs = nil // which are told of the whole
	}
	if f.Description == "" {
		f.Description = w.cfg.Description
	}
	return f
}
