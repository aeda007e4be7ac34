package markup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// textTree returns, built by b, the tree of plain text: paragraphs, lists and links. Text of too many lines or addresses is left as it is.
func textTree(b *builder, src string) *html.Node {
	w := textBlocks{builder: b}
	if strings.Count(src, "\n") > maxBlocks || countAddresses(src) > maxAddresses {
		w.open(atom.Pre)
		w.add(strings.TrimPrefix(src, "\n")) // as of HTML in writing
		w.end()
		return w.tree()
	}
	for line := range strings.Lines(src) {
		words := strings.TrimFunc(line, unicode.IsSpace)
		item, isItem := cutBullet(words)
		long := len(words) > wrapped
		switch {
		case isNoise(words):
			w.endBlock()
		case isItem:
			w.endBlock()
			w.begin(atom.Ul, atom.Li)
			words = item
		case w.block == atom.Li && (line[0] == ' ' || line[0] == '\t'):
			w.add("\n") // the item goes on
		case w.block == atom.P && !long && !w.long:
			w.single(atom.Br)
			w.add("\n")
		default:
			w.endBlock()
			w.begin(0, atom.P)
		}
		w.long = long
		if w.block != 0 {
			w.link(words)
		}
	}
	w.endBlock()
	w.begin(0, 0)
	return w.tree()
}

// wrapped is the length, in bytes, up to which lines that follow each other are lines of one paragraph, such as an
// address or a poem. Longer ones are paragraphs that nobody put a blank line between.
const wrapped = 150

// textBlocks builds the tree of a plain text.
type textBlocks struct {
	*builder
	list, block atom.Atom // the open elements
	long        bool      // the line before was long
}

// begin opens a block in a list, or outside any.
func (w *textBlocks) begin(list, block atom.Atom) {
	if w.list != list {
		if w.list != 0 {
			w.end()
			w.add("\n")
		}
		if list != 0 {
			w.open(list)
			w.add("\n")
		}
	}
	if block != 0 {
		w.open(block)
	}
	w.list, w.block = list, block
}

// endBlock closes the block, but not its list: an item may follow.
func (w *textBlocks) endBlock() {
	if w.block != 0 {
		w.end()
		w.add("\n")
	}
	w.block = 0
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

// link adds one line of text with its addresses as links.
func (w *textBlocks) link(line string) {
	var found [][]int
	if strings.Contains(line, "://") || strings.Contains(line, "@") {
		found = addressRE.FindAllStringIndex(line, -1)
	}
	end := 0
	for _, m := range found {
		address := trimAddress(line[m[0]:m[1]])
		w.add(line[end:m[0]])
		if href := Absolute(address, nil); href != "" {
			w.open(atom.A, html.Attribute{Key: "href", Val: href})
			w.add(address)
			w.end()
		} else {
			w.add(address)
		}
		end = m[0] + len(address)
	}
	w.add(line[end:])
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
