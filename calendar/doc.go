// Package calendar writes events as iCalendar (RFC 5545, RFC 7986), for calendars that many people subscribe to and
// trust; reads those of others, and tells when series take place.
//
// A [Calendar] holds [Event] values; [Encode] checks them all and writes the document. The package knows nothing of
// files, feeds or HTTP, and has no clock: the same Calendar gives the same bytes everywhere, as long as the zones in it
// come from the same version of the zone database (see [ZoneData]).
//
//	e := calendar.Event{
//		UID:     "conseil-2027-02@valmorin.example",
//		Summary: "Conseil municipal",
//		When:    calendar.Between(start, end), // or Days, whose last day is included; or At
//		Updated: changed,
//	}
//	err := calendar.Encode(w, &calendar.Calendar{Name: "Agenda", Events: []calendar.Event{e}})
//
// A program that writes the same events again and again, or into several calendars, makes a [Prepared] of each.
//
// # What is promised
//
// A document is written whole or not at all: every fault is reported first, as a [FieldError]. Whatever is in a field,
// it cannot break out of its line. An event looks the same in every calendar that carries it, and the order in which
// events are given does not matter. What is written reads back as what was meant, in every parser known to its makers;
// [ReadBack] asks one of them, that of golang-ical, at run time.
//
// # Text
//
// Text is cleaned where it is written: what is not UTF-8 becomes U+FFFD, control characters are removed, every kind of
// newline becomes one (in a text of one line, a space), and white space around it goes. In a category, which some
// readers split in spite of any escape, and in parameters, look-alikes stand for characters that cannot be told
// everywhere: U+201A for a comma. What is not text, such as an address, is checked, and faulty if it is not what it must
// be.
//
// # Time
//
// Instants are told in local time, with a TZID and a VTIMEZONE of one STANDARD and at most one DAYLIGHT part, which is
// what all readers understand alike, made from the [time.Location]; or, where that would not be exact, in UTC: before the
// present rules of the zone, in an hour that comes twice, in the night before a change of the clocks, in zones whose rules
// this form cannot tell (Africa/Cairo), in fixed offsets and in the machine's own zone. Load each zone once: its rules are
// found once for each Location.
//
// A series ([Rule], [Override]) is always told in the local time of its zone, since it moves with its clocks. If it began
// before the present rules, or these are not of the form above, its VTIMEZONE also tells changes by their dates, through
// 2060. An occurrence in an hour that comes twice is in the first (RFC 5545, section 3.3.5), but some readers take it to be
// in the second. [Event.Occurrences] expands it.
//
// # Change
//
// DTSTAMP and LAST-MODIFIED are both Updated: without a METHOD, which a subscription has not, they mean the same (RFC
// 5545, section 3.8.7.2). Whoever makes the events moves Updated and Sequence together when, and only when, something
// that readers see has changed. An event that is withdrawn should go out as [Cancelled] for some weeks. A calendar
// without events has the VTIMEZONE of its Location, since many readers refuse one without any component.
//
// # Others
//
// [Decode] reads what other programs wrote, through the parser of github.com/arran4/golang-ical, and says what it cannot
// tell, with the line. [ToICS] and [FromICS] exchange calendars with programs that hold its types; bytes for others
// should come from Encode. [EncodeJCal] and [EncodeXCal] write the same calendar as JSON (RFC 7265) and XML (RFC 6321).
// Package lint, beside this one, says what is wrong with any document, and which reader minds.
package calendar
