package markup

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// policy lets through what an article needs, and nothing that acts, sends or changes the page around it:
// no classes, identifiers, styles, forms, frames or handlers.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "div", "span", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "aside", "header", "footer",
		"ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "figure", "figcaption", "details", "summary",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
		"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "ruby", "rb", "rp", "rt", "s", "samp",
		"small", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
		"img", "picture", "source", "audio", "video", "track")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)

	number := regexp.MustCompile(`^[0-9]{1,6}%?$`)
	word := regexp.MustCompile(`^[a-zA-Z0-9:.,/+ -]{1,100}$`)
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

// sanitise returns what is below root as safe HTML.
func sanitise(root *html.Node) (string, error) {
	var out strings.Builder
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		if err := html.Render(&out, c); err != nil {
			return "", fmt.Errorf("writing HTML: %w", err)
		}
	}
	return strings.TrimSpace(policy.Sanitize(out.String())), nil
}
