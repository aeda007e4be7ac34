package feeds

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// An Archive keeps the whole of a feed within reach, however short the document is that readers poll (RFC 5005, section 4).
//
// The older articles are in archives, which follow one another: each links to the one before and the one after, the document
// that readers poll links to the newest, and in JSON Feed next_url leads from it through all of them. What is not in
// an archive yet is a page of its own, which becomes an archive when it is full, besides being in the document.
//
// The articles of an archive never change places: a new article goes into the newest page, one that is edited stays where it
// is, and one that is taken out leaves a gap. So an archive is the same, to the octet, until one of its articles changes.
type Archive struct {
	// Number is how many articles the document that readers poll has, and how many go into an archive. Zero: 50.
	Number int

	// Bytes is about how long an archive may get; the first article goes into it however long it is. Zero: any length.
	// [Fit] makes a document as short as it must be, whatever it has become since.
	Bytes int

	// Addresses returns those of the page n. The oldest is 1. Nil: they have none, and nothing links to them.
	Addresses func(n int) Addresses

	// Ends is where each archive ends, the oldest first, in a form that sorts as text. Divide adds to it; whoever keeps it, and
	// gives it back the next time, keeps the archives as they are. Nil: there is no archive yet.
	Ends []string
}

// Divide returns the documents of f, whose articles are all there are: first the one that readers poll, then the pages from the
// oldest. Without any page the one document is complete. Each has its articles in the order of their publication (or else
// their last change), the newest first, events that were announced together by their start.
//
// The documents share the articles with f, which is not changed.
func (ar *Archive) Divide(f *Feed) []*Feed {
	number := cmp.Or(max(ar.Number, 0), 50)
	list := make([]placed, len(f.Articles))
	for i := range f.Articles {
		list[i] = placed{&f.Articles[i], key(&f.Articles[i])}
	}
	slices.SortFunc(list, func(a, b placed) int { return strings.Compare(a.key, b.key) })
	ar.seal(list, number)

	newest := *f
	if newest.Part = (Part{}); len(ar.Ends) == 0 {
		newest.Part.Complete = true
	} else {
		newest.Part.Older = ar.addresses(len(ar.Ends))
	}
	newest.Articles = articles(list[max(0, len(list)-number):])
	docs := []*Feed{&newest}
	if len(ar.Ends) == 0 {
		return docs
	}
	for n := 1; n <= len(ar.Ends)+1; n++ {
		at := len(list)
		if n <= len(ar.Ends) {
			at = after(list, ar.Ends[n-1])
		}
		docs = append(docs, ar.page(f, n, list[:at]))
		list = list[at:]
	}
	return docs
}

// page returns the page n of f.
func (ar *Archive) page(f *Feed, n int, list []placed) *Feed {
	page := *f
	self := ar.addresses(n)
	page.RSS, page.Atom, page.JSON = self.RSS, self.Atom, self.JSON
	page.Part = Part{Current: Addresses{f.RSS, f.Atom, f.JSON}}
	if n > 1 {
		page.Part.Older = ar.addresses(n - 1)
	}
	if n <= len(ar.Ends) {
		page.Part.Archive, page.Part.Newer = true, ar.addresses(n+1)
	}
	page.Updated, page.Refresh, page.Hubs = time.Time{}, 0, nil // an archive is not worth asking for again
	page.Articles = articles(list)
	return &page
}

func (ar *Archive) addresses(n int) Addresses {
	if ar.Addresses == nil {
		return Addresses{}
	}
	return ar.Addresses(n)
}

// seal ends archives as long as those articles that are in none, the oldest first in list, are too many for one.
func (ar *Archive) seal(list []placed, number int) {
	if n := len(ar.Ends); n > 0 {
		list = list[after(list, ar.Ends[n-1]):]
	}
	for n, bytes := 0, 0; n < len(list); n++ {
		size := list[n].size()
		if n > 0 && (n >= number || ar.Bytes > 0 && bytes+size > ar.Bytes) {
			ar.Ends = append(ar.Ends, list[n-1].key)
			list, n, bytes = list[n:], 0, 0
		}
		bytes += size
	}
}

// after returns how many articles of list are up to an end.
func after(list []placed, end string) int {
	n, found := slices.BinarySearchFunc(list, end, func(p placed, end string) int { return strings.Compare(p.key, end) })
	if found {
		n++
	}
	return n
}

// A placed is an article, and its place among the others.
type placed struct {
	*Article
	key string
}

// key returns the place of an article: when it was announced, when what it announces begins, and its id. It is part of Ends.
func key(a *Article) string {
	const layout = "2006-01-02T15:04:05.000000000"
	var start time.Time
	if a.Event != nil {
		start = a.Event.Start
	}
	return a.published().UTC().Format(layout) + " " + start.UTC().Format(layout) + " " + a.ID
}

// articles returns those of list, the newest first.
func articles(list []placed) []Article {
	all := make([]Article, len(list))
	for i, p := range list {
		all[len(list)-1-i] = *p.Article
	}
	return all
}

// size returns about how many octets an article takes in a document.
func (a *Article) size() int {
	return 1000 + len(a.Title) + 2*len(a.Summary) + len(a.Content) + len(a.Content)/4
}
