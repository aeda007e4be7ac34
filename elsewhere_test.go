package crieur

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const (
	bal    = "---\ntitle: Bal\nevent_start_date: 2027-07-03 20:00\ndate: 2026-01-02\ntags: [danse]\n---\nSur la place.\n"
	avis   = "---\ntitle: Avis\ndate: 2026-01-02\n---\nLa salle est fermée.\n"
	agenda = "https://agenda.brume.example/"
)

var elsewhereNow = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func elsewhereTree() fs.FS {
	return fstest.MapFS{"bal.md": {Data: []byte(bal)}, "avis.md": {Data: []byte(avis)}}
}

// What is elsewhere is found there in every format, and what is nowhere is gone.
func TestServerKnowsWhatIsElsewhere(t *testing.T) {
	c := Config{
		Base: agenda, Timezone: "Europe/Paris",
		Channels: []Channel{{Name: "sorties"}, {Name: "nouvelles", Kind: "articles"}},
		Moved: map[string]string{
			"vieux/agenda": "agenda", "agenda": "sorties", "journal": "nouvelles", "loin": "https://loin.example/a/b",
			"events/tag/danse": "sorties", "nulle-part": "rien",
		},
		Retired: []string{"lettre", "articles"},
	}
	site, _, faults := Build(elsewhereTree(), c, nil, elsewhereNow)
	if site == nil {
		t.Fatal(faults)
	}
	var s Server
	s.Set(site)
	for _, c := range []struct {
		target   string
		code     int
		location string
	}{
		{"/agenda.ics", 301, agenda + "sorties.ics"},
		{"/agenda.html", 301, agenda + "sorties.html"},
		{"/agenda.json", 301, agenda + "sorties.json"},
		{"/vieux/agenda.rss", 301, agenda + "sorties.rss"},
		{"/agenda.ics?tag=a%20b&x", 301, agenda + "sorties.ics?tag=a%20b&x"},
		{"/agenda/archives/1.atom", 301, agenda + "sorties.atom"},
		{"/loin.atom", 301, "https://loin.example/a/b.atom"},
		{"/loin/archives/7.atom", 301, "https://loin.example/a/b/archives/7.atom"},
		{"/events/tag/danse.ics", 301, agenda + "sorties.ics"},
		{"/journal.rss", 301, agenda + "nouvelles.rss"},
		{"/journal.ics", 410, ""},
		{"/nulle-part.ics", 410, ""},
		{"/lettre.rss", 410, ""},
		{"/lettre/archives/1.rss", 410, ""},
		{"/articles.json", 410, ""},
		{"/agenda", 404, ""},
		{"/agenda.txt", 404, ""},
		{"/agenda.ics/", 404, ""},
		{"/archives/1.rss", 404, ""},
		{"/.rss", 404, ""},
		{"/sorties.ics", 200, ""},
		{"/events.ics", 200, ""},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			r := request(t, &s, method, c.target)
			if r.StatusCode != c.code || r.Header.Get("Location") != c.location {
				t.Errorf("%s %s: %d to %q, want %d to %q", method, c.target, r.StatusCode, r.Header.Get("Location"), c.code, c.location)
			}
			if c.code == 301 || c.code == 410 {
				if got := r.Header.Get("Cache-Control"); !strings.HasPrefix(got, "public, max-age=3600") || r.Header.Get("Access-Control-Allow-Origin") != "*" {
					t.Errorf("%s %s: %v", method, c.target, r.Header)
				}
			}
		}
	}
	for f := range site.Files() {
		if strings.Contains(string(f.Bytes()), "events/tag/danse") || strings.HasPrefix(f.Name, "articles.") {
			t.Errorf("%s is of what is elsewhere, or leads there", f.Name)
		}
	}
}

// A channel that gets lost in the configuration is told of until it is said where
// it is.
func TestLostChannels(t *testing.T) {
	c := Config{Base: agenda, Timezone: "Europe/Paris", Channels: []Channel{{Name: "sorties", Formats: []string{"ics", "rss", "json"}}, {Name: "lettre", Kind: "articles"}}}
	_, history, _ := Build(elsewhereTree(), c, nil, elsewhereNow)
	lost := func(c Config, b *Builder) (list []string) {
		t.Helper()
		site, _, faults := b.Build(elsewhereTree(), c, history, elsewhereNow)
		if site == nil {
			t.Fatal(faults)
		}
		for _, f := range faults {
			if f.Rule == "channel-gone" {
				list = append(list, strings.Fields(f.Err.Error())[2])
			}
		}
		return list
	}
	is := func(c Config, want ...string) {
		t.Helper()
		var b Builder
		for range 2 { // the second build makes no document
			if got := lost(c, &b); !slices.Equal(got, want) {
				t.Errorf("lost are %q, want %q", got, want)
			}
		}
	}
	is(c)
	c.Channels = []Channel{{Name: "sorties", Formats: []string{"ics"}}, {Name: "lettre", Kind: "articles"}}
	is(c)
	c.Channels = []Channel{{Name: "agenda"}}
	is(c, "lettre", "sorties")
	c.Moved = map[string]string{"sorties": "agenda"}
	is(c, "lettre")
	c.Retired = []string{"lettre"}
	is(c)
}

func TestElsewhereConfig(t *testing.T) {
	for _, c := range []struct{ config, want string }{
		{"moved: {a: b, b: c}\nretired: [d]\n", ""},
		{"moved: {a: https://brume.example/x/a}\n", ""},
		{"moved: {a: a}\n", `1:9: bad configuration: moved: the channel "a" is moved in a circle`},
		{"moved:\n  a: b\n  b: c\n  c: a\n", `4:3: bad configuration: moved: the channel "a" is moved in a circle`},
		{"moved: {a: b}\nretired: [a]\n", `1:9: bad configuration: retired: the channel "a" is said to be moved too`},
		{"moved: {a: b}\nretired: [b]\n", `2:11: bad configuration: moved: the channel "b" is where "a" is to be, and retired`},
		{"channels: [{name: a}]\nmoved: {a: b}\n", `2:9: bad configuration: moved: the channel "a" is one of channels: too`},
		{"channels: [{name: a}]\nretired: [a]\n", `2:11: bad configuration: retired: the channel "a" is one of channels: too`},
		{"moved: {a.ics: b}\n", `1:9: bad configuration: moved: "a.ics" is a document; give the channel, without .ics: all its formats are meant`},
		{"moved: {a: b.ics}\n", `1:9: bad configuration: moved: "b.ics" is a document; give the channel, without .ics: all its formats are meant`},
		{"moved: {a: ftp://brume.example/a}\n", `1:9: bad configuration: moved: "ftp://brume.example/a" is neither the name of a channel nor an address such as https://www.example.org/agenda`},
		{"moved: {a: https://brume.example/a/}\n", `1:9: bad configuration: moved: "https://brume.example/a/" is no address of a channel such as https://www.example.org/agenda, to which .ics and the like are added`},
		{"moved: {../a: b}\n", `1:9: bad configuration: moved: channel name "../a" is not a plain path such as agenda or lyon/agenda`},
		{"moved: {a: }\n", `1:9: bad configuration: moved: a channel has no name`},
	} {
		config, faults := ReadConfig("c", []byte(c.config))
		var got []string
		for _, f := range faults {
			got = append(got, strings.TrimPrefix(f.Error(), "c:"))
		}
		if s := strings.Join(got, "\n"); s != c.want {
			t.Errorf("%q: %s, want %s", c.config, s, c.want)
		}
		if err := config.Check(); (err == nil) != (c.want == "") {
			t.Errorf("%q: Check says %v", c.config, err)
		}
	}
}
