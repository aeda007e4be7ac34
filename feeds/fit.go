package feeds

import (
	"cmp"
	"slices"
)

// summaryLength is how many characters of its text stand for an article that has no summary.
const summaryLength = 300

// Fit returns f as it is, if each of its documents has at most size octets, or else with as little left out as it takes:
// first the content of articles, from the last one on, which leaves their summary, or the beginning of their text; then, if
// that is not enough, the last articles themselves. What is there is whole. f, which must be without faults, is not changed.
//
// Articles that are left out are lost to readers unless there is an [Archive].
func Fit(f *Feed, size int) *Feed {
	m := meter{docs: [...]document{new(rss), new(atom), new(jsonWriter)}, byline: f.byline()}
	m.add(+1, func(d document) { d.head(f); d.tail() })
	for i := range f.Articles {
		m.article(+1, &f.Articles[i])
	}
	if m.longest() <= size {
		return f
	}
	fit := *f
	fit.Articles = slices.Clone(f.Articles)
	for i := len(fit.Articles) - 1; i >= 0 && m.longest() > size; i-- {
		a := &fit.Articles[i]
		m.article(-1, a)
		a.shorten()
		m.article(+1, a)
	}
	for n := len(fit.Articles) - 1; n >= 0 && m.longest() > size; n-- {
		m.article(-1, &fit.Articles[n])
		fit.Articles = fit.Articles[:n]
	}
	return &fit
}

// shorten takes away the content of an article.
func (a *Article) shorten() {
	if block(a.Content) != "" {
		text, _ := plainText(a.Content)
		a.Summary = cmp.Or(block(a.Summary), beginning(line(text), summaryLength))
	}
	a.Content = ""
}

// A meter tells how long the documents of a feed are.
type meter struct {
	docs   [3]document
	length [3]int
	byline []Person
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
	m.add(sign, func(d document) { d.article(a, m.byline) })
}

func (m *meter) longest() int { return slices.Max(m.length[:]) }
