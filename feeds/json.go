package feeds

import (
	"io"
	"strconv"
	"time"
)

// about documents the extension that carries what JSON Feed has no place for.
const about = "https://pkg.go.dev/github.com/crieur/crieur/feeds#hdr-JSON_Feed"

var escapeJSON = newEscaper(`"`, `\"`, `\`, `\\`, "\n", `\n`, "\t", `\t`)

// EncodeJSON writes f as JSON Feed 1.1. It writes nothing and returns the error of [Check] if f has faults; any other error
// is w's.
func EncodeJSON(w io.Writer, f *Feed) error { return writeDocument(w, f, new(jsonWriter)) }

func (j *jsonWriter) head(f *Feed) {
	j.depth, j.more, j.articles = 0, false, len(f.Articles) > 0
	j.buf = append(j.buf, '{')
	j.depth++
	j.text("version", "https://jsonfeed.org/version/1.1")
	j.text("title", line(f.Title))
	j.text("home_page_url", uri(f.URL))
	j.text("feed_url", uri(f.JSON))
	j.text("description", block(f.Description))
	j.text("next_url", uri(f.Part.Older.JSON))
	j.text("icon", uri(f.Image))
	j.text("favicon", uri(f.Icon))
	j.text("language", f.Language)
	if len(f.Hubs) > 0 {
		j.open("hubs", '[')
		for _, hub := range f.Hubs {
			j.open("", '{')
			j.text("type", "WebSub")
			j.text("url", uri(hub))
			j.close('}')
		}
		j.close(']')
	}
	j.open("items", '[')
	depth, more := j.depth, j.more
	j.depth, j.more = itemDepth+1, true
	j.byline = j.aside(func() { j.people(f.byline()) })
	j.depth, j.more = depth, more
}

func (j *jsonWriter) tail() {
	j.depth, j.more = itemDepth, j.articles
	j.close(']')
	j.close('}')
	j.buf = append(j.buf, '\n')
}

// sep is the comma before an item.
func (j *jsonWriter) sep() int { return len(",") }

func (j *jsonWriter) article(a *Article) {
	j.depth, j.more = itemDepth, true
	j.open("", '{')
	j.text("id", uri(a.ID))
	j.text("url", uri(a.URL))
	j.text("title", line(a.Title))
	if content := block(a.Content); content != "" {
		j.text("content_html", content)
	} else {
		j.text("content_text", a.text())
	}
	j.text("summary", block(a.Summary))
	j.text("image", uri(a.Image))
	j.utc("date_published", a.published())
	j.utc("date_modified", a.Updated)
	j.sign(a, j.people)
	j.tags(a)
	j.text("language", a.Language)
	if e := a.Enclosure; e != nil {
		j.open("attachments", '[')
		j.open("", '{')
		j.text("url", uri(e.URL))
		j.text("mime_type", e.mediaType())
		if e.Length > 0 {
			j.key("size_in_bytes")
			j.buf = strconv.AppendInt(j.buf, e.Length, 10)
		}
		j.close('}')
		j.close(']')
	}
	if a.Event != nil || a.Calendar != "" {
		j.event(a)
	}
	j.close('}')
}

// event writes the extension of an item that is about an event.
func (j *jsonWriter) event(a *Article) {
	j.open("_crieur", '{')
	j.text("about", about)
	if e := a.Event; e != nil {
		layout := time.RFC3339
		if e.AllDay {
			layout = time.DateOnly
		}
		j.date("start", e.time(e.Start), layout)
		if !e.End.IsZero() {
			j.date("end", e.time(e.End), layout)
		}
		j.text("location", line(e.Location))
	}
	j.text("calendar", uri(a.Calendar))
	j.close('}')
}

func (j *jsonWriter) people(people []Person) {
	if !named(people) {
		return
	}
	j.open("authors", '[')
	for i := range people {
		p := &people[i]
		if p.name() == "" {
			continue
		}
		j.open("", '{')
		j.text("name", p.name())
		j.text("url", uri(p.URI))
		j.close('}')
	}
	j.close(']')
}

func (j *jsonWriter) tags(a *Article) {
	first := true
	for tag := range a.tags {
		if first {
			j.open("tags", '[')
			first = false
		}
		j.key("")
		j.string(tag)
	}
	if !first {
		j.close(']')
	}
}

// itemDepth is how deep the items of a feed are.
const itemDepth = 2

// A jsonWriter writes an indented JSON document.
// Members whose text is empty are left out, as is their key.
type jsonWriter struct {
	output
	depth    int
	more     bool // the object or array has a member already
	articles bool // the feed has any
}

// open begins an object or an array, as the member key of an object or, with "", an element of an array.
func (j *jsonWriter) open(key string, bracket byte) {
	j.key(key)
	j.buf = append(j.buf, bracket)
	j.depth++
	j.more = false
}

func (j *jsonWriter) close(bracket byte) {
	j.depth--
	if j.more {
		j.newline()
	}
	j.buf = append(j.buf, bracket)
	j.more = true
}

// text writes a member with a string, or nothing if the string is empty.
func (j *jsonWriter) text(key, s string) {
	if s == "" {
		return
	}
	j.key(key)
	j.string(s)
}

func (j *jsonWriter) utc(key string, t time.Time) {
	j.key(key)
	j.buf = append(j.buf, '"')
	j.buf = appendUTC(j.buf, t)
	j.buf = append(j.buf, '"')
}

func (j *jsonWriter) date(key string, t time.Time, layout string) {
	j.key(key)
	j.buf = append(j.buf, '"')
	j.buf = t.AppendFormat(j.buf, layout)
	j.buf = append(j.buf, '"')
}

func (j *jsonWriter) string(s string) {
	j.buf = append(j.buf, '"')
	j.buf = escapeJSON.append(j.buf, s)
	j.buf = append(j.buf, '"')
}

// key goes to where the next member's value begins.
func (j *jsonWriter) key(key string) {
	if j.more {
		j.buf = append(j.buf, ',')
	}
	j.newline()
	if key != "" {
		j.buf = append(j.buf, '"')
		j.buf = append(j.buf, key...)
		j.buf = append(j.buf, `": `...)
	}
	j.more = true
}

func (j *jsonWriter) newline() {
	j.buf = append(j.buf, '\n')
	j.buf = append(j.buf, indent[:2*j.depth]...)
}
