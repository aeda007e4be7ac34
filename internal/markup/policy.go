package markup

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// elements are all that an article may hold: what it needs, and nothing that acts, sends or changes the page around it.
// Of others the content stays, see [tidy].
var (
	blocks = set("p br hr div h1 h2 h3 h4 h5 h6 section article aside header footer ul ol li dl dt dd blockquote pre " +
		"figure figcaption details summary table caption thead tbody tfoot tr td th")
	phrases = set("a abbr b bdi bdo big cite code del dfn em i ins kbd mark q ruby rb rp rt s samp small span strike strong " +
		"sub sup time tt u var wbr")
	media = set("img picture source audio video track")
)

func set(names string) map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}

func isAllowed(name string) bool { return blocks[name] || phrases[name] || media[name] }

// standIn returns an element of ours that looks like a, or zero. Without one the words of two blocks would run together.
func standIn(a atom.Atom) atom.Atom {
	switch a {
	case atom.Address, atom.Center, atom.Fieldset, atom.Form, atom.Hgroup, atom.Legend, atom.Main, atom.Nav:
		return atom.Section
	case atom.Menu, atom.Dir:
		return atom.Ul
	case atom.Listing, atom.Xmp, atom.Plaintext:
		return atom.Pre
	}
	return 0
}

// policy is the guard at the gate. It reads what was written, not the tree it was written from, and lets through these
// elements and these attributes: no classes, identifiers, styles or handlers.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	for _, m := range []map[string]bool{blocks, phrases, media} {
		p.AllowElements(slices.Sorted(maps.Keys(m))...)
	}
	p.AllowNoAttrs().OnElements("bdo", "big", "rb")
	p.AllowURLSchemes("http", "https", "webcal", "mailto", "tel", "geo")
	p.RequireParseableURLs(true)

	number := regexp.MustCompile(`^[0-9]{1,6}%?$`)
	word := regexp.MustCompile(`^[a-zA-Z0-9:.,/+ ()-]{1,200}$`)
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[a-zA-Z0-9-]{2,35}$`)).Globally()
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(?i:ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("title").Globally()
	p.AllowAttrs("href", "hreflang").OnElements("a")
	p.AllowAttrs("cite").OnElements("blockquote", "q", "del", "ins")
	p.AllowAttrs("datetime").Matching(word).OnElements("time", "del", "ins")
	p.AllowAttrs("start", "value").Matching(number).OnElements("ol", "li")
	p.AllowAttrs("reversed").OnElements("ol")
	p.AllowAttrs("colspan", "rowspan").Matching(number).OnElements("td", "th")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(?:left|right|center)$`)).OnElements("td", "th")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^(?:row|col|rowgroup|colgroup)$`)).OnElements("th")
	p.AllowAttrs("src", "srcset", "alt").OnElements("img")
	p.AllowAttrs("sizes", "media", "type").Matching(word).OnElements("img", "source")
	p.AllowAttrs("src", "srcset").OnElements("source")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img", "video")
	p.AllowAttrs("src", "controls", "loop", "muted").OnElements("audio", "video")
	p.AllowAttrs("poster").OnElements("video")
	p.AllowAttrs("src", "srclang", "label", "kind").OnElements("track")
	p.AllowAttrs("open").OnElements("details")
	return p
}

// documents are buffers that HTML was written into.
var documents = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// write returns what is below root as HTML.
func write(root *html.Node) (string, error) {
	out := documents.Get().(*bytes.Buffer)
	defer documents.Put(out)
	out.Reset()
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		if err := html.Render(out, c); err != nil {
			return "", fmt.Errorf("writing HTML: %w", err)
		}
	}
	return string(bytes.TrimSpace(out.Bytes())), nil
}

// sanitise returns HTML without what is not safe.
func sanitise(src string) string { return strings.TrimSpace(policy.Sanitize(src)) }

// maxReadings is how often HTML is read and written until that changes nothing. Twice is enough for what people write.
const maxReadings = 5

// settle is given safe HTML and returns safe HTML that stays as it is, whoever reads it and writes it again. What a parser makes of misnested elements is
// not always what it makes of its own result, and what reads otherwise the second time is how scripts get past sanitisers.
func settle(out string) (string, error) {
	for range maxReadings {
		root, err := parseHTML(out)
		if err != nil {
			return "", err
		}
		tidy(root, nil)
		again, err := write(root)
		if err != nil {
			return "", err
		}
		if again != out {
			again = sanitise(again)
		}
		if again == out {
			return out, nil
		}
		out = again
	}
	return "", fmt.Errorf("%w: elements nested so that they read otherwise each time", ErrTooComplex)
}

// isPlain reports whether below n is nothing but what people write in Markdown, of which the guard takes nothing away: elements without
// attributes, or with those that are listed here and values that it does not look at or lets stay.
func isPlain(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			continue
		case c.Type != html.ElementNode || !isPlainElement(c) || !isPlain(c):
			return false
		}
	}
	return true
}

func isPlainElement(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Br, atom.Em, atom.Strong, atom.Del, atom.Code, atom.Pre, atom.Hr, atom.Ul, atom.Li, atom.Blockquote,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Thead, atom.Tbody, atom.Tr:
		return len(n.Attr) == 0
	case atom.A, atom.Img:
		address := false
		for _, a := range n.Attr {
			switch a.Key {
			case "href", "src":
				address = isSettled(a.Val)
			case "title", "alt":
			default:
				return false
			}
		}
		return address
	case atom.Ol:
		for _, a := range n.Attr {
			if a.Key != "start" || len(a.Val) > 6 {
				return false
			}
		}
		return true
	case atom.Td, atom.Th:
		for _, a := range n.Attr {
			if a.Key != "align" {
				return false
			}
		}
		return true
	}
	return false
}

// isSettled reports whether the guard lets an address stay as it is.
func isSettled(address string) bool {
	if isAbsolute(address) {
		return true
	}
	u, err := url.Parse(address)
	if err != nil || u.String() != address || strings.ContainsAny(address, " \t\n") {
		return false
	}
	switch u.Scheme {
	case "http", "https", "webcal", "mailto", "tel", "geo":
		return true
	}
	return false
}
