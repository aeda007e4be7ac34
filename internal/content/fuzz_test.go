package content

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/txtar"
)

// FuzzParse: whatever a file holds, nothing panics, and what comes out keeps the promises of check.
func FuzzParse(f *testing.F) {
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range stories {
		story, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range story.Files {
			if path, found := strings.CutPrefix(file.Name, "in/"); found {
				f.Add(path, unquote(file.Data), false)
			}
		}
	}
	f.Add("a\n.md", []byte("\xff\xfe-\x00"), true)
	paris := zoneNamed(f, "Europe/Paris")
	f.Fuzz(func(t *testing.T, path string, data []byte, dates bool) {
		var faults []Fault
		opt := &Options{Zone: paris, ZoneAssumed: dates, Language: "fr", Collections: []Collection{{DateIsStart: dates, Programme: true, Permalink: "/:year/:categories/:title/"}}}
		records := Parse(path, data, opt, func(f Fault) { faults = append(faults, f) })
		check(t, records, faults, data)
		if len(records) == 0 && len(faults) == 0 {
			t.Error("neither a record nor a word about it")
		}
	})
}

// FuzzFile: the same for the bytes of one file in each of the languages it may be written in. Read again it is the same, and its faults stand in it.
func FuzzFile(f *testing.F) {
	for _, c := range growing {
		f.Add([]byte(c.data(300)))
	}
	for _, s := range []string{
		"---\ntitle: a\nstart: 2027-05-08 14h\nend: {date: 2027-05-08, time: 16:00}\nrrule: FREQ=WEEKLY\nexdate: [2027-05-15]\n---\n## b\n",
		"+++\ntitle = 'a'\n[[files]]\nfile = 'a.pdf'\n[venue]\ncity = \"b\"\n+++\n", `{"title": "a", "start": "2027-05-08", "tags": ["b"]}`,
		"- title: a\n  start: &d 2027-05-08\n- {title: b, start: *d, <<: {lieu: c}}\n", "\xef\xbb\xbf---\r\ntitle: \xe9\r\n...\r\n", "---\n? |\n a\n: !!binary QQ==\n---",
		"---\ntitle: \"\\u2028\\x85\\u202e\"\ndate: 2027-01-01\nlieu: \"a\\nb\"\nauthors: [{name: \"a\\tb\"}]\ndetails: [{label: \"\\u0085\", lien: a@b.fr}]\n---\n\u2028\ufeff",
	} {
		f.Add([]byte(s))
	}
	paris := zoneNamed(f, "Europe/Paris")
	paths := []string{"agenda/2027-05-08-a.md", "a.html", "a.txt", "a.yml", "a.json"}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, path := range paths {
			opt := &Options{Zone: paris, Language: "fr", CheckRule: func(Span, string) (func(_, _ []time.Time) error, error) {
				return func(_, _ []time.Time) error { return nil }, nil
			}}
			var faults, more []Fault
			records := Parse(path, data, opt, func(f Fault) { faults = append(faults, f) })
			check(t, records, faults, data)
			checkTexts(t, records)
			for _, f := range faults {
				if p := f.Pos; p.Filename != path || p.Offset < 0 || p.Offset > 4*len(data) {
					t.Errorf("%s: a fault at %+v", path, p)
				}
				if s := f.Err.Error(); !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) || len(s) > 3000 {
					t.Errorf("%s: the fault %.3000q", path, s)
				}
			}
			again := Parse(path, data, opt, func(f Fault) { more = append(more, f) })
			if fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", records) || fmt.Sprint(more) != fmt.Sprint(faults) {
				t.Errorf("%s: read again it is\n%+v %v\nand was\n%+v %v", path, again, more, records, faults)
			}
		}
	})
}

// checkTexts holds for the texts of whatever is parsed: they are UTF-8 without control characters but for the line breaks and tabs of those that
// are not one line.
func checkTexts(t *testing.T, records []Record) {
	t.Helper()
	for i := range records {
		r := &records[i]
		long := []string{r.Summary, r.Body}
		texts := []string{r.UID, r.Title, r.Location, r.Online, r.Status, r.Organizer.Name, r.Organizer.Email, r.Organizer.URL, r.Contact, r.Permalink,
			r.Language, r.Origin, r.Image, r.ImageAlt, r.Repeat.Rule}
		texts = append(append(texts, r.Categories...), r.Tags...)
		for _, l := range r.Links {
			texts = append(texts, l.Title, l.URL)
		}
		for _, d := range r.Details {
			texts = append(texts, d.Label, d.Text, d.URL)
		}
		for _, p := range r.Authors {
			texts = append(texts, p.Name, p.Email, p.URL)
		}
		for _, e := range r.Enclosures {
			texts = append(texts, e.URL, e.Type, e.Title)
		}
		for _, s := range texts {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
				t.Errorf("%q is not one line of text", s)
			}
		}
		for _, s := range long {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
				t.Errorf("%.300q is no text", s)
			}
		}
		for _, when := range []time.Time{r.Published, r.Updated, r.NotBefore, r.NotAfter} {
			if y := when.Year(); !when.IsZero() && (y < firstYear-1 || y > lastYear+1) {
				t.Errorf("a date in %d", y)
			}
		}
		for _, day := range slices.Concat(r.Repeat.Also, r.Repeat.Except) {
			if day.Location() != time.UTC || day != dayOf(day) {
				t.Errorf("%v is no day", day)
			}
		}
	}
}

// FuzzHours: hours that are understood can be written in one form, and mean the same in it.
func FuzzHours(f *testing.F) {
	for _, s := range []string{"14h-18h", "de 9h00 à 18h00", "9\u202fh\u202f30 – 12 h", "2-4 pm", "20h-minuit", "à partir de 14h", "from 9:00 until noon", "24h-2h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, ok := parseHours(s)
		if !ok {
			return
		}
		if again, ok := parseHours(h.String()); !ok || again.String() != h.String() {
			t.Errorf("%q is %s, but that is %s, %v", s, h, again, ok)
		}
	})
}

// FuzzMoment: a date that is understood exists, and means the same in its plain form.
func FuzzMoment(f *testing.F) {
	for _, s := range []string{"2027-05-08T8:00:00", "2027-05-08 24:00 -0500", "Mardi 05 mars 2027", "June 29th, 2027 at 2 pm", "25/11/2027", "1er août 2027"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, dayFirst bool) {
		m, err := parseMoment(s, dayFirst)
		if err != nil {
			return
		}
		if !m.exists() || m.clock.hour > 23 || m.clock.min > 59 || m.offset < -16*3600 || m.offset > 16*3600 {
			t.Fatalf("%q is %+v", s, m)
		}
		if m.year < 1000 {
			return
		}
		if again, err := parseMoment(m.String(), false); err != nil || again.String() != m.String() {
			t.Errorf("%q is %s, but that is %s, %v", s, m, again, err)
		}
	})
}

// TestBombs reads what holds naive readers for seconds, or fills the memory: each ends soon, with a fault or a record.
func TestBombs(t *testing.T) {
	keys := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString("k" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26%50) + string(rune('a'+i/1300%26)) + ": 1\n")
		}
		return b.String()
	}
	laughs := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 9; i++ {
		name, of := string(rune('0'+i)), "*a"+string(rune('0'+i-1))
		laughs += "a" + name + ": &a" + name + " [" + strings.TrimSuffix(strings.Repeat(of+",", 9), ",") + "]\n"
	}
	front := func(s string) string { return "---\ntitle: x\ndate: 2027-01-01\n" + s + "---\n" }
	for name, c := range map[string]struct{ path, data, rule string }{
		"keys":            {"a.md", front(keys(5000)), RuleSize},
		"keys in a file":  {"a.yml", keys(50000), RuleSize},
		"keys in JSON":    {"a.json", "{" + strings.Repeat(`"a":1,`, 50000) + `"a":1}`, RuleDuplicateKey},
		"brackets":        {"a.md", front("a: " + strings.Repeat("[", 20000) + "\n"), RuleSyntax},
		"100 KB brackets": {"a.yml", strings.Repeat("[", 100_000), ""},
		"deep":            {"a.md", front("a: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "\n"), RuleSize},
		"deep TOML":       {"a.md", "+++\na = " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "\n+++\n", RuleSize},
		"deep JSON":       {"a.json", strings.Repeat("[", 9000) + strings.Repeat("]", 9000), RuleSize},
		"laughs":          {"a.md", front(laughs), ""},
		"self":            {"a.md", front("a: &a [*a]\n"), RuleAlias},
		"merge self":      {"a.md", front("a: &a {<<: *a}\n"), RuleAlias},
		"aliases":         {"a.md", front("a: &a 1\nb: [" + strings.Repeat("*a,", 10000) + "]\n"), RuleAlias},
		"title":           {"a.md", "---\ntitle: " + strings.Repeat("mot ", 10000) + "\n---\n", RuleSize},
		"header":          {"a.md", front(strings.Repeat("# x\n", 20000)), RuleSize},
		"body":            {"a.md", front("") + strings.Repeat("x", maxBody+1), RuleSize},
		"plain body":      {"a.txt", strings.Repeat("mot 2027 ", maxBody/9+1), RuleSize},
		"years":           {"a.txt", "Un titre.\n" + strings.Repeat("5 mars 2027 ", 80000), RuleDateOrigin},
		"maps":            {"a.yml", strings.Repeat("- a: 1\n", 50_000), RuleSize},
		"records":         {"a.yml", strings.Repeat("- {title: a, date: x}\n", 12_000), RuleSize},
		"file":            {"a.md", strings.Repeat("x", MaxFile+1), RuleSize},
		"open quotation":  {"a.md", front("a: \"" + strings.Repeat("x\n", 20000)), RuleSyntax},
		"headings":        {"a.md", front("") + strings.Repeat("#", 500_000), ""},
		"anchors":         {"a.md", front(strings.Repeat("- &a\n", 5000)), ""},
		"dotted TOML":     {"a.md", "+++\n" + strings.Repeat("a.", 20000) + "b = 1\n+++\n", RuleSize},
		"columns":         {"a.csv", "Titre,Début" + strings.Repeat(",a", 100_000) + "\nx,2027-05-08\n", RuleNotRecord},
		"rows":            {"a.csv", "Titre,Début\n" + strings.Repeat("x,2027-05-08\n", 12_000), RuleSize},
		"bad rows":        {"a.csv", "Titre,Début\nx,2027-05-08\n" + strings.Repeat("x\n", 100_000), RuleTable},
		"cells":           {"a.csv", "Titre,Début" + strings.Repeat(",a", 900) + "\n" + strings.Repeat("x,2027-05-08"+strings.Repeat(",a", 900)+"\n", 300), RuleSize},
		"quotation marks": {"a.csv", "Titre,Début\nx,2027-05-08\n" + strings.Repeat("a\"b,2027-05-08\n", 9_000), ""},
		"bad quotations":  {"a.csv", "Titre,Début\nx,2027-05-08\n" + strings.Repeat("\"a\"b,2027-05-08\n", 50_000), RuleSyntax},
		"open cell":       {"a.csv", "Titre,Début\nx,2027-05-08\n\"" + strings.Repeat("a\n", 500_000), RuleUnclosed},
		"one line":        {"a.csv", strings.Repeat("a;", 500_000), RuleNotRecord},
		"tables of TOML":  {"a.md", "+++\n" + strings.Repeat("[[a]]\n", 10000) + "+++\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var rules []string
			begin := time.Now()
			records := Parse(c.path, []byte(c.data), &Options{}, func(f Fault) { rules = append(rules, f.Rule) })
			// Generous, so that a slow machine passes: without limits these take tens of seconds.
			if d := time.Since(begin); d > 5*time.Second && !racing {
				t.Errorf("took %v", d)
			}
			if c.rule != "" && !strings.Contains(strings.Join(rules, " "), c.rule) {
				t.Errorf("rules %.200v, want %s", rules, c.rule)
			}
			if len(records) == 0 && len(rules) == 0 {
				t.Error("neither a record nor a fault")
			}
		})
	}
}
