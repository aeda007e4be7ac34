package crieur

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/crieur/crieur/internal/content"
)

var builtTags = flag.Int("channels", 1000, "how many tags TestTagsOfASite makes channels of")

// onDisk are the names that a file may be known by where case, or normal form,
// does not count.
func onDisk(slug string) [3]string {
	return [...]string{
		norm.NFD.String(strings.ToLower(strings.ToUpper(slug))),     // Windows
		norm.NFD.String(cases.Fold().String(norm.NFD.String(slug))), // macOS
		strings.ToUpper(norm.NFKC.String(slug)),
	}
}

// checkSlug reports what no file may be called, on any system, and what does
// not come back from an address.
func checkSlug(t *testing.T, slug string) {
	t.Helper()
	name := slug + ".atom"
	escaped := url.PathEscape(name)
	switch back, err := url.PathUnescape(escaped); {
	case slug == "" || !utf8.ValidString(slug) || !norm.NFC.IsNormalString(slug):
		t.Errorf("the slug is %q", slug)
	case strings.ContainsFunc(slug, func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(`<>:"/\|?*. `, r) }):
		t.Errorf("the slug %q holds what is not for names of files", slug)
	case reserved.MatchString(slug):
		t.Errorf("the slug %q is a device of Windows", slug)
	case len(escaped) > 255 || len(utf16.Encode([]rune(name))) > 255:
		t.Errorf("the slug %q makes a name of %d bytes", slug, len(escaped))
	case err != nil || back != name:
		t.Errorf("the slug %q comes back as %q, %v", slug, back, err)
	}
}

// checkLabels holds what is promised of labels: no two of a space share a
// slug, and those that were there before have the one they had.
func checkLabels(t *testing.T, before, after map[string]label) {
	t.Helper()
	type file struct {
		system      int
		space, name string
	}
	taken := map[file]string{}
	for key, l := range after {
		if before[key] != l {
			checkSlug(t, l.Slug)
		}
		for i, name := range onDisk(l.Slug) {
			f := file{i, labelSpace(key), name}
			if other, ok := taken[f]; ok {
				t.Errorf("%q and %q share the slug %q, %q", other, key, after[other].Slug, l.Slug)
			}
			taken[f] = key
		}
	}
	for key, l := range before {
		if after[key] != l {
			t.Errorf("%q was %q and is %q", key, l, after[key])
		}
	}
}

// Each of 100,000 tags gets a slug of its own and keeps it, whatever tags
// come, go and are written otherwise later.
func TestTags(t *testing.T) {
	n := 100_000
	if testing.Short() || racing {
		n /= 10
	}
	r := newTagger(1)
	tags := r.tags(n)
	s, err := Config{}.settings(new(History))
	if err != nil {
		t.Fatal(err)
	}
	h := new(History).clone()
	for _, share := range []float64{0.3, 0.6, 1} {
		var items []*item
		for list := range slices.Chunk(r.some(tags, share), 20) {
			items = append(items, &item{marks: marks(&content.Record{Kind: content.Event, Tags: list})})
		}
		before := h.clone().labels
		s.giveLabels(h, items)
		checkLabels(t, before, h.labels)
		for _, it := range items {
			for _, m := range it.marks {
				if _, ok := h.labels[m.key]; !ok {
					t.Errorf("%q has no slug", m.title)
				}
			}
		}
	}
}

// some are about that share of the tags, in another order, a fourth of them
// written otherwise.
func (t *tagger) some(tags []string, share float64) []string {
	var list []string
	for _, i := range t.Perm(len(tags)) {
		if t.Float64() < share {
			s := tags[i]
			if i%4 == 0 {
				s = t.respell(s)
			}
			list = append(list, s)
		}
	}
	return list
}

// Tags that all make the same slug are told apart in no more time a tag.
func TestTagsOfOneSlug(t *testing.T) {
	const n = 100_000
	given := map[string]bool{}
	for i := range n {
		of := fmt.Sprint("tag", i)
		s := uniqueSlug("fete", of, func(s string) bool { return given[s] })
		if given[s] || len(s) > len("fete-")+16 {
			t.Fatalf("%q has the slug %q", of, s)
		}
		given[s] = true
	}
}

// Every tag of a site has its channel in every format, under an address that
// leads to it, from the first build to the last. The whole is
//
//	go test . -run TestTagsOfASite -channels 100000
func TestTagsOfASite(t *testing.T) {
	n := *builtTags
	if testing.Short() {
		n = min(n, 500)
	}
	r := newTagger(2)
	tags := r.tags(n)
	cfg := Config{Site: "https://www.brume.example/", Base: "https://agenda.brume.example/", Timezone: "Europe/Paris"}
	store, err := OpenStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var builder Builder
	now := at("2026-11-22T09:00:00Z")
	for round, share := range []float64{0.3, 0.6, 1} {
		files := fstest.MapFS{}
		var wanted int
		for i, list := range slices.Collect(slices.Chunk(r.some(tags, share), 20)) {
			wanted += len(list)
			files[fmt.Sprintf("r%05d.json", i)] = &fstest.MapFile{Data: taggedRecord(t, i, list), ModTime: now}
		}
		before := store.History()
		site, h, faults := builder.Build(files, cfg, before, now.Add(time.Duration(round)*time.Hour))
		if site == nil {
			t.Fatal(faults)
		}
		checkLabels(t, before.labels, h.labels)
		if err := store.Save(h); err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, e := range h.entries.all() {
			for _, m := range marks(e.Record) {
				found++
				l, ok := h.labels[m.key]
				if !ok {
					t.Errorf("%q has no channel", m.title)
				}
				checkChannel(t, site, m.space+l.Slug)
			}
		}
		if found < wanted*95/100 { // some are Markdown or HTML that says nothing
			t.Errorf("%d tags were read of %d", found, wanted)
		}
		server := new(Server)
		server.Set(site)
		for key, l := range before.labels { // also of tags that are gone
			checkChannel(t, site, labelSpace(key)+l.Slug)
		}
		for _, s := range site.Subscriptions[:min(50, len(site.Subscriptions))] {
			for _, address := range s.Addresses {
				if got := request(t, server, "GET", address); got.StatusCode != 200 {
					t.Errorf("%s: %s", address, got.Status)
				}
			}
		}
	}
}

// taggedRecord is the file of an event.
func taggedRecord(t *testing.T, i int, tags []string) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"title": fmt.Sprint("Titre ", i), "event_start_date": fmt.Sprintf("2027-05-%02dT09:00:00+02:00", 1+i%28),
		"date": "2026-11-02T10:00:00+01:00", "tags": tags, "body": "Le corps.",
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// checkChannel reports the files that a channel lacks.
func checkChannel(t *testing.T, site *Site, name string) {
	t.Helper()
	for _, format := range eventFormats {
		if site.File(name+"."+format) == nil {
			t.Errorf("no %s.%s", name, format)
		}
	}
}
