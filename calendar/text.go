package calendar

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// removed stands for a character that is taken out of every text.
const removed = -1

// next returns the first character of s as it is written, and how many bytes of s it stands for. What is not UTF-8
// becomes U+FFFD, every kind of newline becomes one, and a control character is removed.
func next(s string) (r rune, size int) {
	r, size = utf8.DecodeRuneInString(s)
	switch {
	case r == '\r':
		if strings.HasPrefix(s, "\r\n") {
			size = 2
		}
		return '\n', size
	case r == '\u2028', r == '\u2029':
		return '\n', size
	case r < ' ' && r != '\t' && r != '\n', r == 0x7f:
		return removed, size
	}
	return r, size
}

// trim takes away from both ends what parsers take away, who would read back another value.
func trim(s string) string {
	if s == "" || is(s[0], visible) && is(s[len(s)-1], visible) {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r < ' ' || r == 0x7f || r == '\ufeff' || r == '\u2028' || r == '\u2029'
	})
}

// clean returns s as text that every parser keeps as it is: of the characters that next returns, and trimmed.
func clean(s string) string { return cleaned(s, "\n") }

// cleanLine returns s cleaned and on one line: each newline becomes a space.
func cleanLine(s string) string { return cleaned(s, " ") }

func cleaned(s, newline string) string {
	s = trim(s)
	var dst []byte
	done := 0
	for i := skip(s, 0, inText); i < len(s); i = skip(s, i, inText) {
		instead := ""
		r, size := next(s[i:])
		switch r {
		case removed:
		case '\n':
			instead = newline
		default:
			instead = string(r)
		}
		if instead != s[i:i+size] {
			dst = append(append(dst, s[done:i]...), instead...)
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return s
	}
	return string(append(dst, s[done:]...))
}

// isEmpty reports whether nothing is left of s when it is cleaned.
func isEmpty(s string) bool { return s == "" || !is(s[0], visible) && trim(s) == "" }

// appendText appends s as a TEXT value (RFC 5545, section 3.3.11), cleaned, and with newline for each newline: \n, or
// in a text of one line a space.
func appendText(dst []byte, s, newline string) []byte {
	s = trim(s)
	done := 0
	for i := skip(s, 0, inText); i < len(s); i = skip(s, i, inText) {
		r, size := next(s[i:])
		dst = append(dst, s[done:i]...)
		switch r {
		case removed:
		case '\n':
			dst = append(dst, newline...)
		case '\\', ';', ',':
			dst = append(dst, '\\', byte(r))
		default:
			dst = utf8.AppendRune(dst, r)
		}
		i += size
		done = i
	}
	return append(dst, s[done:]...)
}

// skip returns the index of the first byte of s from i on that is neither of a class nor of a character beyond ASCII that
// is written as it is.
func skip(s string, i int, c class) int {
	for {
		i = past(s, i, c)
		if i+1 < len(s) && is(s[i], leadsTwo) && s[i+1]&0xc0 == 0x80 { // most often a letter with an accent
			i += 2
			continue
		}
		if i == len(s) || s[i] < utf8.RuneSelf {
			return i
		}
		r, size := next(s[i:])
		if r < utf8.RuneSelf || size == 1 {
			return i
		}
		i += size
	}
}

// lookAlikes stand for the characters that some clients do not read right in a category or a parameter, however
// they are escaped.
var lookAlikes = strings.NewReplacer(",", "\u201a", ";", "\uff1b", `\`, "\u2216", `"`, "\u201d")

// cleanCategories returns each category once, on one line and without the characters of lookAlikes, in the order
// given. It returns c itself if that is what it is.
func cleanCategories(c []string) []string {
	ok := true
	for i, s := range c {
		ok = ok && s != "" && cleanCategory(s) == s && !slices.Contains(c[:i], s)
	}
	if ok {
		return c
	}
	var list []string
	for _, s := range c {
		if s = cleanCategory(s); s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func cleanCategory(s string) string {
	if all(s, inParam) && trim(s) == s {
		return s
	}
	return lookAlikes.Replace(cleanLine(s))
}
