package calendar_test

import (
	"fmt"
	"log"
	"time"

	"github.com/crieur/crieur/calendar"
)

// workshop is a repair workshop on the first Saturday of each month: not in August, and in May a week later.
func workshop() calendar.Event {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		log.Fatal(err)
	}
	on := func(m time.Month, day int) calendar.When {
		start := time.Date(2027, m, day, 14, 0, 0, 0, paris)
		return calendar.Between(start, start.Add(3*time.Hour))
	}
	return calendar.Event{
		UID:     "reparation@valmorin.example",
		Summary: "Atelier de réparation",
		When:    on(time.March, 6),
		Repeat: &calendar.Rule{
			Freq:  calendar.Monthly,
			Until: calendar.Date{Year: 2027, Month: time.December, Day: 31},
			ByDay: []calendar.Weekday{{Nth: 1, Day: time.Saturday}},
		},
		Except: []calendar.Date{{Year: 2027, Month: time.August, Day: 7}},
		Overrides: []calendar.Override{{
			Day: calendar.Date{Year: 2027, Month: time.May, Day: 1},
			Event: calendar.Event{
				Summary: "Atelier de réparation (reporté : 1er mai)",
				When:    on(time.May, 8),
			},
		}},
		Updated: time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
	}
}

// A series with an exception and a moved date. The days of both are those that the rule gives.
func ExampleRule() {
	printEvents(&calendar.Calendar{Events: []calendar.Event{workshop()}})
	// Output:
	// BEGIN:VEVENT
	// UID:reparation@valmorin.example
	// DTSTAMP:20261102T093000Z
	// DTSTART;TZID=Europe/Paris:20270306T140000
	// DTEND;TZID=Europe/Paris:20270306T170000
	// RRULE:FREQ=MONTHLY;UNTIL=20271231T225959Z;BYDAY=1SA
	// EXDATE;TZID=Europe/Paris:20270807T140000
	// LAST-MODIFIED:20261102T093000Z
	// SEQUENCE:0
	// SUMMARY:Atelier de réparation
	// X-MICROSOFT-CDO-BUSYSTATUS:BUSY
	// END:VEVENT
	// BEGIN:VEVENT
	// UID:reparation@valmorin.example
	// RECURRENCE-ID;TZID=Europe/Paris:20270501T140000
	// DTSTAMP:20261102T093000Z
	// DTSTART;TZID=Europe/Paris:20270508T140000
	// DTEND;TZID=Europe/Paris:20270508T170000
	// LAST-MODIFIED:20261102T093000Z
	// SEQUENCE:0
	// SUMMARY:Atelier de réparation (reporté : 1er mai)
	// X-MICROSOFT-CDO-BUSYSTATUS:BUSY
	// END:VEVENT
}

// What takes place from April to September: a page of coming dates, for instance.
func ExampleEvent_Occurrences() {
	series := workshop()
	from := time.Date(2027, time.April, 1, 0, 0, 0, 0, series.When.Start().Location())
	for _, e := range series.Occurrences(from, from.AddDate(0, 6, 0)) {
		fmt.Println(e.When.Start().Format("Mon 2 Jan 15:04 MST"), e.Summary)
	}
	// Output:
	// Sat 3 Apr 14:00 CEST Atelier de réparation
	// Sat 8 May 14:00 CEST Atelier de réparation (reporté : 1er mai)
	// Sat 5 Jun 14:00 CEST Atelier de réparation
	// Sat 3 Jul 14:00 CEST Atelier de réparation
	// Sat 4 Sep 14:00 CEST Atelier de réparation
}

// A rule as other programs write it. UNTIL is a time in UTC; what a Rule keeps is the last day.
func ExampleParseRule() {
	start := workshop().When
	r, err := calendar.ParseRule("FREQ=MONTHLY;UNTIL=20270605T115959Z;BYDAY=1SA", start)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.ByDay, r.Until)
	_, err = calendar.ParseRule("FREQ=YEARLY;BYWEEKNO=20", start)
	fmt.Println(err)
	// Output:
	// [1SA] 2027-06-04
	// rule "FREQ=YEARLY;BYWEEKNO=20": BYWEEKNO: readers differ on the day, want BYMONTH or BYDAY
}
