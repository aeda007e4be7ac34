package markup

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// texts are buffers that texts were written into.
var texts = sync.Pool{New: func() any { return new([]byte) }}

// plain returns what is below root as plain text.
func plain(root *html.Node) string {
	room := texts.Get().(*[]byte)
	w := textWriter{out: (*room)[:0]}
	w.children(root)
	text := string(bytes.Trim(w.out, " \t\n"))
	*room = w.out
	texts.Put(room)
	return text
}

// A textWriter writes a tree as plain text. Line ends and spaces are written only when text follows them.
type textWriter struct {
	out     []byte
	newline int    // line ends due before the next text: at most two
	space   bool   // a space is due
	tight   bool   // no blank line before the next block: it follows a heading
	indent  string // what lines begin with
	marker  string // what the next line begins with instead of the last characters of indent
	quoted  bool   // within preformatted text
}

// lineEnd asks for n line ends before the next text.
func (w *textWriter) lineEnd(n int) {
	if w.tight && n > 1 {
		n = 1
	}
	w.newline = max(w.newline, n)
	w.space = false
}

// begin writes what is due.
func (w *textWriter) begin() {
	started := len(w.out) > 0
	switch {
	case w.newline > 0 || !started:
		if started {
			w.out = append(w.out, "\n\n"[:min(w.newline, 2)]...)
		}
		w.out = append(w.out, w.indent[:len(w.indent)-min(len(w.indent), indentOf(w.marker))]...)
		w.out = append(w.out, w.marker...)
	case w.space:
		w.out = append(w.out, ' ')
	}
	w.newline, w.space, w.tight, w.marker = 0, false, false, ""
}

// indentOf returns how many columns a list marker takes.
func indentOf(marker string) int { return len([]rune(marker)) }

// text writes s with its white space collapsed; no-break spaces stay.
func (w *textWriter) text(s string) {
	for i := 0; i < len(s); {
		if isSpace(s[i]) {
			w.space = w.newline == 0
			i++
			continue
		}
		start := i
		for i < len(s) && !isSpace(s[i]) {
			i++
		}
		w.begin()
		w.out = append(w.out, s[start:i]...)
	}
}

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// lines writes preformatted text.
func (w *textWriter) lines(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			w.newline = min(w.newline+1, 2)
		}
		if line = strings.TrimRight(line, " \t"); line != "" {
			w.begin()
			w.out = append(w.out, line...)
		}
	}
}

func (w *textWriter) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

func (w *textWriter) node(n *html.Node) {
	if n.Type == html.TextNode {
		if w.quoted {
			w.lines(n.Data)
		} else {
			w.text(n.Data)
		}
		return
	}
	switch n.DataAtom {
	case atom.Br:
		w.newline = min(w.newline+1, 2)
		w.space = false
	case atom.Hr:
		w.lineEnd(2)
	case atom.Img:
		w.text(imageText(attr(n, "alt")))
	case atom.A:
		w.link(n)
	case atom.Del, atom.S, atom.Strike, atom.Rp:
	case atom.Video, atom.Audio:
		w.text(mediaAddress(n))
	case atom.Sup:
		w.superscript(n)
	case atom.Q:
		w.text("“")
		w.children(n)
		w.space = false
		w.text("”")
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.tight = false
		w.block(n, 2)
		w.newline, w.tight = 1, true
	case atom.P:
		if isOnlyChild(n) && n.Parent.DataAtom == atom.Li {
			w.children(n)
			return
		}
		w.block(n, 2)
	case atom.Ul, atom.Ol:
		w.list(n)
	case atom.Li:
		w.item(n, "• ") // outside any list
	case atom.Blockquote:
		w.nested(n, "  ", 2)
	case atom.Dd:
		w.nested(n, "  ", 1)
	case atom.Pre:
		w.lineEnd(2)
		w.quoted = true
		w.children(n)
		w.quoted = false
		w.lineEnd(2)
	case atom.Table:
		w.table(n)
	case atom.Div, atom.Dt, atom.Tr, atom.Summary, atom.Figcaption, atom.Caption:
		w.block(n, 1)
	case atom.Section, atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Figure, atom.Details, atom.Dl:
		w.block(n, 2)
	default:
		w.children(n)
	}
}

// block writes what is below n on lines of its own, with n line ends around.
func (w *textWriter) block(n *html.Node, ends int) {
	w.lineEnd(ends)
	w.children(n)
	w.lineEnd(ends)
}

// nested writes a block whose lines are indented.
func (w *textWriter) nested(n *html.Node, indent string, ends int) {
	w.lineEnd(ends)
	outer := w.indent
	w.indent += indent
	w.children(n)
	w.indent = outer
	w.lineEnd(ends)
}

// list writes a list; one inside another has no blank lines around it.
func (w *textWriter) list(n *html.Node) {
	ends := 2
	if n.Parent != nil && n.Parent.DataAtom == atom.Li {
		ends = 1
	}
	w.lineEnd(ends)
	number, err := strconv.Atoi(attr(n, "start"))
	if err != nil {
		number = 1
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Li {
			w.node(c)
			continue
		}
		marker := "• "
		if n.DataAtom == atom.Ol {
			marker = strconv.Itoa(number) + ". "
			number++
		}
		w.item(c, marker)
		w.newline = min(w.newline, 1) // items stand close, whatever they hold
	}
	w.lineEnd(ends)
}

// item writes one item of a list.
func (w *textWriter) item(n *html.Node, marker string) {
	w.lineEnd(1)
	outer := w.indent
	w.indent += strings.Repeat(" ", indentOf(marker))
	w.marker = marker
	w.children(n)
	w.marker = ""
	w.indent = outer
	w.lineEnd(1)
}

// table writes one line a row, with " | " between the cells.
func (w *textWriter) table(n *html.Node) {
	w.lineEnd(2)
	w.rows(n)
	w.lineEnd(2)
}

func (w *textWriter) rows(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Tr:
			w.lineEnd(1)
			w.text(strings.Join(cells(c), " | "))
			w.lineEnd(1)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			w.rows(c)
		default:
			w.node(c)
		}
	}
}

// cells returns the text of a row's cells, each on one line, without the empty ones at its end.
func cells(row *html.Node) []string {
	var out []string
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			out = append(out, strings.Join(strings.FieldsFunc(plain(c), isBreak), " "))
		}
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// isBreak reports whether r is white space that may be collapsed.
func isBreak(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }

// link writes "text (address)", or one of them when the other says no more.
func (w *textWriter) link(n *html.Node) {
	href := attr(n, "href")
	inner := textWriter{quoted: w.quoted, out: w.out[len(w.out):]} // what it writes there is written over
	inner.children(n)
	words := bytes.Trim(inner.out, " \t\n")
	shown := shownAddress(href)
	switch {
	case len(words) == 0:
		// a picture that says nothing
	case mayBeAddress(words) && sameAddress(string(words), href):
		w.text(shown)
	default:
		w.children(n)
		after := w.space // "[text ](address)more"
		w.space = true
		w.text("(" + parentheses.Replace(shown) + ")")
		w.space = after
	}
}

// mayBeAddress reports whether a link's text looks like an address, as few do.
func mayBeAddress(words []byte) bool {
	return bytes.ContainsAny(words, ".@:") && !bytes.ContainsAny(words, " \u00a0")
}

// sameAddress reports whether a link's text is its address, give or take what people leave out.
func sameAddress(words, href string) bool {
	return bareAddress(words) == bareAddress(href) || bareAddress(Absolute(words, nil)) == bareAddress(href)
}

func bareAddress(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, prefix := range [...]string{"https://", "http://", "mailto:", "tel:", "www."} {
		s = strings.TrimPrefix(s, prefix)
	}
	return strings.TrimSuffix(strings.ReplaceAll(s, " ", ""), "/")
}

// superscript writes digits as such, since "10²" is not "102"; other text, as in "1er", stays.
func (w *textWriter) superscript(n *html.Node) {
	const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹"
	if c := n.FirstChild; c != nil && c.NextSibling == nil && c.Type == html.TextNode && strings.Trim(c.Data, "0123456789") == "" {
		w.text(strings.Map(func(r rune) rune { return []rune(digits)[r-'0'] }, c.Data))
		return
	}
	w.children(n)
}

var (
	fileNameRE   = regexp.MustCompile(`(?i)\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?|heic|pdf)$`)
	cameraNameRE = regexp.MustCompile(`^(?i:img|dsc|dscn|pxl|image|photo|picture|capture|screenshot|visuel|logo|illustration)?[\s_-]*[0-9_\s-]*$`)
	decorativeRE = regexp.MustCompile(`^(?i:(?:image|photo|illustration|visuel|picture)?\s*(?:d[ée]corati(?:ve|f)|decoration|d[ée]coration)(?:\s+image)?)$`)
)

// imageText returns what an image's alternative text tells a reader, or "".
func imageText(alt string) string {
	alt = strings.TrimFunc(alt, unicode.IsSpace)
	if fileNameRE.MatchString(alt) || cameraNameRE.MatchString(alt) || decorativeRE.MatchString(alt) {
		return ""
	}
	return alt
}

// isOnlyChild reports whether n is the only thing its parent holds.
func isOnlyChild(n *html.Node) bool {
	for c := n.Parent.FirstChild; c != nil; c = c.NextSibling {
		if c != n && (c.Type != html.TextNode || strings.TrimSpace(c.Data) != "") {
			return false
		}
	}
	return true
}

// parentheses are escaped in an address that stands between some.
var parentheses = strings.NewReplacer("(", "%28", ")", "%29")
