package crieur

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the want/ files of testdata")

// TestStories builds the src/ files of each testdata/build/*.txtar and
// compares the documents and the faults with its want/ files. Where there are
// was/ files, they are what was published the day before. Line ends are LF in
// the archive, whatever they are in a document.
func TestStories(t *testing.T) {
	names, err := filepath.Glob("testdata/build/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no stories: ", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			was, src := fstest.MapFS{}, fstest.MapFS{}
			config := Config{Title: "Agenda", Timezone: "Europe/Paris", Base: "https://agenda.brume.example/"}
			for _, f := range archive.Files {
				if p, ok := strings.CutPrefix(f.Name, "src/"); ok {
					src[p] = &fstest.MapFile{Data: f.Data, ModTime: at("2026-11-20T08:00:00Z")}
				}
				if p, ok := strings.CutPrefix(f.Name, "was/"); ok {
					was[p] = &fstest.MapFile{Data: f.Data, ModTime: at("2026-11-20T08:00:00Z")}
				}
				if f.Name == "src/crieur.yaml" {
					var faults []Fault
					if config, faults = ReadConfig("crieur.yaml", f.Data); len(faults) > 0 {
						t.Fatal(faults)
					}
				}
			}
			var history *History
			if len(was) > 0 {
				_, history, _ = Build(was, config, nil, at("2026-11-21T09:00:00Z"))
			}
			site, _, faults := Build(src, config, history, at("2026-11-22T09:00:00Z"))
			if site == nil {
				t.Fatal(faults)
			}
			for i, f := range archive.Files {
				p, ok := strings.CutPrefix(f.Name, "want/")
				if !ok {
					continue
				}
				var got string
				if p == "faults" {
					for _, f := range faults {
						got += f.Error() + "\n"
					}
				} else if data, err := fs.ReadFile(site, p); err != nil {
					t.Error(err)
				} else {
					got = strings.ReplaceAll(string(data), "\r\n", "\n")
				}
				if got != "" && !strings.HasSuffix(got, "\n") {
					got += "\n"
				}
				if *update {
					archive.Files[i].Data = []byte(got)
				} else if got != string(f.Data) {
					t.Errorf("%s is\n%s\nwant\n%s", p, got, f.Data)
				}
			}
			if *update {
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
