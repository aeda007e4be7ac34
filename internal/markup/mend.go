package markup

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// mend corrects what a reader would not see as it was meant, though the syntax says so: the stars of an emphasis that was not closed or
// not opened are taken out, and a timetable written line by line keeps its lines.
func mend(doc ast.Node, source []byte) {
	var open *ast.Text // the star of an emphasis that begins a paragraph and is not closed in it
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindCodeSpan, ast.KindCodeBlock, ast.KindFencedCodeBlock, ast.KindHTMLBlock:
			return ast.WalkSkipChildren, nil
		case ast.KindParagraph, ast.KindTextBlock:
			keepTimes(n, source)
			open = acrossParagraphs(n, source, open)
		}
		opened := false
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok && !t.IsRaw() {
				opened = dropStars(t, source, opened)
			}
		}
		return ast.WalkContinue, nil
	})
}

// dropStars takes out of a text the stars that are left of an emphasis: two or more of them ("**Prix : ** 5 €"), but between two words
// ("2**8"), or two spaces with no emphasis to close ("3 ** 2"), and a single one next to an emphasis ("**word*"). It is told whether the
// stars that were taken out last before t were to open one, and returns whether those are after it.
func dropStars(t *ast.Text, source []byte, opened bool) bool {
	s := t.Segment.Value(source)
	if bytes.IndexByte(s, '*') < 0 {
		return opened
	}
	var out []byte
	last := 0
	for i := 0; i < len(s); {
		if s[i] == '\\' {
			i += 2
			continue
		}
		end := i
		for end < len(s) && s[end] == '*' {
			end++
		}
		if end == i {
			i++
			continue
		}
		var drop bool
		if end-i == 1 {
			drop = i == 0 && isEmphasis(t.PreviousSibling()) || end == len(s) && isEmphasis(t.NextSibling())
		} else {
			before, after := neighbours(source, t.Segment.Start+i, t.Segment.Start+end)
			apart := before == ' ' && after == ' '
			drop = !(isWord(before) && isWord(after) || apart && !opened)
			if drop {
				opened = !apart && !unicode.IsSpace(after)
			}
		}
		if drop {
			out = append(out, s[last:i]...)
			last = end
		}
		i = end
	}
	if last == 0 {
		return opened
	}
	rest := ast.NewString(append(out, s[last:]...))
	t.Parent().InsertBefore(t.Parent(), t, rest)
	t.Segment = t.Segment.WithStart(t.Segment.Stop) // the line break stays
	return opened
}

// neighbours returns the characters before and after a part of the source.
func neighbours(source []byte, start, end int) (before, after rune) {
	before, _ = utf8.DecodeLastRune(source[:start])
	after, _ = utf8.DecodeRune(source[end:])
	return before, after
}

func isEmphasis(n ast.Node) bool { return n != nil && n.Kind() == ast.KindEmphasis }

// acrossParagraphs takes out the two stars of an emphasis that was meant to reach over paragraphs, which no emphasis does. It is given
// the star that was opened before n, and returns the one that is open after it.
func acrossParagraphs(n ast.Node, source []byte, open *ast.Text) *ast.Text {
	first, ok := n.FirstChild().(*ast.Text)
	last, ok2 := n.LastChild().(*ast.Text)
	if !ok || !ok2 {
		return open
	}
	var stars int
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			stars += bytes.Count(t.Segment.Value(source), []byte("*"))
		}
	}
	if stars != 1 {
		return open
	}
	begin, end := first.Segment.Value(source), bytes.TrimRight(last.Segment.Value(source), " ")
	switch {
	case len(begin) == 1 && first.NextSibling() != nil, len(begin) > 1 && begin[0] == '*' && begin[1] != ' ':
		if begin[0] == '*' {
			return first
		}
	case open != nil && open.Parent().Parent() == n.Parent() && len(end) > 0 && end[len(end)-1] == '*':
		if !open.Segment.IsEmpty() { // as it is where an emphasis came next
			open.Segment = open.Segment.WithStart(open.Segment.Start + 1)
		}
		last.Segment = last.Segment.WithStop(last.Segment.Start + len(end) - 1)
		return nil
	}
	return open
}

// keepTimes keeps the line breaks before the times of day, or the pictures, that begin two or more lines of a paragraph: a timetable, or a
// list with bullets of its own ("📅 8 mai", "📍 La halle").
func keepTimes(n ast.Node, source []byte) {
	var breaks []*ast.Text
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok && t.SoftLineBreak() && beginsItem(source[t.Segment.Stop:]) {
			breaks = append(breaks, t)
		}
	}
	lines := n.Lines()
	if n := len(breaks); n > 1 || n == 1 && lines.Len() > 0 && beginsItem(source[lines.At(0).Start:]) {
		for _, t := range breaks {
			t.SetHardLineBreak(true)
		}
	}
}

// beginsItem reports whether the next line of text begins with a time of day or a picture.
func beginsItem(text []byte) bool {
	s := strings.TrimLeft(string(text[:min(len(text), 24)]), " \t\r\n>*_[")
	r, _ := utf8.DecodeRuneInString(s)
	return beginsWithTime(s) || unicode.Is(unicode.So, r)
}

// beginsWithTime reports whether s begins with a time of day: "9:30", "14h**", "10h15".
func beginsWithTime(s string) bool {
	i := 0
	for i < len(s) && i < 3 && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	if i == 0 || i == 3 || i == len(s) {
		return false
	}
	digit := func(j int) bool { return j < len(s) && '0' <= s[j] && s[j] <= '9' }
	switch s[i] {
	case ':':
		return digit(i+1) && digit(i+2) && !digit(i+3)
	case 'h', 'H':
		return i+1 == len(s) || digit(i+1) && digit(i+2) || strings.IndexByte(" -–:*]\n", s[i+1]) >= 0
	}
	return false
}
