package markup

import "strings"

// A tag is what a template language writes between two marks.
type tag struct{ open, close string }

// tags are taken out of a source. Longer opening marks come first.
var tags = [...]tag{
	{"{{<", ">}}"}, // Hugo
	{"{{%", "%}}"},
	{"{{", "}}"}, // Liquid
	{"{%", "%}"},
	{"{:", "}"}, // kramdown
	{"<!--", "-->"},
}

// pairs are taken out with all that is between.
var pairs = [...]tag{
	{"<style", "</style>"},
	{"<script", "</script>"},
	{"{% comment %}", "{% endcomment %}"},
}

// maxRun is the longest run of backticks that begins a code span.
const maxRun = 16

// strip takes out of src what other programs would have used up: Liquid, Hugo's shortcodes, kramdown's attribute lists, and
// also comments, styles and scripts; the links of a wiki leave their text. What stands between an opening and a closing shortcode stays.
// Markdown's code, fenced or in backticks, is left as it is.
func strip(src string, f Format) string {
	if !strings.ContainsAny(src, "{<") && !strings.Contains(src, "[[") {
		return src
	}
	s := stripper{src: src, gone: make(map[string]bool)}
	for s.pos < len(s.src) {
		if f == Markdown && s.atLineStart() && s.fence() {
			continue
		}
		s.step(f)
	}
	if s.done == 0 {
		return src
	}
	s.leaveOut(0, "")
	return s.out.String()
}

type stripper struct {
	src  string
	pos  int
	done int // what stands before is in out, or left out
	out  strings.Builder
	gone map[string]bool // closing marks that do not come any more; this keeps strip linear
}

func (s *stripper) atLineStart() bool { return s.pos == 0 || s.src[s.pos-1] == '\n' }

// leaveOut puts what stands instead of the n bytes here into the output, after all that is kept.
func (s *stripper) leaveOut(n int, instead string) {
	s.out.WriteString(s.src[s.done:s.pos])
	s.out.WriteString(instead)
	s.pos += n
	s.done = s.pos
}

// fence keeps a fenced code block, if one begins here, and reports whether it did.
func (s *stripper) fence() bool {
	line := s.line()
	mark := fenceMark(line)
	if mark == "" || mark[0] == '`' && strings.Contains(strings.TrimLeft(line, " \t>")[len(mark):], "`") {
		return false
	}
	s.pos += len(line)
	for s.pos < len(s.src) {
		line = s.line()
		s.pos += len(line)
		end := fenceMark(line)
		if strings.HasPrefix(end, mark) && strings.Trim(line, " \t>\r\n"+mark[:1]) == "" {
			break
		}
	}
	return true
}

// line returns the rest of the line, with its end.
func (s *stripper) line() string {
	rest := s.src[s.pos:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		return rest[:i+1]
	}
	return rest
}

// fenceMark returns the run of three or more backticks or tildes that line begins with.
func fenceMark(line string) string {
	line = strings.TrimLeft(line, " \t>")
	if line == "" || line[0] != '`' && line[0] != '~' {
		return ""
	}
	n := len(line) - len(strings.TrimLeft(line, line[:1]))
	if n < 3 {
		return ""
	}
	return line[:n]
}

// step keeps or leaves out what stands here: a code span, a tag, or text up to the next of these.
func (s *stripper) step(f Format) {
	switch rest := s.src[s.pos:]; rest[0] {
	case '`':
		if f == Markdown {
			s.pos += s.codeSpan()
			return
		}
	case '{', '<':
		if n := s.tag(); n > 0 {
			s.leaveOut(n, "")
			return
		}
	case '[':
		if n, text := wikiLink(rest); n > 0 && f == Markdown {
			s.leaveOut(n, text)
			return
		}
	case '\n':
		s.pos++
		return
	}
	for s.pos++; s.pos < len(s.src); s.pos++ {
		switch s.src[s.pos] {
		case '{', '<', '`', '[', '\n':
			return
		}
	}
}

// wikiLink returns the length of the link that s begins with, [[Page]] or [[Page|text]], and its text; or zero.
func wikiLink(s string) (n int, text string) {
	rest, found := strings.CutPrefix(s, "[[")
	if !found {
		return 0, ""
	}
	end := strings.IndexAny(rest, "[]\n")
	if end <= 0 || !strings.HasPrefix(rest[end:], "]]") || strings.HasPrefix(rest[end+2:], "(") {
		return 0, ""
	}
	if page, text, found := strings.Cut(rest[:end], "|"); found && page != "" && text != "" {
		return end + 4, text
	}
	return end + 4, strings.ReplaceAll(rest[:end], "_", " ")
}

// codeSpan returns the length of the code span here, or of its backticks when nothing closes them.
func (s *stripper) codeSpan() int {
	rest := s.src[s.pos:]
	n := len(rest) - len(strings.TrimLeft(rest, "`"))
	if n > maxRun || s.gone[rest[:n]] {
		return n
	}
	for i := n; i < len(rest); {
		j := strings.IndexByte(rest[i:], '`')
		if j < 0 {
			break
		}
		i += j
		end := i
		for end < len(rest) && rest[end] == '`' {
			end++
		}
		if end-i == n {
			if strings.Contains(rest[n:i], "\n\n") {
				return n
			}
			return end
		}
		i = end
	}
	s.gone[rest[:n]] = true
	return n
}

// tag returns the length of the tag here, or zero.
func (s *stripper) tag() int {
	rest := s.src[s.pos:]
	if len(rest) < 2 || strings.IndexByte("{%:#.!sS", rest[1]) < 0 {
		return 0 // as most are
	}
	for _, p := range pairs {
		if hasPrefixFold(rest, p.open) {
			if n := s.find(p.close); n > 0 {
				return n
			}
		}
	}
	for _, t := range tags {
		if strings.HasPrefix(rest, t.open) {
			return s.find(t.close)
		}
	}
	if strings.HasPrefix(rest, "{#") || strings.HasPrefix(rest, "{.") {
		// A heading's attributes, at the end of its line: "## Programme {#programme}".
		n := strings.IndexAny(rest[1:], "{}\n") + 1
		if after := strings.TrimLeft(rest[n+1:], " \t\r"); rest[n] == '}' && (after == "" || after[0] == '\n') {
			return n + 1
		}
	}
	return 0
}

// find returns where the next closing mark ends, counted from here, or zero.
func (s *stripper) find(mark string) int {
	if s.gone[mark] {
		return 0
	}
	rest := s.src[s.pos:]
	i := indexFold(rest, mark)
	if i < 0 {
		s.gone[mark] = true
		return 0
	}
	return i + len(mark)
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// indexFold is strings.Index for an ASCII mark in any case.
func indexFold(s, mark string) int {
	for i := 0; ; i++ {
		j := strings.IndexByte(s[i:], mark[0])
		if j < 0 {
			return -1
		}
		i += j
		if hasPrefixFold(s[i:], mark) {
			return i
		}
	}
}
