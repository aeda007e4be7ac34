package markup

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// markdownPieces are what a body in Markdown is made of.
var markdownPieces = slices.Concat(strings.Fields("* ** *** _ __ ~~ ~ ` `` [ ] ( ) ][ ](/a ](/b) ![ [r] [[W]] \"c\" 'c' # ## > - 1. 3. | |a|b é 9h30 10:00 📅 "+
	"www.a.example http://a.example/b?c=1&d=2 e@f.example ftp://g.example \\ \\* &amp; &#13; &#0; &eacute; &no; & $ . ! , : « –"),
	[]string{" ", "  ", "    ", "\t", "\n", "\n\n", "  \n", "\\\n", "\n===\n", "\n---\n", "\n```\n", "\n~~~ a\n", "\n[r]: /u \"t\"\n", "\n* ", "\n  * ", "\n> ",
		"\n|a|b|\n|-|:-:|\n|", "\u00a0", "\ufffd"})

func addPieces(f *testing.F) {
	f.Add([]byte{})
	for i := range 200 {
		f.Add([]byte{byte(i), byte(3 * i), byte(7 * i), byte(11 * i), byte(i), byte(13 * i)})
	}
}

// piecesOf makes a body of pieces.
func piecesOf(picks []byte) string {
	var b strings.Builder
	for _, p := range picks {
		b.WriteString(markdownPieces[int(p)%len(markdownPieces)])
	}
	return clean(b.String())
}

// Law: the tree that is built of Markdown is the one that a parser makes of what goldmark writes, or is refused as that is, and that of a text is
// the one that a parser makes of it in writing.
func FuzzBuilder(f *testing.F) {
	addPieces(f)
	f.Fuzz(func(t *testing.T, picks []byte) {
		src := piecesOf(picks)
		if doc, source, err := parseMarkdown(src); err == nil {
			if got, err := treeOf(newBuilder(), doc, src, source, maxTree); err != nil {
				if _, want := writtenTree(doc, source, maxTree); fmt.Sprint(err) != fmt.Sprint(want) {
					t.Errorf("%q: error %v, in writing %v", src, err, want)
				}
			} else if got != nil {
				want, err := writtenTree(doc, source, maxTree)
				if err != nil {
					t.Fatalf("%q is accepted, but in writing it is not: %v", src, err)
				}
				checkSameTree(t, src, got, want)
			} else if len(src) < maxDepth {
				t.Errorf("%q has to be written", src)
			}
		}
		got := textTree(newBuilder(), src)
		var out strings.Builder
		for n := range got.ChildNodes() {
			if err := html.Render(&out, n); err != nil {
				t.Fatal(err)
			}
		}
		want, err := parseHTML(out.String())
		if err != nil {
			t.Fatal(err)
		}
		checkSameTree(t, src, got, want)
	})
}

// A tree that is built is refused where, and with what, it would be in writing.
func TestBuiltTooComplex(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	for _, a := range attacks {
		if a.format != Markdown {
			continue
		}
		for _, n := range []int{200 << 10, maxBytes - len(a.head) - len(a.tail)} {
			src := clean(a.head + strings.Repeat(a.unit, n/len(a.unit)) + a.tail)
			doc, source, err := parseMarkdown(src)
			if err != nil {
				continue
			}
			root, got := treeOf(newBuilder(), doc, src, source, maxOwnTree)
			_, want := writtenTree(doc, source, maxOwnTree)
			if (root != nil || got != nil) && fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s, %d bytes: %v, want %v", a.name, len(src), got, want)
			}
		}
	}
}

// What is defined once and referred to often would be written as often.
func TestReferred(t *testing.T) {
	for _, definition := range []string{"[a]: /b \"" + strings.Repeat("c", 10_000) + "\"\n\n", "[a]: /" + strings.Repeat("b", 10_000) + "\n\n"} {
		for _, link := range []string{"[a]\n\n", "[c][a]\n\n", "![a]\n\n", "[a] <b>\n\n"} {
			if _, err := Parse(definition+strings.Repeat(link, 50), Markdown, page); err != nil {
				t.Errorf("50 of %q: %v", link, err)
			}
			if _, err := Parse(definition+strings.Repeat(link, 200), Markdown, page); !errors.Is(err, ErrTooComplex) {
				t.Errorf("200 of %q: error %v", link, err)
			}
		}
	}
}

// Law: what is plain stays as it is when it is sanitised, and needs no second look.
func FuzzPlainHTML(f *testing.F) {
	addPieces(f)
	f.Fuzz(func(t *testing.T, picks []byte) {
		src := piecesOf(picks)
		for _, format := range []Format{Text, Markdown} {
			d, err := Parse(src, format, page)
			if err != nil || !d.built {
				continue
			}
			out, err := write(d.root)
			if err != nil {
				t.Fatal(err)
			}
			safe := sanitise(out)
			if isPlain(d.root) && safe != out {
				t.Errorf("%v %q: %q is plain, and sanitised it is %q", format, src, out, safe)
			}
			if again, err := settle(safe); again != safe || err != nil {
				t.Errorf("%v %q: %q reads as %q, %v", format, src, safe, again, err)
			}
		}
	})
}

// checkSameTree reports in what two trees differ, but for classes, which nobody looks at.
func checkSameTree(t *testing.T, src string, got, want *html.Node) {
	t.Helper()
	kept := slices.DeleteFunc(slices.Clone(want.Attr), func(a html.Attribute) bool { return a.Key == "class" })
	if got.Type != want.Type || got.Data != want.Data || got.DataAtom != want.DataAtom || !slices.Equal(got.Attr, kept) {
		t.Fatalf("%q has the node %q %q, want %q %q", src, got.Data, got.Attr, want.Data, kept)
	}
	a, b := got.FirstChild, want.FirstChild
	for ; a != nil && b != nil; a, b = a.NextSibling, b.NextSibling {
		checkSameTree(t, src, a, b)
	}
	if (a == nil) != (b == nil) {
		t.Fatalf("%q: the number of nodes in %q differs", src, got.Data)
	}
}
