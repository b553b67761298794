package draft

import (
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// comment is a group of which no request is sent, with the reasons.
func (g *Group) comment() string {
	live := *g
	live.Start, live.Steps, live.End = plain(g.Start), plain(g.Steps), plain(g.End)
	one := node.Map()
	node.Set(one, g.Name, live.encode())
	looks := []string{"group " + g.Name + " is a comment: none of its requests can be sent unchanged"}
	return withLooks(lookComment(append(looks, g.reasons()...)), commented(one))
}

func (g *Group) encode() *node.Value {
	m := node.Map()
	if g.Weight > 0 {
		node.Set(m, "weight", node.Number(g.Weight))
	}
	if g.Pacing != "" {
		node.Set(m, "pacing", node.Text(g.Pacing))
	} else {
		node.Set(m, "wait", node.Text(g.Wait))
	}
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
	encodeOnce(m, "start", g.Start)
	node.Set(m, "steps", steps(g.Steps))
	encodeOnce(m, "end", g.End)
	return m
}

func (r Rule) encode() *node.Value {
	m := node.Map()
	endpoints := node.List()
	names := r.names()
	for _, e := range names {
		endpoints.Content = append(endpoints.Content, node.Text(e))
	}
	if len(names) == 1 {
		endpoints = endpoints.Content[0]
	}
	node.Set(m, "endpoints", short(endpoints))
	if r.Loads != nil {
		loads := node.List()
		for _, l := range r.Loads {
			loads.Content = append(loads.Content, node.Text(l))
		}
		node.Set(m, "loads", node.Inline(loads))
	}
	for _, l := range r.Limits {
		node.Set(m, l.Name, node.Scalar("!!str", l.Text))
	}
	return node.Inline(m)
}
