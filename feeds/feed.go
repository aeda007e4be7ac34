package feeds

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Media types of the documents, as a server should send them.
const (
	RSSType  = rssType + "; charset=utf-8"
	AtomType = atomType + "; charset=utf-8"
	JSONType = jsonType + "; charset=utf-8"
	OPMLType = "text/x-opml; charset=utf-8"
)

// The same as links give them.
const (
	rssType  = "application/rss+xml"
	atomType = "application/atom+xml"
	jsonType = "application/feed+json"
)

// A Feed is a list of articles and what a reader must know about the list.
// ID, Title and URL are required; the zero value of any other field leaves out what it would say.
//
// Text is plain text: line ends and runs of blanks in a title, a name or a tag become one space.
// Addresses are absolute http or https addresses; an address with letters beyond ASCII is
// percent-encoded once when it is written.
type Feed struct {
	ID          string // absolute URI that never changes and that no other feed has
	Title       string
	Description string // empty: RSS, which must have one, repeats the title
	URL         string // the page that shows the same to people
	Language    string // BCP 47, such as "fr" or "fr-CA"
	Rights      string
	Image       string // a picture of the feed, wider than high
	Icon        string // a small square picture

	// RSS, Atom and JSON are the addresses from which each document is fetched.
	// Each document names its own address and those of the others.
	RSS, Atom, JSON string

	// Authors wrote the articles that name no author.
	Authors []Person

	// Updated is when the feed last really changed.
	// Zero: when the newest article did, or, without articles, 1970-01-01T00:00:00Z,
	// because a feed must have a date and a date from the clock would change an unchanged feed.
	Updated time.Time

	// Refresh is how long a reader should wait before it asks again, in whole minutes.
	Refresh time.Duration

	// Hubs are the addresses of WebSub hubs, which tell subscribers at once when the feed has changed.
	Hubs []string

	Generator  string // the program that wrote the feed
	Stylesheet string // address of a CSS file for people who open the document in a browser

	Part Part // what the document is of a longer feed; see [Archive]

	Articles []Article // written in this order
}

// A Part says what a document is of a feed that has, or may have, several (RFC 5005). The zero Part says nothing.
type Part struct {
	Complete bool      // it has every article there is (section 2)
	Archive  bool      // its articles are there to stay (section 4)
	Current  Addresses // of the document that readers poll, if it is another one
	Older    Addresses // of the archive before
	Newer    Addresses // of the archive after, or of the page that will be it
}

// Addresses are those of one document in each format; empty: there is none.
type Addresses struct{ RSS, Atom, JSON string }

// An Article is one entry of a [Feed]. ID, Title and Updated are required.
//
// No date is compared with the clock: readers hide or pin what comes from the future, so the
// caller leaves out what is not yet due. The day of an event belongs in Event, never in Published.
type Article struct {
	ID      string // absolute URI that never changes, and the same in every feed: urn:uuid:…, tag:…
	URL     string // the page of the article; empty: it has none
	Title   string // plain text
	Summary string // plain text
	Content string // safe HTML in which every address is absolute; empty: the summary is all there is

	// Authors, or else those of the feed, or else the title of the feed as a name.
	// Every format says the same authors in every entry, because only some readers inherit them.
	Authors []Person

	Tags     []string // a tag that is there twice is written once
	Language string   // BCP 47; empty: that of the feed

	Published time.Time // zero: unknown, and Updated stands for it; RSS gives this date alone
	Updated   time.Time

	Image     string
	Enclosure *Enclosure // nil: none
	Source    *Source    // the feed that the article was taken from; nil: this one
	Event     *Event     // nil: the article is not about an event
	Calendar  string     // address of the event's own .ics; empty: none
}

// A Person has a name, or else goes by the address or the URI. The zero Person is left out.
type Person struct {
	Name  string
	Email string // written in Atom, the only format with a place for it beside the name; elsewhere it stands for a missing name
	URI   string // absolute http, https or mailto address
}

// An Enclosure is a file that comes with an article.
type Enclosure struct {
	URL    string
	Type   string // media type, whose parameters are left out; empty: application/octet-stream
	Length int64  // in bytes; zero: unknown
}

// A Source is another feed. Title and URL are required.
type Source struct {
	ID      string // of that feed, an absolute URI; empty: not known, and URL stands for it in Atom
	Title   string
	URL     string    // from which the feed is fetched
	Updated time.Time // when it last changed; zero: unknown, though Atom should say it (RFC 4287, section 4.2.11)
}

// An Event says when and where what an article announces takes place.
type Event struct {
	Start    time.Time
	End      time.Time // zero: not known; with AllDay: the last day, inclusive
	AllDay   bool      // Start and End are midnights in UTC, and only their dates count
	Location string
}

// updated returns the date of the feed.
func (f *Feed) updated() time.Time {
	if !f.Updated.IsZero() {
		return f.Updated
	}
	newest := time.Unix(0, 0)
	for i := range f.Articles {
		if t := f.Articles[i].Updated; i == 0 || t.After(newest) {
			newest = t
		}
	}
	return newest
}

// minutes returns Refresh in whole minutes, at least one, or zero if it is not set.
func (f *Feed) minutes() int {
	if f.Refresh <= 0 {
		return 0
	}
	return max(1, int(f.Refresh/time.Minute))
}

// published returns when an article was published, as far as it is known.
func (a *Article) published() time.Time {
	if a.Published.IsZero() {
		return a.Updated
	}
	return a.Published
}

// changed returns when an article was last published or changed.
func (a *Article) changed() time.Time {
	if a.Published.After(a.Updated) {
		return a.Published
	}
	return a.Updated
}

// name returns what a person goes by, or "" for nobody.
func (p *Person) name() string {
	for _, s := range [...]string{p.Name, p.Email, p.URI} {
		if s = line(s); s != "" {
			return s
		}
	}
	return ""
}

// byline returns the authors of the articles that name none.
func (f *Feed) byline() []Person {
	if named(f.Authors) {
		return f.Authors
	}
	return []Person{{Name: f.Title}}
}

func named(people []Person) bool { return countNamed(people) > 0 }

// countNamed returns how many of the people have a name.
func countNamed(people []Person) (n int) {
	for i := range people {
		if people[i].name() != "" {
			n++
		}
	}
	return n
}

// tags ranges over the tags of a, each once.
func (a *Article) tags(yield func(string) bool) {
	const few = 32
	var seen map[string]bool // of many; few are compared with one another
	if len(a.Tags) > few {
		seen = make(map[string]bool, len(a.Tags))
	}
	for i, tag := range a.Tags {
		if tag = line(tag); tag == "" || seen[tag] || seen == nil && isAmong(tag, a.Tags[:i]) {
			continue
		}
		if seen != nil {
			seen[tag] = true
		}
		if !yield(tag) {
			return
		}
	}
}

// isAmong reports whether one of the tags is written as tag.
func isAmong(tag string, tags []string) bool {
	return slices.ContainsFunc(tags, func(s string) bool { return line(s) == tag })
}

// html returns what an article has to say, of which every entry has something, because readers differ in what they show
// instead.
func (a *Article) html() string {
	if content := block(a.Content); content != "" {
		return content
	}
	return asHTML(a.text())
}

// text returns the content of an article that has none.
func (a *Article) text() string {
	if s := block(a.Summary); s != "" {
		return s
	}
	return line(a.Title)
}

// mediaType returns the type without its parameters, which not all formats take.
func (e *Enclosure) mediaType() string {
	kind, _, _ := strings.Cut(e.Type, ";")
	return cmp.Or(strings.TrimSpace(kind), "application/octet-stream")
}

// time returns t, a start or an end, in the zone in which e shows it.
func (e *Event) time(t time.Time) time.Time {
	if e.AllDay {
		return t.UTC()
	}
	return t
}
