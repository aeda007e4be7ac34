package interop_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
)

// An articleReader is a reader that tells everything of an entry.
type articleReader struct {
	name    string
	formats []string
	fast    bool // enough for thousands of articles
	open    func(t *testing.T) articlesOf
}

// articlesOf reads feeds, all in one format.
type articlesOf func(t *testing.T, files []string) []reading[article]

func articleReaders() []articleReader {
	list := []articleReader{
		{"encoding/json", []string{"json"}, true, func(*testing.T) articlesOf { return each(readJSON) }},
		{"gofeed", []string{"rss", "atom", "json"}, true, func(*testing.T) articlesOf { return each(readGofeed) }},
		{"sfeed", []string{"rss", "atom"}, true, func(t *testing.T) articlesOf {
			sfeed := program(t, "sfeed", []string{"sfeed"})
			return each(func(t *testing.T, file string) ([]article, error) { return readSfeed(t, sfeed, file) })
		}},
	}
	for _, s := range feedScripts {
		list = append(list, articleReader{s.name, []string{"rss", "atom"}, s.name == "feedparser", func(t *testing.T) articlesOf {
			command := s.find(t)
			return func(t *testing.T, files []string) []reading[article] { return read[article](t, command, files) }
		}})
	}
	return list
}

// each reads feeds one by one.
func each(one func(*testing.T, string) ([]article, error)) articlesOf {
	return func(t *testing.T, files []string) (list []reading[article]) {
		t.Helper()
		for _, file := range files {
			r := reading[article]{File: file}
			var err error
			if r.Values, err = one(t, file); err != nil {
				r.Faults = []string{err.Error()}
			}
			list = append(list, r)
		}
		return list
	}
}

func readJSON(t *testing.T, file string) (list []article, err error) {
	t.Helper()
	var feed struct {
		Items []struct {
			ID, URL, Title, Summary string
			HTML                    string    `json:"content_html"`
			Text                    string    `json:"content_text"`
			Published               time.Time `json:"date_published"`
			Updated                 time.Time `json:"date_modified"`
			Tags                    []string
			Authors                 []struct{ Name string }
			Attachments             []struct {
				URL    string
				Type   string `json:"mime_type"`
				Length int64  `json:"size_in_bytes"`
			}
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &feed); err != nil {
		return nil, err
	}
	for _, i := range feed.Items {
		a := article{
			ID: i.ID, Title: i.Title, Link: i.URL, Published: seconds(i.Published), Updated: seconds(i.Updated),
			Tags: i.Tags, Content: i.HTML + i.Text, Summary: i.Summary,
		}
		for _, p := range i.Authors {
			a.Authors = append(a.Authors, p.Name)
		}
		for _, e := range i.Attachments {
			a.Enclosure = attachment(e)
		}
		list = append(list, a)
	}
	return list, nil
}

func readGofeed(t *testing.T, file string) (list []article, err error) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	feed, err := gofeed.NewParser().Parse(f)
	if err != nil {
		return nil, err
	}
	date := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return instant(*t)
	}
	for _, i := range feed.Items {
		a := article{
			ID: i.GUID, Title: i.Title, Link: i.Link, Published: date(i.PublishedParsed), Updated: date(i.UpdatedParsed),
			Tags: i.Categories, Content: i.Content, Summary: i.Description,
		}
		for _, p := range i.Authors {
			name := p.Name
			if name == "" {
				name = p.Email
			}
			a.Authors = append(a.Authors, name)
		}
		for _, e := range i.Enclosures {
			length, err := strconv.ParseInt("0"+e.Length, 10, 64)
			if err != nil {
				return nil, err
			}
			a.Enclosure = attachment{e.URL, e.Type, length}
		}
		list = append(list, a)
	}
	return list, nil
}

// readSfeed reads the lines of fields that sfeed writes (sfeed(5)).
func readSfeed(t *testing.T, sfeed []string, file string) (list []article, err error) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for line := range strings.Lines(string(run(t, f, sfeed...))) {
		field := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		n, err := strconv.ParseInt(field[0], 10, 64)
		if err != nil {
			return nil, err
		}
		a := article{
			ID: field[5], Title: field[1], Link: field[2], Published: instant(time.Unix(n, 0)),
			Authors: []string{field[6]}, Content: sfeedEscapes.Replace(field[3]), Enclosure: attachment{URL: field[7]},
		}
		if field[8] != "" {
			a.Tags = strings.Split(field[8], "|")
		}
		list = append(list, a)
	}
	return list, nil
}

var sfeedEscapes = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t")

// compareArticles compares what a reader read of a feed with what is to be
// read, but for its quirks, which it counts in met.
func compareArticles(t *testing.T, reader, format, file string, want, got []article, met map[int]bool) {
	t.Helper()
	left := map[string]article{}
	for _, a := range want {
		for i, q := range quirks {
			if slices.Contains(strings.Fields(q.readers), reader) && slices.Contains(strings.Fields(q.formats), format) {
				before := a
				a.Authors, a.Tags = slices.Clone(a.Authors), slices.Clone(a.Tags)
				q.change(&a)
				met[i] = met[i] || !reflect.DeepEqual(a, before)
			}
		}
		left[a.ID] = a
	}
	for _, g := range got {
		w, ok := left[g.ID]
		if !ok {
			t.Errorf("%s: %s: %q was not written, or read already", reader, file, g.ID)
			continue
		}
		delete(left, g.ID)
		if format != "json" {
			g.Summary = shown(g.Summary)
		}
		compareArticle(t, fmt.Sprintf("%s: %s: %.80s", reader, file, g.ID), w, g)
	}
	for id := range left {
		t.Errorf("%s: %s: %q was not read", reader, file, id)
	}
}

// compareArticle compares what was read of an article with what is to be read.
func compareArticle(t *testing.T, where string, want, got article) {
	t.Helper()
	if want.textual {
		got.Content = shown(got.Content)
	}
	for _, f := range []struct{ name, want, got string }{
		{"ID", want.ID, got.ID},
		{"Title", want.Title, got.Title},
		{"Link", want.Link, got.Link},
		{"Published", want.Published, got.Published},
		{"Updated", want.Updated, got.Updated},
		{"Authors", strings.Join(want.Authors, "\n"), strings.Join(got.Authors, "\n")},
		{"Tags", strings.Join(want.Tags, "\n"), strings.Join(got.Tags, "\n")},
		{"Content", want.Content, got.Content},
		{"Summary", want.Summary, got.Summary},
		{"Enclosure.URL", want.Enclosure.URL, got.Enclosure.URL},
		{"Enclosure.Type", want.Enclosure.Type, got.Enclosure.Type},
		{"Enclosure.Length", strconv.FormatInt(want.Enclosure.Length, 10), strconv.FormatInt(got.Enclosure.Length, 10)},
	} {
		if right, other := strings.CutPrefix(f.want, otherThan("")); other && f.got != right {
			continue
		}
		if f.want != f.got {
			t.Errorf("%s: %s is %s", where, f.name, otherwise(f.want, f.got))
		}
	}
}

// otherwise says how one text is not the other, from shortly before they part.
func otherwise(want, got string) string {
	from := 0
	for from < min(len(want), len(got)) && want[from] == got[from] {
		from++
	}
	from = max(0, from-20)
	part := func(s string) string {
		end := min(len(s), from+100)
		return strconv.Quote(s[from:end]) + strings.Repeat("…", min(1, len(s)-end))
	}
	return part(got) + ", want " + part(want) + strings.Repeat(" (from byte "+strconv.Itoa(from)+")", min(1, from))
}
