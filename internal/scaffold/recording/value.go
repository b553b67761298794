package recording

import (
	"cmp"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// jsonValue is a JSON value as the file has it: secrets are masked, what an earlier answer had is
// captured.
func (s *session) jsonValue(key string, v gjson.Result, st *draft.Step) *node.Value {
	switch {
	case v.IsObject():
		m, seen := node.Map(), map[string]bool{}
		v.ForEach(func(k, child gjson.Result) bool {
			again := seen[k.Str]
			seen[k.Str] = true
			switch {
			case again:
				st.Look(naming.Line(k.Str) + " was sent several times: only the first is here")
			case (secrets.HoldsSecrets(key) && child.Type == gjson.String || secrets.InName(key) &&
				(child.Type == gjson.String || child.Type == gjson.Number)) && child.String() != "" &&
				!secrets.NamesUser(k.Str) && !secrets.Is(k.Str, child.Str):
				node.Set(m, k.Str, s.masked(key+"_"+k.Str, child.String(), st))
			default:
				node.Set(m, k.Str, s.jsonValue(k.Str, child, st))
			}
			return true
		})
		return m
	case v.IsArray():
		l := node.List()
		for _, child := range v.Array() {
			l.Content = append(l.Content, s.jsonValue(key, child, st))
		}
		return l
	case v.Type == gjson.String:
		return s.textValue(key, v.Str, st)
	case v.Type == gjson.Number &&
		(secrets.IsNumber(key, v.Raw) || secrets.AsksToLogIn(st.Path) && secrets.AtLogin(key, v.Raw)):
		return s.textValue(key, v.Raw, st)
	case v.Type == gjson.Number:
		if naming.IsID(key) || !harm.IsQuantity(key) && s.createdValue(v.Raw, key) >= 0 {
			if id, ok := s.capture(v.Raw, key); ok {
				s.noteCaptured(key, false)
				return node.Text(template.Variable(id))
			}
		}
		if naming.NamesThing(key) {
			s.target.AddForeign(naming.Line(key))
		}
		if strings.ContainsAny(v.Raw, ".eE") {
			return node.Scalar("!!float", v.Raw)
		}
		return node.Scalar("!!int", v.Raw)
	case v.Type == gjson.True || v.Type == gjson.False:
		return node.Bool(v.Bool())
	}
	return node.Scalar("!!null", "null")
}

// textValue is a text of a body: captured, masked, or as it was.
func (s *session) textValue(key, v string, st *draft.Step) *node.Value {
	if id, ok := s.capture(v, key); ok {
		s.noteCaptured(key, false)
		return node.Text(template.Variable(id))
	}
	if v != "" && naming.NamesThing(key) && !secrets.IsHeader(key) {
		s.target.AddForeign(naming.Line(key))
		if (naming.IsUUID(v) || naming.IsHex(v)) && !secrets.IsPayment(v) {
			return node.Literal(v)
		}
	}
	rest, names := secrets.Mask(v, func(_, _ string) string { return "${ x }" })
	if names != nil && !secrets.InValue(rest) {
		masked, _ := secrets.Mask(v, func(name, of string) string { return s.secret(name, of, st) })
		st.Secret = true
		return node.Text(masked)
	}
	if v != "" && secrets.Is(key, v) {
		s.sharesSecret = true
		return s.masked(key, v, st)
	}
	if v != "" && secrets.AsksToLogIn(st.Path) && secrets.AtLogin(key, v) {
		return s.masked(cmp.Or(key, "login"), v, st)
	}
	return node.Literal(v)
}
