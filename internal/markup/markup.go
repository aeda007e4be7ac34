package markup

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// A Format says how a text is written. The zero value is [Text].
type Format uint8

const (
	// Text is plain text: blank lines part paragraphs, bullets make lists, addresses make links.
	Text Format = iota
	// Markdown is CommonMark with GitHub's tables, strikethrough and bare addresses; raw HTML is allowed in it.
	Markdown
	// HTML is a fragment of a page's body.
	HTML
)

// String returns the format's name in lower case.
func (f Format) String() string {
	switch f {
	case Text:
		return "text"
	case Markdown:
		return "markdown"
	case HTML:
		return "html"
	}
	return "unknown"
}

// Render returns src as safe HTML in which every address is absolute: relative ones are resolved
// against base, and links that lead nowhere leave their text. A nil base leaves only what is absolute already.
//
// The error, if any, wraps [ErrTooComplex].
func Render(src string, f Format, base *url.URL) (string, error) {
	d, err := Parse(src, f, base)
	if err != nil {
		return "", err
	}
	defer d.Free()
	return d.HTML()
}

// Plain returns src as text for people: no markup, lists with bullets, links as "text (address)",
// at most one blank line in a row. No-break spaces stay.
//
// The error, if any, wraps [ErrTooComplex].
func Plain(src string, f Format, base *url.URL) (string, error) {
	d, err := Parse(src, f, base)
	if err != nil {
		return "", err
	}
	defer d.Free()
	return d.Plain(), nil
}

// clean returns s as valid UTF-8 with LF line ends and without control characters other than tab and LF.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return '\n'
		case isControl(r):
			return -1
		}
		return r
	}, s)
}

func isClean(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0x7f:
			return isCleanText(s[i:])
		case c < ' ' && c != '\n' && c != '\t':
			return false
		}
	}
	return true
}

func isCleanText(s string) bool {
	for i, r := range s {
		switch {
		case r == '\n' || r == '\t':
		case isControl(r) || r == '\u2028' || r == '\u2029':
			return false
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			return false
		}
	}
	return true
}

// isControl reports whether r is a control character, the byte order mark or no character, which have no place in a text.
func isControl(r rune) bool {
	return r < ' ' || 0x7f <= r && r < 0xa0 || r == '\ufeff' || r == '\ufffe' || r == '\uffff'
}
