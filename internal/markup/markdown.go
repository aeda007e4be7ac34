package markup

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	renderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// converter writes Markdown as HTML, raw HTML included: what it writes is not safe yet.
// No typographer: French text brings its own quotes and spaces.
var converter = goldmark.New(
	goldmark.WithExtensions(
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Strikethrough,
		extension.Linkify,
	),
	goldmark.WithParserOptions(
		parser.WithParagraphTransformers(
			util.Prioritized(paragraphGuard{}, 0), // before link references and tables are looked for
			util.Prioritized(paragraphGuard{last: true}, 1000),
		),
	),
	goldmark.WithRendererOptions(renderer.WithUnsafe()),
)

// markdownTree returns the tree of the HTML of Markdown from which the template languages have been taken out, and whether it was built
// by b, of elements of ours alone. It may be so big as limit says.
func markdownTree(b *builder, src string, limit int) (root *html.Node, built bool, err error) {
	doc, source, err := parseMarkdown(src)
	if err != nil {
		return nil, false, err
	}
	if root, err := treeOf(b, doc, src, source, limit); root != nil || err != nil {
		return root, true, err
	}
	root, err = writtenTree(doc, source, limit)
	return root, false, err
}

// parseMarkdown returns Markdown as goldmark reads it, and the source that its nodes refer to.
func parseMarkdown(src string) (ast.Node, []byte, error) {
	if err := checkLines(src); err != nil {
		return nil, nil, err
	}
	source := []byte(src)
	pc := parser.NewContext()
	doc := converter.Parser().Parse(text.NewReader(source), parser.WithContext(pc))
	if n, _ := pc.Get(scanKey).(int); n > maxScan {
		return nil, nil, tooComplex("marks × bytes of paragraphs", n, maxScan)
	}
	if n := referred(doc, src); n > maxBytes {
		return nil, nil, tooComplex("bytes of the addresses and titles of links", n, maxBytes)
	}
	mend(doc, source)
	return doc, source, nil
}

// referred returns the length of what links and images refer to: what is defined once is written as often as it is referred to.
func referred(doc ast.Node, src string) int {
	n := 0
	if !strings.Contains(src, "]:") {
		return n
	}
	_ = ast.Walk(doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node := node.(type) {
		case *ast.Link:
			n += len(node.Destination) + len(node.Title)
		case *ast.Image:
			n += len(node.Destination) + len(node.Title)
		}
		return ast.WalkContinue, nil
	})
	return n
}

// writtenTree returns the tree of a document by way of HTML in writing, as people's own HTML has to be read.
func writtenTree(doc ast.Node, source []byte, limit int) (*html.Node, error) {
	var out strings.Builder
	out.Grow(len(source) + len(source)/2)
	if err := converter.Renderer().Render(&out, source, doc); err != nil {
		return nil, fmt.Errorf("writing HTML: %w", err)
	}
	return readHTML(out.String(), limit)
}

var scanKey = parser.NewContextKey()

// A paragraphGuard counts what the inline parser will have to look at, once the paragraphs are known and before
// they are parsed. It takes the paragraphs out once the count is over the limit.
type paragraphGuard struct {
	last bool // what is left is a paragraph, and not link references or a table
}

// Transform implements [parser.ParagraphTransformer].
func (g paragraphGuard) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	var marks, size, byLine int
	for i := range lines.Len() {
		s := lines.At(i)
		n := countMarks(reader.Source()[s.Start:s.Stop])
		marks, size, byLine = marks+n, size+s.Len(), byLine+n*s.Len()
	}
	n, _ := pc.Get(scanKey).(int)
	switch first := lines.At(0); {
	case g.last || bytes.HasPrefix(first.Value(reader.Source()), []byte("[")):
		n += marks * size
	default:
		n += byLine
	}
	pc.Set(scanKey, n)
	if n > maxScan {
		node.Parent().RemoveChild(node.Parent(), node)
	}
}
