package crieur

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// nodes are the elements of a page, and its texts, in order.
func nodes(t *testing.T, data []byte) (list []*html.Node) {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(root.Descendants())
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// linkedData is what a page says to machines.
func (w *world) linkedData(name string) (v map[string]any) {
	w.t.Helper()
	_, data, _ := strings.Cut(string(w.site.File(name).Bytes()), `<script type="application/ld+json">`)
	data, _, _ = strings.Cut(data, "</script>")
	if err := json.Unmarshal([]byte(data), &v); err != nil {
		w.t.Fatalf("%s: %v: %s", name, err, data)
	}
	return v
}

// A page offers its own calendar to each that people use, by its own name.
func TestSubscribeLinks(t *testing.T) {
	w := newWorld(t)
	w.config.Base = "https://agenda.brume.example/public/"
	w.event("a.md", "Foire", "2027-05-08", "categories: [R&D]")
	w.build()
	for page, c := range map[string]struct{ path, name, guide string }{
		"index.html":                  {"events.ics", "Agenda%20de%20Brume%20%E2%80%93%20Agenda", ""},
		"events.html":                 {"events.ics", "Agenda%20de%20Brume%20%E2%80%93%20Agenda", ""},
		"events/category/r-et-d.html": {"events/category/r-et-d.ics", "Agenda%20de%20Brume%20%E2%80%93%20Agenda%20%E2%80%93%20R%26D", "../../index.html#applications"},
	} {
		if w.site.File(page) == nil {
			t.Fatalf("there is no %s among %v", page, names(w.site))
		}
		hrefs := map[string]bool{}
		field := ""
		for _, n := range nodes(t, w.site.File(page).Bytes()) {
			if href, ok := attr(n, "href"); ok && n.Data == "a" {
				hrefs[href] = true
			}
			if n.Data == "input" {
				if id, _ := attr(n, "id"); id == "calendar" {
					field, _ = attr(n, "value")
				}
			}
		}
		const host = "agenda.brume.example/public/"
		escaped := strings.ReplaceAll(host+c.path, "/", "%2F")
		for _, want := range []string{
			"webcal://" + host + c.path,
			"https://calendar.google.com/calendar/render?cid=webcal%3A%2F%2F" + escaped,
			"https://outlook.office.com/calendar/0/addfromweb?url=https%3A%2F%2F" + escaped + "&name=" + c.name,
			"https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2F" + escaped + "&name=" + c.name,
		} {
			if !hrefs[want] {
				t.Errorf("%s has no link to\n%s but\n%v", page, want, hrefs)
			}
		}
		if want := "https://" + host + c.path; field != want {
			t.Errorf("%s: the address to copy is %q, want %q", page, field, want)
		}
		if guided := w.has(page, `<details id="applications">`); guided != (c.guide == "") || !guided && !hrefs[c.guide] {
			t.Errorf("%s tells how: %t; links %v", page, guided, hrefs)
		}
		if w.has(page, "<svg") != (c.guide == "") {
			t.Errorf("%s: a QR code, or none, where it should not be", page)
		}
	}
}

// What machines read of an event is what people read.
func TestLinkedEvents(t *testing.T) {
	const org = "https://schema.org"
	for _, c := range []struct {
		name, start string
		lines       []string
		want        map[string]any
	}{
		{"winter", "2027-01-08 09:30", []string{"event_end_date: 2027-01-08 12:00", "lieu: Halle aux Grains, 4 place du Marché, 99120 Brume"},
			map[string]any{"startDate": "2027-01-08T09:30:00+01:00", "endDate": "2027-01-08T12:00:00+01:00", "eventStatus": org + "/EventScheduled",
				"eventAttendanceMode": org + "/OfflineEventAttendanceMode",
				"location": []any{map[string]any{"@type": "Place", "name": "Halle aux Grains",
					"address": map[string]any{"@type": "PostalAddress", "streetAddress": "4 place du Marché", "postalCode": "99120", "addressLocality": "Brume"}}}}},
		{"summer", "2027-07-08 09:30", []string{"latitude: 48.5", "longitude: -1.25", "lieu: Chez Zoé"},
			map[string]any{"startDate": "2027-07-08T09:30:00+02:00", "endDate": nil,
				"location": []any{map[string]any{"@type": "Place", "name": "Chez Zoé", "address": "Chez Zoé",
					"geo": map[string]any{"@type": "GeoCoordinates", "latitude": 48.5, "longitude": -1.25}}}}},
		{"elsewhere", "2027-07-08 09:30", []string{"timezone: America/New_York"}, map[string]any{"startDate": "2027-07-08T09:30:00-04:00"}},
		{"days", "2027-03-27", []string{"event_end_date: 2027-03-29"}, map[string]any{"startDate": "2027-03-27", "endDate": "2027-03-29"}},
		{"a day", "2027-03-27", nil, map[string]any{"startDate": "2027-03-27", "endDate": nil, "location": nil, "organizer": nil, "eventAttendanceMode": nil, "offers": nil}},
		{"cancelled", "2027-03-27", []string{"status: cancelled"}, map[string]any{"startDate": "2027-03-27", "eventStatus": org + "/EventCancelled"}},
		{"online", "2027-03-27 10:00", []string{"visio: https://visio.brume.example/a?b=1&c=2"},
			map[string]any{"eventAttendanceMode": org + "/OnlineEventAttendanceMode", "location": []any{map[string]any{"@type": "VirtualLocation", "url": "https://visio.brume.example/a?b=1&c=2"}}}},
		{"both", "2027-03-27 10:00", []string{"visio: https://visio.brume.example/", "lieu: Salle 2"},
			map[string]any{"eventAttendanceMode": org + "/MixedEventAttendanceMode", "location": []any{
				map[string]any{"@type": "Place", "name": "Salle 2", "address": "Salle 2"}, map[string]any{"@type": "VirtualLocation", "url": "https://visio.brume.example/"}}}},
		{"whose", "2027-03-27 10:00", []string{"organizer: {name: Ville de Brume, email: fetes@brume.example}", "tags: [eau, R&D]", "language: en"},
			map[string]any{"organizer": map[string]any{"@type": "Organization", "name": "Ville de Brume", "email": "fetes@brume.example"},
				"keywords": []any{"eau", "R&D"}, "inLanguage": "en", "@context": org, "@type": "Event", "name": "Foire", "url": "http://localhost:8080/event/foire.html"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.event("a.md", "Foire", c.start, c.lines...)
			w.build()
			got := w.linkedData("event/foire.html")
			for key, want := range c.want {
				if !reflect.DeepEqual(got[key], want) {
					t.Errorf("%s is %v, want %v", key, got[key], want)
				}
			}
		})
	}
}

// A move names the day before, and a new day of a series none.
func TestLinkedMoves(t *testing.T) {
	w := newWorld(t)
	w.plan("Conseil", "2027-03-01 09:00", "Salle des fêtes")
	w.build()
	w.plan("Conseil", "2027-04-04 10:00", "Salle des fêtes")
	w.later(time.Hour)
	got := w.linkedData("event/conseil.html")
	if got["eventStatus"] != "https://schema.org/EventRescheduled" || got["previousStartDate"] != "2027-03-01T09:00:00+01:00" || got["startDate"] != "2027-04-04T10:00:00+02:00" {
		t.Errorf("%v", got)
	}

	w = newWorld(t)
	w.event("a.md", "Marché", "2026-11-24 17:00", "rrule: FREQ=WEEKLY")
	w.build()
	w.later(5 * 24 * time.Hour)
	got = w.linkedData("event/marche.html")
	if got["eventStatus"] != "https://schema.org/EventScheduled" || got["previousStartDate"] != nil || got["startDate"] != "2026-12-01T17:00:00+01:00" {
		t.Errorf("%v", got)
	}
}

func TestLinkedArticle(t *testing.T) {
	w := newWorld(t)
	w.write("a.md", "---\ntitle: Bilan\ndate: 2026-07-02 10:00\ncategories: [Vie]\ntags: [eau]\nauthor: Zoé Pré\nimage: /a b.jpg\ndescription: En bref.\n---\nLe corps.\n")
	w.build()
	want := map[string]any{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bilan", "description": "En bref.", "url": "http://localhost:8080/article/bilan.html",
		"datePublished": "2026-07-02T10:00:00+02:00", "dateModified": "2026-07-02T10:00:00+02:00", "image": "https://www.brume.example/a%20b.jpg", "inLanguage": "fr",
		"author":    []any{map[string]any{"@type": "Person", "name": "Zoé Pré"}},
		"publisher": map[string]any{"@type": "Organization", "name": "Agenda de Brume", "url": "https://www.brume.example/"}, "articleSection": []any{"Vie"}, "keywords": []any{"eau"}}
	if got := w.linkedData("article/bilan.html"); !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nwant\n%v", got, want)
	}
}

// Whatever stands in a field, a page has no element, no attribute and no address
// of it.
func TestPagesTakeNothingForMarkup(t *testing.T) {
	const evil = `</script></title><script>alert(1)</script><img src=x onerror=alert(1)>" onmouseover="alert(1)' autofocus onfocus='alert(1) <!-- {{.}} ]]>`
	quoted, err := json.Marshal(evil) // which YAML reads
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.config.Title, w.config.Description, w.config.Author = evil, evil, evil
	w.config.Channels = []Channel{{Name: "autres", Title: evil, Description: evil}}
	fields := []string{"summary: Q", "location: Q", "visio: Q", "organizer: {name: Q, email: Q, url: Q}", "contact: Q", "categories: [Q]", "tags: [Q]", "author: Q", "image: Q", "language: Q",
		"links: [{title: Q, url: Q}]", "champs_informations: [{intitule: Q, contenu: Q, lien: Q}, {intitule: a, lien: 'javascript:alert(1)'}]", "attachments: [{title: Q, url: Q}]"}
	for i := range fields {
		fields[i] = strings.ReplaceAll(fields[i], "Q", string(quoted))
	}
	w.event("a.md", string(quoted), "2027-05-08 09:00", append(fields, "---", evil)...)
	w.event("b.md", string(quoted), "2027-05-08 10:00", "visio: javascript:alert(1)", "permalink: javascript:alert(1)")
	w.write("c.md", "---\ntitle: "+string(quoted)+"\ndate: 2026-11-02\n"+strings.Join(fields, "\n")+"\n---\n"+evil+"\n")
	w.build()
	pages := 0
	for f := range w.site.Files() {
		if path.Ext(f.Name) != ".html" {
			continue
		}
		pages++
		for _, n := range nodes(t, f.Bytes()) {
			if n.Type != html.ElementNode {
				continue
			}
			kind, _ := attr(n, "type")
			src, _ := attr(n, "src")
			if n.Data == "script" && kind != "application/ld+json" && path.Base(src) != "script.js" {
				t.Errorf("%s: a script: %s", f.Name, textOf(n))
			}
			if n.Data == "script" && kind != "" {
				var v any
				if err := json.Unmarshal([]byte(n.FirstChild.Data), &v); err != nil {
					t.Errorf("%s: %v", f.Name, err)
				}
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "autofocus" || strings.HasPrefix(a.Val, "javascript:") {
					t.Errorf("%s: <%s %s=%q>", f.Name, n.Data, a.Key, a.Val)
				}
			}
		}
	}
	if pages < 8 {
		t.Errorf("%d pages", pages)
	}
}

// Pages of the example are small, can be read in order, and lead somewhere.
func TestPagesAreWhole(t *testing.T) {
	const dir = "examples/agenda"
	data, err := os.ReadFile(dir + "/crieur.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config, faults := ReadConfig("crieur.yaml", data)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, language := range []string{"fr", "en"} {
		config.Language, config.Base = language, "https://agenda.val-aubriere.example/"
		site, _, faults := Build(os.DirFS(dir), config, nil, at("2026-11-22T09:00:00Z"))
		if site == nil {
			t.Fatal(faults)
		}
		for f := range site.Files() {
			if path.Ext(f.Name) == ".html" {
				checkPage(t, site, f)
			}
		}
	}
}

func TestHeadingsOfATextAreUnderThatOfThePage(t *testing.T) {
	for body, want := range map[string]string{
		"<p>a</p>":                                                "<p>a</p>",
		"<h1>a</h1><h2>b</h2><h1>c</h1>":                          "<h2>a</h2><h3>b</h3><h2>c</h2>",
		"<h2>a</h2><h3>b</h3>":                                    "<h2>a</h2><h3>b</h3>",
		"<h4>a</h4><hr/><h4>b</h4>":                               "<h2>a</h2><hr/><h2>b</h2>",
		"<h2>a</h2><h5>b</h5><h6>c</h6><h5>d</h5>":                "<h2>a</h2><h3>b</h3><h4>c</h4><h3>d</h3>",
		"<h5>a</h5><h3>b</h3><h5>c</h5>":                          "<h2>a</h2><h2>b</h2><h3>c</h3>",
		`<h1 lang="en">a</h1>`:                                    `<h2 lang="en">a</h2>`,
		"<h1></h1><h2></h2><h3></h3><h4></h4><h5></h5><h6>a</h6>": "<h2></h2><h3></h3><h4></h4><h5></h5><h6></h6><h6>a</h6>",
		"<p>&lt;h1&gt;</p>":                                       "<p>&lt;h1&gt;</p>",
	} {
		if got := ranked(body); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

func checkPage(t *testing.T, site *Site, f *File) {
	t.Helper()
	if n := len(f.Bytes()); n > 50_000 {
		t.Errorf("%s has %d bytes", f.Name, n)
	}
	fault := func(format string, args ...any) { t.Errorf("%s: %s", f.Name, fmt.Sprintf(format, args...)) }
	list := nodes(t, f.Bytes())
	ids, labels, level := map[string]bool{}, map[string]bool{}, 0
	for _, n := range list {
		if id, ok := attr(n, "id"); ok {
			if ids[id] {
				fault("two elements are called %s", id)
			}
			ids[id] = true
		}
		if id, ok := attr(n, "for"); ok {
			labels[id] = true
		}
	}
	for _, n := range list {
		if n.Type != html.ElementNode {
			continue
		}
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			if l := int(n.Data[1] - '0'); l > level+1 || l == 1 && level > 0 {
				fault("the heading %q of level %d comes after one of %d", textOf(n), l, level)
			} else {
				level = l
			}
		}
		for _, name := range []string{"aria-labelledby", "aria-describedby"} {
			if id, ok := attr(n, name); ok && !ids[id] {
				fault("nothing is called %s", id)
			}
		}
		switch n.Data {
		case "input":
			if id, _ := attr(n, "id"); !labels[id] && n.Parent.Data != "label" {
				fault("the field %s has no label", id)
			}
		case "a":
			href, _ := attr(n, "href")
			if name, _ := attr(n, "aria-label"); textOf(n) == "" || name != "" && !strings.HasPrefix(name, textOf(n)) {
				fault("the link to %s is called %q, and %q to those who hear it", href, textOf(n), name)
			}
			target, fragment, _ := strings.Cut(href, "#")
			if strings.Contains(target, ":") {
				continue
			}
			name := f.Name
			if target != "" {
				name = path.Join(path.Dir(f.Name), target)
			}
			name, err := url.PathUnescape(name)
			to := site.File(name)
			if err != nil || to == nil {
				fault("there is no %s", href)
			} else if fragment != "" && !bytes.Contains(to.Bytes(), []byte(`id="`+fragment+`"`)) {
				fault("%s has nothing called %s", name, fragment)
			}
		}
	}
	if level == 0 {
		fault("it has no heading")
	}
}
