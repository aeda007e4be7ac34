package crieur

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Law: whatever is edited, configured otherwise and started again in whatever
// order, by several programs in turn: what a process makes that takes what others have left is what one
// makes that was never told of them, and so is what it finds fault with.
func TestRandomRestarts(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	for seed := range seeds(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 7))
			w := newWorld(t)
			var warm, cold *History
			var b Builder
			for n := range 50 {
				for range random.IntN(4) {
					editMore(random, w, n)
				}
				if random.IntN(3) == 0 {
					w.config = configured(random)
				}
				pause := time.Duration(random.IntN(7200)) * time.Second
				switch random.IntN(12) {
				case 0:
					pause *= 24 * 20 // events come and go
				case 1:
					pause = -pause // the clock is set
				}
				w.now = w.now.Add(pause)
				if random.IntN(3) > 0 {
					b = Builder{}
					b.Warm([]string{"one", "one", "two", ""}[random.IntN(4)])
					warm = reload(t, warm)
				}
				site, next, faults := b.Build(w.files, w.config, warm, w.now)
				again, nextCold, faultsCold := Build(w.files, w.config, cold, w.now)
				if a, b := fmt.Sprint(faults), fmt.Sprint(faultsCold); a != b {
					t.Fatalf("step %d: the faults\n%s\nwant\n%s", n, a, b)
				}
				if (site == nil) != (again == nil) {
					t.Fatalf("step %d: one of two has no site", n)
				}
				if site == nil || random.IntN(8) == 0 {
					continue // or it is held
				}
				if equalSites(t, site, again); t.Failed() {
					t.Fatalf("step %d, %+v", n, w.config)
				}
				warm, cold = next, reload(t, nextCold)
			}
			if warm.entries.len() < 20 {
				t.Fatalf("only %d entries: this shows little", warm.entries.len())
			}
		})
	}
}

// editMore makes one random change of the tree, also of what edit knows nothing of.
func editMore(random *rand.Rand, w *world, n int) {
	day := func() string {
		return time.Date(2026, 11, 20+random.IntN(60), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	zones := []string{"Europe/Paris", "Europe/London", "Africa/Casablanca", "UTC", "UTC+3"}
	name := fmt.Sprintf("d%d/m%d.md", random.IntN(3), random.IntN(6))
	switch random.IntN(13) {
	case 0:
		w.event(name, "Ailleurs", day()+" 09:00", "timezone: "+zones[random.IntN(len(zones))], "location: Salle "+fmt.Sprint(random.IntN(3)))
	case 1:
		w.event(name, "Brouillon", day()+" 09:00", "draft: "+fmt.Sprint(random.IntN(2) == 0))
	case 2:
		w.write(name, "---\ntitle: Bientôt\ndate: "+day()+"\nexpiryDate: "+day()+"\ntimezone: "+zones[random.IntN(len(zones))]+"\n---\nVoir [ici](ailleurs.html).\n\n![Image](a.png)\n")
	case 3:
		w.write(fmt.Sprintf("d%d/note%d.txt", random.IntN(3), random.IntN(3)), fmt.Sprintf("Une note %d\n\nUn texte qui ne dit pas son jour.\n", random.IntN(5)))
	case 4:
		w.write(fmt.Sprintf("d%d/page%d.html", random.IntN(3), random.IntN(3)), fmt.Sprintf("<html><head><title>Page %d</title></head><body><h1>Page</h1><p>Un <b>texte</b> &amp; <a href=\"x\">un lien</a>.</p></body></html>\n", random.IntN(5)))
	case 5:
		w.event(name, "Visite", day()+" 10:00", "intitule: Visite guidée", "image: img/a.jpg", "online: https://visio.example/"+fmt.Sprint(random.IntN(2)), "permalink: /visite/")
	case 6:
		w.write(fmt.Sprintf("d%d/seul.ics", random.IntN(3)), "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//brume//FR\r\nBEGIN:VEVENT\r\nUID:seul@brume.example\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;TZID="+zones[random.IntN(3)]+":20270508T0"+fmt.Sprint(random.IntN(10))+"0000\r\nSUMMARY:Seul\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	case 7:
		rows := "titre;début\n"
		for i := range 1 + random.IntN(3) {
			rows += fmt.Sprintf("Séance %d;2027-05-%02d 20:00\n", i, 1+random.IntN(28))
		}
		w.write(fmt.Sprintf("d%d/séances.csv", random.IntN(3)), rows)
	default:
		edit(random, w, n)
	}
}

// configured is a random configuration of one site.
func configured(random *rand.Rand) Config {
	c := newWorld(nil).config
	c.MaxRemoval = 100
	for _, change := range []func(){
		func() { c.Title = "Brume" },
		func() { c.Description = "Ce qui se passe à Brume" },
		func() { c.Base = "https://agenda.brume.example/" + []string{"", "a/"}[random.IntN(2)] },
		func() { c.Site = "https://brume.example/" },
		func() { c.Language = "en" },
		func() { c.Timezone = []string{"", "Europe/London", "Africa/Casablanca"}[random.IntN(3)] },
		func() { c.Author = "La mairie" },
		func() { c.Limit = 4 },
		func() { c.MaxBytes = 9000 },
		func() { c.Refresh = 20 * time.Minute },
		func() { c.Retain = time.Hour },
		func() { c.Ignore = []string{"d1"} },
		func() { c.Drafts = true },
		func() {
			c.Collections = []Collection{{Path: "d0", Kind: []string{"", "events", "articles", "ignore"}[random.IntN(4)], DateIsStart: random.IntN(2) == 0}}
		},
		func() {
			c.Collections = append(c.Collections, Collection{Path: "d2", Permalink: "/agenda/:title/", Timezone: []string{"", "Europe/London"}[random.IntN(2)], Language: "en", Clock: true, Programme: random.IntN(2) == 0})
		},
		func() {
			c.Collections = append(c.Collections, Collection{Path: "d1", Fields: map[string][]string{"title": {"intitule", "title"}}})
		},
		func() {
			c.Channels = []Channel{{Name: "a/choix", Title: "Un choix", Tag: "a", Formats: slices.Clone([]string{"ics", "html", "rss"}[:1+random.IntN(3)])}, {Name: "d", Path: "d2", Kind: "articles", Limit: 2}}
		},
		func() { c.Channels = append(c.Channels, Channel{Name: "events", Title: "Tout l’agenda", Limit: 3}) },
	} {
		if random.IntN(6) == 0 {
			change()
		}
	}
	return c
}
