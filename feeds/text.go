package feeds

import (
	"cmp"
	"math/bits"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What a byte of a text asks of an escaper, where it stops.
const (
	plain    = iota // copied
	escape          // replaced by what the format says
	sequence        // likewise, if it begins the sequence
	drop            // C0 controls and DEL: no document may hold them
	cr              // line ends become LF
	high            // part of a character of several bytes, or not UTF-8
)

// An escaper writes text so that it reads back the same, without what no document may hold.
type escaper struct {
	class    [256]uint8
	lanes    [8][256]uint32 // see append
	replace  [256]octets
	sequence string // of several characters; empty: none
}

// Octets are a text of at most eight bytes, which is copied as one number is.
type octets struct {
	bytes [8]byte
	n     int
}

func newOctets(s string) (r octets) {
	r.n = copy(r.bytes[:], s)
	return r
}

var (
	lineFeed    = newOctets("\n")
	replacement = newOctets("\uFFFD")
)

// newEscaper returns the escaper of a format from pairs of a character, or of several, and what stands for it.
func newEscaper(pairs ...string) *escaper {
	e := new(escaper)
	for c := range 256 {
		switch {
		case c == '\r':
			e.class[c] = cr
		case c < ' ' && c != '\t' && c != '\n', c == 0x7F:
			e.class[c] = drop
		case c >= utf8.RuneSelf:
			e.class[c] = high
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		c := pairs[i][0]
		e.class[c], e.replace[c] = escape, newOctets(pairs[i+1])
		if len(pairs[i]) > 1 {
			e.class[c], e.sequence = sequence, pairs[i]
		}
	}
	for c, class := range e.class {
		asks := uint32(stop)
		switch {
		case class == plain:
			asks = 0
		case 0x80 <= c && c <= 0xBF:
			asks = tail
		case 0xC3 <= c && c <= 0xDF: // C2 begins C1 controls
			asks = tail << 1
		case 0xE1 <= c && c <= 0xEE && c != 0xED: // ED begins surrogates, EF noncharacters
			asks = tail<<1 | tail<<2
		}
		for i := range e.lanes {
			e.lanes[i][c] = asks << i
		}
	}
	return e
}

// The bits of a byte in the first of the lanes; in the others they are further up by the place of the lane.
const (
	stop = 1 << 0 // the byte is not to be copied without a look
	tail = 1 << 8 // the byte continues a character; the bits above: the bytes after it have to
)

// append appends s to dst: escaped, as valid UTF-8 (U+FFFD stands for each byte that is not), without
// control characters and noncharacters, and with LF line ends.
//
// It takes eight bytes at a time, without a branch for each: where a byte has to continue a character, the lanes have one bit
// for that, and one if it does, and exclusive or cancels the two. What is left is a byte to stop at, one that should
// continue a character and does not, or one that does and should not.
func (e *escaper) append(dst []byte, s string) []byte {
	start, from, i := len(dst), 0, 0
	dropped := false
	for {
		for asked := uint32(0); i+8 <= len(s); i += 8 {
			p := s[i : i+8]
			asked ^= e.lanes[0][p[0]] ^ e.lanes[1][p[1]] ^ e.lanes[2][p[2]] ^ e.lanes[3][p[3]] ^
				e.lanes[4][p[4]] ^ e.lanes[5][p[5]] ^ e.lanes[6][p[6]] ^ e.lanes[7][p[7]]
			if asked&0xFFFF != 0 {
				i += bits.TrailingZeros32(asked|asked>>8) & 7
				break
			}
			asked >>= 8 // of the next eight
		}
		if i > from && s[i-1] >= utf8.RuneSelf {
			if r, n := utf8.DecodeLastRuneInString(s[from:i]); r == utf8.RuneError && n == 1 { // the first part of a character
				for i--; isTail(s[i]); i-- {
				}
			}
		}
		for i < len(s) && e.class[s[i]] == plain {
			i++
		}
		if i == len(s) {
			break
		}
		n, with := 1, e.replace[s[i]]
		if e.class[s[i]] != escape {
			var same bool
			if n, with, same = e.look(s[i:]); same {
				i += n
				continue
			}
			dropped = dropped || with.n == 0
		}
		dst = append(dst, s[from:i]...)
		dst = append(dst, with.bytes[:]...)[:len(dst)+with.n]
		i += n
		from = i
	}
	dst = append(dst, s[from:]...)
	if dropped && e.sequence != "" { // which what was dropped may have parted
		with := e.replace[e.sequence[0]]
		text := string(dst[start:])
		dst = append(dst[:start], strings.ReplaceAll(text, e.sequence, string(with.bytes[:with.n]))...)
	}
	return dst
}

// look returns what stands for the first n bytes of s, or that they stay the same.
func (e *escaper) look(s string) (n int, with octets, same bool) {
	switch e.class[s[0]] {
	case sequence:
		if !strings.HasPrefix(s, e.sequence) {
			return 1, with, true
		}
		return len(e.sequence), e.replace[s[0]], false
	case cr:
		if len(s) > 1 && s[1] == '\n' {
			return 1, with, false
		}
		return 1, cmp.Or(e.replace['\n'], lineFeed), false
	case high:
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			return 1, replacement, false
		}
		return n, with, !isDropped(r)
	}
	return 1, with, false
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
	date := [len("2006-01-02T15:04:05Z")]byte{4: '-', 7: '-', 10: 'T', 13: ':', 16: ':', 19: 'Z'}
	for _, part := range [...]struct{ at, n int }{{0, year / 100}, {2, year % 100}, {5, int(month)}, {8, day}, {11, hour}, {14, minute}, {17, second}} {
		date[part.at], date[part.at+1] = byte('0'+part.n/10), byte('0'+part.n%10)
	}
	return append(dst, date[:]...)
}
