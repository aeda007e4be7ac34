// Package page writes the HTML of a site: the index of its subscriptions, a
// page for each channel and one for each record that has none elsewhere.
//
// A page is a function of the values given to it, and is written in the
// language of its [Layout]. It is complete without its script, which copies
// addresses, and loads nothing but that and the style sheet beside it.
// Everything is escaped by html/template; taken as they are is the Body of a
// record, which internal/markup has made safe, the drawing of a [QR] code, and
// what is Linked to a page, JSON without angle brackets.
//
// People find on a page what is coming, then how to subscribe; machines find
// the same as microformats (h-event, h-entry) and as linked data (schema.org).
package page

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"github.com/crieur/crieur/internal/locale"
)

// Style is the style sheet of all pages.
//
//go:embed style.css
var Style []byte

// Script is the script of all pages.
//
//go:embed script.js
var Script []byte

//go:embed feed.css
var feedStyle []byte

// FeedStyle is the style sheet of all feeds, with what it says in these words:
// that this is a feed, and what one does with it.
func FeedStyle(w *locale.Text) []byte {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	b := fmt.Appendf(nil, "%s:root {\n", feedStyle)
	for _, v := range [...]struct{ name, text string }{{"note", w.FeedNote}, {"page", w.FeedPage}, {"published", w.Published}} {
		b = fmt.Appendf(b, "  --%s: \"%s\";\n", v.name, escape.Replace(v.text))
	}
	return append(b, "}\n"...)
}

//go:embed pages.tmpl
var source string

var pages = template.Must(template.New("").Parse(source))

// A Layout is what all pages have around their content.
type Layout struct {
	PageLang    string
	Words       *locale.Text
	Site        string // title of the whole
	PageTitle   string // empty on the index
	Description string
	Root        string // relative address of the index's folder: "", "../", …
	Name        string // path of this page, from there
	Canonical   string // address of this page
	Nav         []Link // relative to the index's folder
	Trail       []Link // the pages above this one, likewise
	Alternates  []Link // feeds and calendars of this page
	Script      bool   // there is something to copy
	Zone        string // of the hours, in words; empty: not said
	Linked      template.JS
}

// A Link is an address with its name; Type is a media type.
type Link struct{ Name, URL, Type string }

// An Item is a record in a list.
type Item struct {
	Lang       string // where it is not the page's
	Title, URL string
	Event      bool
	When       string // in words; of a series, the next time
	Again      string // goes on from When: the other times of a series
	Machine    string // the same for machines: HTML's datetime
	MachineEnd string // of an event; empty: not known
	Day        string // of an event's start: "24"
	Weekday    string // and its name, short
	Where      string
	NewWhen    locale.Change // says of When that it is not as it was announced
	NewWhere   locale.Change // likewise of Where
	Online     string        // address
	Calendar   string        // address of the event's .ics
	Sessions   string        // address of the calendar of its sessions; empty: there is none
	Programme  *Calendar     // the same, to subscribe to; nil: there is none
	Summary    string
	Cancelled  bool
	Tentative  bool
}

// A Month is the events that begin in it.
type Month struct {
	Title string
	Items template.HTML // see Item.HTML
}

// A Subscription is a channel in the index.
type Subscription struct {
	Title   string
	Page    string
	Formats []Link
}

// A Group is a part of the index's list.
type Group struct {
	Title         string
	Plain         bool // the titles alone
	Subscriptions []Subscription
}

// An Index is the first page.
type Index struct {
	Layout
	Calendar    *Calendar // the main one; nil: there is none
	Choose      string    // address of the form for it; empty: there is none
	Feed        *Feed     // of all articles; nil: there is none
	Coming      []Month
	Latest      []Item
	HasEvents   bool
	HasArticles bool
	EventsPage  string
	ArticlePage string
	Groups      []Group
}

// A Channel is the page of one channel.
type Channel struct {
	Layout
	Events   bool
	Calendar *Calendar // nil: there is none
	Form     *Form     // nil: there is no choice
	Feed     *Feed     // nil: there is none
	Coming   []Month
	Later    []Month       // what is further ahead, in short
	Past     template.HTML // see Item.HTML
	Articles []Item
}

// A Record is the page of one event or article.
type Record struct {
	Layout
	Item
	Published, Updated               string // in words; empty: not said
	PublishedMachine, UpdatedMachine string
	Details                          []Detail
	Follow                           string // where to subscribe to what changes; empty: nowhere
	Body                             template.HTML
	Tags                             []Link
	Files                            []Link
}

// A Detail is a labelled line.
type Detail struct{ Label, Text, URL string }

// Execute writes the index.
func (p *Index) Execute() ([]byte, error) { return execute("index", p) }

// Execute writes the channel's page.
func (p *Channel) Execute() ([]byte, error) { return execute("channel", p) }

// Execute writes the record's page.
func (p *Record) Execute() ([]byte, error) { return execute("record", p) }

// HTML writes an event as it stands in a list, or in one where all are told of in short.
func (i Item) HTML(w *locale.Text, short bool) (template.HTML, error) {
	name := "event"
	if short {
		name = "short"
	}
	html, err := execute(name, i.In(Layout{Words: w}))
	return template.HTML(html), err
}

func execute(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	err := pages.ExecuteTemplate(&b, name, data)
	return b.Bytes(), err
}
