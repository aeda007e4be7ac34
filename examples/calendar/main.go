// This example uses package calendar alone: it turns records that a program
// has already, here the fixtures of a rowing club, into a calendar that people
// subscribe to.
//
//	go run ./examples/calendar                      print the calendar
//	go run ./examples/calendar -addr :8080          serve it at /rowing.ics
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
	_ "time/tzdata" // the rules of Europe/Paris, wherever this runs

	"github.com/crieur/crieur/calendar"
)

// A regatta is the club's own record. It knows when it was last changed and
// how often: that is all a calendar needs to follow it.
type regatta struct {
	id        string
	name      string
	lake      string
	start     time.Time
	length    time.Duration // zero: the whole day
	changed   time.Time
	revision  int
	calledOff bool
}

func regattas(zone *time.Location) []regatta {
	return []regatta{
		{id: "spring-2027", name: "Spring sprint", lake: "Lac de Brume, north shore", start: time.Date(2027, 4, 18, 9, 30, 0, 0, zone),
			length: 3 * time.Hour, changed: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)},
		{id: "open-2027", name: "Open day, beginners welcome", lake: "Boathouse", start: time.Date(2027, 5, 8, 0, 0, 0, 0, zone),
			changed: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)},
		{id: "night-2027", name: "Night race", lake: "Lac de Brume", start: time.Date(2027, 6, 19, 22, 0, 0, 0, zone),
			length: 2 * time.Hour, changed: time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC), revision: 1, calledOff: true},
	}
}

// encode writes the regattas as one calendar, or says all that is wrong with them.
func encode(list []regatta, zone *time.Location) ([]byte, error) {
	c := calendar.Calendar{
		ProdID:   "-//Brume Rowing Club//Regattas//EN",
		Name:     "Brume Rowing Club",
		Language: "en",
		Location: zone,
		Refresh:  6 * time.Hour,
	}
	for _, r := range list {
		e := calendar.Event{
			UID:      r.id + "@rowing.brume.example",
			Summary:  r.name,
			Location: r.lake,
			When:     calendar.Between(r.start, r.start.Add(r.length)),
			Status:   calendar.Confirmed,
			Updated:  r.changed,
			Sequence: r.revision,
		}
		if r.length == 0 {
			day := calendar.DateOf(r.start)
			e.When = calendar.Days(day, day)
		}
		if r.calledOff {
			e.Status = calendar.Cancelled // an event that just vanished would stay in some calendars
		}
		c.Events = append(c.Events, e)
	}
	var b bytes.Buffer
	err := calendar.Encode(&b, &c)
	return b.Bytes(), err
}

// handler serves a calendar that was last changed at the time given.
func handler(doc []byte, changed time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", calendar.MediaType)
		http.ServeContent(w, r, "", changed, bytes.NewReader(doc)) // 304, HEAD and Range
	})
}

func main() {
	addr := flag.String("addr", "", "the address to serve on; empty: print the calendar")
	flag.Parse()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		log.Fatal(err)
	}
	list := regattas(zone)
	doc, err := encode(list, zone)
	if err != nil {
		log.Fatal(err)
	}
	if *addr == "" {
		os.Stdout.Write(doc)
		return
	}
	var changed time.Time
	for _, r := range list {
		if r.changed.After(changed) {
			changed = r.changed
		}
	}
	http.Handle("/rowing.ics", handler(doc, changed))
	fmt.Println("serving /rowing.ics on", *addr)
	log.Fatal(http.ListenAndServe(*addr, nil))
}
