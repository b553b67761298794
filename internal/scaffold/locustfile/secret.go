package locustfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// hidden is a value under the name of a constant or an attribute, without a secret.
func (s *scope) hidden(name string, v value) value {
	return s.masked(name, v).named(strings.ToLower(name))
}

// masked is a value, or the variable of the environment for it where its name is that of a secret.
func (s *scope) masked(name string, v value) value {
	switch v.kind {
	case text, number:
		if isNamed := secrets.InName(name) || secrets.IsHeader(name); isNamed && isSecret(name, v) {
			return s.secret(name, v)
		}
	case expression, joined:
		if secrets.InName(name) && slices.ContainsFunc(v.texts(), func(t string) bool { return secrets.Is(name, t) }) {
			return s.secret(name, v)
		}
	case list:
		if secrets.InName(name) && slices.ContainsFunc(v.items, func(i value) bool { return isSecret(name, i) }) {
			return s.secret(name, v)
		}
	case dict:
		v.items = slices.Clone(v.items)
		for i, key := range v.keys {
			if secrets.InName(name) && !secrets.NamesUser(key) {
				v.items[i] = s.masked(name, v.items[i])
			}
		}
	}
	return v
}

// isSecret says whether a text or a number is a secret under a name.
func isSecret(name string, v value) bool {
	return v.kind == text && v.text != "" && secrets.Is(name, v.text) ||
		v.kind == number && secrets.IsNumber(name, v.text)
}

// quoted is a text within an expression.
var quoted = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)

// texts are those within an expression and between expressions, but formats, paths, schemes of authorization and
// the names of variables of the environment.
func (v value) texts() (all []string) {
	switch {
	case v.kind == joined:
		for _, i := range v.items {
			all = append(all, i.texts()...)
		}
		return all
	case v.kind == text:
		all = []string{strings.TrimSpace(v.text)}
	case v.kind == expression && !strings.HasPrefix(v.text, "env("):
		for _, m := range quoted.FindAllStringSubmatch(v.text, 200) {
			all = append(all, m[1])
		}
	}
	return slices.DeleteFunc(all, func(t string) bool { return t == "" || noSecret.MatchString(t) })
}

// noSecret is a text that is none, whatever its name is.
var noSecret = regexp.MustCompile(`(?i)^([%/].*|bearer|token|basic|jwt|apikey|key)$`)

// shown is all that a value shows, for comparing it with another.
func (v value) shown() string {
	if t, ok := v.template(); ok {
		return t
	}
	all := slices.Clone(v.keys)
	for _, one := range v.items {
		all = append(all, one.shown())
	}
	return strings.Join(all, "\n")
}

// secret is the variable of the environment for a secret of the file.
func (s *scope) secret(name string, v value) value {
	variable := s.file.draft.SecretOf(name, v.shown())
	t := s.file.draft.Secret(variable)
	s.file.draft.AddLook(fmt.Sprintf("set %s: the value of %s is not here", variable, naming.Line(name)))
	return call("%s", strings.TrimSuffix(strings.TrimPrefix(t, "${ "), " }"))
}

// comparesSecret says whether a comparison of a value with another would show a secret: by the names that lead to the
// value, as in body.user.password, or by the form of the other.
func comparesSecret(of, with value) bool {
	switch with.kind {
	case list, dict:
		for i, item := range with.items {
			if with.kind == dict && isSecret(with.keys[i], item) || comparesSecret(of, item) {
				return true
			}
		}
		return false
	case text, number:
	case expression, joined:
		return slices.ContainsFunc(with.texts(), func(t string) bool { return comparesSecret(of, textOf(t)) })
	default:
		return false
	}
	names := nameInPath.FindAllString(of.text, 50)
	if of.word != "" {
		names = append(names, of.word)
	}
	for i, name := range names {
		last := i == len(names)-1 || name == of.word
		if (last || secrets.InName(name) || secrets.HoldsSecrets(name)) && isSecret(name, with) {
			return true
		}
	}
	return with.kind == text && (secrets.InValue(with.text) || secrets.IsName(with.text))
}

// nameInPath is a name within an expression for a value of an answer.
var nameInPath = regexp.MustCompile(`[\pL_][\pL\pN_-]*`)
