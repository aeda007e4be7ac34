package crieur

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

// A fact is what a test knows of an event of its own making.
type fact struct {
	title            string
	categories, tags []string
	days             []string // on which it takes place
}

var (
	someCategories = []string{"Ateliers", "Fêtes d’été", "R&D", "日本", "Musique de chambre"}
	someTags       = []string{"C++", "C", "plein air", "Été", "gratuit"}
)

// randomFacts writes events into a world: of one time or several days, or of several weeks.
func randomFacts(random *rand.Rand, w *world) []fact {
	some := func(list []string) (part []string) {
		for _, v := range list {
			if random.IntN(4) == 0 {
				part = append(part, v)
			}
		}
		return part
	}
	var facts []fact
	for i := range 25 {
		f := fact{title: fmt.Sprintf("E%02d", i), categories: some(someCategories), tags: some(someTags)}
		start := time.Date(2027, 1, 1+random.IntN(90), 0, 0, 0, 0, time.UTC)
		length, weeks := 1+max(0, random.IntN(6)-3), 1+max(0, random.IntN(8)-4)
		for week := range weeks {
			for day := range length {
				f.days = append(f.days, start.AddDate(0, 0, 7*week+day).Format(time.DateOnly))
			}
		}
		last := start.AddDate(0, 0, length-1).Format(time.DateOnly)
		first, hours := start.Format(time.DateOnly), []string{"", ""}
		if random.IntN(2) == 0 {
			hours = []string{" 00:00", " 23:59"}
		}
		more := []string{"event_end_date: " + last + hours[1]}
		for key, list := range map[string][]string{"categories": f.categories, "tags": f.tags} {
			if len(list) > 0 {
				more = append(more, key+": ['"+strings.Join(list, "', '")+"']")
			}
		}
		if weeks > 1 {
			more = append(more, fmt.Sprintf("rrule: FREQ=WEEKLY;COUNT=%d", weeks))
		}
		if random.IntN(8) == 0 {
			more = append(more, "cancelled: true")
		}
		w.event(f.title+".md", f.title, first+hours[0], more...)
		facts = append(facts, f)
	}
	return facts
}

// asked reports whether f is what a query asks, with the names as they stand in the content.
func (f *fact) asked(categories, tags []string, from, to string) bool {
	any := func(has, want []string) bool {
		return len(want) == 0 || slices.ContainsFunc(want, func(v string) bool { return slices.Contains(has, v) })
	}
	return any(f.categories, categories) && any(f.tags, tags) && slices.ContainsFunc(f.days, func(d string) bool {
		return (from == "" || from <= d) && (to == "" || d <= to)
	})
}

// Law: a document of which something was chosen holds exactly what the query asks for, however that is spelt; all spellings
// have one address and one tag, and the address is its own.
func TestRandomChoices(t *testing.T) {
	found := 0
	for seed := range seeds(5) {
		random := rand.New(rand.NewPCG(seed, 9))
		w := newWorld(t)
		w.config.Limit = 1000
		facts := randomFacts(random, w)
		w.build()
		s := new(Server)
		s.Set(w.site)
		known := map[bool]map[string]bool{true: {}, false: {}} // names that something has
		for _, f := range facts {
			for _, c := range f.categories {
				known[true][c] = true
			}
			for _, tag := range f.tags {
				known[false][tag] = true
			}
		}
		for range 60 {
			pick := func(category bool) (part []string) {
				for _, v := range slices.Sorted(maps.Keys(known[category])) {
					if random.IntN(5) == 0 {
						part = append(part, v)
					}
				}
				return part
			}
			categories, tags, from, to := pick(true), pick(false), "", ""
			if random.IntN(2) == 0 {
				from = time.Date(2027, 1, random.IntN(120)-10, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			}
			if random.IntN(2) == 0 {
				to = time.Date(2027, 1, random.IntN(120), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			}
			if len(categories)+len(tags) == 0 && from+to == "" || to != "" && to < from {
				continue
			}
			var want []string
			for _, f := range facts {
				if f.asked(categories, tags, from, to) {
					want = append(want, f.title)
				}
			}
			found += len(want)
			for _, format := range []string{"ics", "rss", "atom", "json"} {
				address, tag := "", ""
				for range 3 {
					target := "/events." + format + "?" + spelling(random, categories, tags, from, to)
					r := request(t, s, "GET", target)
					got := strings.Fields(summaries(body(t, r)))
					slices.Sort(got)
					if r.StatusCode != 200 || !slices.Equal(got, want) {
						t.Fatalf("%s: %d, %s, want %s", target, r.StatusCode, got, want)
					}
					location, etag := r.Header.Get("Content-Location"), r.Header.Get("ETag")
					if address != "" && (location != address || etag != tag) {
						t.Fatalf("%s: %s %s, want %s %s", target, location, etag, address, tag)
					}
					address, tag = location, etag
				}
				r := request(t, s, "GET", "/"+address)
				if r.Header.Get("Content-Location") != address || r.Header.Get("ETag") != tag {
					t.Fatalf("%s is at %s", address, r.Header.Get("Content-Location"))
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("%d records were asked for: this shows little", found)
	}
}

// spelling is one of many spellings of a query.
func spelling(random *rand.Rand, categories, tags []string, from, to string) string {
	var parts []string
	add := func(keys []string, v string) {
		parts = append(parts, url.QueryEscape(keys[random.IntN(len(keys))])+"="+url.QueryEscape(v))
	}
	name := func(v string) string {
		switch random.IntN(6) {
		case 0:
			return strings.ToUpper(v)
		case 1:
			return " " + strings.ToLower(v) + "  "
		case 2:
			return norm.NFD.String(v)
		case 3:
			return slug(v, "fr")
		case 4:
			return strings.ReplaceAll(v, " ", "\u00a0 ")
		}
		return v
	}
	for range 1 + random.IntN(2) {
		for _, v := range categories {
			add([]string{"category", "Category", "catégorie", "categories[]"}, name(v))
		}
		for _, v := range tags {
			add([]string{"tag", "TAGS", "tag[]"}, name(v))
		}
	}
	if from != "" {
		add([]string{"from", "From"}, from)
	}
	if to != "" {
		add([]string{"to"}, " "+to)
	}
	for range random.IntN(3) {
		add([]string{"utm_source", "category", "from", "x"}, "")
	}
	random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, "&")
}

// Law: whatever the query is, the answer is right about itself: a refusal, all records, or some of them, with an address
// that gives the same again; and it leaves no more behind than there is room for.
func FuzzChoose(f *testing.F) {
	for _, q := range []string{"category=ateliers", "tag=C%2b%2b&from=2027-01-01", "from=2027-13-01", "category[]=", "a=%zz", "from=2027-01-01&to=9999-12-31",
		"tag=%00", "category=ateliers;tag=x", "to=0001-01-01", strings.Repeat("tag=x&", 300), "tag=ateliers&&==&category", "CATEGORIES=Musique+", "=%e6%97%a5"} {
		f.Add(q)
	}
	w := newWorld(nil)
	randomFacts(rand.New(rand.NewPCG(1, 1)), w)
	site, _, _ := Build(w.files, w.config, nil, w.now)
	s := new(Server)
	s.Set(site)
	whole := map[string]bool{}
	for line := range strings.FieldsSeq(summaries(string(site.File("events.ics").Bytes()))) {
		whole[line] = true
	}
	f.Fuzz(func(t *testing.T, query string) {
		get := func(target, query string) *http.Response {
			r := &http.Request{Method: "GET", URL: &url.URL{Path: target, RawQuery: query}, Header: http.Header{}}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			return w.Result()
		}
		for _, format := range []string{"ics", "html", "atom"} {
			r := get("/events."+format, query)
			switch r.StatusCode {
			case 200, 303:
			case 400, 404, 414:
				continue
			default:
				t.Fatalf("%s: %d", format, r.StatusCode)
			}
			location := r.Header.Get("Content-Location") + r.Header.Get("Location")
			if r.StatusCode == 200 && format == "ics" {
				doc := body(t, r)
				for title := range strings.FieldsSeq(summaries(doc)) {
					if !whole[title] {
						t.Fatalf("%q is not in the whole", title)
					}
				}
				if location == "" && r.Header.Get("ETag") != site.File("events.ics").ETag {
					t.Fatal("neither the whole nor a part")
				}
			}
			if location == "" {
				continue
			}
			name, canonical, _ := strings.Cut(location, "?")
			again := get("/"+name, canonical)
			if again.StatusCode != 200 || r.StatusCode == 200 && (again.Header.Get("Content-Location") != location || again.Header.Get("ETag") != r.Header.Get("ETag")) {
				t.Fatalf("%s: %d, %s, at %s", location, again.StatusCode, again.Header.Get("ETag"), again.Header.Get("Content-Location"))
			}
		}
		if m := &s.made; m.once.size > onceRoom || m.again.size > againRoom || m.once.list.Len()+m.again.list.Len() != len(m.entries) {
			t.Fatalf("%d + %d bytes of %d + %d documents, %d by name", m.once.size, m.again.size, m.once.list.Len(), m.again.list.Len(), len(m.entries))
		}
	})
}
