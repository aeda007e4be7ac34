package markup

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readHTML returns the tree of HTML that is no bigger than limit says.
func readHTML(src string, limit int) (*html.Node, error) {
	if err := checkTree(src, limit); err != nil {
		return nil, err
	}
	return parseHTML(src)
}

func parseHTML(src string) (*html.Node, error) {
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(src), root)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTooComplex, err)
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, nil
}

// tidy makes the addresses below n absolute, and leaves elements of ours only: others go, and what they hold takes their place.
// What is not for readers goes whole, and what cannot be shown elsewhere, such as a frame, is told in words.
func tidy(n *html.Node, base *url.URL) {
	var next *html.Node
	for c := n.FirstChild; c != nil; c = next {
		next = c.NextSibling
		switch {
		case c.Type == html.TextNode:
			c.Data = clean(c.Data) // entities may have held anything
			continue
		case c.Type != html.ElementNode || isHidden(c):
			n.RemoveChild(c)
			continue
		}
		tellDrawing(c)
		wasEmpty := c.FirstChild == nil
		tidy(c, base)
		tellLink(c, base, wasEmpty)
		resolve(c, base)
		tell(c, base)
		if a := standIn(c.DataAtom); a != 0 {
			c.DataAtom, c.Data = a, a.String()
		}
		switch {
		case c.Type == html.TextNode:
		case isEmpty(c):
			if !phrases[c.Data] {
				empty(c)
			}
			unwrap(c) // the space in "a<b> </b>c" stays
		case !isAllowed(c.Data) || leadsNowhere(c):
			unwrap(c)
		}
	}
}

// unwrap puts what n holds in its place.
func unwrap(n *html.Node) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	n.Parent.RemoveChild(n)
}

// isHidden reports whether an element shows nothing, or nothing that can be shown elsewhere.
func isHidden(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Title, atom.Applet, atom.Canvas,
		atom.Input, atom.Select, atom.Datalist, atom.Textarea, atom.Link, atom.Meta, atom.Base, atom.Frame, atom.Frameset, atom.Noframes, atom.Noembed:
		return true
	case atom.Button:
		return n.Parent.DataAtom != atom.A // a link that looks like a button stays
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" && a.Val != "until-found" ||
			a.Key == "style" && strings.Contains(strings.ToLower(strings.ReplaceAll(a.Val, " ", "")), "display:none") {
			return true
		}
	}
	return false
}

// isEmpty reports whether an element that should hold something holds nothing.
func isEmpty(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Img, atom.Source, atom.Track:
		return attr(n, "src") == "" && attr(n, "srcset") == ""
	case atom.Video, atom.Audio:
		return mediaAddress(n) == "" && isBlank(n)
	case atom.Br, atom.Hr, atom.Wbr, atom.Td, atom.Th:
		return false
	}
	return isBlank(n)
}

// leadsNowhere reports whether n is a link, a film or a recording without an address.
func leadsNowhere(n *html.Node) bool {
	switch n.DataAtom {
	case atom.A:
		return attr(n, "href") == ""
	case atom.Video, atom.Audio:
		return mediaAddress(n) == ""
	}
	return false
}

// mediaAddress returns the first address of a film or a recording.
func mediaAddress(n *html.Node) string {
	src := attr(n, "src")
	for c := n.FirstChild; c != nil && src == ""; c = c.NextSibling {
		if c.DataAtom == atom.Source {
			src = attr(c, "src")
		}
	}
	return src
}

// isBlank reports whether n holds nothing but white space.
func isBlank(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.TextNode || strings.TrimSpace(c.Data) != "" {
			return false
		}
	}
	return true
}

// resolve makes the addresses of n absolute, and takes away those that lead nowhere.
func resolve(n *html.Node, base *url.URL) {
	if len(n.Attr) == 0 {
		return
	}
	wake(n)
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		switch a.Key {
		case "href", "src", "cite", "poster":
			if a.Val = Absolute(a.Val, base); a.Val == "" {
				continue
			}
		case "srcset":
			if a.Val = absoluteSet(a.Val, base); a.Val == "" {
				continue
			}
		case "alt":
			a.Val = imageText(clean(a.Val))
		default:
			a.Val = clean(a.Val)
		}
		kept = append(kept, a)
	}
	n.Attr = kept
}

// wake gives an image that a script was to load its address.
func wake(n *html.Node) {
	if n.DataAtom != atom.Img && n.DataAtom != atom.Source {
		return
	}
	for _, key := range []string{"src", "srcset"} {
		later := attr(n, "data-"+key)
		if now := attr(n, key); later == "" || now != "" && !hasPrefixFold(now, "data:") {
			continue
		}
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
		n.Attr = append(n.Attr, html.Attribute{Key: key, Val: later})
	}
}

// attr returns the value of n's attribute, or "".
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}
