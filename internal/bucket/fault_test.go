package bucket_test

import (
	"context"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/bucket"
	"github.com/crieur/crieur/internal/s3test"
)

// TestTrouble: what passes is tried again at once, what does not is told and leaves
// what was there; then the same process makes everything right.
func TestTrouble(t *testing.T) {
	always := func(status int, code string) func(int, http.ResponseWriter) bool {
		return func(_ int, w http.ResponseWriter) bool { s3test.Refuse(w, status, code); return true }
	}
	once := func(status int, code string) func(int, http.ResponseWriter) bool {
		return func(n int, w http.ResponseWriter) bool {
			if n > 1 {
				return false
			}
			s3test.Refuse(w, status, code)
			return true
		}
	}
	for _, c := range []struct {
		name, request string // that it is about
		do            func(n int, w http.ResponseWriter) bool
		says          string // empty: nothing goes wrong
	}{
		{"busy", "PUT events.ics", once(503, "SlowDown"), ""},
		{"broken", "PUT .crieur.json", once(500, "InternalError"), ""},
		{"cut", "PUT events.ics", func(n int, _ http.ResponseWriter) bool {
			if n > 1 {
				return false
			}
			panic(http.ErrAbortHandler)
		}, ""},
		{"denied", "PUT events.ics", always(403, "AccessDenied"), "access is denied; the key needs s3:ListBucket"},
		{"list denied", "LIST", always(403, "AccessDenied"), "listing s3://site/: access is denied"},
		{"wrong key", "GET .crieur.json", always(403, "InvalidAccessKeyId"), "reading s3://site/.crieur.json: Forbidden: invalidaccesskeyid"},
		{"full", "PUT events.ics", always(403, "QuotaExceeded"), "writing s3://site/events.ics: Forbidden: quotaexceeded"},
		{"no bucket", "GET .crieur.json", always(404, "NoSuchBucket"), "there is no bucket site"},
		{"short list", "GET .crieur.json", func(_ int, w http.ResponseWriter) bool {
			w.Header().Set("Content-Length", "1000")
			w.Header().Set("ETag", `"x"`)
			w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 09:00:00 GMT")
			w.Write([]byte(`{"crieur":"manifest"`))
			return true
		}, "reading s3://site/.crieur.json: unexpected EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, l, url := start(t)
			w := newTown(t, 20)
			first := w.site()
			p := open(t, url, "s3://site")
			if c.request != "LIST" {
				if _, err := p.Publish(t.Context(), first); err != nil {
					t.Fatal(err)
				}
			}
			for i := range 20 { // all, so that what is there is listed
				w.write(i, "Marché de nuit")
			}
			w.history = nil
			second := w.site()
			n := 0
			l.Meanwhile(func(_ int, what string, w http.ResponseWriter, r *http.Request) bool {
				if what != c.request {
					return false
				}
				n++
				return c.do(n, w)
			})
			_, err := p.Publish(t.Context(), second)
			if n == 0 {
				t.Errorf("there was no request %s in %q", c.request, l.Requests())
			}
			switch {
			case c.says == "" && err != nil:
				t.Fatal(err)
			case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
				t.Errorf("error %v, want %q", err, c.says)
			case c.says != "":
				if o, ok := f.Objects()["index.html"]; ok && string(o.Data) != string(first.File("index.html").Bytes()) {
					t.Error("the page is new, though what it leads to is not")
				}
			}
			l.Meanwhile(nil)
			if _, err := p.Publish(t.Context(), second); err != nil {
				t.Fatal(err)
			}
			equal(t, f.Objects(), "", second)
		})
	}
}

// TestLoad: a store is asked for a few things at once, and it is told how far that is.
func TestLoad(t *testing.T) {
	f, l, url := start(t)
	var under, most atomic.Int32
	several, once := make(chan struct{}), sync.Once{}
	l.Store = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := under.Add(1)
		defer under.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if n == 2 {
			once.Do(func() { close(several) })
		}
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, ".ics") {
			<-several // or it would never be told that they come at once
		}
		f.ServeHTTP(w, r)
	})
	p := open(t, url, "s3://site")
	said := 0
	p.Progress = func(done, of int) {
		if said++; done != said || of < done {
			t.Errorf("%d of %d are stored at call %d", done, of, said)
		}
	}
	done, err := p.Publish(t.Context(), newTown(t, 100).site())
	if err != nil || said != len(done.Written) {
		t.Errorf("%d of %d were told, %v", said, len(done.Written), err)
	}
	if n := most.Load(); n < 2 || n > 16 {
		t.Errorf("%d requests at once", n)
	}
}

// TestCancel: a publication that is no longer wanted ends.
func TestCancel(t *testing.T) {
	_, l, url := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	l.Meanwhile(func(n int, what string, w http.ResponseWriter, r *http.Request) bool {
		if n < 5 {
			return false
		}
		cancel()
		<-r.Context().Done() // a store that never answers
		return true
	})
	if _, err := open(t, url, "s3://site").Publish(ctx, newTown(t, 5).site()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestTwoWriters: of two processes that publish to one place, each sees what the
// other did, at whatever request it does so, and what the last one to go on
// publishes is all that there is.
func TestTwoWriters(t *testing.T) {
	w := newTown(t, 4)
	one := w.site()
	w.write(0, "Marché de nuit")
	two := w.site()
	w.write(1, "Marché couvert")
	w.forget(2)
	three := w.site()
	everywhere(t, func(t *testing.T, at *place) {
		n := 1
		for met := true; met; n += 1 + at.n {
			at.clear()
			p, q := open(t, at.url, "s3://site"), open(t, at.url, "s3://site")
			if _, err := p.Publish(t.Context(), one); err != nil {
				t.Fatal(err)
			}
			met = false
			at.line.Meanwhile(func(i int, _ string, _ http.ResponseWriter, _ *http.Request) bool {
				if i == n {
					met = true
					at.line.Aside(func() {
						if _, err := q.Publish(t.Context(), three); err != nil {
							t.Errorf("at request %d, the other: %v", n, err)
						}
					})
				}
				return false
			})
			if _, err := p.Publish(t.Context(), two); err != nil && !errors.Is(err, bucket.ErrOther) {
				t.Errorf("at request %d: %v", n, err)
			}
			at.line.Meanwhile(nil)
			for _, again := range []struct {
				p    *bucket.Publisher
				site *crieur.Site
			}{{p, two}, {q, three}} {
				again.p.Check()
				if _, err := again.p.Publish(t.Context(), again.site); err != nil {
					t.Errorf("at request %d, and then: %v", n, err)
				}
				equal(t, at.Objects(), "", again.site)
			}
			if t.Failed() {
				t.Fatalf("at request %d", n)
			}
		}
		if n < 10 {
			t.Errorf("only %d requests", n)
		}
	})
}

// TestFollows: what another process published is gone on from if that is wanted.
func TestFollows(t *testing.T) {
	_, _, url := start(t)
	w := newTown(t, 3)
	p := open(t, url, "s3://site")
	if _, err := p.Publish(t.Context(), w.site()); err != nil {
		t.Fatal(err)
	}
	follows := func(h *crieur.History) func(fs.FS) error {
		return func(published fs.FS) error { return h.Follows(published) }
	}
	p = open(t, url, "s3://site")
	p.Follows = follows(new(crieur.History))
	if _, err := p.Publish(t.Context(), w.site()); !errors.Is(err, crieur.ErrHistory) {
		t.Errorf("without a history: %v", err)
	}
	site := w.site()
	p.Follows = follows(w.history)
	if _, err := p.Publish(t.Context(), site); err != nil {
		t.Error(err)
	}

	// The next is older, as a clock that was wrong would have it, and is believed.
	w.history, w.now = nil, now.Add(-time.Hour)
	site = w.site()
	if _, err := open(t, url, "s3://site").Publish(t.Context(), site); err != nil {
		t.Error(err)
	}
	p = open(t, url, "s3://site")
	p.Follows = follows(w.history)
	if _, err := p.Publish(t.Context(), site); err != nil {
		t.Error(err)
	}
}

// TestTLS publishes to a store that is known by its certificate.
func TestTLS(t *testing.T) {
	f := s3test.NewStore(nil)
	server := httptest.NewTLSServer(f)
	defer server.Close()
	site := newTown(t, 1).site()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", file)
	if _, err := open(t, server.URL, "s3://site").Publish(t.Context(), site); err != nil {
		t.Error(err)
	}
	equal(t, f.Objects(), "", site)
}

func TestOpen(t *testing.T) {
	for _, c := range []struct{ address, endpoint, says string }{
		{"s3://site", "", ""},
		{"s3://site/", "https://s3.fr-par.scw.example", ""},
		{"s3://site/a/b/", "http://localhost:9000/", ""},
		{"https://site", "", `the bucket is "https://site": want the form s3://name or s3://name/prefix`},
		{"s3://", "", "is no name of a bucket"},
		{"s3://KEY:SECRET@site/a", "", "is no name of a bucket"},
		{"s3://site?endpoint=x", "", "is no name of a bucket"},
		{"s3://site/a//b", "", "is no prefix"},
		{"s3://site/../b", "", "is no prefix"},
		{"s3://site", "s3.example", "AWS_ENDPOINT_URL is not an address"},
		{"s3://site", "https://KEY:SECRET@s3.example", "AWS_ENDPOINT_URL is not an address"},
	} {
		p, err := bucket.Open(c.address, environment(c.endpoint))
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", c.address, err)
		case c.says == "" && p.String() != strings.TrimSuffix(c.address, "/"):
			t.Errorf("%s is shown as %s", c.address, p)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: error %v, want %q", c.address, err, c.says)
		case c.endpoint != "" && err != nil && strings.Contains(err.Error(), "SECRET") && !strings.Contains(c.address, "SECRET"):
			t.Errorf("a secret is told: %v", err)
		}
	}
}

// TestKeys: credentials are found in files too; without any nothing is asked.
func TestKeys(t *testing.T) {
	_, l, url := start(t)
	file := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(file, []byte("[default]\naws_access_key_id = other\naws_secret_access_key = x\n[agenda]\naws_access_key_id = valmeuse\naws_secret_access_key = y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", "/nonexistent")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	l.Meanwhile(func(_ int, what string, _ http.ResponseWriter, r *http.Request) bool {
		if signed := r.Header.Get("Authorization"); !strings.Contains(signed, "Credential=valmeuse/") || !strings.Contains(signed, "/fr-par/s3/") && what != "GET " {
			t.Errorf("%q is signed by %q", what, signed)
		}
		return false
	})
	profile, err := bucket.Open("s3://site", func(name string) string {
		return map[string]string{"AWS_ENDPOINT_URL": url, "AWS_PROFILE": "agenda"}[name] // and no region
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := profile.Publish(t.Context(), newTown(t, 1).site()); err != nil {
		t.Error(err)
	}
	l.Meanwhile(nil)

	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
	p, err := bucket.Open("s3://site", func(name string) string {
		return map[string]string{"AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true"}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Publish(t.Context(), newTown(t, 1).site()); err == nil || !strings.Contains(err.Error(), "no credentials were found") {
		t.Errorf("error %v", err)
	}
	if log := l.Requests(); len(log) > 0 {
		t.Errorf("requests %q", log)
	}
}
