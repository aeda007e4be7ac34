package markup

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parse returns the tree of src, in which every address is absolute and nothing is left that no reader should see.
func parse(src string, f Format, base *url.URL) (*html.Node, error) {
	if err := checkSize(src); err != nil {
		return nil, err
	}
	src = clean(src)
	switch f {
	case Markdown:
		var err error
		if src, err = markdownToHTML(strip(src, f)); err != nil {
			return nil, err
		}
	case HTML:
		src = strip(src, f)
	default:
		src = textToHTML(src)
	}
	if f != Text {
		if err := checkTree(src); err != nil {
			return nil, err
		}
	}
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(src), root)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTooComplex, err)
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	tidy(root, base)
	return root, nil
}

// tidy makes the addresses below n absolute, and takes out what is not for readers and what has become empty.
func tidy(n *html.Node, base *url.URL) {
	var next *html.Node
	for c := n.FirstChild; c != nil; c = next {
		next = c.NextSibling
		switch {
		case c.Type == html.CommentNode || c.Type == html.DoctypeNode || c.Type == html.ElementNode && isHidden(c.DataAtom):
			n.RemoveChild(c)
			continue
		case c.Type != html.ElementNode:
			continue
		}
		switch c.DataAtom {
		case atom.Button:
			if n.DataAtom != atom.A { // a link that looks like a button stays
				n.RemoveChild(c)
				continue
			}
		case atom.Iframe:
			frameToLink(c)
		case atom.Video, atom.Audio:
			c.Attr = append(c.Attr, html.Attribute{Key: "controls"})
		}
		resolve(c, base)
		tidy(c, base)
		if isEmpty(c) {
			n.RemoveChild(c)
		}
	}
}

// isHidden reports whether an element shows nothing, or nothing that can be shown elsewhere.
func isHidden(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Title, atom.Object, atom.Embed, atom.Svg, atom.Math,
		atom.Input, atom.Select, atom.Textarea, atom.Link, atom.Meta, atom.Base, atom.Frame, atom.Frameset, atom.Noframes, atom.Applet:
		return true
	}
	return false
}

// isEmpty reports whether an element that should hold something holds nothing.
func isEmpty(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Img, atom.Source, atom.Track:
		return attr(n, "src") == "" && attr(n, "srcset") == ""
	case atom.Br, atom.Hr, atom.Wbr, atom.Td, atom.Th, atom.Col, atom.Video, atom.Audio:
		return false
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.TextNode || strings.TrimSpace(c.Data) != "" {
			return false
		}
	}
	return !(n.DataAtom == atom.A && attr(n, "href") != "")
}

// frameToLink makes of a frame, which no feed reader and no calendar shows, a link to what it would show.
func frameToLink(n *html.Node) {
	src, title := strings.TrimSpace(attr(n, "src")), strings.TrimSpace(attr(n, "title"))
	if title == "" {
		title = src
	}
	for n.FirstChild != nil {
		n.RemoveChild(n.FirstChild)
	}
	n.Data, n.DataAtom = "a", atom.A
	n.Attr = []html.Attribute{{Key: "href", Val: src}}
	n.AppendChild(&html.Node{Type: html.TextNode, Data: title})
}

// resolve makes the addresses of n absolute, and takes away those that lead nowhere.
func resolve(n *html.Node, base *url.URL) {
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		switch a.Key {
		case "href", "src", "cite", "poster":
			if a.Key == "href" && strings.HasPrefix(a.Val, "#") && base == nil {
				continue
			}
			a.Val = Absolute(a.Val, base)
		case "srcset":
			a.Val = absoluteSet(a.Val, base)
		case "alt":
			a.Val = imageText(a.Val)
			kept = append(kept, a)
			continue
		default:
			kept = append(kept, a)
			continue
		}
		if a.Val != "" {
			kept = append(kept, a)
		}
	}
	n.Attr = kept
}

// widthRE matches what may follow an address in a srcset attribute.
var widthRE = regexp.MustCompile(`^(?:[0-9]+w|[0-9]+(?:\.[0-9]+)?x)?$`)

// absoluteSet returns the candidates of a srcset attribute with absolute addresses.
func absoluteSet(set string, base *url.URL) string {
	const space = " \t\n\f\r"
	var out []string
	for {
		set = strings.TrimLeft(set, space+",")
		if set == "" {
			return strings.Join(out, ", ")
		}
		ref, width := set, ""
		if i := strings.IndexAny(set, space); i >= 0 {
			ref, set = set[:i], set[i:]
		} else {
			set = ""
		}
		if bare := strings.TrimRight(ref, ","); bare != ref {
			ref = bare
		} else {
			width, set, _ = strings.Cut(set, ",")
		}
		width = strings.TrimSpace(width)
		if ref = Absolute(ref, base); ref == "" || !widthRE.MatchString(width) {
			continue
		}
		// A comma at the end of an address would end the candidate.
		ref = strings.ReplaceAll(ref, ",", "%2C")
		out = append(out, strings.TrimSpace(ref+" "+width))
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
