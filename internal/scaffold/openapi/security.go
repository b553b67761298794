package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// secure gives a group the credentials that its requests need.
func (a *api) secure(g *draft.Group, operations []*operation) {
	needed := map[string]bool{}
	for _, op := range operations {
		security := op.Security
		if security == nil {
			security = &a.doc.Security
		}
		if slices.ContainsFunc(*security, func(r openapi3.SecurityRequirement) bool { return len(r) == 0 }) {
			continue // it can be asked by anybody
		}
		if len(*security) > 0 {
			for name := range (*security)[0] {
				needed[name] = true
			}
		}
	}
	schemes := a.schemes()
	for _, name := range slices.Sorted(maps.Keys(needed)) {
		if s := schemes[name]; s != nil {
			a.addScheme(g, name, s)
		}
	}
	if slices.ContainsFunc(operations, wantsAuthorization) && g.Auth == nil &&
		!draft.HasHeader(g.Headers, "Authorization") {
		a.authorize(g, "the header Authorization")
	}
}

// wantsAuthorization says whether an operation takes the header as a parameter,
// as frameworks describe it whose handlers read it themselves.
func wantsAuthorization(op *operation) bool {
	return slices.ContainsFunc(op.parameters, func(ref *openapi3.ParameterRef) bool {
		p := ref.Value
		return p != nil && p.In == "header" && p.Required && strings.EqualFold(p.Name, "Authorization")
	})
}

// authorize gives a group a token: of the login, or else of the environment.
func (a *api) authorize(g *draft.Group, what string) {
	if a.login != nil {
		a.logIn(g)
		return
	}
	g.Headers = append(g.Headers, draft.Pair{Name: "Authorization", Text: "Bearer " + a.draft.Secret("LOADGATE_TOKEN")})
	g.Looks = append(g.Looks, fmt.Sprintf("its requests need a token (%s): "+
		"set LOADGATE_TOKEN, or add a start step that gets one", what))
}

// addScheme adds the credentials of one security scheme. A group has one credential in a place:
// of two schemes for it the first counts.
func (a *api) addScheme(g *draft.Group, name string, s *openapi3.SecurityScheme) {
	d := a.draft
	switch {
	case isTaken(g, s):
		if a.login == nil || !isToken(s) { // else the token of the login serves both
			g.Look(fmt.Sprintf("some of its requests need %s instead: "+
				"split the group, or give them headers of their own", naming.Line(name)))
		}
	case s.Type == "http" && strings.EqualFold(s.Scheme, "basic"):
		basic := node.Map()
		node.Set(basic, "username", node.Text(d.Variable("LOADGATE_USERNAME", secrets.Placeholder)))
		node.Set(basic, "password", node.Text(d.Secret("LOADGATE_PASSWORD")))
		g.Auth = node.Map()
		node.Set(g.Auth, "basic", basic)
		g.Looks = append(g.Looks, "set LOADGATE_USERNAME and LOADGATE_PASSWORD")
	case s.Type == "apiKey" && s.In == "header" && naming.IsHeader(s.Name):
		g.Headers = append(g.Headers, draft.Pair{Name: s.Name, Text: d.Secret("LOADGATE_API_KEY")})
		g.Looks = append(g.Looks, "set LOADGATE_API_KEY")
	case s.Type == "apiKey" && s.In == "query":
		key := url.QueryEscape(s.Name) + "=" + d.Secret("LOADGATE_API_KEY")
		for _, step := range g.Steps {
			sign := "?"
			if strings.Contains(step.Path, "?") {
				sign = "&"
			}
			step.Path += sign + key
		}
		g.Looks = append(g.Looks, "set LOADGATE_API_KEY")
	case s.Type == "apiKey":
		g.Looks = append(g.Looks, fmt.Sprintf("its requests need the cookie %s: add a start step that gets it", s.Name))
	default:
		a.authorize(g, name)
	}
}

// isTaken says whether a group has a credential already where a scheme puts its own.
func isTaken(g *draft.Group, s *openapi3.SecurityScheme) bool {
	header := "Authorization"
	if s.Type == "apiKey" {
		if s.In != "header" {
			return false
		}
		header = s.Name
	}
	return draft.HasHeader(g.Headers, header) || g.Auth != nil && strings.EqualFold(header, "Authorization")
}

// isToken says whether a scheme shows a token in the header Authorization.
func isToken(s *openapi3.SecurityScheme) bool {
	return s.Type != "apiKey" && !(s.Type == "http" && strings.EqualFold(s.Scheme, "basic"))
}

// logIn adds a start step in which each user of a group gets a token.
func (a *api) logIn(g *draft.Group) {
	if len(g.Start) > 0 {
		return
	}
	d := a.draft
	s := &draft.Step{Method: "POST", Path: template.EscapePath(a.login.path), Secret: true}
	content, sure := node.Map(), true
	if schema := a.bodyOf(a.login); schema != nil {
		key := "json"
		if mediaOf(a.login.RequestBody.Value.Content, "application/json") == nil {
			key = "form"
		}
		m := &stepBuilder{group: &groupBuilder{api: &api{draft: d, seen: a.seen},
			group: g, variables: map[string]string{}, made: map[*operation]*draft.Step{}}, step: s}
		for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
			p := schema.Properties[name]
			if p.Value == nil || !needs(schema, name) {
				continue
			}
			example, ok := firstNotNil(append([]any{p.Value.Example}, p.Value.Examples...)...).(string)
			switch {
			case secrets.InName(name) || p.Value.Format == "password":
				node.Set(content, name, node.Text(d.Secret("LOADGATE_PASSWORD"))) // an example may be somebody's
				sure = false
			case userName.MatchString(name):
				node.Set(content, name, node.Text(d.Variable("LOADGATE_USERNAME",
					cmp.Or(example, secrets.Placeholder))))
				sure = sure && ok
			default:
				node.Set(content, name, m.value(name, p, 1))
			}
		}
		s.Body = &draft.Body{Key: key, Content: content}
	} else {
		for _, p := range []draft.Pair{
			{Name: "grant_type", Text: "password"},
			{Name: "username", Text: d.Variable("LOADGATE_USERNAME", secrets.Placeholder)},
			{Name: "password", Text: d.Secret("LOADGATE_PASSWORD")},
		} {
			node.Set(content, p.Name, node.Text(p.Text))
		}
		s.Body, sure = &draft.Body{Key: "form", Content: content}, false
	}
	if !sure {
		s.Looks = append(s.Looks, "set LOADGATE_USERNAME and LOADGATE_PASSWORD")
	}
	s.Captures = []draft.Pair{{Name: "token", Text: "body." + cmp.Or(a.tokenOf(a.login), "access_token")}}
	g.Start = append(g.Start, s)
	g.Headers = append(g.Headers, draft.Pair{Name: "Authorization", Text: "Bearer ${ token }"})
}

// needs says whether a login shows a field: one that is required, or, where the description does
// not say what is, one that is a credential.
func needs(login *openapi3.Schema, name string) bool {
	if len(login.Required) > 0 {
		return slices.Contains(login.Required, name)
	}
	return secrets.InName(name) || userName.MatchString(name) || login.Properties[name].Value.Format == "password"
}
