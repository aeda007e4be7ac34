package crieur

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/crieur/crieur/feeds"
)

// A Server answers requests for the documents of the latest [Site] it was
// given, from memory: strong entity tags, 304 for what a reader has already,
// gzip, brotli and zstd made once, HEAD and Range, and the headers that each kind of document
// needs (RFC 9110). Nothing outside the site can be reached.
//
// The zero Server answers 503 until Set. All methods may be called at once;
// each request sees one site, whole.
type Server struct {
	// Clock tells the time, which max-age and Last-Modified are held
	// against. Nil: max-age is always Site.Refresh.
	Clock func() time.Time

	site     atomic.Pointer[Site]
	keys     atomic.Pointer[[]key] // of secret channels
	packer   packer
	caching  atomic.Pointer[caching] // of the last answer
	made     shelf                   // documents that are made when they are asked for
	editions editions
	coming   signal
}

// Set makes site the one that is served.
func (s *Server) Set(site *Site) {
	s.editions.addAll(s.site.Load())
	s.editions.addAll(site)
	s.site.Store(site)
	s.made.renew(site)
	s.coming.give()
}

// ServeHTTP implements [http.Handler]. The path of the request is that of
// the document; the empty one is index.html, and .well-known/feeds is
// feeds.opml. Where the site is not at the root, put [http.StripPrefix] before.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["X-Content-Type-Options"] = nosniff
	site := s.site.Load()
	if site == nil {
		h.Set("Retry-After", "5")
		http.Error(w, "the first site is being built", http.StatusServiceUnavailable)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	switch name {
	case "":
		name = "index.html"
	case ".well-known/feeds":
		name = "feeds.opml"
	}
	rest, secret := strings.CutPrefix(name, secretDir)
	f := site.File(name)
	if f == nil && secret { // else this is a Site.Secret
		f = s.opened(site, rest)
	}
	if f == nil {
		s.absent(w, r, site, name)
		return
	}
	if secret {
		w = discreet{w}
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		h.Set("Allow", allow)
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Methods", allow)
		h.Set("Access-Control-Allow-Headers", "A-IM, If-Modified-Since, If-None-Match, If-Range, Range")
		h.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		h.Set("Allow", allow)
		http.Error(w, "this document can only be read", http.StatusMethodNotAllowed)
		return
	}
	if secret { // nothing of it is chosen, and nothing remembered
		s.document(w, r, site, f)
		return
	}
	if r.URL.RawQuery != "" && s.choose(w, r, site, f) {
		return
	}
	s.document(w, r, site, s.since(r, site, f))
}

const allow = "GET, HEAD, OPTIONS"

// absent answers who asks for what the site does not have: it may be elsewhere.
func (s *Server) absent(w http.ResponseWriter, r *http.Request, site *Site, name string) {
	h := w.Header()
	if site.elsewhere == nil {
		h.Set("Retry-After", "5")
		h.Set("Cache-Control", "no-store")
		http.Error(w, "what this was is not known yet", http.StatusServiceUnavailable)
		return
	}
	h["Access-Control-Allow-Origin"] = anyone
	address, gone := site.elsewhere.find(site, name)
	if address == "" && !gone {
		http.NotFound(w, r)
		return
	}
	// The configuration may be wrong, and mended.
	h["Cache-Control"] = s.cacheControl(site.Refresh)
	if gone {
		http.Error(w, "this subscription was ended", http.StatusGone)
		return
	}
	if r.URL.RawQuery != "" {
		address += "?" + r.URL.RawQuery
	}
	h.Set("Location", address)
	h.Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusMovedPermanently)
	if r.Method != http.MethodHead {
		io.WriteString(w, address+"\n")
	}
}

func (s *Server) document(w http.ResponseWriter, r *http.Request, site *Site, f *File) {
	h := w.Header()
	maxAge := site.Refresh
	modified := !f.Modified.IsZero()
	if s.Clock != nil {
		now := s.Clock()
		if next := site.publicChange(); !next.IsZero() {
			maxAge = max(0, min(maxAge, next.Sub(now)))
		}
		modified = modified && !f.Modified.After(now)
	}
	same := f.fields()
	html := isPage(f)
	if html {
		h["Cache-Control"] = today
	} else {
		h["Cache-Control"] = s.cacheControl(maxAge)
	}
	kind, vary, status := same.kind, varyCoding, http.StatusOK
	if isFeed(f) {
		vary = varyFeed
		status = deltaFields(h, r, f, maxAge)
	}
	if isXMLFeed(f) {
		vary = varyXMLFeed
		if r.Header.Get(fetchDest) == "document" {
			kind = plainXML
		}
	}
	h["Vary"] = vary
	h["Access-Control-Allow-Origin"] = anyone
	h["Access-Control-Expose-Headers"] = exposed
	if modified {
		h["Last-Modified"] = same.modified
	}

	if preconditionFailed(r, f) {
		h["Etag"] = same.tags[plain]
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	// A range is one of the document itself, never of its compressed form.
	ranged := r.Method == http.MethodGet && isRange(r.Header.Get("Range"))
	in := plain
	if !ranged && f.compresses() {
		in = accepted(r.Header["Accept-Encoding"])
	}
	h["Etag"] = same.tags[in]
	if notModified(r, f, modified) { // which needs no bytes
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body, err := f.in(in, &s.packer)
	if err != nil {
		h.Del("Etag")
		h.Del("Last-Modified")
		h.Set("Retry-After", "5")
		h.Set("Cache-Control", "no-store")
		http.Error(w, "this document cannot be read now", http.StatusServiceUnavailable)
		return
	}
	h["Content-Type"] = kind
	if t, ok := site.topics[f.Name]; ok {
		h["Link"] = t.link
	} else if html {
		if links := site.alternates(f); links != nil {
			h["Link"] = links
		}
	}
	h["Referrer-Policy"] = noReferrer
	if html {
		h["Content-Security-Policy"] = pagePolicy
	} else {
		h["Content-Security-Policy"] = sandbox
	}
	if f.Download {
		h["Content-Disposition"] = attachment
	}
	if ranged {
		date := f.Modified
		if !modified {
			date = time.Time{}
		}
		http.ServeContent(w, r, "", date, bytes.NewReader(body.data))
		return
	}
	if in != plain {
		h["Content-Encoding"] = codingFields[in]
	}
	h["Accept-Ranges"] = inBytes
	h["Content-Length"] = body.length
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body.data) // a reader that has gone is no fault of ours
	}
}

// Values of header fields that are the same for many answers. Setting these is
// a third of what an answer from memory costs.
var (
	nosniff     = []string{"nosniff"}
	anyone      = []string{"*"}
	exposed     = []string{"ETag"}
	today       = []string{"public, no-cache"} // people follow links and want today's page
	noReferrer  = []string{"no-referrer"}
	sandbox     = []string{"sandbox"}
	pagePolicy  = []string{"default-src 'none'; script-src 'self'; style-src 'self'; img-src https: http: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"}
	attachment  = []string{"attachment"}
	inBytes     = []string{"bytes"}
	varyCoding  = []string{"Accept-Encoding"}
	varyFeed    = []string{"Accept-Encoding, A-IM"}
	varyXMLFeed = []string{"Accept-Encoding, A-IM, " + fetchDest}
	plainXML    = []string{"application/xml; charset=utf-8"}

	codingFields = [codings][]string{nil, {"gzip"}, {"zstd"}, {"br"}}
)

// fields are the values of header fields that are the same for each answer with
// one document.
type fields struct {
	kind, modified []string
	tags           [codings][]string
}

func (f *File) fields() *fields {
	if v := f.mem.fields.Load(); v != nil {
		return v
	}
	v := &fields{kind: []string{f.Type}, modified: []string{f.Modified.UTC().Format(http.TimeFormat)}}
	for c := range codings {
		v.tags[c] = []string{tagIn(c, f.ETag)}
	}
	f.mem.fields.Store(v)
	return v
}

// cacheControl says how long a document may be used, and that the last one is
// better than none for a day while there is no server. A cache does not use it
// longer than that otherwise: NextChange would be seen late.
func (s *Server) cacheControl(maxAge time.Duration) []string {
	seconds := int(maxAge / time.Second)
	if c := s.caching.Load(); c != nil && c.seconds == seconds {
		return c.value
	}
	c := &caching{seconds, []string{"public, max-age=" + strconv.Itoa(seconds) + ", stale-if-error=86400"}}
	s.caching.Store(c)
	return c.value
}

// A caching is the value of Cache-Control for a number of seconds.
type caching struct {
	seconds int
	value   []string
}

// mostRanges is how many ranges a request may have: more are not looked at, and
// the document is sent whole (RFC 9110, section 14.2).
const mostRanges = 16

// isRange reports whether a request asks for part of a document. What cannot be read
// is passed over, as is the end of a document of no bytes, which [http.ServeContent]
// has a wrong answer for: a calendar gains nothing by an error.
func isRange(field string) bool {
	set, ok := strings.CutPrefix(field, "bytes=")
	if !ok || strings.Count(set, ",") >= mostRanges {
		return false
	}
	for part := range strings.SplitSeq(set, ",") {
		if part = strings.TrimSpace(part); part != "" && !isPart(part) {
			return false
		}
	}
	return true
}

// isPart reports whether s is one range: 0-9, 10-, or -10.
func isPart(s string) bool {
	first, last, ok := strings.Cut(s, "-")
	from, noFirst := strconv.ParseUint(first, 10, 63)
	to, noLast := strconv.ParseUint(last, 10, 63)
	switch {
	case !ok:
		return false
	case first == "":
		return noLast == nil && to > 0
	case last == "":
		return noFirst == nil
	}
	return noFirst == nil && noLast == nil && from <= to
}

// fetchDest is the field in which a browser says what it wants a document for
// (Fetch Metadata Request Headers, section 2.1); feed readers do not send it. In
// a tab, Firefox saves a feed and Chromium shows its source, but XML of no
// particular kind is shown by both, with its style sheet. The bytes are the same,
// and so is the entity tag.
const fetchDest = "Sec-Fetch-Dest"

// isPage reports whether f is a page, for people.
func isPage(f *File) bool { return strings.HasPrefix(f.Type, "text/html") }

// isXMLFeed reports whether f is a feed that has a style sheet.
func isXMLFeed(f *File) bool {
	return f.Type == feeds.RSSType || f.Type == feeds.AtomType
}

// preconditionFailed evaluates If-Match and, without it, If-Unmodified-Since
// (RFC 9110, sections 13.1.1 and 13.1.4).
func preconditionFailed(r *http.Request, f *File) bool {
	if list := r.Header.Values("If-Match"); len(list) > 0 {
		for _, value := range list {
			for tag := range strings.SplitSeq(value, ",") {
				if tag = strings.TrimSpace(tag); tag == "*" || isTag(tag, f.ETag) {
					return false
				}
			}
		}
		return true
	}
	since, ok := timeOf(r, "If-Unmodified-Since")
	return ok && f.Modified.Truncate(time.Second).After(since)
}

// notModified evaluates the preconditions of a GET (RFC 9110, section
// 13.2.2): If-Modified-Since counts only without If-None-Match. The tag of
// any coding stands for the document in every coding.
func notModified(r *http.Request, f *File, modified bool) bool {
	if list := r.Header.Values("If-None-Match"); len(list) > 0 {
		for _, value := range list {
			for tag := range strings.SplitSeq(value, ",") {
				tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
				if tag == "*" || isTag(tag, f.ETag) {
					return true
				}
			}
		}
		return false
	}
	since, ok := timeOf(r, "If-Modified-Since")
	return ok && modified && !f.Modified.Truncate(time.Second).After(since)
}

// timeOf reads a field of a request that is a time.
func timeOf(r *http.Request, field string) (t time.Time, ok bool) {
	v := r.Header.Get(field)
	if v == "" {
		return t, false // which ParseTime takes longer to find
	}
	t, err := http.ParseTime(v)
	return t, err == nil
}
