package calendar_test

import (
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/crieur/crieur/calendar"
)

// A file of another program: what is good comes back, and what is not is told with its line.
func ExampleDecode() {
	file := strings.NewReader(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Club//Agenda//FR
BEGIN:VEVENT
UID:chorale@valmorin.example
DTSTAMP:20261102T093000Z
DTSTART;TZID=Romance Standard Time:20270105T183000
DURATION:PT1H30M
RRULE:FREQ=WEEKLY;UNTIL=20270629T163000Z
EXDATE;TZID=Romance Standard Time:20270216T183000,20270223T183000
SUMMARY:Chorale
END:VEVENT
BEGIN:VEVENT
UID:bal@valmorin.example
DTSTAMP:20261102T093000Z
DTSTART;VALUE=DATE:20270230
SUMMARY:Bal
END:VEVENT
END:VCALENDAR
`)
	c, err := calendar.Decode(file)
	if c == nil {
		log.Fatal(err) // no calendar at all, or it could not be read
	}
	fmt.Println(err)
	for _, e := range c.Events {
		fmt.Println(e.Summary, e.When.Start(), e.Repeat, e.Except)
	}
	// Output:
	// line 16: event 1 ("bal@valmorin.example"): When: DTSTART is "20270230": not a date or time that exists
	// Chorale 2027-01-05 18:30:00 +0100 CET FREQ=WEEKLY;UNTIL=20270629 [2027-02-16 2027-02-23]
}

// Faults one by one, for a program that shows them beside the file.
func ExampleDecode_faults() {
	file := strings.NewReader("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20270508T090000Z\nGEO:north\nEND:VEVENT\nEND:VCALENDAR\n")
	_, err := calendar.Decode(file)
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			if f, ok := errors.AsType[*calendar.FieldError](err); ok {
				fmt.Printf("agenda.ics:%d: %s: %v\n", f.Line, f.Field, f.Err)
			}
		}
	}
	// Output:
	// agenda.ics:5: Geo: "north", want a latitude and a longitude with ";" between them
}

// A program that makes its calendar with golang-ical publishes it in bytes that every reader takes.
func ExampleFromICS() {
	cal := ics.NewCalendarFor("Club")
	e := cal.AddEvent("bal@valmorin.example")
	e.SetSummary("Bal, de printemps")
	e.SetDtStampTime(time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC))
	e.SetStartAt(time.Date(2027, time.May, 8, 20, 0, 0, 0, time.UTC))
	e.AddRrule("FREQ=YEARLY;COUNT=3")

	c, err := calendar.FromICS(cal)
	if err != nil {
		log.Fatal(err)
	}
	printEvents(c)
	// Output:
	// BEGIN:VEVENT
	// UID:bal@valmorin.example
	// DTSTAMP:20261102T093000Z
	// DTSTART:20270508T200000Z
	// RRULE:FREQ=YEARLY;COUNT=3
	// LAST-MODIFIED:20261102T093000Z
	// SEQUENCE:0
	// SUMMARY:Bal\, de printemps
	// X-MICROSOFT-CDO-BUSYSTATUS:BUSY
	// END:VEVENT
}

// Events of ours for a program that works with the types of golang-ical.
func ExampleToICS() {
	day := calendar.Date{Year: 2027, Month: time.May, Day: 8}
	cal, err := calendar.ToICS(&calendar.Calendar{Events: []calendar.Event{{
		UID:        "bal@valmorin.example",
		Summary:    "Bal",
		When:       calendar.Days(day, day),
		Categories: []string{"Fête", "Danse"},
		Updated:    time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
	}}})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range cal.Events()[0].Properties {
		fmt.Println(p.IANAToken, p.Value)
	}
	// Output:
	// UID bal@valmorin.example
	// DTSTAMP 20261102T093000Z
	// DTSTART 20270508
	// DTEND 20270509
	// LAST-MODIFIED 20261102T093000Z
	// SEQUENCE 0
	// SUMMARY Bal
	// CATEGORIES Fête
	// CATEGORIES Danse
	// TRANSP TRANSPARENT
	// X-MICROSOFT-CDO-BUSYSTATUS FREE
}
