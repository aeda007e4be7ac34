package content

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the want files of testdata")

// TestParse runs the stories of testdata: the files under in/ are read with the options of the file options, and give want.
func TestParse(t *testing.T) {
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, name := range stories {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			story, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := tell(t, story)
			i := slices.IndexFunc(story.Files, func(f txtar.File) bool { return f.Name == "want" })
			if *update {
				story.Files = append(slices.DeleteFunc(story.Files, func(f txtar.File) bool { return f.Name == "want" }), txtar.File{Name: "want", Data: got})
				if err := os.WriteFile(name, txtar.Format(story), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if i < 0 || !bytes.Equal(got, story.Files[i].Data) {
				var want []byte
				if i >= 0 {
					want = story.Files[i].Data
				}
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// tell parses the files of a story and describes what came out.
func tell(t *testing.T, story *txtar.Archive) []byte {
	opt := &Options{Zone: zoneNamed(t, "Europe/Paris"), Language: "fr"}
	for _, f := range story.Files {
		if f.Name == "options" {
			opt = options(t, string(f.Data))
		}
	}
	var b bytes.Buffer
	for _, f := range story.Files {
		path, found := strings.CutPrefix(f.Name, "in/")
		if !found {
			continue
		}
		var faults []Fault
		records := Parse(path, unquote(f.Data), opt, func(f Fault) { faults = append(faults, f) })
		check(t, records, faults, f.Data)
		for _, r := range records {
			describe(&b, &r)
		}
		slices.SortStableFunc(faults, func(a, b Fault) int { return cmp.Compare(a.Pos.Offset, b.Pos.Offset) })
		for _, f := range faults {
			fmt.Fprintf(&b, "%s [%s] %s\n", f.Severity, f.Rule, f.Error())
		}
		if len(records) == 0 && len(faults) == 0 {
			fmt.Fprintf(&b, "%s: nothing\n", path)
		}
	}
	return b.Bytes()
}

// unquote gives a story the bytes that a text file cannot show: \r, \xNN and a byte order mark, in files that begin with "\q".
func unquote(data []byte) []byte {
	rest, found := bytes.CutPrefix(data, []byte("\\q\n"))
	if !found {
		return data
	}
	return []byte(strings.NewReplacer(`\r`, "\r", `\xE9`, "\xE9", `\xC9`, "\xC9", `\a`, "\a", `\ufeff`, "\ufeff", `\u202f`, "\u202f", `\u00a0`, "\u00a0", `\t`, "\t").Replace(string(rest)))
}

func zoneNamed(t testing.TB, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("no zone data: %v", err)
	}
	return loc
}

// options reads lines of the form "zone: Europe/Paris", "assumed", "language: en", "collection: path kind=events date clock zone=… permalink=…".
func options(t *testing.T, text string) *Options {
	opt := &Options{Zone: zoneNamed(t, "Europe/Paris"), Language: "fr"}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "zone":
			opt.Zone = zoneNamed(t, value)
		case "assumed":
			opt.ZoneAssumed = true
		case "language":
			opt.Language = value
		case "collection":
			words := strings.Fields(value)
			c := Collection{Path: words[0]}
			for _, w := range words[1:] {
				switch key, value, _ := strings.Cut(w, "="); key {
				case "kind":
					c.Kind = value
				case "date":
					c.DateIsStart = true
				case "clock":
					c.Clock = true
				case "programme":
					c.Programme = true
				case "zone":
					c.Zone = zoneNamed(t, value)
				case "permalink":
					c.Permalink = value
				default:
					t.Fatalf("unknown option %q", w)
				}
			}
			opt.Collections = append(opt.Collections, c)
		default:
			t.Fatalf("unknown option %q", line)
		}
	}
	return opt
}

// describe writes what is not zero in a record.
func describe(b *bytes.Buffer, r *Record) {
	if r.Session { // the rest is that of its event
		day, end := r.When.Start.Format("2006-01-02 15:04"), ""
		if !r.When.End.IsZero() {
			end = r.When.End.Format("-15:04")
		}
		fmt.Fprintf(b, "  %d: %s%s %s\n", r.Line, day, end, strings.TrimSuffix(r.Title+" @ "+r.Location, " @ "))
		if r.Body != "" {
			fmt.Fprintf(b, "      %s\n", strings.ReplaceAll(r.Body, "\n", "\n      "))
		}
		return
	}
	fmt.Fprintf(b, "%s %s:%d\n", r.Kind, r.Path, r.Line)
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(b, "  %s: %s\n", name, strings.ReplaceAll(value, "\n", "\n    "))
		}
	}
	moment := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format("2006-01-02 15:04 ") + t.Location().String() + t.Format(" -0700")
	}
	field("title", r.Title)
	field("uid", r.UID)
	if r.Kind == Event {
		if r.When.AllDay {
			field("days", r.When.Start.Format(time.DateOnly)+" to "+r.When.End.Format(time.DateOnly))
		} else {
			field("start", moment(r.When.Start))
			field("end", moment(r.When.End))
		}
	}
	if !r.Repeat.IsZero() {
		field("repeat", fmt.Sprint(r.Repeat))
	}
	if len(r.Reminders) > 0 {
		field("reminders", fmt.Sprint(r.Reminders))
	}
	field("location", r.Location)
	if r.HasPosition {
		field("position", fmt.Sprint(r.Latitude, " ", r.Longitude))
	}
	field("online", r.Online)
	field("status", r.Status)
	field("organizer", strings.Join(strings.Fields(fmt.Sprint(r.Organizer.Name, " ", r.Organizer.Email, " ", r.Organizer.URL)), " "))
	field("contact", r.Contact)
	field("permalink", r.Permalink)
	for _, l := range r.Links {
		field("link", strings.TrimSpace(l.Title+" "+l.URL))
	}
	for _, d := range r.Details {
		field("detail", strings.Join([]string{d.Label, d.Text, d.URL}, " | "))
	}
	field("categories", strings.Join(r.Categories, " | "))
	field("tags", strings.Join(r.Tags, " | "))
	for _, a := range r.Authors {
		field("author", strings.Join(strings.Fields(fmt.Sprint(a.Name, " ", a.Email, " ", a.URL)), " "))
	}
	if r.Language != "fr" {
		field("language", r.Language)
	}
	field("published", strings.TrimSpace(moment(r.Published)+" "+r.Origin))
	field("updated", moment(r.Updated))
	field("not before", moment(r.NotBefore))
	field("not after", moment(r.NotAfter))
	if r.Draft {
		field("draft", "true")
	}
	field("image", r.Image)
	field("image alt", r.ImageAlt)
	for _, e := range r.Enclosures {
		field("enclosure", strings.TrimSpace(e.URL+" "+e.Type+" "+e.Title))
	}
	field("summary", r.Summary)
	if r.Programme {
		fmt.Fprintln(b, "  programme:")
	} else if r.Body != "" {
		field(r.Format.String(), r.Body)
	}
}

// check holds for whatever is parsed.
func check(t testing.TB, records []Record, faults []Fault, data []byte) {
	t.Helper()
	var event Record // the last that is no session
	lines := 1 + cmp.Or(bytes.Count(data, []byte("\n")), bytes.Count(data, []byte("\r")))
	for _, r := range records {
		if !r.Session {
			event = r
		} else if !event.Programme || r.Line < event.Line || r.Path != event.Path {
			t.Errorf("the session %q of line %d follows %q of line %d", r.Title, r.Line, event.Title, event.Line)
		}
		texts := []string{r.Title, r.Location, r.Contact, r.Online, r.Permalink, r.Organizer.Name, r.Image, r.ImageAlt, r.Language}
		texts = append(append(texts, r.Categories...), r.Tags...)
		for _, d := range r.Details {
			texts = append(texts, d.Label, d.Text, d.URL)
		}
		for _, s := range texts {
			if strings.ContainsAny(s, "\n\r\x00\x1b\u2028") {
				t.Errorf("%q is not one line", s)
			}
		}
		if r.Title == "" {
			t.Error("a record has no title")
		}
		w := r.When
		switch {
		case r.Kind == Article:
			if !w.IsZero() {
				t.Error("an article has a time")
			}
		case w.IsZero():
			t.Error("an event has no time")
		case w.AllDay && (w.End.Before(w.Start) || w.Start.Hour() != 0 || w.Start.Location() != time.UTC || w.End.Location() != time.UTC):
			t.Errorf("days %v to %v", w.Start, w.End)
		case !w.AllDay && !w.End.IsZero() && !w.End.After(w.Start):
			t.Errorf("%v ends at %v", w.Start, w.End)
		case w.Start.Year() < firstYear-1 || w.Start.Year() > lastYear+1:
			t.Errorf("starts in %v", w.Start)
		}
		if r.Line < 1 || r.Line > lines {
			t.Errorf("record on line %d", r.Line)
		}
	}
	for _, f := range faults {
		if f.Rule == "" || f.Rule == RuleInternal || f.Err == nil || f.Pos.Line < 1 || f.Pos.Column < 1 || f.Pos.Line > lines {
			t.Errorf("fault %+v", f)
		}
	}
}

// A template of a generator, which is filled with the records of the site, is passed over.
func TestTemplates(t *testing.T) {
	for name, data := range map[string]string{
		"a.json": "---\nlayout: null\n---\n{% for e in site.events %}{% endfor %}\n",
		"a.ics":  "\ufeff---\r\nlayout: null\r\n---\r\nBEGIN:VCALENDAR\r\n",
		"a.csv":  "---\n---\nTitre,Date de début\n{% for e in site.events %}{{ e.title }},{{ e.start }}\n{% endfor %}",
	} {
		var faults []string
		records := Parse(name, []byte(data), nil, func(f Fault) { faults = append(faults, f.Error()) })
		want := name + ":1:1: this begins with front matter, as a template that a generator fills does; it is passed over"
		if len(records) != 0 || len(faults) != 1 || faults[0] != want {
			t.Errorf("%s: %v %q", name, records, faults)
		}
	}
}
