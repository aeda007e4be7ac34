package feeds

import (
	"strings"
	"testing"

	gorilla "github.com/gorilla/feeds"
)

func TestFromGorilla(t *testing.T) {
	created, updated := date(t, "2024-03-20T08:00:00Z"), date(t, "2024-03-21T08:00:00Z")
	g := &gorilla.Feed{
		Title: "Valmeuse", Link: &gorilla.Link{Href: "https://valmeuse.example/"}, Description: "Nouvelles",
		Author: &gorilla.Author{Name: "Mairie", Email: "mairie@valmeuse.example"}, Created: created, Updated: updated, Copyright: "Valmeuse",
		Image: &gorilla.Image{Url: "/blason.png"},
		Items: []*gorilla.Item{
			{Id: "tag:valmeuse.example,2024:a", Title: "A", Link: &gorilla.Link{Href: "/a/"}, Description: "Texte", Content: "<p>A</p>", Created: created, Updated: updated,
				Author: &gorilla.Author{Name: "Ann"}, Enclosure: &gorilla.Enclosure{Url: "/a.mp3", Type: "audio/mpeg", Length: "12"}},
			{Title: "B", Link: &gorilla.Link{Href: "https://valmeuse.example/b/?id=1"}, Description: "<p>Fish &amp; <b>chips</b>.</p><script>x</script>", Created: created},
			{Id: "42", Title: "C"},
			{Description: "Sans titre ni page"},
			nil,
		},
	}
	f := FromGorilla(g)
	if err := Check(f); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ id, url, title, summary, content, updated string }{
		{"tag:valmeuse.example,2024:a", "https://valmeuse.example/a/", "A", "Texte", "<p>A</p>", "2024-03-21T08:00:00Z"},
		{"https://valmeuse.example/b/?id=1", "https://valmeuse.example/b/?id=1", "B", "Fish & chips.", "<p>Fish &amp; <b>chips</b>.</p><script>x</script>", "2024-03-20T08:00:00Z"},
		{"urn:uuid:f741926e-81b7-5ba4-aebd-a54ee6c252d6", "", "C", "", "", "2024-03-20T08:00:00Z"},
		{"urn:uuid:af6e473a-24c6-5aaf-9812-d63f8853cdb0", "", "Sans titre ni page", "Sans titre ni page", "", "2024-03-20T08:00:00Z"},
	} {
		a := f.Articles[i]
		if a.ID != want.id || a.URL != want.url || a.Title != want.title || a.Summary != want.summary || a.Content != want.content || !a.Updated.Equal(date(t, want.updated)) {
			t.Errorf("article %d is %+v, want %+v", i, a, want)
		}
	}
	if e := f.Articles[0].Enclosure; e == nil || *e != (Enclosure{"https://valmeuse.example/a.mp3", "audio/mpeg", 12}) {
		t.Errorf("enclosure is %+v", e)
	}
	if f.ID != "https://valmeuse.example/" || f.Image != "https://valmeuse.example/blason.png" || f.Rights != "Valmeuse" || !f.Updated.Equal(updated) {
		t.Errorf("feed is %+v", f)
	}
	for _, e := range encoders {
		encode(t, e.encode, f)
	}
	if err := Check(FromGorilla(nil)); err == nil {
		t.Error("a nil feed has no fault")
	}
}

func TestPlainText(t *testing.T) {
	for s, want := range map[string]string{
		"a < b & c":                             "a < b & c",
		"<p>un</p><p>deux <b>tr</b>ois</p>":     "un deux trois",
		"<!-- <b> -->a<br/>b":                   "a b",
		"<STYLE>p{}</STYLE>x<a title='>'>y</a>": "xy",
		"&lt;b&gt; &eacute;":                    "<b> é",
		"<p":                                    "",
	} {
		if got, _ := plainText(s); got != want {
			t.Errorf("plainText(%q) is %q, want %q", s, got, want)
		}
	}
}

func FuzzFromGorilla(f *testing.F) {
	f.Add("Titre", "<p>Texte</p>", "id", "/a", "12")
	f.Add("", "", "", "", "")
	f.Add("\xff", "<script>", "http:", "https://[", "-1")
	f.Fuzz(func(t *testing.T, title, description, id, link, length string) {
		g := &gorilla.Feed{
			Title: title, Link: &gorilla.Link{Href: "https://valmeuse.example/"},
			Items: []*gorilla.Item{{Title: title, Description: description, Id: id, Enclosure: &gorilla.Enclosure{Url: "/a", Length: length}}},
		}
		if err := Check(FromGorilla(g)); err != nil {
			t.Errorf("without a link: %v", err)
		}
		g.Items[0].Link = &gorilla.Link{Href: link}
		if a, b := FromGorilla(g), FromGorilla(g); a.Articles[0].ID != b.Articles[0].ID {
			t.Errorf("ids %q and %q of one item", a.Articles[0].ID, b.Articles[0].ID)
		}
	})
}

// What a script says is no text, however its tags are written, and finding its end takes no longer than reading it.
func TestScriptsAreNoText(t *testing.T) {
	for s, want := range map[string]string{
		"<p>a</p><Script>alert(1)</SCRIPT >b": "a b", "a<style>p{}</style>b": "ab", "a <script>alert(1)": "a",
		strings.Repeat("<script>", 200_000): "", strings.Repeat("<script></", 100_000): "",
	} {
		if got, _ := plainText(s); got != want {
			t.Errorf("plainText(%.60q) is %.60q, want %q", s, got, want)
		}
	}
}
