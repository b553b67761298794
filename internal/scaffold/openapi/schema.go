package openapi

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	// mostSchemas is how many schemas of a description are looked at. Each may refer to
	// itself many times, and then they have no end.
	mostSchemas = 100_000
	// Bounds of what is made of a schema: those that refer to themselves end.
	deepest = 6
)

// resolve is a schema without alternatives: the first one that is not null, and all
// parts of an allOf joined.
func (a *api) resolve(s *openapi3.Schema, depth int) *openapi3.Schema {
	a.seen++
	if s == nil || depth > deepest || a.seen > mostSchemas {
		return s
	}
	for i, refs := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
		for _, ref := range refs {
			if ref.Value != nil && !(ref.Value.Type.Is("null")) {
				one := *a.resolve(ref.Value, depth+1)
				one.Example, one.Examples = firstNotNil(s.Example, one.Example),
					append(slices.Clone(s.Examples), one.Examples...)
				if len(s.Properties)+len(s.Required)+len(s.AllOf) > 0 { // what is beside it counts, too
					beside := *s
					beside.OneOf, beside.Discriminator = nil, nil
					if i == 1 {
						beside.AnyOf = nil
					}
					beside.AllOf = append(slices.Clone(s.AllOf), &openapi3.SchemaRef{Value: &one})
					one = *a.resolve(&beside, depth+1)
				}
				a.discern(&one, s.Discriminator, ref.Value)
				return &one
			}
		}
	}
	if len(s.AllOf) == 0 {
		if s.Discriminator == nil {
			return s
		}
		one := *s
		a.discern(&one, s.Discriminator, s)
		return &one
	}
	whole := *s
	whole.AllOf = nil
	whole.Properties = openapi3.Schemas{}
	for _, ref := range s.AllOf {
		part := a.resolve(ref.Value, depth+1)
		if part == nil {
			continue
		}
		fillFrom(&whole, part)
		whole.Required = append(slices.Clone(whole.Required), part.Required...)
		maps.Copy(whole.Properties, part.Properties)
		whole.Example = firstNotNil(whole.Example, part.Example)
		if ref.Value.Discriminator != nil {
			defer a.discern(&whole, ref.Value.Discriminator, s)
		}
	}
	maps.Copy(whole.Properties, s.Properties)
	return &whole
}

// fillFrom copies from one of a schema's parts the constraints that the schema itself leaves out.
func fillFrom(whole, part *openapi3.Schema) {
	fill(&whole.Type, part.Type)
	fill(&whole.Format, part.Format)
	fill(&whole.Pattern, part.Pattern)
	fill(&whole.Items, part.Items)
	fill(&whole.Min, part.Min)
	fill(&whole.Max, part.Max)
	fill(&whole.ExclusiveMin, part.ExclusiveMin)
	fill(&whole.ExclusiveMax, part.ExclusiveMax)
	fill(&whole.MultipleOf, part.MultipleOf)
	fill(&whole.MinLength, part.MinLength)
	fill(&whole.MaxLength, part.MaxLength)
	fill(&whole.MinItems, part.MinItems)
	if whole.Enum == nil {
		whole.Enum = part.Enum
	}
	if whole.Examples == nil {
		whole.Examples = part.Examples
	}
	whole.Const = firstNotNil(whole.Const, part.Const)
	whole.Default = firstNotNil(whole.Default, part.Default)
}

func fill[T comparable](to *T, from T) {
	var none T
	if *to == none {
		*to = from
	}
}

func ofRef(a *api, ref *openapi3.SchemaRef) *openapi3.Schema {
	if ref == nil {
		return nil
	}
	return a.resolve(ref.Value, 0)
}

// discern gives a schema its discriminator: the value that the description maps to it,
// else its name. A schema without a name is the one that is mapped.
func (a *api) discern(one *openapi3.Schema, d *openapi3.Discriminator, of *openapi3.Schema) {
	if d == nil || d.PropertyName == "" {
		return
	}
	own, known := a.nameOf(of), ""
	for _, value := range slices.Sorted(maps.Keys(d.Mapping)) {
		ref := d.Mapping[value].Ref
		if own != "" && ref[strings.LastIndex(ref, "/")+1:] == own {
			known = value
			break
		}
	}
	if known == "" && len(d.Mapping) > 0 && of.Discriminator == d && len(of.OneOf)+len(of.AnyOf) == 0 {
		known = slices.Sorted(maps.Keys(d.Mapping))[0] // what others are made of
	}
	if known = cmp.Or(known, own); known == "" {
		return
	}
	p := one.Properties[d.PropertyName]
	if p != nil && p.Value != nil && (p.Value.Const != nil || len(p.Value.Enum) == 1) {
		return // it says so itself
	}
	one.Properties = maps.Clone(one.Properties)
	if one.Properties == nil {
		one.Properties = openapi3.Schemas{}
	}
	fixed := &openapi3.Schema{Type: &openapi3.Types{"string"}, Const: known}
	one.Properties[d.PropertyName] = &openapi3.SchemaRef{Value: fixed}
	if !slices.Contains(one.Required, d.PropertyName) {
		one.Required = append(slices.Clone(one.Required), d.PropertyName)
	}
}

// nameOf is the name that the description has for a schema; empty: none.
func (a *api) nameOf(s *openapi3.Schema) string {
	if a.names == nil {
		a.names = map[*openapi3.Schema]string{}
		if a.doc != nil && a.doc.Components != nil {
			for _, name := range slices.Backward(slices.Sorted(maps.Keys(a.doc.Components.Schemas))) {
				if ref := a.doc.Components.Schemas[name]; ref != nil && ref.Value != nil {
					a.names[ref.Value] = name
				}
			}
		}
	}
	return a.names[s]
}

func firstNotNil(values ...any) any {
	for _, v := range values {
		if v != nil {
			return v
		}
	}
	return nil
}

// hasType says whether a schema is of a type, by its name or its keys.
func hasType(s *openapi3.Schema, kind string) bool {
	if s.Type != nil && len(*s.Type) > 0 {
		return s.Type.Includes(kind)
	}
	switch kind {
	case "object":
		return len(s.Properties) > 0
	case "array":
		return s.Items != nil
	}
	return false
}

// hasValue says whether a schema names values.
func hasValue(s *openapi3.Schema) bool {
	return s.Example != nil || len(s.Examples) > 0 || len(s.Enum) > 0 || s.Const != nil || s.Default != nil
}

func (a *api) bodyOf(op *operation) *openapi3.Schema {
	if op.RequestBody == nil || op.RequestBody.Value == nil {
		return nil
	}
	for _, mime := range []string{"application/json", "application/x-www-form-urlencoded"} {
		if media := mediaOf(op.RequestBody.Value.Content, mime); media != nil && media.Schema != nil {
			return a.resolve(media.Schema.Value, 0)
		}
	}
	return nil
}

// answerOf is the schema of an operation's good answer; nil: the description has none.
func (a *api) answerOf(op *operation) *openapi3.Schema {
	if op.Responses == nil {
		return nil
	}
	for _, status := range []string{"200", "201", "202", "2XX", "default"} {
		ref := op.Responses.Value(status)
		if ref == nil || ref.Value == nil {
			continue
		}
		if media := mediaOf(ref.Value.Content, "application/json"); media != nil && media.Schema != nil {
			return a.resolve(media.Schema.Value, 0)
		}
	}
	return nil
}

// notNull are the values of an enum that are not null.
func notNull(values []any) []any {
	return slices.DeleteFunc(slices.Clone(values), func(v any) bool { return v == nil })
}
