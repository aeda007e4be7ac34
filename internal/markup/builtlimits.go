package markup

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// checkBuilt refuses a tree that [checkTree] would refuse in writing.
func checkBuilt(root *html.Node, limit int) error {
	c := treeCounter{limit: limit}
	for n := range root.Descendants() {
		c.escaped += countEscaped(n.Data)
		if n.Type == html.ElementNode {
			c.escaped += 2 // the marks of its tag
			if !isVoid(n.DataAtom) {
				c.escaped += 2
			}
		}
		for _, a := range n.Attr {
			c.escaped += 2 + countEscaped(a.Val)
		}
	}
	if c.escaped > maxEscaped {
		return tooComplex("characters that HTML escapes", c.escaped, maxEscaped)
	}
	return c.children(root)
}

// A treeCounter counts as [checkTree] does.
type treeCounter struct{ limit, escaped, depth, sum, addresses int }

func (c *treeCounter) children(n *html.Node) error {
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if err := c.node(child); err != nil {
			return err
		}
	}
	return nil
}

func (c *treeCounter) node(n *html.Node) error {
	if n.Type == html.TextNode {
		return c.token()
	}
	alone := endsAlone(n.DataAtom)
	for _, a := range n.Attr {
		if a.Key == "href" || a.Key == "src" {
			c.addresses++
		}
	}
	if !alone {
		if c.depth++; c.depth > maxDepth {
			return tooComplex("HTML elements in one another", c.depth, maxDepth)
		}
	}
	if err := c.token(); err != nil || isVoid(n.DataAtom) {
		return err
	}
	if err := c.children(n); err != nil {
		return err
	}
	if !alone {
		c.depth--
	}
	return c.token()
}

// token counts a tag or a text.
func (c *treeCounter) token() error {
	if c.addresses > maxAddresses {
		return tooComplex("addresses", c.addresses, maxAddresses)
	}
	if c.sum += c.depth + 1; c.sum > c.limit {
		return tooComplex("tags and texts, with the elements they are in", c.sum, c.limit)
	}
	return nil
}

// isVoid reports whether an element that is built has no end tag.
func isVoid(a atom.Atom) bool { return a == atom.Br || a == atom.Hr || a == atom.Img }
