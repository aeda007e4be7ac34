// Package content reads one file of a content tree and gives the records in it: events and articles, as a careful
// person would understand them, with a position for all that is wrong or was assumed.
//
// # What a file may be
//
//   - Markdown, HTML or text that begins with front matter: YAML between "---" lines, TOML between "+++" lines, or one JSON
//     object. One record.
//   - Markdown or text without front matter: an article. Its title is its first heading or its first sentence, its date
//     stands in the file name or, for text, in the text itself; a notice says which it was.
//   - YAML or JSON: one record, a list of records, or a mapping that holds one list of records.
//   - A table of comma-separated values (RFC 4180; semicolons and tabs are recognised by the header): a header whose cells are the keys of
//     front matter, in any case, with or without accents, spaces or underscores ("Date de début"), then one record a row. It is
//     a table of events if it has a column for the title and one for the start, and a date in this; of articles if its header says when they are
//     published. Any other table is passed over: such files lie in content trees for all sorts of reasons.
//   - Neither a table nor a file of records is read that may be a list of people, by what stands in it beside their names: see personal.go.
//
// Calendars (.ics) are wanted too, but read by package crieur, which gives each event to Options.Complete.
//
// # How a file is read
//
//	bytes → text (encoding and control characters made safe, once)
//	      → header and body → a tree of nodes, each with its place (YAML, TOML and JSON alike)
//	      → fields by the tables of keys.go → a Record
//
// The words that prose is understood by (months, hours, "online", "cancelled") are tables too, in words.go, in French and
// English; another language is another column there.
//
// # What was decided where the design is silent
//
//   - An event is recognised by a start key. A file in a folder of events, or with keys that only events have, that gives no start
//     is neither an event nor an article: a notice says what to write.
//   - What has neither a date nor a start, and the layout of a page, is a page of the site (a legal notice) and no record: a notice says so.
//   - What a generator is told to keep out of its lists (headless, eleventyExcludeFromCollections) is a draft, and so is what says that it is
//     not for all, or not yet, in a key or in its value (private: true, visibility: members, validé: en attente). A value there that is not
//     understood is a warning.
//   - An end that equals the start is as wrong as one before it: both are errors, and the record is left out. A day and a time that do not
//     fit ("from Monday 10:00 to Wednesday") are published as whole days, with a warning.
//   - A date of an event says when its page was written, unless it repeats a time of the event or the collection says that it is the start.
//   - A start that is only a time of day ("start: 14:00") takes its day from date.
//   - A collection's Fields take the place of the usual keys, and of what is found by labels: with hours, no practical information
//     is looked at for them.
//   - Two keys that name one thing and differ (title and titre, two zones, lieu and location, an end and a duration) are warned
//     about; those that may well differ (name beside title, description beside summary) are not, nor the paths of Fields, but for dates.
//   - A key given twice is an error when the two values differ, since nobody can say which is meant, and a warning when they
//     are equal or one is empty.
//   - Midnight is a day, not an hour, in the value's own offset and, for a value in UTC, in the zone of the record.
//   - A file that is not UTF-8 is read as Windows-1252 if it holds no UTF-8 at all, and warned about.
//   - Z is an instant and never disagrees with a zone; any other offset does when it is not the zone's on that day.
//   - An offset or a missing zone that start and end share is warned about once.
//   - A zone that nobody configured cannot be disagreed with: it is warned about only where a value has no offset.
//   - Hours that end before they begin ("20h-2h") end on the next day when they end by 06:00, and are not understood otherwise.
//   - A rule that repeats an event is judged by Options.CheckRule. Days that it is repeated on besides, or not, are dates; a time that stands
//     with one must be that of the event where the day is added, since it would take place then. A faulty rule or day is an error, not a
//     warning: who skips a day must not be announced on it.
//   - Dates that repeat by a rule in words ("last Friday of the month") are a series of their own beside the dates that are given. One that
//     is cancelled is an exception of its series; one that is moved is that, and an event of its own.
//   - A comment that says UTC beside a time is believed: those who edit the file are.
//   - An event that is online and nowhere else is joined at its page, unless that is where to register.
//   - A text that gives the day of an event in another year by one or two is a copied page: a warning. Further years are remembered ones.
//   - A reminder is no reason to leave an event out: one that is not understood is a warning.
//   - In a table Date is the start if there is no other column for it and one that only events have. The dates of its events are read alike: one
//     that can name only the month first (05/30/2027) says how all are meant. A row that one column hides (draft, published, private, in either
//     language) is a draft, whatever another says; so is one that has no tick where others have one. What is assumed of every row is told once.
//   - A header may stand below a title and other lines of a cell or two. Years of two digits are of this century in a table, with a warning; a
//     date without a year is an error.
//   - Hours after the date of a start are its own ("15/05/2027 de 14h à 16h").
//   - A row with fewer cells than the header, or more that are not empty, is an error and not guessed at. A column that is no key is not published:
//     it may be anything, the telephone number of somebody too.
//   - Columns count bytes from 1, as in Go's own messages.
//
// # Programmes
//
// The text of an event whose front matter says programme: true, or whose collection does, is read for the sessions that take place
// in it, each a record after that of the event. It is never read for the time of the event itself.
//
//   - A session is a line that begins with its hours, see slot: an item of a list, a heading, a paragraph or a line of one, a row of a
//     table with hours in its first cell, or start and end in the first two. An item may end with its hours instead. Its title is the
//     rest of the line or, where nothing follows the hours, the next line. What comes below it, who speaks for instance, is its text.
//   - The text of a session ends at the next one, at a rule, and at a heading that is not below it. What follows the last is of the whole
//     event, but for as many paragraphs as half of the others have after them. A line that introduces sessions ("Salle B", "L'après-midi :")
//     is not of the one above it.
//   - Columns of a table whose heads are rooms ("Salle A"), or days of the event, have sessions of their own. What stands in the first room and
//     in no other, or in all of them, is for all.
//   - Two numbers ("11-12 : B") are hours where they follow those of another session; else a warning tells of them.
//   - A session is on the day of the event, or on that which stands above it (a date, "Jour 2", a weekday of the event) or before its hours.
//     Hours that go back, with no day between, are the small hours of a night; else of the next day of the event if they are no later than
//     its first session, with a warning where it might be otherwise; else beside the others, with a warning.
//   - One that only begins ends where the next of its day does, if that is within four hours; the last has no end.
//   - Hours that do not say in which half of the day they are ("11:00", then "1:30") are after noon where they fit only so, with a warning,
//     but not in French nor beside hours of twenty-four; see noon.go.
//   - Hours are told by the clocks of the event's zone. A session with the name of another zone is left out, with a warning.
//   - One outside of the time of the event is published, with a warning for all such: doors open before the event.
//   - A session told twice, with the same title and start, is one. A session without a title is left out, with a warning.
//   - In a collection of programmes, a text with fewer than two sessions, or with most of them outside of the time of its event, is none.
//   - An event that takes place more than once has no programme: which of its times would it be?
//   - What of a text is no absolute address, a link to another page of the site, is not in the text of a session.
//
// Nothing here reads the clock, the environment, a file or the network, and nothing is kept between two calls, except
// that zones are loaded by name from the zone data that the program was built with.
package content

import (
	"time"

	"github.com/crieur/crieur/internal/markup"
)

// Kind says what a record is.
type Kind uint8

const (
	// Article is a text with a date of publication. It is the zero Kind.
	Article Kind = iota
	// Event is something that takes place at a time, Record.When.
	Event
)

// String returns "article" or "event".
func (k Kind) String() string {
	if k == Event {
		return "event"
	}
	return "article"
}

// A Span is when an event takes place. The zero Span is no time at all.
type Span struct {
	// AllDay says that Start and End are days: midnight UTC of the first and of the last one, both included.
	AllDay bool
	// Start of a timed event is in the zone of the event: an IANA location where one is known.
	Start time.Time
	// End is zero for a timed event that does not say when it ends.
	End time.Time
}

// IsZero reports whether s is no time at all.
func (s Span) IsZero() bool { return s.Start.IsZero() }

// A Record is what a file says about one event or article. Its texts are valid UTF-8 without control characters; those that
// are said to be one line hold no line break.
type Record struct {
	Path string // of the file, as given to Parse
	Line int    // on which the record begins, from 1
	Kind Kind

	UID     string // the record's own, or empty
	Title   string // one line of plain text, never empty
	Summary string // plain text of the record's own key; may be empty
	Body    string // as written, in Format
	Format  markup.Format

	When                Span   // of an Event, never zero; of one that repeats, the first time
	Repeat              Repeat `json:",omitzero"` // of an Event; zero: it takes place once
	Location            string // one line, "place, address"; empty: none
	Latitude, Longitude float64
	HasPosition         bool   // Latitude and Longitude are given, in degrees
	Online              string // address of the meeting, or empty
	Status              string // "", "confirmed", "tentative" or "cancelled"
	Organizer           Person
	Contact             string          // one line: whom to ask
	Reminders           []time.Duration `json:",omitempty"` // before the start, each once; zero: at the start
	Programme           bool            `json:",omitzero"`  // of an Event: its text is the programme of its sessions
	Session             bool            `json:",omitzero"`  // of an Event: it is part of that which is the last before it that is none

	Permalink  string   // the record's own page: absolute, or a path that begins with "/"; empty: unknown
	Links      []Link   // registration, pages of others
	Details    []Detail // labelled practical information, in the order written
	Categories []string
	Tags       []string
	Authors    []Person
	Language   string // BCP 47, as written, else that of the options

	Published time.Time // zero: unknown
	Origin    string    // of Published: "front matter", "file name", "text", or "" when it is unknown
	Updated   time.Time // zero: unknown
	NotBefore time.Time // not to be published earlier; zero: no limit
	NotAfter  time.Time // not to be published later; zero: no limit
	Draft     bool      // not to be published at all, as yet
	Broken    bool      // of a Draft: it could not be published either; only the fields of a text are set

	Image      string // address as written, relative or absolute
	ImageAlt   string // one line
	Enclosures []Enclosure
}

// A Person is an author or an organizer; any field may be empty, not all.
type Person struct{ Name, Email, URL string }

// A Link leads from a record to another page; Title may be empty.
type Link struct{ Title, URL string }

// A Detail is one labelled piece of practical information: how to get there, how to register. Label, Text or URL may be empty, not all.
type Detail struct{ Label, Text, URL string }

// An Enclosure is a file that goes with a record. Type is a media type, or empty; Length is in bytes, 0 when unknown.
type Enclosure struct {
	URL, Type, Title string
	Length           int64
}

// Options say what the files of a tree leave out.
type Options struct {
	// Zone is the site's, for values without an offset. Nil means UTC.
	Zone *time.Location
	// ZoneAssumed says that nobody configured Zone: each value that needed it is warned about.
	ZoneAssumed bool
	// Language of records that do not say theirs; it also decides how 05/06/2027 is read.
	Language string
	// Collections describe folders. The longest matching Path wins.
	Collections []Collection
	// Found is told each path of a collection's Fields that leads to a value in the file, perhaps more than once. Nil: nobody is told.
	Found func(path string)
	// CheckRule says what is wrong with the rule of a Repeat, of an event that takes place at that time first, for a message that
	// names it; nil: nothing is. If nothing is, the function that it returns says what is wrong with the days. An empty rule is none.
	// A nil CheckRule takes all for good.
	CheckRule func(first Span, rule string) (checkDays func(also, except []time.Time) error, err error)
}

// A Collection says how the files of a folder are to be understood. The zero value says nothing.
type Collection struct {
	Path        string         // folder in the tree, with slashes; empty: all
	Kind        string         // "events", "articles", "ignore"; empty: by the fields
	DateIsStart bool           // the key date is the start of the event
	Permalink   string         // pattern of addresses, such as /agenda/:title/, with Jekyll's placeholders
	Zone        *time.Location // of this folder; nil: the site's
	Language    string         // of its records that do not say theirs; empty: the site's
	Fields      *Fields        // where the values of records stand; nil: under the usual keys
	Clock       bool           // where an offset is not the zone's that day the clock time is meant; otherwise the instant is
	Programme   bool           // the texts of events are read for the programmes of their sessions
}

// MaxFile is the size in bytes above which Parse refuses a file, so that a caller need not read it.
const MaxFile = 4 << 20

// Limits of a file, all counts and never times, so that the outcome is the same on every machine.
const (
	maxHeader  = 64 << 10  // bytes of front matter
	maxBody    = 1 << 20   // bytes of a body
	maxDepth   = 64        // mappings and lists in one another
	maxNodes   = 100_000   // values in a file, aliases counted as what they stand for
	maxKeys    = 1_000     // of one mapping
	maxKey     = 1_000     // bytes of a key
	maxItems   = 200       // values of a list that a record keeps: authors, files
	maxLabels  = 50        // categories that a record keeps, and tags: each makes lists of its own
	maxAliases = 100       // in a file
	maxCopied  = 256 << 10 // bytes of text that aliases repeat in a file
	maxShown   = 8 << 20   // bytes of a body, once for each time and each label of its record: so much stands in lists
	maxRecords = 10_000    // in a file
	maxLine    = 1_000     // runes of a value that is meant to be one line
)
