package feeds

import (
	"cmp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What each byte of a text asks of an escaper.
const (
	plain    = iota // copied
	two             // begins a character of two bytes that is copied
	three           // begins a character of three bytes that is copied
	escape          // replaced by what the format says
	sequence        // likewise, if it begins the sequence
	drop            // C0 controls and DEL: no document may hold them
	cr              // line ends become LF
	high            // begins what may not be UTF-8, or is a control or a noncharacter
)

// An escaper writes text so that it reads back the same, without what no document may hold.
type escaper struct {
	class    [256]uint8
	replace  [256]string
	sequence string // of several characters; empty: none
}

// newEscaper returns the escaper of a format from pairs of a character, or of several, and what stands for it.
func newEscaper(pairs ...string) *escaper {
	var e escaper
	for c := range 256 {
		switch {
		case c == '\r':
			e.class[c] = cr
		case c < ' ' && c != '\t' && c != '\n', c == 0x7F:
			e.class[c] = drop
		case 0xC3 <= c && c <= 0xDF: // C2 begins C1 controls
			e.class[c] = two
		case 0xE1 <= c && c <= 0xEE && c != 0xED: // ED begins surrogates, EF noncharacters
			e.class[c] = three
		case c >= utf8.RuneSelf:
			e.class[c] = high
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		c := pairs[i][0]
		e.class[c], e.replace[c] = escape, pairs[i+1]
		if len(pairs[i]) > 1 {
			e.class[c], e.sequence = sequence, pairs[i]
		}
	}
	return &e
}

// append appends s to dst: escaped, as valid UTF-8 (U+FFFD stands for each byte that is not), without
// control characters and noncharacters, and with LF line ends.
func (e *escaper) append(dst []byte, s string) []byte {
	start, from, i := len(dst), 0, 0
	dropped := false
	class := &e.class
	for {
		for i+4 <= len(s) && class[s[i]]|class[s[i+1]]|class[s[i+2]]|class[s[i+3]] == plain {
			i += 4
		}
		for i < len(s) && class[s[i]] == plain {
			i++
		}
		if i == len(s) {
			break
		}
		n, replacement := 1, ""
		switch class[s[i]] {
		case two:
			if i+1 < len(s) && isTail(s[i+1]) {
				i += 2
				continue
			}
			replacement = "\uFFFD"
		case three:
			if i+2 < len(s) && isTail(s[i+1]) && isTail(s[i+2]) {
				i += 3
				continue
			}
			replacement = "\uFFFD"
		case drop:
			dropped = true
		case escape:
			replacement = e.replace[s[i]]
		case sequence:
			if !strings.HasPrefix(s[i:], e.sequence) {
				i++
				continue
			}
			n, replacement = len(e.sequence), e.replace[s[i]]
		case cr:
			if i+1 == len(s) || s[i+1] != '\n' {
				replacement = cmp.Or(e.replace['\n'], "\n")
			}
		case high:
			var r rune
			r, n = utf8.DecodeRuneInString(s[i:])
			switch {
			case r == utf8.RuneError && n == 1:
				replacement = "\uFFFD"
			case isDropped(r):
				dropped = true
			default:
				i += n
				continue
			}
		}
		dst = append(dst, s[from:i]...)
		dst = append(dst, replacement...)
		i += n
		from = i
	}
	dst = append(dst, s[from:]...)
	if dropped && e.sequence != "" { // which what was dropped may have parted
		text := string(dst[start:])
		dst = append(dst[:start], strings.ReplaceAll(text, e.sequence, e.replace[e.sequence[0]])...)
	}
	return dst
}

// isTail reports whether c continues a character in UTF-8.
func isTail(c byte) bool { return c&0xC0 == 0x80 }

// line returns s as one line: without control characters and noncharacters, with one space for each
// run of ASCII blanks and line separators, and no white space at the ends. No-break spaces stay between words, since French
// needs them.
func line(s string) string {
	s = block(s)
	if isLine(s) {
		return s
	}
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case isBlank(r):
			space = b.Len() > 0
			continue
		case isDropped(r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r) // U+FFFD for a byte that is not UTF-8
	}
	return b.String()
}

// isLine reports whether line(s) is s, which has no white space at its ends.
func isLine(s string) bool {
	ascii := 0
	for ascii < len(s) && (' ' < s[ascii] && s[ascii] < 0x7F || s[ascii] == ' ' && ascii > 0 && s[ascii-1] != ' ') {
		ascii++
	}
	if ascii == len(s) {
		return true
	}
	before := rune(0)
	for _, r := range s {
		if r == ' ' && before == ' ' || r != ' ' && isBlank(r) || isDropped(r) {
			return false
		}
		before = r
	}
	return utf8.ValidString(s)
}

func isBlank(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// isDropped reports whether r is a control character or a noncharacter (The Unicode Standard, section 23.7).
func isDropped(r rune) bool {
	return r < 0x20 || 0x7F <= r && r <= 0x9F || r&0xFFFE == 0xFFFE || 0xFDD0 <= r && r <= 0xFDEF
}

// block returns s, a text that may have several lines, without the white space at its ends, which some readers take away
// and others do not. The escapers do the rest.
func block(s string) string {
	if s == "" || isVisible(s[0]) && isVisible(s[len(s)-1]) {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == 0xFEFF || isDropped(r) })
}

func isVisible(c byte) bool { return ' ' < c && c < 0x7F }

// appendUTC appends t in UTC, in the form of RFC 3339. The year is one of four digits.
func appendUTC(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	two := func(n int, after byte) { dst = append(dst, byte('0'+n/10), byte('0'+n%10), after) }
	dst = append(dst, byte('0'+year/1000), byte('0'+year/100%10))
	two(year%100, '-')
	two(int(month), '-')
	two(day, 'T')
	two(hour, ':')
	two(minute, ':')
	two(second, 'Z')
	return dst
}
