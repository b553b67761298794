package jmeter

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/request"
)

// group is a thread group on its way to be a group of users.
type group struct {
	*plan
	group    *draft.Group
	requests *request.Group
	out      *[]*draft.Step
	task     *draft.Task            // the transaction that is read; nil: none
	off      string                 // why nothing of the present controller is sent; empty: it is
	pauses   map[*draft.Step]extent // before each request
	carried  extent                 // before the next one, beside its own timers
}

// addHeader adds a header that every request of the group has.
func (g *group) addHeader(h draft.Pair) {
	if !naming.IsHeader(h.Name) || strings.EqualFold(h.Name, "cookie") ||
		strings.EqualFold(h.Name, "content-type") && strings.HasPrefix(h.Text, "application/json") {
		return // a body says the latter by itself
	}
	if request.NamesSecret(g.group.Look, h.Name) {
		return
	}
	h.Text = g.requests.Header(g.group.Look, h)
	g.group.Headers = slices.DeleteFunc(g.group.Headers,
		func(o draft.Pair) bool { return strings.EqualFold(o.Name, h.Name) })
	g.group.Headers = append(g.group.Headers, h)
}

// extent is a range of a pause, in milliseconds.
type extent struct{ least, most float64 }

// plus is one pause after another.
func (e extent) plus(o extent) extent { return extent{e.least + o.least, e.most + o.most} }

// headers are those of managers. They are read where they are sent: a group may capture what they show.
func (g *group) headers(managers []item) (all []draft.Pair) {
	for _, i := range managers {
		for _, h := range i.parts("HeaderManager.headers") {
			name := h.prop("Header.name")
			text, problem := g.names.template(h.prop("Header.value"))
			if problem != "" {
				g.group.Look(g.about(i.element,
					"has a header that is left out, "+naming.Line(name)+": "+naming.Line(problem)))
				continue
			}
			all = slices.DeleteFunc(all, func(o draft.Pair) bool { return strings.EqualFold(o.Name, name) })
			all = append(all, draft.Pair{Name: name, Text: text})
		}
	}
	return all
}
