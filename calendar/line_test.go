package calendar

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// unfold undoes folding as RFC 5545, section 3.1 has it.
func unfold(s string) string { return strings.ReplaceAll(s, "\r\n ", "") }

// unescapeText undoes the escapes of a TEXT value.
func unescapeText(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n", `\N`, "\n").Replace(s)
}

func TestFoldPlace(t *testing.T) {
	a := func(n int) string { return strings.Repeat("a", n) }
	for _, tt := range []struct {
		name, line, first string // first is what goes before the first fold
	}{
		{"short", a(75), a(75)},
		{"octets", a(76), a(75)},
		{"not within a rune", a(74) + "é", a(74)},
		{"not within an escape", a(74) + `\,` + a(9), a(74)},
		{"between escapes", a(73) + `\\\,` + a(9), a(73) + `\\`},
		{"not before a combining accent", a(75) + "\u0301" + a(9), a(74)},
		{"not within an emoji sequence", a(71) + "👩\u200d🚒" + a(9), a(71)},
		{"not before a space", a(75) + " " + a(9), a(74)},
		{"not after a space", a(74) + " " + a(9), a(73)},
		{"before a space if there is no other place", strings.Repeat(" ", 90), strings.Repeat(" ", 75)},
		{"a thousand accents", "e" + strings.Repeat("\u0301", 1000), "e" + strings.Repeat("\u0301", 37)},
	} {
		got := string(appendFolded(nil, []byte(tt.line), true))
		if first, _, _ := strings.Cut(got, "\r\n"); first != tt.first {
			t.Errorf("%s: the first line is %q, want %q", tt.name, first, tt.first)
		}
		if unfold(got) != tt.line {
			t.Errorf("%s: unfolds to %q, want %q", tt.name, unfold(got), tt.line)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add(strings.Repeat("é", 100))
	f.Add(strings.Repeat(`\;`, 100))
	f.Add(strings.Repeat(" ", 100) + strings.Repeat("\u0301", 100) + strings.Repeat("^'", 100))
	f.Add(strings.Repeat("👩🏽\u200d🚒", 30))
	f.Fuzz(func(t *testing.T, s string) {
		line := string(appendText([]byte("DESCRIPTION:"), s, `\n`))
		folded := string(appendFolded(nil, []byte(line), true))
		if got := unfold(folded); got != line {
			t.Fatalf("unfolds to %q, want %q", got, line)
		}
		for i, physical := range strings.Split(folded, "\r\n") {
			switch {
			case len(physical) > 75:
				t.Errorf("%d octets: %q", len(physical), physical)
			case !utf8.ValidString(physical):
				t.Errorf("a rune is cut: %q", physical)
			case i > 0 && len(physical) < 2:
				t.Errorf("a line of nothing: %q", folded)
			case (len(physical)-len(strings.TrimRight(physical, `\`)))%2 != 0:
				t.Errorf("an escape is cut: %q", physical)
			}
		}
		if got := unescapeText(strings.TrimPrefix(line, "DESCRIPTION:")); got != clean(s) {
			t.Errorf("reads as %q, want %q", got, clean(s))
		}
	})
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"Fête", "Fête"},
		{" \ufeff\ta\tb \u00a0\n", "a\tb"},
		{"a\r\nb\rc\nd\u2028e\u2029f", "a\nb\nc\nd\ne\nf"},
		{"a\r\r\n\nb", "a\n\n\nb"},
		{"a\r\x00\nb", "a\n\nb"},
		{"\x00a\x07\x7f\x1bb \x00", "ab"},
		{"a\xffb\xe9", "a\ufffdb\ufffd"},
		{"a\u0085b\ufffe\ufffd", "a\u0085b\ufffe\ufffd"},
	} {
		if got := clean(tt.in); got != tt.want {
			t.Errorf("clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
		if got := clean(tt.want); got != tt.want {
			t.Errorf("clean(%q) = %q, want it unchanged", tt.want, got)
		}
	}
}

func TestParam(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Mairie", "Mairie"},
		{"Mairie, accueil", `"Mairie, accueil"`},
		{`dite "la Ville"`, `"dite ^'la Ville^'"`},
		{"x^n", `"x^^n"`},
		{"a\r\nb\x00", "a b"},
		{`a\`, "a\u2216"},
	} {
		if got := string(appendParam(nil, tt.in)); got != tt.want {
			t.Errorf("appendParam(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestGeo(t *testing.T) {
	for _, tt := range []struct {
		lat, lon float64
		want     string
	}{
		{0, 0, "GEO:0.000000;0.000000\r\n"},
		{-1e-9, 1e-7, "GEO:0.000000;0.000000\r\n"},
		{-90, 179.9999999, "GEO:-90.000000;180.000000\r\n"},
		{47.2184, -1.5536, "GEO:47.218400;-1.553600\r\n"},
	} {
		var b bytes.Buffer
		l := &lineWriter{w: &b}
		l.place(&Event{Geo: &Geo{tt.lat, tt.lon}})
		if err := l.flush(); err != nil || b.String() != tt.want {
			t.Errorf("%v;%v is written %q, %v; want %q", tt.lat, tt.lon, b.String(), err, tt.want)
		}
	}
}

// No physical line shows what looks like the beginning or the end of a component, wherever the line is folded.
func TestBoundariesAreFolded(t *testing.T) {
	for n := range 200 {
		text := strings.Repeat("x", n) + "END:VEVENT" + strings.Repeat(" BEGIN:VEVENT END:VCALENDAR", 3)
		line := append([]byte("SUMMARY:"), text...)
		folded := string(appendFolded(nil, line, true))
		if got := unfold(folded); got != string(line) {
			t.Fatalf("unfolds to %q, want %q", got, line)
		}
		for _, mark := range []string{"END:V", "BEGIN:V"} {
			if strings.Contains(folded, mark) {
				t.Fatalf("%d: %q holds %s", n, folded, mark)
			}
		}
	}
	if got := string(appendFolded(nil, []byte("END:VEVENT"), true)); got != "END:VEVENT" {
		t.Errorf("the end of a component is %q", got)
	}
}
