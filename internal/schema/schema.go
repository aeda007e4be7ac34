// Package schema describes files to editors, in the part of JSON Schema (draft-07, which the YAML language server takes
// whole, unlike later drafts) that this needs.
package schema

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Draft is what Schema.Schema says of the whole document.
const Draft = "http://json-schema.org/draft-07/schema#"

// The types of values.
const (
	String  = "string"
	Number  = "number"
	Integer = "integer"
	Boolean = "boolean"
	Array   = "array"
	Object  = "object"
	Null    = "null"
)

// A Schema says what a value may be. The zero Schema allows all values.
type Schema struct {
	Schema      string            `json:"$schema,omitempty"`
	Ref         string            `json:"$ref,omitempty"`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	Type        Types             `json:"type,omitempty"` // empty: any
	Enum        []any             `json:"enum,omitempty"` // nil as a member is null
	Pattern     string            `json:"pattern,omitempty"`
	Wanted      string            `json:"patternErrorMessage,omitempty"` // what editors say of a text that does not match
	Minimum     *int              `json:"minimum,omitempty"`
	Maximum     *int              `json:"maximum,omitempty"`
	Examples    []string          `json:"examples,omitempty"`
	Properties  map[string]Schema `json:"properties,omitempty"`
	Required    []string          `json:"required,omitempty"`
	Closed      bool              `json:"-"` // no other properties
	Values      *Schema           `json:"-"` // of other properties, if not closed; nil: any
	Items       *Schema           `json:"items,omitempty"`
	AnyOf       []Schema          `json:"anyOf,omitempty"`
	Definitions map[string]Schema `json:"definitions,omitempty"`

	// Hidden properties are understood by editors, but not offered: a keyword of theirs.
	Hidden bool `json:"doNotSuggest,omitempty"`
}

// Types are kinds of values, of which a value has one.
type Types []string

// MarshalJSON implements [json.Marshaler].
func (t Types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// MarshalJSON implements [json.Marshaler].
func (s Schema) MarshalJSON() ([]byte, error) {
	type plain Schema
	closed := struct {
		plain
		Additional any `json:"additionalProperties,omitempty"`
	}{plain: plain(s)}
	switch {
	case s.Closed:
		closed.Additional = false
	case s.Values != nil:
		closed.Additional = s.Values
	}
	return json.Marshal(closed)
}

// Document returns s as a document for people and editors, the same bytes for the same schema.
func (s Schema) Document() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		return nil // of texts and numbers alone: it cannot fail
	}
	return b.Bytes()
}

// OrNull returns s, which allows null too.
func (s Schema) OrNull() Schema {
	switch {
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, nil):
		s.Enum = append(slices.Clip(s.Enum), nil)
	case len(s.Type) > 0 && !slices.Contains(s.Type, Null):
		s.Type = append(slices.Clip(s.Type), Null)
	}
	return s
}

// Or returns a schema that allows what s allows and what t allows, as far as kinds of values go. The texts are those of s.
func (s Schema) Or(t Schema) Schema {
	if len(s.Type) == 0 || len(t.Type) == 0 {
		s.Type = nil
	} else {
		for _, kind := range t.Type {
			if !slices.Contains(s.Type, kind) {
				s.Type = append(slices.Clip(s.Type), kind)
			}
		}
	}
	if s.Items == nil {
		s.Items = t.Items
	}
	properties := map[string]Schema{}
	for name, p := range s.Properties {
		properties[name] = p
	}
	for name, p := range t.Properties {
		if old, ok := properties[name]; ok {
			p = old.Or(p)
		}
		properties[name] = p
	}
	if len(properties) > 0 {
		s.Properties = properties
	}
	s.Pattern, s.Wanted, s.Enum, s.Minimum, s.Maximum = "", "", nil, nil, nil
	return s
}
