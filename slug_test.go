package crieur

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/cases"
)

func TestSlug(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Évènement", "evenement"},
		{"Journée d'échanges", "journee-d-echanges"},
		{"c++", "c-plus-plus"},
		{"C#", "c-sharp"},
		{"R&D", "r-et-d"},
		{"日本", "日本"},
		{"\u2764\ufe0f Od tetna", "od-tetna"},
		{"Straße", "strasse"},
		{"œuvre ①", "œuvre-1"},
		{"<<-comment->>", "comment"},
		{"हिन्दी", "हिन्दी"},
		{"…", ""},
		{"№ 5 ™", "no-5-tm"},
		{"ısı", "isi"},
		{"ᏸ Ᏸ", "ᏸ-ᏸ"},
		{"évé\u00adnement", "evenement"},
		{"../../etc/passwd", "etc-passwd"},
		{"un titre qui est bien plus long que ce que l’on voudrait lire dans une adresse", "un-titre-qui-est-bien-plus-long-que-ce-que-l-on-voudrait"},
	} {
		if got := slug(c.in, "fr"); got != c.want {
			t.Errorf("slug(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// What is compared without regard to case is folded as Unicode says.
func TestCaseless(t *testing.T) {
	if racing {
		t.Skip("a million calls in a row, which nothing races with")
	}
	for r := range rune(utf8.MaxRune + 1) {
		if s := "A" + string(r) + "É"; caseless(s) != cases.Fold().String(s) {
			t.Errorf("%+q gives %+q, want %+q", s, caseless(s), cases.Fold().String(s))
		}
	}
	if s := "É\xff"; caseless(s) != cases.Fold().String(s) {
		t.Errorf("%+q gives %+q", s, caseless(s))
	}
}

// No two names share a slug, whatever they are, and each is one plain name
// of a file.
func FuzzSlug(f *testing.F) {
	f.Add("c++", "C")
	f.Add("Évènement", "Événement")
	f.Add("日本", "")
	f.Fuzz(func(t *testing.T, a, b string) {
		given := map[string]bool{}
		seen := map[string]string{}
		for _, s := range []string{a, b} {
			if _, ok := seen[fold(s)]; ok {
				continue
			}
			u := uniqueSlug(slug(s, "fr"), fold(s), func(s string) bool { return given[s] })
			if u == "" || len(u) > 2*maxSlug || !utf8.ValidString(u) || u[0] == '.' {
				t.Errorf("%q has the slug %q", s, u)
			}
			for _, r := range u {
				if r == '/' || r == '\\' || r < ' ' {
					t.Errorf("%q has the slug %q", s, u)
				}
			}
			if given[u] {
				t.Errorf("%q and another share the slug %q", s, u)
			}
			given[u], seen[fold(s)] = true, u
		}
		for i, name := range onDisk(slug(a, "fr")) {
			if (name == onDisk(slug(b, "fr"))[i]) != (slug(a, "fr") == slug(b, "fr")) {
				t.Errorf("%q and %q are one file on some disk", slug(a, "fr"), slug(b, "fr"))
			}
		}
	})
}
