package markup

import (
	"bytes"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite want.html and want.txt in testdata")

// page is the address of the page that the test bodies stand on.
var page = &url.URL{Scheme: "https", Host: "valmont.example", Path: "/agenda/foire/"}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	formats := map[string]Format{"input.md": Markdown, "input.txt": Text, "input.html": HTML}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			input := ar.Files[0]
			format, ok := formats[input.Name]
			if !ok {
				t.Fatalf("first file is %q, want input.md, input.txt or input.html", input.Name)
			}
			html, err := Render(string(input.Data), format, page)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := Plain(string(input.Data), format, page)
			if err != nil {
				t.Fatal(err)
			}
			got := []txtar.File{input, {Name: "want.html", Data: []byte(html + "\n")}, {Name: "want.txt", Data: []byte(plain + "\n")}}
			if *update {
				ar.Files = got
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for i, f := range got[1:] {
				if want := ar.Files[i+1]; want.Name != f.Name || !bytes.Equal(want.Data, f.Data) {
					t.Errorf("%s is\n%s\nwant\n%s", f.Name, f.Data, want.Data)
				}
			}
		})
	}
}

func TestNoBreakSpaces(t *testing.T) {
	const src = "« Oui », 9\u202fh\u00a030\u00a0!"
	for _, f := range []Format{Text, Markdown, HTML} {
		if got, err := Plain(src, f, nil); got != src || err != nil {
			t.Errorf("%v: %q, %v, want %q", f, got, err, src)
		}
		if got, err := Render(src, f, nil); !strings.Contains(got, src) || err != nil {
			t.Errorf("%v: %q, %v, want it to hold %q", f, got, err, src)
		}
	}
}

func TestClean(t *testing.T) {
	const src, want = "\ufeffa\x00b\r\nc\rd\xff\te\x07\u2028f", "ab\nc\nd\ufffd\te\nf"
	if got := clean(src); got != want {
		t.Errorf("clean(%q) = %q, want %q", src, got, want)
	}
}

func TestLine(t *testing.T) {
	for _, c := range [][2]string{
		{"C* et D* : 2 * 3", "C* et D* : 2 * 3"},
		{"snake_case_name", "snake_case_name"},
		{"#2 rencontre", "#2 rencontre"},
		{"# 2 rencontre", "# 2 rencontre"},
		{"1. Accueil", "1. Accueil"},
		{"- 5 °C", "- 5 °C"},
		{"[Entretien] Le maire", "[Entretien] Le maire"},
		{"les étudiant*e*s", "les étudiant*e*s"},
		{"List<T> et <nom>", "List<T> et <nom>"},
		{"R&D, a < b > c", "R&D, a < b > c"},
		{"**Gras**&nbsp;: *L’État* dans le `nuage`", "Gras\u00a0: L’État dans le nuage"},
		{"le 1<sup>er</sup>  mai<br>à <b>Valmont</b>", "le 1er mai à Valmont"},
		{"cette [circulaire](https://exemple.fr/a_b?c){:target=\"_blank\"} du 1er", "cette circulaire du 1er"},
		{"deux\nlignes\n\net trois", "deux lignes et trois"},
		{"9\u00a0h\u202f30", "9\u00a0h\u202f30"},
		{`\[note\] &amp; &#39;x&#39;`, "[note] & 'x'"},
		{"<script>x</script>Foire", "Foire"},
		{"<script>x</script >Foire", "Foire"},
		{"La balise <script> en HTML", "La balise en HTML"},
		{"1 < 2, a <b, si a <b et c> d, 2 > 1", "1 < 2, a <b, si a <b et c> d, 2 > 1"},
		{"<b>x</b> <a href='y'>z</a> <svg onload=w>a <x-b c=d>e", "x z a e"},
		{"AT&T, AT&amp;T, AT&amp;amp;T, &lt;b&gt; &#x26; &hellip; &eacutE;", "AT&T, AT&T, AT&amp;T, <b> & … &eacutE;"},
		{"~~14h~~ 15h", "15h"},
		{"~~annulé~~", "annulé"},
		{"<https://exemple.fr>", "https://exemple.fr"},
		{"", ""},
	} {
		if got := Line(c[0]); got != c[1] {
			t.Errorf("Line(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func TestSummary(t *testing.T) {
	const first = "La mairie de Valmont convie tous les habitants à la foire du fleuve."
	for _, c := range []struct {
		plain string
		limit int
		want  string
	}{
		{first, 100, first},
		{"Plan du site\n\nAu programme\n\n" + first, 100, first},
		{"Appel à projets (clos)\n\nLe cadre\n" + first, 100, first},
		{"Au programme\n" + first + "\n• 9h", 100, first},
		{"• 9h : accueil\n• 10h : marché\n\n" + first, 100, first},
		{"Au programme de la journée :\n9h : accueil\n10h30 : marché\n\n" + first, 100, first},
		{"Venez tous !\n\n" + first, 200, first},
		{"Venez tous à Valmont !\n\n" + first, 200, "Venez tous à Valmont ! " + first},
		{"La [foire] (https://valmont.example/) ouvre ses portes à tous les habitants du fleuve (x@valmont.example).", 200,
			"La [foire] ouvre ses portes à tous les habitants du fleuve."},
		{first, 30, "La mairie de Valmont convie…"},
		{"La foire, ouverte", 12, "La foire…"},
		{"anticonstitutionnellement", 10, "anticonst…"},
		{"eeeee\u0301eeeeee", 6, "eeee…"},
		{"Plan", 100, "Plan"},
		{first, 0, ""},
		{"", 10, ""},
	} {
		if got := Summary(c.plain, c.limit); got != c.want {
			t.Errorf("Summary(%q, %d) = %q, want %q", c.plain, c.limit, got, c.want)
		}
	}
}

func TestAbsolute(t *testing.T) {
	for _, c := range [][2]string{
		{"/uploads/Visuel%20RS(1)-ab.png", "https://valmont.example/uploads/Visuel%20RS(1)-ab.png"},
		{" a b/é’.png ", "https://valmont.example/agenda/foire/a%20b/%C3%A9%E2%80%99.png"},
		{"../", "https://valmont.example/agenda/"},
		{"?q=é#à", "https://valmont.example/agenda/foire/?q=%C3%A9#%C3%A0"},
		{"#bas", "https://valmont.example/agenda/foire/#bas"},
		{"//exemple.fr/a//b", "https://exemple.fr/a//b"},
		{"HTTP://Exemple.FR/100%", "http://exemple.fr/100%25"},
		{"https://exemple.fr:8080/a|b?c=[d]", "https://exemple.fr:8080/a%7Cb?c=%5Bd%5D"},
		{"https://[::1]:80/x", "https://[::1]:80/x"},
		{"https://mairie-évian.fr/é", "https://xn--mairie-vian-hbb.fr/%C3%A9"},
		{"www.exemple.fr/x", "https://www.exemple.fr/x"},
		{"inscription.exemple.com", "https://inscription.exemple.com"},
		{"exemple.fr:8080/x", "https://exemple.fr:8080/x"},
		{"programme.pdf", "https://valmont.example/agenda/foire/programme.pdf"},
		{"lisez-moi.md", "https://valmont.example/agenda/foire/lisez-moi.md"},
		{"foire@valmont.example", "mailto:foire@valmont.example"},
		{"mailto: foire@valmont.example?subject=à voir", "mailto:foire@valmont.example?subject=%C3%A0%20voir"},
		{"http://mailto:foire@valmont.example", "mailto:foire@valmont.example"},
		{"https://https://exemple.fr/", "https://exemple.fr/"},
		{"tel:+33 1 23 45", "tel:+3312345"},
		{"geo:48.85,2.35;u=10", "geo:48.85,2.35;u=10"},
		{"GEO:48.85,-2.35,7?z=à", "geo:48.85,-2.35,7?z=%C3%A0"},
		{"geo:ici", ""},
		{"LIEN", ""},
		{"lien", "https://valmont.example/agenda/foire/lien"},
		{"webcal://Valmont.example/a b.ics", "webcal://valmont.example/a%20b.ics"},
		{"data:image/png;base64,AA==", ""},
		{"javascript:alert(1)", ""},
		{"java\nscript:alert(1)", ""},
		{"\u200bjavascript:alert(1)", ""},
		{"vbscript:x", ""},
		{"data:text/html,x", ""},
		{"ftp://exemple.fr/", ""},
		{"http://", ""},
		{"http://a b/", ""},
		{"mailto:", ""},
		{"", ""},
	} {
		if got := Absolute(c[0], page); got != c[1] {
			t.Errorf("Absolute(%q) = %q, want %q", c[0], got, c[1])
		}
	}
	if got := Absolute("/x", nil); got != "" {
		t.Errorf("without a base %q, want none", got)
	}
}
