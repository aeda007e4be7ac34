package main_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/calendar"
	"github.com/crieur/crieur/feeds"
)

var changed = time.Date(2026, time.November, 20, 17, 0, 0, 0, time.UTC)

func guideCalendar(w io.Writer, zone *time.Location) error {
	start := time.Date(2027, time.May, 8, 21, 0, 0, 0, zone)

	c := calendar.Calendar{
		ProdID: "-//Valmeuse//Agenda//FR", Name: "Agenda de Valmeuse", Language: "fr", Location: zone,
		Events: []calendar.Event{{
			UID:      "bal-2027@valmeuse.example", // given once, for ever
			Summary:  "Bal de printemps",
			When:     calendar.Between(start, start.Add(3*time.Hour)),
			Updated:  changed, // when subscribers last saw another event
			Sequence: 2,       // how often they did
		}},
	}
	if err := calendar.Encode(w, &c); err != nil {
		return err // every fault, by event and field; nothing was written
	}

	return nil
}

func guideFeeds(w io.Writer) error {
	f := &feeds.Feed{
		ID: "tag:valmeuse.example,2026:news", Title: "Actualités", URL: "https://www.valmeuse.example/",
		RSS: "https://www.valmeuse.example/news.rss", Language: "fr",
		Articles: []feeds.Article{{
			ID:      "tag:valmeuse.example,2026:guichet",
			URL:     "https://www.valmeuse.example/guichet/",
			Title:   "Le guichet ouvre le samedi",
			Content: "<p>De 9 h à midi.</p>",
			Updated: changed,
		}},
	}
	if err := feeds.EncodeRSS(w, f); err != nil {
		return err
	}

	return nil
}

func guideSite(source fs.FS, state string, now time.Time) error {
	store, err := crieur.OpenStore(state)
	if err != nil {
		return err
	}
	defer store.Close()
	config := crieur.Config{Title: "Agenda de Valmeuse", Base: "https://agenda.valmeuse.example/", Timezone: "Europe/Paris"}
	site, history, faults := crieur.Build(source, config, store.History(), now)
	for _, f := range faults {
		log.Print(f.Error()) // evenements/bal.md:3:8: …
	}
	if site == nil {
		return faults[0] // the last site stays
	}
	if err := store.Save(history); err != nil {
		return err
	}
	var server crieur.Server
	server.Set(site)
	http.Handle("/agenda/", http.StripPrefix("/agenda", &server))

	return nil
}

func guideTokens(server *crieur.Server) error {
	tokens := map[string][]string{"agents": {rand.Text()}} // crypto/rand; kept, and given to those it is for
	if err := server.SetTokens(tokens); err != nil {
		return err
	}

	return nil
}

func guideSignIn(site *crieur.Site, mux *http.ServeMux, signedIn func(http.Handler) http.Handler) {
	var internal crieur.Server
	internal.Set(site.Secret())
	mux.Handle("/internal/", signedIn(http.StripPrefix("/internal", &internal))) // /internal/s/agents.ics
}

func TestLibraryGuideRuns(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := guideCalendar(&b, zone); err != nil || !strings.Contains(b.String(), "DTSTART;TZID=Europe/Paris:20270508T210000") {
		t.Error(err, b.String())
	}
	b.Reset()
	if err := guideFeeds(&b); err != nil || !strings.Contains(b.String(), "guichet") {
		t.Error(err, b.String())
	}
	now := changed.Add(time.Hour)
	tree := fstest.MapFS{"interne/reunion.md": {Data: []byte("---\ntitle: Réunion\nstart: 2027-03-02 09:00\n---\n"), ModTime: changed}}
	if err := guideSite(tree, t.TempDir(), now); err != nil {
		t.Error(err)
	}
	w := httptest.NewRecorder()
	http.DefaultServeMux.ServeHTTP(w, httptest.NewRequest("GET", "/agenda/events.ics", nil))
	if w.Code != 200 {
		t.Errorf("the agenda is answered with %d", w.Code)
	}

	config := crieur.Config{Timezone: "Europe/Paris", Channels: []crieur.Channel{{Name: "agents", Secret: true, Path: "interne"}}}
	site, _, faults := crieur.Build(tree, config, nil, now)
	if site == nil {
		t.Fatal(faults)
	}
	if err := guideTokens(new(crieur.Server)); err != nil {
		t.Error(err)
	}
	mux := http.NewServeMux()
	guideSignIn(site, mux, func(h http.Handler) http.Handler { return h })
	w = httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/internal/s/agents.ics", nil))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "Réunion") || w.Header().Get("Cache-Control") != "private, no-cache" {
		t.Errorf("behind the sign-in: %d %v", w.Code, w.Header())
	}
	w = httptest.NewRecorder()
	if mux.ServeHTTP(w, httptest.NewRequest("GET", "/internal/s/none.ics", nil)); w.Code != 404 {
		t.Errorf("what is not there is answered with %d", w.Code)
	}
}
