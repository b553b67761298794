package scaffold

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"gopkg.in/yaml.v3"
)

// composed is a parameter of a query that is a list, an object or JSON, as its style
// says, and how that is named; ok is false where it is a single value.
func (v *visit) composed(p *openapi3.Parameter, m *maker) (query, name string, ok bool) {
	schema, given := p.Schema, false
	example, has := exampleOf(p.Example, p.Examples)
	media := mediaOf(p.Content, "application/json")
	if media != nil {
		schema = media.Schema
		if !has {
			example, has = exampleOf(media.Example, media.Examples)
		}
	}
	var tree *value
	switch s := chosenOf(v.api, schema); {
	case media == nil && (s == nil || !is(s, "array") && !is(s, "object")):
		return "", "", false
	case has:
		tree, given = m.given(p.Name, example, schema), true
	case schema == nil:
		return "", "", false
	default:
		tree = m.value(p.Name, schema, 0)
		given = s != nil && (s.Example != nil || len(s.Examples) > 0 || s.Default != nil)
	}
	if !given {
		m.step.look("is " + oneLine(p.Name) + " right?")
	}
	if media != nil {
		key := escaped(url.QueryEscape(p.Name))
		return key + "=" + inURL(asJSON(tree), queryEscape), key + "={" + p.Name + "}", true
	}
	if tree.Kind == yaml.ScalarNode {
		return "", "", false
	}
	var parts, names []string
	for _, one := range styled(p, tree) {
		parts = append(parts, one.name+"="+one.text)
		names = append(names, one.name+"={"+p.Name+"}")
	}
	return strings.Join(parts, "&"), strings.Join(names, "&"), true
}

func chosenOf(a *api, ref *openapi3.SchemaRef) *openapi3.Schema {
	if ref == nil {
		return nil
	}
	return a.chosen(ref.Value, 0)
}

// styled is a list or object as OpenAPI's styles of a query write it.
func styled(p *openapi3.Parameter, tree *value) (all []pair) {
	key := escaped(url.QueryEscape(p.Name))
	explode := p.Style == "" || p.Style == "form"
	if p.Explode != nil {
		explode = *p.Explode
	}
	isObject := tree.Kind == yaml.MappingNode
	switch {
	case p.Style == "deepObject" && isObject:
		return deep(key, tree)
	case explode && isObject:
		for name, child := range children("", tree) {
			for _, v := range flat(child) {
				all = append(all, pair{escaped(url.QueryEscape(name)), v})
			}
		}
		return all
	case explode:
		for _, v := range flat(tree) {
			all = append(all, pair{key, v})
		}
		return all
	}
	between := map[string]string{"spaceDelimited": "%20", "pipeDelimited": "%7C"}[p.Style]
	if between == "" {
		between = ","
	}
	return []pair{{key, strings.Join(flat(tree), between)}}
}

// deep is an object with the names of its keys in brackets: filter[color]=red.
func deep(key string, tree *value) (all []pair) {
	for inner, v := range children("", tree) {
		name := key + "[" + escaped(url.QueryEscape(inner)) + "]"
		if v.Kind == yaml.MappingNode {
			all = append(all, deep(name, v)...)
		} else {
			for _, one := range flat(v) {
				all = append(all, pair{name, one})
			}
		}
	}
	return all
}

// flat are the single values of a tree, of an object with its names, as parts of an
// address.
func flat(tree *value) (all []string) {
	if tree.Kind == yaml.ScalarNode {
		return []string{inURL(tree.Value, queryEscape)}
	}
	for i, c := range tree.Content {
		if tree.Kind == yaml.MappingNode && i%2 == 0 {
			all = append(all, escaped(url.QueryEscape(c.Value)))
			continue
		}
		all = append(all, flat(c)...)
	}
	return all
}

// asJSON is a tree as a template of JSON. Drawn numbers and truths have no quotes.
func asJSON(tree *value) string {
	quote := func(s string) string {
		text, err := json.Marshal(s)
		if err != nil {
			return ""
		}
		return string(text)
	}
	switch tree.Kind {
	case yaml.MappingNode:
		var parts []string
		for name, v := range children("", tree) {
			parts = append(parts, escaped(quote(name))+":"+asJSON(v))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case yaml.SequenceNode:
		var parts []string
		for _, c := range tree.Content {
			parts = append(parts, asJSON(c))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	drawn := strings.HasPrefix(tree.Value, "${ int(") || strings.HasPrefix(tree.Value, "${ float(") ||
		strings.HasPrefix(tree.Value, "${ chance(")
	if tree.Tag != "!!str" || drawn {
		return tree.Value
	}
	return `"` + inURL(tree.Value, func(s string) string {
		quoted := quote(s)
		return escaped(quoted[1 : len(quoted)-1])
	}) + `"`
}
