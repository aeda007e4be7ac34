package lint_test

import (
	"fmt"
	"strings"

	"github.com/crieur/crieur/calendar/lint"
)

func ExampleCheck() {
	doc := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Valmorin//Agenda//FR
BEGIN:VEVENT
UID:foire-2027@valmorin.example
DTSTAMP:20270105T080000Z
DTSTART;VALUE=DATE:20270508
DTEND;VALUE=DATE:20270508
SUMMARY:Foire aux plants
LOCATION:Place du Marché, Valmorin
COLOR:#008080
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	for _, f := range lint.Check([]byte(doc)) {
		fmt.Println("agenda.ics:" + f.String())
	}
	// Output:
	// agenda.ics:8:18: error: DTEND is 2027-05-08, the same day as DTSTART, want the day after the last (dtend-same-day)
	// agenda.ics:10:26: error: LOCATION holds ',' without a backslash before it (text-unescaped)
	// agenda.ics:11:7: error: COLOR is "#008080", want a CSS3 color name such as teal (color-invalid)
}

// What a finding says besides: what to do, and why.
func ExampleFinding() {
	doc := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Valmorin//Agenda//FR\r\nBEGIN:VEVENT\r\nUID:foire-2027@valmorin.example\r\n" +
		"DTSTAMP:20270105T080000Z\r\nDTSTART:20270508T080000\r\nSUMMARY:Foire aux plants\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	for _, f := range lint.Check([]byte(doc)) {
		fmt.Println(f.Severity, "in", f.Component, f.Property, "of", f.UID)
		fmt.Println(f.Message)
		fmt.Println(f.Advice, "Source:", f.Source)
	}
	// Output:
	// warning in VEVENT DTSTART of foire-2027@valmorin.example
	// DTSTART is a time without a zone, which is another instant for each reader
	// Add TZID and a VTIMEZONE, or write UTC with Z. Source: Google
}
