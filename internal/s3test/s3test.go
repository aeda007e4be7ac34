// Package s3test has a store of objects, in memory, that speaks as much of S3 as
// crieur does, and a line to a store on which anything may happen. It is for tests.
package s3test

import (
	"bytes"
	"cmp"
	"context"
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

// A Store is a store in memory with one bucket, called "site". It believes every
// signature. Its methods may be called at once.
type Store struct {
	Page int  // of a listing; zero: a thousand
	Lax  bool // ignores the conditions of what is written, as some stores do
	Old  bool // refuses what has conditions, as others do
	Bare bool // takes the quotes of a tag that is to match for a part of it, as Ceph does

	mu      sync.Mutex
	objects map[string]Object
}

// An Object is what is stored, with its header fields.
type Object struct {
	Data   []byte
	Header http.Header
}

func (t Object) etag() string {
	sum := md5.Sum(t.Data)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// kept are the fields that a store keeps.
var kept = []string{"Content-Type", "Content-Encoding", "Cache-Control", "Content-Disposition", "X-Amz-Meta-Crieur"}

// NewStore returns a store that holds objects, by key; nil: none.
func NewStore(objects map[string]Object) *Store {
	s := &Store{objects: map[string]Object{}}
	maps.Copy(s.objects, objects)
	return s
}

// Refuse answers with an error of that code.
func Refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, strings.ToLower(code))
}

func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body []byte
	if r.Method == http.MethodPut {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case bucket != "site":
		Refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	case r.URL.Query().Has("location"):
		io.WriteString(w, "<LocationConstraint>fr-par</LocationConstraint>")
		return
	case key == "":
		s.list(w, r)
		return
	}
	t, exists := s.objects[key]
	match, except := r.Header.Get("If-Match"), r.Header.Get("If-None-Match")
	if r.Method == http.MethodPut && s.Old && match+except != "" {
		Refuse(w, http.StatusNotImplemented, "NotImplemented")
		return
	}
	if r.Method == http.MethodPut && !s.Lax {
		have := t.etag()
		if s.Bare {
			have = strings.Trim(have, `"`)
		}
		switch {
		case match != "" && !exists:
			Refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		case match != "" && match != have, except == "*" && exists:
			Refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
			return
		}
	}
	switch r.Method {
	case http.MethodPut:
		t = Object{body, http.Header{}}
		for _, name := range kept {
			if v := r.Header.Get(name); v != "" {
				t.Header.Set(name, v)
			}
		}
		s.objects[key] = t
		w.Header().Set("ETag", t.etag())
	case http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case http.MethodGet, http.MethodHead:
		if !exists {
			Refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		maps.Copy(w.Header(), t.Header)
		w.Header().Set("ETag", t.etag())
		w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 09:00:00 GMT")
		if except == t.etag() {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(t.Data)))
		if r.Method == http.MethodGet {
			w.Write(t.Data)
		}
	}
}

func (s *Store) list(w http.ResponseWriter, r *http.Request) {
	type entry struct{ Key, ETag, LastModified string }
	var result struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string
		Contents              []entry
	}
	q := r.URL.Query()
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		if !strings.HasPrefix(key, q.Get("prefix")) || key <= q.Get("continuation-token") {
			continue
		}
		if len(result.Contents) == cmp.Or(s.Page, 1000) {
			result.IsTruncated = true
			break
		}
		result.Contents = append(result.Contents, entry{key, s.objects[key].etag(), "2026-11-22T09:00:00.000Z"})
		result.NextContinuationToken = key
	}
	xml.NewEncoder(w).Encode(result)
}

// Objects is what is in the store now, by key.
func (s *Store) Objects() map[string]Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.objects)
}

// Reset has the store hold these objects, and nothing else.
func (s *Store) Reset(objects map[string]Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects = maps.Clone(objects)
}

// Set stores an object as somebody else would.
func (s *Store) Set(key, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[key] = Object{[]byte(data), http.Header{"Content-Type": {"text/plain"}}}
}

// Corrupt gives an object other bytes, and leaves its header fields.
func (s *Store) Corrupt(key, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[key] = Object{[]byte(data), s.objects[key].Header}
}

// Remove takes an object away.
func (s *Store) Remove(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.objects, key)
}

// A Line stands between a publisher and a store: it counts the requests, and may
// do something else with one. Its methods may be called at once.
type Line struct {
	Store http.Handler

	mu  sync.Mutex
	log []string // METHOD key, or LIST
	do  Do
}

// Do may answer a request instead of the store, and reports whether it did. It runs
// one at a time; n counts from 1, and what is that request as Requests has it.
type Do func(n int, what string, w http.ResponseWriter, r *http.Request) (done bool)

func (l *Line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	what := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/site/")
	if r.URL.Query().Has("list-type") {
		what = "LIST"
	}
	// Before anything is refused, or the client may not see the answer.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if l.instead(what, w, r) {
		return
	}
	// What was asked is done, though nobody waits for it any more.
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer cancel()
	l.Store.ServeHTTP(w, r.WithContext(ctx))
}

func (l *Line) instead(what string, w http.ResponseWriter, r *http.Request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log = append(l.log, what)
	return l.do != nil && l.do(len(l.log), what, w, r)
}

// Requests returns what was asked, and begins anew.
func (l *Line) Requests() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	log := l.log
	l.log = nil
	return log
}

// Meanwhile has do called with every request from now on, and begins to count anew;
// nil: none.
func (l *Line) Meanwhile(do Do) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log, l.do = nil, do
}

// Aside calls f from within a [Do] that is over with: f may use the line.
func (l *Line) Aside(f func()) {
	l.do = nil
	l.mu.Unlock()
	defer l.mu.Lock()
	f()
}
