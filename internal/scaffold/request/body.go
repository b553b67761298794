package request

import (
	"cmp"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// deepest is how deep a body of the file may be nested, and largest how many values it may have.
const (
	deepest = 30
	largest = 5_000
)

// body is what a request sends, without secrets; nil: no file can hold it.
func (g *Group) body(st *draft.Step, b draft.Body) *draft.Body {
	if size(b.Content, 0) > largest {
		st.CommentOut("its body is larger or deeper than the file can hold: write file")
		return nil
	}
	if b.Key == "text" {
		text := b.Content.Value
		if secrets.Mentioned(text) || isSecret("", text, asksToLogIn(st.Path)) {
			st.CommentOut("its body may hold a secret, and is left out: write text")
			return nil
		}
		return &b
	}
	return &draft.Body{Key: b.Key, Content: g.value(st, "", b.Content)}
}

// size is how many values a tree has; more than the largest where it is too deep.
func size(v *node.Value, depth int) int {
	if depth > deepest {
		return largest + 1
	}
	n := 1
	for _, c := range v.Content {
		if n += size(c, depth+1); n > largest {
			break
		}
	}
	return n
}

// value is a value of a body in which secrets are those of the environment.
func (g *Group) value(st *draft.Step, key string, v *node.Value) *node.Value {
	switch v.Kind {
	case yaml.MappingNode:
		m := node.Map()
		for name, c := range node.Children("", v) {
			inner := c
			if secrets.IsName(name) {
				st.CommentOut("a name in its body may be a secret, and is left out: write the body")
				continue
			}
			switch {
			case c.Kind != yaml.ScalarNode || !secrets.InName(key) && !secrets.HoldsSecrets(key) ||
				secrets.NamesUser(name) || c.Value == "":
				inner = g.value(st, name, c)
			default:
				inner = node.Text(g.secret(st, key+"_"+name, c.Value))
			}
			node.Set(m, name, inner)
		}
		return m
	case yaml.SequenceNode:
		l := node.List()
		for _, c := range v.Content {
			l.Content = append(l.Content, g.value(st, key, c))
		}
		return l
	}
	login := asksToLogIn(st.Path)
	switch v.Tag {
	case "!!str":
		if isSecret(key, v.Value, login) {
			return node.Text(g.secret(st, cmp.Or(key, "login"), v.Value))
		}
		if masked, names := secrets.Mask(strings.ReplaceAll(v.Value, "$${", "${"),
			func(name, of string) string { return g.secret(st, name, of) }); names != nil && plainText(v.Value) {
			return node.Text(masked)
		}
		if template.HasExpression(v.Value) && login && secrets.InName(key) && !byName.MatchString(v.Value) {
			return node.Text(g.secret(st, key, v.Value))
		}
	case "!!int", "!!float":
		if secrets.IsNumber(key, v.Value) || login && secrets.AtLogin(key, v.Value) {
			return node.Text(g.secret(st, cmp.Or(key, "login"), v.Value))
		}
	}
	return v
}
