package crieur

import (
	"encoding/binary"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/crieur/crieur/feeds"
)

// note remembers what the readers of a feed know once they have read it. Only a document that this process has planned
// is: of another one nobody can tell which of its articles were cut.
func (form *feedForm) note(p *feeds.Plan) {
	marks := form.marksOf(p)
	form.marks.Store(&marks)
}

// marksOf returns, for each article that a feed has, what is another number when anything of it is another.
func (form *feedForm) marksOf(p *feeds.Plan) []uint64 {
	marks := make([]uint64, 0, len(form.items))
	for i, it := range form.items {
		kept, content := p.Article(i)
		if !kept {
			continue
		}
		m := form.seed ^ binary.BigEndian.Uint64(it.key[:])
		if !content { // it is cut, where other readers have it whole
			m = ^m
		}
		marks = append(marks, m)
	}
	return marks
}

// since writes the feed with those articles alone that are not among the marks
// known. It returns nil where that says less than the whole, or is no shorter.
func (form *feedForm) since(known []uint64, format string) ([]byte, error) {
	p, err := form.plan()
	if err != nil {
		return nil, err
	}
	whole := form.whole()
	f := *whole
	f.Articles = nil
	for i, m := range form.marksOf(p) {
		if !slices.Contains(known, m) {
			f.Articles = append(f.Articles, whole.Articles[i])
		}
	}
	if len(f.Articles) == 0 || len(f.Articles) == len(whole.Articles) {
		return nil, nil // what has left a feed is told by its absence
	}
	if f.Updated.IsZero() {
		for _, a := range whole.Articles {
			f.Updated = later(f.Updated, a.Updated)
		}
	}
	f.Part.Complete = false
	return encodeAs(format, &f)
}

// editions are what the documents of feeds were lately, those of a long time
// ago forgotten first. The zero editions are none.
type editions struct {
	mu    sync.Mutex
	marks map[edition][]uint64
	order []edition // the oldest first
	size  int       // of all marks and names, in marks
}

// An edition is a document as it was under an entity tag.
type edition struct{ name, etag string }

// weight is how many marks take as much memory as the names do, which may be long
// queries.
func (e edition) weight() int { return 16 + len(e.name)/8 }

// mostMarks is how many marks are remembered: eight bytes for each article.
const mostMarks = 1 << 19

// add remembers a document, if it is a feed and it is known what its readers know.
func (e *editions) add(f *File) {
	if f.feed == nil || f.feed.marks.Load() == nil {
		return
	}
	key, marks := edition{f.Name, f.ETag}, *f.feed.marks.Load()
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, ok := e.marks[key]; ok {
		return
	}
	if e.marks == nil {
		e.marks = map[edition][]uint64{}
	}
	e.marks[key] = marks
	e.order = append(e.order, key)
	for e.size += key.weight() + len(marks); e.size > mostMarks; {
		e.size -= e.order[0].weight() + len(e.marks[e.order[0]])
		delete(e.marks, e.order[0])
		e.order = e.order[1:]
	}
}

// addAll remembers the feeds of a site.
func (e *editions) addAll(site *Site) {
	if site != nil {
		for _, f := range site.files {
			e.add(f)
		}
	}
}

// of returns the marks of the edition that a reader has, with its tag; of
// several, the oldest, so that it lacks nothing whichever it has.
func (e *editions) of(name string, tags []string) (etag string, marks []uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(tags) == 1 { // as a rule
		return tags[0], e.marks[edition{name, tags[0]}]
	}
	for _, key := range e.order {
		if key.name == name && slices.Contains(tags, key.etag) {
			return key.etag, e.marks[key]
		}
	}
	return "", nil
}

// since returns the document that tells a reader who asks for it what has
// changed in f since what it has (RFC 3229, with the instance manipulation "feed"
// of feed readers), or f.
func (s *Server) since(r *http.Request, site *Site, f *File) *File {
	if f.feed == nil {
		return f
	}
	s.editions.add(f)
	if !wantsDelta(r) || r.Header.Get("Range") != "" {
		return f
	}
	tags := entityTags(r.Header.Values("If-None-Match"))
	if len(tags) == 0 || notModified(r, f, false) || preconditionFailed(r, f) {
		return f
	}
	base, marks := s.editions.of(f.Name, tags)
	if marks == nil {
		return f
	}
	name, _, _ := strings.Cut(f.Name, "?")
	format := strings.TrimPrefix(path.Ext(name), ".")
	delta, err := s.made.get(r.Context(), site, "since "+base+" "+f.Name, func() (*File, error) {
		data, err := f.feed.since(marks, format)
		if data == nil || err != nil {
			whole := *f // which is not the shelf's
			return &whole, err
		}
		d := newFile(name, data)
		d.Name, d.ETag, d.base = f.Name, f.ETag, base
		return d, nil
	})
	if err != nil || delta.size >= f.size {
		return f
	}
	return delta
}

// wantsDelta reports whether the client takes a feed with less than all. Not one
// that asks through a cache that says so: what it asks with may be the tag of the
// cache, and what it then got would be what has changed since that.
func wantsDelta(r *http.Request) bool {
	if len(r.Header.Values("Via"))+len(r.Header.Values("CDN-Loop")) > 0 {
		return false
	}
	return asksForDelta(r)
}

// asksForDelta reports whether a request says A-IM: feed.
func asksForDelta(r *http.Request) bool {
	for _, list := range r.Header.Values("A-Im") {
		for item := range strings.SplitSeq(list, ",") {
			name, params, _ := strings.Cut(item, ";")
			if strings.EqualFold(strings.TrimSpace(name), "feed") && weight(params) > 0 {
				return true
			}
		}
	}
	return false
}

// isFeed reports whether f is a feed, of which a reader may ask for a delta.
func isFeed(f *File) bool { return isXMLFeed(f) || f.Type == feeds.JSONType }

// deltaFields sets what the header of an answer with f, a feed, says otherwise
// because of deltas, and returns its status. A delta is for whoever asked for it,
// unless a cache knows of deltas (RFC 3229, section 10.8.2); and what is asked for
// where a delta could be the answer is kept by nobody between, who would then ask
// with a tag of its own for what it hands on.
func deltaFields(h http.Header, r *http.Request, f *File, maxAge time.Duration) (status int) {
	until := "max-age=" + strconv.Itoa(int(maxAge/time.Second))
	switch {
	case f.base != "":
		h.Set("IM", "feed")
		h.Set("Delta-Base", f.base)
		h.Set("Cache-Control", "no-store, im, "+until)
		return http.StatusIMUsed
	case r.Header["A-Im"] != nil && asksForDelta(r):
		h.Set("Cache-Control", "private, "+until)
	}
	return http.StatusOK
}

// entityTags are those of If-None-Match, of any coding and weak ones, as those of
// the document itself.
func entityTags(header []string) (tags []string) {
	for _, list := range header {
		for tag := range strings.SplitSeq(list, ",") {
			if tag = plainTag(strings.TrimPrefix(strings.TrimSpace(tag), "W/")); tag != "" && !slices.Contains(tags, tag) && len(tags) < 8 {
				tags = append(tags, tag)
			}
		}
	}
	return tags
}

// plainTag is the entity tag of a document by that of one of its codings, which
// has a name behind.
func plainTag(etag string) string {
	const n = 1 + 22 // a quote, and 16 bytes in base64
	if len(etag) > n && isTag(etag, etag[:n]+`"`) {
		return etag[:n] + `"`
	}
	return etag
}
