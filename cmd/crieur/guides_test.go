package main

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/crieur/crieur"
)

// A fence is an example in a guide: its language, what stands behind that, and
// its lines.
type fence struct{ language, name, text string }

func fences(t *testing.T, guide string) (all []fence) {
	t.Helper()
	text, ok := guideNamed(guide)
	if !ok {
		t.Fatalf("there is no guide %s", guide)
	}
	for i, part := range strings.Split(text, "```") {
		if i%2 == 1 {
			head, body, _ := strings.Cut(part, "\n")
			language, name, _ := strings.Cut(head, " ")
			all = append(all, fence{language, name, body})
		}
	}
	return all
}

func TestGuidesAreListed(t *testing.T) {
	entries, err := fs.ReadDir(guideFiles, "guides")
	if err != nil {
		t.Fatal(err)
	}
	usage := said(t, "help", "help")
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".md")
		if !strings.Contains(usage, "crieur help "+name) {
			t.Errorf("guide %s is not listed", name)
		}
		text := said(t, "help", name)
		if n := strings.Count(text, "\n"); n < 30 || n > 180 {
			t.Errorf("guide %s has %d lines: one to three screens, please", name, n)
		}
	}
	if len(entries) != len(guides()) {
		t.Errorf("%d guides are listed, and there are %d", len(guides()), len(entries))
	}
}

// What the guides for those who write show is published as it stands, and without
// a word of complaint.
func TestWritersGuides(t *testing.T) {
	for guide, config := range map[string]crieur.Config{
		"writing": {Base: "https://agenda.valmeuse.example/", Timezone: "Europe/Paris", Language: "en"},
		"rediger": {Base: "https://agenda.valmeuse.example/", Timezone: "Europe/Paris"},
	} {
		tree := fstest.MapFS{}
		for _, f := range fences(t, guide) {
			if path.Ext(f.name) == "" {
				t.Errorf("%s: an example has no name: %q", guide, f.text)
			}
			tree[f.name] = &fstest.MapFile{Data: []byte(f.text), ModTime: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
		}
		site, _, faults := crieur.Build(tree, config, nil, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
		for _, f := range faults {
			if f.Severity != crieur.Notice {
				t.Errorf("%s: %v (%s)", guide, f, f.Rule)
			}
		}
		if site == nil || site.Events != 6 || site.Articles != 1 {
			t.Fatalf("%s: %d events and %d articles of 6 and 1", guide, site.Events, site.Articles)
		}
		calendar := strings.ReplaceAll(string(site.File("events.ics").Bytes()), "\r\n ", "")
		for _, want := range []string{
			"DTSTART;TZID=Europe/Paris:20270305T083000\r\nDTEND;TZID=Europe/Paris:20270305T174500\r\n",
			"DTSTART;TZID=Europe/Paris:20270508T090000\r\nDTEND;TZID=Europe/Paris:20270508T173000\r\n",
			"DTSTART;TZID=Europe/Paris:20270112T140000\r\nDTEND;TZID=Europe/Paris:20270112T170000\r\n",
			"DTSTART;TZID=Europe/Paris:20270209T140000\r\n",
			"RRULE:FREQ=WEEKLY;UNTIL=20270625T215959Z;BYDAY=FR\r\n", "EXDATE;TZID=Europe/Paris:20270514T080000\r\n",
			"STATUS:CANCELLED\r\n",
		} {
			if !strings.Contains(calendar, want) {
				t.Errorf("%s: no %q in\n%s", guide, want, calendar)
			}
		}
	}
}

// The message that those guides show is the one that the slip they speak of gives.
func TestWritersGuidesOnFaults(t *testing.T) {
	for guide, slip := range map[string][2]string{"writing": {"2027-05-08", "8 Mya 2027"}, "rediger": {"8 mai 2027", "8 mia 2027"}} {
		text, _ := guideNamed(guide)
		_, message, _ := strings.Cut(text, "\n    ev")
		message, _, _ = strings.Cut("ev"+message, " …")
		name, _, _ := strings.Cut(message, ":")
		tree := fstest.MapFS{}
		for _, f := range fences(t, guide) {
			if f.name == name {
				tree[name] = &fstest.MapFile{Data: []byte(strings.Replace(f.text, slip[0], slip[1], 1))}
			}
		}
		_, _, faults := crieur.Build(tree, crieur.Config{}, nil, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
		if !slices.ContainsFunc(faults, func(f crieur.Fault) bool { return strings.HasPrefix(f.Error(), message) }) {
			t.Errorf("%s shows %q; what is said is %v", guide, message, faults)
		}
	}
}

// What the guide for those who run it shows can be typed, and be configured.
func TestOperatorsGuide(t *testing.T) {
	typed := 0
	for _, f := range fences(t, "operating") {
		switch f.language {
		case "yaml":
			config, faults := crieur.ReadConfig(f.name, []byte(f.text))
			for _, fault := range faults {
				t.Error(fault)
			}
			if err := config.Check(); err != nil {
				t.Error(err)
			}
		case "sh":
			for line := range strings.Lines(f.text) {
				args := strings.Fields(line)
				if len(args) < 2 || args[0] != "crieur" {
					t.Errorf("%q is no call", line)
					continue
				}
				c, ok := commandNamed(args[1])
				if !ok {
					t.Errorf("%q: there is no such command", line)
					continue
				}
				flags := c.flags()
				if err := flags.Parse(args[2:]); err != nil {
					t.Errorf("%q: %v", line, err)
				} else if flags.NArg() != 1 || !strings.HasPrefix(flags.Arg(0), "/srv/") {
					t.Errorf("%q: the folder is %q", line, flags.Args())
				}
				typed++
			}
		default:
			t.Errorf("an example in %q is not tried", f.language)
		}
	}
	if typed < 10 {
		t.Errorf("only %d calls were tried", typed)
	}
	// Each metric that is named is one.
	metrics, err := os.ReadFile("metrics.go")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := guideNamed("operating")
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }) {
		if name, ok := strings.CutPrefix(word, "crieur_"); ok && !strings.Contains(string(metrics), `"`+name+`"`) {
			t.Errorf("there is no metric %s", word)
		}
	}
}

// What the guide for Go programs shows stands in library_guide_test.go, which
// compiles and is run.
func TestLibraryGuide(t *testing.T) {
	data, err := os.ReadFile("library_guide_test.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := func(text string) (list []string) {
		for line := range strings.Lines(text) {
			list = append(list, strings.TrimSpace(line))
		}
		return list
	}
	source := lines(string(data))
	n := 0
	for _, f := range fences(t, "library") {
		snippet := lines(f.text)
		found := false
		for i := range source {
			found = found || i+len(snippet) <= len(source) && slices.Equal(source[i:i+len(snippet)], snippet)
		}
		if !found {
			t.Errorf("this does not stand in library_guide_test.go:\n%s", f.text)
		}
		n++
	}
	if n < 5 {
		t.Errorf("only %d examples were looked at", n)
	}
}
