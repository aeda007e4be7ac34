package content

import (
	"bytes"
	"go/ast"
	goparser "go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// TestSchemaKeys holds that every table of keys is in the schema, and that what editors offer is understood.
func TestSchemaKeys(t *testing.T) {
	no := []string{"eventKeys", "eventFolders", "pageLayouts", "meetingHosts"} // no keys, or keys of other tables
	src, err := os.ReadFile("schema.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range files {
		file, err := goparser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || len(spec.Values) != len(spec.Names) {
				return true
			}
			for i, id := range spec.Names {
				lit, ok := spec.Values[i].(*ast.CompositeLit)
				if !ok || name != "keys.go" && !strings.HasSuffix(id.Name, "Keys") {
					continue
				}
				if _, list := lit.Type.(*ast.ArrayType); !list {
					continue
				}
				n++
				if !slices.Contains(no, id.Name) && !bytes.Contains(src, []byte(id.Name)) {
					t.Errorf("%s is not in the schema: say in schema.go what its keys mean", id.Name)
				}
			}
			return true
		})
	}
	if n < 40 {
		t.Fatalf("only %d tables were found", n)
	}
	offered := map[string]bool{}
	for _, m := range understood {
		for key := range strings.FieldsSeq(m.offered) {
			if !slices.Contains(m.keys, key) {
				t.Errorf("%s is offered and not understood", key)
			}
			if offered[key] {
				t.Errorf("%s is offered twice", key)
			}
			offered[key] = true
		}
	}
}

// TestSchema holds that the schema allows what is read, and nothing of a wrong kind.
func TestSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	check := func(name, header string, good bool) {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(header), &n); err != nil {
			t.Fatal(name, err)
		}
		if err := schema.Validate(jsonValue(t, &n)); (err == nil) != good {
			t.Errorf("%s: by the schema %v, want good: %t", name, err, good)
		}
	}
	examples := 0
	err = fs.WalkDir(os.DirFS("../../examples/agenda"), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(p) != ".md" {
			return err
		}
		data, err := os.ReadFile(filepath.Join("../../examples/agenda", p))
		if err != nil {
			return err
		}
		if _, rest, ok := strings.Cut(string(data), "---\n"); ok {
			header, _, _ := strings.Cut(rest, "\n---")
			check(p, header, true)
			examples++
		}
		return nil
	})
	if err != nil || examples < 20 {
		t.Fatal(examples, err)
	}
	for _, c := range []struct {
		header string
		good   bool
	}{
		{"title: 2027\nstart: 2027-05-08\nend: {date: 2027-05-09, time: '10:00'}\nother: [1, {a: b}]\n", true},
		{"location: {name: Halle, city: Valmeuse, lat: 48.8}\ngeo: {lat: 48.8}\n", true},
		{"authors: [Maëlle, {name: Solène, email: s@valmeuse.example}]\ntags: a, b\ncategories: [a, 2]\n", true},
		{"reminder: [15, 1 day]\nrdate: 2027-05-09\nexdate: [2027-05-10]\nduration: {hours: 2}\npublished: false\ndraft:\n", true},
		{"champs_informations:\n- intitule: Horaires\n  contenu: 14h-18h\n- lien:\n", true},
		{"- title: Bal\n  start: 2027-05-08\n- title: Foire\n", true},

		{"title: [Foire]\n", false},
		{"start: 2027\n", false},
		{"latitude: [48.8]\n", false},
		{"champs_informations: Horaires\n", false},
		{"timezone: 2\n", false},
		{"- title: {fr: Bal}\n", false},
		{"Bal\n", false},
	} {
		check(c.header, c.header, c.good)
	}
}

// jsonValue is a value of YAML 1.2, in which dates are texts.
func jsonValue(t *testing.T, n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return jsonValue(t, n.Content[0])
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = jsonValue(t, n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = jsonValue(t, item)
		}
		return list
	}
	if n.Tag == "!!timestamp" {
		return n.Value
	}
	var v any
	if err := n.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
