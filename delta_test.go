package crieur

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Law: whatever is edited, a reader that asks for deltas holds of each article in the feed exactly what one that reads
// all of it does, however seldom it asks, also of a feed of which something was chosen, and when the server starts anew.
func TestDeltas(t *testing.T) {
	type reader struct {
		target, tag string
		held        map[string]string
	}
	deltas, wholes, shorter := 0, 0, 0
	for seed := range seeds(3) {
		random := rand.New(rand.NewPCG(seed, 8))
		w := newWorld(t)
		w.config.MaxRemoval = 100
		w.config.Limit = 8
		var readers []*reader
		for _, target := range []string{"/events.rss", "/events.atom", "/events.json", "/events.atom?from=2027-01-01", "/articles.atom", "/articles.rss"} {
			readers = append(readers, &reader{target: target, held: map[string]string{}})
		}
		server := new(Server)
		for n := range 120 {
			for range random.IntN(3) {
				edit(random, w, n)
			}
			switch random.IntN(25) {
			case 0:
				server = new(Server)
				w.builder = Builder{}
				w.builder.Warm("one")
				w.history = reload(t, w.history)
			case 1:
				w.config.MaxBytes = 4000 + random.IntN(9000)
			case 2:
				w.config.Author = fmt.Sprint("La mairie ", n)
			}
			w.now = w.now.Add(time.Duration(random.IntN(7200)) * time.Second)
			site, history, _ := w.builder.Build(w.files, w.config, w.history, w.now)
			if site == nil {
				continue
			}
			w.site, w.history = site, history
			server.Set(site)
			for _, r := range readers {
				if random.IntN(3) == 0 {
					continue
				}
				whole := request(t, server, "GET", r.target)
				if whole.StatusCode == 404 {
					continue
				}
				all := articlesOf(r.target, body(t, whole))
				tags := r.tag
				if random.IntN(4) == 0 {
					tags = `"x-y", W/` + strings.TrimSuffix(tags, `"`) + `-gz"`
				}
				delta := request(t, server, "GET", r.target, "If-None-Match", tags, "A-IM", "vcdiff, Feed")
				part := articlesOf(r.target, body(t, delta))
				switch delta.StatusCode {
				case 200:
					wholes++
				case 226:
					deltas++
					if len(part) < len(all) {
						shorter++
					}
					if delta.Header.Get("IM") != "feed" || delta.Header.Get("Delta-Base") != r.tag {
						t.Fatalf("IM %q, Delta-Base %q, want %s", delta.Header.Get("IM"), delta.Header.Get("Delta-Base"), r.tag)
					}
				case 304:
					if r.tag != whole.Header.Get("ETag") {
						t.Fatalf("304 for %s, which is not %s", r.tag, whole.Header.Get("ETag"))
					}
				default:
					t.Fatalf("%s: %d", r.target, delta.StatusCode)
				}
				for id, text := range part {
					r.held[id] = text
				}
				for id, text := range all {
					if r.held[id] != text {
						t.Fatalf("site %d, step %d, %s, %d: of %s it holds\n%s\nwant\n%s", seed, n, r.target, delta.StatusCode, id, r.held[id], text)
					}
				}
				if r.tag = delta.Header.Get("ETag"); r.tag != whole.Header.Get("ETag") {
					t.Fatalf("the tag of the delta is %s, that of all is %s", r.tag, whole.Header.Get("ETag"))
				}
			}
		}
	}
	if deltas < 50 || shorter != deltas || wholes < 20 {
		t.Errorf("%d deltas, of which %d are shorter, and %d whole documents: this shows little", deltas, shorter, wholes)
	}
}

var articleIDs = map[string]*regexp.Regexp{
	".rss":  regexp.MustCompile(`(?s)<item>.*?<guid[^>]*>(.*?)</guid>.*?</item>`),
	".atom": regexp.MustCompile(`(?s)<entry[^>]*>.*?<id>(.*?)</id>.*?</entry>`),
	".json": regexp.MustCompile("(?s)\n    \\{\n      \"id\": \"(.*?)\".*?\n    \\}"),
}

// articlesOf are the articles of a feed by their ids, as they are written.
func articlesOf(target, doc string) map[string]string {
	name, _, _ := strings.Cut(target, "?")
	all := map[string]string{}
	for _, m := range articleIDs[name[strings.LastIndexByte(name, '.'):]].FindAllStringSubmatch(doc, -1) {
		all[m[1]] = m[0]
	}
	return all
}

func TestDelta(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.event(fmt.Sprintf("%d.md", i), fmt.Sprint("Visite ", i), fmt.Sprintf("2027-03-%02d 18:00", i+1))
	}
	s := new(Server)
	w.build()
	s.Set(w.site)
	first := request(t, s, "GET", "/events.atom").Header.Get("ETag")
	w.event("1.md", "Visite 1", "2027-03-12 18:00")
	w.later(time.Hour)
	s.Set(w.site)
	now := w.site.File("events.atom")
	if !strings.Contains(string(now.Bytes()), "<fh:complete/>") {
		t.Fatal("the feed is not complete")
	}
	for _, c := range []struct {
		name   string
		method string
		header []string
		code   int
		want   map[string]string
	}{
		{"a delta", "GET", []string{"A-IM", "feed", "If-None-Match", first}, 226, map[string]string{"IM": "feed", "Delta-Base": first, "ETag": now.ETag,
			"Cache-Control": "no-store, im, max-age=3600", "Vary": "Accept-Encoding, A-IM, Sec-Fetch-Dest", "Last-Modified": "", "Content-Type": "application/atom+xml; charset=utf-8"}},
		{"compressed", "GET", []string{"A-IM", "feed", "If-None-Match", first, "Accept-Encoding", "gzip"}, 226, map[string]string{"Content-Encoding": "gzip", "ETag": tagIn(gzipped, now.ETag)}},
		{"a head", "HEAD", []string{"A-IM", "feed", "If-None-Match", first}, 226, map[string]string{"IM": "feed"}},
		{"nothing new", "GET", []string{"A-IM", "feed", "If-None-Match", now.ETag}, 304, map[string]string{"Cache-Control": "private, max-age=3600", "IM": ""}},
		{"both", "GET", []string{"A-IM", "feed", "If-None-Match", first + ", " + now.ETag}, 304, nil},
		{"another", "GET", []string{"A-IM", "feed", "If-None-Match", `"other"`}, 200, map[string]string{"IM": "", "Cache-Control": "private, max-age=3600"}},
		{"of another document", "GET", []string{"A-IM", "feed", "If-None-Match", w.site.File("events.rss").ETag}, 200, nil},
		{"no tag", "GET", []string{"A-IM", "feed"}, 200, nil},
		{"not asked for", "GET", []string{"If-None-Match", first}, 200, map[string]string{"Cache-Control": "public, max-age=3600, stale-if-error=86400", "Vary": "Accept-Encoding, A-IM, Sec-Fetch-Dest"}},
		{"refused", "GET", []string{"A-IM", "feed;q=0", "If-None-Match", first}, 200, nil},
		{"refused with more digits", "GET", []string{"A-IM", "feed; q=0.000", "If-None-Match", first}, 200, nil},
		{"the ninth of many", "GET", []string{"A-IM", "feed", "If-None-Match", first + `, "b", "c", "d", "e", "f", "g", "h", ` + now.ETag}, 304, map[string]string{"IM": "", "Delta-Base": "", "Cache-Control": "private, max-age=3600"}},
		{"unless it is another", "GET", []string{"A-IM", "feed", "If-None-Match", first, "If-Match", first}, 412, map[string]string{"IM": "", "Delta-Base": ""}},
		{"another manipulation", "GET", []string{"A-IM", "vcdiff", "If-None-Match", first}, 200, nil},
		{"through a cache", "GET", []string{"A-IM", "feed", "If-None-Match", first, "Via", "1.1 cache"}, 200, nil},
		{"through a network of caches", "GET", []string{"A-IM", "feed", "If-None-Match", first, "CDN-Loop", "cdn"}, 200, nil},
		{"a range", "GET", []string{"A-IM", "feed", "If-None-Match", first, "Range", "bytes=0-9"}, 206, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := request(t, s, c.method, "/events.atom", c.header...)
			if r.StatusCode != c.code {
				t.Errorf("%d, want %d", r.StatusCode, c.code)
			}
			for k, v := range c.want {
				if got := r.Header.Get(k); got != v {
					t.Errorf("%s: %q, want %q", k, got, v)
				}
			}
		})
	}
	r := request(t, s, "GET", "/events.atom", "A-IM", "feed", "If-None-Match", first)
	doc := body(t, r)
	if n := strings.Count(doc, "<entry "); n != 1 || !strings.Contains(doc, "Visite 1") || strings.Contains(doc, "complete") {
		t.Errorf("%d entries in\n%s", n, doc)
	}
	whole := string(now.Bytes())
	_, updated, _ := strings.Cut(whole, "<updated>")
	if updated, _, _ = strings.Cut(updated, "<"); !strings.Contains(doc[:strings.Index(doc, "<entry ")], updated) {
		t.Errorf("the delta was not updated %s", updated)
	}
}

// What has left a feed is told by its absence from the whole.
func TestDeltaOfWhatIsGone(t *testing.T) {
	w := newWorld(t)
	w.config.MaxRemoval = 100
	for i := range 3 {
		w.write(fmt.Sprintf("%d.md", i), fmt.Sprintf("---\ntitle: Nouvelle %d\ndate: 2026-11-0%d\n---\nUn texte.\n", i, i+1))
	}
	s := new(Server)
	w.build()
	s.Set(w.site)
	tag := w.site.File("articles.rss").ETag
	delete(w.files, "1.md")
	w.later(time.Hour)
	s.Set(w.site)
	r := request(t, s, "GET", "/articles.rss", "A-IM", "feed", "If-None-Match", tag)
	if n := strings.Count(body(t, r), "<item>"); r.StatusCode != 200 || n != 2 {
		t.Errorf("%d, with %d items", r.StatusCode, n)
	}
}

// Law: what is remembered of former documents is bounded, and what was added last is not forgotten.
func TestEditionsAreBounded(t *testing.T) {
	var e editions
	form := new(feedForm)
	marks := make([]uint64, 50)
	form.marks.Store(&marks)
	for i := range 40_000 {
		e.add(&File{Name: "events.rss", ETag: fmt.Sprint(i), feed: form})
		e.add(&File{Name: "events.rss", ETag: fmt.Sprint(i), feed: form})
	}
	if e.size > mostMarks || len(e.order) != len(e.marks) || len(e.order) < 1000 {
		t.Errorf("%d marks of %d documents in %d", e.size, len(e.order), len(e.marks))
	}
	for i := range 40_000 { // of what was chosen
		e.add(&File{Name: fmt.Sprintf("events.rss?%0*d", maxQuery, i), ETag: "1", feed: form})
	}
	names := 0
	for _, key := range e.order {
		names += len(key.name)
	}
	if names > 8*mostMarks {
		t.Errorf("the names take %d bytes", names)
	}
	e.add(&File{Name: "events.rss", ETag: "39999", feed: form})
	if _, m := e.of("events.rss", []string{"39999"}); m == nil {
		t.Error("the last is forgotten")
	}
	if _, m := e.of("events.rss", []string{"0"}); m != nil {
		t.Error("the first is not forgotten")
	}
}
