package crieur

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/crieur/crieur/feeds"
)

// A Server answers requests for the documents of the latest [Site] it was
// given, from memory: strong entity tags, 304 for what a reader has already,
// gzip made once, HEAD and Range, and the headers that each kind of document
// needs (RFC 9110). Nothing outside the site can be reached.
//
// The zero Server answers 503 until Set. All methods may be called at once;
// each request sees one site, whole.
type Server struct {
	// Clock tells the time, which max-age and Last-Modified are held
	// against. Nil: max-age is always Site.Refresh.
	Clock func() time.Time

	site atomic.Pointer[Site]
}

// Set makes site the one that is served.
func (s *Server) Set(site *Site) { s.site.Store(site) }

// ServeHTTP implements [http.Handler]. The path of the request is that of
// the document; the empty one is index.html. Where the site is not at the
// root, put [http.StripPrefix] before.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	site := s.site.Load()
	if site == nil {
		h.Set("Retry-After", "5")
		http.Error(w, "the first site is being built", http.StatusServiceUnavailable)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	f := site.files[name]
	if f == nil {
		http.NotFound(w, r)
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		h.Set("Allow", allow)
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Methods", allow)
		h.Set("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since, Range")
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		h.Set("Allow", allow)
		http.Error(w, "this document can only be read", http.StatusMethodNotAllowed)
		return
	}
	s.document(w, r, site, f)
}

const allow = "GET, HEAD, OPTIONS"

func (s *Server) document(w http.ResponseWriter, r *http.Request, site *Site, f *File) {
	h := w.Header()
	maxAge := site.Refresh
	modified := !f.Modified.IsZero()
	if s.Clock != nil {
		now := s.Clock()
		if !site.NextChange.IsZero() {
			maxAge = max(0, min(maxAge, site.NextChange.Sub(now)))
		}
		modified = modified && !f.Modified.After(now)
	}
	if strings.HasPrefix(f.Type, "text/html") {
		h.Set("Cache-Control", "public, no-cache") // people follow links and want today's page
	} else {
		h.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(maxAge/time.Second)))
	}
	kind, vary := f.Type, "Accept-Encoding"
	if isXMLFeed(f) {
		vary += ", " + fetchDest
		if r.Header.Get(fetchDest) == "document" {
			kind = "application/xml; charset=utf-8"
		}
	}
	h.Set("Vary", vary)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "ETag")
	if modified {
		h.Set("Last-Modified", f.Modified.UTC().Format(http.TimeFormat))
	}

	if preconditionFailed(r, f) {
		h.Set("ETag", f.ETag)
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	// A range is one of the document itself, never of its compressed form.
	ranged := r.Method == http.MethodGet && strings.HasPrefix(r.Header.Get("Range"), "bytes=")
	zipped := !ranged && f.compresses() && acceptsGzip(r.Header.Get("Accept-Encoding"))
	etag := f.ETag
	if zipped {
		etag = gzipTag(etag)
	}
	if notModified(r, f, modified) { // which needs no bytes
		h.Set("ETag", etag)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	var body []byte
	if zipped {
		body = f.Gzip()
		h.Set("Content-Encoding", "gzip")
	} else {
		body = f.Bytes()
	}
	if body == nil && f.size > 0 {
		h.Del("Content-Encoding")
		h.Set("Retry-After", "5")
		h.Set("Cache-Control", "no-store")
		http.Error(w, "this document cannot be read now", http.StatusServiceUnavailable)
		return
	}
	h.Set("ETag", etag)
	h.Set("Content-Type", kind)
	h.Set("Referrer-Policy", "no-referrer")
	if strings.HasPrefix(f.Type, "text/html") {
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	} else {
		h.Set("Content-Security-Policy", "sandbox")
	}
	if f.Download {
		h.Set("Content-Disposition", "attachment")
	}
	if ranged {
		date := f.Modified
		if !modified {
			date = time.Time{}
		}
		http.ServeContent(w, r, "", date, bytes.NewReader(body))
		return
	}
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		w.Write(body) // a reader that has gone is no fault of ours
	}
}

// fetchDest is the field in which a browser says what it wants a document for
// (Fetch Metadata Request Headers, section 2.1); feed readers do not send it. In
// a tab, Firefox saves a feed and Chromium shows its source, but XML of no
// particular kind is shown by both, with its style sheet. The bytes are the same,
// and so is the entity tag.
const fetchDest = "Sec-Fetch-Dest"

// isXMLFeed reports whether f is a feed that has a style sheet.
func isXMLFeed(f *File) bool {
	return f.Type == feeds.RSSType || f.Type == feeds.AtomType
}

// gzipTag is the entity tag of the compressed form of a document: another
// tag, because they are other bytes.
func gzipTag(etag string) string { return strings.TrimSuffix(etag, `"`) + `-gz"` }

// preconditionFailed evaluates If-Match and, without it, If-Unmodified-Since
// (RFC 9110, sections 13.1.1 and 13.1.4).
func preconditionFailed(r *http.Request, f *File) bool {
	if list := r.Header.Values("If-Match"); len(list) > 0 {
		for tag := range strings.SplitSeq(strings.Join(list, ","), ",") {
			if tag = strings.TrimSpace(tag); tag == "*" || tag == f.ETag || tag == gzipTag(f.ETag) {
				return false
			}
		}
		return true
	}
	since, err := http.ParseTime(r.Header.Get("If-Unmodified-Since"))
	return err == nil && f.Modified.Truncate(time.Second).After(since)
}

// notModified evaluates the preconditions of a GET (RFC 9110, section
// 13.2.2): If-Modified-Since counts only without If-None-Match. The tag of
// any coding stands for the document in every coding.
func notModified(r *http.Request, f *File, modified bool) bool {
	if list := r.Header.Values("If-None-Match"); len(list) > 0 {
		for _, value := range list {
			for tag := range strings.SplitSeq(value, ",") {
				tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
				if tag == "*" || tag == f.ETag || tag == gzipTag(f.ETag) {
					return true
				}
			}
		}
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && modified && !f.Modified.Truncate(time.Second).After(since)
}

// acceptsGzip reports whether an Accept-Encoding takes gzip (RFC 9110,
// section 12.5.3).
func acceptsGzip(header string) bool {
	star := false
	for item := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(item, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ReplaceAll(strings.TrimSpace(params), " ", ""), "q="); ok {
			var err error
			if weight, err = strconv.ParseFloat(q, 64); err != nil {
				weight = 0
			}
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return weight > 0
		case "*":
			star = weight > 0
		}
	}
	return star
}
