package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html/atom"
)

// lineParser knows what may stand within a line, and no blocks: "1. Accueil" and "# 3" are titles as they are.
var lineParser = parser.NewParser(
	parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(parser.NewEmphasisParser(), 500),
		util.Prioritized(extension.NewStrikethroughParser(), 500),
	),
)

// Line returns a title or another short text as one line of plain text: Markdown's marks and HTML's tags are taken out, entities decoded,
// white space collapsed; no-break spaces stay. Links leave their text.
//
// A title is text first: what is not surely a mark stays ("C* et D*", "snake_case", "#2 rencontre", "étudiant*e*s", "List<T>").
// What is too complex to read stays as it is.
func Line(src string) string {
	src = clean(src)
	if !strings.ContainsAny(src, "\\`*_~[]<&{") {
		return oneLine(src)
	}
	src = strip(src, Markdown)
	if countMarks([]byte(src)) > maxLineMarks {
		return oneLine(src)
	}
	r := lineReader{source: []byte(src), script: -1}
	doc := lineParser.Parse(text.NewReader(r.source))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		r.children(n)
		r.out = append(r.out, '\n')
	}
	return oneLine(clean(string(r.out))) // entities may have held anything
}

// A lineReader reads the text out of a parsed line.
type lineReader struct {
	source []byte
	out    []byte
	script int // where in out a script or a style began, or -1
}

func (r *lineReader) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.node(c)
	}
}

func (r *lineReader) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		r.text(n.Segment.Value(r.source), n.IsRaw())
		if n.SoftLineBreak() || n.HardLineBreak() {
			r.out = append(r.out, ' ')
		}
	case *ast.String:
		r.text(n.Value, n.IsRaw())
	case *ast.CodeSpan:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				r.text(t.Segment.Value(r.source), true)
			}
		}
	case *ast.AutoLink:
		r.text(n.Label(r.source), true)
	case *ast.RawHTML:
		for i := range n.Segments.Len() {
			s := n.Segments.At(i)
			r.html(string(s.Value(r.source)))
		}
	case *ast.Emphasis:
		r.emphasis(n)
	case *east.Strikethrough:
		if n.PreviousSibling() == nil && n.NextSibling() == nil {
			r.children(n)
		}
	default: // links and images leave their text
		r.children(n)
	}
}

// text writes source text, with its escapes and entities resolved unless it is raw.
func (r *lineReader) text(b []byte, raw bool) {
	if !raw {
		b = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(b)))
	}
	r.out = append(r.out, b...)
}

// html writes what a tag stands for: nothing, a space, or itself when it is text that looks like one ("List<T>", "a <b et c> d").
func (r *lineReader) html(tag string) {
	name := strings.ToLower(strings.TrimLeft(tag, "</"))
	attributes := ""
	if i := strings.IndexFunc(name, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }); i >= 0 {
		name, attributes = name[:i], strings.Trim(name[i:], " />\n")
	}
	hasValue := strings.Contains(attributes, "=")
	switch a := atom.Lookup([]byte(name)); {
	case strings.HasPrefix(tag, "<!") || strings.HasPrefix(tag, "<?"):
	case !hasValue && (attributes != "" || !inTitles(a)):
		r.text([]byte(tag), true)
	case a == atom.Script || a == atom.Style:
		if !strings.HasPrefix(tag, "</") {
			r.script = len(r.out)
		} else if r.script >= 0 {
			r.out, r.script = r.out[:r.script], -1
		}
	case a == atom.Br || a == atom.P || a == atom.Div || a == atom.Li || a == atom.Hr:
		r.out = append(r.out, ' ')
	}
}

// inTitles reports whether an element is one that people put into titles; what else looks like a tag may be text.
func inTitles(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.B, atom.Big, atom.Br, atom.Center, atom.Cite, atom.Code, atom.Del, atom.Div, atom.Em, atom.Font,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Hr, atom.I, atom.Iframe, atom.Img, atom.Ins, atom.Kbd, atom.Li, atom.Mark,
		atom.Nobr, atom.Ol, atom.P, atom.Q, atom.S, atom.Samp, atom.Script, atom.Small, atom.Span, atom.Strike, atom.Strong, atom.Style,
		atom.Sub, atom.Sup, atom.Tt, atom.U, atom.Ul, atom.Var, atom.Wbr:
		return true
	}
	return false
}

// emphasis writes what is emphasised, and the marks too when they stand inside a word.
func (r *lineReader) emphasis(n *ast.Emphasis) {
	first, ok1 := n.FirstChild().(*ast.Text)
	last, ok2 := n.LastChild().(*ast.Text)
	if !ok1 || !ok2 || first.Segment.Start < n.Level || last.Segment.Stop+n.Level > len(r.source) {
		r.children(n)
		return
	}
	marks := string(r.source[first.Segment.Start-n.Level : first.Segment.Start])
	before, _ := utf8.DecodeLastRune(r.source[:first.Segment.Start-n.Level])
	after, _ := utf8.DecodeRune(r.source[last.Segment.Stop+n.Level:])
	if !isWord(before) || !isWord(after) {
		r.children(n)
		return
	}
	r.text([]byte(marks), true)
	r.children(n)
	r.text([]byte(marks), true)
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
