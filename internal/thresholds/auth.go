package thresholds

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/endpoint"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
)

// auth is another way to write an Authorization header: here it becomes one, and
// nothing else knows of auth. So the nearest wins, as with headers, and a start step
// is sent without a value that it cannot know yet.

const authorization = "Authorization"

// headersAndAuth compiles the headers of one place and the header of its auth. A header
// without a Value removes the one of a wider place: auth: none.
func (b *builder) headersAndAuth(s *expr.Scope, v *grammar.Value) []config.Header {
	headers, auth := b.headers(s, v.Get("headers")), v.Get("auth")
	if auth == nil {
		return headers
	}
	for _, m := range v.Get("headers").Members() {
		if strings.EqualFold(m.Key, authorization) {
			b.Add(auth.Pos, auth.Path, "the headers beside it have an Authorization too; keep one of them")
			return headers
		}
	}
	if auth.Kind == grammar.ScalarKind {
		return append(headers, config.Header{Name: authorization})
	}
	header := config.Header{Name: authorization}
	if bearer := auth.Get("bearer"); bearer != nil {
		header.Value = b.bearer(s, bearer)
	} else if digest := auth.Get("digest"); digest != nil {
		header.Value, header.Source = b.basic(s, digest)
		header.Digest, header.Source = true, "digest: "+header.Source
	} else {
		header.Value, header.Source = b.basic(s, auth.Get("basic"))
	}
	if header.Value == nil {
		return headers // reported
	}
	return append(headers, header)
}

func (b *builder) bearer(s *expr.Scope, v *grammar.Value) *expr.Template {
	t := b.template(s, v)
	if t == nil {
		return nil
	}
	text, fixed := t.Static()
	word, _, _ := strings.Cut(v.Text, " ")
	err := checkHeaderValue(v.Text)
	switch {
	case strings.EqualFold(word, "Bearer"):
		err = fmt.Errorf("the word Bearer is written by loadgate; write the token alone")
	case fixed && text == "":
		err = fmt.Errorf("is empty; write a token")
	case fixed && err == nil:
		err = checkHeaderValue(text)
	}
	if err != nil {
		b.Add(v.Pos, v.Path, "%v", err)
		return nil
	}
	return b.header(s, v, "Bearer "+v.Text)
}

// basic returns the header's value, and how it would be written as a header
// when that is not the value's own text.
func (b *builder) basic(s *expr.Scope, v *grammar.Value) (value *expr.Template, source string) {
	name, password := b.template(s, v.Get("username")), b.template(s, v.Get("password"))
	if name == nil || password == nil {
		return nil, ""
	}
	user, fixedUser := name.Static()
	word, fixedWord := password.Static()
	if fixedUser && strings.Contains(user, ":") {
		at := v.Get("username")
		b.Add(at.Pos, at.Path, "%q has a colon, which ends the name in basic and digest authentication; write a name "+
			"without one", user)
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
func (b *builder) header(s *expr.Scope, v *grammar.Value, text string) *expr.Template {
	t, err := s.Template(text)
	if err != nil {
		b.Add(v.Pos, v.Path, "is too much for one header (%v); write it as a var, and its name here", err)
		return nil
	}
	return t
}

// operands lists the parts of a template as expressions.
func operands(t *expr.Template) []string {
	var parts []string
	text, at := t.String(), 0
	for _, hole := range append(t.Holes(), expr.Hole{Start: len(text), End: len(text)}) {
		if literal := endpoint.Unescape(text[at:hole.Start]); literal != "" {
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
