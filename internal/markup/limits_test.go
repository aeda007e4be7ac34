package markup

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

// attacks are shapes that make a converter slow, each to be repeated up to the size of a body.
var attacks = []struct {
	name, head, unit, tail string
	format                 Format
}{
	{name: "link openers", unit: "[a](b", format: Markdown},
	{name: "link openers and spaces", unit: "[a](b ", format: Markdown},
	{name: "link titles", unit: `[a](b "`, format: Markdown},
	{name: "link titles in parentheses", unit: "[a](b (", format: Markdown},
	{name: "link destinations", unit: "[a](<b", format: Markdown},
	{name: "images", unit: "![a](b", format: Markdown},
	{name: "brackets", unit: "[", format: Markdown},
	{name: "brackets closed", head: strings.Repeat("[", 1<<19), unit: "]", format: Markdown},
	{name: "empty brackets", unit: "[]", format: Markdown},
	{name: "references", unit: "[a][b]", format: Markdown},
	{name: "reference definitions", unit: "[a]: b\n", format: Markdown},
	{name: "reference definitions with open titles", unit: "[a]: b \"c\n", format: Markdown},
	{name: "reference definitions apart", unit: "[a]: b\n\n", format: Markdown},
	{name: "open labels", unit: "[a\n", format: Markdown},
	{name: "quotes", unit: ">", format: Markdown},
	{name: "quotes and spaces", unit: "> ", format: Markdown},
	{name: "quotes, 24 a line", unit: strings.Repeat(">", 24) + "a\n", format: Markdown},
	{name: "quotes, 20 and 1", unit: strings.Repeat(">", 20) + "a\n\n>a\n\n", format: Markdown},
	{name: "list markers", unit: "- ", format: Markdown},
	{name: "list markers, 40 a line", unit: strings.Repeat("- ", 40) + "a\n", format: Markdown},
	{name: "list and quote markers", unit: "- > ", format: Markdown},
	{name: "ordered list markers", unit: "1. ", format: Markdown},
	{name: "nested lists", unit: nestedList(140), format: Markdown},
	{name: "nested lists, 40 deep", unit: nestedList(40), format: Markdown},
	{name: "backticks", unit: "`", format: Markdown},
	{name: "backtick runs", unit: "` `` ``` ```` ", format: Markdown},
	{name: "growing backtick runs", unit: growing("`", 140), format: Markdown},
	{name: "fences", unit: "```\n", format: Markdown},
	{name: "growing fences", unit: growing("```", 100), format: Markdown},
	{name: "emphasis", unit: "*a ", format: Markdown},
	{name: "strong emphasis", unit: "**a", format: Markdown},
	{name: "mixed emphasis", unit: "*a_ ", format: Markdown},
	{name: "closed emphasis", unit: "*a* ", format: Markdown},
	{name: "emphasis runs", unit: "*****a_____ ", format: Markdown},
	{name: "asterisks", unit: "*", format: Markdown},
	{name: "underscores", unit: "a_", format: Markdown},
	{name: "tildes", unit: "~~a ", format: Markdown},
	{name: "entities", unit: "&", format: Markdown},
	{name: "long entities", unit: "&a", format: Markdown},
	{name: "numeric entities", unit: "&#", format: Markdown},
	{name: "escapes", unit: `\`, format: Markdown},
	{name: "comments", unit: "a <!--", format: Markdown},
	{name: "instructions", unit: "a <?", format: Markdown},
	{name: "declarations", unit: "a <!A", format: Markdown},
	{name: "sections", unit: "a <![CDATA[", format: Markdown},
	{name: "open tags", unit: "a <a ", format: Markdown},
	{name: "open attributes", unit: `a <a b="`, format: Markdown},
	{name: "autolinks", unit: "<http://a", format: Markdown},
	{name: "addresses", unit: "http://a.fr/ ", format: Markdown},
	{name: "addresses in parentheses", unit: "(http://a.fr/", format: Markdown},
	{name: "e-mail addresses", unit: "a@a.fr ", format: Markdown},
	{name: "e-mail beginnings", unit: "_a@", format: Markdown},
	{name: "hosts", unit: "www.a.", format: Markdown},
	{name: "wide table", head: strings.Repeat("|a", 1<<17) + "\n" + strings.Repeat("|-", 1<<17) + "\n", unit: "|\n", format: Markdown},
	{name: "cells", head: "|a|b|\n|-|-|\n", unit: "|a|b|\n", format: Markdown},
	{name: "delimiter rows", unit: "|-|-|\n", format: Markdown},
	{name: "headings", unit: "# a\n", format: Markdown},
	{name: "setext headings", unit: "a\n=\n", format: Markdown},
	{name: "setext heading of many lines", unit: "[a](b\n", tail: "\n===\n", format: Markdown},
	{name: "thematic breaks", unit: "---\n\n", format: Markdown},
	{name: "paragraphs", unit: "a\n\n", format: Markdown},
	{name: "items", unit: "- a\n", format: Markdown},
	{name: "spread items", unit: "- a\n\n", format: Markdown},
	{name: "hard breaks", unit: "a  \n", format: Markdown},
	{name: "spaces", unit: " ", format: Markdown},
	{name: "blank lines", unit: "\n", format: Markdown},
	{name: "tabs", unit: "\t", format: Markdown},
	{name: "zero bytes", unit: "\x00", format: Markdown},
	{name: "bad bytes", unit: "\xff", format: Markdown},
	{name: "raw elements", unit: "<b>", format: Markdown},
	{name: "raw blocks", unit: "<div>\n\n", format: Markdown},
	{name: "Liquid", unit: "{{", format: Markdown},
	{name: "Liquid tags", unit: "{% a %}", format: Markdown},
	{name: "shortcodes", unit: "{{< a", format: Markdown},
	{name: "attribute lists", unit: "{:", format: Markdown},
	{name: "heading attributes", unit: "{#", format: Markdown},
	{name: "styles", unit: "<style", format: Markdown},
	{name: "quotes in tags", unit: ">{% a %}", format: Markdown},
	{name: "openers in tags", unit: "[a](b{% a %}", format: Markdown},

	{name: "deep elements", unit: "<div>", format: HTML},
	{name: "deep phrases", unit: "<b>", format: HTML},
	{name: "phrases over paragraphs", unit: "<p><b id=1><i>", format: HTML},
	{name: "phrases with other ends", unit: "<b></i>", format: HTML},
	{name: "phrases left open in paragraphs", head: strings.Repeat("<b a=1><b a=2><b a=3>", 20), unit: "<p>a", format: HTML},
	{name: "phrases carried over", head: "<p>" + manyOpen(90) + "</p>", unit: "<p>a", format: HTML},
	{name: "phrases in cells", unit: "<table><tr><td><a>", format: HTML},
	{name: "text in tables", head: "<table>", unit: "a<b>", format: HTML},
	{name: "items left open", unit: "<li>", format: HTML},
	{name: "deep lists", unit: "<ul><li>", format: HTML},
	{name: "links", unit: "<a href=b>a", format: HTML},
	{name: "options", unit: "<option>", format: HTML},
	{name: "select", unit: "<select><option>", format: HTML},
	{name: "svg", unit: "<svg>", format: HTML},
	{name: "templates", unit: "<template>", format: HTML},
	{name: "attributes", head: "<p ", unit: "a=b ", tail: ">", format: HTML},
	{name: "other attributes", head: "<p ", unit: growing("a", 140), tail: ">", format: HTML},
	{name: "angle brackets", unit: "<", format: HTML},
	{name: "comments never closed", unit: "<!--", format: HTML},
	{name: "frames", unit: "<iframe src=a></iframe>", format: HTML},
	{name: "images in HTML", unit: "<img src=a>", format: HTML},
	{name: "candidates", head: `<img srcset="`, unit: "a,", tail: `">`, format: HTML},
	{name: "candidates and spaces", head: `<img srcset="`, unit: "a b, ", tail: `">`, format: HTML},
	{name: "a long address", head: `<a href="/`, unit: "[", tail: `">a</a>`, format: HTML},
	{name: "end tags", unit: "</p>", format: HTML},
	{name: "attributes of headings", unit: "{#}", tail: strings.Repeat(" ", 1<<19), format: Markdown},
	{name: "lines of emphasis", unit: "*a*\n\n", format: Markdown},
	{name: "alternative texts", unit: "![aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa](b)\n\n", format: Markdown},
	{name: "tags left open in lines", unit: "<a b=\"[a]a\n\n", format: Markdown},
	{name: "line breaks in HTML", unit: "a<br>", format: HTML},
	{name: "apostrophes", unit: "'", format: HTML},
	{name: "ampersands", unit: "&", format: HTML},
	{name: "text that is code", head: "<xmp>", unit: "<a", format: HTML},
	{name: "objects", unit: "<object data=a></object>", format: HTML},
	{name: "films", unit: "<video><source src=a></video>", format: HTML},
	{name: "sets of images", unit: "<img srcset='a 1x, b 2x'>", format: HTML},
	{name: "titles of elements", unit: "<b title='aaaaaaaaaaaaaaaaaaaaaaaaa'>a</b>", format: HTML},
	{name: "styles of elements", unit: "<p style='a:b; c:d ; e: f'>a</p>", format: HTML},

	{name: "lines of text", unit: "a\n"},
	{name: "items of text", unit: "- a\n"},
	{name: "paragraphs of text", unit: "a\n\n"},
	{name: "addresses in text", unit: "http://a.fr "},
	{name: "e-mail addresses in text", unit: "a@a.fr "},
	{name: "beginnings of e-mail addresses", unit: "a@"},
	{name: "one long word", unit: "a"},
	{name: "closing parentheses", head: "http://a.fr/", unit: ")"},
	{name: "noise", unit: ", ,\n"},
	{name: "addresses before a long text", unit: "a@a.fr ", tail: strings.Repeat("x ", 460_000)},
	{name: "angle brackets in text", unit: "<"},
}

func nestedList(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

func growing(mark string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(mark[:1], i+len(mark)) + "\n"[:len(mark)/3] + " ")
	}
	return b.String()
}

func manyOpen(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<b lang=" + strings.Repeat("a", i+1) + ">")
	}
	return b.String()
}

// Whatever a body holds, it is converted or refused soon. The goal is 250 ms on a quiet machine; the bound here is
// wide enough for the race detector on a busy one, and far below what each of these takes without the limits.
func TestTooComplex(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	const bound = 5 * time.Second
	for _, a := range attacks {
		for _, size := range []int{20 << 10, maxBytes} {
			room := max(0, size-len(a.head)-len(a.tail))
			src := a.head + strings.Repeat(a.unit, room/len(a.unit)) + a.tail
			var err error
			took := time.Duration(math.MaxInt64)
			for range 3 { // a busy machine may be slow once
				start := time.Now()
				_, err = Render(src, a.format, page)
				if took = min(took, time.Since(start)); took <= bound {
					break
				}
			}
			if err != nil && (!errors.Is(err, ErrTooComplex) || a.format == Text) {
				t.Errorf("%s, %d bytes: %v", a.name, len(src), err)
			}
			if took > bound {
				t.Errorf("%s, %d bytes: took %v", a.name, len(src), took)
			}
		}
	}
}

func TestTooLong(t *testing.T) {
	for _, f := range []Format{Text, Markdown, HTML} {
		_, err := Plain(strings.Repeat("a", maxBytes+1), f, nil)
		if want := "too complex: at least 1048577 bytes, want at most 1048576"; err == nil || err.Error() != want {
			t.Errorf("%v: error %v, want %q", f, err, want)
		}
	}
}

// A megabyte as people write it is not refused.
func TestMegabyte(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	for _, c := range []struct {
		unit   string
		format Format
	}{
		{"Une *journée* d’étude avec [programme](/p), `code` et **ateliers**, ouverte à tous les habitants du fleuve et de la vallée.\n\n" +
			"## Au programme\n\n* 9h-9h10 : **Ouverture**, par la présidente\n* 9h10-9h55 : Les communs du quai\n\n", Markdown},
		{"* 9h10-9h55 : **Les communs** du quai, avec ceux qui les gardent\n", Markdown},
		{"<p>Une <em>journée</em> d’étude avec <a href='/p'>programme</a>, ouverte à tous les habitants du fleuve et de la vallée, et à qui passe par là.</p>\n" +
			"<h2>Au programme</h2>\n<ul><li>9h-9h10 : <strong>Ouverture</strong>, par la présidente</li>\n<li>Les communs</li></ul>\n", HTML},
		{"Une journée d’étude ouverte à tous les habitants du fleuve et de la vallée.\n\n- 9h-9h10 : Ouverture\n- 10h : Les communs\nhttps://a.example/b\n\n", Text},
	} {
		src := strings.Repeat(c.unit, maxBytes/len(c.unit))
		if _, err := Render(src, c.format, page); err != nil {
			t.Errorf("%v, %q: %v", c.format, c.unit, err)
		}
		if _, err := Plain(src, c.format, page); err != nil {
			t.Errorf("%v, %q: %v", c.format, c.unit, err)
		}
	}
}

// Bodies that are merely long are not refused.
func TestNotTooComplex(t *testing.T) {
	for name, src := range map[string]string{
		"paragraphs":      strings.Repeat("Une *journée* d’étude avec [programme](/p), `code` et **ateliers**, ouverte à tous.\n\n", 2000),
		"one paragraph":   strings.Repeat("Une *journée* avec [programme](/p) et `code`.\n", 150),
		"a table":         "| heure | qui |\n|---|---|\n" + strings.Repeat("| 9 h 30 | [Camille](mailto:c@exemple.fr) |\n", 1500),
		"code":            "```json\n" + strings.Repeat("{\"a\": [1, 2, \"<b>_c_*d*</b>\"]}\n", 5000) + "```\n",
		"one line":        "<div>" + strings.Repeat("<p><span>Salle <b>12</b></span></p>", 3000) + "</div>",
		"a list":          strings.Repeat("* 9h-9h10 : **accueil** par [l’équipe](https://exemple.fr/)\n  * café\n", 1500),
		"a line of marks": strings.Repeat(">", 20) + "\n",
	} {
		if _, err := Render(src, Markdown, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
