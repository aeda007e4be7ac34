package interop_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/crieur/crieur"
	"github.com/crieur/crieur/calendar/lint"
)

var (
	corpusDir    = flag.String("corpus", "", "build the sites in this `folder`, each with the configuration that init writes")
	corpusUpdate = flag.Bool("update", false, "rewrite testdata/corpus")
)

// TestCorpus tells what becomes of the content of real sites: what is found and published, with which times, what is left out and why. The
// content is not part of the repository; what is kept of it in testdata/corpus are counts, times, names of files and the values in faults.
func TestCorpus(t *testing.T) {
	if *corpusDir == "" {
		t.Skip("no content of real sites: give their folder with -corpus")
	}
	command := filepath.Join(t.TempDir(), "crieur")
	if out, err := exec.Command("go", "build", "-o", command, "github.com/crieur/crieur/cmd/crieur").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	entries, err := os.ReadDir(*corpusDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			got := tellSet(t, command, filepath.Join(*corpusDir, e.Name()))
			golden := filepath.Join("testdata", "corpus", e.Name()+".txt")
			if *corpusUpdate {
				if err := os.WriteFile(golden, got, 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s has changed; -update rewrites it. It is now:\n%s", golden, got)
			}
		})
	}
}

// tellSet builds one site and describes it.
func tellSet(t *testing.T, command, dir string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "crieur.yaml")
	if out, err := exec.Command(command, "init", "-config", file, dir).CombinedOutput(); err != nil {
		t.Fatalf("init: %v: %s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	config, faults := crieur.ReadConfig("crieur.yaml", data)
	for _, f := range faults {
		t.Error(f)
	}
	config.ID = "corpus"
	source := os.DirFS(dir)
	site, _, faults := crieur.Build(source, config, nil, now)
	if site == nil {
		t.Fatal(faults)
	}
	_, _, unconfigured := crieur.Build(source, crieur.Config{ID: "corpus"}, nil, now)
	config.Drafts = true
	all, _, _ := crieur.Build(source, config, nil, now)

	var b bytes.Buffer
	fmt.Fprintf(&b, "%s, with the configuration that init writes\n\n", filepath.Base(dir))
	for line := range strings.Lines(string(data)) {
		if text := strings.TrimSpace(line); text != "" && text[0] != '#' {
			fmt.Fprintf(&b, "    %s", line)
		}
	}
	fmt.Fprintf(&b, "\npublished: %d events, %d articles\n", site.Events, site.Articles)
	fmt.Fprintf(&b, "drafts left out: %d events, %d articles\n", all.Events-site.Events, all.Articles-site.Articles)
	fmt.Fprintf(&b, "faults: %s\nwithout a configuration: %s\n\n", tally(faults), tally(unconfigured))
	for _, f := range faults {
		fmt.Fprintf(&b, "[%s] %s\n", f.Rule, f.Error())
	}
	b.WriteString("\nwhen\n")
	calendar, err := fs.ReadFile(site, "events.ics")
	if err != nil {
		t.Fatal(err)
	}
	tellTimes(t, &b, calendar)
	return b.Bytes()
}

// tally counts faults by severity and rule.
func tally(faults []crieur.Fault) string {
	counts := map[string]int{}
	for _, f := range faults {
		counts[f.Severity.String()+" "+f.Rule]++
	}
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[k], k))
	}
	return cmp.Or(strings.Join(parts, ", "), "none")
}

// tellTimes writes the time of every event of a calendar, in order.
func tellTimes(t *testing.T, b *bytes.Buffer, data []byte) {
	t.Helper()
	for _, f := range lint.Check(data) {
		if f.Severity == lint.Error {
			t.Errorf("events.ics:%s", f)
		}
	}
	c, err := ics.ParseCalendar(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, e := range c.Events() {
		var parts []string
		for _, name := range []ics.ComponentProperty{ics.ComponentPropertyDtStart, ics.ComponentPropertyDtEnd, ics.ComponentPropertyRrule} {
			if p := e.GetProperty(name); p != nil {
				parts = append(parts, p.Value+zoneOf(p))
			}
		}
		lines = append(lines, strings.Join(parts, "  "))
	}
	slices.Sort(lines)
	b.WriteString(strings.Join(lines, "\n") + "\n")
}

func zoneOf(p *ics.IANAProperty) string {
	if zone := p.ICalParameters["TZID"]; len(zone) == 1 {
		return " " + zone[0]
	}
	return ""
}
