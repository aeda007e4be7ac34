package feeds

import (
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/crieur/crieur/internal/pieces"
)

// marks are how an article begins and ends in each document.
var marks = [...]pieces.Mark{
	inRSS:  {Begin: "    <item>\n", End: "    </item>\n"},
	inAtom: {Begin: "  <entry", End: "  </entry>\n"},
	inJSON: {Begin: "    {", End: "    }"},
}

// between is what separates two articles.
var between = [...]string{inJSON: ",\n"}

// SumRSS, SumAtom and SumJSON are hashes of a document's octets that need not begin again for each of its articles: the SHA-256
// of the SHA-256 of what is before the first article, of each article, and of what is between and after them. What has other
// octets has another sum, whether it is a feed or not. A [Plan] gives that of a document which is not even written.
func SumRSS(octets []byte) [sha256.Size]byte { return marks[inRSS].Sum(octets) }

// SumAtom is [SumRSS] of an Atom document.
func SumAtom(octets []byte) [sha256.Size]byte { return marks[inAtom].Sum(octets) }

// SumJSON is [SumRSS] of a JSON Feed, in which each hub is hashed as an article is.
func SumJSON(octets []byte) [sha256.Size]byte { return marks[inJSON].Sum(octets) }

// A Prepared is an article that has been checked and measured once, to be planned into as many feeds as one likes, again and
// again. It has not the octets of the article, but how long they are in each format, and a hash of them: half a kilobyte,
// however long the article is. It does not change when its article does, and may be used by several goroutines at
// once. [Prepare] makes one; the zero Prepared is none.
type Prepared struct {
	id      string
	written string // the id as documents have it
	byline  string // of the feeds that it is prepared for, see signature
	updated time.Time
	extent  extent
	sums    [2][3][sha256.Size]byte // whole, and cut
}

// Prepare checks and measures an article of f, and of all other feeds with the same Authors and, if these have no names, the
// same Title. The error is that of [Check].
func Prepare(f *Feed, a *Article) (*Prepared, error) {
	c := checker{article: 0, id: a.ID}
	c.articleFields(a)
	if len(c.faults) > 0 {
		return nil, errors.Join(c.faults...)
	}
	p := &Prepared{id: a.ID, written: uri(a.ID), byline: signature(f.byline()), updated: a.Updated}
	m := newMeter(&Feed{Title: f.Title, Authors: f.Authors})
	defer m.free()
	short := a.short()
	p.extent = extent{whole: m.sum(a, &p.sums[whole]), short: m.sum(&short, &p.sums[cut]), changed: a.changed()}
	return p, nil
}

// signature is a text that is equal for equal people.
func signature(people []Person) string {
	var all []string
	for i := range people {
		p := &people[i]
		all = append(all, p.Name, p.Email, p.URI)
	}
	return strings.Join(all, "\x00")
}

// sum hashes an article in each document, without what separates it from the one before.
func (m *meter) sum(a *Article, sums *[3][sha256.Size]byte) lengths {
	l := m.article(a)
	for i, d := range m.docs {
		sums[i] = sha256.Sum256(d.out().buf[len(between[i]):])
	}
	return l
}

// A Plan is what the documents of a feed have, and a hash of each, without writing it. It may be used by several
// goroutines at once. [FitPrepared] and [ShortenPrepared] make one; the zero Plan is none.
type Plan struct {
	feed     Feed // without its articles
	articles []*Prepared
	fates    []fate
}

// FitPrepared plans what [Fit] returns of f with the articles that were prepared. Besides them f has none. The error is that of
// [Check].
func FitPrepared(f *Feed, articles []*Prepared, size int) (*Plan, error) {
	return plan(f, articles, size, true)
}

// ShortenPrepared plans what [Shorten] returns of f with the articles that were prepared, likewise.
func ShortenPrepared(f *Feed, articles []*Prepared, size int) (*Plan, error) {
	return plan(f, articles, size, false)
}

func plan(f *Feed, articles []*Prepared, size int, leaveOut bool) (*Plan, error) {
	c := checker{article: -1}
	c.feed(f)
	if len(f.Articles) > 0 {
		c.fault("Articles", errors.New("want none besides those that are prepared"))
	}
	byline := signature(f.byline())
	seen := make(map[string]int, len(articles))
	extents := make([]extent, len(articles))
	for i, p := range articles {
		if c.article, c.id = i, ""; p == nil || p.id == "" {
			c.fault("ID", ErrMissing)
			continue
		}
		c.id = p.id
		if first, twice := seen[p.written]; twice {
			c.duplicate(first)
		} else {
			seen[p.written] = i
		}
		if p.byline != byline {
			c.fault("Authors", errors.New("was prepared for a feed that has others"))
		}
		extents[i] = p.extent
	}
	if len(c.faults) > 0 {
		return nil, errors.Join(c.faults...)
	}
	p := &Plan{feed: *f, articles: slices.Clone(articles)}
	p.feed.Hubs, p.feed.Authors = slices.Clone(f.Hubs), slices.Clone(f.Authors)
	p.fates = make([]fate, len(articles)) // for the length of the frame: it has the articles
	m := newMeter(p.head())
	defer m.free()
	p.fates = fates(m.frame, extents, size, leaveOut)
	return p, nil
}

// head is the feed as far as the documents show it before and after their articles.
func (p *Plan) head() *Feed {
	h := p.feed
	for i, a := range p.articles {
		if p.fates[i] == gone {
			h.Part.Complete = false
			continue
		}
		h.Articles = oneArticle // there are some, is all that shows
		if p.feed.Updated.IsZero() && a.updated.After(h.Updated) {
			h.Updated = a.updated
		}
	}
	return &h
}

var oneArticle = make([]Article, 1)

// Article reports whether the documents have the article at place i of those that were prepared, and whether with its content.
func (p *Plan) Article(i int) (kept, content bool) { return p.fates[i] != gone, p.fates[i] == whole }

// Feed returns the feed that was planned. Article returns the article at place i of those that were prepared.
func (p *Plan) Feed(article func(i int) Article) *Feed { return p.feed.with(p.fates, article) }

// RSS returns the sum and the number of the octets that [EncodeRSS] writes.
func (p *Plan) RSS() (sum [sha256.Size]byte, size int) { return p.sum(inRSS) }

// Atom returns the sum and the number of the octets that [EncodeAtom] writes.
func (p *Plan) Atom() (sum [sha256.Size]byte, size int) { return p.sum(inAtom) }

// JSON returns the sum and the number of the octets that [EncodeJSON] writes.
func (p *Plan) JSON() (sum [sha256.Size]byte, size int) { return p.sum(inJSON) }

func (p *Plan) sum(in int) (sum [sha256.Size]byte, size int) {
	h, d, mark := p.head(), newDocument[in](), marks[in]
	d.head(h)
	o := d.out()
	head := len(o.buf)
	d.tail()
	size = len(o.buf)
	sums := make([]byte, 0, (2*len(p.articles)+2)*sha256.Size)
	if len(h.Articles) > 0 {
		size -= d.sep()
		sums = mark.Append(sums, append(slices.Clone(o.buf[:head]), between[in][d.sep():]...))
		o.buf = o.buf[head:]
	}
	first := true
	for i, a := range p.articles {
		fate, length := p.fates[i], a.extent.whole[in]
		switch fate {
		case gone:
			continue
		case cut:
			length = a.extent.short[in]
		}
		if !first {
			sums = pieces.Add(sums, []byte(between[in]))
		}
		first = false
		sums = append(sums, a.sums[fate][in][:]...)
		size += length
	}
	return sha256.Sum256(mark.Append(sums, o.buf)), size
}
