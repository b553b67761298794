package jmeter

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/request"
)

// mostNamed is how many requests one look names.
const mostNamed = 12

// once says what a thread group sends before or after the load, for setup or teardown.
func (p *plan) once(i item, all scope, when, key string) {
	before, host, tasks, captured := p.draft.Mark(), p.host, maps.Clone(p.tasks), p.names.captured
	g := p.newGroup(i, all)
	g.group.Name = i.name()
	s := p.config(i.below, all, g)
	g.walk(i.below, s)
	p.draft.Reset(before)
	p.host, p.tasks, p.names.captured = host, tasks, captured
	var sent []string
	for _, st := range slices.Concat(g.group.Start, g.group.Steps) {
		sent = append(sent, st.Method+" "+st.Path)
	}
	if len(sent) == 0 {
		p.look(i.element, "has no HTTP request that is read, and is left out")
		return
	}
	if more := len(sent) - mostNamed; more > 0 {
		sent = append(sent[:mostNamed], fmt.Sprintf("%d more", more))
	}
	p.look(i.element, fmt.Sprintf("is done once, %s: write %s with %s", when, key, strings.Join(sent, ", ")))
}

// newGroup begins with a thread group, and knows what its requests capture.
func (p *plan) newGroup(i item, all scope) *group {
	g := &group{plan: p, group: &draft.Group{}, pauses: map[*draft.Step]extent{}}
	g.requests = request.NewGroup(p.draft, g.group)
	p.names.captured = map[string]string{}
	g.findCaptures(all.extractors)
	g.findCaptures(i.below)
	g.out = &g.group.Steps
	return g
}
