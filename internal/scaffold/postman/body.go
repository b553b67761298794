package postman

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// body reads what a request sends, by its mode.
func (c *collection) body(r *written.Request, v gjson.Result) {
	if v.Get("disabled").Bool() {
		return
	}
	switch mode := v.Get("mode").String(); mode {
	case "", "none":
	case "raw":
		raw := v.Get("raw").String()
		if strings.TrimSpace(raw) == "" {
			return
		}
		r.Body = written.TextBody(c.text(raw))
		if r.Body.JSON == nil {
			r.Body.Type = rawTypes[v.Get("options.raw.language").String()]
		}
	case "urlencoded":
		r.Body = &written.Body{Form: c.fields(v.Get("urlencoded"))}
	case "formdata":
		parts := v.Get("formdata")
		if slices.ContainsFunc(parts.Array(), func(p gjson.Result) bool { return p.Get("type").String() == "file" }) {
			r.Held = append(r.Held, "its body has a file: write multipart")
			return
		}
		r.Body = &written.Body{Parts: c.fields(parts)}
	case "graphql":
		r.Body = &written.Body{JSON: c.graphQL(v.Get("graphql"))}
	case "file":
		r.Held = append(r.Held, "its body is a file: write file")
	default:
		r.Held = append(r.Held, "its body is of a kind that init does not read: "+secrets.Line(mode))
	}
}

// rawTypes are the content types of the languages of a text.
var rawTypes = map[string]string{"json": "application/json", "xml": "application/xml", "html": "text/html",
	"javascript": "application/javascript"}

// graphQL is a query of GraphQL as it is sent.
func (c *collection) graphQL(v gjson.Result) *written.Value {
	out := &written.Value{Kind: written.Map, Keys: []string{"query"},
		Items: []*written.Value{{Kind: written.String, Text: c.text(v.Get("query").String())}}}
	variables := v.Get("variables").String()
	if b := written.TextBody(c.text(variables)); strings.TrimSpace(variables) != "" && b.JSON != nil {
		out.Keys, out.Items = append(out.Keys, "variables"), append(out.Items, b.JSON)
	}
	return out
}

// authorize gives a request what it shows to be let in.
func (c *collection) authorize(r *written.Request, auth gjson.Result) {
	kind := auth.Get("type").String()
	of := func(name string) string { return parameter(auth.Get(kind), name) }
	switch kind {
	case "", "noauth":
	case "bearer":
		value := append(written.Plain("Bearer "), c.text(of("token"))...)
		r.Headers = append(r.Headers, written.Field{Name: "Authorization", Value: joined(value)})
	case "basic":
		r.Basic = &written.Basic{Name: c.text(of("username")), Password: c.text(of("password"))}
	case "apikey":
		name, value := of("key"), secret(of("key"), c.text(of("value"))) // whatever it is called
		if value == nil {
			value = written.Text{{Lost: "its key is not in the collection"}}
		}
		if of("in") != "query" {
			r.Headers = append(r.Headers, written.Field{Name: name, Value: value})
			return
		}
		mark := "?"
		if slices.ContainsFunc(r.Path, func(p written.Part) bool { return strings.Contains(p.Literal, "?") }) {
			mark = "&"
		}
		r.Path = joined(append(append(r.Path, written.Part{Literal: mark + name + "="}), value...))
	default:
		r.Looks = append(r.Looks, "left out: its authorization of the kind "+secrets.Line(kind))
	}
}

// secret is a text that is a secret by where it is: what the collection has of it is a variable of the environment.
func secret(name string, t written.Text) written.Text {
	if slices.ContainsFunc(t, func(p written.Part) bool { return p.Literal != "" }) {
		return hidden(name, t)
	}
	return t
}

// hidden is a text as a secret of a name.
func hidden(name string, t written.Text) written.Text {
	var v strings.Builder
	for _, p := range t {
		v.WriteString(p.Literal + p.Env + p.Code)
	}
	return written.Text{{Hidden: &written.Hidden{Name: name, Value: v.String()}}}
}

// parameter is one of an authorization: of a list in version 2.1, of an object in 2.0.
func parameter(v gjson.Result, name string) string {
	for _, one := range v.Array() {
		if one.Get("key").String() == name {
			return one.Get("value").String()
		}
	}
	if v.IsObject() {
		return v.Get(name).String()
	}
	return ""
}
