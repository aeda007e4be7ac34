package markup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A summary that is shorter than this, in runes, goes on with the next paragraph.
const shortSummary = 60

// maxSummarised is how many bytes of a text are looked at.
const maxSummarised = 64 << 10

// linkRE matches the address that [Plain] writes after the text of a link.
var linkRE = regexp.MustCompile(`[ \n]\((?:https?://[^\s()]+|[^\s()@]+@[^\s()@]+)\)`)

// Summary returns the beginning of a text as [Plain] gives it, on one line of at most limit runes: its first paragraph that says
// something, without headings, lists, timetables and the addresses of links, and the next when that one is very short. What is longer is cut
// after a word and ends in "…". With a limit of zero or less it is empty.
func Summary(plain string, limit int) string {
	if len(plain) > maxSummarised {
		plain = strings.ToValidUTF8(plain[:maxSummarised], "")
	}
	plain = linkRE.ReplaceAllString(plain, "")
	var out string
	for para := range strings.SplitSeq(plain, "\n\n") {
		line := withoutHeading(para)
		if !saysSomething(line) {
			continue
		}
		if out != "" {
			line = out + " " + line
		}
		if out = line; utf8.RuneCountInString(out) >= shortSummary {
			break
		}
	}
	if out == "" {
		out = oneLine(plain)
	}
	return cut(out, limit)
}

// withoutHeading returns a paragraph on one line, without the heading above it and the list below it.
func withoutHeading(para string) string {
	first, rest, more := strings.Cut(strings.TrimSpace(para), "\n")
	if more && utf8.RuneCountInString(first) < shortSummary && !endsSentence(first) {
		para = rest
	}
	end := 0
	for line := range strings.Lines(para) {
		if strings.HasPrefix(line, "• ") || beginsWithTime(line) {
			para = para[:end]
			break
		}
		end += len(line)
	}
	return oneLine(para)
}

// saysSomething reports whether a paragraph is more than a label, a heading or debris.
func saysSomething(line string) bool {
	words := strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return len(words) > 10 || len(words) > 2 && endsSentence(line) && (line[0] == '(' || !strings.HasSuffix(line, ")"))
}

// endsSentence reports whether s ends as a sentence does.
func endsSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…»”)", r)
}

// oneLine returns s with its white space, but not its no-break spaces, collapsed.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, isBreak), " ")
}

// cut returns at most limit runes of s, up to the end of a word.
func cut(s string, limit int) string {
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	if limit <= 0 {
		return ""
	}
	end := limit - 1
	for end > 0 && !unicode.IsSpace(r[end]) {
		end--
	}
	if end < limit/2 {
		for end = limit - 1; end > 0 && joins(r[end]); end-- {
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
