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

// An Event is one VEVENT (RFC 5545, section 3.6.1).
// UID, Summary, When and Updated are required; every other field may be zero, and is then not written.
type Event struct {
	UID         string // 1 to 255 visible ASCII characters but comma, semicolon, backslash; unique; never changes
	Summary     string // one line
	Description string // plain text, may hold newlines
	Location    string // one line
	When        When
	Geo         *Geo
	URL         string   // the event's page; absolute URI
	Categories  []string // the order is kept
	Organizer   Person   // without Email its Name is written as the contact, if there is no Contact
	Contact     string   // whom to ask, plain text
	Image       string   // absolute URI (RFC 7986, section 5.10)
	Conferences []Conference
	Attachments []Attachment
	Status      Status
	Created     time.Time // whole seconds; zero: unknown
	Updated     time.Time // when what readers see last changed: DTSTAMP and LAST-MODIFIED; whole seconds
	Sequence    int       // 0 or more; goes up by one with each change
}

// A Calendar is one VCALENDAR (RFC 5545, section 3.4), published as a subscription.
// The zero Calendar is valid and empty.
type Calendar struct {
	ProdID      string         // the program that made it; empty: a name of this package
	Name        string         // one line
	Description string         // plain text
	Color       string         // a CSS3 color name such as "teal" (RFC 7986, section 5.9)
	URL         string         // a page about the calendar; absolute URI
	Source      string         // where the calendar itself is fetched from; absolute URI
	Language    string         // of Name and Description, a tag such as "fr" (RFC 5646)
	Refresh     time.Duration  // how often to fetch it again, whole seconds; zero: not said
	Updated     time.Time      // when it last changed, whole seconds; zero: not said
	Location    *time.Location // the zone of its readers; nil: UTC
	Events      []Event        // in any order
}
