package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestZone shows which zone times speak for.
func TestZone(t *testing.T) {
	const days = "2027-01-13 2027-02-10 2027-06-16 2027-07-14"
	for _, c := range []struct{ name, language, offsets, want string }{
		{"French summer and winter", "fr", "+01:00 +01:00 +02:00 +02:00", "Europe/Paris true"},
		{"German", "de", "+01:00 +01:00 +02:00 +02:00", "Europe/Berlin true"},
		{"no colon", "en", "-0500 -0500 -0400 -0400", "America/New_York true"},
		{"winter all year long", "en", "-0500 -0500 -0500 -0500", "America/New_York true"},
		{"British", "en", "+00:00 +00:00 +01:00 +01:00", "Europe/London true"},
		{"no summer time", "en", "+04:00 +04:00 +04:00 +04:00", "Asia/Dubai true"},
		{"Réunion", "fr", "+04:00 +04:00 +04:00 +04:00", "Indian/Reunion true"},
		{"Martinique", "fr", "-04:00 -04:00 -04:00 -04:00", "America/Martinique true"},
		{"Cayenne", "fr", "-03:00 -03:00 -03:00 -03:00", "America/Cayenne true"},
		{"Miquelon", "fr", "-03:00 -03:00 -02:00 -02:00", "America/Miquelon true"},
		{"Nouméa", "fr", "+11:00 +11:00 +11:00 +11:00", "Pacific/Noumea true"},
		{"Tahiti", "fr", "-10:00 -10:00 -10:00 -10:00", "Pacific/Tahiti true"},
		{"Mayotte", "fr", "+03:00 +03:00 +03:00 +03:00", "Indian/Mayotte true"},
		{"Wallis", "fr", "+12:00 +12:00 +12:00 +12:00", "Pacific/Wallis true"},
		{"Montréal", "fr", "-05:00 -05:00 -04:00 -04:00", "America/New_York true"},
		{"half an hour", "en", "+05:30 +05:30 +05:30 +05:30", "Asia/Kolkata true"},
		{"UTC", "en", "Z Z UTC Z", "UTC true"},
		{"nothing that fits", "en", "+09:30 -11:00 +01:00 +03:00", "Europe/London false"},
		{"no offset, French", "fr", "", "Europe/Paris true"},
		{"no offset, English", "en", "", "Europe/London false"},
	} {
		var header strings.Builder
		offsets := strings.Fields(c.offsets)
		for i, day := range strings.Fields(days) {
			if i < len(offsets) {
				fmt.Fprintf(&header, "start: %s 14:00:00 %s\n", day, offsets[i])
			}
		}
		var e evidence
		e.read([]byte(header.String()))
		if len(offsets) == 0 {
			e.assumed = 3
		}
		z := e.zone(&Survey{Language: c.language})
		if got := fmt.Sprint(z.Name, " ", z.Sure); got != c.want || z.Why == "" {
			t.Errorf("%s: %s (%s), want %s", c.name, got, z.Why, c.want)
		}
	}
}

// TestCandidates holds that every zone that may be proposed exists.
func TestCandidates(t *testing.T) {
	names := slices.Concat(slices.Collect(maps.Values(languageZones))...)
	names = append(slices.AppendSeq(names, maps.Values(postZones)), candidates...)
	for _, name := range names {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
}

// TestFolders shows which folder records are said to be in.
func TestFolders(t *testing.T) {
	const event = "---\ntitle: Foire\nstart: 2027-05-08\n---\n"
	for _, c := range []struct{ files, want string }{
		{"_events/a.md _events/2027/b.md", "_events"},
		{"content/events/2027/01/a.md content/events/2027/02/b.md", "content/events"},
		{"content/fr/agenda/a/index.md content/fr/agenda/b/index.md", "content/fr/agenda"},
		{"content/fr/agenda/a/index.md", "content/fr/agenda"},
		{"site1/content/event/a/index.md site1/content/event/b/index.md", "site1/content/event"},
		{"a.md", ""},
		{"events/a.md events/workshops/b.md", "events"},
		{"it/a.md", "it"},
	} {
		tree := fstest.MapFS{}
		for _, f := range strings.Fields(c.files) {
			tree[f] = &fstest.MapFile{Data: []byte(event)}
		}
		s, err := Read(tree)
		if err != nil || len(s.Folders) != 1 || s.Folders[0].Path != c.want {
			t.Errorf("%s: %v %+v, want %q", c.files, err, s.Folders, c.want)
		}
	}
}

// Pages that nothing dates are no articles on a website. A folder of notes may have no others.
func TestPages(t *testing.T) {
	const page, article, event = "---\ntitle: Lise Amour\nrole: maire\n---\nElle.\n", "---\ntitle: Foire\ndate: 2027-05-01\n---\nOui.\n", "---\ntitle: Foire\nstart: 2027-05-08\n---\n"
	for _, c := range []struct {
		files           map[string]string
		folders, ignore string
		articles        int
	}{
		{map[string]string{"notes/a.md": page, "notes/b.md": page}, "notes", "", 2},
		{map[string]string{"_team/a.md": page, "_events/b.md": event}, "_events", "_team", 0},
		{map[string]string{"_team/a.md": page, "_config.yml": "title: Brume\nurl: https://www.brume.example\n"}, "", "_team", 0},
		{map[string]string{"_team/a.md": page, "_posts/b.md": article}, "_posts", "_team", 1},
		{map[string]string{"_posts/a.md": page, "_posts/b.md": article}, "_posts", "", 2},
		{map[string]string{"content/Actualités/a.md": page, "agenda/b.md": event}, "agenda content/Actualités", "", 1},
		{map[string]string{"about.md": page, "_events/b.md": event}, "_events", "about.md", 0},
		{map[string]string{"src/about.md": page, "src/_events/b.md": event, "src/_events/c.md": event}, "src/_events", "src/about.md", 0},
		{map[string]string{"a.json": "{}", "_events/b.md": event}, "_events", "a.json", 0},
		{map[string]string{"_data/a.json": "{}", "_events/b.md": event}, "_events", "_data", 0},
		{map[string]string{"_data/a.json": "{}", "_data/b.yml": "- title: \"Foire\n", "_events/b.md": event}, "_events", "_data/a.json", 0},
		{map[string]string{"_data/b.yml": "- name: Lise Amour\n  phone: 0199000000\n  start: 2027-05-08\n", "_events/b.md": event}, "_events", "", 0},
	} {
		tree := fstest.MapFS{}
		for name, data := range c.files {
			tree[name] = &fstest.MapFile{Data: []byte(data)}
		}
		s, err := Read(tree)
		if err != nil {
			t.Fatal(err)
		}
		var folders, ignore []string
		for _, f := range s.Folders {
			folders = append(folders, f.Path)
		}
		for _, i := range s.Ignore {
			ignore = append(ignore, i.Path)
		}
		if strings.Join(folders, " ") != c.folders || strings.Join(ignore, " ") != c.ignore || s.Articles != c.articles {
			t.Errorf("%v: folders %q, ignored %q, %d articles", c.files, folders, ignore, s.Articles)
		}
	}
}

// The homepage of a package is that of its sources as often as not.
func TestHomepage(t *testing.T) {
	for homepage, want := range map[string]string{
		"https://www.brume.example/": "https://www.brume.example/", "https://github.com/brume/site#readme": "", "https://github.com/brume/site": "",
		"https://brume.github.io/site/": "https://brume.github.io/site/", "brume": "",
	} {
		s, err := Read(fstest.MapFS{"package.json": {Data: []byte(`{"homepage": "` + homepage + `"}`)}})
		if err != nil || s.Site.URL != want {
			t.Errorf("%s: %q, want %q", homepage, s.Site.URL, want)
		}
	}
}

// TestPlaces shows which zone postal codes speak for.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ language, text, want string }{
		{"fr", "adresse: 97400 Saint-Denis\n97410 Saint-Pierre, et 75011 Paris", "Indian/Reunion"},
		{"fr", "98800;Nouméa", "Pacific/Noumea"},
		{"fr", "75011 Paris, 97110 Pointe-à-Pitre", "Europe/Paris"},
		{"fr", "97400 entrées, 974000 Francs, réf. 12-97400", "Europe/Paris"},
		{"en", "97401 Eugene", "Europe/London"},
		{"fr", "start: 2027-05-08 14:00 +02:00\n97400 Saint-Denis", "Europe/Paris"},
		{"fr", "start: 2027-05-08 14:00 -04:00\n97110 Pointe-à-Pitre", "America/Guadeloupe"},
	} {
		var e evidence
		e.read([]byte(c.text))
		e.readPlaces([]byte(c.text))
		if z := e.zone(&Survey{Language: c.language}); z.Name != c.want {
			t.Errorf("%q is in %s (%s), want %s", c.text, z.Name, z.Why, c.want)
		}
	}
	far := evidence{assumed: 7}
	far.readPlaces([]byte("lieu: Mairie, 97400 Saint-Denis"))
	if z := far.zone(&Survey{Language: "fr"}); z.Sure || z.Why == "" {
		t.Errorf("one address far away decides for seven events: %+v", z)
	}
}
