package content

import (
	"fmt"
	"slices"
	"strings"
)

// A shape is the kind of a node.
type shape uint8

const (
	null shape = iota
	scalar
	list
	mapping
)

// A node is one value of a header, whatever language the header is written in. Nodes are not changed once they are read.
type node struct {
	shape   shape
	text    string // of a scalar: as written, without quotes and escapes
	at      int    // offset in the source
	items   []node
	entries []entry
	index   map[string]int // of the entries by their key as written, where there are many
	names   uint64         // the bits of the entries' names, see bit
}

// An entry is a key of a mapping and its value.
type entry struct {
	name  string // the key in lower case, without spaces around it
	key   string // as written
	at    int    // of the key
	value node
}

// empty reports whether nobody wrote anything here: null, "", the text "null", a list or mapping without entries.
func (n *node) empty() bool {
	if n == nil {
		return true
	}
	switch n.shape {
	case scalar:
		text := strings.TrimSpace(n.text)
		return text == "" || text == "null"
	case list:
		for i := range n.items {
			if !n.items[i].empty() {
				return false
			}
		}
	case mapping:
		return len(n.entries) == 0
	}
	return true
}

// get returns the value of a key, or of a key in the values of keys ("a.b"), or nil. In a list it looks into the first mapping.
func (n *node) get(path string) *node {
	e := n.entry(path)
	if e == nil {
		return nil
	}
	return &e.value
}

func (n *node) entry(path string) *entry {
	if n != nil && n.shape == list {
		i := slices.IndexFunc(n.items, func(item node) bool { return item.shape == mapping })
		if i < 0 {
			return nil
		}
		n = &n.items[i]
	}
	if n == nil || n.names&bit(path) == 0 {
		return nil
	}
	name, rest := path, ""
	if i := strings.IndexByte(path, '.'); i >= 0 {
		name, rest = path[:i], path[i+1:]
	}
	e := n.own(name)
	if e != nil && rest != "" {
		return e.value.entry(rest)
	}
	return e
}

// own returns the entry of a key of the mapping n itself, in lower case, or nil.
func (n *node) own(name string) *entry {
	if n == nil || n.names&bit(name) == 0 {
		return nil
	}
	for i := range n.entries {
		if e := &n.entries[i]; e.name == name {
			return e
		}
	}
	return nil
}

// bit returns the one bit that names and paths with a beginning have: most keys that are looked for are not there.
func bit(path string) uint64 {
	switch {
	case path == "":
		return 1
	case len(path) == 1 || path[1] == '.':
		return 1 << (path[0] & 63)
	}
	return 1 << ((path[0] + 7*path[1]) & 63)
}

// entryOf returns the entry of a key as written, or nil.
func (n *node) entryOf(key string) *entry {
	if n.index != nil {
		if i, found := n.index[key]; found {
			return &n.entries[i]
		}
		return nil
	}
	for i := range n.entries {
		if n.entries[i].key == key {
			return &n.entries[i]
		}
	}
	return nil
}

// first returns the entry of the first of these keys that is not empty, or nil.
func (n *node) first(keys []string) *entry {
	for _, key := range keys {
		if e := n.entry(key); e != nil && !e.value.empty() {
			return e
		}
	}
	return nil
}

// what names the shape of a node in a message.
func (n *node) what() string {
	switch n.shape {
	case scalar:
		return fmt.Sprintf("%q", clip(n.text, 60))
	case list:
		return "a list"
	case mapping:
		return "a mapping"
	}
	return "empty"
}

// A builder makes nodes, and counts them.
type builder struct {
	src   *source
	nodes int
	twice int // keys that were given twice
}

// maxTwice is how many keys of a file may stand twice.
const maxTwice = 100

// add counts so many nodes.
func (b *builder) add(nodes, at int) error {
	if b.nodes += nodes; b.nodes > maxNodes {
		return syntaxErrorf(at, RuleSize, "more than %d values, want fewer: split the file", maxNodes)
	}
	return nil
}

// deep refuses values in one another without end.
func (b *builder) deep(depth, at int) error {
	if depth > maxDepth {
		return syntaxErrorf(at, RuleSize, "values stand more than %d levels deep in one another, want fewer", maxDepth)
	}
	return nil
}

// put adds an entry to a mapping, unless its key is already there: then the two values are compared.
func (b *builder) put(m *node, e entry) error {
	if first := m.entryOf(e.key); first != nil {
		return b.again(first, e)
	}
	switch {
	case len(e.key) > maxKey:
		return syntaxErrorf(e.at, RuleSize, "a key of %d bytes, want at most %d", len(e.key), maxKey)
	case len(m.entries) >= maxKeys:
		return syntaxErrorf(e.at, RuleSize, "more than %d keys in one mapping, want fewer", maxKeys)
	}
	e.name = keyName(e.key)
	m.names |= bit(e.name)
	m.entries = append(m.entries, e)
	switch n := len(m.entries); {
	case n == fewKeys:
		m.index = make(map[string]int, 2*fewKeys)
		for i := range m.entries {
			m.index[m.entries[i].key] = i
		}
	case n > fewKeys:
		m.index[e.key] = n - 1
	}
	return nil
}

// keyName returns a key in the form in which keys are compared.
func keyName(key string) string { return strings.ToLower(strings.TrimSpace(key)) }

// fewKeys is how many keys are found as soon without an index.
const fewKeys = 32

// again judges a key that is given twice. It is harmless when nothing is lost by it.
func (b *builder) again(first *entry, second entry) error {
	if b.twice++; b.twice > maxTwice {
		return syntaxErrorf(second.at, RuleDuplicateKey, "more than %d keys stand twice, want each once", maxTwice)
	}
	line := b.src.line(first.at)
	switch {
	case second.value.empty(), first.value.shape == scalar && second.value.shape == scalar && first.value.text == second.value.text:
	case first.value.empty():
		first.value, first.at = second.value, second.at
	default:
		return syntaxErrorf(second.at, RuleDuplicateKey, "key %s stands twice, here and on line %d, with other values: delete one of them", second.key, line)
	}
	b.src.fault(Warning, RuleDuplicateKey, second.at, "key %s stands twice, here and on line %d; the value that is not empty is used: delete the other", second.key, line)
	return nil
}

// clip cuts s for a message.
func clip(s string, n int) string {
	if len(s) > n || !isFolded(s) {
		s = strings.Join(strings.Fields(s), " ")
	}
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// each returns the items of a list, or n itself, which stands for a list of one.
func (n *node) each() []node {
	if n.shape == list {
		return n.items
	}
	return []node{*n}
}
