package crieur

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// chosenWorld is a site of a few events and articles, served.
func chosenWorld(t *testing.T) (*world, *Server) {
	w := newWorld(t)
	w.config.Base = "https://agenda.brume.example/"
	w.event("a.md", "Atelier", "2027-03-02 18:00", "categories: [Ateliers]", "tags: [Débutants, C++]")
	w.event("b.md", "Balade", "2027-03-09 10:00", "categories: [Balades, Ateliers]", "tags: [Débutants]")
	w.event("c.md", "Concert", "2027-04-01 20:00", "categories: [Musique]")
	w.event("d.md", "Chorale", "2027-01-05 20:00", "categories: [Musique]", "tags: [Débutants]", "rrule: FREQ=WEEKLY;UNTIL=20270330")
	w.event("e.md", "Fête", "2027-05-01", "categories: [Musique]", "cancelled: true")
	w.write("n.md", "---\ntitle: Nouvelle\ndate: 2026-11-01\ncategories: [Ateliers]\n---\nUn texte.\n")
	w.write("o.md", "---\ntitle: Autre\ndate: 2026-11-10\ntags: [Débutants]\n---\nUn texte.\n")
	s := new(Server)
	w.build()
	s.Set(w.site)
	return w, s
}

// summaries are the titles of the events or entries of a document, in its order.
func summaries(doc string) string {
	var list []string
	for line := range strings.SplitSeq(doc, "\n") {
		line = strings.TrimSpace(line)
		for _, mark := range []string{"SUMMARY:", "<title>", `"title": "`} {
			if s, ok := strings.CutPrefix(line, mark); ok {
				s, _, _ = strings.Cut(s, "</title>")
				s, _, _ = strings.Cut(s, `"`)
				list = append(list, strings.TrimPrefix(s, "Annulé\u00a0: "))
			}
		}
	}
	if !strings.HasPrefix(doc, "BEGIN:VCALENDAR") && len(list) > 0 {
		list = list[1:] // that of the feed
	}
	return strings.Join(list, " ")
}

func TestChoose(t *testing.T) {
	_, s := chosenWorld(t)
	for _, c := range []struct{ target, canonical, want string }{
		{"/events.ics", "", "Chorale Atelier Balade Concert Fête"},
		{"/events.ics?category=ateliers", "events.ics?category=ateliers", "Atelier Balade"},
		{"/events.ics?category=Ateliers&utm_source=x", "events.ics?category=ateliers", "Atelier Balade"},
		{"/events.ics?Cat%C3%A9gorie[]=+ATELIERS+", "events.ics?category=ateliers", "Atelier Balade"},
		{"/events.ics?category=musique&category=balades", "events.ics?category=balades&category=musique", "Chorale Balade Concert Fête"},
		{"/events.ics?category=balades&category=musique&category=Musique&tag=", "events.ics?category=balades&category=musique", "Chorale Balade Concert Fête"},
		{"/events.ics?category=musique&tag=debutants", "events.ics?category=musique&tag=debutants", "Chorale"},
		{"/events.ics?tag=d%C3%A9butants&category=musique", "events.ics?category=musique&tag=debutants", "Chorale"},
		{"/events.ics?tag=c%2b%2b", "events.ics?tag=c-plus-plus", "Atelier"},
		{"/events.ics?from=2027-03-09", "events.ics?from=2027-03-09", "Chorale Balade Concert Fête"},
		{"/events.ics?to=2027-03-08", "events.ics?to=2027-03-08", "Chorale Atelier"},
		{"/events.ics?from=2027-03-02&to=2027-03-02", "events.ics?from=2027-03-02&to=2027-03-02", "Chorale Atelier"},
		{"/events.ics?from=2027-03-31&to=2027-04-01", "events.ics?from=2027-03-31&to=2027-04-01", "Concert"},
		{"/events.ics?from=2027-05-01&to=2027-05-01", "events.ics?from=2027-05-01&to=2027-05-01", "Fête"},
		{"/events.ics?from=2028-01-01", "events.ics?from=2028-01-01", ""},
		{"/events/category/musique.ics?tag=debutants", "musique.ics?tag=debutants", "Chorale"},
		{"/events.rss?category=ateliers", "events.rss?category=ateliers", "Balade Atelier"},
		{"/events.atom?category=ateliers", "events.atom?category=ateliers", "Balade Atelier"},
		{"/events.json?category=ateliers", "events.json?category=ateliers", "Balade Atelier"},
		{"/articles.rss?category=ateliers", "articles.rss?category=ateliers", "Nouvelle"},
		{"/articles.atom?from=2026-11-02", "articles.atom?from=2026-11-02", "Autre"},
		{"/events.ics?x=y&category=&from=", "", "Chorale Atelier Balade Concert Fête"},
		{"/event/atelier.ics?category=musique", "", "Atelier"},
	} {
		r := request(t, s, "GET", c.target)
		doc := body(t, r)
		if got := summaries(doc); r.StatusCode != 200 || got != c.want {
			t.Errorf("%s: %d, %q, want %q", c.target, r.StatusCode, got, c.want)
		}
		if got := r.Header.Get("Content-Location"); got != c.canonical {
			t.Errorf("%s: Content-Location %q, want %q", c.target, got, c.canonical)
		}
		if c.canonical == "" {
			continue
		}
		if r.Header.Get("Last-Modified") != "" {
			t.Errorf("%s: a date that nobody knows", c.target)
		}
		again := request(t, s, "GET", c.target[:strings.LastIndexByte(c.target, '/')+1]+c.canonical, "If-None-Match", r.Header.Get("ETag"))
		if again.StatusCode != 304 {
			t.Errorf("%s: its own address answers %d to its tag", c.target, again.StatusCode)
		}
	}
}

func TestChooseRefuses(t *testing.T) {
	_, s := chosenWorld(t)
	for _, c := range []struct {
		query string
		code  int
		want  string
	}{
		{"category=musik", 404, `category "musik": nothing is called so here`},
		{"category=debutants", 404, "nothing is called so"},
		{"category=ateliers&tag=x", 404, `tag "x"`},
		{"tag=%00%ff", 404, "nothing is called so"},
		{"from=today", 400, `"today" is no day such as 2027-01-31`},
		{"from=2027-02-30", 400, "no day"},
		{"from=0000-01-01", 400, "no day"},
		{"from=2027-03-02&to=2027-03-01", 400, "is before"},
		{"from=2027-03-02&from=2027-03-01", 400, "it is"},
		{"category=%zz", 400, "cannot be read"},
		{"category=ateliers;tag=debutants", 400, "cannot be read"},
		{strings.Repeat("tag=debutants&", 51), 400, "more than 50"},
		{"tag=" + strings.Repeat("x", 3000), 414, "longer than 2000"},
	} {
		for _, name := range []string{"/events.ics", "/events.html", "/articles.rss"} {
			r := request(t, s, "GET", name+"?"+c.query)
			if name == "/articles.rss" && c.code == 404 {
				continue // other names
			}
			want := c.want
			if name == "/events.html" { // for people
				want = `<h1>Agenda` + "\u00a0" + `: sélection introuvable</h1>`
			}
			text := body(t, r)
			if r.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s?%.40s: pages of others do not learn what is wrong", name, c.query)
			}
			if r.StatusCode != c.code || !strings.Contains(text, want) {
				t.Errorf("%s?%.40s: %d %q, want %d %q", name, c.query, r.StatusCode, text, c.code, want)
			}
			if html := strings.HasPrefix(r.Header.Get("Content-Type"), "text/html"); html != (name == "/events.html") ||
				html && (!strings.Contains(text, `<details id="choose" open>`) || r.Header.Get("Content-Security-Policy") == "" || !strings.Contains(text, "events.ics&amp;name=Agenda%20de%20Brume%20%E2%80%93%20Agenda\"")) {
				t.Errorf("%s?%.40s: %v %s", name, c.query, r.Header, text)
			}
		}
	}
}

// Law: what documents say of themselves is their own address and a title and an identity of their own.
func TestChosenSaysWhatItIs(t *testing.T) {
	_, s := chosenWorld(t)
	query := "?category=ateliers&from=2027-03-01&to=2027-03-31"
	for name, want := range map[string][]string{
		"events.ics":  {"X-WR-CALNAME:Agenda de Brume – Agenda\u00a0: Ateliers · du 1er au 31 mars 2027\r\n", "SOURCE;VALUE=URI:https://agenda.brume.example/events.ics" + query},
		"events.atom": {`<link rel="self" type="application/atom+xml" href="https://agenda.brume.example/events.atom?category=ateliers&amp;from=2027-03-01&amp;to=2027-03-31"/>`},
		"events.json": {`"feed_url": "https://agenda.brume.example/events.json` + query + `"`},
		"events.html": {"<h1>Agenda\u00a0: Ateliers · du 1er au 31 mars 2027</h1>", `<link rel="canonical" href="https://agenda.brume.example/events.html?category=ateliers&amp;from=2027-03-01&amp;to=2027-03-31">`},
	} {
		text := strings.ReplaceAll(body(t, request(t, s, "GET", "/"+name+query)), "\r\n ", "")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %s in\n%s", name, w, text)
			}
		}
	}
	ids := map[string]string{}
	for _, target := range []string{"/events.atom", "/events.atom?category=ateliers", "/events.atom?category=musique", "/articles.atom?category=ateliers", "/events/category/ateliers.atom"} {
		_, rest, _ := strings.Cut(body(t, request(t, s, "GET", target)), "<id>")
		id, _, _ := strings.Cut(rest, "<")
		if other := ids[id]; other != "" {
			t.Errorf("%s has the id of %s", target, other)
		}
		ids[id] = target
	}
}

// Law: the form of a page of what was chosen asks for the same again, also for what is not in its lists of today.
func TestFormAsksForTheSame(t *testing.T) {
	w, s := chosenWorld(t)
	w.event("old.md", "Vieille fête", "2019-05-01", "categories: [Archives]", "tags: [ancien]")
	for i := range 40 {
		w.event(fmt.Sprintf("m%d.md", i), fmt.Sprint("Marché ", i), fmt.Sprintf("2027-06-%02d", i%28+1), fmt.Sprintf("tags: [m%d, marché]", i))
	}
	w.config.Limit = 1
	field := regexp.MustCompile(`<input type="(checkbox|date)" name="([^"]*)" value="([^"]*)"( checked)?[^>]*>`)
	if strings.Contains(string(w.build().site.File("events.html").Bytes()), "<form") {
		t.Error("there is a form that nobody may answer")
	}
	w.config.Choose = true
	w.build()
	s.Set(w.site)
	if page := string(w.site.File("events.html").Bytes()); !strings.Contains(page, `<form method="get" action="events.html">`) {
		t.Errorf("there is no form in\n%s", page)
	}
	for _, target := range []string{"/events.html?category=ateliers", "/events.html?category=archives&tag=ancien&to=2020-01-01", "/events.html?from=2027-01-01&tag=m39&tag=m7",
		"/events/category/musique.html?tag=debutants", "/events.html?from=2099-01-01&to=2099-12-31"} {
		page := body(t, request(t, s, "GET", target))
		v := url.Values{}
		for _, m := range field.FindAllStringSubmatch(page, -1) {
			if m[1] == "date" || m[4] != "" {
				v.Add(m[2], html.UnescapeString(m[3]))
			}
		}
		name, query, _ := strings.Cut(target, "?")
		want, _ := url.ParseQuery(query)
		r := request(t, s, "GET", name+"?"+v.Encode())
		if r.StatusCode == 303 {
			r = request(t, s, "GET", name[:strings.LastIndexByte(name, '/')+1]+r.Header.Get("Location"))
		}
		if got := r.Header.Get("Content-Location"); got != path.Base(name)+"?"+want.Encode() {
			t.Errorf("%s: its form asks for %s", target, got)
		}
	}
}

// A form sends all its fields; people copy what the address bar shows.
func TestChosenPageHasOneAddress(t *testing.T) {
	_, s := chosenWorld(t)
	for target, want := range map[string]string{
		"/events.html?category=&tag=debutants&from=&to=":        "events.html?tag=debutants",
		"/events.html?category=Ateliers":                        "events.html?category=ateliers",
		"/events.html?category=&from=":                          "events.html",
		"/events/category/musique.html?tag=D%C3%A9butants&to=":  "musique.html?tag=debutants",
		"/events/tag/debutants.html?tag=Debutants&utm_source=x": "debutants.html?tag=debutants",
	} {
		if r := request(t, s, "GET", target); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != want {
			t.Errorf("%s: %d, Location %q, want %q", target, r.StatusCode, r.Header.Get("Location"), want)
		}
	}
	for _, target := range []string{"/events.html?tag=debutants", "/events.html?utm_source=x"} {
		if r := request(t, s, "GET", target); r.StatusCode != 200 {
			t.Errorf("%s: %d", target, r.StatusCode)
		}
	}
}

// What is chosen at a desk is taken along on a telephone, by a code that one can
// still read.
func TestChosenPageHasACode(t *testing.T) {
	_, s := chosenWorld(t)
	page := body(t, request(t, s, "GET", "/events.html?category=ateliers&from=2027-03-01"))
	if want := `aria-label="Code QR de l’adresse de cette page : https://agenda.brume.example/events.html?category=ateliers&amp;from=2027-03-01"`; !strings.Contains(page, want) {
		t.Errorf("no %s in\n%s", want, page)
	}
	w, s := chosenWorld(t)
	query := ""
	for i := range 20 {
		w.event(fmt.Sprintf("m%d.md", i), fmt.Sprint("Marché ", i), "2027-06-01", fmt.Sprintf("tags: [marchés-de-la-vallée-%d]", i))
		query += fmt.Sprintf("&tag=marches-de-la-vallee-%d", i)
	}
	w.build()
	s.Set(w.site)
	r := request(t, s, "GET", "/events.html?"+query[1:])
	if r.StatusCode == 303 {
		r = request(t, s, "GET", "/"+r.Header.Get("Location"))
	}
	if page := body(t, r); r.StatusCode != 200 || strings.Contains(page, "<svg") {
		t.Errorf("%d, with a code that is too fine", r.StatusCode)
	}
}

// Law: an event that is moved out of the days that were chosen stays, so that its calendar shows where to; what is
// cancelled is shown as cancelled; what has lost its category leaves.
func TestChosenEventMoves(t *testing.T) {
	w, s := chosenWorld(t)
	get := func(target string) string {
		w.build()
		s.Set(w.site)
		return body(t, request(t, s, "GET", target))
	}
	march := "/events.ics?from=2027-03-01&to=2027-03-31"
	w.event("b.md", "Balade", "2027-06-09 10:00", "categories: [Balades]", "tags: [Débutants]")
	if doc := get(march); !strings.Contains(doc, "20270609T100000") {
		t.Errorf("the event that has moved to June is not said to have:\n%s", doc)
	}
	if doc := get("/events.ics?from=2027-06-01"); summaries(doc) != "Balade" {
		t.Errorf("in June there is %q", summaries(doc))
	}
	if doc := get("/events.ics?category=ateliers"); summaries(doc) != "Atelier" {
		t.Errorf("the category has %q", summaries(doc))
	}
	delete(w.files, "a.md")
	if doc := get("/events.ics?category=ateliers"); summaries(doc) != "Atelier" || !strings.Contains(doc, "STATUS:CANCELLED") {
		t.Errorf("what is withdrawn is\n%s", doc)
	}
	w.now = w.now.Add(40 * 24 * time.Hour)
	if r := get("/events.ics?category=ateliers"); summaries(r) != "" || !strings.HasPrefix(r, "BEGIN:VCALENDAR") {
		t.Errorf("of a category that is empty there is\n%s", r)
	}
}

// Before there are records, who asks for some waits, and gets neither an error nor all.
func TestChooseBeforeRecords(t *testing.T) {
	w, _ := chosenWorld(t)
	dir := t.TempDir()
	p := Publisher{Dir: dir}
	if _, err := p.Publish(w.site); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		last, err := p.Last(w.history)
		if err != nil {
			t.Fatal(err)
		}
		s := new(Server)
		s.Set(last)
		if r := request(t, s, "GET", "/events.ics?utm_source=x"); r.StatusCode != 200 {
			t.Errorf("all: %d", r.StatusCode)
		}
		if r := request(t, s, "GET", "/events.ics?category=ateliers"); r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
			t.Errorf("too long: %d", r.StatusCode)
		}
		done := make(chan string)
		go func() { done <- summaries(body(t, request(t, s, "GET", "/events.ics?category=ateliers"))) }()
		time.Sleep(patience / 2)
		s.Set(w.site)
		if got := <-done; got != "Atelier Balade" {
			t.Errorf("who waited gets %q", got)
		}
	})
}

// Law: what was published last, with its records recalled, gives what the site gave that it was.
func TestChooseFromWhatIsRecalled(t *testing.T) {
	w, s := chosenWorld(t)
	w.config.Channels = []Channel{{Name: "equipe", Secret: true, Path: "equipe"}}
	w.event("equipe/x.md", "Réunion", "2027-03-03 18:00", "categories: [Ateliers]")
	w.later(time.Hour)
	s.Set(w.site)
	p := Publisher{Dir: t.TempDir(), Secret: t.TempDir()}
	if _, err := p.Publish(w.site); err != nil {
		t.Fatal(err)
	}
	last, err := p.Last(w.history)
	if err != nil {
		t.Fatal(err)
	}
	site, err := last.Recall(w.config, reload(t, w.history), w.now)
	if err != nil {
		t.Fatal(err)
	}
	again := new(Server)
	again.Set(site)
	for _, target := range []string{"/events.ics", "/events.ics?category=ateliers", "/events.html?tag=debutants&from=2027-03-01", "/events.atom?from=2027-04-01", "/articles.rss?category=ateliers", "/events.ics?tag=x", "/autre.ics"} {
		a, b := request(t, s, "GET", target), request(t, again, "GET", target)
		if a.StatusCode != b.StatusCode || a.Header.Get("ETag") != b.Header.Get("ETag") || body(t, a) != body(t, b) {
			t.Errorf("%s: %d %s, want %d %s", target, b.StatusCode, b.Header.Get("ETag"), a.StatusCode, a.Header.Get("ETag"))
		}
	}
}

// Law: the same selection has the same tag in every process.
func TestChosenTagIsThatOfContent(t *testing.T) {
	w, s := chosenWorld(t)
	other := new(Server)
	site, _, _ := Build(w.files, w.config, nil, w.now)
	other.Set(site)
	for _, format := range eventFormats {
		target := "/events." + format + "?tag=debutants"
		a, b := request(t, s, "GET", target), request(t, other, "GET", target)
		if a.Header.Get("ETag") != b.Header.Get("ETag") || body(t, a) != body(t, b) {
			t.Errorf("%s: %s and %s", target, a.Header.Get("ETag"), b.Header.Get("ETag"))
		}
		tag := a.Header.Get("ETag")
		w.event("c.md", "Concert", "2027-04-01 20:00", "categories: [Musique]", "location: "+fmt.Sprint("Salle ", format))
		w.build() // which is another, but not for these
		s.Set(w.site)
		if r := request(t, s, "GET", target, "If-None-Match", tag); r.StatusCode != 304 {
			t.Errorf("%s: %d after a change elsewhere", target, r.StatusCode)
		}
	}
}
