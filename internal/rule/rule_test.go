package rule_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/rule"
)

var update = flag.Bool("update", false, "rewrite what the examples say")

// never are the rules that only a mistake of the program causes.
var never = map[string]bool{"document": true, "internal": true}

// made are the trees of the rules that files of text cannot show.
var made = map[string]func(*testing.T) fs.FS{
	"body":       page("notes.md", "---\ntitle: Notes\ndate: 2026-11-02\n---\n"+strings.Repeat(">", 300)+" Venez\n"),
	"control":    page("bal.md", "---\ntitle: Bal\x07 de printemps\nstart: 2027-05-08 21:00\n---\n"),
	"encoding":   page("bal.md", "---\ntitle: Bal d'\xe9t\xe9\nstart: 2027-07-03 21:00\n---\n"),
	"name":       page("b\xe9ton.md", "---\ntitle: Béton\ndate: 2026-11-02\n---\n"),
	"size":       page("foire.md", "---\ntitle: "+strings.Repeat("foire ", 200)+"\nstart: 2027-05-08 09:00\n---\n"),
	"unreadable": page("carte.md", strings.Repeat("carte\n", 1<<20)),
	"not-a-file": func(*testing.T) fs.FS { return fstest.MapFS{"agenda.yaml": {Mode: fs.ModeNamedPipe}} },
	"symlink": func(t *testing.T) fs.FS {
		dir := t.TempDir()
		if err := os.Symlink("..", filepath.Join(dir, "agenda.md")); err != nil {
			t.Skip(err)
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { root.Close() })
		return root.FS()
	},
}

func page(name, text string) func(*testing.T) fs.FS {
	return func(*testing.T) fs.FS { return fstest.MapFS{name: {Data: []byte(text)}} }
}

// TestExamples holds that the example of each rule causes it, and that what is told of it is what crieur says.
func TestExamples(t *testing.T) {
	for _, r := range rule.All() {
		t.Run(r.Name, func(t *testing.T) {
			var lines []string
			for _, f := range faults(t, r) {
				if f.Rule == r.Name {
					lines = append(lines, f.Error())
				}
			}
			says := strings.Join(lines, "\n")
			switch {
			case never[r.Name] != (says == ""):
				t.Fatalf("the example says %q", says)
			case never[r.Name] && len(r.Example) > 0:
				t.Error("an example of what nothing causes")
			case says == r.Says:
			case *update:
				write(t, r.Name, says)
			default:
				t.Errorf("the example says\n%s\nwant\n%s", says, r.Says)
			}
		})
	}
}

// faults checks the example of a rule as a site that is configured.
func faults(t *testing.T, r rule.Rule) []crieur.Fault {
	config := crieur.Config{Base: "https://agenda.valmeuse.example/", Timezone: "Europe/Paris"}
	before := config
	was, src := fstest.MapFS{}, fstest.MapFS{}
	for _, f := range r.Example {
		if p, ok := strings.CutPrefix(f.Name, "was/"); ok {
			was[p] = &fstest.MapFile{Data: f.Data}
			if p == "crieur.yaml" {
				before, _ = crieur.ReadConfig(p, f.Data)
			}
			continue
		}
		src[f.Name] = &fstest.MapFile{Data: f.Data}
		if f.Name == "crieur.yaml" {
			var faults []crieur.Fault
			if config, faults = crieur.ReadConfig(f.Name, f.Data); len(faults) > 0 {
				return faults
			}
		}
	}
	var tree fs.FS = src
	if make := made[r.Name]; make != nil {
		if len(r.Example) > 0 {
			t.Error("an example that is not tried")
		}
		tree = make(t)
	}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var history *crieur.History
	if len(was) > 0 {
		_, history, _ = crieur.Build(was, before, nil, now.Add(-time.Hour))
	}
	_, _, all := crieur.Build(tree, config, history, now)
	return all
}

func write(t *testing.T, name, says string) {
	file := filepath.Join("rules", name+".txtar")
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kept := archive.Files[:0]
	for _, f := range archive.Files {
		if f.Name != "says" {
			kept = append(kept, f)
		}
	}
	archive.Files = append(kept, txtar.File{Name: "says", Data: []byte(says + "\n")})
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestText holds the form of the explanations.
func TestText(t *testing.T) {
	for _, r := range rule.All() {
		if r.Summary == "" || r.Advice == "" || r.Advice == r.Summary || strings.HasSuffix(r.Summary, ".") || !strings.HasSuffix(r.Advice, ".") {
			t.Errorf("%s: the summary is %q and the advice %q", r.Name, r.Summary, r.Advice)
		}
		for line := range bytes.Lines([]byte(r.String())) {
			if n := len([]rune(string(line))); n > 81 && !bytes.HasPrefix(line, []byte("    ")) {
				t.Errorf("%s: a line of %d characters: %s", r.Name, n, line)
			}
		}
	}
}
