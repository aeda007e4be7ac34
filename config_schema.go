package crieur

import (
	"gopkg.in/yaml.v3"

	"github.com/crieur/crieur/internal/schema"
)

// ConfigSchema returns a JSON Schema (draft-07) of what [ReadConfig] reads,
// with which editors complete a configuration and check it while it is typed.
func ConfigSchema() []byte {
	s := object(new(configReader).config(new(Config)))
	s.Schema, s.Title = schema.Draft, "crieur.yaml"
	return s.Document()
}

// A setting is a key of the configuration: what editors are told of it, and
// the form of its value.
type setting struct {
	help string
	form
}

// A form reads a value, and says what it may be.
type form struct {
	read   func(*yaml.Node)
	schema schema.Schema
}

// object says what a mapping of these keys may be. No key needs a value,
// except those that the mapping needs.
func object(known map[string]setting, required ...string) schema.Schema {
	s := schema.Schema{Type: []string{schema.Object}, Properties: map[string]schema.Schema{}, Closed: true, Required: required}
	for name, key := range known {
		p := key.schema.OrNull()
		p.Description = key.help
		s.Properties[name] = p
	}
	return s
}

// scalar is a value that reads as one text.
var scalar = []string{schema.String, schema.Number, schema.Boolean}
