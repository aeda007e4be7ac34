package markup

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func (t *astReader) link(n ast.Node, destination, title []byte) {
	t.failed = t.failed || t.inLink // no parser puts one into another
	t.inLink = true
	t.element(n, atom.A, withTitle(title, html.Attribute{Key: "href", Val: newlines(string(util.URLEscape(destination, true)))})...)
	t.inLink = false
}

func withTitle(title []byte, attributes ...html.Attribute) []html.Attribute {
	if title == nil {
		return attributes
	}
	return append(attributes, html.Attribute{Key: "title", Val: newlines(resolved(title))})
}

func (t *astReader) autoLink(n *ast.AutoLink) {
	t.failed = t.failed || t.inLink
	href := string(util.URLEscape(n.URL(t.source), false))
	if n.AutoLinkType == ast.AutoLinkEmail && !hasPrefixFold(href, "mailto:") {
		href = "mailto:" + href
	}
	t.open(atom.A, html.Attribute{Key: "href", Val: href})
	t.add(string(n.Label(t.source)))
	t.end()
}

func (t *astReader) image(n *ast.Image) {
	var alt bytes.Buffer
	t.texts(&alt, n)
	t.single(atom.Img, withTitle(n.Title, html.Attribute{Key: "src", Val: newlines(string(util.URLEscape(n.Destination, true)))},
		html.Attribute{Key: "alt", Val: newlines(alt.String())})...)
}

// texts adds the alternative text of an image: the texts in it.
func (t *astReader) texts(out *bytes.Buffer, n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.String:
			out.WriteString(resolved(c.Value))
		case *ast.Text:
			s := c.Segment
			if c.IsRaw() {
				out.Write(s.Value(t.source))
				continue
			}
			out.WriteString(resolved(s.Value(t.source)))
			switch {
			case c.HardLineBreak():
				out.WriteString("<br>\n") // as the converter has it
			case c.SoftLineBreak():
				out.WriteByte('\n')
			}
		default:
			t.texts(out, c)
		}
	}
}
