package feeds

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// pageAddresses are those of the pages of the tests.
func pageAddresses(n int) Addresses {
	name := fmt.Sprint("https://valmeuse.example/flux-", n)
	return Addresses{name + ".rss", name + ".atom", name + ".json"}
}

// addressed returns a feed of n articles, a day each, that knows its own addresses.
func addressed(n int) *Feed {
	f := bare()
	f.RSS, f.Atom, f.JSON = "https://valmeuse.example/flux.rss", "https://valmeuse.example/flux.atom", "https://valmeuse.example/flux.json"
	f.Refresh, f.Hubs = time.Hour, []string{"https://hub.example/"}
	for i := range n {
		f.Articles = append(f.Articles, numbered(i))
	}
	return f
}

func numbered(i int) Article {
	day := time.Date(2024, time.January, 1+i, 9, 0, 0, 0, time.UTC)
	return Article{
		ID: fmt.Sprintf("tag:valmeuse.example,2024:%d", i), URL: fmt.Sprintf("https://valmeuse.example/%d/", i),
		Title: fmt.Sprint("Article ", i), Content: "<p>Texte.</p>", Published: day, Updated: day,
	}
}

// walk follows next_url, or prev-archive, from the document that readers poll, and returns the ids found on the way.
func walk(t *testing.T, docs []*Feed, format int) []string {
	t.Helper()
	served := map[string][]byte{}
	for _, d := range docs {
		served[[]string{d.RSS, d.Atom, d.JSON}[format]] = encode(t, encoders[format].encode, d)
	}
	address := []string{docs[0].RSS, docs[0].Atom, docs[0].JSON}[format]
	var ids []string
	for address != "" {
		doc, ok := served[address]
		if !ok {
			t.Fatalf("%s is linked to and not there", address)
		}
		delete(served, address)
		next := ""
		switch format {
		case 2:
			var page struct {
				Next  string `json:"next_url"`
				Items []struct{ ID string }
			}
			if err := json.Unmarshal(doc, &page); err != nil {
				t.Fatal(err)
			}
			next = page.Next
			for _, i := range page.Items {
				ids = append(ids, i.ID)
			}
		default:
			all := readXML(t, doc)
			id, link := "rss/channel/item/guid", "rss/channel/atom:link"
			if format == 1 {
				id, link = "atom:feed/atom:entry/atom:id", "atom:feed/atom:link"
			}
			ids = append(ids, values(all, id)...)
			for i, rel := range values(all, link+"@rel") {
				if rel == "prev-archive" {
					next = values(all, link+"@href")[i]
				}
			}
		}
		address = next
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func TestArchive(t *testing.T) {
	ar := Archive{Number: 10, Addresses: pageAddresses}
	docs := ar.Divide(addressed(10))
	if len(docs) != 1 || !docs[0].Part.Complete || len(docs[0].Articles) != 10 {
		t.Fatalf("ten articles are %d documents", len(docs))
	}
	docs = ar.Divide(addressed(25))
	var got strings.Builder
	for _, d := range docs {
		p := d.Part
		fmt.Fprintf(&got, "%s: %d to %s, complete %t, archive %t, current %s, older %s, newer %s\n", d.Atom, len(d.Articles), d.Articles[0].Title,
			p.Complete, p.Archive, p.Current.Atom, p.Older.Atom, p.Newer.Atom)
	}
	const base = "https://valmeuse.example/"
	want := `flux.atom: 10 to Article 24, complete false, archive false, current , older flux-2.atom, newer 
flux-1.atom: 10 to Article 9, complete false, archive true, current flux.atom, older , newer flux-2.atom
flux-2.atom: 10 to Article 19, complete false, archive true, current flux.atom, older flux-1.atom, newer flux-3.atom
flux-3.atom: 5 to Article 24, complete false, archive false, current flux.atom, older flux-2.atom, newer 
`
	if got := strings.ReplaceAll(got.String(), base, ""); got != want {
		t.Errorf("documents are\n%s\nwant\n%s", got, want)
	}
	for i, e := range encoders {
		golden(t, "archive."+e.name, encode(t, e.encode, docs[2]))
		golden(t, "archived."+e.name, encode(t, e.encode, docs[0]))
		if ids := walk(t, docs, i); len(ids) != 25 {
			t.Errorf("%s: %d articles are within reach, want 25", e.name, len(ids))
		}
	}
}

func TestArchiveOfTenThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	ar := Archive{Number: 50, Bytes: 1 << 20, Addresses: pageAddresses}
	docs := ar.Divide(addressed(10_000))
	for i, e := range encoders {
		if ids := walk(t, docs, i); len(ids) != 10_000 {
			t.Errorf("%s: %d articles are within reach, want 10,000", e.name, len(ids))
		}
	}
}

// Archives stay as they are, to the octet, while articles are added, edited and taken out elsewhere, and nothing is ever out
// of reach.
func TestArchivesStay(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	rnd := rand.New(rand.NewPCG(5005, 4))
	ar := Archive{Number: 7, Bytes: 12_000, Addresses: pageAddresses}
	f, serial := addressed(3), 3
	var before map[string]page
	for round := range 300 {
		touched := map[string]bool{}
		switch i := rnd.IntN(max(1, len(f.Articles))); rnd.IntN(6) {
		case 0, 1, 2:
			for range 1 + rnd.IntN(3) {
				f.Articles = append(f.Articles, numbered(serial))
				serial++
			}
		case 3:
			touched[f.Articles[i].ID] = true
			f.Articles[i].Title = fmt.Sprint("Nouveau titre ", round)
		case 4:
			touched[f.Articles[i].ID] = true
			f.Articles[i].Content = "<p>" + strings.Repeat("long ", rnd.IntN(3000)) + "</p>"
		case 5:
			if len(f.Articles) > 1 {
				touched[f.Articles[i].ID] = true
				f.Articles = slices.Delete(f.Articles, i, i+1)
			}
		}
		rnd.Shuffle(len(f.Articles), func(i, j int) { f.Articles[i], f.Articles[j] = f.Articles[j], f.Articles[i] })
		docs := ar.Divide(f)
		after := map[string]page{}
		for _, d := range docs[1:] {
			p := page{doc: string(encode(t, EncodeRSS, d)), archive: d.Part.Archive, ids: map[string]bool{}}
			for _, a := range d.Articles {
				p.ids[a.ID] = true
			}
			after[d.RSS] = p
		}
		for address, old := range before {
			now, ok := after[address]
			if !ok {
				t.Fatalf("round %d: %s is gone", round, address)
			}
			changed := slices.ContainsFunc(slices.Collect(keys(old.ids)), func(id string) bool { return touched[id] })
			if old.archive && !changed && now.doc != old.doc {
				t.Fatalf("round %d: %s has changed, but none of its articles\n%s\n%s", round, address, old.doc, now.doc)
			}
		}
		before = after
		if got := len(walk(t, docs, 2)); got != len(f.Articles) {
			t.Fatalf("round %d: %d articles are within reach, want %d", round, got, len(f.Articles))
		}
		if n := len(docs[0].Articles); n < min(7, len(f.Articles)) || n > 3*7 {
			t.Fatalf("round %d: %d articles are polled", round, n)
		}
		if !slices.IsSortedFunc(docs[0].Articles, func(a, b Article) int { return b.Published.Compare(a.Published) }) {
			t.Fatalf("round %d: not in order", round)
		}
	}
	if len(before) < 10 {
		t.Fatalf("%d pages are too few to tell", len(before))
	}
}

type page struct {
	doc     string
	archive bool
	ids     map[string]bool
}

func keys(m map[string]bool) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// Events that were announced together are in the order of their start, so that what is furthest ahead is not the first to go.
func TestArchiveOfEvents(t *testing.T) {
	f := addressed(3)
	for i := range f.Articles {
		a := &f.Articles[i]
		a.Published = f.Articles[0].Published
		a.Event = &Event{Start: time.Date(2025, time.March, []int{5, 20, 12}[i], 9, 0, 0, 0, time.UTC)}
	}
	for n, want := range map[int]string{1: "[Article 1 Article 2]", 2: "[Article 1 Article 2 Article 0]"} {
		docs := (&Archive{Number: n, Addresses: pageAddresses}).Divide(f)
		var titles []string
		for _, a := range docs[0].Articles {
			titles = append(titles, a.Title)
		}
		if got := fmt.Sprint(titles); got != want {
			t.Errorf("polled are %s, want %s", got, want)
		}
	}
}

func TestFit(t *testing.T) {
	f := addressed(20)
	long := "<p>" + strings.Repeat("Le conseil a délibéré. ", 400) + "</p>"
	for i := range f.Articles {
		f.Articles[i].Content = long
	}
	slices.Reverse(f.Articles) // the newest first
	f.Articles[19].Summary = "Un résumé."
	if got := Fit(f, 1<<20); got != f {
		t.Error("a feed that is short enough is another")
	}
	for _, size := range []int{200_000, 100_000, 30_000, 12_000, 6_000, 2_000} {
		fit := Fit(f, size)
		whole := 0
		for i, a := range fit.Articles {
			switch {
			case a.Content == long && whole == i:
				whole++
			case a.Content != "" || a.Summary == "":
				t.Errorf("%d octets: article %d has content %.20q and summary %q", size, i, a.Content, a.Summary)
			}
		}
		longest := 0
		for _, e := range encoders {
			longest = max(longest, len(encode(t, e.encode, fit)))
		}
		if longest > size && len(fit.Articles) > 0 {
			t.Errorf("%d octets long, want at most %d", longest, size)
		}
		if whole < 20 && whole > 0 && whole == len(fit.Articles) && longest+300 < size {
			t.Errorf("%d octets: articles are left out before the last one is shortened", size)
		}
		if size >= 100_000 && len(fit.Articles) < 20 || size == 200_000 && whole < 18 || size == 2_000 && len(fit.Articles) > 3 {
			t.Errorf("%d octets: %d articles, %d of them whole", size, len(fit.Articles), whole)
		}
		if len(fit.Articles) == 20 && fit.Articles[19].Summary != "Un résumé." {
			t.Errorf("the summary of a shortened article is %q", fit.Articles[19].Summary)
		}
	}
	if f.Articles[0].Content != long || len(f.Articles) != 20 {
		t.Error("the feed itself was changed")
	}
}

// Shortening makes an article shorter or leaves it alone, and loses none.
func TestShorten(t *testing.T) {
	f := addressed(30)
	for i := range f.Articles {
		f.Articles[i].Summary = strings.Repeat("Un long résumé. ", 40*(i%2))
	}
	longest := func(f *Feed) (n int) {
		for _, e := range encoders {
			n = max(n, len(encode(t, e.encode, f)))
		}
		return n
	}
	all := longest(f)
	for _, size := range []int{all - 1, all - 1000, all / 2, 1} {
		short := Shorten(f, size)
		if len(short.Articles) != 30 || longest(short) > all {
			t.Errorf("%d octets: %d articles, %d octets long, want 30 and at most %d", size, len(short.Articles), longest(short), all)
		}
	}
	if f.Part.Complete = true; Fit(f, 3000).Part.Complete || !Fit(f, all+500).Part.Complete {
		t.Error("a feed of which articles are left out is complete, or one of which none are is not")
	}
	if fit := Fit(f, 0); len(fit.Articles) != 0 {
		t.Errorf("%d articles are no octets long", len(fit.Articles))
	}
}

// Articles that have changed since are polled with the newest, and outlast those that have not when room is short.
func TestArchiveOfCorrections(t *testing.T) {
	f := addressed(25)
	f.Articles[3].Updated = f.Articles[24].Updated.Add(time.Hour)
	ar := Archive{Number: 10, Addresses: pageAddresses}
	docs := ar.Divide(f)
	if a := docs[0].Articles; len(a) != 11 || a[10].Title != "Article 3" {
		t.Fatalf("%d articles are polled, the last is %s", len(a), a[len(a)-1].Title)
	}
	if fit := Fit(docs[0], len(encode(t, EncodeRSS, docs[0]))-500); len(fit.Articles) == 11 || fit.Articles[len(fit.Articles)-1].Title != "Article 3" {
		t.Error("what has changed is left out first")
	}
}

// With days for dates, and ids in no order, articles that are added change no archive.
func TestArchivesOfDays(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	rnd := rand.New(rand.NewPCG(5005, 1))
	ar := Archive{Number: 10, Addresses: pageAddresses}
	f := addressed(0)
	sealed := map[string]string{}
	for i := range 400 {
		a := numbered(i / 4)
		a.ID = fmt.Sprintf("urn:uuid:%08x-0000-4000-8000-%012x", rnd.Uint32(), i)
		f.Articles = append(f.Articles, a)
		docs := ar.Divide(f)
		for _, d := range docs[1:] {
			if doc := string(encode(t, EncodeAtom, d)); sealed[d.Atom] != "" && sealed[d.Atom] != doc {
				t.Fatalf("article %d: %s has changed", i, d.Atom)
			} else if d.Part.Archive {
				sealed[d.Atom] = doc
			}
		}
		if i%50 == 0 && len(walk(t, docs, 1)) != i+1 {
			t.Fatalf("not all of %d articles are within reach", i+1)
		}
	}
	if len(sealed) < 30 {
		t.Errorf("%d archives are too few to tell", len(sealed))
	}
}

// However many articles have one date, all are within reach, and what is polled has an end.
func TestArchiveOfOneDate(t *testing.T) {
	ar := Archive{Number: 10, Addresses: pageAddresses}
	f := addressed(0)
	for i := range 135 {
		a := numbered(0)
		a.ID = fmt.Sprint("tag:valmeuse.example,2024:", i)
		f.Articles = append(f.Articles, a)
		if docs := ar.Divide(f); len(docs[0].Articles) > 20 {
			t.Fatalf("%d articles of %d are polled", len(docs[0].Articles), i+1)
		} else if i%15 == 0 && len(walk(t, docs, 0)) != i+1 {
			t.Fatalf("not all of %d articles are within reach", i+1)
		}
	}
	f.Articles = f.Articles[134:]
	docs := ar.Divide(f)
	if len(docs) < 5 || len(walk(t, docs, 2)) != 1 || docs[1].updated().Year() != 2024 {
		t.Errorf("%d documents of one article that is left, the oldest of %v", len(docs), docs[1].updated())
	}
}

// What the same article says does not depend on the document it is in.
func TestPartsAreFeeds(t *testing.T) {
	f := valmeuse(t)
	f.Hubs = []string{"https://hub.example/"}
	f.Articles[0].Source = &Source{Title: "Le journal & Cie", URL: "https://journal.example/flux.atom", Updated: date(t, "2024-03-19T08:00:00Z")}
	f.Part = Part{Archive: true, Current: Addresses{RSS: f.RSS, Atom: f.Atom, JSON: f.JSON}, Older: pageAddresses(1), Newer: pageAddresses(3)}
	for _, e := range encoders {
		doc := encode(t, e.encode, f)
		golden(t, "part."+e.name, doc)
		for _, want := range []string{"https://hub.example/", "https://valmeuse.example/flux-1." + e.name} {
			if !bytes.Contains(doc, []byte(want)) {
				t.Errorf("%s does not hold %s", e.name, want)
			}
		}
	}
}

func TestLatest(t *testing.T) {
	corrected := addressed(25)
	corrected.Articles[3].Updated = corrected.Articles[24].Updated.Add(time.Hour)
	sameDay := addressed(25)
	for i := range sameDay.Articles {
		sameDay.Articles[i].Published, sameDay.Articles[i].Updated = sameDay.Articles[0].Published, sameDay.Articles[0].Published
	}
	for _, test := range []struct {
		name           string
		feed           *Feed
		number, polled int
		complete       bool
	}{
		{"nothing", addressed(0), 10, 0, true},
		{"fewer", addressed(9), 10, 9, true},
		{"as many", addressed(10), 10, 10, true},
		{"more", addressed(25), 10, 10, false},
		{"one corrected", corrected, 10, 11, false},
		{"fifty by default", addressed(60), 0, 50, false},
		{"fifty instead of less than none", addressed(60), -1, 50, false},
		{"all of one date", sameDay, 10, 10, false},
	} {
		f := Latest(test.feed, test.number)
		if len(f.Articles) != test.polled || f.Part != (Part{Complete: test.complete}) {
			t.Errorf("%s: %d articles, %+v", test.name, len(f.Articles), f.Part)
		}
	}
}

// Those who know more articles than they want to look at need give only those that were announced with the latest, or have
// changed since.
func TestLatestOfThoseThatAreNear(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5005, 2))
	for range 300 {
		f := addressed(1 + rnd.IntN(60))
		for i := range f.Articles {
			a := &f.Articles[i]
			a.Published = f.Articles[rnd.IntN(len(f.Articles))].Published
			a.Updated = a.Published.Add(time.Duration(rnd.IntN(3)) * 24 * time.Hour * time.Duration(rnd.IntN(40)))
		}
		number := 1 + rnd.IntN(12)
		dates := make([]time.Time, len(f.Articles))
		for i, a := range f.Articles {
			dates[i] = a.Published
		}
		slices.SortFunc(dates, time.Time.Compare)
		since := dates[max(0, len(dates)-number)]
		near := *f
		near.Articles = nil
		for _, a := range f.Articles {
			if !a.Published.Before(since) || a.Updated.After(since) {
				near.Articles = append(near.Articles, a)
			}
		}
		all, some := Latest(f, number), Latest(&near, number)
		if some.Part = all.Part; !reflect.DeepEqual(all, some) {
			t.Fatalf("of %d articles the latest %d are %d, of the %d that are near %d", len(f.Articles), number, len(all.Articles), len(near.Articles), len(some.Articles))
		}
	}
}
