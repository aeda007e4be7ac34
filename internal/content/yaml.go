package content

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// This file and yamlerror.go are the only ones that know the YAML library. It uses its nodes alone: decoding into values would lose the places and
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
		for _, m := range m.each() {
			if m.shape != mapping {
				b.src.fault(Warning, RuleType, m.at, "<< is %s, want an alias of a mapping; nothing is merged: write the keys out", m.what())
			}
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
