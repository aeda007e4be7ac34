package crieur_test

import (
	"fmt"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing/fstest"
	"time"
	_ "time/tzdata"

	"github.com/crieur/crieur"
)

// file is a file of a content tree.
func file(lines ...string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(strings.Join(lines, "\n") + "\n")}
}

// fair is a content tree with one event.
func fair(title string) fstest.MapFS {
	return fstest.MapFS{"_evenements/foire.md": file(
		"---",
		"title: "+title,
		"event_start_date: 2027-05-08 09:00:00 +02:00",
		"event_end_date: 2027-05-08 17:30:00 +02:00",
		"lieu: Place de la Mairie",
		"date: 2026-11-02 10:00:00 +01:00",
		"---",
		"Plants, graines et **conseils**.",
	)}
}

var config = crieur.Config{
	Title:    "Agenda de Brume",
	Base:     "https://agenda.brume.example/",
	Timezone: "Europe/Paris",
}

var now = time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC)

// lines prints those lines of a document that begin with one of prefixes.
func lines(site *crieur.Site, name string, prefixes ...string) {
	data, err := fs.ReadFile(site, name)
	if err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(strings.ReplaceAll(string(data), "\r\n", "\n")) {
		for _, p := range prefixes {
			if strings.HasPrefix(line, p) {
				fmt.Print(line)
			}
		}
	}
}

// A folder of Markdown goes in, a site of subscriptions comes out.
func ExampleBuild() {
	site, _, faults := crieur.Build(fair("Foire aux plants"), config, nil, now)
	for _, f := range faults {
		fmt.Println(f.Error())
	}
	calendar := string(site.File("events.ics").Bytes())
	_, event, _ := strings.Cut(strings.ReplaceAll(calendar, "\r\n", "\n"), "BEGIN:VEVENT\n")
	fmt.Print(strings.TrimSuffix(event, "END:VEVENT\nEND:VCALENDAR\n"))
	// Output:
	// UID:ad4e2edb-5302-59db-a58a-58a2b51d6c9d
	// DTSTAMP:20261102T090000Z
	// DTSTART;TZID=Europe/Paris:20270508T090000
	// DTEND;TZID=Europe/Paris:20270508T173000
	// CREATED:20261102T090000Z
	// LAST-MODIFIED:20261102T090000Z
	// SEQUENCE:0
	// SUMMARY:Foire aux plants
	// DESCRIPTION:Plants\, graines et conseils.
	// LOCATION:Place de la Mairie
	// URL:https://agenda.brume.example/event/foire-aux-plants.html
	// STATUS:CONFIRMED
	// X-MICROSOFT-CDO-BUSYSTATUS:BUSY
}

// Every document of a site, which is a file system too.
func ExampleSite() {
	site, _, _ := crieur.Build(fair("Foire aux plants"), config, nil, now)
	for f := range site.Files() {
		fmt.Println(f.Name, "–", f.Type)
	}
	// Output:
	// event/foire-aux-plants.html – text/html; charset=utf-8
	// event/foire-aux-plants.ics – text/calendar; charset=utf-8
	// events.atom – application/atom+xml; charset=utf-8
	// events.html – text/html; charset=utf-8
	// events.ics – text/calendar; charset=utf-8
	// events.json – application/feed+json; charset=utf-8
	// events.rss – application/rss+xml; charset=utf-8
	// feed.css – text/css; charset=utf-8
	// feeds.opml – text/x-opml; charset=utf-8
	// index.html – text/html; charset=utf-8
	// script.js – text/javascript; charset=utf-8
	// style.css – text/css; charset=utf-8
}

// What a subscriber sees of an edit, and then of a removal: revisions of the same event.
func ExampleBuilder() {
	var b crieur.Builder
	content := fair("Foire aux plants")
	_, history, _ := b.Build(content, config, nil, now)

	content["_evenements/foire.md"] = fair("Foire aux plants et aux graines")["_evenements/foire.md"]
	site, history, _ := b.Build(content, config, history, now.Add(time.Hour))
	lines(site, "events.ics", "UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "STATUS")

	delete(content, "_evenements/foire.md")
	site, _, _ = b.Build(content, config, history, now.Add(2*time.Hour))
	lines(site, "events.ics", "UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "STATUS")
	// Output:
	// UID:ad4e2edb-5302-59db-a58a-58a2b51d6c9d
	// DTSTAMP:20261122T100000Z
	// SEQUENCE:1
	// SUMMARY:Foire aux plants et aux graines
	// STATUS:CONFIRMED
	// UID:ad4e2edb-5302-59db-a58a-58a2b51d6c9d
	// DTSTAMP:20261122T110000Z
	// SEQUENCE:2
	// SUMMARY:Foire aux plants et aux graines
	// STATUS:CANCELLED
}

// A process that starts again takes over what the last one left: it reads the files, and makes nothing again of those that
// have not changed. The program has to say which one it is.
func ExampleBuilder_Warm() {
	dir, err := os.MkdirTemp("", "public")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	const program = "example 1.0, time zone data 2026a"

	start := func(history *crieur.History, now time.Time) *crieur.History {
		var b crieur.Builder
		b.Warm(program)
		site, history, _ := b.Build(fair("Foire aux plants"), config, history, now)
		done, err := crieur.Publish(dir, site)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(done.Written), "written,", done.Unchanged, "unchanged")
		return history
	}
	history := start(nil, now)
	start(history, now.Add(time.Hour))
	// Output:
	// 12 written, 0 unchanged
	// 0 written, 12 unchanged
}

// What subscribers see differently after a build is told record by record.
func ExampleHistory_Changes() {
	_, before, _ := crieur.Build(fair("Foire aux plants"), config, nil, now)
	_, after, _ := crieur.Build(fair("Foire aux graines"), config, before, now.Add(time.Hour))
	for c := range after.Changes(before) {
		fmt.Printf("%s:%d %s\n", c.Path, c.Line, c.What)
		for _, f := range c.Fields {
			fmt.Printf("%s: %s, was %s\n", f.Name, f.New, f.Old)
		}
	}
	// Output:
	// _evenements/foire.md:1 changed
	// title: Foire aux graines, was Foire aux plants
}

// A typing error is told with its place, and takes nothing away.
func ExampleFault() {
	content := fair("Foire aux plants")
	_, history, _ := crieur.Build(content, config, nil, now)

	content["_evenements/foire.md"] = file(
		"---",
		"title: Foire aux plants",
		"event_start_date: 2027-05-08 09:00:00 +02:00",
		"event_end_date: 2027-05-07 17:30:00 +02:00",
		"---",
	)
	site, _, faults := crieur.Build(content, config, history, now)
	for _, f := range faults {
		fmt.Println(f.Error())
	}
	lines(site, "events.ics", "DTEND", "SEQUENCE", "SUMMARY")
	// Output:
	// _evenements/foire.md:4:17: event_end_date 2027-05-07 17:30:00 +02:00 is before event_start_date 2027-05-08 09:00:00 +02:00, want an end after the start
	// DTEND;TZID=Europe/Paris:20270508T173000
	// SEQUENCE:0
	// SUMMARY:Foire aux plants
}

// Publishing twice writes once.
func ExamplePublish() {
	dir, err := os.MkdirTemp("", "public")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	site, _, _ := crieur.Build(fair("Foire aux plants"), config, nil, now)
	for range 2 {
		done, err := crieur.Publish(dir, site)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(done.Written), "written,", done.Unchanged, "unchanged,", len(done.Removed), "removed")
	}
	// Output:
	// 12 written, 0 unchanged, 0 removed
	// 0 written, 12 unchanged, 0 removed
}

// Subscriptions among the routes of an application that exists already.
func ExampleServer() {
	var server crieur.Server // answers 503 until it has a site
	mux := http.NewServeMux()
	mux.Handle("/agenda/", http.StripPrefix("/agenda", &server))

	c := config
	c.Base = "https://www.brume.example/agenda/"
	site, _, _ := crieur.Build(fair("Foire aux plants"), c, nil, now)
	server.Set(site)

	get := func(etag string) *http.Response {
		r := httptest.NewRequest("GET", "/agenda/events.ics", nil)
		r.Header.Set("If-None-Match", etag)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w.Result()
	}
	first := get("")
	fmt.Println(first.Status, first.Header.Get("Content-Type"))
	fmt.Println(get(first.Header.Get("ETag")).Status)
	// Output:
	// 200 OK text/calendar; charset=utf-8
	// 304 Not Modified
}

// Identities and revisions outlive the process in a Store.
func ExampleStore() {
	dir, err := os.MkdirTemp("", "state")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	publish := func(content fs.FS, now time.Time) {
		store, err := crieur.OpenStore(dir)
		if err != nil {
			log.Fatal(err)
		}
		defer store.Close()
		site, history, _ := crieur.Build(content, config, store.History(), now)
		if err := store.Save(history); err != nil { // before anyone can see the site
			log.Fatal(err)
		}
		lines(site, "events.ics", "UID", "SEQUENCE", "SUMMARY")
	}
	publish(fair("Foire aux plants"), now)

	// Another day, another process; the file has moved.
	moved := fstest.MapFS{"_evenements/2027/foire.md": fair("Foire aux plants")["_evenements/foire.md"]}
	publish(moved, now.Add(24*time.Hour))
	// Output:
	// UID:ad4e2edb-5302-59db-a58a-58a2b51d6c9d
	// SEQUENCE:0
	// SUMMARY:Foire aux plants
	// UID:ad4e2edb-5302-59db-a58a-58a2b51d6c9d
	// SEQUENCE:0
	// SUMMARY:Foire aux plants
}

// A configuration with a mistake is told where and what to write.
func ExampleReadConfig() {
	_, faults := crieur.ReadConfig("crieur.yaml", []byte(`title: Agenda de Brume
base: agenda.brume.example
timezone: Europe/Paris
channels:
  - name: ateliers
    category: Atelier
    formats: [ics, pdf]
`))
	for _, f := range faults {
		fmt.Println(f.Error())
	}
	// Output:
	// crieur.yaml:2:7: bad configuration: found "agenda.brume.example", want an address such as https://www.example.org/
	// crieur.yaml:7:20: bad configuration: found "pdf", want one of ics, html, rss, atom, json
}
