package content

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

// page writes the i-th of a site's pages, two events to one article. Sizes are those of nine real sites, at their 10th, 25th, 50th, 75th,
// 90th and 99th percentile (files 0.3, 0.5, 1.2, 2.2, 3.5 and 43 kB; front matter 0.1 to 5.6 kB, with 2 to 20 keys; the mean 3.0 and 0.7 kB).
func page(i int) []byte {
	const paragraph = "La communauté de communes du Val-Clair vous invite au port, avec ses **partenaires**, pour une journée d'échanges.\n\n" +
		"## Au programme\n\n* 9h-9h10 : **Ouverture**, par la présidente\n* 9h10-9h55 : [Les communs du quai](/quai)\n\n"
	size, keys := 1, 8
	switch n := i * 37 % 100; {
	case n < 20:
		size, keys = 0, 2
	case n < 40:
		size, keys = 1, 5
	case n < 60:
		size, keys = 3, 8
	case n < 80:
		size, keys = 8, 11
	case n < 98:
		size, keys = 13, 15
	default:
		size, keys = 170, 40
	}
	var b bytes.Buffer
	line := func(format string, args ...any) {
		if keys--; keys >= 0 {
			fmt.Fprintf(&b, format, args...)
		}
	}
	event := i%3 > 0
	b.WriteString("---\n")
	line("title: 'Journée du port n° %d : l''État, la mer et nous'\n", i)
	if event {
		line("event_start_date: 2027-03-%02d 09:30:00 +01:00\n", 1+i%27)
	} else {
		line("date: 2026-%02d-%02d 09:30:00 +0%d:00\n", 1+i%12, 1+i%28, 1+(i%12+9)/12%2)
	}
	line("categories:\n- Journée d'échanges\n")
	line("tags:\n- Port\n- Échanges d'expériences\n")
	line("chapeau-text: Le port tient sa journée, dédiée aux communs de la mer et du\n  quai, en présence de grands témoins.\n")
	line("une-ou-diaporama:\n- image: \"/uploads/Visuel%%20port(1).png\"\n  alternative-textuelle: image décorative\n")
	line("layout: page\n")
	line("slug: journee-du-port-%d\n", i)
	if event {
		line("event_end_date: 2027-03-%02d 17:00:00 +01:00\n", 1+i%27)
		line("lieu: Capitainerie\n")
		line("adresse: \"20 quai Neuf \\n01999 Port-Merle\"\n")
		line("champs_informations:\n- intitule: 'Horaires '\n  contenu: 9h30 - 17h\n- intitule: Comment y aller\n  contenu: 'Bus 6 Capitainerie '\n- intitule: Une question ?\n  contenu: port@val-clair.example\n  lien: \n")
	}
	line("published: true\n")
	for k := 0; keys > 0; k++ {
		line("remarque_%d: Une remarque de la rédaction, que personne d'autre ne lit, sur la page et ce qu'il y faut revoir avant le printemps.\n", k)
	}
	b.WriteString("---\n\n" + strings.Repeat(paragraph, size))
	return b.Bytes()
}

// BenchmarkParse reads 10,000 pages from a disk, beside the floor: reading the same files and decoding their front matter with the YAML library,
// into nodes, which is the least it can do, or into values. They take turns, folder by folder, so that what else the machine does is
// done to all, and each is as often the first to read a folder; what is reported is the median of the ratios.
func BenchmarkParse(b *testing.B) {
	dir := b.TempDir()
	folders := make([][]string, 200)
	size := 0
	for i := range 10_000 {
		name := filepath.Join(dir, fmt.Sprintf("d%03d", i%200), fmt.Sprintf("%05d.md", i))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			b.Fatal(err)
		}
		data := page(i)
		if err := os.WriteFile(name, data, 0o644); err != nil {
			b.Fatal(err)
		}
		size += len(data)
		folders[i%200] = append(folders[i%200], name)
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		return data
	}
	decode := func(v func() any) func(string) {
		return func(name string) {
			header, _, _ := bytes.Cut(read(name)[4:], []byte("\n---\n"))
			if err := yaml.Unmarshal(header, v()); err != nil {
				b.Fatal(err)
			}
		}
	}
	nodes := decode(func() any { return new(yaml.Node) })
	values := decode(func() any { return new(map[string]any) })
	opt := &Options{Zone: zoneNamed(b, "Europe/Paris"), Language: "fr"}
	parse := func(name string) {
		if len(Parse(name[len(dir)+1:], read(name), opt, func(Fault) {})) != 1 {
			b.Fatal("a page gave no record")
		}
	}
	took := func(folder []string, do func(string)) float64 {
		begin := time.Now()
		for _, name := range folder {
			do(name)
		}
		return time.Since(begin).Seconds()
	}
	ways := []func(string){parse, nodes, values}
	var ratios [3][]float64
	first := 0
	var parsing float64
	for b.Loop() {
		for _, folder := range folders {
			var seconds [3]float64
			for i := range ways {
				way := (first + i) % len(ways)
				seconds[way] = took(folder, ways[way])
			}
			first++
			parsing += seconds[0]
			for i := range ratios {
				ratios[i] = append(ratios[i], seconds[0]/seconds[i])
			}
		}
	}
	for i := range ratios {
		slices.Sort(ratios[i])
	}
	b.ReportMetric(0, "ns/op") // of all three, and so of none
	b.ReportMetric(parsing/float64(b.N)/10_000*1e6, "µs/file")
	b.ReportMetric(float64(size)/10_000, "B/file")
	b.ReportMetric(ratios[1][len(ratios[1])/2], "×nodes")
	b.ReportMetric(ratios[2][len(ratios[2])/2], "×values")
}
