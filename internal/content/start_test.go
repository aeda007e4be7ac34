package content

import (
	"strings"
	"testing"
	"time"
)

// Where a start, its zone and its place stand that no key of the record says as such.
func TestStarts(t *testing.T) {
	dated := []Collection{{Path: "agenda", DateIsStart: true}}
	for _, c := range []struct {
		path, data  string
		collections []Collection
		want        string // start, place and faults
	}{
		{"agenda/2027-05-08-fete.md", "---\ntitle: Fête\n---\n", dated, "2027-05-08T00:00:00Z"},
		{"agenda/2027-05-08-fete.md", "---\ntitle: Fête\ndate: 2027-05-09\n---\n", dated, "2027-05-09T00:00:00Z"},
		{"agenda/2027-05-08-fete.md", "---\ntitle: Fête\nstart: 2027-05-10\n---\n", dated, "2027-05-10T00:00:00Z"},
		{"agenda/2027-05-08-fete.md", "---\ntitle: Fête\ntime: 14h - 16h\n---\n", dated, "2027-05-08T14:00:00Z hours"},
		{"agenda/2027-05-08-fete.md", "---\ntitle: Fête\nstart: 14:00\n---\n", nil, "2027-05-08T14:00:00Z"},
		{"agenda/2027-05-08-fete.md", "---\ntitle: Fête\n---\n", nil, "no-start"},
		{"agenda/fete.md", "---\ntitle: Fête\n---\n", dated, "no-start"},
		{"agenda/2027-05-08-fete.md", "---\ntitle: Fête\nstart: bientôt\n---\n", dated, "date"},

		{"a.md", "---\ntitle: Fête\nstart: 2027-05-08 14h-16h\nhoraires: 9h-10h\n---\n", nil, "2027-05-08T14:00:00Z hours-conflict hours"},
		{"a.md", "---\ntitle: Fête\nstart: 2027-05-08 14h-16h\nhoraires: 14h\n---\n", nil, "2027-05-08T14:00:00Z hours"},

		{"_data/events.json", `[{"name": "Fête", "date": "2027-05-08"}]`, []Collection{{Path: "_data", DateIsStart: true}}, "2027-05-08T00:00:00Z"},
		{"_data/events.json", `[{"name": "Fête", "date": "2027-05-08"}]`, nil, "no-start"},
		{"_data/events.json", `[{"name": "Fête", "place": "Halle"}]`, nil, "not-record"},
		{"_data/people.json", `[{"name": "Lise", "date": "2027-05-08"}]`, nil, "not-record"},

		{"a.md", "---\ntitle: Fête\nstart: 2027-05-08 10:00\ntz: UTC -7\n---\n", nil, "2027-05-08T10:00:00-07:00"},
		{"a.md", "---\ntitle: Fête\nstart: 2027-05-08 10:00\ntz: GMT+05:30\n---\n", nil, "2027-05-08T10:00:00+05:30"},
		{"a.md", "---\ntitle: Fête\nstart: 2027-05-08 10:00\ntz: UTC+99\n---\n", nil, "2027-05-08T10:00:00Z zone"},
		{"a.md", "---\ntitle: Fête\nstart: 2027-05-08 10:00\ntz: 7\n---\n", nil, "2027-05-08T10:00:00Z zone"},

		{"a.md", "---\ntitle: Fête\nstart: 2027-05-08 10:00\nlieu: src/lieux/halle.md\n---\n", nil, "2027-05-08T10:00:00Z type"},
		{"a.md", "---\ntitle: Fête\nstart: 2027-05-08 10:00\nlieu: Salle 3/4\n---\n", nil, "2027-05-08T10:00:00Z at Salle 3/4"},
	} {
		var got []string
		opt := &Options{Zone: time.UTC, Language: "fr", Collections: c.collections}
		var rules []string
		for _, r := range Parse(c.path, []byte(c.data), opt, func(f Fault) { rules = append(rules, f.Rule) }) {
			if got = append(got, r.When.Start.Format(time.RFC3339)); r.Location != "" {
				got = append(got, "at", r.Location)
			}
		}
		if s := strings.Join(append(got, rules...), " "); s != c.want {
			t.Errorf("%s %q: %q, want %q", c.path, c.data, s, c.want)
		}
	}
}
