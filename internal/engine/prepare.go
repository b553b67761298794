package engine

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/spec"
)

// step is a step of the plan made ready to be sent: whatever is the same for
// every user is done once.
type step struct {
	*plan.Step
	headers  []header
	fields   []client.Field // all headers, when fixed
	fixed    bool           // no header has an expression
	target   string         // the path, when it has no expression
	body     []byte         // when bodyOnce
	bodyOnce bool
	keepBody bool
}

// header is one header to send; text when it has no expression.
type header struct {
	name, text string
	value      *expr.Template
}

// prepare makes every step of a plan ready.
func prepare(p *plan.Plan) map[*plan.Step]*step {
	steps := map[*plan.Step]*step{}
	for i := range p.Groups {
		g := &p.Groups[i]
		for j := range g.Start {
			s := &g.Start[j]
			steps[s] = newStep(s, nearest(p.Spec.Target.Headers, available(g.Headers, g.Start[j:]), s.Headers))
		}
		for j := range g.Steps {
			s := &g.Steps[j]
			steps[s] = newStep(s, nearest(p.Spec.Target.Headers, g.Headers, s.Headers))
		}
	}
	return steps
}

// available leaves out the headers that need what the start steps from here
// on are still to capture: the login does not send the token that it fetches.
func available(headers []spec.Header, ahead []plan.Step) []spec.Header {
	return slices.DeleteFunc(slices.Clone(headers), func(h spec.Header) bool {
		return slices.ContainsFunc(ahead, func(s plan.Step) bool {
			return slices.ContainsFunc(s.Capture, func(c spec.Capture) bool { return h.Value.Uses(c.Name) })
		})
	})
}

func newStep(s *plan.Step, headers []header) *step {
	out := &step{Step: s, headers: headers, fixed: true}
	if s.Body != nil && s.Body.ContentType != "" && !has(headers, "Content-Type") {
		out.headers = append(out.headers, header{name: "Content-Type", text: s.Body.ContentType})
	}
	for _, h := range out.headers {
		out.fixed = out.fixed && h.value == nil
		out.fields = append(out.fields, client.Field{Name: h.name, Value: h.text})
	}
	out.target, _ = s.Path.Static()
	out.keepBody = s.Expect != nil && s.Expect.UsesBody()
	for _, c := range s.Capture {
		out.keepBody = out.keepBody || c.Value.UsesBody()
	}
	if constant(s.Body) {
		body, err := appendBody(nil, s.Body, nil)
		out.body, out.bodyOnce = body, err == nil
	}
	return out
}

// nearest joins lists of headers; a later list wins over an earlier one.
func nearest(lists ...[]spec.Header) []header {
	var out []header
	for _, list := range lists {
		for _, from := range list {
			h := header{name: http.CanonicalHeaderKey(from.Name), value: from.Value}
			if text, ok := from.Value.Static(); ok {
				h.text, h.value = text, nil
			}
			if at := index(out, h.name); at >= 0 {
				out[at] = h
			} else {
				out = append(out, h)
			}
		}
	}
	return out
}

func index(headers []header, name string) int {
	for i, h := range headers {
		if h.name == name {
			return i
		}
	}
	return -1
}

func has(headers []header, name string) bool { return index(headers, name) >= 0 }

// constant says whether a body is the same for every request.
func constant(b *spec.Body) bool {
	switch {
	case b == nil:
		return true
	case b.JSON != nil:
		return b.JSON.Static()
	case b.Text != nil:
		_, ok := b.Text.Static()
		return ok
	}
	for _, f := range b.Form {
		if _, ok := f.Value.Static(); !ok {
			return false
		}
	}
	return true
}

// appendBody renders a body; env may be nil for a constant one.
func appendBody(dst []byte, b *spec.Body, env *expr.Env) ([]byte, error) {
	switch {
	case b == nil:
		return dst, nil
	case b.JSON != nil:
		return b.JSON.AppendJSON(dst, env)
	case b.Text != nil:
		return b.Text.Append(dst, env)
	case b.File != nil:
		return append(dst, b.File...), nil
	}
	for i, f := range b.Form {
		value, err := f.Value.Append(nil, env)
		if err != nil {
			return dst, err
		}
		if i > 0 {
			dst = append(dst, '&')
		}
		dst = append(append(dst, url.QueryEscape(f.Name)...), '=')
		dst = append(dst, url.QueryEscape(string(value))...)
	}
	return dst, nil
}
