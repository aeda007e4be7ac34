package feeds

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Law: what a plan says of documents that are not written is so of those that are, however short they have to be.
func TestPlan(t *testing.T) {
	list, _ := many(12)
	articles := append(valmeuse(t).Articles, list.Articles...)
	awkward := hostile(t)
	for _, name := range slices.Sorted(maps.Keys(awkward)) {
		a := awkward[name]
		if Check(&Feed{ID: "tag:a.example,2024:feed", Title: "a", URL: "https://a.example/", Articles: []Article{a}}) == nil {
			articles = append(articles, a)
		}
	}
	heads := []*Feed{bare(), valmeuse(t), addressed(0), {ID: "tag:a.example,2024:feed", Title: "Sans auteur", URL: "https://a.example/", Hubs: []string{"https://hub.example/", "https://hub.example/2"}}}
	rnd := rand.New(rand.NewPCG(3, 4))
	for round := range 300 {
		f := *heads[round%len(heads)]
		f.Articles = nil
		if round%3 == 0 {
			f.Updated = time.Time{}
		}
		f.Part.Complete = round%2 == 0
		header := f
		var prepared []*Prepared
		for i, a := range articles {
			if rnd.IntN(len(articles)) >= rnd.IntN(20) {
				continue
			}
			a.ID = fmt.Sprint("tag:a.example,2024:", i)
			p, err := Prepare(&header, &a)
			if err != nil {
				t.Fatal(err)
			}
			f.Articles, prepared = append(f.Articles, a), append(prepared, p)
		}
		size := rnd.IntN(2000 + 3000*len(prepared))
		for _, way := range []struct {
			name string
			fit  func(*Feed, int) *Feed
			plan func(*Feed, []*Prepared, int) (*Plan, error)
		}{{"Fit", Fit, FitPrepared}, {"Shorten", Shorten, ShortenPrepared}} {
			want := way.fit(&f, size)
			p, err := way.plan(&header, prepared, size)
			if err != nil {
				t.Fatal(err)
			}
			got := p.Feed(func(i int) Article { return f.Articles[i] })
			for i, of := range []struct {
				planned func() ([sha256.Size]byte, int)
				sum     func([]byte) [sha256.Size]byte
			}{{p.RSS, SumRSS}, {p.Atom, SumAtom}, {p.JSON, SumJSON}} {
				doc := encode(t, encoders[i].encode, want)
				if sum, n := of.planned(); n != len(doc) || sum != of.sum(doc) {
					t.Errorf("round %d, %s to %d octets: planned are %d octets with the sum %x, want %d with %x:\n%s", round, way.name, size, n, sum, len(doc), of.sum(doc), doc)
				}
				if planned := encode(t, encoders[i].encode, got); string(planned) != string(doc) {
					t.Errorf("round %d, %s to %d octets: planned is\n%s\nwant\n%s", round, way.name, size, planned, doc)
				}
			}
			kept, whole := 0, 0
			for i := range prepared {
				in, content := p.Article(i)
				if in {
					kept++
				}
				if content {
					whole++
				}
			}
			if kept != len(want.Articles) || whole > kept || way.name == "Shorten" && kept < len(prepared) {
				t.Errorf("round %d, %s: %d articles are planned, %d of them whole, want %d", round, way.name, kept, whole, len(want.Articles))
			}
		}
		if t.Failed() {
			return
		}
	}
}

// What cannot be written cannot be planned.
func TestPlanFaults(t *testing.T) {
	f := bare()
	f.Articles = nil
	good := func(id string) *Prepared {
		p, err := Prepare(f, &Article{ID: id, Title: "a", Updated: time.Unix(0, 0)})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p, err := Prepare(f, &Article{ID: "tag:a.example,2024:a", Title: "a"}); p != nil || !errors.Is(err, ErrMissing) {
		t.Errorf("an article without a date is prepared: %v", err)
	}
	signed := *f
	signed.Authors = []Person{{Name: "Ann"}}
	unnamed := *f
	unnamed.Title = ""
	full := *f
	full.Articles = make([]Article, 1)
	for _, c := range []struct {
		name     string
		f        *Feed
		articles []*Prepared
		want     string
	}{
		{"twice", f, []*Prepared{good("tag:a.example,2024:é"), good("tag:a.example,2024:%C3%A9")}, "entry 1 (tag:a.example,2024:%C3%A9): ID is there twice, entry 0 has it too"},
		{"three times", f, []*Prepared{good("tag:a.example,2024:a"), good("tag:a.example,2024:a"), good("tag:a.example,2024:a")}, "entry 1 (tag:a.example,2024:a): ID is there twice, entry 0 has it too\nentry 2 (tag:a.example,2024:a): ID is there twice, entry 0 has it too"},
		{"nil", f, []*Prepared{nil}, "entry 0: ID is missing"},
		{"zero", f, []*Prepared{new(Prepared)}, "entry 0: ID is missing"},
		{"others", &full, nil, "Articles want none besides those that are prepared"},
		{"the feed", &unnamed, nil, "Title is missing"},
		{"authors", &signed, []*Prepared{good("tag:a.example,2024:a")}, "entry 0 (tag:a.example,2024:a): Authors was prepared for a feed that has others"},
	} {
		if p, err := FitPrepared(c.f, c.articles, 1000); p != nil || err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// What changes after it was prepared, or planned, is planned as it was.
func TestPreparedIsACopy(t *testing.T) {
	f := valmeuse(t)
	f.Hubs = []string{"https://hub.example/"}
	a := f.Articles[0]
	f.Articles = nil
	p, err := Prepare(f, &a)
	if err != nil {
		t.Fatal(err)
	}
	list := []*Prepared{p}
	plan, err := FitPrepared(f, list, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := plan.JSON()
	a.Title, a.Tags[0] = "Autre", "autre"
	again, err := FitPrepared(f, list, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if after, _ := again.JSON(); after != before {
		t.Error("an article that was prepared is another")
	}
	list[0], f.Hubs[0], f.Authors[0].Name = nil, "https://hub.example/2", "Autre"
	if after, _ := plan.JSON(); after != before {
		t.Error("what was planned is another")
	}
}

// BenchmarkPlan is what the three documents of a feed take of which one article has changed, besides writing them.
func BenchmarkPlan(b *testing.B) {
	f, _ := many(50)
	header := *f
	header.Articles = nil
	list := make([]*Prepared, len(f.Articles))
	prepare := func(i int) { list[i], _ = Prepare(&header, &f.Articles[i]) }
	for i := range list {
		prepare(i)
	}
	b.Run("planned", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			prepare(i % len(list))
			p, err := FitPrepared(&header, list, 1<<20)
			if err != nil {
				b.Fatal(err)
			}
			p.RSS()
			p.Atom()
			p.JSON()
		}
	})
	b.Run("written", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			fit := Fit(f, 1<<20)
			SumRSS(encode(b, EncodeRSS, fit))
			SumAtom(encode(b, EncodeAtom, fit))
			SumJSON(encode(b, EncodeJSON, fit))
		}
	})
}
