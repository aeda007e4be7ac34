package crieur

import (
	"errors"
	"fmt"
	"slices"

	"github.com/crieur/crieur/feeds"
)

// A division is the documents of a channel's feed, with what they were divided from.
type division struct {
	kind  string
	items []*item
	order []*item // the same, as they were announced
	docs  []feedDocument
	ends  []string // of the archives
}

// A feedDocument is a feed without its articles yet, and what they are.
type feedDocument struct {
	name  string // but for the extension
	kind  string
	page  bool // it is a page, not the document that readers poll
	feed  *feeds.Feed
	items []*item
}

// divide returns the documents of a channel's feed, those of the last build if it has not changed.
func (w *writer) divide(c *channel) []feedDocument {
	kind := fmt.Sprintf("%+v", c.Channel)
	d, ok := w.Builder.divisions[c.Name]
	if !ok || d.kind != kind || !slices.Equal(d.items, c.items) || !slices.Equal(d.ends, w.next.archives[c.Name]) {
		before := w.twins
		var edited bool
		if d, edited = w.edited(c, d); !edited {
			d = w.division(c)
		}
		d.kind, d.items = kind, c.items
		ok = w.twins == before // else they are to be told again
	}
	if ok {
		w.divisions[c.Name] = d
	}
	if len(d.ends) > 0 {
		w.next.archives[c.Name] = d.ends
	}
	return d.docs
}

func (w *writer) division(c *channel) division {
	items := w.unique(c)
	ends := w.next.archives[c.Name]
	if c.query != "" {
		ends = nil // of the whole
	}
	docs, ends := w.documentsOf(c, items, ends, func(int) bool { return c.group == "" }) // else the first document is all there is
	if c.group != "" {
		if ends = nil; len(docs) > 1 {
			docs[0].feed.Part = feeds.Part{}
			docs = docs[:1]
		}
	}
	for i := range docs {
		docs[i].kind = docs[i].kindOf(c)
	}
	return division{order: items, docs: docs, ends: ends}
}

func (d *feedDocument) kindOf(c *channel) string {
	return fmt.Sprintf("%+v %+v", c.Channel, d.feed.Part)
}

// documentsOf are those that items are divided into, and where their archives
// end. Shown are the pages whose addresses are needed.
func (w *writer) documentsOf(c *channel, items []*item, ends []string, shown func(n int) bool) ([]feedDocument, []string) {
	f := w.feed(c)
	f.Articles = make([]feeds.Article, len(items))
	for i, it := range items {
		f.Articles[i] = it.outline
	}
	name := func(n int) string { return fmt.Sprintf("%s/archives/%d", c.Name, n) }
	ar := feeds.Archive{
		Number: c.Limit,
		Bytes:  w.cfg.MaxBytes / 3 * 2, // HTML is longer than what it is made from
		Addresses: func(n int) feeds.Addresses {
			if !shown(n) {
				return feeds.Addresses{}
			}
			return w.addresses(c, name(n))
		},
		Ends: ends,
	}
	articles := make(map[string]*item, len(items))
	for _, it := range items {
		articles[it.outline.ID] = it
	}
	var docs []feedDocument
	for n, f := range ar.Divide(f) {
		d := feedDocument{name: c.Name, page: n > 0, feed: f, items: make([]*item, len(f.Articles))}
		if d.page {
			d.name = name(n)
		}
		for i := range f.Articles {
			d.items[i] = articles[f.Articles[i].ID]
		}
		f.Articles = nil // outlines
		docs = append(docs, d)
	}
	return docs, ar.Ends
}

// edited divides a channel in which some items are in the place of others, and
// were announced when these were: in its archives each takes that place, and of
// the others only those are looked at that may be in the document that readers
// poll.
func (w *writer) edited(c *channel, old division) (division, bool) {
	if !w.follows || !w.uuids || len(old.ends) == 0 {
		return division{}, false
	}
	edits, ok := editsOf(old.items, c.items, func(was, is *item) bool { return newestFirst(is.entry, was.entry) == 0 })
	if !ok {
		return division{}, false
	}
	d := division{order: edits.in(old.order), ends: old.ends}
	since := d.order[max(0, len(d.order)-c.Limit)].Published
	open := map[*item]bool{} // in no archive
	for _, it := range edits.in(old.docs[len(old.docs)-1].items) {
		open[it] = true
	}
	var near []*item
	for _, it := range d.order {
		if !it.Published.Before(since) || it.Updated.After(since) || open[it] {
			near = append(near, it)
		}
	}
	docs, ends := w.documentsOf(c, near, old.ends, func(n int) bool { return n == len(old.ends) })
	if !slices.Equal(ends, old.ends) {
		return division{}, false
	}
	d.docs = append(docs[:1], old.docs[1:]...)
	d.docs[0].kind = d.docs[0].kindOf(c)
	for i := range d.docs[1:] {
		d.docs[1+i].items = edits.in(d.docs[1+i].items)
	}
	return d, true
}

// unique are the items of a channel but for those that are one with another in
// feeds, as they were announced.
func (w *writer) unique(c *channel) []*item {
	if !w.uuids {
		outlines := make([]feeds.Article, len(c.items))
		for i, it := range c.items {
			outlines[i] = it.outline
		}
		if twins := duplicates(outlines); len(twins) > 0 {
			var items []*item
			for i, it := range c.items {
				if !slices.Contains(twins, i) {
					items = append(items, it)
					continue
				}
				first := slices.IndexFunc(outlines, func(o feeds.Article) bool { return len(duplicates([]feeds.Article{o, outlines[i]})) > 0 })
				w.duplicateID(it, c.items[first])
			}
			slices.SortFunc(items, announced)
			return items
		}
	}
	old := w.Builder.divisions[c.Name].order
	if !w.follows || len(old) == 0 {
		return slices.SortedFunc(slices.Values(c.items), announced)
	}
	items := make([]*item, 0, len(c.items))
	for _, it := range old {
		if it.round == w.round {
			items = append(items, it)
		}
	}
	for _, it := range c.items {
		if it.since > w.last.round {
			items = append(items, it)
		}
	}
	slices.SortFunc(items, announced) // which they are but for the new ones
	return items
}

// announced is the order in which items were announced.
func announced(a, b *item) int { return newestFirst(b.entry, a.entry) }

// duplicateID says once that two records are one in feeds, where their uids are written alike.
func (w *writer) duplicateID(it, first *item) {
	w.twins++
	path := it.Record.Path
	if !slices.ContainsFunc(w.faults, func(f Fault) bool { return f.Rule == "duplicate-uid" && f.Pos.Filename == path }) {
		w.faults = append(w.faults, faultAt(path, Warning, "duplicate-uid", "its uid is in feeds that of %s; it is left out of them, give it another uid", first.Record.Path))
	}
}

// duplicates returns the places of the articles whose ID, as feeds write it, one before them has.
func duplicates(articles []feeds.Article) (places []int) {
	faults, ok := feeds.Check(&feeds.Feed{Articles: articles}).(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	for _, err := range faults.Unwrap() {
		if e, ok := errors.AsType[*feeds.FieldError](err); ok && errors.Is(e, feeds.ErrDuplicate) {
			places = append(places, e.Article)
		}
	}
	return places
}
