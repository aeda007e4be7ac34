// This example publishes a whole content folder inside a web application that
// exists already: its own routes stay its own, the subscriptions are below
// /agenda/, and a POST to /rebuild, such as an editor's "publish" button or the
// hook of a repository would send, publishes what has changed since.
//
//	go run ./examples/site examples/agenda
//	curl -X POST http://localhost:8080/rebuild
package main

import (
	"fmt"
	"io/fs"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
	_ "time/tzdata" // the rules of time zones, wherever this runs

	"github.com/crieur/crieur"
)

// An agenda is a content tree and the site made of it.
type agenda struct {
	source fs.FS
	config crieur.Config
	clock  func() time.Time
	server crieur.Server

	mu      sync.Mutex // held while the site is made: a Builder and a Store are for one goroutine
	builder crieur.Builder
	store   *crieur.Store
}

// rebuild makes the site anew and serves it. When there can be none, the last
// one stays. A program that waits for nobody's button would also call it at
// [crieur.Site.NextChange], when something becomes due or is over.
func (a *agenda) rebuild() ([]crieur.Fault, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	site, history, faults := a.builder.Build(a.source, a.config, a.store.History(), a.clock())
	if site == nil {
		return faults, fmt.Errorf("nothing new is published: %w", faults[0])
	}
	// First remembered, then shown: nobody sees an identity that a crash would forget.
	if err := a.store.Save(history); err != nil {
		return faults, err
	}
	a.server.Set(site)
	return faults, nil
}

// routes are those of the application, with the agenda among them.
func (a *agenda) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "The application itself. Its agenda: /agenda/")
	})
	mux.Handle("/agenda/", http.StripPrefix("/agenda", &a.server))
	mux.HandleFunc("POST /rebuild", func(w http.ResponseWriter, r *http.Request) {
		faults, err := a.rebuild()
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintln(w, err)
		}
		for _, f := range faults {
			fmt.Fprintln(w, f.Error()) // file:line:col: message, for the person who pressed the button
		}
	})
	return mux
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: site DIR")
	}
	// A root, unlike os.DirFS, cannot be left through a symbolic link.
	root, err := os.OpenRoot(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	// What was published must outlive the process: identities are in it.
	store, err := crieur.OpenStore(filepath.Join(os.Args[1], ".crieur"))
	if err != nil {
		log.Fatal(err)
	}
	a := &agenda{
		source: root.FS(),
		store:  store,
		clock:  time.Now,
		config: crieur.Config{Base: "http://localhost:8080/agenda/", Timezone: "Europe/Paris"},
	}
	faults, err := a.rebuild()
	for _, f := range faults {
		log.Print(f.Error())
	}
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("localhost:8080", a.routes()))
}
