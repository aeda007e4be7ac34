package markup

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	render "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// treeOf returns, built by b, the tree of the HTML that the converter would write of a document, or nil if that has to be written because somebody wrote
// HTML in the document, or no tree can be so deep. It is refused where [checkTree] would refuse it in writing.
func treeOf(b *builder, doc ast.Node, src string, source []byte, limit int) (*html.Node, error) {
	t := astReader{builder: b, src: src, source: source}
	t.children(doc)
	root, within := t.tree(), t.within(limit)
	if t.failed || t.classes && !within {
		return nil, nil
	}
	if !within {
		if err := checkBuilt(root, limit); err != nil {
			return nil, err
		}
	}
	return root, nil
}

// An astReader builds the tree of a document of goldmark's: each element, attribute and line end that its renderers write.
type astReader struct {
	*builder
	src     string
	source  []byte // the same
	start   int    // where a text begins in the source that nothing has been added to but what follows it there,
	stop    int    // and where that ends; zero: there is none
	inLink  bool
	classes bool // there were attributes that nobody looks at
	failed  bool // the document is not for us
}

// add appends a text, as [builder.add] does.
func (t *astReader) add(text string) {
	t.stop = 0
	t.builder.add(text)
}

// copy appends a part of the source. One that follows another there makes no new string.
func (t *astReader) copy(start, stop int) {
	switch {
	case start == stop:
	case t.text == "" && t.more.Len() == 0:
		t.builder.add(t.src[start:stop])
		t.start, t.stop = start, stop
	case t.stop == start:
		t.text = t.src[t.start:stop]
		t.bytes += stop - start
		t.stop = stop
	default:
		t.add(t.src[start:stop])
	}
}

func (t *astReader) children(n ast.Node) {
	for c := n.FirstChild(); c != nil && !t.failed; c = c.NextSibling() {
		t.failed = c.Attributes() != nil || t.depth > 2*maxDepth
		t.node(c)
	}
}

// element builds an element of what n holds.
func (t *astReader) element(n ast.Node, a atom.Atom, attributes ...html.Attribute) {
	t.open(a, attributes...)
	t.children(n)
	t.end()
}

// block builds an element whose tags end lines: the first too if first is a line end.
func (t *astReader) block(n ast.Node, a atom.Atom, first string, attributes ...html.Attribute) {
	t.open(a, attributes...)
	t.add(first)
	t.children(n)
	t.end()
	t.add("\n")
}

func (t *astReader) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		t.line(n)
	case *ast.String:
		t.failed = t.failed || n.IsCode() || n.IsRaw()
		t.add(resolved(n.Value))
	case *ast.Emphasis:
		a := atom.Em
		if n.Level == 2 {
			a = atom.Strong
		}
		t.element(n, a)
	case *east.Strikethrough:
		t.element(n, atom.Del)
	case *ast.CodeSpan:
		t.open(atom.Code)
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			s := c.(*ast.Text).Segment
			value := string(s.Value(t.source))
			if before, ok := strings.CutSuffix(value, "\n"); ok {
				value = before + " "
			}
			t.add(value)
		}
		t.end()
	case *ast.Link:
		t.link(n, n.Destination, n.Title)
	case *ast.AutoLink:
		t.autoLink(n)
	case *ast.Image:
		t.image(n)
	case *ast.Paragraph:
		t.block(n, atom.P, "")
	case *ast.TextBlock:
		t.children(n)
		if n.NextSibling() != nil && n.FirstChild() != nil {
			t.add("\n")
		}
	case *ast.Heading:
		t.block(n, [...]atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6}[n.Level-1], "")
	case *ast.Blockquote:
		t.block(n, atom.Blockquote, "\n")
	case *ast.List:
		switch {
		case !n.IsOrdered():
			t.block(n, atom.Ul, "\n")
		case n.Start == 1:
			t.block(n, atom.Ol, "\n")
		default:
			t.block(n, atom.Ol, "\n", html.Attribute{Key: "start", Val: strconv.Itoa(n.Start)})
		}
	case *ast.ListItem:
		first := ""
		if c := n.FirstChild(); c != nil && c.Kind() != ast.KindTextBlock {
			first = "\n"
		}
		t.block(n, atom.Li, first)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		if f, ok := n.(*ast.FencedCodeBlock); ok && f.Language(t.source) != nil {
			t.classes = true
		}
		t.open(atom.Pre)
		t.open(atom.Code)
		for i := range n.Lines().Len() {
			s := n.Lines().At(i)
			t.add(string(s.Value(t.source)))
		}
		t.end()
		t.end()
		t.add("\n")
	case *ast.ThematicBreak:
		t.single(atom.Hr)
		t.add("\n")
	case *ast.LinkReferenceDefinition:
	case *east.Table:
		t.block(n, atom.Table, "\n")
	case *east.TableHeader:
		t.open(atom.Thead)
		t.add("\n")
		t.block(n, atom.Tr, "\n")
		t.end()
		t.add("\n")
		if n.NextSibling() != nil {
			t.open(atom.Tbody)
			t.add("\n")
		}
	case *east.TableRow:
		t.block(n, atom.Tr, "\n")
		if n.NextSibling() == nil {
			t.end()
			t.add("\n")
		}
	case *east.TableCell:
		t.cell(n)
	default:
		t.failed = true // raw HTML
	}
}

// line adds a text, and the break at its end.
func (t *astReader) line(n *ast.Text) {
	s := n.Segment
	switch value := s.Value(t.source); {
	case n.IsRaw():
		t.add(string(value))
		return
	case isVerbatim(value) && len(value) == s.Len():
		t.copy(s.Start, s.Stop)
	default:
		t.add(resolved(value))
	}
	switch {
	case n.HardLineBreak():
		t.single(atom.Br)
		t.add("\n")
	case n.SoftLineBreak() && strings.HasPrefix(t.src[s.Stop:], "\n"):
		t.copy(s.Stop, s.Stop+1)
	case n.SoftLineBreak():
		t.add("\n")
	}
}

// isVerbatim reports whether Markdown text has neither escapes nor entities.
func isVerbatim(text []byte) bool {
	return bytes.IndexByte(text, '\\') < 0 && bytes.IndexByte(text, '&') < 0
}

// resolved returns Markdown text with its escapes and entities resolved, as the converter does it.
func resolved(text []byte) string {
	if isVerbatim(text) {
		return string(text)
	}
	var out bytes.Buffer
	writeResolved(&out, text)
	return html.UnescapeString(out.String())
}

func writeResolved(out *bytes.Buffer, text []byte) {
	w := bufio.NewWriter(out)
	render.DefaultWriter.Write(w, text)
	w.Flush()
}

func (t *astReader) cell(n *east.TableCell) {
	a := atom.Td
	if n.Parent().Kind() == east.KindTableHeader {
		a = atom.Th
	}
	if n.Alignment == east.AlignNone {
		t.block(n, a, "")
		return
	}
	t.block(n, a, "", html.Attribute{Key: "align", Val: n.Alignment.String()})
}
