package feeds

import (
	"errors"
	"io"
	"time"
)

// An Outline is a list of feeds to subscribe to, as OPML 2.0. Title is required.
type Outline struct {
	Title   string
	Updated time.Time // when the list last really changed; zero: not said
	Feeds   []Subscription
}

// A Subscription is one feed of an [Outline]. Title and URL are required.
type Subscription struct {
	Title       string
	Description string
	URL         string // the feed
	HTML        string // the page that shows the same to people
	Language    string
	Type        string // empty: "rss", which the specification asks for whatever the format of the feed is
}

// EncodeOPML writes o as OPML 2.0. It writes nothing if o has faults,
// which it returns as [Check] does.
func EncodeOPML(w io.Writer, o *Outline) error {
	if err := o.check(); err != nil {
		return err
	}
	x := &xmlWriter{output: output{w: w}}
	x.prolog("")
	x.start("opml", "version", "2.0")
	x.start("head")
	x.elem("title", line(o.Title))
	if !o.Updated.IsZero() {
		x.date("dateModified", o.Updated.UTC(), time.RFC1123Z)
	}
	x.elem("docs", "http://opml.org/spec2.opml")
	x.end("head")
	x.start("body")
	for i := range o.Feeds {
		s := &o.Feeds[i]
		kind := line(s.Type)
		if kind == "" {
			kind = "rss"
		}
		title := line(s.Title)
		x.void("outline", "text", title, "title", title, "type", kind, "xmlUrl", uri(s.URL),
			"htmlUrl", uri(s.HTML), "description", line(s.Description), "language", s.Language)
	}
	x.end("body")
	x.end("opml")
	return x.flush()
}

func (o *Outline) check() error {
	c := checker{article: -1}
	c.text("Title", o.Title)
	c.date("Updated", o.Updated, optional)
	for i := range o.Feeds {
		s := &o.Feeds[i]
		c.article, c.id = i, s.URL
		c.text("Title", s.Title)
		c.url("URL", s.URL, required)
		c.url("HTML", s.HTML, optional)
		c.language("Language", s.Language)
	}
	return errors.Join(c.faults...)
}
