package interop_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/crieur/crieur/feeds"
)

// A hostileArticle is an ordinary article with something in it that has broken
// writers or readers of feeds.
type hostileArticle struct {
	name string
	edit func(a *feeds.Article)
}

// hostileFeed is the feed of all hostile articles.
func hostileFeed() *feeds.Feed {
	f := feedOf("hostile")
	f.Title, f.Description = "Le crieur de Valmeuse : R&D, 1 < 2 & <b>", "Ce que la ville annonce & <i>plus</i>.\nÀ lire « ici »."
	f.Rights, f.Generator = "© Ville de Valmeuse & <amis>", "crieur <essai>"
	f.Image, f.Icon = "https://valmeuse.example/blason é.png?a=1&b=2", "https://valmeuse.example/icône.png"
	f.Authors = []feeds.Person{{Name: "Mairie & Cie", Email: "mairie@valmeuse.example", URI: "https://valmeuse.example/mairie/?a=1&b=é"}}
	for i, h := range hostileArticles {
		a := ordinary(i, h.name)
		h.edit(&a)
		f.Articles = append(f.Articles, a)
	}
	return f
}

// feedOf is a feed without articles whose addresses are told by a name.
func feedOf(name string) *feeds.Feed {
	base := "https://valmeuse.example/" + name
	return &feeds.Feed{
		ID: "tag:valmeuse.example,2026:" + name, Title: "Valmeuse", URL: base + "/", Language: "fr",
		RSS: base + ".rss", Atom: base + ".atom", JSON: base + ".json", Refresh: 90 * time.Minute,
	}
}

// ordinary is the article number i of a feed. No two are of the same date.
func ordinary(i int, name string) feeds.Article {
	published := time.Date(2026, 3, 1, 9, 0, i, 0, time.UTC).AddDate(0, 0, i)
	return feeds.Article{
		ID: "tag:valmeuse.example,2026:" + name, URL: "https://valmeuse.example/" + name + "/",
		Title: "Titre de " + name, Summary: "Résumé de " + name + ".", Content: "<p>Contenu de <em>" + name + "</em>.</p>",
		Authors: []feeds.Person{{Name: "Ann Lévêque"}}, Tags: []string{"voirie"},
		Published: published, Updated: published.Add(36*time.Hour + 59*time.Second),
	}
}

// everywhere puts a text in every place that holds text.
func everywhere(s string) func(*feeds.Article) {
	return func(a *feeds.Article) {
		a.Title, a.Summary, a.Tags = s, s, []string{s}
		a.Authors = []feeds.Person{{Name: s}}
	}
}

func content(html string) func(*feeds.Article) {
	return func(a *feeds.Article) { a.Content = html }
}

func enclosure(url, mediaType string, length int64) func(*feeds.Article) {
	return func(a *feeds.Article) { a.Enclosure = &feeds.Enclosure{URL: url, Type: mediaType, Length: length} }
}

func dated(published, updated string) func(*feeds.Article) {
	return func(a *feeds.Article) { a.Published, a.Updated = date(published), date(updated) }
}

// date returns the time of a date that is written in a test, or none for "".
func date(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

func addressed(id, url string) func(*feeds.Article) {
	return func(a *feeds.Article) { a.ID, a.URL = id, url }
}

func by(authors ...feeds.Person) func(*feeds.Article) {
	return func(a *feeds.Article) { a.Authors = authors }
}

func tagged(tags ...string) func(*feeds.Article) {
	return func(a *feeds.Article) { a.Tags = tags }
}

func summed(s string) func(*feeds.Article) {
	return func(a *feeds.Article) { a.Summary = s }
}

func planned(start, end string, allDay bool, place string) func(*feeds.Article) {
	return func(a *feeds.Article) {
		a.Event = &feeds.Event{Start: date(start), End: date(end), AllDay: allDay, Location: place}
		a.Calendar = "https://valmeuse.example/agenda/é.ics?a=1&b=2"
	}
}

var hostileArticles = []hostileArticle{
	{"plain", func(a *feeds.Article) {}},

	// What looks like markup.
	{"ampersands", everywhere("Fish & chips, AT&T, R&D && Cie &")},
	{"references", everywhere("AT&amp;T &lt;b&gt; &#38; &#x26; &nbsp; &eacute; &quot;")},
	{"references-twice", everywhere("AT&amp;amp;T &amp;lt;b&amp;gt; &amp;amp;amp;")},
	{"references-unfinished", everywhere("&; &# &#; &#xZ; & 5&6; &nosuchthing; &é; ?a=1&b=2 &")},
	{"references-without-semicolon", func(a *feeds.Article) {
		a.Title, a.Tags = "&amp &copy 5 &#38 &#x26 ?a=1&lt=2&copy=3", []string{"&copy"}
		a.Summary, a.Authors = "&copy 5 &#38 x ?a=1&copy=3", []feeds.Person{{Name: "&amp &copy"}}
	}},
	{"references-numbers", everywhere("&#0; &#1; &#13; &#55296; &#x110000; &#99999999999; &#128512;")},
	{"cdata", everywhere("]]> ]]&gt; <![CDATA[ x ]]> ]]]]><![CDATA[>")},
	{"markup", everywhere("<b>gras</b>, <i>sans fin, </p>, <br/>, <p class=\"x\">")},
	{"script", everywhere("La balise <script>alert(1)</script> et l'attribut onclick=\"alert(1)\", javascript:alert(1)")},
	{"declarations", everywhere("<!-- note --> <?php echo 1 ?> <!DOCTYPE html> <!ENTITY x \"y\"> <!--")},
	{"end-of-feed", everywhere("</title></item></channel></rss> </entry></feed> \"}]}")},
	{"less-than", everywhere("1 < 2 > 0, a<b, a <b et c> d, <3, 2<<3, <é>, <-, < b>, <_>")},
	{"quotes", everywhere(`"guillemets" 'apostrophes' « oui » “non” ‘si’ l'été`)},
	{"backslashes", everywhere(`C:\nouveau\dossier \" \\ \u0041 \x41 \/ \`)},
	{"templates", everywhere("%s %d%% ${HOME} $(ls) `ls` {{ .Title }} {% if %} #{x} <%= x %> <?= x ?>")},
	{"like-json", everywhere(`{"title": [null, true, 0.5e3], "a": "b\""}`)},
	{"zero", everywhere("0")},
	{"false", everywhere("false")},
	{"number", everywhere("01.50")},
	{"like-a-date", everywhere("2026-11-22T09:00:00Z")},
	{"like-an-address", everywhere("https://valmeuse.example/?a=1&b=2#c mailto:a@valmeuse.example")},
	{"like-markdown", everywhere("*a* _b_ [c](d) # e > f | g ~~h~~ \\*")},
	{"commas", everywhere("un, deux; trois: quatre|cinq/six")},

	// What no document may hold, and what few do.
	{"controls", everywhere("Bip\x07 et \x1b[1mgras\x00\x01\x08\x0e\x1f fin")},
	{"controls-c1", everywhere("a\x7fb\u0080c\u009fd\u0090")},
	{"bad-bytes", everywhere("caf\xe9 \xff\xfe \xed\xa0\x80 \xf0\x9f\x98 \xc0\xaf fin\xc3")},
	{"like-bytes", everywhere("MARCHÉ\u00a0: STRAß« ")},
	{"noncharacters", everywhere("a\ufffeb\uffffc\ufdd0d\U0001fffee\U0010fffff\ufffdg")},
	{"private-use", everywhere("a\ue000b\uf8ffc\U000f0000d\U0010fffde")},

	// White space.
	{"white-space", everywhere("  un\ttab,  deux   espaces,\nune ligne,\r\nune autre,\rune autre\v\f.\n\n")},
	{"separators", everywhere("ligne\u2028séparée\u2029ici\u0085là")},
	{"no-break", everywhere("« Oui »\u00a0: 12\u202f000\u00a0€\u00a0\u00a0; 5\u00a0%")},
	{"no-break-ends", everywhere("\u00a0bords\u00a0")},
	{"narrow-ends", everywhere("\u202f\u2009bords\u2007\u3000")},
	{"spaces", everywhere("a\u1680b\u2000c\u2001d\u2002e\u2003f\u2004g\u2005h\u2006i\u2007j\u2008k\u2009l\u200am\u205fn\u3000o")},
	{"zero-width", everywhere("a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u180eh")},
	{"zero-width-ends", everywhere("\u200bbords\u200b")},
	{"bom-ends", everywhere("\ufeffbords\ufeff")},
	{"blank-then-control", everywhere(" \x00\u00a0\x01 \u0085x\u00a0 \x7f ")},

	// Scripts.
	{"right-to-left", everywhere("שלום עולם, مرحبا بالعالم (2026) ABC")},
	{"bidi", everywhere("a\u202eb\u202cc\u2066d\u2069e\u200ef\u200fg\u061ch\u202a")},
	{"emoji", everywhere("👩‍👩‍👧‍👦 🏳️‍🌈 🇫🇷🇨🇦 👍🏽 1️⃣ 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f 🧑🏿‍🚒")},
	{"combining", everywhere("e\u0301 a\u0323\u0302 n\u0303 \u1100\u1161\u11a8 Z\u0351\u036b\u0343\u036a\u0302\u036balgo \u0301seul")},
	{"decomposed-twin", func(a *feeds.Article) {
		a.Title, a.Tags = "Café et cafe\u0301", []string{"café", "cafe\u0301", "CAFÉ", "Café"}
	}},
	{"astral", everywhere("𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠜎𠜱 𐍈 𝄞 \U0001f9ff")},
	{"cjk", everywhere("日本語のタイトル、中文標題。한국어 제목！「全角」ＡＢＣ")},
	{"indic", everywhere("शनिवार को बैठक, ไทยไม่มีวรรค, မြန်မာ, தமிழ்")},
	{"case", everywhere("İıſßﬁŉǅ STRASSE ǆ")},

	// Length.
	{"long", everywhere(strings.Repeat("mot & ", 400) + "fin")},
	{"long-word", everywhere(strings.Repeat("é", 1500))},
	{"long-references", everywhere(strings.Repeat("&<>", 300))},
	{"one-letter", everywhere("x")},

	// Addresses.
	{"iri", addressed("tag:valmeuse.example,2026:été", "https://valmeuse.example/évènements/fête du pont/日本?q=é&r=ü#ça")},
	{"percent", addressed("tag:valmeuse.example,2026:%C3%A9%20%zz%", "https://valmeuse.example/%C3%A9%c3%a9%20%zz%4/%?q=%26%3D%#%")},
	{"query", addressed("https://valmeuse.example/?p=1&q=2&amp;r=3", "https://valmeuse.example/?a=1&b=2;c=3&amp;d=4&lt=5&copy=6+7#e?f/g")},
	{"odd-characters", addressed(`tag:valmeuse.example,2026:"<a>' b|{c}\^`+"`", `https://valmeuse.example/"a"/<b>/'c'/d e/{f}|g\h^i`+"`"+`j/[k]/(l)/m;n=o,p/!$*+~q//r`)},
	{"hash-twice", addressed("urn:x-valmeuse:a#b#c", "https://valmeuse.example/a#b#c")},
	{"idn", addressed("urn:uuid:3f0a2c1e-0000-4000-8000-000000000001", "https://fête.valmeuse.example/")},
	{"ipv6", addressed("URN:UUID:3F0A2C1E-0000-4000-8000-000000000002", "http://[2001:db8::1]:8080/a[1]?b[]=2")},
	{"upper-case", addressed("HTTPS://VALMEUSE.EXAMPLE/ID", "HTTPS://user:pw@VALMEUSE.EXAMPLE:443/A/%7e")},
	{"long-address", addressed("tag:valmeuse.example,2026:"+strings.Repeat("long/", 300), "https://valmeuse.example/"+strings.Repeat("long-é/", 200)+"?"+strings.Repeat("a=1&", 300))},
	{"dots", addressed("tag:valmeuse.example,2026:points", "https://valmeuse.example/a/./b/../c")},
	{"root", addressed("https://valmeuse.example", "https://valmeuse.example")},
	{"no-page", addressed("tag:valmeuse.example,2026:sans-page", "")},
	{"id-as-address", addressed("https://valmeuse.example/ids/7", "https://valmeuse.example/page/7")},
	{"emoji-address", addressed("tag:valmeuse.example,2026:😀", "https://valmeuse.example/😀/\u00a0/e\u0301")},
	{"no-break-in-id", addressed("tag:valmeuse.example,2026:a\u00a0b\u2028c\u200bd", "https://valmeuse.example/a\u2003b")},

	// Authors.
	{"many-authors", func(a *feeds.Article) {
		a.Authors = nil
		for i := range 30 {
			a.Authors = append(a.Authors, feeds.Person{Name: fmt.Sprintf("Autrice %d & fils", i)})
		}
	}},
	{"two-authors", by(feeds.Person{Name: "Ann"}, feeds.Person{Name: "Bob"})},
	{"names-with-commas", by(feeds.Person{Name: "Lévêque, Ann"}, feeds.Person{Name: "Bob, Jr., Dr."})},
	{"full-author", by(feeds.Person{Name: "Ann & Bob <a@b>", Email: "o'brien+fete=1@valmeuse.example", URI: "https://valmeuse.example/ann é?a=1&b=2"})},
	{"email-alone", by(feeds.Person{Email: "ann@valmeuse.example"})},
	{"name-like-email", by(feeds.Person{Name: "ann@valmeuse.example (Ann)"}, feeds.Person{Name: "Bob <bob@valmeuse.example>"})},
	{"uri-alone", by(feeds.Person{URI: "https://valmeuse.example/ann"})},
	{"mailto", by(feeds.Person{Name: "Ann", URI: "mailto:ann@valmeuse.example?subject=é"})},
	{"author-twice", by(feeds.Person{Name: "Ann"}, feeds.Person{Name: "Ann"})},
	{"nobody-among-authors", by(feeds.Person{}, feeds.Person{Name: " \x00\t"}, feeds.Person{Name: "Ann"}, feeds.Person{Name: "\u2028"})},
	{"no-author", by()},
	{"and", by(feeds.Person{Name: "Ann et Bob"}, feeds.Person{Name: "Carl and Dora"}, feeds.Person{Name: "E; F / G"})},

	// Tags.
	{"odd-tags", tagged("R&D", "c++", "C#", "#sujet", "a/b", "a, b", "a;b", "a|b", "日本", "<b>", "&amp;", `"q"`, "l'eau", "50%", "-", ".", "..", "/", "null", "👍🏽", "a:b", "http://valmeuse.example/a")},
	{"tags-twice", tagged("eau", "eau", " eau ", "e\x00au", "Eau", "", " ", "\u2028", "eau  vive", "eau vive")},
	{"many-tags", func(a *feeds.Article) {
		a.Tags = nil
		for i := range 200 {
			a.Tags = append(a.Tags, fmt.Sprintf("sujet %d & co", i))
		}
	}},
	{"no-tags", tagged()},

	// Content and summary.
	{"no-content", content("")},
	{"no-summary", summed("")},
	{"blank-summary", summed(" \x00\n\u2028\t")},
	{"nothing", func(a *feeds.Article) { a.Summary, a.Content = "", "" }},
	{"nothing-no-page", func(a *feeds.Article) { a.Summary, a.Content, a.URL = "", "", "" }},
	{"no-content-no-page", func(a *feeds.Article) { a.Content, a.URL = "", "" }},
	{"no-summary-no-page", func(a *feeds.Article) { a.Summary, a.URL = "", "" }},
	{"blank-content", content(" \x00\n")},
	{"summary-lines", summed("Un.\nDeux.\r\n\r\nTrois :\r\t- a  b\n  c")},
	{"summary-long", summed(strings.Repeat("Une phrase de plus. ", 300))},
	{"summary-is-content", func(a *feeds.Article) { a.Summary, a.Content = "Le même texte.", "Le même texte." }},
	{"summary-is-title", func(a *feeds.Article) { a.Summary = a.Title }},
	{"no-content-odd-summary", func(a *feeds.Article) { a.Summary, a.Content = "Un <b>mot</b> & &amp; 1 < 2 ]]>\n\nFin.", "" }},
	{"no-content-ampersand", func(a *feeds.Article) { a.Summary, a.Content = "Fish & chips, 1 < 2 > 0, \"a\" 'b'", "" }},
	{"no-content-odd-title", func(a *feeds.Article) {
		a.Title, a.Summary, a.Content, a.URL = "Un <b>mot</b> & &amp; 1 < 2", "", "", ""
	}},
	{"addresses", content(`<div><a href="https://valmeuse.example/b/?a=1&amp;b=2#c" title="é &quot;x&quot;">ailleurs</a>
<img src="https://valmeuse.example/c%20d.png" srcset="https://valmeuse.example/c.png 1x, https://valmeuse.example/d,e.png 2x" alt="1 &lt; 2">
<video poster="https://valmeuse.example/v.jpg" src="https://valmeuse.example/v.mp4"><source src="https://valmeuse.example/v.webm"></video>
<blockquote cite="https://valmeuse.example/q">Q</blockquote><del cite="https://valmeuse.example/r">R</del>
<svg viewBox="0 0 1 1"><use href="https://valmeuse.example/s.svg#x"/><image xlink:href="https://valmeuse.example/t.png"/></svg>
<span style="background:url(https://valmeuse.example/u.png)">U</span> <a href="mailto:a@valmeuse.example">M</a> <a href="tel:+33100000000">T</a>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt=""></div>`)},
	{"html-references", content(`<p>&amp; &amp;amp; &lt;b&gt; &nbsp; &eacute; &#233; &#x1F600; &quot; &apos; &hellip; &NotEqualTilde; & &copy ]]&gt;</p>`)},
	{"html-cdata", content(`<pre>a[b[0]]>c ]]> <![CDATA[ d ]]> <!-- e --> <?f?></pre>`)},
	{"html-white-space", content("\r\n <pre>un\r\n\tdeux  trois\n\n\nquatre\u00a0\u2028cinq </pre>\n<p>six\rsept</p> \t\n")},
	{"html-controls", content("<p>a\x00b\x07c\x7fd\u0085e\uffff\xfff</p>")},
	{"html-unclosed", content(`<p>un<p>deux<br><b>trois<i>quatre</b>cinq</i><table><tr><td>six<li>sept`)},
	{"html-text", content("Sans balise : 1 &lt; 2, AT&amp;T.")},
	{"html-odd", content(`<P CLASS=x HIDDEN onclick='a("b")'>A</P><my-tag data-x='{"a": "<b>"}'>B</my-tag><a href='x">y'>C</a>`)},
	{"html-like-feed", content(`</content></entry></content:encoded></description><title>T</title><link>L</link><item><guid>G</guid></item>`)},
	{"html-math", content(`<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi><mo>&lt;</mo><mn>2</mn></math><svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>`)},
	{"html-scripts", content(`<p>On n'écrit pas &lt;script&gt;alert(1)&lt;/script&gt; ni &lt;img onerror=alert(1)&gt;.</p><pre><code>if (a &lt; b &amp;&amp; c) { "x"; }</code></pre>`)},
	{"html-languages", content(`<p lang="ar" dir="rtl">مرحبا</p><p lang="ja"><ruby>漢<rt>かん</rt></ruby></p><bdo dir="rtl">abc</bdo> 👩‍👩‍👧‍👦`)},
	{"html-long", content("<p>" + strings.Repeat("Une phrase avec des &amp;, des <b>balises</b> et des « guillemets ». ", 300) + "</p>")},
	{"html-escaped-once", content("&lt;p&gt;Un contenu échappé une fois de trop.&lt;/p&gt;")},
	{"html-empty", content("<p></p>")},

	// Enclosures.
	{"enclosure", enclosure("https://valmeuse.example/conseil.mp3", "audio/mpeg", 48213)},
	{"enclosure-bare", enclosure("https://valmeuse.example/plan", "", 0)},
	{"enclosure-odd", enclosure(`https://valmeuse.example/été [1] "a" <b> & c?d=1&e=%20%zz#f#g`, "application/vnd.oasis.opendocument.text", 1)},
	{"enclosure-huge", enclosure("https://valmeuse.example/film.mp4", "video/mp4", 5<<40)},
	{"enclosure-parameters", enclosure("https://valmeuse.example/a.txt", `text/plain; charset="utf-8"`, 12)},
	{"enclosure-image", enclosure("https://valmeuse.example/a.svg", "image/svg+xml", 12)},
	{"enclosure-is-page", func(a *feeds.Article) { a.Enclosure = &feeds.Enclosure{URL: a.URL, Type: "text/html", Length: 7} }},
	{"enclosure-no-page", func(a *feeds.Article) {
		a.URL, a.Enclosure = "", &feeds.Enclosure{URL: "https://valmeuse.example/a.pdf", Type: "application/pdf", Length: 9}
	}},
	{"image", func(a *feeds.Article) { a.Image = "https://valmeuse.example/été 1.jpg?a=1&b=2" }},
	{"image-and-enclosure", func(a *feeds.Article) {
		a.Image, a.Enclosure = "https://valmeuse.example/a.jpg", &feeds.Enclosure{URL: "https://valmeuse.example/b.jpg", Type: "image/jpeg", Length: 99}
	}},

	// Events.
	{"event-day", planned("2027-05-08T00:00:00Z", "", true, "Place du Marché, <Valmeuse> & alentours")},
	{"event-days", planned("2027-12-31T00:00:00Z", "2028-01-01T00:00:00Z", true, "")},
	{"event-zone", planned("2027-06-26T21:00:00+02:00", "2027-06-27T00:30:00+02:00", false, "Halle")},
	{"event-half-hour", planned("2027-06-26T21:00:00+05:45", "2027-06-26T21:00:00-03:30", false, "Katmandou")},
	{"event-utc", planned("2027-06-26T21:00:00Z", "", false, "Partout")},
	{"event-floating", planned("2027-06-26T21:00:00-00:00", "2027-06-26T22:00:00-00:00", false, " \x00 ")},
	{"event-far", planned("0001-01-02T00:00:00Z", "9999-12-31T00:00:00Z", true, "Ici")},

	// Dates.
	{"year-1", dated("0001-01-01T00:00:01Z", "0001-06-30T12:00:00Z")},
	{"year-99", dated("0099-12-31T23:59:59Z", "0100-01-01T00:00:00Z")},
	{"year-1582", dated("1582-10-10T00:00:00Z", "1582-10-15T00:00:00Z")},
	{"year-1900", dated("1900-02-28T23:59:59Z", "1900-03-01T00:00:00Z")},
	{"year-1969", dated("1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z")},
	{"year-1999", dated("1999-12-31T23:59:59Z", "2000-01-01T00:00:00Z")},
	{"year-2038", dated("2038-01-19T03:14:08Z", "2106-02-07T06:28:16Z")},
	{"year-9999", dated("9999-12-31T23:59:58Z", "9999-12-31T23:59:59Z")},
	{"leap-day", dated("2028-02-29T00:00:00Z", "2028-02-29T23:59:59Z")},
	{"far-zone", dated("2026-04-01T00:30:00+14:00", "2026-04-01T23:59:59-12:00")},
	{"fraction", dated("2026-04-02T10:00:00.999999999Z", "2026-04-02T10:00:01.5Z")},
	{"updated-first", dated("2026-04-04T10:00:00Z", "2026-04-03T10:00:00Z")},
	{"same-dates", dated("2026-04-05T10:00:00Z", "2026-04-05T10:00:00Z")},
	{"not-published", dated("", "2026-04-06T10:00:00Z")},

	// Languages.
	{"arabic", func(a *feeds.Article) { a.Language, a.Title = "ar", "مرحبا بالعالم" }},
	{"long-language", func(a *feeds.Article) { a.Language = "zh-Hant-TW-x-valmeuse" }},
}
