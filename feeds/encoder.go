package feeds

import (
	"errors"
	"io"
	"slices"
)

// An Encoder writes feeds as [EncodeRSS], [EncodeAtom] and [EncodeJSON] do, and keeps the octets of every article of the last
// document of each format, so that the next one costs only what has changed: a daemon that writes a feed again and
// again has an Encoder for it. The bytes are the same as without one.
//
// The zero Encoder is ready to use. It takes about as much memory as the documents are long, and holds on to the
// articles' texts. It may not be used by several goroutines at once, nor copied after its first use.
type Encoder struct{ rss, atom, json kept }

// RSS writes f as [EncodeRSS] does.
func (e *Encoder) RSS(w io.Writer, f *Feed) error { return e.rss.encode(w, f, new(rss)) }

// Atom writes f as [EncodeAtom] does.
func (e *Encoder) Atom(w io.Writer, f *Feed) error { return e.atom.encode(w, f, new(atom)) }

// JSON writes f as [EncodeJSON] does.
func (e *Encoder) JSON(w io.Writer, f *Feed) error { return e.json.encode(w, f, new(jsonWriter)) }

// kept is the articles of the last document of one format.
type kept struct {
	byline []Person
	list   []*keptArticle // in the order of the document
	byID   map[string]*keptArticle
	buf    []byte // what they are written as, and what has become of no use
	round  int    // of the document being written
	spare  []*keptArticle
}

// A keptArticle is an article as it was when it was written, and where that is in kept.buf.
type keptArticle struct {
	Article
	from, to int // to is zero: it is still to be encoded
	at       int // its place in the document
	round    int // of the last document it was in
}

// encode writes f as d, all faults first.
func (k *kept) encode(w io.Writer, f *Feed, d document) error {
	if byline := f.byline(); k.byID == nil || !slices.Equal(k.byline, byline) {
		*k = kept{byID: map[string]*keptArticle{}, byline: slices.Clone(byline)}
	}
	list, err := k.match(f)
	if err != nil {
		clear(list)
		k.spare = list[:0]
		return err
	}
	o := d.out()
	o.w, o.buf = w, k.buf
	d.head(f)
	o.write(o.buf[len(k.buf):])
	o.buf = o.buf[:len(k.buf)]
	k.update(f, list, d)
	for i := 0; i < len(list) && o.err == nil; {
		from, to := list[i].from, list[i].to
		if i == 0 {
			from += d.sep()
		}
		for i++; i < len(list) && list[i].from == to; i++ { // what lies together is written together
			to = list[i].to
		}
		o.write(k.buf[from:to])
	}
	d.tail()
	return o.flush()
}

// match returns the articles of f as they are kept: those that are new or have changed are checked, and still to be
// encoded. The error tells all faults.
func (k *kept) match(f *Feed) ([]*keptArticle, error) {
	c := checker{article: -1}
	c.feed(f)
	k.round++
	list, next := k.spare[:0], 0
	for i := range f.Articles {
		a := &f.Articles[i]
		c.article, c.id = i, a.ID
		var p *keptArticle
		if next < len(k.list) && k.list[next].ID == a.ID {
			p = k.list[next] // most articles still follow the same one
		} else if id := uri(a.ID); k.byID[id] != nil {
			p = k.byID[id]
		} else {
			p = &keptArticle{at: next - 1}
			if id != "" {
				k.byID[id] = p
			}
		}
		if p.round == k.round {
			c.duplicate(p.at)
			c.articleFields(a)
			continue
		}
		next = p.at + 1
		if p.at, p.round = i, k.round; p.to == 0 || !p.equal(a) {
			p.to = 0
			c.articleFields(a)
		}
		list = append(list, p)
	}
	return list, errors.Join(c.faults...)
}

// update encodes what has changed, forgets what is gone, and makes list the articles of the last document.
func (k *kept) update(f *Feed, list []*keptArticle, d document) {
	o := d.out()
	used := 0
	for i, p := range list {
		if p.to == 0 {
			p.from = len(o.buf)
			d.article(&f.Articles[i])
			p.Article, p.to = f.Articles[i].clone(), len(o.buf)
		}
		used += p.to - p.from
	}
	if k.buf = o.buf; len(k.buf) > 2*used+flushAt {
		k.buf = make([]byte, 0, used+used/8)
		for _, p := range list {
			from := len(k.buf)
			k.buf = append(k.buf, o.buf[p.from:p.to]...)
			p.from, p.to = from, len(k.buf)
		}
	}
	o.buf = nil
	if len(k.byID) > len(list) {
		for id, p := range k.byID {
			if p.round != k.round {
				delete(k.byID, id)
			}
		}
	}
	clear(k.list)
	k.list, k.spare = list, k.list[:0]
}
