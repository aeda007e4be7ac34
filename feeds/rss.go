package feeds

import (
	"io"
	"strconv"
	"strings"
	"time"
)

// EncodeRSS writes f as RSS 2.0. It writes nothing and returns the error of [Check] if f has faults; any other error is w's.
func EncodeRSS(w io.Writer, f *Feed) error { return writeDocument(w, f, new(rss)) }

// rss is a feed being written as RSS.
type rss struct{ xmlWriter }

func (x *rss) sep() int { return 0 }

func (x *rss) head(f *Feed) {
	x.depth = 0
	x.prolog(f.Stylesheet)
	x.start("rss", "version", "2.0",
		"xmlns:atom", "http://www.w3.org/2005/Atom",
		"xmlns:content", "http://purl.org/rss/1.0/modules/content/",
		"xmlns:dc", "http://purl.org/dc/elements/1.1/",
		"xmlns:ev", "http://purl.org/rss/1.0/modules/event/",
		"xmlns:fh", f.Part.namespace(),
		"xmlns:media", "http://search.yahoo.com/mrss/",
		"xmlns:sy", "http://purl.org/rss/1.0/modules/syndication/")
	x.start("channel")
	x.channel(f)
	x.depth = 3
	x.byline = x.aside(func() { x.creator(f.byline()) })
}

func (x *rss) tail() {
	x.depth = 2
	x.end("channel")
	x.end("rss")
}

func (x *rss) channel(f *Feed) {
	title, link := line(f.Title), uri(f.URL)
	description := block(f.Description)
	if description == "" {
		description = title
	}
	x.elem("title", title)
	x.elem("link", link)
	x.elem("description", unmarked(description))
	x.elem("language", f.Language)
	x.elem("copyright", line(f.Rights))
	x.date("lastBuildDate", f.updated().UTC(), time.RFC1123Z)
	x.elem("generator", line(f.Generator))
	x.elem("docs", "https://www.rssboard.org/rss-specification")
	if n := f.minutes(); n > 0 {
		period, frequency := updates(n)
		x.elem("ttl", strconv.Itoa(n))
		x.elem("sy:updatePeriod", period)
		x.elem("sy:updateFrequency", strconv.Itoa(frequency))
	}
	if f.Image != "" {
		x.start("image")
		x.elem("url", uri(f.Image))
		x.elem("title", title)
		x.elem("link", link)
		x.end("image")
	}
	x.link("atom:link", "self", rssType, f.RSS)
	x.link("atom:link", "alternate", atomType, f.Atom)
	x.link("atom:link", "alternate", jsonType, f.JSON)
	x.part("atom:link", rssType, f, func(a *Addresses) string { return a.RSS })
}

func (x *rss) article(a *Article) {
	x.depth = 2
	x.start("item")
	x.between("      <title>", line(a.Title), "</title>\n", escapeText)
	x.between("      <link>", uri(a.URL), "</link>\n", escapeText)
	x.between(`      <guid isPermaLink="false">`, uri(a.ID), "</guid>\n", escapeText)
	x.date("pubDate", a.published().UTC(), time.RFC1123Z)
	x.sign(a, x.creator)
	x.elem("dc:language", a.Language)
	for tag := range a.tags {
		x.between("      <category>", tag, "</category>\n", escapeText)
	}
	if summary := unmarked(block(a.Summary)); summary != "" {
		x.between("      <description>", summary, "</description>\n", escapeText)
	} else {
		x.void("description") // or some readers make a summary of the content
	}
	x.between("      <content:encoded>", a.html(), "</content:encoded>\n", escapeHTML)
	if e := a.Enclosure; e != nil {
		x.void("enclosure", "url", uri(e.URL), "length", strconv.FormatInt(e.Length, 10), "type", e.mediaType())
	}
	if src := a.Source; src != nil {
		x.elem("source", line(src.Title), "url", uri(src.URL))
	}
	x.thumbnail(a.Image)
	x.event(a.Event)
	x.link("atom:link", "related", "text/calendar", a.Calendar)
	x.end("item")
}

// creator writes all authors as one dc:creator, since readers differ in what they make of two.
func (x *rss) creator(authors []Person) {
	x.open("dc:creator")
	x.names(authors)
	x.close("dc:creator")
}

// names writes the names of people as one text.
func (x *xmlWriter) names(people []Person) {
	first := true
	for i := range people {
		name := people[i].name()
		if name == "" {
			continue
		}
		if !first {
			x.buf = append(x.buf, ", "...)
		}
		x.buf = escapeText.append(x.buf, name)
		first = false
	}
}

func (x *xmlWriter) thumbnail(url string) {
	if url != "" {
		x.void("media:thumbnail", "url", uri(url))
	}
}

// event writes the elements of the event module (RDF Site Summary 1.0 Modules: Event), whose
// dates are W3C-DTF: a day is a date alone, and a last day is inclusive.
func (x *xmlWriter) event(e *Event) {
	if e == nil {
		return
	}
	layout := time.RFC3339
	if e.AllDay {
		layout = time.DateOnly
	}
	x.date("ev:startdate", e.time(e.Start), layout)
	if !e.End.IsZero() {
		x.date("ev:enddate", e.time(e.End), layout)
	}
	x.elem("ev:location", line(e.Location))
}

// updates returns how often in which period a feed changes that is worth a look every so many minutes
// (RDF Site Summary 1.0 Modules: Syndication). It is exact where the module can be, and else the nearest.
func updates(minutes int) (period string, frequency int) {
	periods := [...]struct {
		name    string
		minutes int
	}{{"hourly", 60}, {"daily", 24 * 60}, {"weekly", 7 * 24 * 60}}
	for _, p := range periods {
		if p.minutes%minutes == 0 {
			return p.name, p.minutes / minutes
		}
	}
	p := periods[len(periods)-1]
	return p.name, max(1, (p.minutes+minutes/2)/minutes)
}

// unmarked returns a plain text for an element that readers show as HTML (RSS Advisory Board,
// Best Practices Profile, "description"): what HTML, or a validator, would take for a tag or a reference is escaped as
// HTML first, and all else stays, so that readers which do not expect HTML show most texts as well.
func unmarked(s string) string {
	if strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '&') < 0 {
		return s
	}
	s = string(escapeNothing.append(nil, s)) // what is between "&" and a letter may be what no document may hold
	var b strings.Builder
	for i := range len(s) {
		switch {
		case s[i] == '<':
			b.WriteString("&lt;")
		case s[i] == '&' && i+1 < len(s) && (isLetter(s[i+1]) || isDigit(s[i+1]) || s[i+1] == '#'):
			b.WriteString("&amp;")
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// asHTML returns a plain text as the HTML that shows it, line by line.
func asHTML(s string) string { return breakLines.Replace(unmarked(s)) }

var breakLines = strings.NewReplacer("\r\n", "<br/>\n", "\r", "<br/>\n", "\n", "<br/>\n")

func startsTag(s string) bool {
	return s != "" && (isLetter(s[0]) || s[0] == '/' || s[0] == '!' || s[0] == '?')
}

func startsReference(s string) bool {
	for i := range min(len(s), 32) {
		switch c := s[i]; {
		case c == ';':
			return i > 0
		case !isLetter(c) && !isDigit(c) && (c != '#' || i > 0):
			return false
		}
	}
	return false
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool {
	c |= 0x20
	return 'a' <= c && c <= 'z'
}
