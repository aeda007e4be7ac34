package interop_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/crieur/crieur/feeds"
)

// marks are what feeds have been broken with, beside pieces.
var marks = []string{
	"&", "<", ">", "&&", "<<", "&lt;", "&gt;", "&amp;amp;", "&amp;lt;", "&#38;", "&#x26;", "&#0;", "&nbsp;", "&eacute;", "&;", "&#", "AT&T", "R&D",
	"<b>", "</b>", "<br/>", "</p>", "<p class=\"x\">", "<!--", "-->", "<!DOCTYPE x>", "<![CDATA[", "]]>", "]]]]><![CDATA[>", "<?xml?>", "</title>", "</item>", "</entry>",
	"{", "}", "[", "]", `":`, `\u0041`, `\"`, "//", "/*", "|", "un, deux", "(", ")", "@", "« ", "\u00a0: ",
}

// feed is a feed of random articles, which are those from the number first.
func (g *generator) feed(first int) *feeds.Feed {
	f := feedOf(fmt.Sprintf("%06d", first))
	f.Title, f.Description, f.Rights, f.Generator = g.words(), g.optional(70), g.optional(30), g.optional(30)
	f.Authors = g.people()
	f.Refresh = time.Duration(g.IntN(1e6)) * time.Second
	for i := range of(g, 1, 10, 100) {
		f.Articles = append(f.Articles, g.article(first+i))
	}
	return f
}

// article is the article of a number, in which every field may be anything.
func (g *generator) article(number int) feeds.Article {
	a := feeds.Article{
		ID: fmt.Sprintf("tag:valmeuse.example,2026:%d%s", number, g.path()), Title: g.words(), Content: g.html(),
		Authors: g.people(), Updated: g.instant(), Language: of(g, "", "", "fr", "ar", "zh-Hant-TW"),
	}
	if g.in(80) {
		a.Summary = g.words()
	}
	if !g.in(5) {
		a.URL = of(g, "https://valmeuse.example/", "http://valmeuse.example:8080/") + g.path()
	}
	if !g.in(5) {
		a.Published = g.instant()
	}
	for g.in(60) && len(a.Tags) < 9 {
		a.Tags = append(a.Tags, g.words())
	}
	if g.in(20) {
		a.Image = "https://valmeuse.example/" + g.path()
	}
	if g.in(20) {
		a.Enclosure = &feeds.Enclosure{URL: "https://valmeuse.example/" + g.path(), Type: of(g, "", "image/png", `text/plain; charset="utf-8"`), Length: of(g, 0, g.Int64N(1<<40))}
	}
	if g.in(20) {
		e := &feeds.Event{Start: g.start().Truncate(time.Minute).UTC(), AllDay: g.in(50), Location: g.optional(60)}
		if g.in(50) {
			e.End = e.Start.Add(time.Duration(g.IntN(1e4)) * time.Minute)
		}
		a.Event, a.Calendar = e, "https://valmeuse.example/"+g.path()
	}
	return a
}

// mixed is a text, often with marks in it.
func (g *generator) mixed() string {
	s := g.text()
	for g.in(50) {
		at := g.IntN(len(s) + 1)
		s = s[:at] + of(g, marks...) + s[at:]
	}
	return s
}

// words is a text of which something is left.
func (g *generator) words() string {
	if s := g.mixed(); strings.TrimSpace(oneLine(s)) != "" {
		return s
	}
	return "Sans titre"
}

// html is HTML, well-formed or not, or none.
func (g *generator) html() string {
	var b strings.Builder
	for range g.IntN(6) {
		b.WriteString(of(g, "<p>", "<b>", "</p>\n", "<a href=\"https://valmeuse.example/?a=1&amp;b=2\">x</a>", "&amp;", "&lt;p&gt;", ""))
		b.WriteString(g.mixed())
	}
	return b.String()
}

func (g *generator) people() (list []feeds.Person) {
	for g.in(60) && len(list) < 4 {
		list = append(list, feeds.Person{Name: g.words(), Email: of(g, "", "ann@valmeuse.org"), URI: of(g, "", "https://valmeuse.example/"+g.path())})
	}
	return list
}

// path is the rest of an address: any text without what is a fault there.
func (g *generator) path() string {
	s := strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' {
			return -1
		}
		return r
	}, printable(g.mixed()))
	return strings.ToValidUTF8(s[:min(len(s), 2000)], "") + of(g, "", "/", "x", "?a=1&b=2", "#x") + "."
}

// instant is a time of any year, mostly of this century.
func (g *generator) instant() time.Time {
	year := of(g, 2026, 2000+g.IntN(100), 2000+g.IntN(100), 1970+g.IntN(100), 1+g.IntN(9999))
	t := time.Date(year, time.Month(1+g.IntN(12)), 1+g.IntN(28), g.IntN(24), g.IntN(60), g.IntN(60), g.IntN(2)*g.IntN(1e9), time.UTC)
	return t.In(of(g, time.UTC, time.FixedZone("", 3600*(g.IntN(25)-11))))
}
