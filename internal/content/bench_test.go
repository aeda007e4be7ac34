package content

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// pages makes n event pages and articles of the size and shape of those of a public body.
func pages(n int) [][]byte {
	const body = "La communauté de communes du Val-Clair vous invite au port, avec ses **partenaires**, pour une journée d'échanges.\n\n" +
		"## Au programme\n\n* 9h-9h10 : **Ouverture**, par la présidente\n* 9h10-9h55 : **Les communs du quai**\n\nL'inscription est [obligatoire](/inscription).\n\n"
	all := make([][]byte, n)
	for i := range all {
		var b bytes.Buffer
		fmt.Fprintf(&b, "---\ntitle: 'Journée du port n° %d : l''État, la mer et nous'\ndate: 2026-%02d-%02d 09:30:00 +0%d:00\n", i, 1+i%12, 1+i%28, 1+(i%12+9)/12%2)
		b.WriteString("categories:\n- Journée d'échanges\ntags:\n- Port\n- Échanges d'expériences\nchapeau-text: Le port tient sa journée, dédiée aux communs de la mer et du\n  quai, en présence de grands témoins.\n")
		b.WriteString("une-ou-diaporama:\n- image: \"/uploads/Visuel%20port(1).png\"\n  alternative-textuelle: image décorative\n")
		if i%4 != 0 {
			fmt.Fprintf(&b, "event_start_date: 2027-03-%02d 00:00:00 +01:00\nlieu: Capitainerie\nadresse: \"20 quai Neuf \\n01999 Port-Merle\"\nchamps_informations:\n", 1+i%27)
			b.WriteString("- intitule: 'Horaires '\n  contenu: 8h30 - 17h45\n- intitule: Comment y aller\n  contenu: 'Bus 6 Capitainerie '\n- intitule: Une question ?\n  contenu: port@val-clair.example\n  lien: \n")
		}
		b.WriteString("---\n\n" + strings.Repeat(body, 8))
		all[i] = b.Bytes()
	}
	return all
}

// BenchmarkParse reads 10,000 pages, beside the floors of only decoding their front matter, into nodes and into values.
func BenchmarkParse(b *testing.B) {
	files := pages(10_000)
	size := 0
	for _, f := range files {
		size += len(f)
	}
	floor := func(b *testing.B, v func() any) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			for _, f := range files {
				header, _, _ := bytes.Cut(f[4:], []byte("\n---\n"))
				if err := yaml.Unmarshal(header, v()); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.Run("floor=nodes", func(b *testing.B) { floor(b, func() any { return new(yaml.Node) }) })
	b.Run("floor=values", func(b *testing.B) { floor(b, func() any { return new(map[string]any) }) })
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		opt := &Options{Zone: zoneNamed(b, "Europe/Paris"), Language: "fr"}
		for b.Loop() {
			for _, f := range files {
				if len(Parse("_evenements/a.md", f, opt, func(Fault) {})) != 1 && bytes.Contains(f, []byte("event_start_date")) {
					b.Fatal("a page gave no record")
				}
			}
		}
	})
}
