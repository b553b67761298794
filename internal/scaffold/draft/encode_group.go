package draft

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// comment is a group of which no request is sent, with the reasons.
func (g *Group) comment() string {
	live := *g
	live.Steps = nil
	for _, s := range g.Steps {
		one := *s
		one.Commented, one.Looks = false, nil
		live.Steps = append(live.Steps, &one)
	}
	one := node.Map()
	node.Set(one, g.Name, live.encode())
	looks := []string{"group " + g.Name + " is a comment: none of its requests can be sent unchanged"}
	return lookComment(append(looks, g.reasons()...)) + "\n" + commented(one)
}

func (g *Group) encode() *node.Value {
	m := node.Map()
	if g.Weight > 0 {
		node.Set(m, "weight", node.Number(g.Weight))
	}
	node.Set(m, "wait", node.Text(g.Wait))
	if g.Weighted {
		node.Set(m, "order", node.Text("weighted"))
	}
	if len(g.Headers) > 0 {
		node.Set(m, "headers", short(pairs(g.Headers)))
	}
	if g.Auth != nil {
		node.Set(m, "auth", short(g.Auth))
	}
	if len(g.Vars) > 0 {
		node.Set(m, "vars", short(pairs(g.Vars)))
	}
	if len(g.Start) > 0 {
		node.Set(m, "start", steps(g.Start))
	}
	node.Set(m, "steps", steps(g.Steps))
	return m
}

// commented is a part of the file as a comment.
func commented(n *node.Value) string {
	var out strings.Builder
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if e.Encode(n) != nil || e.Close() != nil {
		return ""
	}
	return "# " + strings.ReplaceAll(strings.TrimRight(out.String(), "\n"), "\n", "\n# ")
}

func (s *Step) encode() *node.Value {
	request := node.Text(s.Method + " " + s.Path)
	m := node.Map()
	node.Set(m, "request", request)
	if s.Name != "" {
		node.Set(m, "name", node.Text(s.Name))
	}
	if s.Times > 1 {
		node.Set(m, "times", node.Number(float64(s.Times)))
	}
	if s.Weight > 0 {
		node.Set(m, "weight", node.Number(float64(s.Weight)))
	}
	if s.When != "" {
		node.Set(m, "when", node.Text(s.When))
	}
	if len(s.Headers) > 0 {
		node.Set(m, "headers", short(pairs(s.Headers)))
	}
	if s.Auth != nil {
		node.Set(m, "auth", short(s.Auth))
	}
	if s.Body != nil {
		node.Set(m, s.Body.Key, short(s.Body.Content))
	}
	if s.Expect != "" {
		node.Set(m, "expect", node.Text(s.Expect))
	}
	if len(s.Captures) > 0 {
		node.Set(m, "capture", short(pairs(s.Captures)))
	}
	if s.Follow {
		node.Set(m, "follow", node.Bool(true))
	}
	if s.Secret {
		node.Set(m, "secret", node.Bool(true))
	}
	switch len(m.Content) {
	case 2:
		return request
	case 4:
		if s.Weight > 0 || s.Times > 1 || s.Follow {
			return node.Inline(m)
		}
	}
	return m
}

func (r Rule) encode() *node.Value {
	m := node.Map()
	endpoints := node.List()
	for _, e := range r.Endpoints {
		endpoints.Content = append(endpoints.Content, node.Text(e))
	}
	if len(r.Endpoints) == 1 {
		endpoints = endpoints.Content[0]
	}
	node.Set(m, "endpoints", short(endpoints))
	for _, l := range r.Limits {
		node.Set(m, l.Name, node.Scalar("!!str", l.Text))
	}
	return node.Inline(m)
}

// lookComment is what a person must look at, as a comment. Its text is of the source,
// and stays on its line.
func lookComment(looks []string) string {
	var lines []string
	for _, l := range looks {
		lines = append(lines, "# look: "+naming.Line(l))
	}
	return strings.Join(lines, "\n")
}

// entry appends a name with comments above it.
func entry(to *node.Value, name string, looks []string, v *node.Value) {
	node.Set(to, name, v)
	to.Content[len(to.Content)-2].HeadComment = lookComment(looks)
}

func pairs(all []Pair) *node.Value {
	m := node.Map()
	for _, p := range all {
		node.Set(m, p.Name, node.Text(p.Text))
	}
	return m
}

// short puts a tree that is small on one line.
func short(v *node.Value) *node.Value {
	if v.Kind == yaml.ScalarNode {
		return v
	}
	length := 0
	for _, c := range v.Content {
		if c.Kind != yaml.ScalarNode {
			length += 40
		}
		length += len(c.Value) + 4
	}
	if length <= 90 {
		return node.Inline(v)
	}
	for i, c := range v.Content {
		if v.Kind == yaml.SequenceNode || i%2 == 1 {
			short(c)
		}
	}
	return v
}
