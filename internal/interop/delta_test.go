package interop_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/crieur/crieur"
)

// TestDeltas has feed readers that ask for deltas follow a feed from edit to edit: they hold what is published,
// and were sent no more than what had changed.
func TestDeltas(t *testing.T) {
	python := program(t, "python3-feedparser", []string{"python3"}, "-c", "import feedparser, sqlite3")[0]
	for _, format := range []string{"rss", "atom"} {
		t.Run("newsboat, "+format, func(t *testing.T) {
			newsboat := program(t, "newsboat", []string{"newsboat"}, "--version")[0]
			dir := t.TempDir()
			file := func(name, text string) string {
				name = filepath.Join(dir, name)
				if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
				return name
			}
			config := file("config", "error-log "+filepath.Join(dir, "log")+"\n")
			times := 2 // it keeps no tag of a feed that it does not know yet
			follow(t, format, func(address string) []string {
				urls, cache := file("urls", address+"\n"), filepath.Join(dir, "cache.db")
				for ; times > 0; times-- {
					run(t, nil, newsboat, "-u", urls, "-c", cache, "-C", config, "-x", "reload")
				}
				times = 1
				return readTitles(t, run(t, nil, python, "-c", "import json, sqlite3, sys\n"+
					"print(json.dumps([t for t, in sqlite3.connect(sys.argv[1]).execute('select title from rss_item where deleted = 0')]))", cache))
			})
		})
		t.Run("feedparser, "+format, func(t *testing.T) {
			held, tag := map[string]string{}, ""
			follow(t, format, func(address string) (titles []string) {
				var answer struct {
					Tag     string
					Entries map[string]string
				}
				out := run(t, nil, python, "-c", "import feedparser, json, sys\n"+
					"d = feedparser.parse(sys.argv[1], etag=sys.argv[2] or None)\n"+
					"print(json.dumps({'tag': d.get('etag', ''), 'entries': {e.id: e.title for e in d.entries}}))", address, tag)
				if err := json.Unmarshal(out, &answer); err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				tag = answer.Tag
				for id, title := range answer.Entries {
					held[id] = title
				}
				for _, title := range held {
					titles = append(titles, title)
				}
				return titles
			})
		})
	}
}

// readTitles reads a list.
func readTitles(t *testing.T, data []byte) (titles []string) {
	t.Helper()
	if err := json.Unmarshal(data, &titles); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return titles
}

// follow polls a feed after each edit, and compares what a reader holds.
func follow(t *testing.T, format string, poll func(address string) (titles []string)) {
	var server crieur.Server
	var status, sent int // of the last answer: its code, and how many entries it had
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding") // so that entries can be counted
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, r)
		status, sent = answer.Code, bytes.Count(answer.Body.Bytes(), []byte("<item"))+bytes.Count(answer.Body.Bytes(), []byte("<entry"))
		for k, v := range answer.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(answer.Code)
		w.Write(answer.Body.Bytes())
	}))
	defer web.Close()
	files := fstest.MapFS{}
	article := func(n int, title string) {
		files[fmt.Sprintf("%d.md", n)] = &fstest.MapFile{Data: fmt.Appendf(nil, "---\ntitle: %s\ndate: 2026-11-%02d\n---\nUn texte.\n", title, n+1)}
	}
	for n := range 5 {
		article(n, fmt.Sprint("Nouvelle ", n))
	}
	var history *crieur.History
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		name         string
		edit         func()
		status, sent int
		held         string
	}{
		{"the first time", func() {}, 200, 5, "Nouvelle 0, Nouvelle 1, Nouvelle 2, Nouvelle 3, Nouvelle 4"},
		{"nothing new", func() {}, 304, 0, "Nouvelle 0, Nouvelle 1, Nouvelle 2, Nouvelle 3, Nouvelle 4"},
		{"one new, one edited", func() { article(9, "Nouvelle 9"); article(1, "Corrigée") }, 226, 2, "Corrigée, Nouvelle 0, Nouvelle 2, Nouvelle 3, Nouvelle 4, Nouvelle 9"},
		{"nothing new after a delta", func() {}, 304, 0, "Corrigée, Nouvelle 0, Nouvelle 2, Nouvelle 3, Nouvelle 4, Nouvelle 9"},
		{"another edited", func() { article(2, "Changée") }, 226, 1, "Changée, Corrigée, Nouvelle 0, Nouvelle 3, Nouvelle 4, Nouvelle 9"},
	} {
		step.edit()
		now = now.Add(time.Hour)
		site, next, faults := crieur.Build(files, crieur.Config{Title: "Brume", Base: web.URL, Timezone: "Europe/Paris"}, history, now)
		if site == nil {
			t.Fatal(faults)
		}
		history = next
		server.Set(site)
		titles := poll(web.URL + "/articles." + format)
		slices.Sort(titles)
		if held := strings.Join(titles, ", "); status != step.status || sent != step.sent || held != step.held {
			t.Errorf("%s: %d with %d entries, and it holds %s; want %d with %d, and %s", step.name, status, sent, held, step.status, step.sent, step.held)
		}
	}
}
