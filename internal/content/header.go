package content

import (
	"slices"
	"strings"
)

// A header is the front matter of a file and where it stands.
type header struct {
	syntax   string // "---", "+++", "{" or, without front matter, ""
	from, to int    // of what is between the delimiters
	body     int    // where the body begins
	unclosed bool
}

// header finds the front matter. Its first line is the first of the file; a space after the dashes does no harm.
func (s *source) header() header {
	first, rest := cutLine(s.text)
	fence := strings.TrimRight(first, " \t")
	switch {
	case fence == "---" || fence == "+++":
	case strings.HasPrefix(first, "{"):
		if after := strings.TrimLeft(s.text[1:], " \t\r\n"); strings.HasPrefix(after, `"`) || strings.HasPrefix(after, "}") {
			return header{syntax: "{"}
		}
		return header{}
	default:
		return header{}
	}
	h := header{syntax: fence, from: len(s.text) - len(rest), unclosed: true}
	for rest != "" {
		at := len(s.text) - len(rest)
		var line string
		line, rest = cutLine(rest)
		if line = strings.TrimRight(line, " \t"); line == fence || fence == "---" && line == "..." {
			h.to, h.body, h.unclosed = at, len(s.text)-len(rest), false
			return h
		}
	}
	return h
}

// cutLine returns the first line of text without its line break, and what follows.
func cutLine(text string) (line, rest string) {
	i := strings.IndexByte(text, '\n')
	if i < 0 {
		return strings.TrimSuffix(text, "\r"), ""
	}
	return strings.TrimSuffix(text[:i], "\r"), text[i+1:]
}

// unclosed reports front matter without its closing line: at a line that may be meant as one, else at the blank line that may be its end.
func (s *source) unclosed(h header) {
	at := 0
	for rest := s.text[h.from:]; rest != ""; {
		begin := len(s.text) - len(rest)
		var line string
		line, rest = cutLine(rest)
		mark := strings.TrimSpace(line)
		switch {
		case len(mark) > 2 && strings.Trim(mark, "-+–—=~ ") == "":
			s.fault(Error, RuleUnclosed, begin, "the front matter that begins with %s on line 1 is not closed by %q, want a line of %[1]s and nothing else", h.syntax, clip(line, 20))
			return
		case mark == "" && at == 0:
			at = begin
		}
	}
	s.fault(Error, RuleUnclosed, at, "the front matter that begins with %s on line 1 never closes, want a line %[1]s after its last key", h.syntax)
}

// second warns about front matter below the front matter: a file of text holds one record.
func (s *source) second(body int) {
	rest := s.text[body:]
	for {
		i := strings.Index(rest, "\n---\n")
		if i < 0 {
			return
		}
		rest = rest[i+len("\n---\n"):]
		key, _, found := strings.Cut(rest[:min(len(rest), 40)], ":")
		if found && slices.Contains(titleKeys[:2], strings.ToLower(key)) && strings.Contains(rest, "\n---") {
			s.fault(Warning, RuleNotRecord, len(s.text)-len(rest), "a second front matter begins here, and is published as text: a file of text holds one record, want each in a file of its own")
			return
		}
	}
}

// readHeader reads the front matter into a mapping, and returns where the body begins.
func (s *source) readHeader(h header) (root node, body int, ok bool) {
	switch {
	case h.unclosed:
		s.unclosed(h)
		return root, 0, false
	case h.to-h.from > maxHeader:
		s.fault(Error, RuleSize, h.from, "the front matter has %d bytes, want at most %d: move the text below it", h.to-h.from, maxHeader)
		return root, 0, false
	}
	var err error
	body = h.body
	switch h.syntax {
	case "---":
		root, err = s.readYAML(h.from, h.to)
	case "+++":
		root, err = s.readTOML(h.from, h.to)
	case "{":
		root, body, err = s.readJSON(0)
		_, rest := cutLine(s.text[body:])
		body = len(s.text) - len(rest)
	}
	if err != nil {
		s.syntax(err)
		return root, 0, false
	}
	switch root.shape {
	case null:
		root.shape = mapping
	case mapping:
	default:
		s.fault(Error, RuleType, root.at, "the front matter is %s, want lines of the form key: value", root.what())
		return root, 0, false
	}
	return root, body, true
}
