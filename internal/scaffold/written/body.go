package written

import (
	"mime"
	"net/url"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

const (
	// Bounds of a body that a file can hold.
	deepest     = 30
	longestName = 500
)

// usualType are the content types that the ways of the file to write a body have.
var usualType = map[string]string{"json": "application/json", "form": "application/x-www-form-urlencoded"}

// body gives the step what the request sends.
func (s *Session) body(b *Body) {
	if b == nil {
		s.dropUsual("")
		return
	}
	st := s.step
	switch {
	case b.JSON != nil:
		tree := s.json("", b.JSON, 0)
		if tree == nil || hasSecretName(tree) {
			st.CommentOut("its body is too deep, or a name in it may be a secret: write json")
			break
		}
		st.Body = &draft.Body{Key: "json", Content: tree}
	case b.Form != nil:
		st.Body = &draft.Body{Key: "form", Content: s.form(b.Form)}
	case b.Parts != nil:
		st.Body = &draft.Body{Key: "multipart", Content: s.form(b.Parts)}
	case s.isForm():
		st.Body = &draft.Body{Key: "form", Content: s.form(fieldsOf(b.Text))}
	default:
		s.plain(b.Text)
	}
	if b.Type != "" && !draft.HasHeader(st.Headers, "Content-Type") {
		st.Headers = append(st.Headers, draft.Pair{Name: "Content-Type", Text: template.Escape(naming.Line(b.Type))})
	}
	if st.Body != nil {
		s.dropUsual(usualType[st.Body.Key])
	}
}

// dropUsual drops a content type that the body has anyway, or that belongs to none.
func (s *Session) dropUsual(usual string) {
	s.step.Headers = slices.DeleteFunc(s.step.Headers, func(h draft.Pair) bool {
		kind, _, err := mime.ParseMediaType(h.Text)
		return strings.EqualFold(h.Name, "content-type") && (usual == "" && s.step.Body == nil ||
			err == nil && kind == usual)
	})
}

// json is a value of JSON as the file has it; nil: no file can hold it.
func (s *Session) json(key string, v *Value, depth int) *node.Value {
	if depth > deepest {
		return nil
	}
	switch v.Kind {
	case Map, List:
		return s.tree(key, v, depth)
	case String:
		if len(v.Text) == 1 && v.Text[0].Literal == "" { // a text, whatever the value is
			return node.Text(asText(s.value(key, v.Text)))
		}
		return node.Text(s.value(key, v.Text))
	case Computed:
		return node.Text(s.value(key, v.Text))
	case Number:
		if secrets.IsNumber(key, v.Raw) || secrets.AsksToLogIn(s.step.Path) && secrets.AtLogin(key, v.Raw) {
			return node.Text(s.masked(key, v.Raw))
		}
		if naming.NamesThing(key) {
			s.target.AddForeign(naming.Line(key))
		}
		if strings.ContainsAny(v.Raw, ".eE") {
			return node.Scalar("!!float", v.Raw)
		}
		return node.Scalar("!!int", v.Raw)
	case Bool:
		return node.Bool(v.Raw == "true")
	}
	return node.Scalar("!!null", "null")
}

// asText is a template of one expression whose value becomes a text.
func asText(text string) string {
	if code, is := strings.CutPrefix(text, "${ "); is && strings.HasSuffix(code, " }") &&
		!strings.HasPrefix(code, "env(") {
		return "${ string(" + strings.TrimSuffix(code, " }") + ") }"
	}
	return text
}

// tree is an object or a list as the file has it; nil: no file can hold it.
func (s *Session) tree(key string, v *Value, depth int) *node.Value {
	out := node.Map()
	if v.Kind == List {
		out = node.List()
	}
	seen := map[string]bool{}
	for i, child := range v.Items {
		if v.Kind == List {
			one := s.json(naming.Singular(key), child, depth+1)
			if one == nil {
				return nil
			}
			out.Content = append(out.Content, one)
			continue
		}
		name := v.Keys[i]
		if seen[name] {
			s.step.Look(naming.Line(name) + " is there several times: only the first is here")
			continue
		}
		seen[name] = true
		known := child.Kind == Number || child.Kind == String
		if known && (secrets.HoldsSecrets(key) || secrets.InName(key)) && !secrets.NamesUser(name) &&
			!secrets.Is(name, child.Raw) {
			s.sharesSecret = true
			of, _ := child.Text.Literal()
			node.Set(out, name, node.Text(s.masked(key+"_"+name, child.Raw+of)))
			continue
		}
		one := s.json(name, child, depth+1)
		if one == nil {
			return nil
		}
		node.Set(out, name, one)
	}
	return out
}

// form is a form as the file has it, in which a name is there once.
func (s *Session) form(fields []Field) *node.Value {
	out, seen := node.Map(), map[string]bool{}
	for _, f := range fields {
		switch {
		case len(f.Name) > longestName || strings.ContainsFunc(f.Name, func(r rune) bool { return r < ' ' }) ||
			secrets.IsName(f.Name):
			s.step.CommentOut("its form has a name that no file can hold, or that may be a secret: write form")
		case seen[f.Name]:
			s.step.Look(naming.Line(f.Name) + " is there several times: only the first is here")
		default:
			seen[f.Name] = true
			node.Set(out, f.Name, node.Text(s.value(f.Name, f.Value)))
		}
	}
	return out
}

// isForm says whether the headers of a step say that its text is a form.
func (s *Session) isForm() bool {
	return slices.ContainsFunc(s.step.Headers, func(h draft.Pair) bool {
		kind, _, err := mime.ParseMediaType(h.Text)
		return strings.EqualFold(h.Name, "content-type") && err == nil && kind == usualType["form"]
	})
}

// fieldsOf are the fields of a form that is written as a text.
func fieldsOf(t Text) (all []Field) {
	for _, pair := range split(t, "&") {
		key, v := cut(pair, "=")
		name, known := key.Literal()
		if !known {
			return append(all, Field{Name: "field", Value: Text{{Lost: "a name of its form is not known: write form"}}})
		}
		if name == "" && len(v) == 0 {
			continue
		}
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		v = slices.Clone(v)
		for i, p := range v {
			if plain, err := url.QueryUnescape(p.Literal); err == nil && p.Literal != "" {
				v[i].Literal = plain
			}
		}
		all = append(all, Field{Name: name, Value: v})
	}
	return all
}

// plain is a body that is a text.
func (s *Session) plain(t Text) {
	st := s.step
	for _, p := range t {
		if secrets.Mentioned(p.Literal) || slices.ContainsFunc(strings.Fields(p.Literal), secrets.InValue) ||
			secrets.InValue(p.Literal) || secrets.AsksToLogIn(st.Path) {
			st.CommentOut("its body may hold a secret, and is left out: write text")
			return
		}
		if p.Answer != nil {
			s.noteCaptured(p.Answer, p.Answer.Key, false)
		}
	}
	if harm.Writes(st.Method) {
		for _, p := range t {
			if naming.NamesThing(lastWord(p.Literal)) {
				s.target.AddForeign("an id in its body")
			}
		}
	}
	st.Body = &draft.Body{Key: "text", Content: node.Text(s.text(t, "body", template.Escape))}
}

// lastWord is the last name in a text, as before a value.
func lastWord(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// hasSecretName says whether a name of a body is a secret itself.
func hasSecretName(v *node.Value) bool {
	for name, c := range node.Children("", v) {
		if v.Kind == yaml.MappingNode && (secrets.IsName(name) || len(name) > longestName ||
			strings.ContainsAny(name, "{}\"<>=:; ") && secrets.Mentioned(name)) || hasSecretName(c) {
			return true
		}
	}
	return false
}
