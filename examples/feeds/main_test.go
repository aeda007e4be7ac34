package main

import (
	"encoding/json"
	"encoding/xml"
	"net/http/httptest"
	"testing"

	"github.com/crieur/crieur/feeds"
)

func TestServe(t *testing.T) {
	h, err := handler(news())
	if err != nil {
		t.Fatal(err)
	}
	get := func(path, etag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("If-None-Match", etag)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for path, mediaType := range map[string]string{"/news.rss": feeds.RSSType, "/news.atom": feeds.AtomType, "/news.json": feeds.JSONType} {
		w := get(path, "")
		if got := w.Header().Get("Content-Type"); w.Code != 200 || got != mediaType {
			t.Errorf("%s: status %d, type %q, want %q", path, w.Code, got, mediaType)
		}
		if again := get(path, w.Header().Get("ETag")); again.Code != 304 || again.Body.Len() != 0 {
			t.Errorf("%s: status %d for what the reader has, want 304", path, again.Code)
		}
	}

	const title = "Winter hours: open until 7 & on Sundays"
	var rss struct {
		Titles []string `xml:"channel>item>title"`
	}
	if err := xml.Unmarshal(get("/news.rss", "").Body.Bytes(), &rss); err != nil || len(rss.Titles) != 2 || rss.Titles[0] != title {
		t.Errorf("RSS holds %q, %v", rss.Titles, err)
	}
	var atom struct {
		Titles []string `xml:"entry>title"`
	}
	if err := xml.Unmarshal(get("/news.atom", "").Body.Bytes(), &atom); err != nil || len(atom.Titles) != 2 || atom.Titles[0] != title {
		t.Errorf("Atom holds %q, %v", atom.Titles, err)
	}
	var feed struct {
		Items []struct{ Title string }
	}
	if err := json.Unmarshal(get("/news.json", "").Body.Bytes(), &feed); err != nil || len(feed.Items) != 2 || feed.Items[0].Title != title {
		t.Errorf("JSON Feed holds %q, %v", feed.Items, err)
	}
}

func TestFaultyFeedIsNotServed(t *testing.T) {
	f := news()
	f.Articles[1].ID = ""
	if _, err := handler(f); err == nil {
		t.Error("an article without an identity was accepted")
	}
}
