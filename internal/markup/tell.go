package markup

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// tellDrawing puts words in the place of a drawing or a formula: what lets HTML and XML stand one in the other is
// where parsers disagree most.
func tellDrawing(n *html.Node) {
	switch n.DataAtom {
	case atom.Svg:
		words := attr(n, "aria-label")
		for c := n.FirstChild; c != nil && words == ""; c = c.NextSibling {
			if c.DataAtom == atom.Title {
				words = textOf(c)
			}
		}
		becomeText(n, words)
	case atom.Math:
		words := attr(n, "alttext")
		if words == "" {
			words = textOf(n)
		}
		becomeText(n, words)
	case atom.Iframe:
		empty(n) // it is for readers without frames, and not parsed
	}
}

// tell puts words in the place of what cannot be shown elsewhere, once its addresses are absolute and what it holds is tidy.
// A frame becomes a link to what it shows, which no feed reader and no calendar does; a picture that cannot be had, its alternative text.
func tell(n *html.Node, base *url.URL) {
	switch n.DataAtom {
	case atom.Iframe, atom.Embed, atom.Object:
		if isBlank(n) {
			frameToLink(n, base)
		}
	case atom.Img:
		if isEmpty(n) {
			becomeText(n, attr(n, "alt"))
		}
	case atom.Video, atom.Audio:
		if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "controls" }) {
			n.Attr = append(n.Attr, html.Attribute{Key: "controls"})
		}
	}
}

// tellLink gives a link that was a picture its name. One that leads to a place of its own page is the mark beside a heading,
// and one that was empty is what a parser makes of misnested elements.
func tellLink(n *html.Node, base *url.URL, wasEmpty bool) {
	href := attr(n, "href")
	if n.DataAtom != atom.A || !isBlank(n) || strings.HasPrefix(href, "#") {
		return
	}
	words := name(n)
	if words == "" && !wasEmpty {
		words = shownAddress(Absolute(href, base))
	}
	if words != "" {
		empty(n)
		n.AppendChild(&html.Node{Type: html.TextNode, Data: words})
	}
}

// frameToLink makes a link of a frame or an object, or the words that it has.
func frameToLink(n *html.Node, base *url.URL) {
	ref := attr(n, "src")
	if ref == "" {
		ref = attr(n, "data")
	}
	href := Absolute(ref, base)
	words := cmp.Or(name(n), shownAddress(href))
	if href == "" {
		becomeText(n, words)
		return
	}
	empty(n)
	n.Data, n.DataAtom = "a", atom.A
	n.Attr = []html.Attribute{{Key: "href", Val: href}}
	n.AppendChild(&html.Node{Type: html.TextNode, Data: words})
}

// name returns what an element is called.
func name(n *html.Node) string {
	for _, key := range []string{"aria-label", "title"} {
		if s := strings.TrimSpace(clean(attr(n, key))); s != "" {
			return s
		}
	}
	return ""
}

// shownAddress returns an address as people write it.
func shownAddress(href string) string {
	return strings.TrimPrefix(strings.TrimPrefix(href, "mailto:"), "tel:")
}

// becomeText makes n a text.
func becomeText(n *html.Node, text string) {
	empty(n)
	n.Type, n.Data, n.DataAtom, n.Namespace, n.Attr = html.TextNode, clean(text), 0, "", nil
}

// empty takes out what n holds.
func empty(n *html.Node) {
	for n.FirstChild != nil {
		n.RemoveChild(n.FirstChild)
	}
}

// textOf returns the text below n, without the source of formulas.
func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var out strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Data != "annotation" && c.Data != "annotation-xml" && !isHidden(c) {
			out.WriteString(textOf(c))
		}
	}
	return out.String()
}
