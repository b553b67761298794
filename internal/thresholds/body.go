package thresholds

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
)

// body builds what a step sends and settles its Content-Type: that of the
// step's own headers, else content_type, else that of the kind of body. One
// that comes from group or target speaks only for steps without a body.
func (b stepBuilder) body(s *config.Step, own []config.Header, v *grammar.Value) (operation string) {
	body := &config.Body{}
	content := v.Get("content_type")
	switch {
	case v.Get("json") != nil:
		from := v.Get("json")
		body.ContentType, body.JSON, body.Source = "application/json",
			b.tree(b.scope, from), string(from.Canonical(nil))
	case v.Get("form") != nil:
		body.ContentType, body.Form = "application/x-www-form-urlencoded", []config.Field{}
		for _, m := range v.Get("form").Members() {
			for _, v := range m.Value.List() {
				if t := b.template(b.scope, v); t != nil {
					body.Form = append(body.Form, config.Field{Name: m.Key, Value: t})
				}
			}
		}
	case v.Get("text") != nil:
		body.ContentType, body.Text = "text/plain; charset=utf-8", b.template(b.scope, v.Get("text"))
	case v.Get("file") != nil:
		body.ContentType, body.File = "application/octet-stream", b.file(v.Get("file"))
	case v.Get("multipart") != nil:
		body.Multipart = b.multipart(v.Get("multipart"))
		body.Boundary = boundary(body.Multipart)
		body.ContentType = "multipart/form-data; boundary=" + body.Boundary
		if content != nil {
			b.Add(content.Pos, content.Path, "multipart has a content type of its own, with the boundary in it; "+
				"leave it out, or write the one of a part in the part")
		}
	case v.Get("graphql") != nil:
		body.ContentType = "application/json"
		operation = b.graphQL(body, v.Get("graphql"))
	default:
		if content != nil && !b.Under(v.Path) {
			b.Add(content.Pos, content.Path,
				"there is no body for it; write json, form, text, file, multipart or graphql beside it")
		}
		return ""
	}
	isContentType := func(h config.Header) bool { return h.Is("Content-Type") }
	if i := slices.IndexFunc(own, isContentType); i >= 0 {
		header := v.Get("headers")
		text, fixed := own[i].Value.Static()
		switch {
		case body.Multipart != nil:
			b.Add(header.Pos, header.Path,
				"multipart has a Content-Type of its own, with the boundary in it; leave it out")
		case content != nil:
			b.Add(content.Pos, content.Path, "the step's headers have a Content-Type too; keep one of them")
		case !fixed:
			b.Add(header.Pos, header.Path, "Content-Type changes from request to request; write a fixed text")
		default:
			body.ContentType = text
		}
	}
	body.ContentType = grammar.Or(content, body.ContentType)
	s.Headers = slices.DeleteFunc(s.Headers, isContentType)
	s.Body = body
	return operation
}
