package interop_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/crieur/crieur/feeds"
)

var (
	randomArticles = flag.Int("articles", 1000, "`number` of random articles that the fast readers of feeds read")
	articlesDir    = flag.String("feeds", "", "keep the feeds of hostile and random articles in this `folder`")
)

// feedFormats are those of a feed, by the extension of their files.
var feedFormats = []struct {
	name   string
	encode func(io.Writer, *feeds.Feed) error
}{
	{"rss", feeds.EncodeRSS},
	{"atom", feeds.EncodeAtom},
	{"json", feeds.EncodeJSON},
}

// A writtenFeed is a feed in one format.
type writtenFeed struct {
	format, file string
	articles     []article
}

// writeFeeds writes feeds in every format, in files that are called by the
// last part of their address.
func writeFeeds(t *testing.T, all ...*feeds.Feed) (list []writtenFeed) {
	t.Helper()
	dir := *articlesDir
	if dir == "" {
		dir = t.TempDir()
	}
	for _, format := range feedFormats {
		for _, f := range all {
			var b bytes.Buffer
			if err := format.encode(&b, f); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, filepath.Base(f.URL)+"."+format.name)
			if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			list = append(list, writtenFeed{format.name, file, articles(f, format.name)})
		}
	}
	return list
}

// filesOf are the files in a format.
func filesOf(all []writtenFeed, format string) (files []string) {
	for _, w := range all {
		if w.format == format {
			files = append(files, w.file)
		}
	}
	return files
}

// TestHostileFeed has every reader read articles that have broken readers, and
// compares everything that it can tell of each.
func TestHostileFeed(t *testing.T) {
	t.Parallel()
	f := hostileFeed()
	if n := len(f.Articles); n < 60 {
		t.Fatalf("%d articles", n)
	}
	all := writeFeeds(t, f)
	for _, reader := range articleReaders() {
		t.Run(reader.name, func(t *testing.T) {
			met := readFeeds(t, reader, all)
			for i, q := range quirks {
				if slices.Contains(strings.Fields(q.readers), reader.name) && !met[i] {
					t.Errorf("no article shows any more that %s %s: take it off the list", reader.name, q.why)
				}
			}
		})
	}
	checkFeeds(t, all)
}

// TestRandomFeeds has the fast readers read many random articles, and compares
// the same.
func TestRandomFeeds(t *testing.T) {
	t.Parallel()
	var random []*feeds.Feed
	for n := 0; n < *randomArticles; {
		f := newGenerator(t, uint64(n)).feed(n)
		n += len(f.Articles)
		random = append(random, f)
	}
	all := writeFeeds(t, random...)
	for _, reader := range articleReaders() {
		if reader.fast {
			t.Run(reader.name, func(t *testing.T) { readFeeds(t, reader, all) })
		}
	}
	checkFeeds(t, all)
}

// readFeeds compares what a reader reads of feeds with what is to be read, and
// returns which quirks were met.
func readFeeds(t *testing.T, reader articleReader, all []writtenFeed) (met map[int]bool) {
	t.Helper()
	open := reader.open(t)
	met = map[int]bool{}
	for _, format := range reader.formats {
		readings := open(t, filesOf(all, format))
		for i, w := range slices.DeleteFunc(slices.Clone(all), func(w writtenFeed) bool { return w.format != format }) {
			for _, fault := range readings[i].Faults {
				t.Errorf("%s: %s: %s", reader.name, filepath.Base(w.file), fault)
			}
			compareArticles(t, reader.name, format, filepath.Base(w.file), w.articles, readings[i].Values, met)
		}
	}
	return met
}

// checkFeeds holds feeds against the grammars of their formats.
func checkFeeds(t *testing.T, all []writtenFeed) {
	t.Helper()
	t.Run("xmllint", func(t *testing.T) {
		xmllint := program(t, "libxml2-utils", []string{"xmllint", "--noout", "--nonet"}, "--version")
		run(t, nil, slices.Concat(xmllint, filesOf(all, "rss"), filesOf(all, "atom"))...)
	})
	t.Run("jing", func(t *testing.T) {
		grammar := filepath.Join("testdata", "rfc4287.rnc")
		jing := program(t, "jing", []string{"jing", "-c", "-i", grammar}, "-c", grammar)
		if out, _, err := try(t, nil, append(jing, filesOf(all, "atom")...)...); err != nil {
			t.Errorf("%v\n%s", err, tail(out))
		}
	})
	t.Run("ajv", func(t *testing.T) {
		ajv := script{"ajv", "node-ajv", []string{"node", "check-jsonfeed.cjs"}, []string{filepath.Join("testdata", "check-jsonfeed.cjs")}}
		for _, r := range read[struct{}](t, ajv.find(t), filesOf(all, "json")) {
			for _, fault := range r.Faults {
				t.Errorf("%s: %s", filepath.Base(r.File), fault)
			}
		}
	})
}
