package grammar

import (
	"encoding/json"
	"fmt"

	"github.com/invopop/jsonschema"
)

// Schema returns the JSON Schema (draft 2020-12) of thresholds.yaml. It is
// made of the same table as Decode reads by, so that an editor refuses what
// Decode refuses, as far as a schema can: it knows shapes, not names that
// other parts of the file must have.
func Schema() ([]byte, error) {
	root := schemaOf(grammar())
	root.Version = jsonschema.Version
	root.ID = "https://github.com/loadgate/loadgate/thresholds.schema.json"
	root.Title = "thresholds.yaml of loadgate"
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode schema: %w", err)
	}
	return append(text, '\n'), nil
}

func schemaOf(s *shape) *jsonschema.Schema {
	fewest := uint64(1)
	switch s.kind {
	case ScalarKind:
		return scalarSchema(s.scalar)
	case ListKind:
		return &jsonschema.Schema{Type: "array", Items: schemaOf(s.item), MinItems: &fewest}
	case mapKind:
		return &jsonschema.Schema{Type: "object", PropertyNames: keySchema(s.key),
			AdditionalProperties: schemaOf(s.item), MinProperties: &fewest}
	case choiceKind:
		var choices []*jsonschema.Schema
		for _, c := range s.choices {
			choices = append(choices, schemaOf(c))
		}
		return &jsonschema.Schema{AnyOf: choices}
	case ObjectKind:
		object := objectSchema(s)
		object.MinProperties = &fewest
		return object
	}
	return &jsonschema.Schema{} // any JSON
}

func objectSchema(s *shape) *jsonschema.Schema {
	object := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(),
		AdditionalProperties: jsonschema.FalseSchema}
	for _, f := range s.fields {
		object.Properties.Set(f.key, fieldSchema(f))
		if f.required {
			object.Required = append(object.Required, f.key)
		}
	}
	if s.rest != nil {
		object.PatternProperties = map[string]*jsonschema.Schema{s.pattern.String(): fieldSchema(*s.rest)}
	}
	for _, key := range s.one {
		object.OneOf = append(object.OneOf, &jsonschema.Schema{Required: []string{key}})
	}
	var both []*jsonschema.Schema
	for i, a := range s.most {
		for _, b := range s.most[:i] {
			both = append(both, &jsonschema.Schema{Required: []string{b, a}})
		}
	}
	if len(both) > 0 {
		object.Not = &jsonschema.Schema{AnyOf: both}
	}
	return object
}

func fieldSchema(f field) *jsonschema.Schema {
	s := schemaOf(f.shape)
	s.Description = f.doc
	if f.def != "" {
		s.Description += " Default: " + f.def + "."
	}
	s.Description += " Example: " + f.example
	return s
}

func scalarSchema(s *scalar) *jsonschema.Schema {
	schema := &jsonschema.Schema{Type: s.json, Minimum: json.Number(s.min),
		Maximum: json.Number(s.max), ExclusiveMinimum: json.Number(s.over)}
	if s.pattern != nil {
		schema.Pattern = s.pattern.String()
	}
	for _, word := range s.enum {
		schema.Enum = append(schema.Enum, word)
	}
	if s.bare {
		schema.Enum = append(schema.Enum, bareWords(s.enum)...)
	}
	if s.word != "" {
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{schema, {Const: s.word}}}
	}
	return schema
}

// keySchema is a scalar as a key, which is always a text.
func keySchema(s *scalar) *jsonschema.Schema {
	schema := scalarSchema(s)
	schema.Type = ""
	return schema
}

// bareWords lists the texts of an enum that YAML reads as numbers, for the
// schema.
func bareWords(words []string) []any {
	var numbers []any
	for _, word := range words {
		if decimal(word) {
			numbers = append(numbers, json.Number(word))
		}
	}
	return numbers
}
