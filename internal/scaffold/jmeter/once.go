package jmeter

import (
	"fmt"
	"maps"
	"slices"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/request"
)

// once makes the steps of setup or teardown, by its key, of what a thread group sends before or after the load. Threads
// share no variables in JMeter: no user reads what it captures.
func (p *plan) once(i item, all scope, key string, to *[]*draft.Step) {
	tasks, captured := maps.Clone(p.tasks), p.names.captured
	if threads := p.numbers(i); threads.users > 1 {
		p.look(i.element, fmt.Sprintf("has %d threads: %s is sent once", threads.users, key))
	}
	g := p.newGroup(i, all)
	g.group.Name = i.name()
	s := p.config(i.below, all, g) // with the headers, which are those of each step here
	g.walk(i.below, s)
	g.group.Steps, g.group.Start = slices.Concat(g.group.Start, g.group.Steps), nil
	p.tasks, p.names.captured = tasks, captured
	g.requests.Judge()
	for _, look := range g.group.Looks {
		p.draft.AddLook(look)
	}
	for _, st := range g.group.Steps {
		if st.Task != nil && st.Task.Times > 1 {
			st.Look(fmt.Sprintf("it is sent %d times in the plan: here once", st.Task.Times))
		}
		st.Task = nil
		if st.Auth == nil && !draft.HasHeader(st.Headers, "Authorization") {
			st.Auth = g.group.Auth
		}
	}
	if len(g.group.Steps) == 0 {
		p.look(i.element, "has no HTTP request that is read, and is left out")
	}
	*to = append(*to, g.group.Steps...)
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
