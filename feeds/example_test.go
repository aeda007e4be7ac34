package feeds_test

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	gorilla "github.com/gorilla/feeds"

	"github.com/crieur/crieur/feeds"
)

func town() *feeds.Feed {
	return &feeds.Feed{
		ID:    "tag:valmeuse.example,2027:news",
		Title: "News of Valmeuse",
		URL:   "https://valmeuse.example/news/",
		RSS:   "https://valmeuse.example/news.rss",
		Atom:  "https://valmeuse.example/news.atom",
		JSON:  "https://valmeuse.example/news.json",
		Articles: []feeds.Article{{
			ID:      "tag:valmeuse.example,2027:bridge",
			URL:     "https://valmeuse.example/news/bridge/",
			Title:   "The bridge & the ferry",
			Summary: "The bridge opens on Monday.",
			Content: "<p>The bridge opens on <b>Monday</b>.</p>",
			Authors: []feeds.Person{{Name: "Ann"}},
			Tags:    []string{"roads"},
			Updated: time.Date(2027, time.May, 3, 9, 0, 0, 0, time.UTC),
		}},
	}
}

func ExampleEncodeRSS() {
	if err := feeds.EncodeRSS(os.Stdout, town()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:ev="http://purl.org/rss/1.0/modules/event/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
	//   <channel>
	//     <title>News of Valmeuse</title>
	//     <link>https://valmeuse.example/news/</link>
	//     <description>News of Valmeuse</description>
	//     <lastBuildDate>Mon, 03 May 2027 09:00:00 +0000</lastBuildDate>
	//     <docs>https://www.rssboard.org/rss-specification</docs>
	//     <atom:link rel="self" type="application/rss+xml" href="https://valmeuse.example/news.rss"/>
	//     <atom:link rel="alternate" type="application/atom+xml" href="https://valmeuse.example/news.atom"/>
	//     <atom:link rel="alternate" type="application/feed+json" href="https://valmeuse.example/news.json"/>
	//     <item>
	//       <title>The bridge &#x26; the ferry</title>
	//       <link>https://valmeuse.example/news/bridge/</link>
	//       <guid isPermaLink="false">tag:valmeuse.example,2027:bridge</guid>
	//       <pubDate>Mon, 03 May 2027 09:00:00 +0000</pubDate>
	//       <dc:creator>Ann</dc:creator>
	//       <category>roads</category>
	//       <description>The bridge opens on Monday.</description>
	//       <content:encoded>&lt;p>The bridge opens on &lt;b>Monday&lt;/b>.&lt;/p></content:encoded>
	//     </item>
	//   </channel>
	// </rss>
}

func ExampleEncodeAtom() {
	if err := feeds.EncodeAtom(os.Stdout, town()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <feed xmlns="http://www.w3.org/2005/Atom" xmlns:ev="http://purl.org/rss/1.0/modules/event/" xmlns:media="http://search.yahoo.com/mrss/">
	//   <id>tag:valmeuse.example,2027:news</id>
	//   <title>News of Valmeuse</title>
	//   <updated>2027-05-03T09:00:00Z</updated>
	//   <author>
	//     <name>News of Valmeuse</name>
	//   </author>
	//   <link rel="self" type="application/atom+xml" href="https://valmeuse.example/news.atom"/>
	//   <link rel="alternate" type="text/html" href="https://valmeuse.example/news/"/>
	//   <link rel="related" type="application/rss+xml" href="https://valmeuse.example/news.rss"/>
	//   <link rel="related" type="application/feed+json" href="https://valmeuse.example/news.json"/>
	//   <entry>
	//     <id>tag:valmeuse.example,2027:bridge</id>
	//     <title>The bridge &#x26; the ferry</title>
	//     <link rel="alternate" type="text/html" href="https://valmeuse.example/news/bridge/"/>
	//     <published>2027-05-03T09:00:00Z</published>
	//     <updated>2027-05-03T09:00:00Z</updated>
	//     <author>
	//       <name>Ann</name>
	//     </author>
	//     <category term="roads"/>
	//     <summary>The bridge opens on Monday.</summary>
	//     <content type="html">&lt;p>The bridge opens on &lt;b>Monday&lt;/b>.&lt;/p></content>
	//   </entry>
	// </feed>
}

func ExampleEncodeJSON() {
	if err := feeds.EncodeJSON(os.Stdout, town()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "version": "https://jsonfeed.org/version/1.1",
	//   "title": "News of Valmeuse",
	//   "home_page_url": "https://valmeuse.example/news/",
	//   "feed_url": "https://valmeuse.example/news.json",
	//   "items": [
	//     {
	//       "id": "tag:valmeuse.example,2027:bridge",
	//       "url": "https://valmeuse.example/news/bridge/",
	//       "title": "The bridge & the ferry",
	//       "content_html": "<p>The bridge opens on <b>Monday</b>.</p>",
	//       "summary": "The bridge opens on Monday.",
	//       "date_published": "2027-05-03T09:00:00Z",
	//       "date_modified": "2027-05-03T09:00:00Z",
	//       "authors": [
	//         {
	//           "name": "Ann"
	//         }
	//       ],
	//       "tags": [
	//         "roads"
	//       ]
	//     }
	//   ]
	// }
}

func ExampleEncodeOPML() {
	err := feeds.EncodeOPML(os.Stdout, &feeds.Outline{
		Title: "Feeds of Valmeuse",
		Feeds: []feeds.Subscription{
			{Title: "News", URL: "https://valmeuse.example/news.rss", HTML: "https://valmeuse.example/news/", Language: "en"},
			{Title: "Roads", URL: "https://valmeuse.example/roads.rss"},
		},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <opml version="2.0">
	//   <head>
	//     <title>Feeds of Valmeuse</title>
	//     <docs>http://opml.org/spec2.opml</docs>
	//   </head>
	//   <body>
	//     <outline text="News" title="News" type="rss" xmlUrl="https://valmeuse.example/news.rss" htmlUrl="https://valmeuse.example/news/" language="en"/>
	//     <outline text="Roads" title="Roads" type="rss" xmlUrl="https://valmeuse.example/roads.rss"/>
	//   </body>
	// </opml>
}

// An event is announced by an article: the day stands in its title or summary for people, and in Event for programs.
func Example_events() {
	fair := feeds.Article{
		ID:       "tag:valmeuse.example,2027:fair",
		URL:      "https://valmeuse.example/fair/",
		Title:    "Spring fair (8 and 9 May 2027)",
		Summary:  "Saturday 8 and Sunday 9 May 2027, market square.",
		Updated:  time.Date(2027, time.March, 1, 9, 0, 0, 0, time.UTC),
		Calendar: "https://valmeuse.example/event/fair.ics",
		Event: &feeds.Event{
			Start:    time.Date(2027, time.May, 8, 0, 0, 0, 0, time.UTC),
			End:      time.Date(2027, time.May, 9, 0, 0, 0, 0, time.UTC), // the last day
			AllDay:   true,
			Location: "Market square",
		},
	}
	f := &feeds.Feed{
		ID: "tag:valmeuse.example,2027:events", Title: "Events of Valmeuse", URL: "https://valmeuse.example/events/",
		JSON: "https://valmeuse.example/events.json", Articles: []feeds.Article{fair},
	}
	if err := feeds.EncodeJSON(os.Stdout, f); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "version": "https://jsonfeed.org/version/1.1",
	//   "title": "Events of Valmeuse",
	//   "home_page_url": "https://valmeuse.example/events/",
	//   "feed_url": "https://valmeuse.example/events.json",
	//   "items": [
	//     {
	//       "id": "tag:valmeuse.example,2027:fair",
	//       "url": "https://valmeuse.example/fair/",
	//       "title": "Spring fair (8 and 9 May 2027)",
	//       "content_text": "Saturday 8 and Sunday 9 May 2027, market square.",
	//       "summary": "Saturday 8 and Sunday 9 May 2027, market square.",
	//       "date_published": "2027-03-01T09:00:00Z",
	//       "date_modified": "2027-03-01T09:00:00Z",
	//       "authors": [
	//         {
	//           "name": "Events of Valmeuse"
	//         }
	//       ],
	//       "_crieur": {
	//         "about": "https://pkg.go.dev/github.com/crieur/crieur/feeds#hdr-JSON_Feed",
	//         "start": "2027-05-08",
	//         "end": "2027-05-09",
	//         "location": "Market square",
	//         "calendar": "https://valmeuse.example/event/fair.ics"
	//       }
	//     }
	//   ]
	// }
}

// A program on gorilla/feeds writes valid documents by changing one call.
func ExampleFromGorilla() {
	g := &gorilla.Feed{
		Title:       "News of Valmeuse",
		Link:        &gorilla.Link{Href: "https://valmeuse.example/"},
		Description: "What the town announces",
		Items: []*gorilla.Item{{
			Title:   "The bridge & the ferry",
			Link:    &gorilla.Link{Href: "https://valmeuse.example/bridge/"},
			Created: time.Date(2027, time.May, 3, 9, 0, 0, 0, time.UTC),
		}},
	}
	// Before: err := g.WriteRss(os.Stdout)
	err := feeds.EncodeRSS(os.Stdout, feeds.FromGorilla(g))
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:ev="http://purl.org/rss/1.0/modules/event/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
	//   <channel>
	//     <title>News of Valmeuse</title>
	//     <link>https://valmeuse.example/</link>
	//     <description>What the town announces</description>
	//     <lastBuildDate>Mon, 03 May 2027 09:00:00 +0000</lastBuildDate>
	//     <docs>https://www.rssboard.org/rss-specification</docs>
	//     <item>
	//       <title>The bridge &#x26; the ferry</title>
	//       <link>https://valmeuse.example/bridge/</link>
	//       <guid isPermaLink="false">https://valmeuse.example/bridge/</guid>
	//       <pubDate>Mon, 03 May 2027 09:00:00 +0000</pubDate>
	//       <dc:creator>News of Valmeuse</dc:creator>
	//       <description/>
	//       <content:encoded>The bridge &amp; the ferry</content:encoded>
	//     </item>
	//   </channel>
	// </rss>
}

// Check tells every fault, each with the article and the field.
func ExampleCheck() {
	f := town()
	f.Articles[0].URL = "/news/bridge/"
	f.Articles[0].Updated = time.Time{}
	fmt.Println(feeds.Check(f))
	// Output:
	// entry 0 (tag:valmeuse.example,2027:bridge): URL is not an absolute address: "/news/bridge/" is relative
	// entry 0 (tag:valmeuse.example,2027:bridge): Updated is missing
}

// A daemon writes a feed again whenever something changes: only that is encoded.
func ExampleEncoder() {
	day := time.Date(2027, time.March, 1, 9, 0, 0, 0, time.UTC)
	f := &feeds.Feed{ID: "tag:valmeuse.example,2027:flux", Title: "Valmeuse", URL: "https://valmeuse.example/"}
	for i := range 3 {
		f.Articles = append(f.Articles, feeds.Article{ID: fmt.Sprint("tag:valmeuse.example,2027:", i), Title: fmt.Sprint("Article ", i), Updated: day})
	}
	var e feeds.Encoder
	for _, title := range []string{"Le pont ouvre lundi", "Le pont ouvre mardi"} {
		f.Articles[1].Title = title
		var b strings.Builder
		if err := e.JSON(&b, f); err != nil {
			log.Fatal(err)
		}
		fmt.Println(strings.Count(b.String(), `"id"`), "articles,", strings.Contains(b.String(), title))
	}
	// Output:
	// 3 articles, true
	// 3 articles, true
}

// A feed of all there is goes out as a short document and archives.
func ExampleArchive() {
	f := &feeds.Feed{
		ID: "tag:valmeuse.example,2027:flux", Title: "Valmeuse", URL: "https://valmeuse.example/",
		Atom: "https://valmeuse.example/flux.atom",
	}
	for i := range 24 {
		day := time.Date(2027, time.January, 1+i, 9, 0, 0, 0, time.UTC)
		f.Articles = append(f.Articles, feeds.Article{ID: fmt.Sprint("tag:valmeuse.example,2027:", i), Title: fmt.Sprint("Jour ", i), Published: day, Updated: day})
	}
	archive := feeds.Archive{
		Number: 10,
		Addresses: func(n int) feeds.Addresses {
			return feeds.Addresses{Atom: fmt.Sprintf("https://valmeuse.example/flux-%d.atom", n)}
		},
	}
	for _, d := range archive.Divide(f) {
		newest, oldest := d.Articles[0], d.Articles[len(d.Articles)-1]
		fmt.Printf("%s: %s to %s, older in %q\n", d.Atom, newest.Title, oldest.Title, d.Part.Older.Atom)
	}
	fmt.Println("kept for the next time:", len(archive.Ends), "ends")
	// Output:
	// https://valmeuse.example/flux.atom: Jour 23 to Jour 14, older in "https://valmeuse.example/flux-2.atom"
	// https://valmeuse.example/flux-1.atom: Jour 9 to Jour 0, older in ""
	// https://valmeuse.example/flux-2.atom: Jour 19 to Jour 10, older in "https://valmeuse.example/flux-1.atom"
	// https://valmeuse.example/flux-3.atom: Jour 23 to Jour 20, older in "https://valmeuse.example/flux-2.atom"
	// kept for the next time: 2 ends
}

// A feed of what is elsewhere, too, goes out as its latest articles.
func ExampleLatest() {
	f := &feeds.Feed{ID: "tag:valmeuse.example,2027:flux", Title: "Valmeuse", URL: "https://valmeuse.example/"}
	for i := range 24 {
		day := time.Date(2027, time.January, 1+i, 9, 0, 0, 0, time.UTC)
		f.Articles = append(f.Articles, feeds.Article{ID: fmt.Sprint("tag:valmeuse.example,2027:", i), Title: fmt.Sprint("Jour ", i), Published: day, Updated: day})
	}
	f.Articles[3].Updated = time.Date(2027, time.February, 1, 9, 0, 0, 0, time.UTC) // a correction
	for _, a := range feeds.Latest(f, 3).Articles {
		fmt.Println(a.Title)
	}
	// Output:
	// Jour 23
	// Jour 22
	// Jour 21
	// Jour 3
}

// A document is not to be longer than readers take.
func ExampleFit() {
	day := time.Date(2027, time.March, 1, 9, 0, 0, 0, time.UTC)
	f := &feeds.Feed{ID: "tag:valmeuse.example,2027:flux", Title: "Valmeuse", URL: "https://valmeuse.example/"}
	for i := range 3 {
		f.Articles = append(f.Articles, feeds.Article{
			ID: fmt.Sprint("tag:valmeuse.example,2027:", i), Title: fmt.Sprint("Article ", i), Summary: "Un résumé.",
			Content: "<p>" + strings.Repeat("Un long texte. ", 500) + "</p>", Updated: day,
		})
	}
	for _, a := range feeds.Fit(f, 20_000).Articles {
		fmt.Println(a.Title, a.Content != "")
	}
	// Output:
	// Article 0 true
	// Article 1 true
	// Article 2 false
}

// What a document will be is known before it is written, so that it need not be written if readers have it already.
func ExampleFitPrepared() {
	f := town()
	articles := f.Articles
	f.Articles = nil
	prepared := make([]*feeds.Prepared, len(articles)) // once, for all documents in which they are
	for i := range articles {
		var err error
		if prepared[i], err = feeds.Prepare(f, &articles[i]); err != nil {
			log.Fatal(err)
		}
	}
	plan, err := feeds.FitPrepared(f, prepared, 1_000_000)
	if err != nil {
		log.Fatal(err)
	}
	sum, size := plan.Atom()

	var doc bytes.Buffer
	if err := feeds.EncodeAtom(&doc, plan.Feed(func(i int) feeds.Article { return articles[i] })); err != nil {
		log.Fatal(err)
	}
	fmt.Println(size == doc.Len(), sum == feeds.SumAtom(doc.Bytes()))
	// Output: true true
}
