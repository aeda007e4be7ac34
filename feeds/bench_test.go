package feeds

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	gorilla "github.com/gorilla/feeds"
)

// BenchmarkWrite writes 10,000 articles of 1.8 KB of HTML, and for comparison has gorilla/feeds write the same.
func BenchmarkWrite(b *testing.B) {
	f, g := many(10_000)
	benchmarkWrite(b, f, g)
}

// BenchmarkWriteVaried is BenchmarkWrite with articles that differ, as those of a site do. A text that comes again and again is one
// whose every accent and tag a processor foresees, and which is in its cache.
func BenchmarkWriteVaried(b *testing.B) {
	f, g := many(10_000)
	r := rand.New(rand.NewPCG(1, 8))
	for i := range f.Articles {
		html := prose(r, 1800)
		f.Articles[i].Content, g.Items[i].Content = html, html
	}
	benchmarkWrite(b, f, g)
}

func benchmarkWrite(b *testing.B, f *Feed, g *gorilla.Feed) {
	for _, e := range encoders {
		b.Run("crieur/"+e.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := e.encode(io.Discard, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for _, e := range []struct {
		name  string
		write func(io.Writer) error
	}{{"rss", g.WriteRss}, {"atom", g.WriteAtom}, {"json", g.WriteJSON}} {
		b.Run("gorilla/"+e.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := e.write(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkChange writes 10,000 articles of which one has changed since they were written before.
func BenchmarkChange(b *testing.B) {
	f, g := many(10_000)
	var e Encoder
	for i, write := range methods(&e) {
		b.Run("crieur/"+encoders[i].name, func(b *testing.B) {
			b.ReportAllocs()
			if err := write(io.Discard, f); err != nil {
				b.Fatal(err)
			}
			a := &f.Articles[len(f.Articles)/2]
			titles := [2]string{"Le conseil a voté", "Le conseil a délibéré"}
			n := 0
			for b.Loop() {
				n++
				a.Title = titles[n%2]
				if err := write(io.Discard, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("gorilla/rss", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := g.WriteRss(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestAllocations keeps the promise that an article costs no allocation.
func TestAllocations(t *testing.T) {
	few, _ := many(100)
	lots, _ := many(1100)
	for _, e := range encoders {
		allocs := func(f *Feed) float64 {
			return testing.AllocsPerRun(5, func() {
				if err := e.encode(io.Discard, f); err != nil {
					t.Error(err)
				}
			})
		}
		if a, b := allocs(few), allocs(lots); b-a > 100 {
			t.Errorf("%s: %v allocations for 100 articles, %v for 1100", e.name, a, b)
		}
	}
}

func many(n int) (*Feed, *gorilla.Feed) {
	html := strings.Repeat("<p>Le conseil municipal s'est réuni <a href=\"https://valmeuse.example/conseil/\">mardi soir</a> dans la salle des fêtes & a voté le budget "+
		"de l'année : la réfection du pont, l'éclairage de la place du Marché, et les nouveaux bancs du jardin public.</p>\n", 8)[:1800]
	day := time.Date(2024, time.March, 20, 9, 0, 0, 0, time.UTC)
	f := bare()
	f.Authors = []Person{{Name: "Mairie de Valmeuse"}}
	g := &gorilla.Feed{Title: f.Title, Link: &gorilla.Link{Href: f.URL}, Updated: day}
	for i := range n {
		a := Article{
			ID: fmt.Sprintf("tag:valmeuse.example,2024:%d", i), URL: fmt.Sprintf("https://valmeuse.example/actualites/%d/", i),
			Title: "Conseil & budget", Summary: "Le conseil s'est réuni mardi.", Content: html,
			Tags: []string{"conseil", "budget"}, Published: day, Updated: day.Add(time.Duration(i) * time.Minute),
		}
		f.Articles = append(f.Articles, a)
		g.Items = append(g.Items, &gorilla.Item{
			Id: a.ID, IsPermaLink: "false", Link: &gorilla.Link{Href: a.URL}, Title: a.Title, Description: a.Summary, Content: a.Content,
			Author: &gorilla.Author{Name: "Mairie de Valmeuse"}, Created: a.Published, Updated: a.Updated,
		})
	}
	return f, g
}

// prose returns paragraphs of about n bytes.
func prose(r *rand.Rand, n int) string {
	var b strings.Builder
	for b.Len() < n {
		b.WriteString("<p>Le conseil municipal s'est réuni")
		for range 4 + r.IntN(8) {
			b.WriteString(phrases[r.IntN(len(phrases))])
		}
		b.WriteString(".</p>\n")
	}
	return b.String()
}

var phrases = strings.Split(`| mardi soir| dans la salle des fêtes| & a voté le budget de l'année|, la réfection du pont|, l'éclairage de la place du Marché`+
	`| et les nouveaux bancs du jardin public| <a href="https://valmeuse.example/conseil/">en séance publique</a>| pour <strong>trois ans</strong>| à l'unanimité`, "|")
