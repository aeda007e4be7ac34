package feeds

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// An element is what encoding/xml, which shares nothing with our writer, reads of one element.
type element struct {
	path  string // such as "rss/channel/item/title", with the prefix of each namespace
	attrs map[string]string
	text  string
}

var prefixes = map[string]string{
	"http://www.w3.org/2005/Atom":                  "atom:",
	"http://purl.org/rss/1.0/modules/content/":     "content:",
	"http://purl.org/dc/elements/1.1/":             "dc:",
	"http://purl.org/rss/1.0/modules/event/":       "ev:",
	"http://purl.org/syndication/history/1.0":      "fh:",
	"http://search.yahoo.com/mrss/":                "media:",
	"http://purl.org/rss/1.0/modules/syndication/": "sy:",
	"http://www.w3.org/XML/1998/namespace":         "xml:",
	"":                                             "",
}

// readXML returns the elements of a document, which must be well-formed and declare its prefixes.
func readXML(t testing.TB, doc []byte) []element {
	t.Helper()
	if !bytes.HasPrefix(doc, []byte(`<?xml version="1.0" encoding="UTF-8"?>`)) {
		t.Fatalf("begins with %.40q", doc)
	}
	var all []element
	var open []int
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, doc)
		}
		switch token := token.(type) {
		case xml.StartElement:
			prefix, ok := prefixes[token.Name.Space]
			if !ok {
				t.Fatalf("prefix %q is not declared", token.Name.Space)
			}
			e := element{path: prefix + token.Name.Local, attrs: map[string]string{}}
			if len(open) > 0 {
				e.path = all[open[len(open)-1]].path + "/" + e.path
			}
			for _, a := range token.Attr {
				e.attrs[prefixes[a.Name.Space]+a.Name.Local] = a.Value
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].text += string(token)
			}
		}
	}
}

// values returns the texts of the elements of a path, or with "path@name" their attributes.
func values(all []element, path string) []string {
	path, attr, isAttr := strings.Cut(path, "@")
	var found []string
	for _, e := range all {
		if e.path != path {
			continue
		}
		if isAttr {
			found = append(found, e.attrs[attr])
		} else {
			found = append(found, e.text)
		}
	}
	return found
}

// wantLine and wantBlock say again, in other words, what becomes of a text.
func wantLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\t\n\v\f\r\u0085\u2028\u2029", r) {
			return ' '
		}
		return r
	}, wantTrimmed(s))
	return strings.Join(slices.DeleteFunc(strings.Split(wantClean(s), " "), func(w string) bool { return w == "" }), " ")
}

func wantBlock(s string) string { return wantLines(wantTrimmed(s)) }

func wantTrimmed(s string) string {
	const white = " \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
	return strings.TrimFunc(string([]rune(s)), func(r rune) bool { return strings.ContainsRune(white, r) || wantLines(string(r)) == "" })
}

func wantLines(s string) string {
	return wantClean(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
}

func wantClean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case r < ' ', r >= 0x7F && r < 0xA0, r&0xFFFF == 0xFFFE, r&0xFFFF == 0xFFFF, r >= 0xFDD0 && r < 0xFDF0:
			return -1
		}
		return r
	}, s)
}

// Whatever is in the fields, the documents are well-formed and say the same as the fields.
func FuzzEncode(f *testing.F) {
	f.Add("Titre", "Résumé", "<p>Contenu</p>", "Ann", "étiquette", "fr")
	f.Add("AT&amp;T & <b>co</b>", "a < b && c > d ]]>", "<p>]]> ]]&gt; <script>alert(1)</script></p>", "\"Ann\" 'Bob'", "R&D\tc++", "chemin/à é?q=a b&c=%20%zz#x#y")
	f.Add(" \x00\x07\u0085 a\r\nb\rc ", "\ufffe\uffff\xff\xc2", "\x1b[0m\xed\xa0\x80<p>", "\u202e\u2028x", "日本\n", "[::]{}|\\^`")
	f.Add("", "", "", "", "", "")
	f.Fuzz(func(t *testing.T, title, summary, content, name, tag, path string) {
		feed := bare()
		feed.Description, feed.Rights, feed.Generator = summary, title, name
		a := Article{
			ID: "tag:valmeuse.example,2024:" + path, URL: "https://valmeuse.example/" + path, Title: title, Summary: summary, Content: content,
			Authors: []Person{{Name: name}, {Name: "Zoé"}}, Tags: []string{tag, title, tag}, Updated: date(t, "2024-03-21T07:00:00Z"),
			Event: &Event{Start: date(t, "2024-04-08T09:00:00+02:00"), Location: name},
		}
		feed.Articles = []Article{a}
		if err := Check(feed); err != nil {
			for _, e := range encoders {
				var b bytes.Buffer
				if e.encode(&b, feed) == nil || b.Len() > 0 {
					t.Fatalf("%s: wrote %d bytes of a feed that has faults: %v", e.name, b.Len(), err)
				}
			}
			return
		}
		id, link := uri(a.ID), uri(a.URL)
		checkEncoded(t, a.URL, link)
		names := []string{"Zoé"}
		if n := wantLine(name); n != "" {
			names = []string{n, "Zoé"}
		}
		var tags []string
		for _, s := range []string{wantLine(tag), wantLine(title)} {
			if s != "" && !slices.Contains(tags, s) {
				tags = append(tags, s)
			}
		}
		same := func(what string, got []string, want ...string) {
			t.Helper()
			want = slices.DeleteFunc(want, func(s string) bool { return s == "" })
			if !slices.Equal(got, want) {
				t.Errorf("%s is %q, want %q", what, got, want)
			}
		}

		rss := readXML(t, encode(t, EncodeRSS, feed))
		const item = "rss/channel/item/"
		same("RSS title", values(rss, item+"title"), wantLine(title))
		same("RSS guid", values(rss, item+"guid"), id)
		same("RSS link", values(rss, item+"link"), link)
		same("RSS creator", values(rss, item+"dc:creator"), strings.Join(names, ", "))
		same("RSS category", values(rss, item+"category"), tags...)
		if got := values(rss, item+"description"); len(got) != 1 || got[0] != unmarked(wantBlock(summary)) {
			t.Errorf("RSS description is %q", got)
		}
		html := wantBlock(content)
		if html == "" {
			html = strings.ReplaceAll(unmarked(cmp.Or(wantBlock(summary), wantLine(title))), "\n", "<br/>\n")
		}
		same("RSS content", values(rss, item+"content:encoded"), html)
		same("RSS location", values(rss, item+"ev:location"), wantLine(name))

		atom := readXML(t, encode(t, EncodeAtom, feed))
		const entry = "atom:feed/atom:entry/"
		same("Atom title", values(atom, entry+"atom:title"), wantLine(title))
		same("Atom id", values(atom, entry+"atom:id"), id)
		same("Atom link", values(atom, entry+"atom:link@href"), link)
		same("Atom author", values(atom, entry+"atom:author/atom:name"), strings.Join(names, ", "))
		same("Atom category", values(atom, entry+"atom:category@term"), tags...)
		same("Atom summary", values(atom, entry+"atom:summary"), unmarked(wantBlock(summary)))
		same("Atom content", values(atom, entry+"atom:content"), html)

		doc := encode(t, EncodeJSON, feed)
		var got struct {
			Items []struct {
				ID, URL, Title, Summary string
				HTML                    string `json:"content_html"`
				Text                    string `json:"content_text"`
				Authors                 []struct{ Name string }
				Tags                    []string
			}
		}
		if err := json.Unmarshal(doc, &got); err != nil {
			t.Fatalf("%v in\n%s", err, doc)
		}
		i := got.Items[0]
		same("JSON title", []string{i.Title}, wantLine(title))
		same("JSON id", []string{i.ID}, id)
		same("JSON url", []string{i.URL}, link)
		same("JSON tags", i.Tags, tags...)
		if i.Summary != wantBlock(summary) || i.HTML != wantBlock(content) {
			t.Errorf("JSON has summary %q and content %q", i.Summary, i.HTML)
		}
		if (i.HTML == "") == (i.Text == "") {
			t.Errorf("JSON has content_html %q and content_text %q, want one", i.HTML, i.Text)
		}

		outline := &Outline{Title: title, Feeds: []Subscription{{Title: title, Description: summary, URL: a.URL}}}
		var b bytes.Buffer
		if err := EncodeOPML(&b, outline); err != nil {
			t.Fatal(err)
		}
		opml := readXML(t, b.Bytes())
		same("OPML title", values(opml, "opml/body/outline@title"), wantLine(title))
		same("OPML address", values(opml, "opml/body/outline@xmlUrl"), link)
	})
}

// checkEncoded checks that got is the address s as a URI, encoded once.
func checkEncoded(t *testing.T, s, got string) {
	t.Helper()
	if again := uri(got); again != got {
		t.Errorf("uri(%q) is %q, and again %q", s, got, again)
	}
	if strings.ContainsFunc(got, func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf || strings.ContainsRune("\"<>\\^`{|}", r) }) {
		t.Errorf("uri(%q) is %q, which is not a URI", s, got)
	}
	u, err := url.Parse(got)
	if err != nil {
		t.Fatalf("uri(%q): %v", s, err)
	}
	if v, err := url.Parse(s); err == nil && v.Path != u.Path {
		t.Errorf("uri(%q) has path %q, want %q", s, u.Path, v.Path)
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{"", " a  b\t\n", "a\x00b", "\xffa", "caf\u00e9\u00a0: \u202f!", "\u0085\u2028", "a \x07 b", "\uFFFD"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := line(s)
		if want := wantLine(s); got != want {
			t.Errorf("line(%q) is %q, want %q", s, got, want)
		}
		if !isLine(got) {
			t.Errorf("line(%q) is %q, which is not a line", s, got)
		}
	})
}
