package feeds

import (
	"cmp"
	"io"
	"strconv"
)

// EncodeAtom writes f as Atom 1.0 (RFC 4287). It writes nothing and returns the error of [Check] if f has faults; any other
// error is w's.
func EncodeAtom(w io.Writer, f *Feed) error { return writeDocument(w, f, new(atom)) }

// atom is a feed being written as Atom.
type atom struct{ xmlWriter }

func (x *atom) sep() int { return 0 }

func (x *atom) tail() {
	x.depth = 1
	x.end("feed")
}

func (x *atom) head(f *Feed) {
	x.depth = 0
	x.prolog(f.Stylesheet)
	x.start("feed", "xmlns", "http://www.w3.org/2005/Atom",
		"xmlns:ev", "http://purl.org/rss/1.0/modules/event/",
		"xmlns:fh", f.Part.namespace(),
		"xmlns:media", "http://search.yahoo.com/mrss/",
		"xml:lang", f.Language)
	x.elem("id", uri(f.ID))
	x.elem("title", line(f.Title))
	x.text("  <subtitle", line(f.Description), "</subtitle>\n")
	x.utc("  <updated>", f.updated(), "</updated>\n")
	x.people("author", f.byline())
	x.elem("rights", line(f.Rights))
	x.elem("generator", line(f.Generator))
	x.elem("icon", uri(f.Icon))
	x.elem("logo", uri(f.Image))
	x.link("link", "self", atomType, f.Atom)
	x.link("link", "alternate", "text/html", f.URL)
	// Other formats are related, not alternate: of several alternates some readers take the first for the
	// page of the feed (gofeed), some the last (newsboat).
	x.link("link", "related", rssType, f.RSS)
	x.link("link", "related", jsonType, f.JSON)
	x.part("link", atomType, f, func(a *Addresses) string { return a.Atom })
	x.depth = 2
	x.byline = x.aside(func() { x.authors(f.byline()) })
}

func (x *atom) article(a *Article) {
	x.depth = 1
	x.start("entry", "xml:lang", a.Language)
	x.between("    <id>", uri(a.ID), "</id>\n", escapeText)
	x.between("    <title>", line(a.Title), "</title>\n", escapeText)
	x.between(`    <link rel="alternate" type="text/html" href="`, uri(a.URL), "\"/>\n", escapeAttr)
	x.link("link", "related", "text/calendar", a.Calendar)
	if e := a.Enclosure; e != nil {
		length := ""
		if e.Length > 0 {
			length = strconv.FormatInt(e.Length, 10)
		}
		x.void("link", "rel", "enclosure", "type", e.mediaType(), "length", length, "href", uri(e.URL))
	}
	x.utc("    <published>", a.published(), "</published>\n")
	x.utc("    <updated>", a.Updated, "</updated>\n")
	x.sign(a, x.authors)
	for tag := range a.tags {
		x.between(`    <category term="`, tag, "\"/>\n", escapeAttr)
	}
	x.text("    <summary", block(a.Summary), "</summary>\n")
	x.between(`    <content type="html">`, a.html(), "</content>\n", escapeHTML)
	if src := a.Source; src != nil {
		x.start("source")
		x.elem("id", uri(cmp.Or(src.ID, src.URL)))
		x.elem("title", line(src.Title))
		if !src.Updated.IsZero() {
			x.utc("      <updated>", src.Updated, "</updated>\n")
		}
		x.link("link", "self", "", src.URL)
		x.end("source")
	}
	x.thumbnail(a.Image)
	x.event(a.Event)
	x.end("entry")
}

// text writes a plain text, between a tag that is still open and one that ends it. A text that looks like markup goes out
// as the HTML that shows it, because many readers take such a text for HTML, whatever its type.
func (x *atom) text(before, s, after string) {
	if s == "" {
		return
	}
	x.buf = append(x.buf, before...)
	if html := unmarked(s); html != s {
		s = html
		x.buf = append(x.buf, ` type="html"`...)
	}
	x.between(">", s, after, escapeText)
}

// authors writes the authors of an entry. Several are one author by their names, and contributors one by one, because of
// several authors some readers take the first, and some that of the feed.
func (x *atom) authors(people []Person) {
	if len(people) < 2 || countNamed(people) < 2 {
		x.people("author", people)
		return
	}
	x.start("author")
	x.open("name")
	x.names(people)
	x.close("name")
	x.end("author")
	x.people("contributor", people)
}

// people writes each of them who has a name.
func (x *atom) people(element string, people []Person) {
	for i := range people {
		p := &people[i]
		name := p.name()
		if name == "" {
			continue
		}
		x.start(element)
		x.elem("name", name)
		x.elem("uri", uri(p.URI))
		x.elem("email", p.Email)
		x.end(element)
	}
}

// link writes a link, or nothing if there is no address.
func (x *xmlWriter) link(name, rel, mediaType, href string) {
	if href != "" {
		x.void(name, "rel", rel, "type", mediaType, "href", uri(href))
	}
}
