package markup

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestOutline(t *testing.T) {
	for _, c := range []struct {
		name, src string
		format    Format
		want      string // a line each: level of the heading, depth, signs, and the lines with where they begin
	}{
		{"paragraphs", "9h : **Un**\ndeux\n\nTrois [a](/b)", Markdown, "0/0 9h : Un@0|deux@12\n0/0 Trois a@18\n"},
		{"headings", "# Un\n\n## 9h<br>Deux {#deux}\n\n---\n", Markdown, "1/0 Un@2\n2/0 9h@9|Deux@15\n0/0 \n"},
		{"lists", "* **[9h]** a\n  * b\n\n    c\n* d\n1. 9h\n2) 10h", Markdown, "0/1* [9h] a@5\n0/2* b@17\n0/2 c@24\n0/1* d@28\n0/1* 9h@33\n0/1* 10h@39\n"},
		{"a table", "| 9h | **a** | |\n|---|---|---|\n| 10h | b | c |", Markdown, "0/0^ 9h@2|a@9|@-1\n0/0_ 10h@33|b@39|c@43\n"},
		{"HTML", "<ul>\n<li><b>9&nbsp;h</b>\n: a<br>b</li></ul><!-- c --><div>d<p>e</div>", HTML, "0/1* 9\u00a0h : a@12|b@32\n0/0 d@58\n0/0 e@62\n"},
		{"what is taken out", "{: .a}\n{{< b >}}9h\n\n<style>\nc\n</style>\n\n<div>\n10h : d</div>", Markdown, "0/0 9h@16\n0/0 10h : d@46\n"},
		{"references", "[a]: https://b.example/\n\n[c][a] www.d.example\n\ne@f.example", Markdown, "0/0 c (https://b.example/) http://www.d.example@26\n0/0 e@f.example@-1\n"},
		{"no block in a line", "<b><h2>a</h2>b</b>", HTML, "2/0 a@7\n0/0 b@13\n"},
		{"text", "9h a\n10h b\n\n• c", Text, "0/0 9h a@0|10h b@5\n0/1* c@16\n"},
		{"marks of others", "\U000F0001a\U000F0000", Markdown, "0/0 a@4\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			blocks, err := Outline(c.src, c.format)
			if err != nil {
				t.Fatal(err)
			}
			if got := outlined(blocks); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func outlined(blocks []Block) string {
	var b strings.Builder
	for _, k := range blocks {
		fmt.Fprintf(&b, "%d/%d", k.Heading, k.Depth)
		switch {
		case k.Head:
			b.WriteByte('^')
		case k.Row:
			b.WriteByte('_')
		case k.Item:
			b.WriteByte('*')
		}
		for i, l := range k.Lines {
			fmt.Fprintf(&b, "%c%s@%d", " |"[min(i, 1)], l.Text, l.At)
		}
		if len(k.Lines) == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Law: lines are lines, without a mark, and where one begins in the source stands a word of it.
func FuzzOutline(f *testing.F) {
	addSeeds(f)
	f.Add("* 9h : a\n\n| 9h | b |\n|-|-|\n{{< c >}}\n<br>d &amp; [e][f]\n[f]: g\n\U000F0000")
	f.Fuzz(func(t *testing.T, src string) {
		for _, format := range []Format{Text, Markdown, HTML} {
			blocks, err := Outline(src, format)
			if err != nil {
				continue
			}
			for _, b := range blocks {
				for _, l := range b.Lines {
					if strings.ContainsFunc(l.Text, func(r rune) bool { return r == '\n' || r >= firstMark && r <= lastMark }) || l.Text == "" && !b.Row {
						t.Fatalf("%q has the line %q", src, l.Text)
					}
					if l.At < 0 {
						continue
					}
					r, _ := utf8.DecodeRuneInString(src[l.At:])
					if !unicode.IsLetter(r) && !unicode.IsDigit(r) || !strings.ContainsRune(l.Text, r) {
						t.Fatalf("%q has the line %q at %d, %q", src, l.Text, l.At, r)
					}
				}
			}
		}
	})
}
