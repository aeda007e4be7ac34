package calendar

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean returns s as text that every parser keeps as it is: valid UTF-8 (what is not becomes U+FFFD), no
// control characters but tab and newline, one kind of newline, no white space around it.
func clean(s string) string {
	if s != "" && !(isVisible(s[0]) && isVisible(s[len(s)-1])) {
		s = strings.TrimFunc(s, trimmed)
	}
	if isClean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	cr := false
	for _, r := range s {
		switch {
		case r == '\n' && cr: // the CR before it was the newline
		case r == '\r', r == '\u2028', r == '\u2029':
			b.WriteByte('\n')
		case !removed(r):
			b.WriteRune(r)
		}
		cr = r == '\r'
	}
	return b.String()
}

// cleanLine returns s cleaned and on one line: each newline becomes a space.
func cleanLine(s string) string {
	return strings.ReplaceAll(clean(s), "\n", " ")
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

func cleanCategory(s string) string { return lookAlikes.Replace(cleanLine(s)) }

// isClean reports whether nothing inside s is to be replaced.
func isClean(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' && c != '\n' || c == 0x7f {
			return false
		}
	}
	return utf8.ValidString(s) && !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029")
}

// isVisible reports whether c is a visible character of ASCII, which is most often so at the ends of a text.
func isVisible(c byte) bool { return ' ' < c && c < 0x7f }

// removed reports whether r is a control character that is taken out of every text.
func removed(r rune) bool { return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0x7f }

// trimmed reports whether r is taken away from both ends of every text: parsers do, and read back another value.
func trimmed(r rune) bool {
	return unicode.IsSpace(r) || removed(r) || r == '\ufeff' || r == '\u2028' || r == '\u2029'
}
