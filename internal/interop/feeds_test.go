package interop_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// readJSONFeed reads the feeds that the standard library can read.
func readJSONFeed(t *testing.T, file string) []entry {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var feed struct {
		Version string
		Title   string
		Items   []struct {
			ID, URL, Title string
			Published      time.Time `json:"date_published"`
		}
	}
	if err := json.Unmarshal(data, &feed); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if feed.Version != "https://jsonfeed.org/version/1.1" || feed.Title == "" || feed.Items == nil {
		t.Errorf("%s is not a JSON Feed 1.1: version %q, title %q", file, feed.Version, feed.Title)
	}
	var list []entry
	for _, i := range feed.Items {
		list = append(list, entry{i.ID, i.Title, i.URL, instant(i.Published)})
	}
	return list
}

var feedScripts = []script{
	{"feedparser", "python3-feedparser", []string{"python3", "read-feedparser.py"}, []string{"-c", "import feedparser"}},
	{"ruby-rss", "ruby", []string{"ruby", "read-rss.rb"}, []string{"-r", "rss", "-e", "1"}},
	{"xml-feed", "libxml-feed-perl", []string{"perl", "read-xmlfeed.pl"}, []string{"-MXML::Feed", "-e", "1"}},
	{"newsboat", "newsboat python3", []string{"python3", "read-newsboat.py"}, []string{"-c", "import shutil, sys; sys.exit(not shutil.which('newsboat'))"}},
}

// TestFeeds has readers read every feed and compares what they understand of
// each entry. The JSON Feed, which the standard library can read, says which
// entries are to be there.
func TestFeeds(t *testing.T) {
	t.Parallel()
	all := sites(t)
	t.Run("encoding/json", func(t *testing.T) {
		var known differences
		for _, s := range all {
			seen := map[string]bool{}
			for _, file := range s.files(".json") {
				for _, e := range readJSONFeed(t, file) {
					compareEntry(t, &known, "encoding/json", s, file, e)
					seen[e.ID] = true
				}
			}
			for id := range s.entries {
				if !seen[id] {
					t.Errorf("%s: no feed has the entry %s", s.name, id)
				}
			}
		}
	})
	for _, reader := range feedScripts {
		t.Run(reader.name, func(t *testing.T) {
			command := reader.find(t)
			known := differences{list: feedDifferences}
			of := map[string]*site{}
			var batches [][]string
			var files []string
			for _, s := range all {
				for _, file := range s.files(".rss", ".atom") {
					of[file] = s
					files = append(files, file)
				}
				if reader.name == "newsboat" { // sites may share entries
					batches = append(batches, s.main(".rss"), s.main(".atom"))
				}
			}
			if batches == nil {
				batches = [][]string{files}
			}
			for _, files := range batches {
				for _, r := range read[entry](t, command, files) {
					s := of[r.File]
					for _, fault := range r.Faults {
						known.compare(t, reader.name, s.where(r.File), "Fault", "", fault)
					}
					compareEntries(t, &known, reader.name, s, r.File, r.Values)
				}
			}
			known.gone(t, reader.name)
		})
	}
	t.Run("sfeed", func(t *testing.T) {
		sfeed := program(t, "sfeed", []string{"sfeed"})
		known := differences{list: feedDifferences}
		for _, s := range all {
			for _, file := range s.files(".rss", ".atom") {
				read, err := readSfeed(t, sfeed, file)
				if err != nil {
					t.Errorf("%s: %v", s.where(file), err)
				}
				var entries []entry
				for _, a := range read {
					entries = append(entries, entry{a.ID, a.Title, a.Link, a.Published})
				}
				compareEntries(t, &known, "sfeed", s, file, entries)
			}
		}
		known.gone(t, "sfeed")
	})
}

// compareEntries compares the entries that were read from a feed with those
// of its twin in JSON, and with what stood in the content.
func compareEntries(t *testing.T, known *differences, reader string, s *site, file string, entries []entry) {
	t.Helper()
	var want, got []string
	for _, e := range readJSONFeed(t, strings.TrimSuffix(file, filepath.Ext(file))+".json") {
		want = append(want, e.ID)
	}
	for _, e := range entries {
		got = append(got, e.ID)
		compareEntry(t, known, reader, s, file, e)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %s: read %d entries, want %d", reader, s.where(file), len(got), len(want))
	}
}

func compareEntry(t *testing.T, known *differences, reader string, s *site, file string, e entry) {
	t.Helper()
	where := s.where(file) + ": " + e.ID
	want, ok := s.entries[e.ID]
	if !ok {
		t.Errorf("%s: %s: there is no such entry", reader, where)
		return
	}
	known.compare(t, reader, where, "Title", want.Title, e.Title)
	known.compare(t, reader, where, "Link", want.Link, e.Link)
	known.compare(t, reader, where, "Date", want.Date, e.Date)
}

// feedDifferences are what readers of feeds are known to read otherwise:
// nothing, so far.
var feedDifferences []difference

// TestWellFormed has libxml2 read every document that is XML.
func TestWellFormed(t *testing.T) {
	xmllint := program(t, "libxml2-utils", []string{"xmllint", "--noout", "--nonet"}, "--version")
	for _, s := range sites(t) {
		run(t, nil, append(xmllint, s.files(".rss", ".atom", ".opml")...)...)
	}
}

// TestAtomGrammar holds every Atom feed against the grammar of RFC 4287.
func TestAtomGrammar(t *testing.T) {
	t.Parallel()
	jing := program(t, "jing", []string{"jing", "-c", "-i", filepath.Join("testdata", "rfc4287.rnc")}, "-c", filepath.Join("testdata", "rfc4287.rnc"))
	for _, s := range sites(t) {
		if out, _, err := try(t, nil, append(jing, s.files(".atom")...)...); err != nil {
			t.Errorf("%s: %v\n%s", s.name, err, tail(out))
		}
	}
}

// TestOPML has listparser find the feeds in the lists of all feeds.
func TestOPML(t *testing.T) {
	listparser := script{"listparser", "python3-listparser", []string{"python3", "read-listparser.py"}, []string{"-c", "import listparser"}}
	command := listparser.find(t)
	type feed struct{ Title, URL string }
	for _, s := range sites(t) {
		for _, r := range read[feed](t, command, s.files(".opml")) {
			if len(r.Faults) > 0 {
				t.Errorf("%s: %q", s.where(r.File), r.Faults)
			}
			want := s.files(".atom")
			for _, f := range r.Values {
				u, err := url.Parse(f.URL)
				if err != nil {
					t.Errorf("%s: %v", s.where(r.File), err)
					continue
				}
				if i := slices.Index(want, s.path(strings.TrimPrefix(u.Path, "/"))); i >= 0 {
					want = slices.Delete(want, i, i+1)
				} else {
					t.Errorf("%s: %s is not a feed", s.where(r.File), f.URL)
				}
				if f.Title == "" {
					t.Errorf("%s: %s has no title", s.where(r.File), f.URL)
				}
			}
			for _, f := range want {
				t.Errorf("%s: %s is missing", s.where(r.File), s.where(f))
			}
		}
	}
}
