package markup

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// ErrTooComplex is wrapped by the error for a body that would take too long or too much memory to convert. What
// counts is what the body holds, never the time it takes, so that a body is refused on every machine or on none.
// A caller that must publish something gives the same body as [Text], which is refused only for its size.
var ErrTooComplex = errors.New("too complex")

const (
	maxBytes     = 1 << 20 // of a body
	maxEscaped   = 1 << 19 // characters that HTML may have to escape, each as several
	maxBlocks    = 40_000  // lines that are not blank, and the quotes and lists that they are in
	maxAddresses = 1 << 14 // of an element, and what may be one without marks around it
	maxQuotes    = 24      // block quotes one in another
	maxIndent    = 100     // columns before the last list marker of a line: two a level
	maxCells     = 1 << 16 // columns × rows of a table: the converter fills up short rows
	maxScan      = 1 << 25 // marks × bytes of a paragraph, added up: what the inline parser may have to look at
	maxLineMarks = 200     // marks of one line: a file may hold thousands of lines
	maxDepth     = 100     // HTML elements one in another
	maxTree      = 200_000 // tags and texts, and the elements that they are in: the size of the tree and the work to build it
	maxOwnTree   = 400_000 // the same of HTML that nobody wrote, which is read once and not again
)

// checkSize refuses what is too long.
func checkSize(src string) error {
	if len(src) > maxBytes {
		return tooComplex("bytes", len(src), maxBytes)
	}
	return nil
}

// checkLines refuses Markdown that is too deep, or has too many blocks, table cells or marks in its headings.
func checkLines(src string) error {
	if n := countAddresses(src); n > maxAddresses {
		return tooComplex("addresses", n, maxAddresses)
	}
	blocks, columns, rows, scan := 0, 0, 0, 0
	for line := range strings.Lines(src) {
		if strings.TrimSpace(line) == "" {
			columns, rows = 0, 0
			continue
		}
		quotes, indent, rest := containers(line)
		if quotes > maxQuotes {
			return tooComplex("block quotes in one another", quotes, maxQuotes)
		}
		if indent > maxIndent {
			return tooComplex("columns before a list marker", indent, maxIndent)
		}
		if blocks += 1 + quotes + indent/2; blocks > maxBlocks {
			return tooComplex("lines, with the quotes and lists they are in", blocks, maxBlocks)
		}
		if isDelimiterRow(line) {
			columns = max(columns, strings.Count(line, "|")+1)
		}
		if rows++; columns*rows > maxCells {
			return tooComplex("cells of a table", columns*rows, maxCells)
		}
		if strings.HasPrefix(rest, "#") {
			if scan += countMarks([]byte(rest)) * len(rest); scan > maxScan {
				return tooComplex("marks × bytes of headings", scan, maxScan)
			}
		}
	}
	return nil
}

// tooComplex says what was counted, up to where the counting stopped.
func tooComplex(what string, count, limit int) error {
	return fmt.Errorf("%w: at least %d %s, want at most %d", ErrTooComplex, count, what, limit)
}

// containers returns how many block quotes line opens, the column of its last list marker or quote, and what follows them.
func containers(line string) (quotes, indent int, rest string) {
	column := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ':
			column++
			continue
		case c == '\t':
			column += 4 - column%4
			continue
		case c == '>':
			quotes++
			indent = column
		case '0' <= c && c <= '9':
			column++
			continue
		case c == '-' || c == '*' || c == '+' || c == '.' || c == ')':
			indent = column
		default:
			return quotes, indent, line[i:]
		}
		column++
	}
	return quotes, indent, ""
}

// isDelimiterRow reports whether line may be the second line of a table.
func isDelimiterRow(line string) bool {
	return strings.Contains(line, "|") && strings.Trim(line, "|:- \t\r\n>") == ""
}

// countMarks returns how many bytes of b make the inline parser look ahead or back.
func countMarks(b []byte) int {
	n := 0
	for _, c := range b {
		switch c {
		case '[', ']', '(', '<', '*', '_', '~', '`', '&':
			n++
		}
	}
	return n
}

// countAddresses returns how many addresses src may hold.
func countAddresses(src string) int {
	return strings.Count(src, "://") + strings.Count(src, "www.") + strings.Count(src, "@")
}

// countEscaped returns how many characters of s HTML may have to escape.
func countEscaped(s string) int {
	n := 0
	for _, c := range []string{"<", ">", "&", "'", `"`} {
		n += strings.Count(s, c)
	}
	return n
}

// checkTree refuses HTML whose tree would be too deep, or bigger than limit, or whose text would be much longer once it is written again.
func checkTree(src string, limit int) error {
	if n := countEscaped(src); n > maxEscaped {
		return tooComplex("characters that HTML escapes", n, maxEscaped)
	}
	tags := strings.Count(src, "<")
	starts := tags - strings.Count(src, "</")
	attributes := strings.Count(src, "=") + strings.Count(src, ",")
	if starts <= maxDepth && (2*tags+1)*(starts+1) <= limit && attributes <= maxAddresses {
		return nil // however they are nested
	}
	open := make(map[string]*int)
	depth, sum, addresses := 0, 0, 0
	for z := html.NewTokenizer(strings.NewReader(src)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return nil
		case html.SelfClosingTagToken:
			addresses += tagAddresses(z)
		case html.StartTagToken:
			name, _ := z.TagName()
			addresses += tagAddresses(z)
			if endsAlone(atom.Lookup(name)) {
				break
			}
			if n := open[string(name)]; n != nil {
				*n++
			} else {
				open[string(name)] = new(1)
			}
			if depth++; depth > maxDepth {
				return tooComplex("HTML elements in one another", depth, maxDepth)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if n := open[string(name)]; n != nil && *n > 0 {
				*n--
				depth--
			}
		}
		if addresses > maxAddresses {
			return tooComplex("addresses", addresses, maxAddresses)
		}
		if sum += depth + 1; sum > limit {
			return tooComplex("tags and texts, with the elements they are in", sum, limit)
		}
	}
}

// tagAddresses returns how many addresses the attributes of a tag may hold.
func tagAddresses(z *html.Tokenizer) int {
	n := 0
	for {
		key, val, more := z.TagAttr()
		switch string(key) {
		case "href", "src", "data", "cite", "poster", "data-src":
			n++
		case "srcset", "data-srcset":
			n += 1 + bytes.Count(val, []byte(","))
		}
		if !more {
			return n
		}
	}
}

// endsAlone reports whether an element has no end tag, or needs none and ends where its parent does.
func endsAlone(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta,
		atom.Param, atom.Source, atom.Track, atom.Wbr,
		atom.P, atom.Li, atom.Dt, atom.Dd, atom.Tr, atom.Td, atom.Th, atom.Thead, atom.Tbody, atom.Tfoot,
		atom.Colgroup, atom.Option, atom.Optgroup:
		return true
	}
	return false
}
