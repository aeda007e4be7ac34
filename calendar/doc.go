// Package calendar writes events as iCalendar (RFC 5545, with RFC 7986), for calendars that many people subscribe to
// and trust.
//
// A [Calendar] holds [Event] values; [Encode] checks them all and writes the document. The package knows nothing of
// files, feeds or HTTP, has no clock, and encoding asks the machine nothing: the same Calendar gives the same bytes
// everywhere, as long as the zones in it come from the same version of the zone database.
//
//	e := calendar.Event{
//		UID:     "conseil-2027-02@valmorin.example",
//		Summary: "Conseil municipal",
//		When:    calendar.Between(start, end),
//		Updated: changed,
//	}
//	err := calendar.Encode(w, &calendar.Calendar{Name: "Agenda", Events: []calendar.Event{e}})
//
// # What is promised
//
//   - A document is written whole or not at all: [Encode] reports every fault as a [FieldError] before its first byte.
//   - No text can break out of its line. Lines end with CRLF, are at most 75 octets long, and are never folded within
//     a rune or an escape, nor, where another place exists, next to white space or within a letter of several runes.
//   - Every event looks the same in every calendar that carries it, and alone. The order in which events are given
//     does not matter.
//   - [ReadBack] asks an independent parser, that of golang-ical, whether an event comes back as it went in.
//
// # Text
//
// Text is cleaned where it is written. What is not UTF-8 becomes U+FFFD. Control characters other than tab and newline
// are removed. CR LF, CR, U+2028 and U+2029 become newlines, and in a text of one line a newline becomes a space. White
// space and a byte order mark around a text are removed, because readers do so. A text that is then empty is not
// written; only Summary is then a fault, because a reader crashes on events without one.
//
// Some readers take no escape in a category, and split it or lose a part. So a comma, a semicolon, a backslash and a
// quotation mark are written there as characters that look like them: U+201A, U+FF1B, U+2216 and U+201D. A backslash
// in a parameter (the name of an organizer, the label of a conference) is U+2216 too. Other parameters are written as
// RFC 6868 has it, in quotes.
//
// What is not text is checked, and faulty if it is not what it must be: a UID, a status, an e-mail address, a media
// type, a color. A URI must be absolute; bytes that cannot stand in it are percent-encoded.
//
// # Time
//
// A [When] is of whole days, by [Days], or of instants, by [Between] and [At]. Whole days are given as people say them,
// both included, and written with the exclusive DTEND that RFC 5545 asks for. An event without an end has neither DTEND
// nor DURATION.
//
// Instants are told in local time with a TZID and a VTIMEZONE of that name whenever that is exact, else in UTC. The
// VTIMEZONE of a zone has one STANDARD and at most one DAYLIGHT part with a yearly rule, which is the one form that all
// readers understand alike. It is made from the zone's [time.Location] and tells the latest era of its rules: those
// that hold in the far future, back to the first year that they tell exactly. It does not depend on the events. These go
// out in UTC, which is right in every reader but does not name the place's zone:
//
//   - events of which one end is before that era, or before 1970;
//   - events of which one end is in the hour that comes twice when clocks go back;
//   - events in zones whose rules this form cannot tell, such as Africa/Cairo, America/Santiago, Asia/Gaza,
//     Asia/Jerusalem and America/Nuuk;
//   - events in the machine's own zone, whose name says nothing to others, in fixed offsets, and in UTC.
//
// Load each zone once and use the same Location for all events: its rules are found once for each Location.
//
// # Change
//
// DTSTAMP and LAST-MODIFIED are both Event.Updated, since without a METHOD they mean the same (RFC 5545, section
// 3.8.7.2), and this package writes no METHOD: a subscription is not an invitation. Whoever makes the events moves
// Updated and Sequence together when, and only when, something that readers see has changed. An event that is withdrawn
// should be published as [Cancelled] for some weeks.
//
// # Choices
//
// Whole days and cancelled events are TRANSP:TRANSPARENT, so that they make nobody busy. An organizer needs an e-mail
// address; one that has only a name is written as CONTACT. The names and texts of the calendar are written twice, as
// RFC 7986 has them and as X-WR-CALNAME, X-WR-CALDESC and X-PUBLISHED-TTL, for older readers. A calendar without
// events still has one component, the VTIMEZONE of its Location, since many readers refuse a calendar without any.
//
// # golang-ical
//
// [ToICS] and [FromICS] exchange calendars with programs that use github.com/arran4/golang-ical. Its parser is good;
// bytes for others should come from [Encode].
package calendar
