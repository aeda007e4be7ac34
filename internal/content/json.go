package content

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readJSON reads one JSON value that begins at from, and returns where it ends. It goes token by token, so that every value keeps
// its place.
func (s *source) readJSON(from int) (n node, end int, err error) {
	dec := json.NewDecoder(strings.NewReader(s.text[from:]))
	dec.UseNumber()
	b := &jsonBuilder{builder: builder{src: s}, dec: dec, from: from}
	n, err = b.value(0)
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = syntaxErrorf(len(s.text), RuleUnclosed, "JSON: the value that begins on line %d is not closed, want } or ]", s.line(from))
	case errors.As(err, &syntax):
		at := max(b.at, from+int(syntax.Offset)-1)
		err = syntaxErrorf(at, RuleSyntax, "JSON: %w%s", err, jsonAdvice(s.text[from:min(at+1, len(s.text))]))
	}
	return n, from + int(dec.InputOffset()), err
}

// jsonAdvice says what to do about the last character of a text, which JSON does not want there.
func jsonAdvice(text string) string {
	if text == "" {
		return ""
	}
	last := len(text) - 1
	switch c := text[last]; {
	case c == '\'':
		return `: texts and keys stand in double quotation marks, "…"`
	case (c == '}' || c == ']') && strings.HasSuffix(strings.TrimRight(text[:last], " \t\r\n"), ","):
		return ": delete the comma before it"
	case c == '/' || c == '#':
		return ": JSON has no comments"
	case c == '\n':
		return `: a line break in a text is written \n`
	case c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z':
		return `: texts and keys stand in quotation marks, "…"`
	}
	return ""
}

type jsonBuilder struct {
	builder
	dec  *json.Decoder
	from int
	at   int // where the last token begins
}

// next returns the next token and where it begins.
func (b *jsonBuilder) next() (json.Token, int, error) {
	at := b.from + int(b.dec.InputOffset())
	for at < len(b.src.text) && strings.IndexByte(" \t\r\n,:", b.src.text[at]) >= 0 {
		at++
	}
	b.at = at
	t, err := b.dec.Token()
	return t, at, err
}

func (b *jsonBuilder) value(depth int) (node, error) {
	t, at, err := b.next()
	if err != nil {
		return node{at: at}, err
	}
	return b.of(t, at, depth)
}

func (b *jsonBuilder) of(t json.Token, at, depth int) (node, error) {
	n := node{at: at}
	if err := errors.Join(b.add(1, at), b.deep(depth, at)); err != nil {
		return n, err
	}
	switch t := t.(type) {
	case nil:
	case json.Delim:
		if t == '{' {
			return n, b.object(&n, depth)
		}
		n.shape = list
		for b.dec.More() {
			item, err := b.value(depth + 1)
			if err != nil {
				return n, err
			}
			n.items = append(n.items, item)
		}
		_, _, err := b.next()
		return n, err
	default:
		n.shape, n.text = scalar, fmt.Sprint(t)
	}
	return n, nil
}

func (b *jsonBuilder) object(n *node, depth int) error {
	n.shape = mapping
	for b.dec.More() {
		k, at, err := b.next()
		if err != nil {
			return err
		}
		value, err := b.value(depth + 1)
		if err != nil {
			return err
		}
		if err := b.put(n, entry{key: fmt.Sprint(k), at: at, value: value}); err != nil {
			return err
		}
	}
	_, _, err := b.next()
	return err
}
