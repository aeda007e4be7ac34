package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/crieur/crieur/calendar/lint"
	"github.com/crieur/crieur/internal/rule"
)

// codeScanning is what a forge requires of a SARIF document, and of what is
// written there nothing else: a misspelt property would be passed over.
const codeScanning = `{
	"definitions": {
		"text": {"type": "object", "additionalProperties": false, "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
		"rule": {"type": "object", "additionalProperties": false, "required": ["id", "shortDescription", "fullDescription", "help"], "properties": {
			"id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
			"shortDescription": {"$ref": "#/definitions/text"}, "fullDescription": {"$ref": "#/definitions/text"}, "help": {"type": "object", "additionalProperties": false, "required": ["text", "markdown"], "properties": {"text": {"type": "string", "minLength": 1}, "markdown": {"type": "string", "minLength": 1}}}}},
		"result": {"type": "object", "additionalProperties": false, "required": ["ruleId", "ruleIndex", "level", "message", "locations"], "properties": {
			"ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0},
			"level": {"enum": ["error", "warning", "note"]},
			"message": {"$ref": "#/definitions/text"},
			"locations": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"type": "object", "additionalProperties": false, "required": ["physicalLocation"], "properties": {
				"physicalLocation": {"type": "object", "additionalProperties": false, "required": ["artifactLocation", "region"], "properties": {
					"artifactLocation": {"type": "object", "additionalProperties": false, "required": ["uri"], "properties": {
						"uri": {"type": "string", "pattern": "^[!-~]+$", "format": "uri-reference"}, "uriBaseId": {"const": "%SRCROOT%"}}},
					"region": {"type": "object", "additionalProperties": false, "required": ["startLine"], "properties": {
						"startLine": {"type": "integer", "minimum": 1}, "startColumn": {"type": "integer", "minimum": 1}}}}}}}}}}
	},
	"type": "object", "additionalProperties": false, "required": ["$schema", "version", "runs"], "properties": {
		"$schema": {"type": "string"}, "version": {"const": "2.1.0"},
		"runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"type": "object", "additionalProperties": false, "required": ["tool", "columnKind", "results"], "properties": {
			"columnKind": {"const": "utf16CodeUnits"},
			"tool": {"type": "object", "additionalProperties": false, "required": ["driver"], "properties": {
				"driver": {"type": "object", "additionalProperties": false, "required": ["name", "version", "informationUri", "rules"], "properties": {
					"name": {"const": "crieur"}, "version": {"type": "string"}, "informationUri": {"type": "string", "format": "uri"},
					"rules": {"type": "array", "uniqueItems": true, "items": {"$ref": "#/definitions/rule"}}}}}},
			"results": {"type": "array", "items": {"$ref": "#/definitions/result"}}}}}
	}}`

// TestSARIF holds the form of SARIF, and that places are where editors look.
func TestSARIF(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{
		"contenu/crieur.yaml":         "title: Agenda\n",
		"contenu/fête d’été :1.md":    "---\ntitle: Fête\nstart: 2027-07-03 20:00\n---\n",
		"contenu/json.md":             "{\"title\": \"Fête 🎉\", \"start\": \"2027-02-30\"}\n",
		"contenu/latin.md":            "---\ntitle: Caf\xe9\nstart: 2027-07-03 20:00\n---\n",
		"contenu/agenda/foire 2.yaml": "- {title: Foire, start: 2027-05-08 09:00+02:00, end: 2027-05-07}\n",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Skip(err) // not every system takes these names
		}
	}
	sarif := compiled(t, codeScanning)
	var first string
	for _, folder := range []string{"contenu", filepath.Join(dir, "contenu")} {
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), []string{"check", "-now", "2026-11-22", "-format", "sarif", folder}, &stdout, &stderr); code != exitContent {
			t.Fatal(code, stderr.String())
		}
		if first == "" {
			first = stdout.String()
		} else if stdout.String() != first {
			t.Errorf("the same folder by its whole name gives another document:\n%s", stdout.String())
		}
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if err := sarif.Validate(doc); err != nil {
		t.Error(err)
	}
	place := func(uri, line, column string) string {
		s := `"physicalLocation": { "artifactLocation": { "uri": "` + uri + `", "uriBaseId": "%SRCROOT%" }, "region": { "startLine": ` + line
		if column != "" {
			s += `, "startColumn": ` + column
		}
		return s + ` }`
	}
	flat := strings.Join(strings.Fields(first), " ")
	for _, want := range []string{
		place("contenu/crieur.yaml", "1", "1"), // what concerns the whole site
		place("contenu/f%C3%AAte%20d%E2%80%99%C3%A9t%C3%A9%20%3A1.md", "3", "8"),
		place("contenu/json.md", "1", "31"), // as UTF-16, where it is the 34th byte
		place("contenu/latin.md", "3", ""),  // whose bytes are not what was read
		place("contenu/agenda/foire%202.yaml", "1", "54"),
	} {
		if !strings.Contains(flat, want) {
			t.Errorf("no %s in\n%s", want, first[strings.Index(first, `"results"`):])
		}
	}
}

func compiled(t *testing.T, schema string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSchemas holds that the schemas are written, and that what init writes
// is good by that of the configuration, with the lines that it leaves out too.
func TestSchemas(t *testing.T) {
	var config, record, stdout, stderr bytes.Buffer
	for name, out := range map[string]*bytes.Buffer{"config": &config, "record": &record} {
		if code := run(context.Background(), []string{"schema", name}, out, &stderr); code != exitOK || out.Len() == 0 {
			t.Fatal(name, code, stderr.String())
		}
	}
	compiled(t, record.String())
	schema := compiled(t, config.String())

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "bal.md"), []byte("---\ntitle: Bal\nstart: 2027-07-03 20:00\n---\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code := run(context.Background(), []string{"init", dir}, &stdout, &stderr); code != exitOK {
		t.Fatal(code, stderr.String())
	}
	text, err := os.ReadFile(filepath.Join(dir, "crieur.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	whole := regexp.MustCompile(`(?m)^( *)#([a-z_]+: )`).ReplaceAll(text, []byte("$1$2"))
	for _, text := range [][]byte{text, whole} {
		var v any
		if err := yaml.Unmarshal(text, &v); err != nil {
			t.Fatal(err, string(text))
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%v\nin\n%s", err, text)
		}
	}
	if code := run(context.Background(), []string{"schema"}, &stdout, &stderr); code != exitUsage {
		t.Error(code)
	}
}

// TestArtifact holds that a file outside of the folder is named whole.
func TestArtifact(t *testing.T) {
	here := t.TempDir()
	got := artifact(here, filepath.Join("..", "agenda.md"))
	if want := "file:///"; !strings.HasPrefix(got.URI, want) || got.URIBaseID != "" {
		t.Errorf("found %+v, want %s…", got, want)
	}
}

// TestRuleNames holds that a name means one rule, of content or of calendars.
func TestRuleNames(t *testing.T) {
	for _, r := range lint.Rules() {
		if _, ok := rule.Named(r.Name); ok {
			t.Errorf("%s is a rule of content and of calendars", r.Name)
		}
	}
}
