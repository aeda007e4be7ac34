package crieur

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// One file that would be published again and again, or in many lists, costs what its size allows, and no more.
func TestAmplified(t *testing.T) {
	dates := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%d-%02d-%02d 10:00-11:00: x, ", 2027+i/336, 1+i/28%12, 1+i%28)
		}
		return "eventinfo: {dates: {extra: {" + b.String() + "}}}\n"
	}
	tags := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "mot%d, ", i)
		}
		return "tags: [" + b.String() + "]\n"
	}
	long := strings.Repeat("mot ", 240_000)
	for _, c := range []struct {
		name, data, fault string
		records, bytes    int // at most
	}{
		{"dates", "---\ntitle: Marché\n" + dates(900) + "---\n" + long, "a.md:2:1: the text of 959999 bytes would be published 900 times", 0, 100_000},
		{"tags", "---\ntitle: Marché\ndate: 2026-11-01\n" + tags(1000) + "---\n" + long, "the text of 959999 bytes has 50 categories and tags", 1, 64 << 20},
		{"tags of a short text", "---\ntitle: Marché\ndate: 2026-11-01\n" + tags(1000) + "---\n", "tags has more than 50 values; the first 50 are used", 1, 4 << 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			site, _, faults := Build(fstest.MapFS{"a.md": {Data: []byte(c.data)}}, Config{Base: "https://www.brume.example/"}, nil, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
			if !strings.Contains(fmt.Sprint(faults), c.fault) {
				t.Errorf("faults %.300v, want %s", faults, c.fault)
			}
			if n := site.Events + site.Articles; n != c.records {
				t.Errorf("%d records, want %d", n, c.records)
			}
			size := 0
			for f := range site.Files() {
				size += len(f.Bytes())
			}
			if size > c.bytes {
				t.Errorf("a site of %d bytes, want at most %d", size, c.bytes)
			}
		})
	}
}

// racing is whether the race detector is on, with which memory says nothing, and all is slow.
var racing bool

// seeds is how many random lives are lived, of n: under the race detector, one
// shows as much.
func seeds(n uint64) uint64 {
	if racing {
		return 1
	}
	return n
}

// A megabyte that is hard to convert is a site soon, with its feeds and pages: the goal is 250 ms on a quiet machine. The bound in time is wide
// enough for a busy one. What is allocated, of which most is garbage before long, depends on the text alone; a text that is escaped in
// every document is most of it.
func TestHardBodies(t *testing.T) {
	if racing {
		t.Skip("neither time nor memory says anything under the race detector")
	}
	const bound = 3 * time.Second
	for _, c := range []struct {
		name, path, unit string
		megabytes        uint64 // at most
	}{
		{"as people write", "a.md", "Une *journée* avec [programme](/p), `code` et **ateliers**, ouverte à toutes et à tous.\n\n* 9h : accueil\n\n", 230},
		{"elements in a line", "a.md", "<b>", 130},
		{"paragraphs in a line", "a.md", "<p>a</p>", 120},
		{"blocks of HTML", "a.md", "<div>\n\n", 110},
		{"quotes", "a.md", ">", 145},
		{"alternative texts", "a.md", "![aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa](b)\n\n", 115},
		{"references", "a.md", "[a]\n\n[a]: /b '" + strings.Repeat("c", 1000) + "'\n\n" + strings.Repeat("[a]\n\n", 5000), 110},
		{"titles of elements", "a.html", "<b title='aaaaaaaaaaaaaaaaaaaaaaaaa'>a</b>", 105},
		{"styles of elements", "a.html", "<p style='a:b; c:d ; e: f'>a</p>", 90},
		{"phrases left open", "a.html", "<b>", 130},
		{"angle brackets", "a.html", "<", 145},
		{"angle brackets in text", "a.txt", "<", 150},
		{"paragraphs of text", "a.txt", "a\n\n", 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := strings.Repeat(c.unit, (1<<20-100)/len(c.unit))
			src := fstest.MapFS{c.path: {Data: []byte("---\ntitle: Annonce\ndate: 2026-11-01\n---\n" + body)}}
			took := time.Duration(math.MaxInt64)
			var before, after runtime.MemStats
			for range 3 { // a busy machine may be slow once
				runtime.ReadMemStats(&before)
				start := time.Now()
				site, _, faults := Build(src, Config{Base: "https://www.brume.example/"}, nil, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
				took = min(took, time.Since(start))
				runtime.ReadMemStats(&after)
				if site.Articles != 1 {
					t.Fatalf("%d articles, want 1; faults %.300v", site.Articles, faults)
				}
				if took <= bound {
					break
				}
			}
			allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
			if took > bound {
				t.Errorf("took %v", took)
			}
			if allocated > c.megabytes {
				t.Errorf("allocated %d MB, want at most %d", allocated, c.megabytes)
			}
			t.Logf("%v, %d MB allocated", took, allocated)
		})
	}
}

// HTML that reads otherwise each time it is read is published as it is written, by the process that reads it first and by the next.
func TestBodyThatReadsOtherwise(t *testing.T) {
	w := newWorld(t)
	body := strings.Repeat("<dt><caption><h1><div></b><pre><dd><div><dl><h1><a href=/x>", 6) + "Le texte"
	w.write("nouvelle.html", "---\ntitle: Nouvelle\ndate: 2026-11-02\n---\n"+body+"\n")
	w.build()
	if f := w.fault("body"); f == nil || f.Severity != Warning {
		t.Errorf("nothing is said of it: %v", w.faults)
	}
	if !w.has("articles.json", "Le texte") {
		t.Errorf("%s", w.site.File("articles.json").Bytes())
	}
	var next Builder
	next.Warm("one")
	site, _, _ := next.Build(w.files, w.config, w.history, w.now)
	equalSites(t, site, w.site)
	madeAgain(t, site)
}
