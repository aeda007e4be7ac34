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

// A subscription that is never empty or half: when there is a fault, the last good document is served.
func ExampleEncode() {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		log.Fatal(err)
	}
	start := time.Date(2027, time.February, 4, 18, 30, 0, 0, paris)
	c := &calendar.Calendar{
		Name:     "Agenda de Valmorin",
		Source:   "https://valmorin.example/events.ics",
		Refresh:  time.Hour,
		Location: paris,
		Events: []calendar.Event{{
			UID:     "conseil-2027-02@valmorin.example",
			Summary: "Conseil municipal",
			When:    calendar.Between(start, start.Add(90*time.Minute)),
			Updated: time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
		}},
	}
	var good []byte // the last good document
	handler := func(w http.ResponseWriter, r *http.Request) {
		var doc bytes.Buffer
		if err := calendar.Encode(&doc, c); err != nil {
			log.Print(err)
		} else {
			good = doc.Bytes()
		}
		if good == nil {
			http.Error(w, "not yet", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", calendar.MediaType)
		w.Write(good)
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
	// X-WR-TIMEZONE:Europe/Paris
	// SOURCE;VALUE=URI:https://valmorin.example/events.ics
	// REFRESH-INTERVAL;VALUE=DURATION:PT1H
	// X-PUBLISHED-TTL:PT1H
	// BEGIN:VTIMEZONE
	// TZID:Europe/Paris
	// BEGIN:STANDARD
	// DTSTART:19961027T030000
	// RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
	// TZNAME:CET
	// TZOFFSETFROM:+0200
	// TZOFFSETTO:+0100
	// END:STANDARD
	// BEGIN:DAYLIGHT
	// DTSTART:19960331T020000
	// RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
	// TZNAME:CEST
	// TZOFFSETFROM:+0100
	// TZOFFSETTO:+0200
	// END:DAYLIGHT
	// END:VTIMEZONE
	// BEGIN:VEVENT
	// UID:conseil-2027-02@valmorin.example
	// DTSTAMP:20261102T093000Z
	// DTSTART;TZID=Europe/Paris:20270204T183000
	// DTEND;TZID=Europe/Paris:20270204T200000
	// LAST-MODIFIED:20261102T093000Z
	// SEQUENCE:0
	// SUMMARY:Conseil municipal
	// X-MICROSOFT-CDO-BUSYSTATUS:BUSY
	// END:VEVENT
	// END:VCALENDAR
}

// One date of a series is called off: it stays visible, as cancelled, until it is left out with Except.
func ExampleOverride_cancelled() {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		log.Fatal(err)
	}
	start := time.Date(2027, time.March, 2, 18, 30, 0, 0, paris)
	off := start.AddDate(0, 0, 7)
	printEvents(&calendar.Calendar{Events: []calendar.Event{{
		UID:      "atelier@valmorin.example",
		Summary:  "Atelier numérique",
		When:     calendar.Between(start, start.Add(time.Hour)),
		Repeat:   &calendar.Rule{Freq: calendar.Weekly, Count: 10},
		Updated:  time.Date(2027, time.March, 5, 8, 0, 0, 0, time.UTC),
		Sequence: 1, // of the whole series
		Overrides: []calendar.Override{{Day: calendar.DateOf(off), Event: calendar.Event{
			Summary: "Atelier numérique (annulé)",
			When:    calendar.Between(off, off.Add(time.Hour)),
			Status:  calendar.Cancelled,
		}}},
	}}})
	// Output:
	// BEGIN:VEVENT
	// UID:atelier@valmorin.example
	// DTSTAMP:20270305T080000Z
	// DTSTART;TZID=Europe/Paris:20270302T183000
	// DTEND;TZID=Europe/Paris:20270302T193000
	// RRULE:FREQ=WEEKLY;COUNT=10
	// LAST-MODIFIED:20270305T080000Z
	// SEQUENCE:1
	// SUMMARY:Atelier numérique
	// X-MICROSOFT-CDO-BUSYSTATUS:BUSY
	// END:VEVENT
	// BEGIN:VEVENT
	// UID:atelier@valmorin.example
	// RECURRENCE-ID;TZID=Europe/Paris:20270309T183000
	// DTSTAMP:20270305T080000Z
	// DTSTART;TZID=Europe/Paris:20270309T183000
	// DTEND;TZID=Europe/Paris:20270309T193000
	// LAST-MODIFIED:20270305T080000Z
	// SEQUENCE:1
	// SUMMARY:Atelier numérique (annulé)
	// STATUS:CANCELLED
	// TRANSP:TRANSPARENT
	// X-MICROSOFT-CDO-BUSYSTATUS:FREE
	// END:VEVENT
}

// A reminder a day before.
func ExampleReminder() {
	day := calendar.Date{Year: 2027, Month: time.May, Day: 8}
	printEvents(&calendar.Calendar{Events: []calendar.Event{{
		UID:       "dechets@valmorin.example",
		Summary:   "Collecte des encombrants",
		When:      calendar.Days(day, day),
		Reminders: []calendar.Reminder{{Before: 6 * time.Hour, Text: "Sortir les encombrants ce soir"}},
		Updated:   time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
	}}})
	// Output:
	// BEGIN:VEVENT
	// UID:dechets@valmorin.example
	// DTSTAMP:20261102T093000Z
	// DTSTART;VALUE=DATE:20270508
	// DTEND;VALUE=DATE:20270509
	// LAST-MODIFIED:20261102T093000Z
	// SEQUENCE:0
	// SUMMARY:Collecte des encombrants
	// TRANSP:TRANSPARENT
	// X-MICROSOFT-CDO-BUSYSTATUS:FREE
	// BEGIN:VALARM
	// ACTION:DISPLAY
	// TRIGGER:-PT6H
	// DESCRIPTION:Sortir les encombrants ce soir
	// END:VALARM
	// END:VEVENT
}

// Events that come one by one, from a database say, are never in memory all at once.
func ExampleEncodeSeq() {
	day := calendar.Date{Year: 2027, Month: time.January, Day: 1}
	events := func(yield func(*calendar.Event) bool) {
		for n := range 1000 {
			e := calendar.Event{
				UID:     fmt.Sprintf("jour-%d@valmorin.example", n),
				Summary: fmt.Sprintf("Jour n° %d", n+1),
				When:    calendar.Days(day.AddDays(n), day.AddDays(n)),
				Updated: time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
			}
			if !yield(&e) {
				return
			}
		}
	}
	var doc strings.Builder
	if err := calendar.EncodeSeq(&doc, &calendar.Calendar{Name: "Jours"}, events); err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.Count(doc.String(), "BEGIN:VEVENT"), "events")
	// Output:
	// 1000 events
}

// A program that has several calendars of the same events, or writes them again and again, prepares each event once.
func ExamplePrepare() {
	day := calendar.Date{Year: 2027, Month: time.May, Day: 8}
	var all, first []*calendar.Prepared
	for n, title := range []string{"Foire", "Bal"} {
		p, err := calendar.Prepare(&calendar.Event{
			UID:     fmt.Sprintf("fete-%d@valmorin.example", n),
			Summary: title,
			When:    calendar.Days(day.AddDays(n), day.AddDays(n)),
			Updated: time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
		})
		if err != nil {
			log.Fatal(err)
		}
		all = append(all, p)
	}
	first = all[:1]
	for _, events := range [][]*calendar.Prepared{all, first} {
		var doc strings.Builder
		if err := calendar.EncodePrepared(&doc, &calendar.Calendar{Name: "Fêtes"}, events); err != nil {
			log.Fatal(err)
		}
		fmt.Println(strings.Count(doc.String(), "BEGIN:VEVENT"), "of", len(all))
	}
	// Output:
	// 2 of 2
	// 1 of 2
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
