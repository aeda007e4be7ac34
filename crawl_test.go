package crieur_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/net/html"

	"github.com/crieur/crieur"
)

// TestCrawl crawls the example site as it is, and with a page of its own for each
// record.
func TestCrawl(t *testing.T) {
	data, err := os.ReadFile("examples/agenda/crieur.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config, faults := crieur.ReadConfig("crieur.yaml", data)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	config.Base = "https://agenda.val-aubriere.example/sorties/"
	if !testing.Short() {
		t.Run("pages elsewhere", func(t *testing.T) { crawl(t, config) })
	}
	config.Collections, config.Limit = nil, 2 // so that feeds have archives
	t.Run("pages here", func(t *testing.T) { crawl(t, config) })
}

// crawl asks for everything that the example site has, starting at its page and
// following each address of its own that any document names: nothing is missing,
// nothing is without a way to it, and every answer has the type, length, validators
// and codings that it should.
func crawl(t *testing.T, config crieur.Config) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	site, _, faults := crieur.Build(os.DirFS("examples/agenda"), config, nil, now)
	if site == nil {
		t.Fatal(faults)
	}
	server := crieur.Server{Clock: func() time.Time { return now }}
	server.Set(site)
	web := httptest.NewServer(&server)
	defer web.Close()
	c := crawler{t: t, base: config.Base, url: web.URL + "/", found: map[string]*crawled{}, http: &http.Client{Transport: &http.Transport{DisableCompression: true}}}

	queue := []string{""}
	seen := map[string]string{"": "the site"} // who leads there
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		d := c.visit(name, seen[name])
		for _, to := range d.links {
			to, _, _ = strings.Cut(to, "#")
			if _, ok := seen[to]; !ok {
				seen[to] = cmpName(name)
				queue = append(queue, to)
			}
		}
	}
	for name, d := range c.found {
		for _, to := range d.links {
			to, anchor, _ := strings.Cut(to, "#")
			if target := c.found[to]; anchor != "" && target != nil && !slices.Contains(target.anchors, anchor) {
				t.Errorf("%s leads to #%s of %s, which has none", cmpName(name), anchor, cmpName(to))
			}
		}
	}
	for f := range site.Files() {
		if c.found[(&url.URL{Path: f.Name}).String()] == nil && f.Name != "index.html" {
			t.Errorf("nothing leads to %s", f.Name)
		}
	}
	if len(c.found) < 20 {
		t.Errorf("the site has only %d documents", len(c.found))
	}
}

func cmpName(name string) string {
	if name == "" {
		return "the page"
	}
	return name
}

// A crawler asks for the documents of a site that is published at base and served
// at url.
type crawler struct {
	t         *testing.T
	base, url string
	http      *http.Client
	found     map[string]*crawled // by path in the site
}

// A crawled document is what it leads to in the site, and what can be led to in it.
type crawled struct{ links, anchors []string }

// types are those of documents by their names, as feeds and calendars are to have.
var types = map[string]string{
	"": "text/html; charset=utf-8", ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".ics": "text/calendar; charset=utf-8", ".rss": "application/rss+xml; charset=utf-8", ".atom": "application/atom+xml; charset=utf-8",
	".json": "application/feed+json; charset=utf-8", ".opml": "text/x-opml; charset=utf-8",
}

func (c *crawler) visit(name, from string) *crawled {
	c.t.Helper()
	d := new(crawled)
	c.found[name] = d
	plain, body := c.ask("GET", name)
	if plain.StatusCode != http.StatusOK {
		c.t.Errorf("%s leads to %s, which is answered with %s", from, name, plain.Status)
		return d
	}
	h := plain.Header
	bad := func(format string, args ...any) { c.t.Helper(); c.t.Errorf(cmpName(name)+": "+format, args...) }
	if want := types[path.Ext(name)]; h.Get("Content-Type") != want {
		bad("the type is %q, want %q", h.Get("Content-Type"), want)
	}
	if h.Get("Content-Length") != strconv.Itoa(len(body)) || len(body) == 0 {
		bad("%d bytes, Content-Length %s", len(body), h.Get("Content-Length"))
	}
	modified, err := http.ParseTime(h.Get("Last-Modified"))
	if err != nil || modified.After(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)) {
		bad("Last-Modified is %q", h.Get("Last-Modified"))
	}
	if cc := h.Get("Cache-Control"); !strings.HasPrefix(cc, "public, ") {
		bad("Cache-Control is %q", cc)
	}
	for _, field := range []string{"Vary", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Access-Control-Allow-Origin"} {
		if h.Get(field) == "" {
			bad("there is no %s", field)
		}
	}
	if err := parses(name, body); err != nil {
		bad("%v", err)
	}
	tags := map[string]bool{}
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		r, packed := c.ask("GET", name, "Accept-Encoding", coding)
		if got := r.Header.Get("Content-Encoding"); got != coding && !(got == "" && len(body) < 512) {
			bad("asked for %q, it comes in %q", coding, got)
		} else if whole, err := unpack(got, packed); err != nil || !bytes.Equal(whole, body) {
			bad("in %s it is another: %d bytes, %v", coding, len(whole), err)
		}
		tag := r.Header.Get("ETag")
		if strings.HasPrefix(tag, "W/") || len(tag) < 10 || tags[tag] && len(body) >= 512 {
			bad("in %q it has the tag %s", coding, tag)
		}
		tags[tag] = true
		if head, _ := c.ask("HEAD", name, "Accept-Encoding", coding); head.StatusCode != 200 || head.Header.Get("Content-Length") != strconv.Itoa(len(packed)) || head.Header.Get("ETag") != tag {
			bad("HEAD in %q: %v", coding, head.Header)
		}
	}
	for tag := range tags { // each stands for all
		for _, coding := range []string{"", "gzip", "br", "zstd"} {
			if r, got := c.ask("GET", name, "Accept-Encoding", coding, "If-None-Match", tag); r.StatusCode != 304 || len(got) > 0 || !tags[r.Header.Get("ETag")] {
				bad("with %s in %q: %s", tag, coding, r.Status)
			}
		}
	}
	if r, _ := c.ask("GET", name, "If-Modified-Since", h.Get("Last-Modified")); r.StatusCode != 304 {
		bad("with its date: %s", r.Status)
	}
	if r, part := c.ask("GET", name, "Range", "bytes=1-3"); r.StatusCode != 206 || !bytes.Equal(part, body[1:4]) {
		bad("of a range: %s", r.Status)
	}
	c.read(d, name, body)
	return d
}

func (c *crawler) ask(method, name string, fields ...string) (*http.Response, []byte) {
	c.t.Helper()
	r, err := http.NewRequest(method, c.url+name, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	answer, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer, body
}

var address = regexp.MustCompile(`[a-z]+://[^\s"'<>\\]+`)

// read finds what a document leads to.
func (c *crawler) read(d *crawled, name string, body []byte) {
	links := map[string]bool{}
	own, err := url.Parse(c.base + name)
	if err != nil {
		c.t.Fatal(err)
	}
	add := func(to string) {
		u, err := own.Parse(to)
		if err != nil {
			c.t.Errorf("%s: %q is no address", cmpName(name), to)
			return
		}
		if u.Scheme == "webcal" {
			u.Scheme = "https"
		}
		if rest, ok := strings.CutPrefix(u.String(), c.base); ok {
			links[rest] = true
		}
	}
	switch types[path.Ext(name)] {
	case types[".html"]:
		root, err := html.Parse(bytes.NewReader(body))
		if err != nil {
			c.t.Fatal(err)
		}
		for n := range root.Descendants() {
			for _, a := range n.Attr {
				switch {
				case a.Key == "id":
					if slices.Contains(d.anchors, a.Val) {
						c.t.Errorf("%s: the id %s stands twice", cmpName(name), a.Val)
					}
					d.anchors = append(d.anchors, a.Val)
				case a.Key == "href" || a.Key == "src" || a.Key == "action":
					add(a.Val)
				}
			}
		}
	case types[".css"], types[".js"]:
	default:
		text := string(body)
		if path.Ext(name) == ".ics" {
			text = strings.ReplaceAll(text, "\r\n ", "") // unfolded
		}
		for _, to := range address.FindAllString(text, -1) {
			add(strings.TrimRight(html.UnescapeString(to), `.,;)\`))
		}
	}
	d.links = slices.Sorted(maps.Keys(links))
}

func unpack(coding string, data []byte) ([]byte, error) {
	var r io.Reader = bytes.NewReader(data)
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// parses reports what is wrong with the form of a document.
func parses(name string, body []byte) error {
	switch path.Ext(name) {
	case ".rss", ".atom", ".opml":
		for dec := xml.NewDecoder(bytes.NewReader(body)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	case ".json":
		return json.Unmarshal(body, new(any))
	case ".ics":
		if !bytes.HasPrefix(body, []byte("BEGIN:VCALENDAR\r\n")) || !bytes.HasSuffix(body, []byte("END:VCALENDAR\r\n")) {
			return errors.New("it is no whole calendar")
		}
	}
	return nil
}
