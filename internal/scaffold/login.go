package scaffold

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// changeMe stands for a secret that is not known.
const changeMe = "change-me"

// loginPath is the path of a request that logs in.
var loginPath = regexp.MustCompile(`(?i)(login|log[-_]?[io]n|sign[-_]?[io]n|token|authenticate|/auth([/?]|$))`)

// isLogin says whether a path is that of a request that logs in.
func isLogin(path string) bool { return loginPath.MatchString(path) }

var (
	userName = regexp.MustCompile(`(?i)^(user(_?name)?|login|e?mail|account)$`)
	// tokenNames are what a token is called in an answer, as plainName has it, the surest first.
	tokenNames = []string{
		"accesstoken", "token", "authtoken", "bearertoken", "sessiontoken", "apitoken", "idtoken", "jwt", "access",
	}
	fieldName = regexp.MustCompile(`^[A-Za-z_]\w*$`)
)

// findLogin looks for the request that answers a password with a token.
func (a *api) findLogin() {
	for _, op := range a.operations {
		if op.method != "POST" || strings.Contains(op.path, "{") || !isLogin(op.path) {
			continue
		}
		if schema := a.bodyOf(op); schema != nil && a.tokenOf(op) != "" &&
			slices.ContainsFunc(slices.Sorted(maps.Keys(schema.Properties)), secretNamed) {
			a.login = op
			return
		}
	}
	schemes := a.schemes()
	for _, name := range slices.Sorted(maps.Keys(schemes)) { // OAuth2 names its token's address
		if flow := passwordFlow(schemes[name]); flow != nil {
			u, err := url.Parse(flow.TokenURL)
			if err != nil {
				continue
			}
			path := "/" + strings.TrimPrefix(u.Path, "/")
			if a.login = a.find("POST", path); a.login == nil {
				a.login = &operation{method: "POST", path: path, Operation: &openapi3.Operation{}}
			}
			return
		}
	}
}

func passwordFlow(s *openapi3.SecurityScheme) *openapi3.OAuthFlow {
	if s.Type != "oauth2" || s.Flows == nil || s.Flows.Password == nil || s.Flows.Password.TokenURL == "" {
		return nil
	}
	return s.Flows.Password
}

// schemes are the ways of the description to say who one is, by name.
func (a *api) schemes() map[string]*openapi3.SecurityScheme {
	found := map[string]*openapi3.SecurityScheme{}
	if a.doc.Components == nil {
		return found
	}
	for name, ref := range a.doc.Components.SecuritySchemes {
		if ref != nil && ref.Value != nil {
			found[name] = ref.Value
		}
	}
	return found
}

func (a *api) bodyOf(op *operation) *openapi3.Schema {
	if op.RequestBody == nil || op.RequestBody.Value == nil {
		return nil
	}
	for _, mime := range []string{"application/json", "application/x-www-form-urlencoded"} {
		if media := mediaOf(op.RequestBody.Value.Content, mime); media != nil && media.Schema != nil {
			return a.chosen(media.Schema.Value, 0)
		}
	}
	return nil
}

// tokenOf is the field of an answer that holds the token, such as token or
// data.accessToken; empty: the description has none.
func (a *api) tokenOf(op *operation) string { return a.tokenIn(a.answerOf(op), 0) }

// tokenIn looks among the fields of an object before it looks into them.
func (a *api) tokenIn(s *openapi3.Schema, depth int) string {
	if s == nil || depth > 3 {
		return ""
	}
	texts, objects := map[string]string{}, map[string]*openapi3.Schema{}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		ref := s.Properties[name]
		if ref == nil || ref.Value == nil || !fieldName.MatchString(name) {
			continue
		}
		switch field := a.chosen(ref.Value, 0); {
		case len(field.Properties) > 0:
			objects[name] = field
		case field.Type == nil || field.Type.Includes("string"):
			texts[plainName(name)] = name
		}
	}
	for _, name := range tokenNames {
		if field, ok := texts[name]; ok {
			return field
		}
	}
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		if inner := a.tokenIn(objects[name], depth+1); inner != "" {
			return name + "." + inner
		}
	}
	return ""
}

// plainName is a name without what tells access_token from accessToken.
func plainName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// secure gives a group what its requests have to show.
func (a *api) secure(g *group, operations []*operation) {
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
			a.show(g, name, s)
		}
	}
	if slices.ContainsFunc(operations, wantsAuthorization) && g.auth == nil && !hasHeader(g.headers, "Authorization") {
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

// hasHeader says whether a header is among some.
func hasHeader(headers []pair, name string) bool {
	return slices.ContainsFunc(headers, func(h pair) bool { return strings.EqualFold(h.name, name) })
}

// authorize gives a group a token: of the login, or else of the environment.
func (a *api) authorize(g *group, what string) {
	if a.login != nil {
		a.logIn(g)
		return
	}
	g.headers = append(g.headers, pair{"Authorization", "Bearer " + a.draft.secret("LOADGATE_TOKEN")})
	g.looks = append(g.looks, fmt.Sprintf("its requests need a token (%s): "+
		"set LOADGATE_TOKEN, or add a start step that gets one", what))
}

// show adds one way to say who one is.
func (a *api) show(g *group, name string, s *openapi3.SecurityScheme) {
	d := a.draft
	switch {
	case s.Type == "http" && strings.EqualFold(s.Scheme, "basic"):
		basic := object()
		set(basic, "username", text(d.variable("LOADGATE_USERNAME", changeMe)))
		set(basic, "password", text(d.secret("LOADGATE_PASSWORD")))
		g.auth = object()
		set(g.auth, "basic", basic)
		g.looks = append(g.looks, "set LOADGATE_USERNAME and LOADGATE_PASSWORD")
	case s.Type == "apiKey" && s.In == "header" && isHeaderName(s.Name):
		g.headers = append(g.headers, pair{s.Name, d.secret("LOADGATE_API_KEY")})
		g.looks = append(g.looks, "set LOADGATE_API_KEY")
	case s.Type == "apiKey" && s.In == "query":
		key := url.QueryEscape(s.Name) + "=" + d.secret("LOADGATE_API_KEY")
		for _, step := range g.steps {
			sign := "?"
			if strings.Contains(step.path, "?") {
				sign = "&"
			}
			step.path += sign + key
		}
		g.looks = append(g.looks, "set LOADGATE_API_KEY")
	case s.Type == "apiKey":
		g.looks = append(g.looks, fmt.Sprintf("its requests need the cookie %s: add a start step that gets it", s.Name))
	default:
		a.authorize(g, name)
	}
}

// logIn lets each user of a group get a token before anything else.
func (a *api) logIn(g *group) {
	if len(g.start) > 0 {
		return
	}
	d := a.draft
	s := &step{method: "POST", path: escapedPath(a.login.path), secret: true}
	content, sure := object(), true
	if schema := a.bodyOf(a.login); schema != nil {
		key := "json"
		if mediaOf(a.login.RequestBody.Value.Content, "application/json") == nil {
			key = "form"
		}
		m := &maker{visit: &visit{api: &api{draft: d, seen: a.seen},
			group: g, known: map[string]string{}, made: map[*operation]*step{}}, step: s}
		for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
			p := schema.Properties[name]
			if p.Value == nil || !slices.Contains(schema.Required, name) {
				continue
			}
			example, ok := first(append([]any{p.Value.Example}, p.Value.Examples...)...).(string)
			switch {
			case secretNamed(name) || p.Value.Format == "password":
				set(content, name, text(d.secret("LOADGATE_PASSWORD"))) // an example may be somebody's
				sure = false
			case userName.MatchString(name):
				set(content, name, text(d.variable("LOADGATE_USERNAME", cmp.Or(example, changeMe))))
				sure = sure && ok
			default:
				set(content, name, m.value(name, p, 1))
			}
		}
		s.body = &body{key, content}
	} else {
		for _, p := range []pair{
			{"grant_type", "password"}, {"username", d.variable("LOADGATE_USERNAME", changeMe)},
			{"password", d.secret("LOADGATE_PASSWORD")},
		} {
			set(content, p.name, text(p.text))
		}
		s.body, sure = &body{"form", content}, false
	}
	if !sure {
		s.looks = append(s.looks, "set LOADGATE_USERNAME and LOADGATE_PASSWORD")
	}
	s.capture = []pair{{"token", "body." + cmp.Or(a.tokenOf(a.login), "access_token")}}
	g.start = append(g.start, s)
	g.headers = append(g.headers, pair{"Authorization", "Bearer ${ token }"})
}
