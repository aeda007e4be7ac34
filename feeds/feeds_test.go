package feeds

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostile are the single-entry feeds that break most writers of feeds.
func hostile(t testing.TB) map[string]Article {
	a := Article{ID: "tag:valmeuse.example,2024:a", URL: "https://valmeuse.example/a/", Title: "Simple", Summary: "Un résumé.",
		Content: "<p>Bonjour.</p>", Tags: []string{"a"}, Published: date(t, "2024-03-20T08:00:00Z"), Updated: date(t, "2024-03-20T08:00:00Z")}
	all := map[string]Article{"plain": a}

	b := a
	b.Title, b.Summary, b.Tags = "Fish & chips, AT&amp;T, 1 < 2", "a & b &amp; c &copy; 2 > 1", []string{"R&D", "&amp;"}
	b.Content = "<p>Fish &amp; chips, <a href=\"https://valmeuse.example/?a=1&amp;b=2\">AT&amp;T</a></p>"
	all["ampersands"] = b

	b = a
	b.Title, b.Summary, b.Content = "Un ]]> dans le titre", "]]> ]]&gt;", "<pre>a[b[0]]>c ]]> ]]]> ]\x01]> ]]\u0085> ]]&gt;</pre>"
	all["cdata"] = b

	b = a // addresses are absolute by contract, wherever HTML has them
	b.Content = "<p><a href=\"https://valmeuse.example/b/\">ailleurs</a> <img src=\"https://valmeuse.example/c.png\" " +
		"srcset=\"https://valmeuse.example/c.png 1x, https://valmeuse.example/d.png 2x\" alt=\"c\"></p>"
	all["addresses"] = b

	b = a
	b.Title, b.Summary, b.Content, b.Tags = "Bip\x07 et \x1b[1mgras\x00", "un\x0bdeux\ufffe", "<p>tr\x08ois\uffff\r\n\u0085</p>", []string{"a\x01", "a"}
	all["controls"] = b

	b = a
	b.Title, b.Summary = "La balise <script> et l'attribut onclick", "On n'écrit pas <script>alert(1)</script> ni javascript:alert(1)."
	b.Content = "<p>On n'écrit pas &lt;script&gt;alert(1)&lt;/script&gt;.</p>"
	all["script"] = b

	b = a
	b.URL, b.Tags = "https://valmeuse.example/évènements/fête du pont/日本?q=é", []string{"évènement", "日本", "c++"}
	b.Enclosure = &Enclosure{URL: "https://valmeuse.example/été [1].pdf"}
	all["non-ascii"] = b

	b = a
	b.Summary, b.Content, b.Tags = "", "", nil
	all["empty"] = b
	return all
}

func TestHostile(t *testing.T) {
	for name, a := range hostile(t) {
		f := bare()
		f.Language, f.RSS, f.Atom, f.JSON = "fr", "https://valmeuse.example/"+name+".rss", "https://valmeuse.example/"+name+".atom", "https://valmeuse.example/"+name+".json"
		f.Articles = []Article{a}
		for _, e := range encoders {
			golden(t, "hostile-"+name+"."+e.name, encode(t, e.encode, f))
		}
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name string
		edit func(*Feed, *Article)
		want error
		text string
	}{
		{"no feed id", func(f *Feed, a *Article) { f.ID = "" }, ErrMissing, "ID is missing"},
		{"blank title", func(f *Feed, a *Article) { f.Title = " \x00\n" }, ErrMissing, "Title is missing"},
		{"relative page", func(f *Feed, a *Article) { f.URL = "/actualites/" }, ErrAddress, `URL is not an absolute address: "/actualites/" is relative`},
		{"language", func(f *Feed, a *Article) { f.Language = "français" }, ErrSyntax, `Language is malformed: "français", want a language tag such as fr or fr-CA`},
		{"no id", func(f *Feed, a *Article) { a.ID = "" }, ErrMissing, "entry 1: ID is missing"},
		{"id of another", func(f *Feed, a *Article) { a.ID = f.Articles[0].ID }, ErrDuplicate, "entry 1 (tag:valmeuse.example,2024:0): ID is there twice, entry 0 has it too"},
		{"script as address", func(f *Feed, a *Article) { a.URL = "javascript:alert(1)" }, ErrAddress, ""},
		{"address without host", func(f *Feed, a *Article) { a.Image = "https:///a.png" }, ErrAddress, ""},
		{"bracket in host", func(f *Feed, a *Article) { a.Image = "https://[x/" }, ErrAddress, ""},
		{"word for a port", func(f *Feed, a *Article) { a.Image = "https://a.example:port/" }, ErrAddress, ""},
		{"blank in host", func(f *Feed, a *Article) { a.Image = "https://a b/" }, ErrAddress, ""},
		{"bar in host", func(f *Feed, a *Article) { a.Image = "https://a|b/" }, ErrAddress, ""},
		{"line break in address", func(f *Feed, a *Article) { a.Calendar = "https://valmeuse.example/\r\nX: y" }, ErrAddress, ""},
		{"bad bytes in id", func(f *Feed, a *Article) { a.ID = "tag:x,2024:\xff" }, ErrAddress, ""},
		{"no update", func(f *Feed, a *Article) { a.Updated = time.Time{} }, ErrMissing, "entry 1 (tag:valmeuse.example,2024:1): Updated is missing"},
		{"year 10000", func(f *Feed, a *Article) { a.Published = a.Published.AddDate(8000, 0, 0) }, ErrDate, ""},
		{"year 0", func(f *Feed, a *Article) { a.Published = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) }, ErrDate, ""},
		{"year 10000 where the event is", func(f *Feed, a *Article) {
			a.Event = &Event{Start: time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC).In(time.FixedZone("", 2*60*60))}
		}, ErrDate, ""},
		{"offset of seconds", func(f *Feed, a *Article) { a.Event = &Event{Start: a.Updated.In(time.FixedZone("LMT", 561))} }, ErrDate, ""},
		{"end before start", func(f *Feed, a *Article) { a.Event = &Event{Start: a.Updated, End: a.Updated.Add(-time.Hour)} }, ErrOrder, ""},
		{"enclosure without address", func(f *Feed, a *Article) { a.Enclosure = &Enclosure{Type: "image/png"} }, ErrMissing, ""},
		{"enclosure type", func(f *Feed, a *Article) { a.Enclosure = &Enclosure{URL: f.URL, Type: "png"} }, ErrSyntax, ""},
		{"email", func(f *Feed, a *Article) { a.Authors = []Person{{Name: "Ann", Email: "Ann <ann@valmeuse.example>"}} }, ErrSyntax, ""},
	}
	for _, tt := range tests {
		f := many2(t)
		tt.edit(f, &f.Articles[1])
		err := Check(f)
		var field *FieldError
		if !errors.Is(err, tt.want) || !errors.As(err, &field) || tt.text != "" && err.Error() != tt.text {
			t.Errorf("%s: error is %v, want %q, %v", tt.name, err, tt.text, tt.want)
		}
		for _, e := range encoders {
			var b bytes.Buffer
			if err := e.encode(&b, f); err == nil || b.Len() > 0 {
				t.Errorf("%s: %s has error %v and %d bytes", tt.name, e.name, err, b.Len())
			}
		}
	}
	if err := Check(many2(t)); err != nil {
		t.Errorf("a good feed: %v", err)
	}
}

func TestUTC(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3339, 1))
	for range 10_000 {
		at := time.Unix(rnd.Int64N(253402300799+62135596800)-62135596800, 0).In(time.FixedZone("", 3600))
		if got, want := string(appendUTC(nil, at)), at.UTC().Format(time.RFC3339); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
}

func TestHosts(t *testing.T) {
	for _, s := range []string{"https://a.example", "http://a.example:8080/b", "https://été.example/", "https://[2001:db8::1]:80/", "https://u:p@a.example/", "https://127.0.0.1?x"} {
		if err := checkURL(s); err != nil {
			t.Errorf("%s %v", s, err)
		}
	}
}

// Every fault is told, not the first alone.
func TestCheckAll(t *testing.T) {
	err := Check(&Feed{Articles: []Article{{Title: "Sans rien"}}})
	list, ok := err.(interface{ Unwrap() []error })
	if !ok || len(list.Unwrap()) != 5 {
		t.Errorf("error is %v, want five faults", err)
	}
}

// many2 returns a good feed of two articles.
func many2(t testing.TB) *Feed {
	f := bare()
	for i := range 2 {
		f.Articles = append(f.Articles, Article{ID: fmt.Sprintf("tag:valmeuse.example,2024:%d", i), Title: "Titre",
			Published: date(t, "2024-03-20T08:00:00Z"), Updated: date(t, "2024-03-20T08:00:00Z")})
	}
	return f
}

// The same instants in other zones give the same bytes, and encoding changes nothing.
func TestDeterminism(t *testing.T) {
	for _, e := range encoders {
		want := encode(t, e.encode, valmeuse(t))
		f := valmeuse(t)
		for range 3 {
			for i := range f.Articles {
				a := &f.Articles[i]
				zone := time.FixedZone("", (i+1)*3600)
				a.Updated = a.Updated.In(zone)
				if !a.Published.IsZero() {
					a.Published = a.Published.In(zone)
				}
			}
			f.Updated = f.Updated.In(time.FixedZone("", -3600))
			if got := encode(t, e.encode, f); !bytes.Equal(got, want) {
				t.Errorf("%s differs in another zone", e.name)
			}
		}
	}
}

// However many tags there are, each is written once, in the order given, and soon.
func TestTags(t *testing.T) {
	for _, n := range []int{3, 32, 33, 20_000} {
		a := Article{}
		var want []string
		for i := range n {
			tag := fmt.Sprint("mot ", i)
			want = append(want, tag)
			a.Tags = append(a.Tags, tag, fmt.Sprint(" mot\t", i/2, "\n"), "")
		}
		if got := slices.Collect(a.tags); !slices.Equal(got, want) {
			t.Errorf("%d tags are %.80q", n, got)
		}
	}
}

func TestFeedUpdated(t *testing.T) {
	f := many2(t)
	f.Articles[1].Updated = date(t, "2024-03-22T08:00:00Z")
	if got := f.updated(); !got.Equal(f.Articles[1].Updated) {
		t.Errorf("updated is %v, want that of the newest article", got)
	}
	f.Updated = date(t, "2024-04-01T08:00:00Z")
	if got := f.updated(); !got.Equal(f.Updated) {
		t.Errorf("updated is %v, want the feed's own", got)
	}
}

func TestUpdates(t *testing.T) {
	for minutes, want := range map[int]string{
		1: "hourly 60", 15: "hourly 4", 60: "hourly 1", 90: "daily 16", 120: "daily 12", 1440: "daily 1",
		7 * 60: "weekly 24", 7 * 1440: "weekly 1", 50: "weekly 202", 30 * 1440: "weekly 1",
	} {
		period, frequency := updates(minutes)
		if got := fmt.Sprint(period, " ", frequency); got != want {
			t.Errorf("updates(%d) is %q, want %q", minutes, got, want)
		}
	}
}

func TestURI(t *testing.T) {
	for s, want := range map[string]string{
		"https://a.example/b?c=d&e=f#g":    "https://a.example/b?c=d&e=f#g",
		"https://a.example/é è":            "https://a.example/%C3%A9%20%C3%A8",
		"https://a.example/%C3%A9%zz%":     "https://a.example/%C3%A9%25zz%25",
		"https://[2001:db8::1]:80/[1]?[2]": "https://[2001:db8::1]:80/%5B1%5D?%5B2%5D",
		"https://a.example/#a#b":           "https://a.example/#a%23b",
		"tag:a.example,2024:[x]://b":       "tag:a.example,2024:%5Bx%5D://b",
		"https://été.example/":             "https://%C3%A9t%C3%A9.example/",
		"tag:a.example,2024:\"<>{}|\\^`":   "tag:a.example,2024:%22%3C%3E%7B%7D%7C%5C%5E%60",
	} {
		if got := uri(s); got != want {
			t.Errorf("uri(%q) is %q, want %q", s, got, want)
		}
	}
}

// The description of RSS is HTML to some readers and text to others: what can be the same to both is.
func TestUnmarked(t *testing.T) {
	for s, want := range map[string]string{
		"Fish & chips":       "Fish & chips",
		"AT&T, 1 < 2, <3":    "AT&amp;T, 1 &lt; 2, &lt;3",
		"?a=1&copy=2 &#38 &": "?a=1&amp;copy=2 &amp;#38 &",
		"<b>gras</b>":        "&lt;b>gras&lt;/b>",
		"&amp; &#38; &#;":    "&amp;amp; &amp;#38; &amp;#;",
		"<!-- --> <?php":     "&lt;!-- --> &lt;?php",
		"a <\x00b> &\x07lt;": "a &lt;b> &amp;lt;",
	} {
		if got := unmarked(s); got != want {
			t.Errorf("unmarked(%q) is %q, want %q", s, got, want)
		}
	}
}

// Whatever shows a summary as HTML shows the text.
func TestUnmarkedIsShown(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		var b strings.Builder
		for range rnd.IntN(12) {
			b.WriteString([]string{"&", "<", ">", "amp", ";", "#38", "copy", " ", "a", "lt", "#x26", "é", "\n"}[rnd.IntN(13)])
		}
		if s := b.String(); html.UnescapeString(unmarked(s)) != s {
			t.Fatalf("%q is shown as %q", s, html.UnescapeString(unmarked(s)))
		}
	}
}

type failing struct{ writes int }

func (f *failing) Write([]byte) (int, error) {
	f.writes++
	return 0, errDisk
}

var errDisk = errors.New("no space left")

func TestWrite(t *testing.T) {
	for _, e := range encoders {
		w := new(failing)
		if err := e.encode(w, bare()); !errors.Is(err, errDisk) || w.writes != 1 {
			t.Errorf("%s: error is %v after %d writes, want that of the one write", e.name, err, w.writes)
		}
	}
}

func TestOPMLFaults(t *testing.T) {
	var b bytes.Buffer
	err := EncodeOPML(&b, &Outline{Title: "Flux", Feeds: []Subscription{{Title: "A", URL: "/a.rss"}, {URL: "https://valmeuse.example/b.rss"}}})
	if !errors.Is(err, ErrAddress) || !errors.Is(err, ErrMissing) || b.Len() > 0 {
		t.Errorf("error is %v after %d bytes", err, b.Len())
	}
	if s := fmt.Sprint(err); !strings.Contains(s, "entry 1 (https://valmeuse.example/b.rss): Title is missing") {
		t.Errorf("error is %s", s)
	}
}
