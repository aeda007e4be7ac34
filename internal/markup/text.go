package markup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// textToHTML returns the HTML of plain text: paragraphs, lists and links. Text of too many lines or addresses is left as it is.
func textToHTML(src string) string {
	if strings.Count(src, "\n") > maxBlocks || countAddresses(src) > maxAddresses {
		return "<pre>" + html.EscapeString(src) + "</pre>"
	}
	w := textBlocks{}
	for line := range strings.Lines(src) {
		words := strings.TrimFunc(line, unicode.IsSpace)
		item, isItem := cutBullet(words)
		long := len(words) > wrapped
		switch {
		case isNoise(words):
			w.endBlock()
		case isItem:
			w.endBlock()
			w.begin("ul", "li")
			words = item
		case w.block == "li" && (line[0] == ' ' || line[0] == '\t'):
			w.out.WriteString("\n") // the item goes on
		case w.block == "p" && !long && !w.long:
			w.out.WriteString("<br>\n")
		default:
			w.endBlock()
			w.begin("", "p")
		}
		w.long = long
		if w.block != "" {
			linkText(&w.out, words)
		}
	}
	w.endBlock()
	w.begin("", "")
	return w.out.String()
}

// wrapped is the length, in bytes, up to which lines that follow each other are lines of one paragraph, such as an
// address or a poem. Longer ones are paragraphs that nobody put a blank line between.
const wrapped = 150

// textBlocks writes the blocks of a plain text as HTML.
type textBlocks struct {
	out         strings.Builder
	list, block string // the open elements
	long        bool   // the line before was long
}

// begin opens a block in a list, or outside any.
func (w *textBlocks) begin(list, block string) {
	if w.list != list {
		if w.list != "" {
			w.out.WriteString("</" + w.list + ">\n")
		}
		if list != "" {
			w.out.WriteString("<" + list + ">\n")
		}
	}
	if block != "" {
		w.out.WriteString("<" + block + ">")
	}
	w.list, w.block = list, block
}

// endBlock closes the block, but not its list: an item may follow.
func (w *textBlocks) endBlock() {
	if w.block != "" {
		w.out.WriteString("</" + w.block + ">\n")
	}
	w.block = ""
}

// cutBullet returns what follows the bullet that line begins with.
func cutBullet(line string) (rest string, found bool) {
	r, n := utf8.DecodeRuneInString(line)
	if !strings.ContainsRune("•◦▪‣·*-–", r) || r == utf8.RuneError {
		return line, false
	}
	rest = strings.TrimLeftFunc(line[n:], unicode.IsSpace)
	return rest, rest != "" && len(rest) < len(line)-n
}

// isNoise reports whether line says nothing: it is blank, or debris of a copied page such as ", ," or "Image décorative".
func isNoise(line string) bool {
	return decorativeRE.MatchString(line) || !strings.ContainsFunc(line, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsPunct(r) && !unicode.Is(unicode.Cf, r)
	})
}

var addressRE = regexp.MustCompile(`https?://[^\s<>"«»“”]+|[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)

// linkText writes one line of text as HTML with its addresses as links.
func linkText(out *strings.Builder, line string) {
	var found [][]int
	if strings.Contains(line, "://") || strings.Contains(line, "@") {
		found = addressRE.FindAllStringIndex(line, -1)
	}
	end := 0
	for _, m := range found {
		address := trimAddress(line[m[0]:m[1]])
		href := Absolute(address, nil)
		out.WriteString(html.EscapeString(line[end:m[0]]))
		if ref := html.EscapeString(address); href != "" {
			out.WriteString(`<a href="` + html.EscapeString(href) + `">` + ref + "</a>")
		} else {
			out.WriteString(ref)
		}
		end = m[0] + len(address)
	}
	out.WriteString(html.EscapeString(line[end:]))
}

// trimAddress takes off the end of s the marks of the sentence around it.
func trimAddress(s string) string {
	open := strings.Count(s, "(") - strings.Count(s, ")")
	for {
		r, n := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(".,;:!?'’*_…]", r):
		case r == ')' && open < 0:
			open++
		default:
			return s
		}
		s = s[:len(s)-n]
	}
}
