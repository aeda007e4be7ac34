package crieur

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// testSite has one document of each behaviour.
func testSite() *Site {
	modified := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	files := map[string]*File{}
	for name, data := range map[string]string{
		"index.html":      "<!DOCTYPE html><title>x</title>" + strings.Repeat("<p>texte</p>", 100),
		"events.ics":      "BEGIN:VCALENDAR\r\n" + strings.Repeat("X-A:b\r\n", 100) + "END:VCALENDAR\r\n",
		"event/foire.ics": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
		"events.atom":     "<feed/>",
		"日本.rss":          "<rss/>",
		"feed.css":        "rss {}",
	} {
		f := newFile(name, []byte(data))
		f.Modified = modified
		files[name] = f
	}
	s := newSite(sortedFiles(files))
	s.Refresh = time.Hour
	s.elsewhere = new(elsewhere)
	return s
}

// put adds a file to a site, or replaces it.
func put(s *Site, f *File) {
	i, ok := slices.BinarySearchFunc(s.files, f.Name, (*File).byName)
	if ok {
		s.files[i] = f
	} else {
		s.files = slices.Insert(s.files, i, f)
	}
}

func request(t *testing.T, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// decoded is what a reader makes of a body in a coding.
func decoded(t *testing.T, coding, body string) string {
	t.Helper()
	var r io.Reader = strings.NewReader(body)
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r, zstd.WithDecoderMaxWindow(8<<20))
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	return string(data)
}

func TestServerBeforeTheFirstSite(t *testing.T) {
	r := request(t, new(Server), "GET", "/events.ics")
	if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q", r.StatusCode, r.Header.Get("Retry-After"))
	}
}

func TestServer(t *testing.T) {
	var s Server
	site := testSite()
	s.Set(site)
	tag := site.File("events.ics").ETag
	for _, c := range []struct {
		name, method, target string
		header               []string
		code                 int
		want                 map[string]string
	}{
		{"a calendar", "GET", "/events.ics", nil, 200, map[string]string{
			"Content-Type": "text/calendar; charset=utf-8", "Etag": tag, "Cache-Control": "public, max-age=3600, stale-if-error=86400",
			"Last-Modified": "Fri, 20 Nov 2026 08:00:00 GMT", "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding",
			"Access-Control-Allow-Origin": "*", "Content-Disposition": "", "Content-Encoding": ""}},
		{"the page", "GET", "/", nil, 200, map[string]string{"Content-Type": "text/html; charset=utf-8", "Cache-Control": "public, no-cache"}},
		{"one event", "GET", "/event/foire.ics", nil, 200, map[string]string{"Content-Disposition": "attachment"}},
		{"a name that needs escapes", "GET", "/%E6%97%A5%E6%9C%AC.rss", nil, 200, map[string]string{"Content-Type": "application/rss+xml; charset=utf-8"}},
		{"a feed for a reader", "GET", "/events.atom", []string{"Sec-Fetch-Dest", "empty", "Accept", "application/xml, text/html, */*"}, 200, map[string]string{
			"Content-Type": "application/atom+xml; charset=utf-8", "Vary": "Accept-Encoding, A-IM, Sec-Fetch-Dest", "Etag": site.File("events.atom").ETag}},
		{"a feed in a tab", "GET", "/events.atom", []string{"Sec-Fetch-Dest", "document"}, 200, map[string]string{
			"Content-Type": "application/xml; charset=utf-8", "Vary": "Accept-Encoding, A-IM, Sec-Fetch-Dest", "Etag": site.File("events.atom").ETag,
			"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff", "Content-Disposition": ""}},
		{"a feed in a tab again", "GET", "/events.atom", []string{"Sec-Fetch-Dest", "document", "If-None-Match", site.File("events.atom").ETag}, 304, map[string]string{"Vary": "Accept-Encoding, A-IM, Sec-Fetch-Dest"}},
		{"another feed in a tab", "GET", "/%E6%97%A5%E6%9C%AC.rss", []string{"Sec-Fetch-Dest", "document"}, 200, map[string]string{"Content-Type": "application/xml; charset=utf-8"}},
		{"a calendar in a tab", "GET", "/events.ics", []string{"Sec-Fetch-Dest", "document"}, 200, map[string]string{"Content-Type": "text/calendar; charset=utf-8", "Vary": "Accept-Encoding"}},
		{"the style of feeds", "GET", "/feed.css", []string{"Sec-Fetch-Dest", "style"}, 200, map[string]string{"Content-Type": "text/css; charset=utf-8"}},
		{"gzip", "GET", "/events.ics", []string{"Accept-Encoding", "deflate, gzip"}, 200, map[string]string{"Content-Encoding": "gzip", "Etag": tagIn(gzipped, tag)}},
		{"brotli", "GET", "/events.ics", []string{"Accept-Encoding", "gzip, deflate, br, zstd"}, 200, map[string]string{"Content-Encoding": "br", "Etag": tagIn(brotlied, tag)}},
		{"zstd", "GET", "/events.ics", []string{"Accept-Encoding", "gzip", "Accept-Encoding", "zstd"}, 200, map[string]string{"Content-Encoding": "zstd", "Etag": tagIn(zstandard, tag)}},
		{"gzip refused", "GET", "/events.ics", []string{"Accept-Encoding", "gzip;q=0, *"}, 200, map[string]string{"Content-Encoding": "", "Etag": tag}},
		{"gzip that gains nothing", "GET", "/events.atom", []string{"Accept-Encoding", "gzip"}, 200, map[string]string{"Content-Encoding": ""}},
		{"known tag", "GET", "/events.ics", []string{"If-None-Match", tag}, 304, map[string]string{"Etag": tag, "Cache-Control": "public, max-age=3600, stale-if-error=86400", "Vary": "Accept-Encoding"}},
		{"weak tag in a list", "GET", "/events.ics", []string{"If-None-Match", `"x", W/` + tag}, 304, nil},
		{"tag of the other coding", "GET", "/events.ics", []string{"If-None-Match", tagIn(gzipped, tag)}, 304, nil},
		{"tag of the other coding, compressed", "GET", "/events.ics", []string{"If-None-Match", tag, "Accept-Encoding", "gzip"}, 304, map[string]string{"Etag": tagIn(gzipped, tag), "Content-Encoding": ""}},
		{"tag of brotli for zstd", "GET", "/events.ics", []string{"If-None-Match", tagIn(brotlied, tag), "Accept-Encoding", "zstd"}, 304, map[string]string{"Etag": tagIn(zstandard, tag)}},
		{"tag of a proxy that compresses", "GET", "/events.ics", []string{"If-None-Match", `"x",W/` + strings.TrimSuffix(tag, `"`) + `-gzip"`}, 304, nil},
		{"tag that only begins alike", "GET", "/events.ics", []string{"If-None-Match", strings.TrimSuffix(tag, `"`) + `-other"`}, 200, nil},
		{"any tag", "HEAD", "/events.ics", []string{"If-None-Match", "*"}, 304, nil},
		{"old tag with a new date", "GET", "/events.ics", []string{"If-None-Match", `"old"`, "If-Modified-Since", "Sat, 21 Nov 2026 08:00:00 GMT"}, 200, nil},
		{"date", "GET", "/events.ics", []string{"If-Modified-Since", "Fri, 20 Nov 2026 08:00:00 GMT"}, 304, nil},
		{"older date", "GET", "/events.ics", []string{"If-Modified-Since", "Fri, 20 Nov 2026 07:59:59 GMT"}, 200, nil},
		{"no date", "GET", "/events.ics", []string{"If-Modified-Since", "yesterday"}, 200, nil},
		{"head", "HEAD", "/events.ics", nil, 200, map[string]string{"Content-Length": "732", "Etag": tag}},
		{"range", "GET", "/events.ics", []string{"Range", "bytes=0-14", "Accept-Encoding", "gzip"}, 206, map[string]string{"Content-Range": "bytes 0-14/732", "Etag": tag, "Content-Encoding": ""}},
		{"range of another version", "GET", "/events.ics", []string{"Range", "bytes=0-14", "If-Range", `"old"`}, 200, nil},
		{"range out of the document", "GET", "/events.ics", []string{"Range", "bytes=9999-"}, 416, nil},
		{"range in an unknown unit", "GET", "/events.ics", []string{"Range", "items=0-5"}, 200, nil},
		{"no bytes of its end", "GET", "/events.ics", []string{"Range", "bytes=-0"}, 200, map[string]string{"Content-Range": "", "Content-Length": "732"}},
		{"range that ends before it begins", "GET", "/events.ics", []string{"Range", "bytes=14-0", "Accept-Encoding", "gzip"}, 200, map[string]string{"Content-Range": "", "Content-Encoding": "gzip"}},
		{"range that ends far away", "GET", "/events.ics", []string{"Range", "bytes=0-99999999999999999999"}, 200, map[string]string{"Content-Length": "732"}},
		{"range of words", "GET", "/events.ics", []string{"Range", "bytes=a-b"}, 200, map[string]string{"Content-Length": "732"}},
		{"end of the document", "GET", "/events.ics", []string{"Range", "bytes= -15 ,"}, 206, map[string]string{"Content-Range": "bytes 717-731/732"}},
		{"two ranges", "GET", "/events.ics", []string{"Range", "bytes=0-14,700-"}, 206, nil},
		{"more ranges than anybody needs", "GET", "/events.ics", []string{"Range", "bytes=0-0" + strings.Repeat(",0-0", 1000)}, 200, map[string]string{"Content-Length": "732"}},
		{"range of a head", "HEAD", "/events.ics", []string{"Range", "bytes=0-14"}, 200, map[string]string{"Content-Length": "732"}},
		{"if match", "GET", "/events.ics", []string{"If-Match", tag}, 200, nil},
		{"if match of another coding", "GET", "/events.ics", []string{"If-Match", tagIn(brotlied, tag)}, 200, nil},
		{"if another matches", "GET", "/events.ics", []string{"If-Match", `"other"`}, 412, nil},
		{"if unmodified", "GET", "/events.ics", []string{"If-Unmodified-Since", "Fri, 20 Nov 2026 08:00:00 GMT"}, 200, nil},
		{"if unmodified for long", "GET", "/events.ics", []string{"If-Unmodified-Since", "Fri, 20 Nov 2020 08:00:00 GMT"}, 412, nil},
		{"post", "POST", "/events.ics", nil, 405, map[string]string{"Allow": "GET, HEAD, OPTIONS"}},
		{"options", "OPTIONS", "/events.ics", nil, 204, map[string]string{"Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Origin": "*",
			"Access-Control-Allow-Headers": "A-IM, If-Modified-Since, If-None-Match, If-Range, Range", "Access-Control-Max-Age": "86400"}},
		{"not there", "GET", "/autre.ics", nil, 404, map[string]string{"Access-Control-Allow-Origin": "*"}},
		{"a folder", "GET", "/event/", nil, 404, nil},
		{"out of the site", "GET", "/../go.mod", nil, 404, nil},
		{"the list of files", "GET", "/.crieur.json", nil, 404, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := request(t, &s, c.method, c.target, c.header...)
			if r.StatusCode != c.code {
				t.Errorf("status %d, want %d", r.StatusCode, c.code)
			}
			for k, v := range c.want {
				if got := r.Header.Get(k); got != v {
					t.Errorf("%s: %q, want %q", k, got, v)
				}
			}
			got := body(t, r)
			if (c.method == "HEAD" || c.code == 304 || c.code == 204) && got != "" {
				t.Errorf("a body of %d bytes", len(got))
			}
			if c.code == 200 && c.method == "GET" {
				whole := string(site.File(strings.TrimPrefix(strings.Replace(c.target, "/%E6%97%A5%E6%9C%AC", "/日本", 1), "/") + map[bool]string{true: "index.html"}[c.target == "/"]).Bytes())
				got = decoded(t, r.Header.Get("Content-Encoding"), got)
				if got != whole {
					t.Errorf("body of %d bytes, want %d", len(got), len(whole))
				}
			}
		})
	}
}

// All feeds are found where readers look for them (RFC 8615).
func TestServerWellKnown(t *testing.T) {
	var s Server
	site := testSite()
	s.Set(site)
	if r := request(t, &s, "GET", "/.well-known/feeds"); r.StatusCode != 404 {
		t.Errorf("without feeds %d", r.StatusCode)
	}
	f := newFile("feeds.opml", []byte("<opml/>"))
	put(site, f)
	r := request(t, &s, "GET", "/.well-known/feeds")
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "text/x-opml; charset=utf-8" || r.Header.Get("ETag") != f.ETag || body(t, r) != "<opml/>" {
		t.Errorf("%d, %v", r.StatusCode, r.Header)
	}
}

func TestServerHoldsTimesAgainstTheClock(t *testing.T) {
	now := time.Date(2026, 11, 20, 7, 59, 59, 500e6, time.UTC)
	s := Server{Clock: func() time.Time { return now }}
	site := testSite()
	site.NextChange = now.Add(90 * time.Second)
	s.Set(site)
	r := request(t, &s, "GET", "/events.ics")
	if got := r.Header.Get("Cache-Control"); got != "public, max-age=90, stale-if-error=86400" {
		t.Errorf("Cache-Control %q, want it to end with the next change", got)
	}
	if got := r.Header.Get("Last-Modified"); got != "" {
		t.Errorf("Last-Modified %q, which is in the future", got)
	}
	r = request(t, &s, "GET", "/events.ics", "Range", "bytes=0-5")
	if got := r.Header.Get("Last-Modified"); got != "" || r.StatusCode != http.StatusPartialContent {
		t.Errorf("of a range: %d, Last-Modified %q, which is in the future", r.StatusCode, got)
	}
	now = now.Add(2 * time.Hour)
	r = request(t, &s, "GET", "/events.ics")
	if got := r.Header.Get("Cache-Control"); got != "public, max-age=0, stale-if-error=86400" {
		t.Errorf("Cache-Control %q", got)
	}
	if r.Header.Get("Last-Modified") == "" {
		t.Error("no Last-Modified")
	}
}

// A reader sees one generation or the other, never parts of both.
func TestServerSwapsWhole(t *testing.T) {
	var s Server
	sites := []*Site{testSite(), testSite()}
	put(sites[1], newFile("events.ics", bytes.Repeat([]byte("y"), 100000)))
	s.Set(sites[0])
	done := make(chan bool)
	go func() {
		for i := range 2000 {
			s.Set(sites[i%2])
		}
		close(done)
	}()
	for {
		r := request(t, &s, "GET", "/events.ics")
		data := []byte(body(t, r))
		if newFile("events.ics", data).ETag != r.Header.Get("ETag") {
			t.Fatal("the body is not the one of its tag")
		}
		select {
		case <-done:
			return
		default:
		}
	}
}

func BenchmarkServer304(b *testing.B) {
	var s Server
	site := testSite()
	s.Set(site)
	r := httptest.NewRequest("GET", "/events.ics", nil)
	r.Header.Set("If-None-Match", site.File("events.ics").ETag)
	b.ReportAllocs()
	for b.Loop() {
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
}
