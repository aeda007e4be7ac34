// This example publishes records that stand in a database and not in files.
// Anything that can be shown as an [fs.FS] is content: here each row of a table
// becomes one small JSON file of an archive in memory. In return the rows get
// all that files get: pages, calendars and feeds in every format, revisions,
// the cancellation of what was deleted, and faults that name the row.
//
//	go run ./examples/database                      publish into ./public
//	go run ./examples/database -out DIR
package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"path/filepath"
	"time"
	_ "time/tzdata" // the rules of time zones, wherever this runs

	"github.com/crieur/crieur"
)

// A row is one line of the table "course". Its keys are those that crieur
// reads; the primary key gives the uid, which is the identity in calendars.
type row struct {
	ID       int       `json:"-"`
	UID      string    `json:"uid"`
	Title    string    `json:"title"`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Timezone string    `json:"timezone"`
	Place    string    `json:"location"`
	Contact  string    `json:"contact"`
	Text     string    `json:"body"` // Markdown
	Tags     []string  `json:"tags,omitempty"`
	Created  time.Time `json:"date"`
	Changed  time.Time `json:"lastmod"`
}

// query stands for SELECT … FROM course WHERE published.
func query() []row {
	written := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	course := func(id int, title string, start time.Time, place string) row {
		return row{
			ID: id, UID: fmt.Sprintf("course-%d@college.brume.example", id), Title: title, Start: start, End: start.Add(2 * time.Hour),
			Timezone: "Europe/Paris", Place: place, Contact: "desk@college.brume.example", Text: "Places are *limited*: write to us first.",
			Tags: []string{"Evening"}, Created: written, Changed: written,
		}
	}
	return []row{
		course(1, "Bookbinding for beginners", time.Date(2027, 1, 12, 17, 30, 0, 0, time.UTC), "Workshop 3"),
		course(2, "Maps with free software", time.Date(2027, 3, 30, 16, 30, 0, 0, time.UTC), "Room 12"),
	}
}

// content shows rows as a file system.
func content(rows []row) (fs.FS, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, r := range rows {
		w, err := z.Create(fmt.Sprintf("courses/%d.json", r.ID))
		if err != nil {
			return nil, err
		}
		if err := json.NewEncoder(w).Encode(r); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
}

// publish writes the site of rows into out. What was published before is kept
// in the folder state: a row that is gone from the table is known from there.
func publish(rows []row, out, state string, now time.Time) (crieur.Publication, []crieur.Fault, error) {
	var none crieur.Publication
	source, err := content(rows)
	if err != nil {
		return none, nil, err
	}
	store, err := crieur.OpenStore(state)
	if err != nil {
		return none, nil, err
	}
	defer store.Close()
	config := crieur.Config{Title: "Brume college", Base: "https://college.brume.example/", Language: "en", Timezone: "Europe/Paris"}
	site, history, faults := crieur.Build(source, config, store.History(), now)
	if site == nil {
		return none, faults, fmt.Errorf("nothing is published: %w", faults[0])
	}
	if err := store.Save(history); err != nil {
		return none, faults, err
	}
	done, err := crieur.Publish(out, site)
	return done, faults, err
}

func main() {
	out := flag.String("out", "public", "the folder to publish into")
	flag.Parse()
	done, faults, err := publish(query(), *out, filepath.Join(*out, ".state"), time.Now())
	for _, f := range faults {
		log.Print(f.Error())
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d files written, %d unchanged, %d removed\n", len(done.Written), done.Unchanged, len(done.Removed))
}
