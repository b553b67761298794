package engine

import (
	"net/url"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/plan"
)

// step is a step of the plan made ready to be sent: whatever is the same for
// every user is done once.
type step struct {
	*plan.Step
	headers  []header
	digest   *credentials     // nil: it answers no challenges
	fields   []client.Field   // all headers, when fixed
	fixed    bool             // no header has an expression
	host     int              // as client.Request has it
	target   string           // the path, when it has no expression
	same     *client.Prepared // of a step that sends every user's request alike; else nil
	body     []byte           // when bodyOnce
	bodyOnce bool
	graphQL  bool     // the answer says in itself whether it failed
	reads    bool     // an expression reads the answer, or that is asked
	keepBody bool     // and its body
	traced   bool     // its requests may be sampled
	captors  []captor // of the group
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
		prepareGroup(steps, p, &p.Groups[i])
	}
	return steps
}

// prepareGroup makes the steps of one group ready.
func prepareGroup(steps map[*plan.Step]*step, p *plan.Plan, g *plan.Group) {
	captured := captors(g)
	for s := range g.All() {
		steps[s] = newStep(s)
		steps[s].host = p.Config.Host(s.Host)
		steps[s].captors = captured
		steps[s].traced = p.Config.Traces(*s.Step)
	}
}

func newStep(s *plan.Step) *step {
	out := &step{Step: s, headers: headers(s.Headers), digest: credentialsOf(s.Headers), fixed: true}
	if s.Stream != nil && !slices.ContainsFunc(out.headers, named(accept.name)) {
		out.headers = append(out.headers, accept)
	}
	if s.Body != nil {
		out.headers = append(out.headers, header{name: "Content-Type", text: s.Body.ContentType})
	}
	for _, h := range out.headers {
		out.fixed = out.fixed && h.value == nil
		out.fields = append(out.fields, client.Field{Name: h.name, Value: h.text})
	}
	out.target, _ = s.Path.Static()
	out.graphQL = s.Expect == nil && s.Body != nil && s.Body.GraphQL
	out.reads, out.keepBody = out.graphQL, out.graphQL
	asked := []*expr.Program{s.Expect, s.Poll.Until}
	for _, c := range s.Capture {
		asked = append(asked, c.Value)
	}
	for _, p := range asked {
		if p != nil {
			out.reads, out.keepBody = true, out.keepBody || p.UsesBody()
		}
	}
	if constant(s.Body) {
		body, err := appendBody(nil, s.Body, nil)
		out.body, out.bodyOnce = body, err == nil
	}
	if out.fixed && out.bodyOnce && out.target != "" && out.digest == nil {
		out.same = new(client.Prepared)
	}
	return out
}

// named says of a header whether it has a name.
func named(name string) func(header) bool {
	return func(h header) bool { return strings.EqualFold(h.name, name) }
}

func headers(from []config.Header) []header {
	out := make([]header, 0, len(from))
	for _, h := range from {
		if h.Digest {
			continue
		}
		one := header{name: h.Name}
		var fixed bool
		if one.text, fixed = h.Value.Static(); !fixed {
			one.value = h.Value
		}
		out = append(out, one)
	}
	return out
}

// constant says whether a body is the same for every request.
func constant(b *config.Body) bool {
	switch {
	case b == nil:
		return true
	case b.JSON != nil:
		return b.JSON.Static()
	case b.Text != nil:
		_, ok := b.Text.Static()
		return ok
	}
	for _, p := range b.Multipart {
		if p.Text == nil {
			continue
		}
		if _, ok := p.Text.Static(); !ok {
			return false
		}
	}
	for _, f := range b.Form {
		if _, ok := f.Value.Static(); !ok {
			return false
		}
	}
	return true
}

// appendBody renders a body; env may be nil for a constant one.
func appendBody(dst []byte, b *config.Body, env *expr.Env) ([]byte, error) {
	switch {
	case b == nil:
		return dst, nil
	case b.JSON != nil:
		return b.JSON.AppendJSON(dst, env)
	case b.Text != nil:
		return b.Text.Append(dst, env)
	case b.File != nil:
		return append(dst, b.File...), nil
	case b.Multipart != nil:
		return appendParts(dst, b, env)
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

// captor is a name that steps of a group capture, with their endpoints.
type captor struct {
	name string
	by   []string
}

// captors are the names that the steps of a group capture, in the order of the
// file.
func captors(g *plan.Group) []captor {
	var all []captor
	for s := range g.All() {
		for _, c := range s.Capture {
			i := slices.IndexFunc(all, func(have captor) bool { return have.name == c.Name })
			if i < 0 {
				i, all = len(all), append(all, captor{name: c.Name})
			}
			if !slices.Contains(all[i].by, s.Step.Endpoint) {
				all[i].by = append(all[i].by, s.Step.Endpoint)
			}
		}
	}
	return all
}
