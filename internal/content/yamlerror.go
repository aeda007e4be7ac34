package content

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

var yamlMessage = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// yamlError gives an error of the library the place it lacks, and advice where the cause is a common one.
func (s *source) yamlError(err error, from, to int) error {
	line, message := 1, err.Error()
	if m := yamlMessage.FindStringSubmatch(message); m != nil {
		message = m[2]
		if m[1] != "" {
			line, _ = strconv.Atoi(m[1])
		}
	}
	starts := s.yamlLines(from, to)
	line = max(1, min(line, len(starts)))
	if len(starts)*(to-from) <= maxReread {
		line = s.firstBadLine(starts, to, line)
	}
	end := to
	if line < len(starts) {
		end = starts[line]
	}
	at, advice := yamlAdvice(s.text[starts[line-1]:end], message)
	if line > 1 && advice == "" {
		before := s.text[starts[line-2]:starts[line-1]]
		if key, value, found := strings.Cut(strings.TrimSpace(before), ":"); found && value != "" && value[0] != ' ' && !strings.ContainsAny(key, " \"'") {
			line--
			at, advice = yamlAdvice(before, message)
		}
	}
	if before := line - 2; advice == "" && before >= 0 && indent(s.text[starts[before]:]) < indent(s.text[starts[line-1]:]) {
		advice = "the line is indented more than the one above it, want it to begin below that"
	}
	if advice != "" {
		message += ": " + advice
	}
	return syntaxErrorf(starts[line-1]+at, RuleSyntax, "YAML: %s", message)
}

// maxReread is how many bytes are read once more, all in all, to find the line where YAML goes wrong.
const maxReread = 1 << 20

// firstBadLine returns the line after the longest beginning of the text that is good YAML: the library often names the line
// on which the surrounding mapping begins.
func (s *source) firstBadLine(starts []int, to, otherwise int) int {
	for n := len(starts) - 1; n > 0; n-- {
		var y yaml.Node
		if yaml.Unmarshal([]byte(s.text[starts[0]:starts[n]]), &y) == nil {
			return n + 1
		}
	}
	if to > starts[0] {
		return 1
	}
	return otherwise
}

// indent counts the spaces that a line begins with.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// yamlAdvice looks at a line that is not YAML for a common cause. It returns the offset in the line that is to blame.
func yamlAdvice(line, message string) (int, string) {
	line = strings.TrimRight(line, "\r\n")
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	if tab := strings.IndexByte(line[:indent], '\t'); tab >= 0 {
		return tab, "the line is indented with a tab, want spaces"
	}
	body := strings.TrimPrefix(line[indent:], "- ")
	indent = len(line) - len(body)
	key, value, found := strings.Cut(body, ":")
	if !found {
		return indent, "want the form key: value; a text of several lines is indented with spaces"
	}
	if len(key) > maxKey {
		return indent, fmt.Sprintf("a key of %d bytes, want at most %d", len(key), maxKey)
	}
	if value != "" && value[0] != ' ' && value[0] != '\t' {
		return indent + len(key) + 1, "want a space after the colon: " + key + ": " + clip(value, 40)
	}
	trimmed := strings.TrimSpace(value)
	at := len(line) - len(strings.TrimLeft(value, " \t"))
	if trimmed == "" {
		return indent, ""
	}
	quoted := key + ": '" + strings.ReplaceAll(clip(trimmed, 60), "'", "''") + "'"
	switch c := trimmed[0]; {
	case c == '"' || c == '\'':
		rest := strings.ReplaceAll(trimmed[1:], `\"`, "")
		if c == '\'' {
			rest = strings.ReplaceAll(rest, "''", "")
		}
		if i := strings.IndexByte(rest, c); i < 0 {
			return at, "the quotation mark that opens here is not closed; inside '…' an apostrophe is written twice"
		}
		whole := trimmed
		if inside, closes := strings.CutSuffix(trimmed[1:], string(c)); closes {
			whole = inside
		}
		whole = strings.ReplaceAll(clip(whole, 60), "'", "''")
		return at, "text follows the closing quotation mark: inside '…' an apostrophe is written twice, " + key + ": '" + whole + "'"
	case c == '[' && !strings.Contains(trimmed, "]"), c == '{' && !strings.Contains(trimmed, "}"):
		return at, "what opens with " + string(c) + " is not closed; if it is a text, it needs quotation marks: " + quoted
	case strings.HasPrefix(message, "unknown anchor"):
		return at, "no value above is marked &" + clip(trimmed[1:], 60) + ": mark it, or write the value out; if it is a text, it needs quotation marks: " + quoted
	case strings.IndexByte("@`%*&!|>[]{},#?-", c) >= 0:
		return at, "a value that begins with " + string(c) + " needs quotation marks: " + quoted
	case strings.Contains(trimmed, ": ") || strings.HasSuffix(trimmed, ":"):
		return at + strings.IndexByte(trimmed, ':'), "a value with a colon and a space needs quotation marks: " + quoted
	case strings.Contains(message, "tab"):
		return max(0, strings.IndexByte(line, '\t')), "want spaces in the place of the tab"
	}
	return indent, ""
}
