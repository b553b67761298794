package scaffold

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// idInText is an id in XML or another text.
var idInText = regexp.MustCompile(`(?i)[a-z_]*id("|')?\s*[>=:]\s*("|')?[0-9a-f-]+|[?&/]id=`)

func formOf(text string, params []namedHAR) []namedHAR {
	if len(params) > 0 && text == "" {
		return params
	}
	var found []namedHAR
	for _, part := range strings.Split(text, "&") {
		key, v, _ := strings.Cut(part, "=")
		k, err := url.QueryUnescape(key)
		u, err2 := url.QueryUnescape(v)
		if err == nil && err2 == nil && k != "" {
			found = append(found, namedHAR{k, u})
		}
	}
	return found
}

// tree is a JSON value as it stands in the file.
func (s *session) tree(key string, v gjson.Result, st *step, depth int) *value {
	switch {
	case depth > 30:
		return scalar("!!null", "null")
	case v.IsObject():
		m := object()
		v.ForEach(func(k, child gjson.Result) bool {
			switch {
			case slices.Contains(names(m), k.Str):
			case (holdSecrets(key) && child.Type == gjson.String || secretNamed(key) &&
				(child.Type == gjson.String || child.Type == gjson.Number)) && child.String() != "" &&
				!namesUser(k.Str) && !isSecret(k.Str, child.Str):
				set(m, k.Str, s.masked(key+"_"+k.Str, st))
			default:
				set(m, k.Str, s.tree(k.Str, child, st, depth+1))
			}
			return true
		})
		return m
	case v.IsArray():
		l := list()
		for _, child := range v.Array() {
			l.Content = append(l.Content, s.tree(key, child, st, depth+1))
		}
		return l
	case v.Type == gjson.String:
		return s.shown(key, v.Str, st)
	case v.Type == gjson.Number && (opensNumber(key, v.Raw) || asksFor(st.path) && entrance(key, v.Raw)):
		return s.shown(key, v.Raw, st)
	case v.Type == gjson.Number:
		if isID(key) {
			if id, ok := s.captured(v.Raw, key); ok {
				s.refer(key, false)
				return text(variableText(id))
			}
		}
		if namesThing(key) {
			s.aim.addForeign(oneLine(key))
		}
		if strings.ContainsAny(v.Raw, ".eE") {
			return scalar("!!float", v.Raw)
		}
		return scalar("!!int", v.Raw)
	case v.Type == gjson.True || v.Type == gjson.False:
		return truth(v.Bool())
	}
	return scalar("!!null", "null")
}

// names are those of a map.
func names(m *value) []string {
	var all []string
	for i := 0; i < len(m.Content); i += 2 {
		all = append(all, m.Content[i].Value)
	}
	return all
}

// shown is a text of a body: captured, masked, or as it was.
func (s *session) shown(key, v string, st *step) *value {
	if id, ok := s.captured(v, key); ok {
		s.refer(key, false)
		return text(variableText(id))
	}
	if v != "" && namesThing(key) && !isSecretHeader(key) {
		s.aim.addForeign(oneLine(key))
		if (isUUID(v) || isHex(v)) && !pays(v) {
			return literal(v)
		}
	}
	if masked, names := withoutInline(v, func(name string) string {
		return s.draft.secretFor(name)
	}); names != nil && !opens(masked) {
		for _, name := range names {
			s.redact(st, name)
		}
		st.secret = true
		return text(masked)
	}
	if v != "" && isSecret(key, v) {
		s.shows = true
		return s.masked(key, st)
	}
	if v != "" && asksFor(st.path) && entrance(key, v) {
		return s.masked(cmp.Or(key, "login"), st)
	}
	return literal(v)
}

// whoSends is a name within credentials that says who somebody is.
var whoSends = regexp.MustCompile(
	`(?i)^(u|uid|user|user[_-]?(name|id)|j_username|usr|uname|log|login|identifier|nick(name)?|handle|phone|` +
		`mobile|tel|` +
		`e?mail|name|type|kind|method|` +
		`provider|realm|grant_?type)$`)

// masked is the variable of the environment in the place of a secret.
func (s *session) masked(key string, st *step) *value {
	s.redact(st, key)
	st.secret = true
	return text(s.draft.secretFor(key))
}

// namesUser says whether a name within credentials says who somebody is.
func namesUser(name string) bool { return whoSends.MatchString(name) }
