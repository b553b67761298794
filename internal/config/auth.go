package config

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
)

// auth is another way to write an Authorization header: here it becomes one,
// and nobody else knows of it. So the nearest wins as headers do, and a start
// step goes without what it cannot know yet.

const authorization = "Authorization"

func authShape() *shape {
	basic := &shape{kind: objectKind, name: "basic", fields: []field{
		{key: "username", shape: scalarOf(templateText), required: true,
			doc: "The user's name, without a colon.", example: "username: ada"},
		{key: "password", shape: scalarOf(templateText), required: true,
			doc: "The user's password.", example: `password: '${ env("PASSWORD") }'`},
	}}
	return &shape{kind: objectKind, name: "auth", one: []string{"basic", "bearer"}, fields: []field{
		{key: "basic", shape: basic, doc: "Basic authentication: name and password.",
			def: "none", example: `basic: {username: ada, password: '${ env("PASSWORD") }'}`},
		{key: "bearer", shape: scalarOf(templateText), doc: "A bearer token, without the word Bearer.",
			def: "none", example: "bearer: '${ token }'"},
	}}
}

// nearAuth is auth in a place that a wider one reaches: it may be none.
func nearAuth() *shape {
	none := &scalar{name: "word", json: "string", example: "none", enum: []string{"none"}, parse: asWritten}
	return choice("auth or none", scalarOf(none), authShape())
}

// own compiles the headers of one place, that of its auth among them. One
// without a Value takes that of a wider place away: auth: none.
func (b *builder) own(s *expr.Scope, v *value) []Header {
	headers, auth := b.headers(s, v.get("headers")), v.get("auth")
	if auth == nil {
		return headers
	}
	for _, m := range v.get("headers").members() {
		if strings.EqualFold(m.key, authorization) {
			b.Add(auth.pos, auth.path, "the headers beside it have an Authorization too; keep one of them")
			return headers
		}
	}
	if auth.kind == scalarKind {
		return append(headers, Header{Name: authorization})
	}
	header := Header{Name: authorization}
	if bearer := auth.get("bearer"); bearer != nil {
		header.Value = b.bearer(s, bearer)
	} else {
		header.Value, header.source = b.basic(s, auth.get("basic"))
	}
	if header.Value == nil {
		return headers // reported
	}
	return append(headers, header)
}

func (b *builder) bearer(s *expr.Scope, v *value) *expr.Template {
	t := b.template(s, v)
	if t == nil {
		return nil
	}
	text, fixed := t.Static()
	word, _, _ := strings.Cut(v.text, " ")
	err := checkHeaderValue(v.text)
	switch {
	case strings.EqualFold(word, "Bearer"):
		err = fmt.Errorf("the word Bearer is written by loadgate; write the token alone")
	case fixed && text == "":
		err = fmt.Errorf("is empty; write a token")
	case fixed && err == nil:
		err = checkHeaderValue(text)
	}
	if err != nil {
		b.Add(v.pos, v.path, "%v", err)
		return nil
	}
	return b.header(s, v, "Bearer "+v.text)
}

// basic returns the header's value, and how it would be written as a header
// when that is not the value's own text.
func (b *builder) basic(s *expr.Scope, v *value) (value *expr.Template, source string) {
	name, password := b.template(s, v.get("username")), b.template(s, v.get("password"))
	if name == nil || password == nil {
		return nil, ""
	}
	user, fixedUser := name.Static()
	word, fixedWord := password.Static()
	if fixedUser && strings.Contains(user, ":") {
		at := v.get("username")
		b.Add(at.pos, at.path,
			"%q has a colon, which ends the name in basic authentication; write a name without one", user)
		return nil, ""
	}
	parts := slices.Concat(operands(name), []string{`":"`}, operands(password))
	source = "Basic ${ toBase64(join([" + strings.Join(parts, ", ") + `], "")) }`
	if fixedUser && fixedWord {
		return b.header(s, v, "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+word))), source
	}
	return b.header(s, v, source), ""
}

// header compiles a header that was put together of parts that are sound.
func (b *builder) header(s *expr.Scope, v *value, text string) *expr.Template {
	t, err := s.Template(text)
	if err != nil {
		b.Add(v.pos, v.path, "is too much for one header (%v); write it as a var, and its name here", err)
		return nil
	}
	return t
}

// operands lists the parts of a template as expressions.
func operands(t *expr.Template) []string {
	var parts []string
	text, at := t.String(), 0
	for _, hole := range append(t.Holes(), expr.Hole{Start: len(text), End: len(text)}) {
		if literal := unescape(text[at:hole.Start]); literal != "" {
			parts = append(parts, strconv.Quote(literal))
		}
		switch {
		case strings.Contains(hole.Source, "//"):
			parts = append(parts, "("+hole.Source+"\n)") // where a comment would end
		case hole.Source != "":
			parts = append(parts, "("+hole.Source+")")
		}
		at = hole.End
	}
	return parts
}
