package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Block is a part of a text that stands on its own: a heading, a paragraph, an item of a list, a row of a table, or a rule
// across the page, which has no lines.
type Block struct {
	Heading int         // the level of a heading, 1 to 6; 0: it is none
	Depth   int         // how many lists it is in
	Item    bool        // it begins an item of a list
	Row     bool        // it is a row of a table, and Lines are its cells, empty ones too
	Head    bool        // of a row: it names the columns
	Lines   []BlockLine // never empty but for a rule
}

// A BlockLine is a line of a [Block] as plain text, as [Plain] gives it.
type BlockLine struct {
	Text string
	At   int // the byte of the source at which its first word begins; -1: unknown
}

// Outline returns the blocks of src in the order of reading. Links that are not absolute leave their text. In Markdown and
// in plain text the lines of a paragraph are its lines; in HTML they are what br parts.
//
// The error, if any, wraps [ErrTooComplex].
func Outline(src string, f Format) ([]Block, error) {
	if err := checkSize(src); err != nil {
		return nil, err
	}
	marked, places := markWords(src)
	d, err := Parse(marked, f, nil)
	if err != nil {
		return nil, err
	}
	o := outliner{places: places, soft: f != HTML}
	o.children(d.root)
	o.end()
	return o.blocks, nil
}

// An outliner makes blocks of a tree in which the first words of lines are marked.
type outliner struct {
	blocks []Block
	next   Block // what the text that comes is a block of
	text   textWriter
	places []int
	soft   bool // a line break in the source is one in the text
	depth  int
}

// end ends the block that the text so far belongs to.
func (o *outliner) end() {
	b := o.next
	b.Depth = o.depth
	for text := range strings.SplitSeq(string(o.text.out), "\n") {
		if line := o.line(text); line.Text != "" {
			b.Lines = append(b.Lines, line)
		}
	}
	o.text = textWriter{}
	if len(b.Lines) > 0 {
		o.blocks = append(o.blocks, b)
		o.next = Block{}
	}
}

// line takes the marks out of a line of text.
func (o *outliner) line(text string) BlockLine {
	l := BlockLine{At: -1}
	l.Text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < firstMark || r > lastMark {
			return r
		}
		if i := int(r - firstMark); l.At < 0 && i < len(o.places) {
			l.At = o.places[i]
		}
		return -1
	}, text))
	return l
}

func (o *outliner) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		o.node(c)
	}
}

func (o *outliner) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode && o.soft:
		for i, s := range strings.Split(n.Data, "\n") {
			if i > 0 {
				o.text.lineEnd(1)
			}
			o.text.text(s)
		}
		return
	case !hasBlock(n):
		o.text.node(n)
		return
	case !blocks[n.Data]:
		o.children(n)
		return
	}
	o.end()
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		o.next.Heading = int(n.Data[1] - '0')
	case atom.Ul, atom.Ol:
		o.depth++
		defer func() { o.depth-- }()
	case atom.Li:
		o.next.Item = true
	case atom.Hr:
		o.blocks = append(o.blocks, Block{Depth: o.depth})
	case atom.Tr:
		o.row(n)
		return
	case atom.Pre:
		o.text.quoted = true
		o.text.children(n)
	}
	if n.DataAtom != atom.Pre {
		o.children(n)
	}
	o.end()
	o.next = Block{}
}

// hasBlock reports whether n is a block, or holds one.
func hasBlock(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	if n.DataAtom == atom.Hr || blocks[n.Data] && n.DataAtom != atom.Br {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if hasBlock(c) {
			return true
		}
	}
	return false
}

func (o *outliner) row(n *html.Node) {
	b := Block{Row: true, Head: true, Depth: o.depth}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			b.Lines = append(b.Lines, o.line(oneLine(plain(c))))
			b.Head = b.Head && c.DataAtom == atom.Th
		}
	}
	if len(b.Lines) > 0 {
		o.blocks = append(o.blocks, b)
	}
}

// The marks that tell the words of the source in the tree: characters for private use, one for each place. They are no
// punctuation and no space, so that what is emphasised stays so.
const (
	firstMark = '\U000F0000'
	lastMark  = '\U000FFFFD'
)

// markWords puts a mark before the first word of each line, cell and element of src, and returns where those are. What tags,
// entities, addresses and the numbers of lists are made of stays as it is.
func markWords(src string) (marked string, places []int) {
	var out strings.Builder
	out.Grow(len(src) + len(src)/8)
	due, begun := true, false // a mark is due; the line has begun
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRuneInString(src[i:])
		skip := unmarked(src[i:], r)
		if r == '[' && !begun {
			skip = reference(src[i:])
		}
		begun = r != '\n' && (begun || r != ' ' && r != '\t')
		switch {
		case skip > 0:
			n = skip
			due = due || r == '<'
		case r == '\n' || r == '|':
			due = true
		case r >= firstMark && r <= lastMark:
			out.WriteByte(' ')
			i += n
			continue
		case due && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if number := listNumber(src[i:]); number > 0 {
				n = number
				break
			}
			due = false
			if !isAddress(src[i:]) && len(places) <= lastMark-firstMark {
				out.WriteRune(firstMark + rune(len(places)))
				places = append(places, i)
			}
		}
		out.WriteString(src[i : i+n])
		i += n
	}
	return out.String(), places
}

// unmarked returns the length of what s begins with, with r, that is no text: a tag, an entity, what template languages write.
func unmarked(s string, r rune) int {
	to := func(end string, most int) int {
		if i := strings.Index(s[:min(len(s), most)], end); i > 0 {
			return i + len(end)
		}
		return 0
	}
	switch {
	case len(s) < 2:
	case r == '<' && (s[1] == '/' || s[1] == '!' || s[1]|0x20 >= 'a' && s[1]|0x20 <= 'z'):
		return to(">", 1<<10)
	case r == '&' && s[1] != ' ':
		return to(";", 12)
	case r == '{':
		return to("}", 1<<10)
	}
	return 0
}

// reference returns the length of the line that s begins with, if it defines what a link refers to: "[1]: address".
func reference(s string) int {
	line, _, _ := strings.Cut(s, "\n")
	if strings.Contains(line, "]:") {
		return len(line)
	}
	return 0
}

// listNumber returns the length of the number that s begins with, if it is that of an item of a list.
func listNumber(s string) int {
	rest := strings.TrimLeft(s, "0123456789")
	if n := len(s) - len(rest); n > 0 && n < 10 && len(rest) > 1 && (rest[0] == '.' || rest[0] == ')') && isSpace(rest[1]) {
		return n + 1
	}
	return 0
}

// isAddress reports whether s begins with an address, which a mark before it would hide.
func isAddress(s string) bool {
	s = s[:min(len(s), 100)]
	if i := strings.IndexAny(s, " \n\t"); i >= 0 {
		s = s[:i]
	}
	return strings.Contains(s, "://") || strings.Contains(s, "@") || hasPrefixFold(s, "www.")
}
