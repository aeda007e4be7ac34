package feeds

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// summaryLength is how many characters of its text stand for an article that has no summary.
const summaryLength = 300

// Shorten returns f as it is, if each of its documents has at most size octets, or else with as little left out as it takes:
// the content of articles, those first that have not changed for the longest, which leaves their summary or the beginning of
// their text. No article is left out, so the documents may still be longer. f, which must be without faults, is not changed.
func Shorten(f *Feed, size int) *Feed { return fit(f, size, false) }

// Fit is like [Shorten], and where that is not enough leaves articles out, in the same order, so that each document has at most
// size octets, or no article. It is for a document whose articles are elsewhere, too, such as the first of [Archive.Divide]: f
// is not complete any more without them.
func Fit(f *Feed, size int) *Feed { return fit(f, size, true) }

func fit(f *Feed, size int, leaveOut bool) *Feed {
	m := newMeter(f)
	defer m.free()
	extents := make([]extent, len(f.Articles))
	all := m.frame
	for i := range extents {
		extents[i].whole = m.article(&f.Articles[i])
		all = all.plus(extents[i].whole)
	}
	if all.longest() <= size {
		return f
	}
	for i := range extents {
		a := &f.Articles[i]
		short := a.short()
		extents[i].short, extents[i].changed = m.article(&short), a.changed()
	}
	return f.with(fates(m.frame, extents, size, leaveOut), func(i int) Article { return f.Articles[i] })
}

// A fate is what becomes of an article in a document that may not be longer than so much.
type fate byte

const (
	whole fate = iota
	cut        // its content is left out
	gone       // all of it is
)

// An extent is how long the documents have an article, and what decides about its fate.
type extent struct {
	whole, short lengths
	changed      time.Time
}

// fates returns what becomes of each article in documents that have, besides, a frame.
func fates(frame lengths, extents []extent, size int, leaveOut bool) []fate {
	list := make([]fate, len(extents))
	all := frame
	for i := range extents {
		all = all.plus(extents[i].whole)
	}
	if all.longest() <= size {
		return list
	}
	order := leastRecent(extents)
	for _, i := range order {
		if all.longest() <= size {
			return list
		}
		if e := &extents[i]; e.short.below(e.whole) {
			list[i], all = cut, all.minus(e.whole).plus(e.short)
		}
	}
	for _, i := range order {
		if !leaveOut || all.longest() <= size {
			break
		}
		left := extents[i].whole
		if list[i] == cut {
			left = extents[i].short
		}
		list[i], all = gone, all.minus(left)
	}
	return list
}

// leastRecent returns the places of articles, those first that have not changed for the longest.
func leastRecent(list []extent) []int {
	places := make([]int, len(list))
	for i := range places {
		places[i] = len(list) - 1 - i // of those that changed together, the last
	}
	slices.SortStableFunc(places, func(i, j int) int { return list[i].changed.Compare(list[j].changed) })
	return places
}

// with returns f with those articles that are not gone, cut where that is their fate.
func (f *Feed) with(fates []fate, article func(i int) Article) *Feed {
	fit := *f
	fit.Articles = make([]Article, 0, len(fates))
	for i, fate := range fates {
		switch fate {
		case whole:
			fit.Articles = append(fit.Articles, article(i))
		case cut:
			a := article(i)
			fit.Articles = append(fit.Articles, a.short())
		case gone:
			fit.Part.Complete = false
		}
	}
	return &fit
}

// short returns a without its content.
func (a *Article) short() Article {
	s := *a
	if block(a.Content) != "" && block(a.Summary) == "" {
		text, _ := plainText(a.Content)
		s.Summary = cmp.Or(beginning(line(text), summaryLength), line(a.Title))
	}
	s.Content = ""
	return s
}

// The documents of a feed, in the order of [lengths].
const (
	inRSS = iota
	inAtom
	inJSON
)

var newDocument = [...]func() document{
	inRSS:  func() document { return new(rss) },
	inAtom: func() document { return new(atom) },
	inJSON: func() document { return new(jsonWriter) },
}

// lengths are those of the documents of a feed, or of something in them, in octets.
type lengths [3]int

func (l lengths) plus(o lengths) lengths {
	return lengths{l[0] + o[0], l[1] + o[1], l[2] + o[2]}
}

func (l lengths) minus(o lengths) lengths {
	return lengths{l[0] - o[0], l[1] - o[1], l[2] - o[2]}
}

func (l lengths) longest() int { return slices.Max(l[:]) }

// below reports whether l is shorter than o in each document.
func (l lengths) below(o lengths) bool { return l[0] < o[0] && l[1] < o[1] && l[2] < o[2] }

// A meter tells how long the documents of a feed are.
type meter struct {
	docs  [3]document
	frame lengths // of what is before and after the articles
}

var meters = sync.Pool{New: func() any {
	m := new(meter)
	for i := range m.docs {
		m.docs[i] = newDocument[i]()
	}
	return m
}}

func newMeter(f *Feed) *meter {
	m := meters.Get().(*meter)
	m.frame = m.length(func(d document) { d.head(f); d.tail() })
	return m
}

// free gives back what m has gathered articles in.
func (m *meter) free() {
	for _, d := range m.docs {
		if cap(d.out().buf) > 1<<20 {
			return
		}
	}
	meters.Put(m)
}

// length is how long what write writes is in each document.
func (m *meter) length(write func(d document)) (l lengths) {
	for i, d := range m.docs {
		o := d.out()
		o.buf = o.buf[:0]
		write(d)
		l[i] = len(o.buf)
	}
	return l
}

func (m *meter) article(a *Article) lengths {
	return m.length(func(d document) { d.article(a) })
}
