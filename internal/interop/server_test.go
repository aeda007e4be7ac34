package interop_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/crieur/crieur"
)

// TestCurl has curl ask the server for documents as readers do: again and
// again, compressed, in part.
func TestCurl(t *testing.T) {
	curl := program(t, "curl", []string{"curl", "-q", "--silent", "--show-error", "--max-time", "20"}, "--version")
	s := countedSite(t, "many", 100)
	var server crieur.Server
	server.Set(s.site)
	web := httptest.NewServer(&server)
	defer web.Close()
	dir := t.TempDir()
	saved := func(name string) []byte {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	// get asks for a document and returns what curl says of the answer; the
	// body goes into the file "body", the header into "header".
	get := func(t *testing.T, name string, args ...string) string {
		t.Helper()
		args = append(args, "--dump-header", filepath.Join(dir, "header"), "--output", filepath.Join(dir, "body"),
			"--write-out", "%{http_code} %{size_download} %{content_type}", web.URL+"/"+name)
		return string(run(t, nil, append(curl, args...)...))
	}
	header := func() http.Header {
		h := http.Header{}
		for line := range strings.Lines(string(saved("header"))) {
			if key, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
				h.Add(key, strings.TrimSpace(value))
			}
		}
		return h
	}

	for _, name := range []string{"events.ics", "events.rss", "events.atom", "events.json", "events.html", "feeds.opml", "index.html"} {
		t.Run(name, func(t *testing.T) {
			f := s.site.File(name)
			if f == nil {
				t.Fatal("there is no such document")
			}
			whole := f.Bytes()
			is := func(what, got, status string, body []byte) {
				t.Helper()
				if !strings.HasPrefix(got, status+" ") {
					t.Errorf("%s: curl says %q, want status %s", what, got, status)
				}
				if !bytes.Equal(saved("body"), body) {
					t.Errorf("%s: the body has %d bytes, want %d", what, len(saved("body")), len(body))
				}
			}

			got := get(t, name)
			is("GET", got, "200", whole)
			plain := header()
			if !strings.HasSuffix(got, " "+f.Type) || plain.Get("ETag") != f.ETag {
				t.Errorf("GET: type and tag are %q and %q, want %q and %q", got, plain.Get("ETag"), f.Type, f.ETag)
			}

			got = get(t, name, "--compressed")
			is("compressed GET", got, "200", whole)
			if size, err := strconv.Atoi(strings.Fields(got)[1]); err != nil || size == 0 || size > len(whole)/2 {
				t.Errorf("compressed GET: %q of %d bytes", got, len(whole))
			}
			if header().Get("ETag") == f.ETag || header().Get("Content-Encoding") == "" {
				t.Errorf("compressed GET: %v", header())
			}

			for _, coding := range [][]string{nil, {"--compressed"}} {
				tag := filepath.Join(dir, "tag")
				is("GET", get(t, name, append(coding, "--etag-save", tag)...), "200", whole)
				if err := os.WriteFile(filepath.Join(dir, "body"), nil, 0o666); err != nil {
					t.Fatal(err)
				}
				is("GET again", get(t, name, append(coding, "--etag-compare", tag)...), "304", nil)
				if header().Get("ETag") == "" || header().Get("Cache-Control") == "" {
					t.Errorf("304 without its headers: %v", header())
				}
				if !strings.HasPrefix(get(t, name, append(coding, "--header", `If-None-Match: "another"`)...), "200 ") {
					t.Error("another tag gives no document")
				}
			}
			modified := plain.Get("Last-Modified")
			if modified == "" {
				t.Fatal("there is no Last-Modified")
			}
			if err := os.WriteFile(filepath.Join(dir, "body"), nil, 0o666); err != nil {
				t.Fatal(err)
			}
			is("GET by date", get(t, name, "--time-cond", modified), "304", nil)

			if got := get(t, name, "--head"); !strings.HasPrefix(got, "200 0 ") {
				t.Errorf("HEAD: curl says %q", got)
			}
			for _, key := range []string{"Content-Type", "Content-Length", "ETag", "Last-Modified", "Cache-Control", "Vary"} {
				if header().Get(key) != plain.Get(key) {
					t.Errorf("HEAD: %s is %q, that of GET %q", key, header().Get(key), plain.Get(key))
				}
			}

			is("range", get(t, name, "--range", "10-99"), "206", whole[10:100])
			is("last bytes", get(t, name, "--compressed", "--range", "-50"), "206", whole[len(whole)-50:])
			is("stale range", get(t, name, "--range", "10-99", "--header", `If-Range: "another"`), "200", whole)
			if got := get(t, name, "--range", strconv.Itoa(len(whole))+"-"); !strings.HasPrefix(got, "416 ") {
				t.Errorf("range behind the end: curl says %q, want 416", got)
			}
		})
	}
	if got := get(t, "nothing.ics"); !strings.HasPrefix(got, "404 ") {
		t.Errorf("a document that is not there: curl says %q", got)
	}
	if got := get(t, "events.ics", "--request", "DELETE"); !strings.HasPrefix(got, "405 ") {
		t.Errorf("DELETE: curl says %q", got)
	}
}
