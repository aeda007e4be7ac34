package calendar

import "time"

// MediaType is the Content-Type of what [Encode] writes.
const MediaType = "text/calendar; charset=utf-8"

// A Status is the STATUS of an event (RFC 5545, section 3.8.1.11).
// The zero Status writes no STATUS line, which readers take as confirmed.
type Status string

const (
	Confirmed Status = "CONFIRMED"
	Tentative Status = "TENTATIVE"
	Cancelled Status = "CANCELLED" // withdrawn: keep publishing the event so for some weeks, with a higher Sequence
)

// A Class is the CLASS of an event (RFC 5545, section 3.8.1.3). The zero Class writes no CLASS line, which readers take
// as public.
type Class string

const (
	Public       Class = "PUBLIC"
	Private      Class = "PRIVATE"
	Confidential Class = "CONFIDENTIAL"
)

// A Transparency is the TRANSP of an event: whether it takes up the time of who has it in a calendar (RFC 5545, section
// 3.8.2.7). The zero Transparency is Transparent for whole days and for what is cancelled, else Opaque.
type Transparency string

const (
	Opaque      Transparency = "OPAQUE"      // busy
	Transparent Transparency = "TRANSPARENT" // free
)

// A Person is somebody, or a body, with a name and an e-mail address. Both may be empty.
type Person struct {
	Name, Email string
}

// A Geo is a position in decimal degrees, WGS 84 (RFC 5545, section 3.8.1.6).
type Geo struct {
	Lat, Lon float64
}

// A Conference is an address by which people take part from afar (RFC 7986, section 5.11).
type Conference struct {
	URL   string // absolute URI
	Label string // shown to people; may be empty
}

// An Attachment is a document that belongs to an event, by its address (RFC 5545, section 3.8.1.1).
type Attachment struct {
	URL  string // absolute URI
	Type string // media type without parameters, such as application/pdf; may be empty
}

// A Reminder is a VALARM that shows a text before an event (RFC 5545, section 3.6.6). Most readers of subscriptions
// leave reminders out, and people resent those that they did not ask for.
type Reminder struct {
	Before time.Duration // before the start, whole seconds; zero: at the start; negative: after it
	Text   string        // one line; empty: the event's Summary
}

// A Property is one that this package has no field for. Name must begin with X-, since readers refuse a file with names
// that they do not know, and must not be one that the package writes itself.
type Property struct {
	Name   string  // X-SOMETHING
	Params []Param // in the order written
	Value  string  // as it is meant; a text of which cleaning leaves nothing is not written; escaped when written, as TEXT, or by the type in a VALUE parameter
}

// A Param is a parameter of a [Property] (RFC 5545, section 3.2).
type Param struct {
	Name, Value string
}

// An Event is one VEVENT (RFC 5545, section 3.6.1), or a series of them.
// UID, Summary, When and Updated are required; every other field may be zero, and is then not written.
//
// What each field is written as, and who shows or uses it, as far as is known:
//
//	Summary, Description   SUMMARY, DESCRIPTION     everyone, as plain text
//	HTML                   ALTREP of DESCRIPTION    Thunderbird, Google
//	Location, Address      LOCATION                 everyone
//	Geo                    GEO, and with a place    Thunderbird and others as numbers;
//	                       X-APPLE-STRUCTURED-…     Apple on a map
//	VLocation              VLOCATION                nobody yet; ruby-icalendar refuses it
//	When                   DTSTART, DTEND           everyone
//	URL                    URL                      Apple, Thunderbird, GNOME; not Google
//	Categories             CATEGORIES               Thunderbird, GNOME, KDE, Outlook
//	Organizer              ORGANIZER or CONTACT     Apple, Outlook, Thunderbird
//	Contact                CONTACT                  GNOME; so tell it in the Description too
//	Image                  IMAGE                    nobody known
//	Conferences            CONFERENCE               not Apple, Outlook or Thunderbird: tell it there too
//	Attachments            ATTACH                   Apple, Thunderbird, GNOME; Nextcloud removes it
//	Reminders              VALARM                   Apple and Thunderbird, if people let them
//	Status                 STATUS                   CANCELLED: Apple and Thunderbird strike through, GNOME keeps
//	                                                it, Google removes the event
//	Transparency           TRANSP, X-MICROSOFT-…    everyone who tells when somebody is free
//	Class, Priority        CLASS, PRIORITY          Outlook, Thunderbird, GNOME
//	Color                  COLOR                    Nextcloud, Etar; not Google or Apple
//	Updated                DTSTAMP, LAST-MODIFIED   ICSx5, Google and GNOME look there for changes,
//	Sequence               SEQUENCE                 and here
//	Repeat, Also, Except   RRULE, RDATE, EXDATE     everyone
//	Overrides              RECURRENCE-ID            everyone; RANGE hardly anyone
type Event struct {
	UID          string // 1 to 255 visible ASCII characters but comma, semicolon, backslash; unique; never changes
	Summary      string // one line
	Description  string // plain text, may hold newlines
	HTML         string // the description in HTML, for the few readers that show it; needs Description
	Location     string // one line
	Address      string // of the place, one line; written after Location
	Geo          *Geo
	VLocation    bool // write the place as VLOCATION too (RFC 9073), which some readers refuse
	When         When
	URL          string   // the event's page; absolute URI
	Categories   []string // the order is kept
	Organizer    Person   // without Email its Name is written as the contact, if there is no Contact
	Contact      string   // whom to ask, plain text
	Image        string   // absolute URI (RFC 7986, section 5.10)
	Conferences  []Conference
	Attachments  []Attachment
	Reminders    []Reminder
	Status       Status
	Transparency Transparency
	Class        Class
	Priority     int       // 1, the highest, to 9; zero: none
	Color        string    // a CSS3 color name such as "teal" (RFC 7986, section 5.9)
	Created      time.Time // whole seconds; zero: unknown
	Updated      time.Time // when what readers see last changed: DTSTAMP and LAST-MODIFIED; whole seconds
	Sequence     int       // 0 or more; goes up by one with each change
	Extra        []Property

	Repeat    *Rule  // makes the event a series, of which When is the first occurrence; nil: no rule
	Also      []Date // further days of the series, at the same time of day (RDATE)
	Except    []Date // days on which it does not take place (EXDATE)
	Overrides []Override

	Line int // of the document that it was read from, see [Decode], from 1; zero: none. It is not written
}

// A Calendar is one VCALENDAR (RFC 5545, section 3.4), published as a subscription.
// The zero Calendar is valid and empty.
type Calendar struct {
	ProdID      string         // the program that made it; empty: a name of this package
	UID         string         // of the calendar itself; may be empty
	Name        string         // one line
	Description string         // plain text
	Color       string         // a CSS3 color name such as "teal" (RFC 7986, section 5.9)
	Image       string         // absolute URI
	URL         string         // a page about the calendar; absolute URI
	Source      string         // where the calendar itself is fetched from; absolute URI
	Language    string         // of Name and Description, a tag such as "fr" (RFC 5646)
	Refresh     time.Duration  // how often to fetch it again, whole seconds; zero: not said
	Updated     time.Time      // when it last changed, whole seconds; zero: not said
	Location    *time.Location // the zone of its readers; nil: UTC
	Extra       []Property
	Events      []Event // in any order
}
