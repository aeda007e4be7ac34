package crieur

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/crieur/crieur/feeds"
)

// A division is the documents of a channel's feed, with what they were divided from.
type division struct {
	kind  string
	items []*item
	order []*item // the same, as they were announced
	near  []*item // of these: see near; nil: not known
	docs  []feedDocument
	ends  []string // of the archives
}

// A feedDocument is a feed without its articles yet, and what they are.
type feedDocument struct {
	name  string // but for the extension
	kind  string
	page  bool // it is a page, not the document that readers poll
	kept  bool // it is what the build had that the division was made from: if that was the last, or had the same, nothing is to be done
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
	if c.group != "" {
		return w.latest(c, items, nearItems(items, latestSince(items, c.Limit)))
	}
	docs, ends := w.documentsOf(c, items, w.next.archives[c.Name], 0)
	for i := range docs {
		docs[i].kind = docs[i].kindOf(c)
	}
	return division{order: items, docs: docs, ends: ends}
}

// latest is the one document of a channel that has no archives. Its items are in
// the order in which they were announced, and so are those that are near.
func (w *writer) latest(c *channel, items, near []*item) division {
	f, articles := w.outlines(c, near)
	f = feeds.Latest(f, c.Limit)
	d := feedDocument{name: c.Name, feed: f, items: articles(f)}
	f.Part.Complete = len(d.items) == len(items)
	d.kind = d.kindOf(c)
	return division{order: items, near: near, docs: []feedDocument{d}}
}

// latestSince is when the oldest was announced of the items that are the latest.
func latestSince(items []*item, number int) time.Time {
	if len(items) == 0 {
		return time.Time{}
	}
	return items[max(0, len(items)-number)].published
}

// near reports whether an item can be among the latest since a time.
func (it *item) near(since time.Time) bool {
	return !it.published.Before(since) || it.updated.After(since)
}

// near are the items that are near after the edits: the others are as near as before, or less, and what was near and has
// changed since is so still.
func (e edits) near(items []*item, since time.Time) []*item {
	items = slices.Clone(items)
	for _, pair := range e {
		switch at, ok := slices.BinarySearchFunc(items, pair[0], announced); {
		case ok:
			items[at] = pair[1]
		case pair[1].near(since):
			items = slices.Insert(items, at, pair[1])
		}
	}
	return items
}

func nearItems(items []*item, since time.Time) (near []*item) {
	for _, it := range items {
		if it.near(since) {
			near = append(near, it)
		}
	}
	return near
}

func (d *feedDocument) kindOf(c *channel) string {
	return fmt.Sprintf("%+v %+v", c.Channel, d.feed.Part)
}

// documentsOf are those that items are divided into, and where their archives
// end. Before is the number of the archives that are older, and have none of them.
func (w *writer) documentsOf(c *channel, items []*item, ends []string, before int) ([]feedDocument, []string) {
	f, articles := w.outlines(c, items)
	name := func(n int) string { return fmt.Sprintf("%s/archives/%d", c.Name, before+n) }
	ar := feeds.Archive{
		Number:    c.Limit,
		Bytes:     w.cfg.MaxBytes / 3 * 2, // HTML is longer than what it is made from
		Addresses: func(n int) feeds.Addresses { return w.addresses(c, name(n)) },
		Ends:      ends,
	}
	var docs []feedDocument
	for n, f := range ar.Divide(f) {
		d := feedDocument{name: c.Name, page: n > 0, feed: f, items: articles(f)}
		if d.page {
			d.name = name(n)
		}
		docs = append(docs, d)
	}
	return docs, ar.Ends
}

// outlines is the feed of a channel with the outlines of items, and what finds
// and takes away those of a part of it.
func (w *writer) outlines(c *channel, items []*item) (*feeds.Feed, func(*feeds.Feed) []*item) {
	f := w.feed(c)
	f.Articles = make([]feeds.Article, len(items))
	known := make(map[string]*item, len(items))
	for i, it := range items {
		f.Articles[i], known[it.outline.ID] = it.outline, it
	}
	return f, func(part *feeds.Feed) []*item {
		list := make([]*item, len(part.Articles))
		for i := range part.Articles {
			list[i] = known[part.Articles[i].ID]
		}
		part.Articles = nil
		return list
	}
}

// edited divides a channel in which some items are in the place of others, and
// were announced when these were, or are new and in no archive: in its archives each takes that place, and of
// the others only those are looked at that may be in the document that readers
// poll.
func (w *writer) edited(c *channel, old division) (division, bool) {
	if !w.follows || !w.uuids || c.group == "" && len(old.ends) == 0 {
		return division{}, false
	}
	diff, ok := w.editsOf(old.items, c.items, func(was, is *item) bool { return newestFirst(is.entry, was.entry) == 0 })
	if !ok {
		return division{}, false
	}
	d := division{order: diff.in(old.order, announced), ends: old.ends}
	since := latestSince(d.order, c.Limit)
	if d.near = old.near; d.near == nil || since.Before(latestSince(old.order, c.Limit)) {
		d.near = nearItems(d.order, since)
	} else {
		d.near = diff.edits.near(d.near, since)
		d.near = (&turnover{nil, nearItems(diff.come, since), diff.gone}).in(d.near, announced)
	}
	if c.group != "" {
		return w.latest(c, d.order, d.near), true
	}
	if diff.stay(w.moved); len(diff.gone) > 0 {
		return division{}, false
	}
	near := slices.Clip(d.near)
	for _, it := range diff.in(old.docs[len(old.docs)-1].items, announced) { // in no archive
		if !it.near(since) {
			near = append(near, it)
		}
	}
	last := len(old.ends) - 1
	docs, ends := w.documentsOf(c, near, old.ends[last:], last)
	open := docs[len(docs)-1]
	if len(ends) > 1 || slices.ContainsFunc(diff.come, func(it *item) bool { return !slices.Contains(open.items, it) }) {
		return division{}, false
	}
	d.docs = append(docs[:1], old.docs[1:]...)
	d.docs[0].kind = d.docs[0].kindOf(c)
	for i := range d.docs[1:] {
		doc := &d.docs[1+i]
		was := doc.items
		doc.items = diff.edits.in(was)
		if doc.kept = len(was) > 0 && &was[0] == &doc.items[0]; !doc.kept && len(w.moved) > 0 {
			slices.SortFunc(doc.items, func(a, b *item) int { return announced(b, a) })
		}
	}
	if len(diff.come) > 0 {
		open.kind = open.kindOf(c)
		d.docs[len(d.docs)-1] = open
	}
	return d, true
}

// stay counts those that have moved among the edits, if they were announced when they were: they stay where they are in
// archives.
func (d *turnover) stay(moved edits) {
	for _, pair := range moved {
		was, is := slices.Index(d.gone, pair[0]), slices.Index(d.come, pair[1])
		if was >= 0 && is >= 0 && pair[0].published.Equal(pair[1].published) {
			d.gone, d.come = slices.Delete(d.gone, was, was+1), slices.Delete(d.come, is, is+1)
			d.edits = append(d.edits, pair)
		}
	}
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
		if it.round >= w.looked {
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
