package feeds

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// encoders are the three formats of a feed, by the extension of their goldens.
var encoders = []struct {
	name   string
	encode func(io.Writer, *Feed) error
}{
	{"rss", EncodeRSS},
	{"atom", EncodeAtom},
	{"json", EncodeJSON},
}

func encode(t testing.TB, enc func(io.Writer, *Feed) error, f *Feed) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := enc(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func date(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// valmeuse is a feed of a town that does not exist, in which every field is used.
func valmeuse(t testing.TB) *Feed {
	return &Feed{
		ID:          "tag:valmeuse.example,2024:flux",
		Title:       "Valmeuse : actualités & agenda",
		Description: "Ce que la commune annonce.",
		URL:         "https://valmeuse.example/actualités/",
		Language:    "fr",
		Rights:      "Commune de Valmeuse, licence ouverte",
		Image:       "https://valmeuse.example/blason.png",
		Icon:        "https://valmeuse.example/icone.png",
		RSS:         "https://valmeuse.example/flux.rss",
		Atom:        "https://valmeuse.example/flux.atom",
		JSON:        "https://valmeuse.example/flux.json",
		Authors:     []Person{{Name: "Mairie de Valmeuse", Email: "mairie@valmeuse.example", URI: "https://valmeuse.example/"}},
		Updated:     date(t, "2024-03-21T08:00:00+01:00"),
		Refresh:     15 * time.Minute,
		Generator:   "crieur",
		Stylesheet:  "https://valmeuse.example/flux.css",
		Articles: []Article{
			{
				ID:        "urn:uuid:0b6e5d4e-8c2a-4c0e-9d57-3a2f6a1f9a01",
				URL:       "https://valmeuse.example/actualités/ponts-&-chaussées/",
				Title:     "Ponts & chaussées : 3 < 4, le pont <neuf> ouvre",
				Summary:   "Le pont ouvre lundi.\nOn écrit <b> pour le gras & &amp; pour l'esperluette.",
				Content:   "<p>Le pont ouvre <a href=\"https://valmeuse.example/pont/\">lundi</a> ; voici la fin d'un CDATA : ]]&gt; et ]]>.</p>\r\n<p>Bien à vous</p>\n",
				Authors:   []Person{{Name: "Ann Lévêque", URI: "https://valmeuse.example/ann"}, {Name: "Bob"}},
				Tags:      []string{"voirie", "R&D", "c++", "日本", "voirie"},
				Published: date(t, "2024-03-20T09:00:00+01:00"),
				Updated:   date(t, "2024-03-21T08:00:00+01:00"),
				Image:     "https://valmeuse.example/pont.jpg",
				Enclosure: &Enclosure{URL: "https://valmeuse.example/plan du pont.pdf", Type: "application/pdf", Length: 48213},
			},
			{
				ID:        "urn:uuid:0b6e5d4e-8c2a-4c0e-9d57-3a2f6a1f9a02",
				URL:       "https://valmeuse.example/agenda/atelier/",
				Title:     "Atelier : réparer son vélo (8 avril 2024, 9 h)",
				Summary:   "Lundi 8 avril 2024, de 9 h à 12 h 30, à la halle.",
				Content:   "<p>Apportez votre vélo.</p>",
				Tags:      []string{"vélo"},
				Published: date(t, "2024-03-19T09:00:00Z"),
				Updated:   date(t, "2024-03-19T09:00:00Z"),
				Event: &Event{
					Start:    date(t, "2024-04-08T09:00:00+02:00"),
					End:      date(t, "2024-04-08T12:30:00+02:00"),
					Location: "Halle, place du Marché, Valmeuse",
				},
				Calendar: "https://valmeuse.example/event/atelier.ics",
			},
			{
				ID:       "tag:valmeuse.example,2024:foire",
				URL:      "https://valmeuse.example/agenda/foire/",
				Title:    "Spring fair",
				Summary:  "8 and 9 May 2024.",
				Language: "en",
				Updated:  date(t, "2024-03-18T09:00:00Z"),
				Event:    &Event{Start: date(t, "2024-05-08T00:00:00Z"), End: date(t, "2024-05-09T00:00:00Z"), AllDay: true},
			},
			{
				ID:      "tag:valmeuse.example,2024:sans-page",
				Title:   "Une annonce sans page",
				Updated: date(t, "2024-03-17T09:00:00Z"),
			},
		},
	}
}

// bare is the least that a feed can say.
func bare() *Feed {
	return &Feed{ID: "tag:valmeuse.example,2024:vide", Title: "Rien encore", URL: "https://valmeuse.example/"}
}

func TestGolden(t *testing.T) {
	for name, f := range map[string]*Feed{"valmeuse": valmeuse(t), "empty": bare()} {
		for _, e := range encoders {
			golden(t, name+"."+e.name, encode(t, e.encode, f))
		}
	}
	var b bytes.Buffer
	err := EncodeOPML(&b, &Outline{
		Title:   "Les flux de Valmeuse",
		Updated: date(t, "2024-03-21T08:00:00+01:00"),
		Feeds: []Subscription{
			{Title: "Actualités & agenda", Description: "Ce que la commune\nannonce.", URL: "https://valmeuse.example/flux.rss", HTML: "https://valmeuse.example/actualités/", Language: "fr"},
			{Title: "c++", URL: "https://valmeuse.example/sujet/c++.atom"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "valmeuse.opml", b.Bytes())
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; go test -run Golden -update, then git diff\n%s", path, got)
	}
}
