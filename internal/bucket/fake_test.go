package bucket_test

import (
	"bytes"
	"cmp"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A fake is a store in memory with one bucket, called "site". It believes every
// signature.
type fake struct {
	mu      sync.Mutex
	objects map[string]thing
	page    int // of a listing; zero: a thousand

	lax bool // ignores the conditions of what is written, as some stores do
}

// A thing is an object with its header fields.
type thing struct {
	data   []byte
	header http.Header
}

func (t thing) etag() string {
	sum := md5.Sum(t.data)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// kept are the fields that a store keeps.
var kept = []string{"Content-Type", "Content-Encoding", "Cache-Control", "Content-Disposition", "X-Amz-Meta-Crieur"}

func newFake() *fake { return &fake{objects: map[string]thing{}} }

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, strings.ToLower(code))
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body []byte
	if r.Method == http.MethodPut {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil || int64(len(body)) != r.ContentLength {
			refuse(w, http.StatusBadRequest, "IncompleteBody")
			return
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case bucket != "site":
		refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	case key == "":
		f.list(w, r)
		return
	}
	t, exists := f.objects[key]
	match, except := r.Header.Get("If-Match"), r.Header.Get("If-None-Match")
	if r.Method == http.MethodPut && !f.lax {
		switch {
		case match != "" && !exists:
			refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		case match != "" && match != t.etag(), except == "*" && exists:
			refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
			return
		}
	}
	switch r.Method {
	case http.MethodPut:
		t = thing{body, http.Header{}}
		for _, name := range kept {
			if v := r.Header.Get(name); v != "" {
				t.header.Set(name, v)
			}
		}
		f.objects[key] = t
		w.Header().Set("ETag", t.etag())
	case http.MethodDelete:
		delete(f.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case http.MethodGet, http.MethodHead:
		if !exists {
			refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		maps.Copy(w.Header(), t.header)
		w.Header().Set("ETag", t.etag())
		w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 09:00:00 GMT")
		if except == t.etag() {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(t.data)))
		if r.Method == http.MethodGet {
			w.Write(t.data)
		}
	}
}

func (f *fake) list(w http.ResponseWriter, r *http.Request) {
	type entry struct{ Key, ETag, LastModified string }
	var result struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string
		Contents              []entry
	}
	q := r.URL.Query()
	for _, key := range slices.Sorted(maps.Keys(f.objects)) {
		if !strings.HasPrefix(key, q.Get("prefix")) || key <= q.Get("continuation-token") {
			continue
		}
		if len(result.Contents) == cmp.Or(f.page, 1000) {
			result.IsTruncated = true
			break
		}
		result.Contents = append(result.Contents, entry{key, f.objects[key].etag(), "2026-11-22T09:00:00.000Z"})
		result.NextContinuationToken = key
	}
	xml.NewEncoder(w).Encode(result)
}

// snapshot is what is in the store, by key.
func (f *fake) snapshot() map[string]thing {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.objects)
}

// set stores an object as somebody else would.
func (f *fake) set(key, data string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.objects[key] = thing{[]byte(data), http.Header{"Content-Type": {"text/plain"}}}
}

func (f *fake) unset(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.objects, key)
}

// A line is what stands between a publisher and a store: it counts the requests,
// and may do something else with one.
type line struct {
	store http.Handler
	mu    sync.Mutex
	log   []string                                                        // METHOD key
	do    func(n int, w http.ResponseWriter, r *http.Request) (done bool) // n counts from 1; it runs one at a time
}

func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	what := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/site/")
	if r.URL.Query().Has("list-type") {
		what = "LIST"
	}
	if r.Method == http.MethodPut { // before anything is refused, or the client may not see the answer
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if !l.instead(what, w, r) {
		l.store.ServeHTTP(w, r)
	}
}

func (l *line) instead(what string, w http.ResponseWriter, r *http.Request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log = append(l.log, what)
	return l.do != nil && l.do(len(l.log), w, r)
}

// requests returns what was asked, and begins anew.
func (l *line) requests() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	log := l.log
	l.log = nil
	return log
}

// meanwhile has do called with every request from now on.
func (l *line) meanwhile(do func(n int, w http.ResponseWriter, r *http.Request) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log, l.do = nil, do
}
