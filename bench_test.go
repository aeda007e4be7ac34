package crieur

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// generate writes n records of real size into 200 folders: twelve fields and
// two kilobytes of Markdown, four events to one article.
func generate(b *testing.B, n int) string {
	b.Helper()
	dir := b.TempDir()
	paragraph := strings.Repeat("La salle *ouvre* une demi-heure avant, et [l’inscription](/inscription/) est **gratuite**. ", 4)
	body := "## Au programme\n\n* 9h-9h30 : accueil\n* 9h30-12h : ateliers\n\n" + strings.Repeat(paragraph+"\n\n", 4)
	for i := range n {
		var s strings.Builder
		fmt.Fprintf(&s, "---\ntitle: 'Rencontre n° %d : un titre de longueur ordinaire'\ndate: 2026-%02d-%02d 09:30:00 +01:00\n", i, 1+i%3, 1+i%28)
		fmt.Fprintf(&s, "categories:\n- Catégorie %d\ntags:\n- mot %d\n- mot %d\nchapeau-text: Une phrase qui dit de quoi il s’agit.\n", i%5, i%20, (i+7)%20)
		if i%5 > 0 {
			fmt.Fprintf(&s, "event_start_date: %d-%02d-%02d 09:00:00 +01:00\nevent_end_date: %[1]d-%02[2]d-%02[3]d 17:00:00 +01:00\n", 2020+i%8, 1+i%3, 1+i%28)
			fmt.Fprintf(&s, "lieu: Salle n° %d\nadresse: %d place du Marché, 99120 Brume\n", i%40, i%90)
			s.WriteString("champs_informations:\n- intitule: Horaires\n  contenu: 9h - 17h\n- intitule: Comment y aller\n  contenu: Bus 4\n")
		}
		s.WriteString("---\n" + body)
		p := filepath.Join(dir, fmt.Sprintf("d%03d", i%200), fmt.Sprintf("r%06d.md", i))
		os.MkdirAll(filepath.Dir(p), 0o755)
		if err := os.WriteFile(p, []byte(s.String()), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// readAll is the floor: walking a tree and reading every file of it.
func readAll(b *testing.B, dir string) {
	src := os.DirFS(dir)
	err := fs.WalkDir(src, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			_, err = fs.ReadFile(src, p)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkBuild measures a whole site, from files to bytes, beside the floor
// of only reading the same files: cold, as the first build of a process with
// no history; restart, with what an earlier process left, its history read from
// the disk; unchanged, and after one change, as a daemon builds again, told of it or not. The pages of the records are
// elsewhere, as on a site that has permalinks; pages has them all as well.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		dir := generate(b, n)
		src := os.DirFS(dir)
		now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		cfg := Config{Site: "https://www.brume.example/", Timezone: "Europe/Paris",
			Collections: []Collection{{Permalink: "/agenda/:title/"}}}
		var first Builder
		first.Warm("bench")
		site, history, faults := first.Build(src, cfg, nil, now)
		if len(faults) > 0 && faults[0].Severity == Error {
			b.Fatal(faults[0])
		}
		out, state := b.TempDir(), b.TempDir()
		if _, err := Publish(out, site); err != nil {
			b.Fatal(err)
		}
		store, err := OpenStore(state)
		if err == nil {
			err = errors.Join(store.Save(history), store.Close())
		}
		if err != nil {
			b.Fatal(err)
		}
		floor := 0.0
		run := func(name string, do func(b *testing.B)) {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				b.ReportAllocs()
				do(b)
				each := b.Elapsed().Seconds() / float64(b.N)
				if name == "floor" {
					floor = each
				}
				if floor > 0 {
					b.ReportMetric(each/floor, "×floor")
				}
			})
		}
		run("floor", func(b *testing.B) {
			for b.Loop() {
				readAll(b, dir)
			}
		})
		run("cold", func(b *testing.B) {
			for b.Loop() {
				Build(src, cfg, nil, now)
			}
		})
		run("restart", func(b *testing.B) {
			for b.Loop() {
				store, err := OpenStore(state)
				if err != nil {
					b.Fatal(err)
				}
				var builder Builder
				builder.Warm("bench")
				builder.Build(src, cfg, store.History(), now)
				store.Close()
			}
		})
		var builder Builder
		builder.Build(src, cfg, history, now)
		for _, told := range []bool{false, true} { // which files changed, as a watcher tells
			name := map[bool]string{true: ", told"}[told]
			var builder Builder
			_, h, _ := builder.Build(src, cfg, history, now)
			run("unchanged"+name, func(b *testing.B) {
				for b.Loop() {
					if told {
						builder.Changed()
					}
					_, h, _ = builder.Build(src, cfg, h, now)
				}
			})
			i := 0
			change := func(name string) func(b *testing.B) {
				return func(b *testing.B) {
					p := filepath.Join(dir, name)
					data, err := os.ReadFile(p)
					if err != nil {
						b.Fatal(err)
					}
					for ; b.Loop(); i++ {
						b.StopTimer()
						text := strings.Replace(string(data), "Une phrase", fmt.Sprintf("Une phrase n° %d", i), 1)
						if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
							b.Fatal(err)
						}
						if told {
							builder.Changed(name)
						}
						b.StartTimer()
						_, h, _ = builder.Build(src, cfg, h, now.Add(time.Duration(i)*time.Minute))
					}
					if err := os.WriteFile(p, data, 0o644); err != nil {
						b.Fatal(err)
					}
				}
			}
			run("change"+name, change("d001/r000001.md"))
			run("change to come"+name, change("d007/r000007.md")) // which stands in pages of hundreds
			if !told {
				continue
			}
			run("moved"+name, func(b *testing.B) { // to another hour
				p := filepath.Join(dir, "d003", "r000003.md")
				data, err := os.ReadFile(p)
				if err != nil {
					b.Fatal(err)
				}
				for ; b.Loop(); i++ {
					b.StopTimer()
					text := strings.Replace(string(data), "09:00:00", fmt.Sprintf("%02d:%02d:00", i/60%8, i%60), 1)
					if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
						b.Fatal(err)
					}
					builder.Changed("d003/r000003.md")
					b.StartTimer()
					_, h, _ = builder.Build(src, cfg, h, now.Add(time.Duration(i)*time.Minute))
				}
			})
			made := 0
			run("new"+name, func(b *testing.B) {
				for ; b.Loop(); i++ {
					b.StopTimer()
					made++
					p := fmt.Sprintf("d001/new%06d.md", made)
					text := fmt.Sprintf("---\ntitle: Nouvelle rencontre %d\nevent_start_date: %d-01-14 09:00:00 +01:00\nlieu: Salle n° 1\n---\nTexte.\n", made, 2020+made%7)
					if err := os.WriteFile(filepath.Join(dir, p), []byte(text), 0o644); err != nil {
						b.Fatal(err)
					}
					builder.Changed(p)
					b.StartTimer()
					_, h, _ = builder.Build(src, cfg, h, now.Add(time.Duration(i)*time.Minute))
				}
			})
			for n := range made {
				os.Remove(filepath.Join(dir, fmt.Sprintf("d001/new%06d.md", n+1)))
			}
		}
		run("cold with pages", func(b *testing.B) {
			pages := cfg
			pages.Collections = nil
			for b.Loop() {
				Build(src, pages, nil, now)
			}
		})
	}
}

// BenchmarkPublish is what one change in a site of many files costs: where all of
// them are looked at, and where they are believed to be as they were left.
func BenchmarkPublish(b *testing.B) {
	files := map[string]string{}
	for i := range 10_000 {
		files[fmt.Sprintf("event/%d.html", i)] = fmt.Sprintf("%d %s", i, strings.Repeat("x", 4000))
	}
	var sites []*Site
	for _, files["events.ics"] = range []string{"one", "another"} {
		sites = append(sites, siteOf(files))
	}
	run := func(b *testing.B, p Publisher, publish func(*Publisher, *Site) (Publication, error)) {
		p.Dir = b.TempDir()
		if _, err := p.Publish(sites[1]); err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			if done, err := publish(&p, sites[i%2]); err != nil || len(done.Written) != 1 {
				b.Fatal(done, err)
			}
		}
	}
	b.Run("update", func(b *testing.B) { run(b, Publisher{}, (*Publisher).Update) })
	b.Run("in place", func(b *testing.B) { run(b, Publisher{}, (*Publisher).Publish) })
	b.Run("releases", func(b *testing.B) { run(b, Publisher{Releases: true}, (*Publisher).Publish) })
}
