// This example uses package feeds alone: one list of articles, here the news
// of a library, in three formats that feed readers subscribe to.
//
//	go run ./examples/feeds -format atom            print one of rss, atom, json
//	go run ./examples/feeds -addr :8080             serve /news.rss, /news.atom and /news.json
package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/crieur/crieur/feeds"
)

// A format is one of the forms a feed is written in.
type format struct {
	name, mediaType string
	encode          func(io.Writer, *feeds.Feed) error
}

var formats = []format{
	{"rss", feeds.RSSType, feeds.EncodeRSS},
	{"atom", feeds.AtomType, feeds.EncodeAtom},
	{"json", feeds.JSONType, feeds.EncodeJSON},
}

// news is the feed. An ID is given once and never changes, even when the
// title or the address does: readers know an article by it.
func news() *feeds.Feed {
	const site = "https://library.brume.example/"
	return &feeds.Feed{
		ID:          "tag:library.brume.example,2026:news",
		Title:       "Brume library",
		Description: "New books, opening hours and events",
		URL:         site,
		RSS:         site + "news.rss",
		Atom:        site + "news.atom",
		JSON:        site + "news.json",
		Language:    "en",
		Authors:     []feeds.Person{{Name: "Brume library"}},
		Refresh:     time.Hour,
		Articles: []feeds.Article{{
			ID:        "tag:library.brume.example,2026:winter-hours",
			URL:       site + "winter-hours/",
			Title:     "Winter hours: open until 7 & on Sundays",
			Summary:   "From December the reading room stays open longer.",
			Content:   `<p>From December the <a href="https://library.brume.example/room/">reading room</a> stays open longer.</p>`,
			Tags:      []string{"Opening hours"},
			Published: time.Date(2026, time.November, 16, 9, 0, 0, 0, time.UTC),
			Updated:   time.Date(2026, time.November, 18, 14, 30, 0, 0, time.UTC),
		}, {
			ID:      "tag:library.brume.example,2026:recording",
			URL:     site + "reading-aloud/",
			Title:   "Reading aloud, to listen to again",
			Updated: time.Date(2026, time.November, 2, 17, 0, 0, 0, time.UTC),
			Enclosure: &feeds.Enclosure{
				URL: site + "reading-aloud.mp3", Type: "audio/mpeg", Length: 8_431_022,
			},
		}},
	}
}

// handler encodes f in every format once, and serves the documents.
func handler(f *feeds.Feed) (http.Handler, error) {
	mux := http.NewServeMux()
	for _, ft := range formats {
		var doc bytes.Buffer
		if err := ft.encode(&doc, f); err != nil {
			return nil, err
		}
		etag := fmt.Sprintf(`"%x"`, sha256.Sum256(doc.Bytes()))
		mux.HandleFunc("GET /news."+ft.name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", ft.mediaType)
			w.Header().Set("ETag", etag) // most requests are for nothing new
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(doc.Bytes()))
		})
	}
	return mux, nil
}

func main() {
	name := flag.String("format", "rss", "the format to print: rss, atom or json")
	addr := flag.String("addr", "", "the address to serve on; empty: print the feed")
	flag.Parse()
	if *addr != "" {
		h, err := handler(news())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("serving /news.rss, /news.atom and /news.json on", *addr)
		log.Fatal(http.ListenAndServe(*addr, h))
	}
	i := slices.IndexFunc(formats, func(f format) bool { return f.name == *name })
	if i < 0 {
		log.Fatalf("unknown format %q, want rss, atom or json", *name)
	}
	if err := formats[i].encode(os.Stdout, news()); err != nil {
		log.Fatal(err)
	}
}
