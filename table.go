package crieur

import (
	"iter"
	"maps"
)

// A table is a map of which a copy costs what has changed, not what there is: copies share a base that none of
// them changes, and hold what differs from it. One that was copied is not changed any more. The zero table is empty.
type table[V any] struct {
	base *map[string]V // nil: there is none
	over map[string]V
	more int // keys that the base does not have
}

func (t *table[V]) find(key string) (v V, ok bool) {
	if v, ok = t.over[key]; !ok && t.base != nil {
		v, ok = (*t.base)[key]
	}
	return v, ok
}

// get returns the zero value of a key that t does not have.
func (t *table[V]) get(key string) V {
	v, _ := t.find(key)
	return v
}

func (t *table[V]) has(key string) bool {
	_, ok := t.find(key)
	return ok
}

func (t *table[V]) set(key string, v V) {
	if !t.has(key) {
		t.more++
	}
	if t.over == nil {
		t.over = map[string]V{}
	}
	t.over[key] = v
}

func (t *table[V]) len() int {
	if t.base == nil {
		return t.more
	}
	return len(*t.base) + t.more
}

// all ranges over the table, in no order. What it has just given may be set meanwhile, and nothing else.
func (t *table[V]) all() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for key, v := range t.over {
			if !yield(key, v) {
				return
			}
		}
		if t.base == nil {
			return
		}
		for key, v := range *t.base {
			if _, ok := t.over[key]; !ok && !yield(key, v) {
				return
			}
		}
	}
}

// copy returns a table like t, and t is not changed from now on.
func (t *table[V]) copy() table[V] {
	switch {
	case t.base == nil && len(t.over) == 0:
		return table[V]{}
	case t.base == nil:
		base := t.over
		return table[V]{base: &base}
	case len(t.over) > 100 && len(t.over) > len(*t.base)/10:
		all := make(map[string]V, t.len())
		maps.Copy(all, *t.base)
		maps.Copy(all, t.over)
		return table[V]{base: &all}
	}
	return table[V]{t.base, maps.Clone(t.over), t.more}
}

// since ranges over what t has that may not be in old, or otherwise, in no order.
func (t *table[V]) since(old *table[V]) iter.Seq2[string, V] {
	if t.base == nil || t.base != old.base {
		return t.all()
	}
	return func(yield func(string, V) bool) {
		for key, v := range t.over {
			if !yield(key, v) {
				return
			}
		}
		for key := range old.over { // what t has as the base does
			if _, ok := t.over[key]; ok {
				continue
			}
			if v, ok := (*t.base)[key]; ok && !yield(key, v) {
				return
			}
		}
	}
}
