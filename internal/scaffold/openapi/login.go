package openapi

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

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
		if op.method != "POST" || strings.Contains(op.path, "{") || !naming.IsLogin(op.path) {
			continue
		}
		if schema := a.bodyOf(op); schema != nil && a.tokenOf(op) != "" &&
			slices.ContainsFunc(slices.Sorted(maps.Keys(schema.Properties)), secrets.InName) {
			a.login = op
			return
		}
	}
	schemes := a.schemes()
	for _, name := range slices.Sorted(maps.Keys(schemes)) { // OAuth2 names its token's address
		if flow := passwordFlow(schemes[name]); flow != nil {
			path, ok := a.tokenPath(flow.TokenURL)
			if !ok {
				continue
			}
			if a.login = a.operationAt("POST", strings.TrimRight(path, "/")); a.login == nil {
				a.login = &operation{method: "POST", path: path, Operation: &openapi3.Operation{}}
			}
			return
		}
	}
}

// tokenPath is the path of the address of a token, below that of the service; ok is false where
// another service gives the token.
func (a *api) tokenPath(address string) (path string, ok bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	path = "/" + strings.TrimLeft(u.Path, "/")
	hosts, known := map[string]bool{}, false
	var bases []string
	add := func(address string) {
		if base, err := url.Parse(address); err == nil {
			hosts[base.Host] = true
			bases = append(bases, strings.Trim(base.Path, "/"))
		}
	}
	add(a.draft.URL)
	for _, s := range a.doc.Servers {
		if s != nil {
			base, _ := serverAddress(s)
			add(base)
			known = known || strings.Contains(base, "://")
		}
	}
	for _, base := range bases {
		if rest, below := strings.CutPrefix(path, "/"+base+"/"); base != "" && below {
			path = "/" + rest
			break
		}
	}
	// A description that names no host may give its own in this address alone.
	own := u.Host == "" || hosts[u.Host] || !known && a.operationAt("POST", strings.TrimRight(path, "/")) != nil
	return path, own
}

func passwordFlow(s *openapi3.SecurityScheme) *openapi3.OAuthFlow {
	if s.Type != "oauth2" || s.Flows == nil || s.Flows.Password == nil || s.Flows.Password.TokenURL == "" {
		return nil
	}
	return s.Flows.Password
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
		switch field := a.resolve(ref.Value, 0); {
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
