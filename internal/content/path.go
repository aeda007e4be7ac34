package content

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A fieldPath leads from a mapping to values in it. See NewFields for how it is written.
type fieldPath struct {
	written string
	steps   []step
}

// A step leads from a mapping to the value of one of its keys, or to items of the list that this is.
type step struct {
	key   string // in lower case
	items bool   // not the value is meant, but items of it
	index int    // of the one item that is meant, if by is empty
	by    string // key in lower case, of the items in which it has the value
	value string // folded as labels are
}

func (p fieldPath) String() string { return p.written }

var errPath = errors.New("want a path such as title, a.b, pictures[0].src or information[label=Opening hours].text")

// parsePath reads a path.
func parsePath(s string) (fieldPath, error) {
	p := fieldPath{written: strings.TrimSpace(s)}
	bad := func(what string) (fieldPath, error) {
		return fieldPath{}, fmt.Errorf("path %q: %s, %w", p.written, what, errPath)
	}
	for rest, more := p.written, true; more; {
		i := strings.IndexAny(rest, ".[]")
		if i < 0 {
			i = len(rest)
		}
		t := step{key: keyName(rest[:i])}
		if rest = rest[i:]; t.key == "" {
			return bad("a key is missing")
		}
		if inside, found := strings.CutPrefix(rest, "["); found {
			if inside, rest, found = strings.Cut(inside, "]"); !found {
				return bad("a bracket is not closed")
			}
			if !t.pick(inside) {
				return bad(fmt.Sprintf("[%s] is neither the number of an item nor a key and its value", inside))
			}
		}
		p.steps = append(p.steps, t)
		if rest, more = strings.CutPrefix(rest, "."); !more && rest != "" {
			return bad(fmt.Sprintf("%q cannot stand there", clip(rest, 20)))
		}
	}
	if len(p.steps) > maxDepth {
		return bad("it has too many keys")
	}
	return p, nil
}

// pick reads which items of a list are meant: a number, or a key and its value, in quotation marks or not.
func (t *step) pick(s string) bool {
	t.items = true
	by, value, found := strings.Cut(s, "=")
	if !found {
		n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 31)
		t.index = int(n)
		return err == nil
	}
	value = strings.TrimSpace(value)
	if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		value = value[1 : n-1]
	}
	t.by, t.value = keyName(by), label(value)
	return t.by != "" && t.value != ""
}

// walk yields the entries that p leads to from n, without those that are empty, and reports whether all of them were wanted.
func (p fieldPath) walk(n *node, yield func(*entry) bool) bool { return walk(n, p.steps, yield) }

func walk(n *node, steps []step, yield func(*entry) bool) bool {
	switch n.shape {
	case list:
		for i := range n.items {
			if n.items[i].shape == mapping && !walk(&n.items[i], steps, yield) {
				return false
			}
		}
	case mapping:
		e := n.own(steps[0].key)
		if e == nil {
			return true
		}
		if !steps[0].items {
			return follow(e, steps[1:], yield)
		}
		for i, item := range e.value.each() {
			if steps[0].means(i, &item) && !follow(&entry{name: e.name, key: e.key, at: item.at, value: item}, steps[1:], yield) {
				return false
			}
		}
	}
	return true
}

// follow goes on from e.
func follow(e *entry, steps []step, yield func(*entry) bool) bool {
	switch {
	case len(steps) > 0:
		return walk(&e.value, steps, yield)
	case e.value.empty():
		return true
	}
	return yield(e)
}

// means reports whether an item of a list, with that number, is meant.
func (t step) means(i int, item *node) bool {
	if t.by == "" {
		return i == t.index
	}
	e := item.own(t.by)
	return e != nil && e.value.shape == scalar && label(e.value.text) == t.value
}
