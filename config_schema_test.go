package crieur

import (
	"bytes"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// TestConfigSchema holds that editors and ReadConfig judge alike.
func TestConfigSchema(t *testing.T) {
	schema := compiled(t, ConfigSchema())
	example, err := os.ReadFile("examples/agenda/crieur.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		config string
		good   bool
	}{
		{string(example), true},
		{"", true},
		{"title: 2027\ndescription:\nauthor: true\n", true},
		{"base: https://agenda.valmeuse.example/\nsite: HTTP://valmeuse.example\nid: valmeuse\n", true},
		{"language: en-GB\ntimezone: Europe/London\n", true},
		{"choose: true\n", true},
		{"choose: perhaps\n", false},
		{"limit: 1\nmax_bytes: 10000\nmax_removal: 100\nrefresh: 90m\nretain: 30d\n", true},
		{"refresh: 1h30m\nretain: 1.5h\nignore: [brouillons, 2026]\n", true},
		{"collections:\n- path: _evenements\n  kind: events\n  date_is_start: true\n  permalink: /agenda/:title/\n  timezone: Europe/Paris\n  clock: false\n", true},
		{"channels:\n- name: lyon/agenda\n  title: Lyon\n  kind: articles\n  category: Fête\n  tag: 2027\n  path: lyon\n  formats: [rss, atom, json]\n  limit: 10\n", true},
		{"channels:\n- name: a\n  kind:\n  formats: []\n", true},

		{"moved: {agenda: events, lyon/agenda: https://lyon.example/agenda}\nretired: [newsletter]\n", true},
		{"moved: [agenda]\n", false},
		{"moved: {agenda: [events]}\n", false},
		{"retired: newsletter\n", false},
		{"timezon: Europe/Paris\n", false},
		{"Title: Agenda\n", false},
		{"- title: Agenda\n", false},
		{"title: [Agenda]\n", false},
		{"base: agenda.valmeuse.example\n", false},
		{"site: ftp://valmeuse.example/\n", false},
		{"language: fr_FR\n", false},
		{"limit: many\n", false},
		{"limit: 0\n", false},
		{"max_removal: 101\n", false},
		{"refresh: 90\n", false},
		{"retain: 1 month\n", false},
		{"ignore: brouillons\n", false},
		{"collections: {path: _evenements}\n", false},
		{"collections:\n- kind: event\n", false},
		{"collections:\n- date_is_start: oui\n", false},
		{"collections:\n- clok: true\n", false},
		{"channels:\n- title: Lyon\n", false},
		{"channels:\n- name: lyon\n  formats: [ical]\n", false},
	} {
		_, faults := ReadConfig("crieur.yaml", []byte(c.config))
		if (len(faults) == 0) != c.good {
			t.Errorf("%q: faults %v, want good: %t", c.config, faults, c.good)
		}
		var v any
		if err := yaml.Unmarshal([]byte(c.config), &v); err != nil {
			t.Fatal(err)
		}
		if v == nil {
			continue // an empty file is no mapping yet
		}
		if err := schema.Validate(v); (err == nil) != c.good {
			t.Errorf("%q: by the schema %v, want good: %t", c.config, err, c.good)
		}
	}
}

func compiled(t *testing.T, document []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}
