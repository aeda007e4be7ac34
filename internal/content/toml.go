package content

import (
	"errors"

	"github.com/pelletier/go-toml/v2/unstable"
)

// readTOML reads s.text[from:to]. It uses the parser alone: the decoder would lose the places and the spelling of dates.
func (s *source) readTOML(from, to int) (node, error) {
	b := &tomlBuilder{builder: builder{src: s}, from: from}
	root := node{shape: mapping, at: from}
	b.p.Reset([]byte(s.text[from:to]))
	var prefix []string
	for b.p.NextExpression() {
		e := b.p.Expression()
		var err error
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			var at int
			prefix, at = b.path(e.Key())
			err = b.table(&root, prefix, at, e.Kind == unstable.ArrayTable)
		case unstable.KeyValue:
			var into *node
			if into, err = b.descend(&root, prefix, b.at(e)); err == nil {
				err = b.keyValue(into, e, 0)
			}
		}
		if err != nil {
			return root, err
		}
	}
	var bad *unstable.ParserError
	if err := b.p.Error(); errors.As(err, &bad) {
		at := to
		if len(bad.Highlight) > 0 {
			at = from + int(b.p.Range(bad.Highlight).Offset)
		}
		return root, syntaxErrorf(at, RuleSyntax, "TOML: %s; want key = \"text\", with dates and numbers unquoted", bad.Message)
	} else if err != nil {
		return root, syntaxErrorf(from, RuleSyntax, "TOML: %w", err)
	}
	return root, nil
}

type tomlBuilder struct {
	builder
	p    unstable.Parser
	from int
}

// at returns the place of a value; lists have none of their own, so it is that of what is in them.
func (b *tomlBuilder) at(n *unstable.Node) int {
	for n.Raw.Length == 0 && n.Child() != nil {
		n = n.Child()
	}
	return b.from + int(n.Raw.Offset)
}

// path returns the parts of a dotted key and the place of the first.
func (b *tomlBuilder) path(it unstable.Iterator) (parts []string, at int) {
	for it.Next() {
		if parts == nil {
			at = b.at(it.Node())
		}
		parts = append(parts, string(it.Node().Data))
	}
	return parts, at
}

// descend returns the mapping at a path, which it makes where it is not there yet. In a list of mappings it is the last one.
func (b *tomlBuilder) descend(n *node, path []string, at int) (*node, error) {
	for depth, key := range path {
		if err := b.deep(depth, at); err != nil {
			return nil, err
		}
		e := n.entryOf(key)
		if e == nil {
			if err := errors.Join(b.add(1, at), b.put(n, entry{key: key, at: at, value: node{shape: mapping, at: at}})); err != nil {
				return nil, err
			}
			e = n.entryOf(key)
		}
		n = &e.value
		if n.shape == list && len(n.items) > 0 {
			n = &n.items[len(n.items)-1]
		}
		if n.shape != mapping {
			return nil, syntaxErrorf(at, RuleDuplicateKey, "key %s is %s and a table, want one of them", key, n.what())
		}
	}
	return n, nil
}

// table opens [path], or [[path]].
func (b *tomlBuilder) table(root *node, path []string, at int, array bool) error {
	if !array {
		_, err := b.descend(root, path, at)
		return err
	}
	last := len(path) - 1
	n, err := b.descend(root, path[:last], at)
	if err != nil {
		return err
	}
	e := n.entryOf(path[last])
	if e == nil {
		if err := b.put(n, entry{key: path[last], at: at, value: node{shape: list, at: at}}); err != nil {
			return err
		}
		e = n.entryOf(path[last])
	}
	if e.value.shape != list {
		return syntaxErrorf(at, RuleDuplicateKey, "key %s is %s and a list of tables, want one of them", path[last], e.value.what())
	}
	e.value.items = append(e.value.items, node{shape: mapping, at: at})
	return b.add(1, at)
}

func (b *tomlBuilder) keyValue(into *node, kv *unstable.Node, depth int) error {
	path, at := b.path(kv.Key())
	value, err := b.value(kv.Value(), at, depth)
	if err != nil {
		return err
	}
	last := len(path) - 1
	if into, err = b.descend(into, path[:last], at); err != nil {
		return err
	}
	return b.put(into, entry{key: path[last], at: at, value: value})
}

func (b *tomlBuilder) value(v *unstable.Node, key, depth int) (node, error) {
	n := node{at: b.at(v)}
	if n.at == b.from {
		n.at = key // an empty list
	}
	if err := errors.Join(b.add(1, n.at), b.deep(depth, n.at)); err != nil {
		return n, err
	}
	switch v.Kind {
	case unstable.Array:
		n.shape = list
		for it := v.Children(); it.Next(); {
			item, err := b.value(it.Node(), key, depth+1)
			if err != nil {
				return n, err
			}
			n.items = append(n.items, item)
		}
	case unstable.InlineTable:
		n.shape = mapping
		for it := v.Children(); it.Next(); {
			if err := b.keyValue(&n, it.Node(), depth+1); err != nil {
				return n, err
			}
		}
	default:
		n.shape, n.text = scalar, string(v.Data)
	}
	return n, nil
}
