package bucket

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/crieur/crieur"
)

// fields are the header fields that an object is stored with.
type fields struct {
	kind, cache, disposition string

	// mark says by which bytes and which other fields the object was stored:
	// the document's entity tag without quotes, a slash, and a hash.
	mark string
}

// A header is a response of which nothing but the header is wanted.
type header http.Header

func (h header) Header() http.Header         { return http.Header(h) }
func (h header) Write(p []byte) (int, error) { return len(p), nil }
func (h header) WriteHeader(int)             {}

// fieldsOf are those that a server of the site sends with f. What it says of caches
// is asked of it, as by a reader who has the document.
func fieldsOf(s *crieur.Server, f *crieur.File) fields {
	h := header{}
	s.ServeHTTP(h, &http.Request{Method: http.MethodHead, URL: &url.URL{Path: "/" + f.Name}, Header: http.Header{"If-None-Match": {"*"}}})
	o := fields{kind: f.Type, cache: h.Header().Get("Cache-Control")}
	if f.Download {
		o.disposition = "attachment"
	}
	sum := sha256.Sum256([]byte(o.kind + "\n" + o.cache + "\n" + o.disposition))
	o.mark = tagOf(f) + "/" + base64.RawURLEncoding.EncodeToString(sum[:6])
	return o
}

func tagOf(f *crieur.File) string { return strings.Trim(f.ETag, `"`) }
