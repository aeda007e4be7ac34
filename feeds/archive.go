package feeds

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"
)

// An Archive keeps the whole of a feed within reach, however short the document is that readers poll (RFC 5005, section 4).
//
// The older articles are in archives, which follow one another: each links to the one before and the one after, the document
// that readers poll links to the newest, and in JSON Feed next_url leads from it through all of them. What is not in
// an archive yet is a page of its own besides being in the document; it becomes an archive when it is full, and until then it
// is the one that the newest archive calls the next.
//
// An archive is the same, to the octet, until one of its articles changes, or one is added that is said to have been published
// before its end, or one is taken out. An article that is edited stays where it is, as long as it has a date of publication.
type Archive struct {
	// Number is how many articles the document that readers poll has, and about how many go into an archive. Zero: 50.
	// The document has some more when others have changed since its oldest was published, at most as many again, so that
	// those who poll it get to know, and when very many were published at one time.
	Number int

	// Bytes is about how long an archive may get when it is made; the first article goes into it however long it is. Zero: any
	// length. What it becomes when its articles are edited is for [Fit] and [Shorten].
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
// The documents share the articles with f, which is not changed. Their Part says what they are; pages have no Refresh and no
// Hubs, and the date of their newest article. Divide may not be called by several goroutines at once.
func (ar *Archive) Divide(f *Feed) []*Feed {
	number := cmp.Or(max(ar.Number, 0), 50)
	list := make([]*Article, len(f.Articles))
	for i := range f.Articles {
		list[i] = &f.Articles[i]
	}
	slices.SortFunc(list, byKey)
	ar.seal(list, number)
	open := 0
	if n := len(ar.Ends); n > 0 {
		open = after(list, ar.Ends[n-1])
	}

	polled := *f
	if polled.Part = (Part{}); len(ar.Ends) == 0 {
		polled.Part.Complete = true
	} else {
		polled.Part.Older = ar.addresses(len(ar.Ends))
	}
	polled.Articles = newest(list, open, number)
	docs := []*Feed{&polled}
	if len(ar.Ends) == 0 {
		return docs
	}
	for n, end := range ar.Ends {
		at := after(list, end)
		docs = append(docs, ar.page(f, n+1, list[:at]))
		list = list[at:]
	}
	return append(docs, ar.page(f, len(ar.Ends)+1, list))
}

// Latest returns the document of f that readers poll where no archive has the rest: number of the newest articles, in the
// order of [Archive.Divide], and as many at most that have changed since the oldest of these was published. Number zero: 50. It
// shares the articles with f, which is not changed. Its Part says whether it is complete, and no more.
func Latest(f *Feed, number int) *Feed {
	list := make([]*Article, len(f.Articles))
	for i := range f.Articles {
		list[i] = &f.Articles[i]
	}
	slices.SortFunc(list, byKey)
	latest := *f
	latest.Articles = newest(list, len(list), cmp.Or(max(number, 0), 50))
	latest.Part = Part{Complete: len(latest.Articles) == len(list)}
	return &latest
}

// page returns the page n of f.
func (ar *Archive) page(f *Feed, n int, list []*Article) *Feed {
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
	if len(list) == 0 {
		end := ar.Ends[min(n, len(ar.Ends))-1] // all that it had is gone
		page.Updated, _ = time.Parse(keyLayout, end[:min(len(end), len(keyLayout))])
	}
	page.Articles = articles(list)
	return &page
}

func (ar *Archive) addresses(n int) Addresses {
	if ar.Addresses == nil {
		return Addresses{}
	}
	return ar.Addresses(n)
}

// seal ends archives as long as those articles that are in none, the oldest first in list, are too many for one. It ends
// them between two dates, where no article will come in between, unless too many have the same.
func (ar *Archive) seal(list []*Article, number int) {
	ends := slices.Clone(ar.Ends)
	if n := len(ends); n > 0 {
		list = list[after(list, ends[n-1]):]
	}
	for {
		most, bytes := 0, 0 // how many go into one
		for most < len(list) && most < number && (most == 0 || ar.Bytes <= 0 || bytes+list[most].size() <= ar.Bytes) {
			bytes += list[most].size()
			most++
		}
		if most == len(list) {
			break
		}
		n := most
		for n > 0 && list[n-1].published().Equal(list[n].published()) {
			n--
		}
		if n == 0 {
			if len(list) <= 2*most {
				break
			}
			n = most
		}
		ends = append(ends, key(list[n-1]))
		list = list[n:]
	}
	ar.Ends = ends
}

// newest returns the articles of the document that readers poll: number of the newest in list, all from open on, which are in
// no archive, and as many as number at most that have changed since.
func newest(list []*Article, open, number int) []Article {
	if len(list) <= number {
		return articles(list)
	}
	// They are among those that were announced with or after the one that is number from the end.
	since := list[len(list)-number].published()
	first := sort.Search(len(list), func(i int) bool { return !list[i].published().Before(since) })
	last := slices.Clone(list[first:])
	slices.SortFunc(last, newestFirst)
	polled, rest := last[:number:number], last[number:]
	var changed []*Article
	for _, a := range slices.Concat(list[:first], rest) {
		switch {
		case open == 0 || byKey(a, list[open-1]) > 0:
			polled = append(polled, a)
		case a.Updated.After(since):
			changed = append(changed, a)
		}
	}
	slices.SortFunc(changed, func(a, b *Article) int { return cmp.Or(b.Updated.Compare(a.Updated), newestFirst(a, b)) })
	return articles(append(polled, changed[:min(number, len(changed))]...))
}

// after returns how many articles of list are up to an end.
func after(list []*Article, end string) int {
	compare := func(a *Article, end string) int { return strings.Compare(key(a), end) }
	announced, id, _ := strings.Cut(end, " ")
	if at, err := time.Parse(keyLayout, announced); err == nil { // as byKey does, which is the same and takes less time
		compare = func(a *Article, _ string) int { return cmp.Or(a.published().Compare(at), strings.Compare(a.ID, id)) }
	}
	n, found := slices.BinarySearchFunc(list, end, compare)
	if found {
		n++
	}
	return n
}

const keyLayout = "2006-01-02T15:04:05.000000000"

// key returns the place of an article: when it was announced, and its id. It is what Ends are.
func key(a *Article) string { return a.published().UTC().Format(keyLayout) + " " + a.ID }

// byKey is the order of the keys of articles.
func byKey(a, b *Article) int {
	return cmp.Or(a.published().Compare(b.published()), strings.Compare(a.ID, b.ID))
}

// newestFirst is the order of articles in a document.
func newestFirst(a, b *Article) int {
	return cmp.Or(b.published().Compare(a.published()), b.start().Compare(a.start()), strings.Compare(b.ID, a.ID))
}

// start returns when what an article announces begins.
func (a *Article) start() time.Time {
	if a.Event == nil {
		return time.Time{}
	}
	return a.Event.Start
}

// articles returns those of list, the newest first.
func articles(list []*Article) []Article {
	list = slices.Clone(list)
	slices.SortFunc(list, newestFirst)
	all := make([]Article, len(list))
	for i, a := range list {
		all[i] = *a
	}
	return all
}

// size returns about how many octets an article takes in a document.
func (a *Article) size() int {
	n := 1000 + len(a.Title) + 2*len(a.Summary) + len(a.Content) + len(a.Content)/4
	for _, tag := range a.Tags {
		n += 40 + len(tag)
	}
	return n
}
