package feeds

import (
	"strings"
	"unicode/utf8"
)

// What each byte of a text asks of a writer. Text is first made valid UTF-8, so that
// of the bytes beyond ASCII only the two that begin a control or a noncharacter matter.
const (
	plain  = iota // copied
	escape        // replaced by what the format says
	drop          // C0 controls and DEL: no document may hold them
	cr            // line ends become LF
	lead          // 0xC2 and 0xEF: C1 controls, U+FFFE and U+FFFF
)

// An escaper writes text so that it reads back the same, without what no document may hold.
type escaper struct {
	class   [256]uint8
	replace [256]string
}

// newEscaper returns the escaper of a format from pairs of a character and what stands for it.
func newEscaper(pairs ...string) *escaper {
	var e escaper
	for c := range 0x20 {
		e.class[c] = drop
	}
	e.class[0x7F] = drop
	e.class['\t'], e.class['\n'], e.class['\r'] = plain, plain, cr
	e.class[0xC2], e.class[0xEF] = lead, lead
	for i := 0; i < len(pairs); i += 2 {
		c := pairs[i][0]
		e.class[c], e.replace[c] = escape, pairs[i+1]
	}
	return &e
}

// append appends s to dst: escaped, as valid UTF-8 (U+FFFD stands for what is not), without
// control characters and noncharacters, and with LF line ends.
func (e *escaper) append(dst []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch e.class[c] {
		case plain:
		case escape:
			dst = append(dst, s[from:i]...)
			dst = append(dst, e.replace[c]...)
			from = i + 1
		case drop:
			dst = append(dst, s[from:i]...)
			from = i + 1
		case cr:
			dst = append(dst, s[from:i]...)
			if i+1 == len(s) || s[i+1] != '\n' {
				dst = e.append(dst, "\n")
			}
			from = i + 1
		case lead:
			if n := unwanted(s[i:]); n > 0 {
				dst = append(dst, s[from:i]...)
				from = i + n
				i += n - 1
			}
		}
	}
	return append(dst, s[from:]...)
}

// unwanted returns the length of the C1 control, U+FFFE or U+FFFF at the start of s, or 0.
func unwanted(s string) int {
	switch r, n := utf8.DecodeRuneInString(s); {
	case 0x80 <= r && r <= 0x9F, r == 0xFFFE, r == 0xFFFF:
		return n
	}
	return 0
}

// line returns s as one line: without control characters and noncharacters, with one space for each
// run of ASCII blanks and line separators, and none at the ends. No-break spaces stay, since French needs them.
func line(s string) string {
	if isLine(s) {
		return s
	}
	var b strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
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
		b.WriteRune(r)
	}
	return b.String()
}

// isLine reports whether line(s) is s.
func isLine(s string) bool {
	before := ' '
	for _, r := range s {
		if r == ' ' && before == ' ' || r != ' ' && isBlank(r) || isDropped(r) {
			return false
		}
		before = r
	}
	return s == "" || before != ' ' && utf8.ValidString(s)
}

func isBlank(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

func isDropped(r rune) bool {
	return r < 0x20 || 0x7F <= r && r <= 0x9F || r == 0xFFFE || r == 0xFFFF
}

// block returns s, a text that may have several lines, without blanks at its ends.
// The escapers do the rest.
func block(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return isBlank(r) || isDropped(r) })
}
