package request

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// Request is a request as a script has it. Texts are templates.
type Request struct {
	Method  string
	Path    string       // below the service, without a query
	Pattern string       // the path with {words} for its values; empty: the path has the words
	Query   []draft.Pair // names and values, not escaped
	Name    string       // of the endpoint; empty: as the path makes it
	Headers []draft.Pair
	Body    *draft.Body // nil: it has none
}

// Group is the requests of one group of a draft.
type Group struct {
	draft *draft.Draft
	group *draft.Group
	sent  map[*draft.Step]Request
	state map[*draft.Step]judged
}

// judged says how far the judgement of a step is.
type judged int

const (
	unjudged judged = iota
	judging         // a step that needs itself is not judged twice
	done
)

// NewGroup begins with a group that has no requests.
func NewGroup(d *draft.Draft, g *draft.Group) *Group {
	return &Group{draft: d, group: g, sent: map[*draft.Step]Request{}, state: map[*draft.Step]judged{}}
}

// secret is the variable of the environment that replaces a secret of a name.
func (g *Group) secret(st *draft.Step, name, v string) string {
	variable := g.draft.SecretOf(name, v)
	st.Look(fmt.Sprintf("set %s: the value of %s is not here", variable, naming.Line(name)))
	st.Secret = true
	return g.draft.Secret(variable)
}

// Header is the value of a header without secrets; look is called with what a person must set.
func (g *Group) Header(look func(string), h draft.Pair) string {
	if !isSecret(h.Name, h.Text, false) {
		return h.Text
	}
	name, scheme, v := h.Name, "", h.Text
	if strings.EqualFold(name, "authorization") {
		name = "token"
		if first, rest, two := strings.Cut(h.Text, " "); two && authScheme.MatchString(first) {
			scheme, v = first+" ", rest
		}
	}
	variable := g.draft.SecretOf(name, v)
	look(fmt.Sprintf("set %s: the value of %s is not here", variable, naming.Line(h.Name)))
	return scheme + g.draft.Secret(variable)
}

var authScheme = regexp.MustCompile(`(?i)^(bearer|token|basic|jwt|apikey|key)$`)

var (
	expressions = regexp.MustCompile(`\$\{ (.*?) \}`)
	// byName is an expression that holds no text of its own that could be a secret.
	byName = regexp.MustCompile(`^\$\{ (env\("[A-Za-z0-9_]+"(, ".*")?\)|[A-Za-z_][A-Za-z_0-9.]*|uuid\(\)|seq\(\)) \}$`)
)

func plainText(t string) bool { return !template.HasExpression(t) }

// isSecret says whether a template is a secret by its name, or holds one by its form: in its text, or
// in a text or a number within its expressions. AtLogin says that it is sent to be let in.
func isSecret(name, t string, atLogin bool) bool {
	if plainText(t) {
		return t != "" && (secrets.Is(name, strings.ReplaceAll(t, "$${", "${")) || atLogin && secrets.AtLogin(name, t))
	}
	rest := strings.TrimSpace(expressions.ReplaceAllString(t, ""))
	if authScheme.MatchString(rest) {
		rest = ""
	}
	if rest != "" && (secrets.Is(name, rest) || secrets.InValue(rest)) {
		return true
	}
	return slices.ContainsFunc(expressions.FindAllStringSubmatch(t, -1), func(m []string) bool {
		return secrets.InExpression(name, m[1], atLogin)
	})
}

// asksToLogIn says whether a request of a path asks to be let in, by the words of the path itself.
func asksToLogIn(path string) bool {
	return secrets.AsksToLogIn(expressions.ReplaceAllString(path, "0"))
}

// logsIn says whether a request shows a secret at the address of a login.
func logsIn(st *draft.Step) bool {
	path, _, _ := strings.Cut(st.Path, "?")
	return st.Method == "POST" && st.Body != nil && loginEnd.MatchString(path) && holdsSecret(st.Body.Content)
}

// loginEnd is the end of the path of a login.
var loginEnd = regexp.MustCompile(`(?i)/[^/]*(log-?in|sign-?in|log-?on|sign-?on|token|auth|authenticate)(\.\w+|/)?$`)

// holdsSecret says whether a body has a value under the name of a password.
func holdsSecret(v *node.Value) bool {
	for name, c := range node.Children("", v) {
		if secrets.InName(name) || holdsSecret(c) {
			return true
		}
	}
	return false
}

// plainQuery is a query as text for the rules of harm, its values as they are written.
func plainQuery(query []draft.Pair) string {
	parts := make([]string, 0, len(query))
	for _, p := range query {
		parts = append(parts, url.QueryEscape(p.Name)+"="+url.QueryEscape(expressions.ReplaceAllString(p.Text, "")))
	}
	return strings.Join(parts, "&")
}

// queryContent is a query as the content of a body.
func queryContent(query []draft.Pair) *node.Value {
	m := node.Map()
	for _, p := range query {
		node.Set(m, p.Name, node.Text(p.Text))
	}
	return m
}

// concerns adds what a step may do to people beyond the service.
func concerns(st *draft.Step) {
	if !st.Commented {
		st.LookAll(harm.Concerns(st.Method, st.Path, st.Content()))
	}
}
