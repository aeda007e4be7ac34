package crieur_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/crieur/crieur"

// TestArrows holds the arrows between the packages: what each may import of
// this module and of others. Adding one is a decision, made here.
func TestArrows(t *testing.T) {
	allowed := map[string]string{
		"":                     "calendar feeds internal/content internal/contentline internal/durable internal/locale internal/markup internal/page internal/schema internal/zone brotli compress flock text yaml.v3",
		"internal/agent":       "",
		"internal/bucket":      ". minio-go",
		"internal/chaos":       "",
		"calendar":             "golang-ical internal/contentline internal/pieces internal/zone",
		"calendar/lint":        "calendar internal/contentline internal/zone",
		"feeds":                "gorilla/feeds internal/pieces",
		"internal/contentline": "",
		"internal/durable":     "",
		"internal/content":     "internal/markup internal/schema internal/zone yaml.v3 toml text",
		"internal/locale":      "",
		"internal/rule":        "tools",
		"internal/schema":      "",
		"internal/markup":      "goldmark bluemonday net",
		"internal/machine":     "sys",
		"internal/pieces":      "",
		"internal/page":        "internal/locale qr",
		"internal/survey":      "internal/content internal/zone yaml.v3 toml",
		"internal/watch":       "fsnotify sys",
		"internal/websub":      "internal/durable",
		"internal/zone":        "",
		"internal/s3test":      "",
		"internal/interop":     "*",
		"cmd/crieur/packaging": "",
		"cmd/crieur":           ". calendar calendar/lint internal/agent internal/bucket internal/content internal/durable internal/machine internal/rule internal/survey internal/watch internal/websub crypto client_golang go-systemd",
	}
	names := map[string]string{
		"crypto": "golang.org/x/crypto", "brotli": "github.com/andybalholm/brotli", "compress": "github.com/klauspost/compress",
		"flock": "github.com/gofrs/flock", "text": "golang.org/x/text", "yaml.v3": "gopkg.in/yaml.v3", "toml": "github.com/pelletier/go-toml",
		"golang-ical": "github.com/arran4/golang-ical", "rrule-go": "github.com/teambition/rrule-go", "gorilla/feeds": "github.com/gorilla/feeds", "goldmark": "github.com/yuin/goldmark",
		"minio-go": "github.com/minio/minio-go/v7", "bluemonday": "github.com/microcosm-cc/bluemonday", "net": "golang.org/x/net", "fsnotify": "github.com/fsnotify/fsnotify", "sys": "golang.org/x/sys", "tools": "golang.org/x/tools/txtar",
		"client_golang": "github.com/prometheus/client_golang", "go-systemd": "github.com/coreos/go-systemd/v22", "qr": "rsc.io/qr",
	}
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Skip("the go command is not here: ", err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if strings.HasPrefix(name, "examples/") {
			continue
		}
		list, ok := allowed[name]
		if !ok {
			t.Errorf("package %s has no place in the design", p.ImportPath)
		}
		for _, imported := range p.Imports {
			if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") || list == "*" {
				continue
			}
			if !slices.ContainsFunc(strings.Fields(list), func(a string) bool {
				full := module + "/" + a
				if a == "." {
					full = module
				} else if names[a] != "" {
					full = names[a]
				}
				return imported == full || names[a] != "" && strings.HasPrefix(imported, full+"/")
			}) {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
	}
}

// TestNoClient holds what speaks to stores of objects out of programs that import
// the library.
func TestNoClient(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".", "./calendar/...", "./feeds").Output()
	if err != nil {
		t.Skip("the go command is not here: ", err)
	}
	for name := range strings.FieldsSeq(string(out)) {
		if strings.HasPrefix(name, "github.com/minio/") || name == module+"/internal/bucket" {
			t.Errorf("importers of the library get %s", name)
		}
	}
}

// TestLightPackages holds what compresses out of programs that import calendar
// or feeds alone.
func TestLightPackages(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./calendar/...", "./feeds").Output()
	if err != nil {
		t.Skip("the go command is not here: ", err)
	}
	for name := range strings.FieldsSeq(string(out)) {
		if strings.HasPrefix(name, "github.com/klauspost/") || strings.HasPrefix(name, "github.com/andybalholm/") {
			t.Errorf("importers of calendar or feeds get %s", name)
		}
	}
}

// TestNoClock holds the core free of the clock, the machine's zone, its
// environment and chance: nothing of them may become bytes.
func TestNoClock(t *testing.T) {
	forbidden := []string{"time.Now", "time.Since", "time.Local", "os.Getenv", "os.Hostname", "rand.Int", "mime.TypeByExtension"}
	mayKnowTime := []string{"cmd", "internal/watch", "internal/websub", "internal/interop", "examples"}
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains(mayKnowTime, filepath.ToSlash(p)) || strings.HasPrefix(d.Name(), ".") && p != "." {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, p, src, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(forbidden, x.Name+"."+sel.Sel.Name) {
					t.Errorf("%s: %s.%s", fset.Position(n.Pos()), x.Name, sel.Sel.Name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
