package crieur

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func (w *world) article(n int, title string) {
	day := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC).AddDate(0, 0, n)
	w.write(fmt.Sprintf("articles/%03d.md", n), fmt.Sprintf("---\ntitle: %s\ndate: %s\ncategories: [vie]\n---\nLe texte.\n", title, day.Format(time.RFC3339)))
}

// reached returns the titles of the articles that next_url leads to.
func (w *world) reached(channel string) (titles []string) {
	w.t.Helper()
	for name := channel + ".json"; name != ""; {
		f := w.site.File(name)
		if f == nil {
			w.t.Fatalf("%s is linked to and not there", name)
		}
		var doc struct {
			Next  string `json:"next_url"`
			Items []struct{ Title string }
		}
		if err := json.Unmarshal(f.Bytes(), &doc); err != nil {
			w.t.Fatal(err)
		}
		for _, i := range doc.Items {
			titles = append(titles, i.Title)
		}
		name = strings.TrimPrefix(doc.Next, "http://localhost:8080/")
	}
	slices.Sort(titles)
	return slices.Compact(titles)
}

// archives returns the bytes of the archives of a site, but for the newest, which is still being filled.
func (w *world) archives(channel string) map[string]string {
	all := map[string]string{}
	for f := range w.site.Files() {
		if strings.HasPrefix(f.Name, channel+"/archives/") && strings.Contains(string(f.Bytes()), "archive/>") {
			all[f.Name] = string(f.Bytes())
		}
	}
	return all
}

func TestFeedsHaveArchives(t *testing.T) {
	w := newWorld(t)
	w.config.Limit = 10
	for n := range 10 {
		w.article(n, fmt.Sprint("Article ", n))
	}
	w.build()
	if len(w.archives("articles")) > 0 || !w.has("articles.atom", "<fh:complete/>") || !w.has("articles.rss", "<fh:complete/>") {
		t.Error("ten articles are not a complete feed")
	}
	for n := 10; n < 45; n++ {
		w.article(n, fmt.Sprint("Article ", n))
	}
	w.later(time.Hour)
	if n := len(w.reached("articles")); n != 45 {
		t.Errorf("%d articles are within reach, want 45", n)
	}
	if w.has("articles.atom", "fh:") || !w.has("articles.atom", `rel="prev-archive" type="application/atom+xml" href="http://localhost:8080/articles/archives/4.atom"`) {
		t.Error("the feed does not lead to its archives")
	}
	if w.site.File("articles/category/vie/archives/1.atom") != nil || w.has("articles/category/vie.atom", "fh:") {
		t.Error("the feed of a category has archives, or is said to be complete")
	}
	before := w.archives("articles")
	if len(before) != 2*4 { // JSON Feed has no word for them
		t.Fatalf("archives are %v", slices.Collect(keysOf(before)))
	}

	// A restart, and new articles, leave them alone.
	w.reopen(t.TempDir())
	for n := 45; n < 52; n++ {
		w.article(n, fmt.Sprint("Article ", n))
	}
	w.later(time.Hour)
	w.expectArchives(before)
	if n := len(w.reached("articles")); n != 52 {
		t.Errorf("%d articles are within reach, want 52", n)
	}

	// An edit changes the one that has the article, a deletion too.
	w.article(12, "Un autre titre")
	w.later(time.Hour)
	w.expectArchives(before, "articles/archives/2.")
	before = w.archives("articles")
	w.remove("articles/033.md")
	w.later(time.Hour)
	w.expectArchives(before, "articles/archives/4.")
	if n := len(w.reached("articles")); n != 51 {
		t.Errorf("%d articles are within reach, want 51", n)
	}
}

// expectArchives checks that the archives are those of before, other than those that begin with changed.
func (w *world) expectArchives(before map[string]string, changed ...string) {
	w.t.Helper()
	now := w.archives("articles")
	for name, data := range before {
		other := slices.ContainsFunc(changed, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
		if (now[name] != data) != other {
			w.t.Errorf("%s: changed is %t, want %t", name, now[name] != data, other)
		}
	}
}

func keysOf(m map[string]string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// However the room for a document is set later, and whatever is added before what is archived, nothing is lost.
func TestNothingIsLostForWantOfRoom(t *testing.T) {
	w := newWorld(t)
	w.config.Limit, w.config.MaxRemoval = 5, 100
	old := func(n int) {
		day := time.Date(2020, time.January, 1, 8, 0, 0, 0, time.UTC).AddDate(0, 0, n)
		w.write(fmt.Sprintf("old/%03d.md", n), fmt.Sprintf("---\ntitle: Ancien %d\ndate: %s\ntags: [a, b, c]\n---\n%s\n", n, day.Format(time.RFC3339), strings.Repeat("Texte. ", 100)))
	}
	for n := range 12 {
		w.article(n, fmt.Sprint("Article ", n))
	}
	w.build()
	for n := range 60 {
		old(n)
	}
	w.config.MaxBytes = 10_000
	w.later(time.Hour)
	if n := len(w.reached("articles")); n != 72 {
		t.Errorf("%d articles are within reach, want 72", n)
	}
	w.config.MaxBytes = 1
	w.later(time.Hour)
	if n := len(w.reached("articles")); n < 72-15 {
		t.Errorf("%d articles are within reach, want all but those that are polled alone", n)
	}
}

// Two uids that are one in feeds are a mistake of their files, and the site goes on without the second.
func TestUIDsThatAreOneInFeeds(t *testing.T) {
	for _, uids := range [][2]string{
		{"0b6e5d4e-8c2a-4c0e-9d57-3a2f6a1f9a01", "urn:uuid:0b6e5d4e-8c2a-4c0e-9d57-3a2f6a1f9a01"},
		{"https://brume.example/%C3%A9", "https://brume.example/é"},
	} {
		w := newWorld(t)
		w.write("a.md", "---\ntitle: A\ndate: 2026-11-02\nuid: "+uids[0]+"\n---\nTexte.\n")
		w.write("b.md", "---\ntitle: B\ndate: 2026-11-03\nuid: "+uids[1]+"\n---\nTexte.\n")
		w.build()
		if w.site == nil || w.fault("duplicate-uid") == nil || len(w.reached("articles")) != 1 {
			t.Errorf("%s: site %t, faults %v", uids, w.site != nil, w.faults)
		}
	}
}

// What is too long for a document is cut to summaries, the oldest first, and nothing is lost.
func TestFeedsAreShortEnough(t *testing.T) {
	w := newWorld(t)
	w.config.Limit, w.config.MaxBytes = 50, 40_000
	for n := range 30 {
		day := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC).AddDate(0, 0, n)
		w.write(fmt.Sprintf("articles/%03d.md", n), fmt.Sprintf("---\ntitle: Article %02d\ndate: %s\n---\n%s\n", n, day.Format(time.RFC3339), strings.Repeat("Un long texte. ", 200)))
	}
	w.build()
	for f := range w.site.Files() {
		if strings.HasSuffix(f.Name, ".rss") || strings.HasSuffix(f.Name, ".atom") || strings.HasSuffix(f.Name, ".json") {
			if len(f.Bytes()) > 40_000 {
				t.Errorf("%s has %d octets", f.Name, len(f.Bytes()))
			}
		}
	}
	if n := len(w.reached("articles")); n != 30 {
		t.Errorf("%d articles are within reach, want 30", n)
	}
	if got := strings.Count(string(w.site.File("articles.json").Bytes()), `"content_html"`); got == 0 || got == 30 {
		t.Errorf("%d of 30 articles are whole", got)
	}
}

// An event that moves or is cancelled is in the feed that readers poll, however long ago it was announced.
func TestFeedsTellWhatHasChanged(t *testing.T) {
	w := newWorld(t)
	w.config.Limit = 3
	announced := func(n int, start string) {
		w.write(fmt.Sprintf("events/%02d.md", n), fmt.Sprintf("---\ntitle: Foire %02d\nevent_start_date: %s\ndate: 2026-10-%02d\ntags: [foire]\n---\nLe texte.\n", n, start, n+1))
	}
	for n := range 12 {
		announced(n, "2027-05-08 09:00:00 +02:00")
	}
	announced(1, "2026-10-20 09:00:00 +02:00")
	w.build()
	for _, feed := range []string{"events.atom", "events/tag/foire.atom"} {
		if w.has(feed, "Foire 02") || !w.has(feed, "Foire 11") {
			t.Fatalf("%s does not hold the newest alone", feed)
		}
	}
	announced(1, "2026-10-21 09:00:00 +02:00")
	announced(2, "2027-05-09 09:00:00 +02:00")
	w.remove("events/04.md")
	w.later(time.Hour)
	for _, feed := range []string{"events.atom", "events/tag/foire.atom", "events.rss", "events.json"} {
		for title, want := range map[string]bool{"Foire 01": true, "Foire 02": true, "Foire 03": false, "Annulé\u00a0: Foire 04": true, "Foire 11": true} {
			if w.has(feed, title) != want {
				t.Errorf("%s holds %s: %t, want %t", feed, title, !want, want)
			}
		}
	}
	if n := len(w.reached("events")); n != 12 {
		t.Errorf("%d events are within reach, want 12", n)
	}
	for n := 12; n < 16; n++ {
		announced(n, "2027-06-08 09:00:00 +02:00")
		w.write(fmt.Sprintf("events/%02d.md", n), strings.Replace(string(w.files[fmt.Sprintf("events/%02d.md", n)].Data), "date: 2026-10", "date: 2026-11", 1))
	}
	w.later(time.Hour)
	if n := strings.Count(string(w.site.File("events.atom").Bytes()), "<entry"); n > 6 {
		t.Errorf("%d events are polled, want at most twice the limit", n)
	}
}

// What one channel tells of two uids that are one, another goes on to tell when the first has no reason to any more.
func TestUIDsThatAreOneInOneFeedOfTwo(t *testing.T) {
	w := newWorld(t)
	w.config.Channels = []Channel{{Name: "articles", Path: "d"}, {Name: "danse", Kind: "articles", Tag: "danse"}}
	write := func(name, title, day, uid, tags string) {
		w.write(name, "---\ntitle: "+title+"\ndate: "+day+"\nuid: https://brume.example/"+uid+"\ntags: ["+tags+"]\n---\nTexte.\n")
	}
	write("c/a.md", "A", "2026-11-04", "éé", "danse")
	write("d/b.md", "B", "2026-11-03", "%C3%A9é", "")
	write("d/c.md", "C", "2026-11-02", "é%C3%A9", "danse")
	w.build()
	if f := w.fault("duplicate-uid"); f == nil || f.Pos.Filename != "d/c.md" {
		t.Fatalf("faults %v", w.faults)
	}
	w.remove("d/b.md")
	w.later(time.Hour)
	if f := w.fault("duplicate-uid"); f == nil || f.Pos.Filename != "d/c.md" || !strings.Contains(f.Error(), "c/a.md") {
		t.Errorf("faults %v", w.faults)
	}
}
