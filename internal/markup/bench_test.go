package markup

import (
	"strings"
	"testing"
)

// benchBody is a body of 2 KB.
var benchBody = strings.Repeat(`La mairie de Valmont convie **les habitants** à la journée « Fleuve et numérique », de 9 h à 17 h.

## Au programme
* 9h-9h10 : **accueil** par [l’équipe](/equipe/){:target="_blank"}
* 9h10 – 10h : atelier, écrire à contact@valmont.example

`, 8)

func BenchmarkRender(b *testing.B) {
	b.SetBytes(int64(len(benchBody)))
	for b.Loop() {
		if _, err := Render(benchBody, Markdown, page); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlain(b *testing.B) {
	b.SetBytes(int64(len(benchBody)))
	for b.Loop() {
		if _, err := Plain(benchBody, Markdown, page); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLine(b *testing.B) {
	for b.Loop() {
		Line("**Foire** du [fleuve](/foire/) &amp; du numérique")
	}
}
