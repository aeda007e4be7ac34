package feeds

import (
	"cmp"
	"slices"
)

// summaryLength is how many characters of its text stand for an article that has no summary.
const summaryLength = 300

// Shorten returns f as it is, if each of its documents has at most size octets, or else with as little left out as it takes:
// the content of articles, those first that have not changed for the longest, which leaves their summary or the beginning of
// their text. No article is left out, so the documents may still be longer. f, which must be without faults, is not changed.
func Shorten(f *Feed, size int) *Feed {
	short, _ := shorten(f, size)
	return short
}

// Fit is like [Shorten], and where that is not enough leaves articles out, in the same order, so that each document has at most
// size octets, or no article. It is for a document whose articles are elsewhere, too, such as the first of [Archive.Divide]: f
// is not complete any more without them.
func Fit(f *Feed, size int) *Feed {
	short, m := shorten(f, size)
	if m.longest() <= size {
		return short
	}
	fit := *short
	fit.Part.Complete = false
	gone := make([]bool, len(fit.Articles))
	for _, i := range leastRecent(fit.Articles) {
		if m.longest() <= size {
			break
		}
		gone[i] = true
		m.article(-1, &fit.Articles[i])
	}
	fit.Articles = make([]Article, 0, len(gone))
	for i := range gone {
		if !gone[i] {
			fit.Articles = append(fit.Articles, short.Articles[i])
		}
	}
	return &fit
}

// shorten is Shorten, and tells how long the documents are.
func shorten(f *Feed, size int) (*Feed, *meter) {
	m := &meter{docs: [...]document{new(rss), new(atom), new(jsonWriter)}}
	m.add(+1, func(d document) { d.head(f); d.tail() })
	for i := range f.Articles {
		m.article(+1, &f.Articles[i])
	}
	if m.longest() <= size {
		return f, m
	}
	fit := *f
	fit.Articles = slices.Clone(f.Articles)
	for _, i := range leastRecent(fit.Articles) {
		if m.longest() <= size {
			break
		}
		short, before := fit.Articles[i].short(), m.length
		m.article(-1, &fit.Articles[i])
		m.article(+1, &short)
		if m.length[0] < before[0] && m.length[1] < before[1] && m.length[2] < before[2] {
			fit.Articles[i] = short
		} else {
			m.length = before
		}
	}
	return &fit, m
}

// leastRecent returns the places of articles, those first that have not changed for the longest.
func leastRecent(list []Article) []int {
	places := make([]int, len(list))
	for i := range places {
		places[i] = len(list) - 1 - i // of those that changed together, the last
	}
	slices.SortStableFunc(places, func(i, j int) int { return list[i].changed().Compare(list[j].changed()) })
	return places
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

// A meter tells how long the documents of a feed are.
type meter struct {
	docs   [3]document
	length [3]int
}

// add adds what write writes, times sign.
func (m *meter) add(sign int, write func(d document)) {
	for i, d := range m.docs {
		o := d.out()
		o.buf = o.buf[:0]
		write(d)
		m.length[i] += sign * len(o.buf)
	}
}

func (m *meter) article(sign int, a *Article) {
	m.add(sign, func(d document) { d.article(a) })
}

func (m *meter) longest() int { return slices.Max(m.length[:]) }
