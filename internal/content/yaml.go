package content

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// This file is the only one that knows the YAML library. It uses its nodes alone: decoding into values would lose the places and
// the spelling of dates, and its checks for duplicate keys take quadratic time.

// readYAML reads the first document of s.text[from:to].
func (s *source) readYAML(from, to int) (node, error) {
	if err := s.checkDirectives(from, to); err != nil {
		return node{}, err
	}
	var y yaml.Node
	if err := yaml.Unmarshal(s.bytes(from, to), &y); err != nil {
		return node{}, s.yamlError(err, from, to)
	}
	b := &yamlBuilder{builder: builder{src: s}, lines: s.yamlLines(from, to)}
	return b.node(&y, 0)
}

// readAllYAML reads the documents of the whole text.
func (s *source) readAllYAML() ([]node, error) {
	text, from, to := s.text, 0, len(s.text)
	if err := s.checkDirectives(from, to); err != nil {
		return nil, err
	}
	b := &yamlBuilder{builder: builder{src: s}, lines: s.yamlLines(from, to)}
	var docs []node
	for dec := yaml.NewDecoder(strings.NewReader(text)); ; {
		var y yaml.Node
		err := dec.Decode(&y)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, s.yamlError(err, from, to)
		}
		n, err := b.node(&y, 0)
		if err != nil {
			return nil, err
		}
		docs = append(docs, n)
	}
}

// maxDirectives is how many lines may begin with %: the library compares each directive with all before it.
const maxDirectives = 100

func (s *source) checkDirectives(from, to int) error {
	text := s.text[from:to]
	if strings.Count(text, "\n%") <= maxDirectives {
		return nil
	}
	return syntaxErrorf(from+strings.Index(text, "\n%")+1, RuleSize, "more than %d lines begin with %%, want none: such lines are directives of YAML", maxDirectives)
}

type yamlBuilder struct {
	builder
	lines   []int // offset of each line of the text, as YAML counts lines
	last    struct{ line, column, at int }
	size    int // bytes of the texts
	aliases int
	copied  int // bytes that aliases repeat
	anchors map[*yaml.Node]*anchored
}

// An anchored is the value of an anchor, read once for all its aliases.
type anchored struct {
	node        node
	nodes, size int  // what it counts for
	open        bool // it is being read: an alias to it would have no end
}

// yamlLines returns where the lines of s.text[from:to] begin. YAML also breaks lines at U+0085, U+2028 and U+2029.
func (s *source) yamlLines(from, to int) []int {
	text := s.text[from:to]
	lines := make([]int, 1, 1+strings.Count(text, "\n"))
	lines[0] = from
	for i := 0; i < len(text); i++ {
		if !s.rough {
			n := strings.IndexByte(text[i:], '\n')
			if n < 0 {
				break
			}
			i += n
		}
		switch c := text[i]; {
		case c == '\r' && i+1 < len(text) && text[i+1] == '\n':
			continue
		case c == '\n', c == '\r':
		case c == 0xC2 && strings.HasPrefix(text[i:], "\u0085"):
			i++
		case c == 0xE2 && (strings.HasPrefix(text[i:], "\u2028") || strings.HasPrefix(text[i:], "\u2029")):
			i += 2
		default:
			continue
		}
		lines = append(lines, from+i+1)
	}
	return lines
}

// offset finds the place of a node, which the library gives as line and column in characters. It goes on from the place it was asked
// for before where it can: a line may hold all there is.
func (b *yamlBuilder) offset(y *yaml.Node) int {
	if y.Line < 1 || y.Line > len(b.lines) {
		return b.lines[0]
	}
	if y.Line != b.last.line || y.Column < b.last.column {
		b.last.line, b.last.column, b.last.at = y.Line, 1, b.lines[y.Line-1]
	}
	for b.last.column < y.Column {
		_, size := utf8.DecodeRuneInString(b.src.text[b.last.at:])
		b.last.at += size
		b.last.column++
	}
	return b.last.at
}

func (b *yamlBuilder) node(y *yaml.Node, depth int) (n node, err error) {
	if y.Anchor == "" {
		return b.value(y, depth)
	}
	a := &anchored{nodes: -b.nodes, size: -b.size, open: true}
	if b.anchors == nil {
		b.anchors = map[*yaml.Node]*anchored{}
	}
	b.anchors[y] = a
	a.node, err = b.value(y, depth)
	a.nodes += b.nodes
	a.size += b.size
	a.open = false
	return a.node, err
}

func (b *yamlBuilder) value(y *yaml.Node, depth int) (node, error) {
	n := node{at: b.offset(y)}
	if err := errors.Join(b.add(1, n.at), b.deep(depth, n.at)); err != nil {
		return n, err
	}
	b.size += len(y.Value)
	switch y.Kind {
	case yaml.DocumentNode:
		if len(y.Content) == 0 {
			return n, nil
		}
		return b.node(y.Content[0], depth)
	case yaml.ScalarNode:
		if y.ShortTag() != "!!null" {
			n.shape, n.text = scalar, y.Value
		}
	case yaml.SequenceNode:
		n.shape = list
		n.items = make([]node, 0, len(y.Content))
		for _, c := range y.Content {
			item, err := b.node(c, depth+1)
			if err != nil {
				return n, err
			}
			n.items = append(n.items, item)
		}
	case yaml.MappingNode:
		return n, b.mapping(&n, y, depth)
	case yaml.AliasNode:
		return b.alias(y, n.at)
	}
	return n, nil
}

// alias returns what an alias stands for, and counts it as if it were written there.
func (b *yamlBuilder) alias(y *yaml.Node, at int) (node, error) {
	if b.aliases++; b.aliases > maxAliases {
		return node{}, syntaxErrorf(at, RuleAlias, "more than %d aliases (*%s), want fewer: write the values out", maxAliases, clip(y.Value, 60))
	}
	a := b.anchors[y.Alias]
	if a == nil || a.open {
		return node{}, syntaxErrorf(at, RuleAlias, "alias *%s stands inside the value it repeats: write the value out", clip(y.Value, 60))
	}
	b.size += a.size
	if b.copied += a.size; b.copied > maxCopied {
		return node{}, syntaxErrorf(at, RuleAlias, "aliases repeat more than %d bytes of text (*%s), want less: write the values out, or split the file", maxCopied, clip(y.Value, 60))
	}
	return a.node, b.add(a.nodes, at)
}

func (b *yamlBuilder) mapping(n *node, y *yaml.Node, depth int) error {
	n.shape = mapping
	n.entries = make([]entry, 0, min(len(y.Content)/2, maxKeys))
	var merged []node
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		e := entry{key: k.Value, at: b.offset(k)}
		var err error
		if e.value, err = b.node(v, depth+1); err != nil {
			return err
		}
		switch {
		case k.ShortTag() == "!!merge":
			merged = append(merged, e.value)
			continue
		case k.Kind != yaml.ScalarNode:
			return syntaxErrorf(e.at, RuleType, "a key is a list, a mapping or an alias, want a word")
		}
		if err := b.put(n, e); err != nil {
			return err
		}
	}
	for _, m := range merged {
		all := m.items
		if m.shape == mapping {
			all = []node{m}
		}
		for _, m := range all {
			for _, e := range m.entries {
				if n.entryOf(e.key) != nil {
					continue
				}
				if err := b.put(n, e); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

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
		whole := strings.ReplaceAll(clip(strings.TrimSuffix(trimmed[1:], string(c)), 60), "'", "''")
		return at, "text follows the closing quotation mark: inside '…' an apostrophe is written twice, " + key + ": '" + whole + "'"
	case strings.IndexByte("@`%*&!|>[]{},#?-", c) >= 0:
		return at, "a value that begins with " + string(c) + " needs quotation marks: " + quoted
	case strings.Contains(trimmed, ": ") || strings.HasSuffix(trimmed, ":"):
		return at + strings.IndexByte(trimmed, ':'), "a value with a colon and a space needs quotation marks: " + quoted
	case strings.Contains(message, "tab"):
		return max(0, strings.IndexByte(line, '\t')), "want spaces in the place of the tab"
	}
	return indent, ""
}
