package openapi

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// query is what has to be asked, and how that is named: parameters that are
// optional are left out.
func (v *groupBuilder) query(op *operation, m *stepBuilder) (query, name string) {
	var parts, names []string
	for _, ref := range op.parameters {
		p := ref.Value
		if p == nil || p.In != "query" || !p.Required {
			continue
		}
		if part, name, ok := v.structured(p, m); ok {
			if part != "" {
				parts, names = append(parts, part), append(names, name)
			}
			continue
		}
		t, sure := "", false
		if example, ok := exampleOf(p.Example, p.Examples); ok {
			if t, sure = m.secret(p.Name, "", example); !sure {
				t, sure = template.Escape(template.EscapeQuery(exampleText(example))), true
				m.noteID(p.Name, t)
			} else {
				t = template.InURL(t, template.EscapeQuery)
			}
		} else if p.Schema != nil {
			t, sure = m.text(p.Name, p.Schema)
			t = template.InURL(t, template.EscapeQuery)
		}
		if !sure {
			m.step.Looks = append(m.step.Looks, "is "+p.Name+" right?")
		}
		parts = append(parts, template.Escape(url.QueryEscape(p.Name))+"="+t)
		names = append(names, url.QueryEscape(p.Name)+"={"+p.Name+"}")
	}
	if parts == nil {
		return "", ""
	}
	return "?" + strings.Join(parts, "&"), "?" + strings.Join(names, "&")
}

// structured is a parameter of a query that is a list, an object or JSON, as its style
// says, and how that is named; ok is false where it is a single value.
func (v *groupBuilder) structured(p *openapi3.Parameter, m *stepBuilder) (query, name string, ok bool) {
	schema, given := p.Schema, false
	example, has := exampleOf(p.Example, p.Examples)
	media := mediaOf(p.Content, "application/json")
	if media != nil {
		schema = media.Schema
		if !has {
			example, has = exampleOf(media.Example, media.Examples)
		}
	}
	var tree *node.Value
	switch s := ofRef(v.api, schema); {
	case media == nil && (s == nil || !hasType(s, "array") && !hasType(s, "object")):
		return "", "", false
	case has:
		tree, given = m.example(p.Name, example, schema), true
	case schema == nil:
		return "", "", false
	default:
		tree = m.value(p.Name, schema, 0)
		given = s != nil && (s.Example != nil || len(s.Examples) > 0 || s.Default != nil)
	}
	if !given {
		m.step.Look("is " + naming.Line(p.Name) + " right?")
	}
	if media != nil {
		key := template.Escape(url.QueryEscape(p.Name))
		return key + "=" + template.InURL(asJSON(tree), template.EscapeQuery), key + "={" + p.Name + "}", true
	}
	if tree.Kind == yaml.ScalarNode {
		return "", "", false
	}
	var parts, names []string
	for _, one := range styled(p, tree) {
		parts = append(parts, one.Name+"="+one.Text)
		names = append(names, one.Name+"={"+p.Name+"}")
	}
	return strings.Join(parts, "&"), strings.Join(names, "&"), true
}

// styled is a list or object as OpenAPI's styles of a query write it.
func styled(p *openapi3.Parameter, tree *node.Value) (all []draft.Pair) {
	key := template.Escape(url.QueryEscape(p.Name))
	explode := p.Style == "" || p.Style == "form"
	if p.Explode != nil {
		explode = *p.Explode
	}
	isObject := tree.Kind == yaml.MappingNode
	switch {
	case p.Style == "deepObject" && isObject:
		return bracketed(key, tree)
	case explode && isObject:
		for name, child := range node.Children("", tree) {
			for _, v := range flatten(child) {
				all = append(all, draft.Pair{Name: template.Escape(url.QueryEscape(name)), Text: v})
			}
		}
		return all
	case explode:
		for _, v := range flatten(tree) {
			all = append(all, draft.Pair{Name: key, Text: v})
		}
		return all
	}
	between := map[string]string{"spaceDelimited": "%20", "pipeDelimited": "%7C"}[p.Style]
	if between == "" {
		between = ","
	}
	return []draft.Pair{{Name: key, Text: strings.Join(flatten(tree), between)}}
}

// bracketed is an object with the names of its keys in brackets: filter[color]=red.
func bracketed(key string, tree *node.Value) (all []draft.Pair) {
	for inner, v := range node.Children("", tree) {
		name := key + "[" + template.Escape(url.QueryEscape(inner)) + "]"
		if v.Kind == yaml.MappingNode {
			all = append(all, bracketed(name, v)...)
		} else {
			for _, one := range flatten(v) {
				all = append(all, draft.Pair{Name: name, Text: one})
			}
		}
	}
	return all
}

// flatten are the single values of a tree, of an object with its names, as parts of an
// address.
func flatten(tree *node.Value) (all []string) {
	if tree.Kind == yaml.ScalarNode {
		return []string{template.InURL(tree.Value, template.EscapeQuery)}
	}
	for i, c := range tree.Content {
		if tree.Kind == yaml.MappingNode && i%2 == 0 {
			all = append(all, template.Escape(url.QueryEscape(c.Value)))
			continue
		}
		all = append(all, flatten(c)...)
	}
	return all
}

// asJSON is a tree as a template of JSON. Drawn numbers and truths have no quotes.
func asJSON(tree *node.Value) string {
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
		for name, v := range node.Children("", tree) {
			parts = append(parts, template.Escape(quote(name))+":"+asJSON(v))
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
	return `"` + template.InURL(tree.Value, func(s string) string {
		quoted := quote(s)
		return template.Escape(quoted[1 : len(quoted)-1])
	}) + `"`
}
