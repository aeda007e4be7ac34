package contentline

import (
	"errors"
	"fmt"
	"iter"
	"strings"
)

// A Line is one content line, unfolded.
type Line struct {
	Number int    // of the physical line on which it begins, from 1
	Offset int    // of its first byte in the document
	Name   string // upper case
	Params []Param
	Value  string // as written, with its escapes
	Plain  bool   // Value is a TEXT that has none any more
	Text   string // the whole line; Value is its end
}

// A Param is a parameter of a line (RFC 5545, section 3.2).
type Param struct {
	Name   string   // upper case
	Values []string // without quotes, escapes of RFC 6868 decoded
	Quoted bool     // whether the first value was in quotes
	Index  int      // of its name in the Text of the line
}

// Param returns the first value of a parameter, whose name is given in upper case, or "" if there is none.
func (l *Line) Param(name string) string {
	for i := range l.Params {
		if l.Params[i].Name == name {
			return l.Params[i].Values[0]
		}
	}
	return ""
}

// Lines iterates over the content lines of a document. A byte order mark and empty lines are left out.
//
// A line that cannot be read comes with an [*Error], and with its Number, Offset and Text only; the iteration goes on.
func Lines(data []byte) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		doc := string(data) // the lines are parts of it
		at := 0
		if strings.HasPrefix(doc, "\ufeff") {
			at = len("\ufeff")
		}
		for number := 1; at < len(doc); {
			line := Line{Number: number, Offset: at}
			line.Text, at, number = unfold(doc, at, number)
			if line.Text == "" {
				continue
			}
			if err := line.parse(); err != nil {
				bare := Line{Number: line.Number, Offset: line.Offset, Text: line.Text}
				if !yield(bare, &Error{line.Number, line.Name, err.Error()}) {
					return
				}
			} else if !yield(line, nil) {
				return
			}
		}
	}
}

// unfold returns the content line that begins at an offset, and the offset and number of the physical line after it.
func unfold(doc string, at, number int) (string, int, int) {
	first, at := physical(doc, at)
	number++
	if at >= len(doc) || !isBlank(doc[at]) || first == "" {
		return first, at, number
	}
	var b strings.Builder
	b.WriteString(first)
	for at < len(doc) && isBlank(doc[at]) {
		var more string
		more, at = physical(doc, at)
		number++
		b.WriteString(more[min(1, len(more)):])
	}
	return b.String(), at, number
}

// physical returns the physical line that begins at an offset, without its line break, and the offset after it.
func physical(doc string, at int) (string, int) {
	n := strings.IndexByte(doc[at:], '\n')
	if n < 0 {
		return doc[at:], len(doc)
	}
	return strings.TrimSuffix(doc[at:at+n], "\r"), at + n + 1
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// parse sets the Name, Params and Value of a line from its Text.
func (l *Line) parse() error {
	n := nameLength(l.Text)
	if n == len(l.Text) {
		return fmt.Errorf("%q is no content line, want a colon after the name", cut(l.Text))
	}
	if n == 0 || l.Text[n] != ':' && l.Text[n] != ';' {
		return fmt.Errorf("%q in the name of a property, want letters, digits and hyphens", first(l.Text[n:]))
	}
	l.Name = strings.ToUpper(l.Text[:n])
	for l.Text[n] == ';' {
		p, next, err := parseParam(l.Text, n+1)
		if err != nil {
			return err
		}
		l.Params = append(l.Params, p)
		n = next
	}
	l.Value = l.Text[n+1:]
	return nil
}

// errNoValue is the reason of all lines that end before their value.
var errNoValue = errors.New("the line ends within its parameters, want a colon before the value")

// parseParam reads the parameter at index i of a line, and returns the index of the separator after it.
func parseParam(text string, i int) (Param, int, error) {
	p := Param{Index: i}
	i += nameLength(text[i:])
	if i == len(text) {
		return p, i, errNoValue
	}
	p.Name = strings.ToUpper(text[p.Index:i])
	if p.Name == "" || text[i] != '=' {
		return p, i, fmt.Errorf("%q in the name of a parameter, want name=value", first(text[i:]))
	}
	for more := true; more; {
		i++ // = or ,
		var value string
		end := 0
		if i < len(text) && text[i] == '"' {
			end = strings.IndexByte(text[i+1:], '"')
			if end < 0 {
				return p, i, fmt.Errorf("a quotation mark of parameter %s is not closed", p.Name)
			}
			value, i = text[i+1:i+1+end], i+end+2
			p.Quoted = p.Quoted || len(p.Values) == 0
		} else {
			end = strings.IndexAny(text[i:], ":;,")
			if end < 0 {
				return p, i, errNoValue
			}
			value, i = text[i:i+end], i+end
		}
		p.Values = append(p.Values, DecodeParam(value))
		if i == len(text) {
			return p, i, errNoValue
		}
		switch text[i] {
		case ',':
		case ';', ':':
			more = false
		default:
			return p, i, fmt.Errorf("%q after a quoted value of parameter %s, want a comma, semicolon or colon", first(text[i:]), p.Name)
		}
	}
	return p, i, nil
}

// nameLength returns the length of the name at the beginning of s: letters, digits and hyphens.
func nameLength(s string) int {
	for i := range len(s) {
		c := s[i] | 0x20
		if !('a' <= c && c <= 'z' || '0' <= s[i] && s[i] <= '9' || s[i] == '-') {
			return i
		}
	}
	return len(s)
}

// caretEscapes are the escapes in parameters (RFC 6868).
var caretEscapes = strings.NewReplacer("^n", "\n", "^^", "^", "^'", `"`)

// DecodeParam returns s, a value of a parameter, without its escapes.
func DecodeParam(s string) string {
	if strings.IndexByte(s, '^') < 0 {
		return s
	}
	return caretEscapes.Replace(s)
}

// cut returns the beginning of s, as much as a message can hold.
func cut(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	for i := range s {
		if i > most {
			return s[:i] + "…"
		}
	}
	return s
}

// first returns the first rune of s.
func first(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}
