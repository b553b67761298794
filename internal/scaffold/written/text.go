package written

import (
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// text is a text as a template. What is known is written by literal; as names the value.
func (s *Session) text(t Text, as string, literal func(string) string) string {
	var out strings.Builder
	for i, p := range t {
		if p.Literal == "" {
			out.WriteString(s.expression(p, as))
			continue
		}
		text := p.Literal
		dollar := ""
		if i+1 < len(t) && strings.HasSuffix(text, "$") { // it would escape the expression behind it
			text, dollar = strings.TrimSuffix(text, "$"), `${ "$" }`
		}
		out.WriteString(literal(text) + dollar)
	}
	return out.String()
}

// expression is a part that is known only when the request is sent, as a template.
func (s *Session) expression(p Part, as string) string {
	switch {
	case p.Code != "":
		if secrets.InExpression(as, p.Code, secrets.AsksToLogIn(s.step.Path)) ||
			p.Draw != nil && secrets.InExpression(p.Draw.Name, p.Code, false) {
			s.sharesSecret = true
			return s.masked(as, p.Code)
		}
		if p.Draw != nil {
			return s.drawn(p, as)
		}
		return "${ " + p.Code + " }"
	case p.Answer != nil:
		name, ok := s.capture(p.Answer, as)
		if !ok {
			s.step.CommentOut("it needs " + naming.Line(as) + " of an answer to a request that is not sent before it")
			return "<" + naming.Line(as) + ">"
		}
		return template.Variable(name)
	case p.Hidden != nil:
		return s.masked(p.Hidden.Name, p.Hidden.Value)
	case p.Env != "":
		return s.environment(p, as)
	case p.Lost != "":
		s.step.CommentOut(p.Lost)
		return "<" + naming.Line(as) + ">"
	}
	return ""
}

// environment is a variable that the script reads, with its default where that is no secret, by the
// variable's own name or that of the value.
func (s *Session) environment(p Part, as string) string {
	if !environmentName.MatchString(p.Env) {
		s.step.CommentOut("it reads a variable of the environment whose name loadgate cannot read")
		return "<variable>"
	}
	if secrets.InName(p.Env) || secrets.InName(as) || secrets.IsHeader(p.Env) ||
		p.Otherwise != nil && (secrets.Is(p.Env, *p.Otherwise) || secrets.Is(as, *p.Otherwise) ||
			secrets.AsksToLogIn(s.step.Path) && secrets.AtLogin(as, *p.Otherwise)) {
		s.step.Secret = true
		s.askFor(p.Env, p.Env)
		return s.Draft.Secret(p.Env)
	}
	if p.Otherwise == nil {
		s.step.Look("set " + p.Env + ": it has no default")
		return s.Draft.Needed(p.Env)
	}
	return s.Draft.Variable(p.Env, *p.Otherwise)
}

// environmentName is what a variable of the environment is called in thresholds.yaml.
var environmentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,100}$`)

// value is the template of a value by its name: a secret in it is masked.
func (s *Session) value(key string, t Text) string {
	if v, known := t.Literal(); known {
		return s.literal(key, v)
	}
	for _, p := range t {
		if p.Answer != nil {
			s.noteCaptured(p.Answer, key, false)
		} else if naming.NamesThing(key) && p.Literal == "" {
			s.target.AddForeign(naming.Line(key))
		}
	}
	return s.text(t, key, func(text string) string {
		bare := strings.TrimSpace(text)
		if secrets.InValue(bare) && len(bare) >= 4 || isPartOfSecret(key, bare) {
			s.sharesSecret = true
			return s.masked(key, bare)
		}
		return template.Escape(text)
	})
}

// isPartOfSecret says whether a text beside values that are not known is a part of a secret, by the
// name of the whole. The scheme before a token is none.
func isPartOfSecret(key, text string) bool {
	return len(text) >= 4 && !isScheme.MatchString(text) && secrets.Is(key, text) &&
		(secrets.InName(key) || len(text) > 12 || strings.ContainsAny(text, "0123456789"))
}

// isScheme is what a token may have before it.
var isScheme = regexp.MustCompile(`(?i)^(bearer|token|basic|digest|jwt|api-?key|key)$`)

// literal is a value that is known: masked, or as it is.
func (s *Session) literal(key, v string) string {
	if v != "" && naming.NamesThing(key) && !secrets.IsHeader(key) {
		s.target.AddForeign(naming.Line(key))
		if (naming.IsUUID(v) || naming.IsHex(v)) && !secrets.IsPayment(v) {
			return template.Escape(v)
		}
	}
	rest, names := secrets.Mask(v, func(_, _ string) string { return "${ x }" })
	switch {
	case names != nil && !secrets.InValue(rest):
		masked, _ := secrets.Mask(v, s.masked)
		return masked
	case v != "" && secrets.Is(key, v):
		s.sharesSecret = true
		return s.masked(key, v)
	case v != "" && secrets.AsksToLogIn(s.step.Path) && secrets.AtLogin(key, v):
		if key == "" {
			key = "login"
		}
		return s.masked(key, v)
	}
	return template.Escape(v)
}
