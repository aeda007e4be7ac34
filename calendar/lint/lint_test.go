package lint

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/crieur/crieur/calendar"
)

var update = flag.Bool("update", false, "rewrite testdata")

func goodCalendar(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("testdata/good.ics")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

// edited returns the document of a case.
func (c lintCase) edited(t testing.TB, good string) string {
	t.Helper()
	if c.old == "*" {
		return crlf(c.new)
	}
	before, after, ok := strings.Cut(good, crlf(c.old))
	if !ok {
		t.Fatalf("%q is not in the document", c.old)
	}
	return before + crlf(c.new) + after
}

// worse are the rules of the findings that are more than notes.
func worse(found []Finding) []string {
	var rules []string
	for _, f := range found {
		if f.Severity > Note {
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

// TestCases edits one thing in a good calendar, and wants to hear of that and of nothing else. All that is said is
// in testdata/cases.txt, where the words, lines and columns can be read.
func TestCases(t *testing.T) {
	needZones(t)
	good := goodCalendar(t)
	if found := Check([]byte(good)); len(found) > 0 {
		t.Fatalf("the good calendar: %v", found)
	}
	var all strings.Builder
	for _, c := range slices.Concat(fifty, more) {
		found := Check([]byte(c.edited(t, good)))
		want := strings.Fields(c.rules)
		got := worse(found)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q → %q: got %s, want %s", c.old, c.new, got, want)
		}
		fmt.Fprintf(&all, "%q → %q\n", c.old, c.new)
		for _, f := range found {
			fmt.Fprintf(&all, "\t%s [%s]\n", f, strings.TrimSpace(f.Component+" "+f.Property))
		}
	}
	const name = "testdata/cases.txt"
	if *update {
		if err := os.WriteFile(name, []byte(all.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if all.String() != string(want) {
		a, b := strings.Split(all.String(), "\n"), strings.Split(string(want), "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("%s:%d: got\n%s\nwant\n%s", name, i+1, a[i], b[i])
			}
		}
		t.Fatalf("%s: got %d lines, want %d", name, len(a), len(b))
	}
}

// TestLineBreaks changes all lines at once.
func TestLineBreaks(t *testing.T) {
	good := goodCalendar(t)
	lf := strings.ReplaceAll(good, "\r\n", "\n")
	if got := worse(Check([]byte(lf))); !slices.Equal(got, []string{"line-break-lf"}) {
		t.Errorf("LF: %s", got)
	}
	if got := worse(Check([]byte(strings.Replace(good, "\r\n", "\n", 3)))); !slices.Equal(got, []string{"line-break-mixed"}) {
		t.Errorf("three times LF: %s", got)
	}
}

// TestValid reads calendars as other programs write them, about fictional bodies and places. None has an error; the
// warnings are of what some client really does with them.
func TestValid(t *testing.T) {
	needZones(t)
	warnings := map[string]string{
		"apple":     "alarm-sound-name uri-empty utc-offset-seconds zone-rdate",
		"calagator": "method-without-organizer",
		"meetup":    "method-without-organizer",
		"moodle":    "dtend-equals-dtstart method-without-organizer",
		"outlook":   "method-without-organizer",
		"rfc5545":   "base64-unpadded",
	}
	names, err := filepath.Glob("testdata/valid/*.ics")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found := Check(data)
		got := worse(found)
		slices.Sort(got)
		if want := warnings[strings.TrimSuffix(filepath.Base(name), ".ics")]; strings.Join(got, " ") != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
			for _, f := range found {
				t.Log("  ", f)
			}
		}
	}
}

// TestOwn holds that what Encode writes has no faults, for all goldens.
func TestOwn(t *testing.T) {
	asked := []string{"year-early", "event-long", "floating", "geo-zero"} // what the goldens are made to hold
	files, err := filepath.Glob("../testdata/*.ics")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d goldens, %v", len(files), err)
	}
	for _, name := range files {
		if filepath.Base(name) == "rfc-example.ics" {
			continue // which is not ours
		}
		doc, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Check(doc) {
			if f.Severity > Note && !slices.Contains(asked, f.Rule) {
				t.Errorf("%s:%s", name, f)
			}
		}
	}
}

func TestRulesAreInOrder(t *testing.T) {
	rules := Rules()
	if !slices.IsSortedFunc(rules, func(a, b Rule) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("rules are not in order")
	}
	for _, r := range rules {
		if r.Advice == "" || r.Source == "" || ruleNamed(r.Name) != r {
			t.Errorf("%+v", r)
		}
	}
}

// TestRulesAreUsed holds that the code reports the rules of the list, each of them, and that each has a case.
func TestRulesAreUsed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	literals := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "rules.go" {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == gotoken.STRING {
				s, _ := strconv.Unquote(lit.Value)
				literals[s] = true
			}
			if call, ok := n.(*ast.CallExpr); ok {
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(sel.Sel.Name, "report") && len(call.Args) > 0 {
					if lit, ok := call.Args[0].(*ast.BasicLit); ok {
						if s, _ := strconv.Unquote(lit.Value); ruleNamed(s).Source == "" {
							t.Errorf("%s: rule %s is not in the list", name, s)
						}
					}
				}
			}
			return true
		})
	}
	needZones(t)
	good := goodCalendar(t)
	seen := map[string]bool{"line-break-lf": true, "line-break-mixed": true, "calendar-large": true, "calendar-many-events": true, "zones-long": true}
	for _, c := range slices.Concat(fifty, more) {
		for _, f := range Check([]byte(c.edited(t, good))) {
			seen[f.Rule] = true
		}
	}
	for _, r := range Rules() {
		if !literals[r.Name] {
			t.Errorf("nothing reports %s", r.Name)
		}
		if !seen[r.Name] {
			t.Errorf("no case gives %s", r.Name)
		}
	}
}

// TestFindingsAreBounded holds that a document with a fault in each line gives no more findings than people can read.
func TestFindingsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:a\r\n")
	for range 2000 {
		b.WriteString("BEGIN:VEVENT\r\nUID:a\r\nGEO:1\r\nSUMMARY:a;b\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	count := map[string]int{}
	var last Finding
	found := Check([]byte(b.String()))
	for _, f := range found {
		count[f.Rule]++
		if f.Rule == "geo-invalid" {
			last = f
		}
	}
	if count["geo-invalid"] != maxFindings+1 || last.Message != "and 1900 more of this kind" {
		t.Errorf("%d findings of one rule, the last: %s", count["geo-invalid"], last)
	}
	if len(found) > 10*(maxFindings+1) || count["calendar-many-events"] != 1 {
		t.Errorf("%d findings", len(found))
	}
}

func TestSize(t *testing.T) {
	doc := manyEvents(t, 3000)
	got := worse(Check([]byte(doc)))
	slices.Sort(got)
	if want := []string{"calendar-large", "calendar-many-events"}; !slices.Equal(got, want) {
		t.Errorf("3000 events: %s, want %s", got, want)
	}
}

// FuzzCheck holds that no document makes Check panic, that findings are in order and within the document, that they are
// not too many, and that they are the same a second time.
func FuzzCheck(f *testing.F) {
	good := goodCalendar(f)
	f.Add([]byte(good))
	for _, c := range slices.Concat(fifty, more) {
		f.Add([]byte(c.edited(f, good)))
	}
	names, _ := filepath.Glob("testdata/valid/*.ics")
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(checkFindings)
}

// checkFindings holds what is promised of the findings about any document.
func checkFindings(t *testing.T, data []byte) {
	found := Check(data)
	if len(found) > len(rules)*(maxFindings+1) {
		t.Fatalf("%d findings", len(found))
	}
	lines := strings.Split(string(data), "\n")
	for i, x := range found {
		if x.Line < 1 || x.Line > len(lines) || x.Column < 1 || x.Column > len(lines[x.Line-1])+1 {
			t.Fatalf("%s is outside the document", x)
		}
		if i > 0 && (x.Line < found[i-1].Line || x.Line == found[i-1].Line && x.Column < found[i-1].Column) {
			t.Fatalf("%s comes after %s", x, found[i-1])
		}
		if s := x.String() + x.UID + x.Component + x.Property; !utf8.ValidString(s) || strings.ContainsAny(s, "\r\n\x00") || len(x.Message) > 600 {
			t.Fatalf("%q is more than a line of text", s)
		}
		if ruleNamed(x.Rule).Source == "" {
			t.Fatalf("rule %s is not in the list", x.Rule)
		}
	}
	if !slices.Equal(found, Check(data)) {
		t.Fatal("another answer the second time")
	}
}

// TestDamaged damages documents at random, always in the same ways.
func TestDamaged(t *testing.T) {
	good := goodCalendar(t)
	parts := []string{"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n", "EXDATE;TZID=Europe/Paris:20270315T180000\r\n", "BYSETPOS=-1;", "FREQ=MONTHLY;", "INTERVAL=1000000;",
		"COUNT=1000000000;", "UNTIL=99991231T000000Z;", "DTSTART:00010101T000000\r\n", "DTSTART;TZID=Europe/Paris:99991231T235959\r\n", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n",
		"BEGIN:VTIMEZONE\r\n", "\"", ";", "=", ":", "\\", "^", "\r\n", "\r\n ", "\r", "\x00", "\xff", "é"}
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		doc := []byte(good)
		for range 1 + r.IntN(6) {
			from := r.IntN(len(doc))
			to := min(len(doc), from+r.IntN(200))
			switch r.IntN(3) {
			case 0:
				doc = slices.Delete(doc, from, min(len(doc), from+r.IntN(40)))
			case 1:
				doc = slices.Insert(doc, from, []byte(parts[r.IntN(len(parts))])...)
			case 2:
				doc = slices.Insert(doc, r.IntN(len(doc)), slices.Clone(doc[from:to])...)
			}
		}
		checkFindings(t, doc)
	}
}

func BenchmarkCheck(b *testing.B) {
	doc := manyEvents(b, 10_000)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		Check(doc)
	}
}

// manyEvents returns a calendar of n events, six hundred octets each.
func manyEvents(t testing.TB, n int) []byte {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip(err)
	}
	c := calendar.Calendar{Name: "Agenda", Events: make([]calendar.Event, n)}
	for i := range c.Events {
		start := time.Date(2027, time.January, 1+i%700, 8+i%12, 0, 0, 0, paris)
		c.Events[i] = calendar.Event{
			UID:         fmt.Sprintf("%06d@valmorin.example", i),
			Summary:     fmt.Sprintf("Réunion publique n° %d : voirie, budget; divers", i),
			Description: strings.Repeat("Ordre du jour : le budget, les travaux de la rue de l'Église ; les écoles.\n", 4),
			Location:    "Salle des fêtes, 1 place de la Mairie, 00000 Valmorin",
			When:        calendar.Between(start, start.Add(90*time.Minute)),
			URL:         fmt.Sprintf("https://valmorin.example/agenda/%d/", i),
			Categories:  []string{"Conseil", "Vie publique"},
			Organizer:   calendar.Person{Name: "Mairie de Valmorin", Email: "mairie@valmorin.example"},
			Geo:         &calendar.Geo{Lat: 47.2184, Lon: -1.5536},
			Updated:     time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
		}
	}
	var b bytes.Buffer
	if err := calendar.Encode(&b, &c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func needZones(t testing.TB) {
	t.Helper()
	if _, err := time.LoadLocation("Europe/Paris"); err != nil {
		t.Skipf("no zone database on this machine: %v", err)
	}
}

// A VTIMEZONE that lists changes need not go on after the end of the series.
func TestZoneOfSeriesWithAnEnd(t *testing.T) {
	for _, name := range []string{"Africa/Casablanca", "Asia/Gaza", "Africa/Cairo"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Skip(err)
		}
		start := time.Date(2027, time.January, 4, 18, 30, 0, 0, loc)
		var b bytes.Buffer
		err = calendar.Encode(&b, &calendar.Calendar{Events: []calendar.Event{{
			UID: "a", Summary: "A", When: calendar.At(start), Updated: time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
			Repeat: &calendar.Rule{Freq: calendar.Weekly, Until: calendar.Date{Year: 2027, Month: time.December, Day: 27}},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Check(b.Bytes()) {
			if f.Rule == "zone-differs" || f.Rule == "zone-wrong" {
				t.Errorf("%s: %s", name, f)
			}
		}
	}
}
