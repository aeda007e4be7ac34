package markup

import (
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A builder makes the tree of HTML that is written here, without writing it: the tree is that which a parser would make of it.
// Its zero value is not ready for use, see [newBuilder].
type builder struct {
	root *html.Node
	at   *html.Node // the innermost element that is open
	text string     // what comes next is added to it
	more strings.Builder
	room *nodes // for the nodes to come
	used int    // of those
	size        // of the tree
}

// A size bounds what [checkTree] counts.
type size struct {
	elements, attributes, bytes int
	depth, deepest              int
}

// within reports whether HTML of that size is sure to be accepted, however it is made up.
func (s *size) within(limit int) bool {
	return s.deepest <= maxDepth && s.attributes <= maxAddresses &&
		4*s.elements+2*s.attributes+s.bytes <= maxEscaped && // both tags have two marks, and so has an attribute
		(4*s.elements+1)*(s.deepest+1) <= limit // an element is two tags, and a text after each
}

func newBuilder() *builder {
	b := &builder{}
	b.root = b.node(html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	b.at = b.root
	return b
}

// nodes are many that are allocated together, with those of the same tree that came before.
type nodes struct {
	list   [32]html.Node
	before *nodes
}

// spare are nodes of no tree.
var spare = sync.Pool{New: func() any { return new(nodes) }}

// free gives back the nodes of a tree.
func (n *nodes) free() {
	for n != nil {
		before := n.before
		*n = nodes{}
		spare.Put(n)
		n = before
	}
}

// node returns a new node.
func (b *builder) node(n html.Node) *html.Node {
	if b.room == nil || b.used == len(b.room.list) {
		room := spare.Get().(*nodes)
		room.before = b.room
		b.room, b.used = room, 0
	}
	p := &b.room.list[b.used]
	b.used++
	*p = n
	return p
}

// add appends a text to the one that ends where the tree does.
func (b *builder) add(text string) {
	b.bytes += len(text)
	switch {
	case text == "":
	case b.text == "" && b.more.Len() == 0:
		b.text = text
	default:
		if b.more.Len() == 0 {
			b.more.Grow(len(b.text) + len(text))
			b.more.WriteString(b.text)
			b.text = ""
		}
		b.more.WriteString(text)
	}
}

// endText ends the text.
func (b *builder) endText() {
	if b.more.Len() > 0 {
		b.text = b.more.String()
		b.more.Reset()
	}
	if b.text != "" {
		b.at.AppendChild(b.node(html.Node{Type: html.TextNode, Data: newlines(b.text)}))
		b.text = ""
	}
}

// open begins an element, which [builder.end] ends.
func (b *builder) open(a atom.Atom, attributes ...html.Attribute) {
	b.endText()
	n := b.node(html.Node{Type: html.ElementNode, DataAtom: a, Data: a.String(), Attr: attributes})
	b.at.AppendChild(n)
	b.at = n
	b.elements++
	b.depth++
	b.deepest = max(b.deepest, b.depth)
	for _, attribute := range attributes {
		b.attributes++
		b.bytes += len(attribute.Val)
	}
}

// end ends the innermost element.
func (b *builder) end() {
	b.endText()
	b.at = b.at.Parent
	b.depth--
}

// single adds an element that holds nothing.
func (b *builder) single(a atom.Atom, attributes ...html.Attribute) {
	b.open(a, attributes...)
	b.end()
}

// tree ends the tree and returns it.
func (b *builder) tree() *html.Node {
	b.endText()
	return b.root
}

// newlines returns what a parser of HTML makes of the carriage returns that entities have left.
func newlines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
