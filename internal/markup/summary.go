package markup

import (
	"strings"
	"unicode"
)

// A summary that is shorter than this, in runes, goes on with the next paragraph.
const shortSummary = 60

// Summary returns the beginning of a plain text, on one line of at most max runes: its first paragraph that says something, and the
// next when that one is very short. What is longer is cut after a word and ends in "…".
// With a max of zero or less it is empty.
func Summary(plain string, max int) string {
	var out string
	for para := range strings.SplitSeq(plain, "\n\n") {
		line := oneLine(para)
		if !saysSomething(line) {
			continue
		}
		if out != "" {
			line = out + " " + line
		}
		if out = line; len([]rune(out)) >= shortSummary {
			break
		}
	}
	if out == "" {
		out = oneLine(plain)
	}
	return cut(out, max)
}

// saysSomething reports whether a paragraph is more than a label, a heading or debris.
func saysSomething(line string) bool {
	words := strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) < 3 {
		return false
	}
	return strings.ContainsAny(line[len(line)-1:], ".!?") || strings.ContainsRune("…»”)", lastRune(line)) || len(words) > 10
}

func lastRune(s string) rune {
	r := []rune(s)
	return r[len(r)-1]
}

// oneLine returns s with its white space, but not its no-break spaces, collapsed.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, isBreak), " ")
}

// cut returns at most max runes of s, up to the end of a word.
func cut(s string, max int) string {
	r := []rune(s)
	if len(r) <= max {
		return s
	}
	if max <= 0 {
		return ""
	}
	end := max - 1
	for end > 0 && !unicode.IsSpace(r[end]) {
		end--
	}
	if end < max/2 {
		for end = max - 1; end > 0 && joins(r[end]); end-- {
		}
	}
	return strings.TrimRightFunc(string(r[:end]), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:(«–-", r)
	}) + "…"
}

// joins reports whether r belongs to the character before it.
func joins(r rune) bool {
	return unicode.Is(unicode.M, r) || r == '\u200d'
}
