package calendar_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/crieur/crieur/calendar"
)

// printEvents prints the events of a calendar, with the line ends of this page.
func printEvents(c *calendar.Calendar) {
	var b strings.Builder
	if err := calendar.Encode(&b, c); err != nil {
		log.Fatal(err)
	}
	doc := strings.ReplaceAll(b.String(), "\r\n", "\n")
	_, events, _ := strings.Cut(doc, "BEGIN:VEVENT")
	fmt.Print("BEGIN:VEVENT", strings.TrimSuffix(events, "END:VCALENDAR\n"))
}

// A fair of one day. The day after, which iCalendar wants as the end, is written for you.
func ExampleDays() {
	day := calendar.Date{Year: 2027, Month: time.May, Day: 8}
	printEvents(&calendar.Calendar{Events: []calendar.Event{{
		UID:      "foire-2027@valmorin.example",
		Summary:  "Foire aux plants, de printemps",
		Location: "Place de la Mairie",
		When:     calendar.Days(day, day),
		Updated:  time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
	}}})
	// Output:
	// BEGIN:VEVENT
	// UID:foire-2027@valmorin.example
	// DTSTAMP:20261102T093000Z
	// DTSTART;VALUE=DATE:20270508
	// DTEND;VALUE=DATE:20270509
	// LAST-MODIFIED:20261102T093000Z
	// SEQUENCE:0
	// SUMMARY:Foire aux plants\, de printemps
	// LOCATION:Place de la Mairie
	// TRANSP:TRANSPARENT
	// X-MICROSOFT-CDO-BUSYSTATUS:FREE
	// END:VEVENT
}

// A meeting in a named zone. Its VTIMEZONE is written for you, before the events.
func ExampleBetween() {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		log.Fatal(err)
	}
	start := time.Date(2027, time.February, 4, 18, 30, 0, 0, paris)
	printEvents(&calendar.Calendar{Events: []calendar.Event{{
		UID:        "conseil-2027-02@valmorin.example",
		Summary:    "Conseil municipal",
		When:       calendar.Between(start, start.Add(90*time.Minute)),
		Categories: []string{"Conseil", "Vie publique"},
		Organizer:  calendar.Person{Name: "Mairie de Valmorin", Email: "mairie@valmorin.example"},
		Updated:    time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
	}}})
	// Output:
	// BEGIN:VEVENT
	// UID:conseil-2027-02@valmorin.example
	// DTSTAMP:20261102T093000Z
	// DTSTART;TZID=Europe/Paris:20270204T183000
	// DTEND;TZID=Europe/Paris:20270204T200000
	// LAST-MODIFIED:20261102T093000Z
	// SEQUENCE:0
	// SUMMARY:Conseil municipal
	// CATEGORIES:Conseil,Vie publique
	// ORGANIZER;CN=Mairie de Valmorin:mailto:mairie@valmorin.example
	// X-MICROSOFT-CDO-BUSYSTATUS:BUSY
	// END:VEVENT
}

// An event that was published and is withdrawn: the same UID, a later Updated, a higher Sequence.
func ExampleStatus() {
	first := calendar.Date{Year: 2027, Month: time.June, Day: 23}
	printEvents(&calendar.Calendar{Events: []calendar.Event{{
		UID:      "saint-jean-2027@valmorin.example",
		Summary:  "Feu de la Saint-Jean",
		When:     calendar.Days(first, first.AddDays(1)),
		Status:   calendar.Cancelled,
		Updated:  time.Date(2027, time.June, 20, 8, 0, 0, 0, time.UTC),
		Sequence: 1,
	}}})
	// Output:
	// BEGIN:VEVENT
	// UID:saint-jean-2027@valmorin.example
	// DTSTAMP:20270620T080000Z
	// DTSTART;VALUE=DATE:20270623
	// DTEND;VALUE=DATE:20270625
	// LAST-MODIFIED:20270620T080000Z
	// SEQUENCE:1
	// SUMMARY:Feu de la Saint-Jean
	// STATUS:CANCELLED
	// TRANSP:TRANSPARENT
	// X-MICROSOFT-CDO-BUSYSTATUS:FREE
	// END:VEVENT
}

// A subscription: encode before answering, so that a fault never becomes half a calendar.
func ExampleEncode() {
	c := &calendar.Calendar{
		Name:    "Agenda de Valmorin",
		Source:  "https://valmorin.example/events.ics",
		Refresh: time.Hour,
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		var doc bytes.Buffer
		if err := calendar.Encode(&doc, c); err != nil {
			log.Print(err) // and answer with the last good document
			return
		}
		w.Header().Set("Content-Type", calendar.MediaType)
		w.Write(doc.Bytes())
	}

	answer := httptest.NewRecorder()
	handler(answer, httptest.NewRequest("GET", "/events.ics", nil))
	fmt.Println(answer.Header().Get("Content-Type"))
	fmt.Print(strings.ReplaceAll(answer.Body.String(), "\r\n", "\n"))
	// Output:
	// text/calendar; charset=utf-8
	// BEGIN:VCALENDAR
	// VERSION:2.0
	// PRODID:-//crieur//calendar//EN
	// CALSCALE:GREGORIAN
	// NAME:Agenda de Valmorin
	// X-WR-CALNAME:Agenda de Valmorin
	// X-WR-TIMEZONE:UTC
	// SOURCE;VALUE=URI:https://valmorin.example/events.ics
	// REFRESH-INTERVAL;VALUE=DURATION:PT1H
	// X-PUBLISHED-TTL:PT1H
	// BEGIN:VTIMEZONE
	// TZID:Etc/UTC
	// BEGIN:STANDARD
	// DTSTART:19700101T000000
	// TZNAME:UTC
	// TZOFFSETFROM:+0000
	// TZOFFSETTO:+0000
	// END:STANDARD
	// END:VTIMEZONE
	// END:VCALENDAR
}

// Every fault is told at once, with the event and the field.
func ExampleFieldError() {
	day := calendar.Date{Year: 2027, Month: time.May, Day: 8}
	err := calendar.Encode(os.Stdout, &calendar.Calendar{Events: []calendar.Event{{
		UID:     "foire-2027@valmorin.example",
		Summary: "Foire",
		When:    calendar.Days(day, day.AddDays(-1)),
		URL:     "/agenda/foire",
	}}})
	fmt.Println(err)
	fmt.Println(errors.Is(err, calendar.ErrOrder))
	// Output:
	// event 0 ("foire-2027@valmorin.example"): When: ends before or when it starts: last day 2027-05-07, first day 2027-05-08
	// event 0 ("foire-2027@valmorin.example"): URL: "/agenda/foire" is not an absolute URI
	// event 0 ("foire-2027@valmorin.example"): Updated: required, but missing
	// true
}
