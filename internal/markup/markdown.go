package markup

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
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
		parser.WithParagraphTransformers(util.Prioritized(paragraphGuard{}, 0)),
	),
	goldmark.WithRendererOptions(html.WithUnsafe()),
)

// markdownToHTML returns the HTML of Markdown from which the template languages have been taken out.
func markdownToHTML(src string) (string, error) {
	if err := checkLines(src); err != nil {
		return "", err
	}
	source := []byte(src)
	pc := parser.NewContext()
	doc := converter.Parser().Parse(text.NewReader(source), parser.WithContext(pc))
	if n, _ := pc.Get(scanKey).(int); n > maxScan {
		return "", fmt.Errorf("%w: marks × bytes of its paragraphs is at least %d, want at most %d", ErrTooComplex, n, maxScan)
	}
	var out strings.Builder
	if err := converter.Renderer().Render(&out, source, doc); err != nil {
		return "", fmt.Errorf("writing HTML: %w", err)
	}
	return out.String(), nil
}

var scanKey = parser.NewContextKey()

// A paragraphGuard counts what the inline parser will have to look at, once the paragraphs are known and before
// they are parsed, and empties the paragraphs once the count is over the limit.
type paragraphGuard struct{}

// Transform implements [parser.ParagraphTransformer].
func (paragraphGuard) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	var marks, size int
	for i := range lines.Len() {
		s := lines.At(i)
		marks += countMarks(reader.Source()[s.Start:s.Stop])
		size += s.Len()
	}
	n, _ := pc.Get(scanKey).(int)
	n += marks * size
	pc.Set(scanKey, n)
	if n > maxScan {
		node.SetLines(text.NewSegments())
		node.Parent().RemoveChild(node.Parent(), node)
	}
}
