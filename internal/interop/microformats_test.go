package interop_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

// TestMicroformats has mf2py read the pages: the events and articles that stand
// there are those of the calendar and the feed.
func TestMicroformats(t *testing.T) {
	mf2 := script{"mf2py", "python3-mf2py", []string{"python3", "read-mf2.py"}, []string{"-c", "import mf2py"}}.find(t)
	for _, s := range []*site{agenda(t), countedSite(t, "many", 20)} {
		type event struct{ Summary, URL, Start, End, Location string }
		pages := map[string]struct {
			Events  []event
			Entries []entry
		}{}
		for line := range bytes.Lines(run(t, nil, append(mf2, s.files(".html")...)...)) {
			var p struct {
				File    string
				Events  []event
				Entries []entry
			}
			if err := json.Unmarshal(line, &p); err != nil {
				t.Fatal(err)
			}
			pages[s.where(p.File)] = struct {
				Events  []event
				Entries []entry
			}{p.Events, p.Entries}
		}

		list := pages[s.name+"/events.html"].Events
		if len(list) != len(s.events) {
			t.Errorf("%s: %d events on the page, %d in the calendar", s.name, len(list), len(s.events))
		}
		type key struct{ summary, start string }
		want := map[key]string{}
		for _, e := range s.events {
			want[key{e.Summary, e.Start}] = e.Location
		}
		for _, e := range list {
			start := e.Start
			if at, err := time.Parse(time.RFC3339, start); err == nil {
				start = at.UTC().Format("2006-01-02T15:04:05Z")
			}
			location, ok := want[key{e.Summary, start}]
			if !ok || e.URL == "" {
				t.Errorf("%s: the page has %+v, the calendar not", s.name, e)
			}
			if e.Location != "" && e.Location != location {
				t.Errorf("%s: %s is at %q, in the calendar at %q", s.name, e.Summary, e.Location, location)
			}
		}
		articles := 0
		for _, e := range pages[s.name+"/articles.html"].Entries {
			articles++
			if e.Title == "" || e.Link == "" || e.Date == "" {
				t.Errorf("%s: the page has the article %+v", s.name, e)
			}
		}
		if articles != s.site.Articles {
			t.Errorf("%s: %d articles on the page, want %d", s.name, articles, s.site.Articles)
		}
	}
}
