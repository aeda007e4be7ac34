package markup

import (
	"net/url"
	"strings"
	"testing"
)

// benchBody is a body of 2 KB.
var benchBody = strings.Repeat(`La mairie de Valmont convie **les habitants** à la journée « Fleuve et numérique », de 9 h à 17 h.

## Au programme
* 9h-9h10 : **accueil** par [l’équipe](/equipe/){:target="_blank"}
* 9h10 – 10h : atelier, écrire à contact@valmont.example

`, 8)

// benchBodies are bodies as people write them. That of a page has no HTML of its own; that of a page with a picture and a line break has some, and
// is read and sanitised as such.
var benchBodies = []struct {
	name, src string
	format    Format
}{
	{"attributes", benchBody, Markdown},
	{"links", "## Au programme\n\n* 9h-9h30 : accueil\n* 9h30-12h : ateliers\n\n" + strings.Repeat(strings.Repeat(
		"La salle *ouvre* une demi-heure avant, et [l’inscription](/inscription/) est **gratuite**. ", 4)+"\n\n", 4), Markdown},
	{"raw", strings.Repeat(benchBody[:len(benchBody)/8]+"<br>\n<figure><img src=\"/a.png\" alt=\"Le fleuve\"></figure>\n\n", 4), Markdown},
	{"html", strings.Repeat("<h2>Au programme</h2>\n<ul><li><b>9h</b> : accueil</li>\n<li>10h : <a href=\"/ateliers/\">ateliers</a></li></ul>\n"+
		"<p style=\"color: red\">La salle ouvre une demi-heure avant.</p>\n", 8), HTML},
	{"text", strings.Repeat("La salle ouvre une demi-heure avant.\nRenseignements : contact@valmont.example\n\n• accueil\n• ateliers\n\n", 16), Text},
}

func BenchmarkRender(b *testing.B) { benchmark(b, Render) }
func BenchmarkPlain(b *testing.B)  { benchmark(b, Plain) }

// BenchmarkBoth makes both forms of a body at once.
func BenchmarkBoth(b *testing.B) {
	benchmark(b, func(src string, f Format, base *url.URL) (string, error) {
		d, err := Parse(src, f, base)
		if err != nil {
			return "", err
		}
		defer d.Free()
		d.Plain()
		return d.HTML()
	})
}

func benchmark(b *testing.B, convert func(string, Format, *url.URL) (string, error)) {
	for _, body := range benchBodies {
		b.Run(body.name, func(b *testing.B) {
			b.SetBytes(int64(len(body.src)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := convert(body.src, body.format, page); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLine(b *testing.B) {
	for b.Loop() {
		Line("**Foire** du [fleuve](/foire/) &amp; du numérique")
	}
}
