package crieur

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file below a link to a folder is read by that name, and may be told of by
// its own.
func TestChangedThroughALink(t *testing.T) {
	for link, target := range map[string]string{
		"a": "m",         // the link is read first
		"b": "m/2026",    // and to a folder in it
		"z": "m",         // the folder is
		"c": ".m/hidden", // there is no other name
	} {
		t.Run(link, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, target, "bal.md")
			write := func(title string) {
				if err := os.WriteFile(file, []byte("---\ntitle: "+title+"\ndate: 2026-11-01\n---\nTexte.\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
				t.Skip(err)
			}
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			var b Builder
			write("Bal")
			_, h, _ := b.Build(root.FS(), Config{}, nil, at("2026-11-22T09:00:00Z"))
			write("Grand bal")
			if strings.HasPrefix(target, ".") {
				b.Changed(link + "/bal.md")
			} else {
				b.Changed(target + "/bal.md")
			}
			site, _, faults := b.Build(root.FS(), Config{}, h, at("2026-11-22T10:00:00Z"))
			if site == nil || !strings.Contains(string(site.File("articles.json").Bytes()), "Grand bal") {
				t.Errorf("the change is not seen: %v", faults)
			}
		})
	}
}
