package jmeter

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// plan is a test plan on its way to be a draft.
type plan struct {
	draft   *draft.Draft
	names   *names
	host    string
	given   bool // the host is not that of the plan
	tasks   map[string]bool
	threads []threads
	strange bool // a thread group has a load that is not read
	steps   int
	told    map[*element]bool // requests that are in the draft or in a look
}

// threads are the numbers of a thread group.
type threads struct{ users, ramp, seconds int }

// look adds what a person must look at in the file as a whole, of an element.
func (p *plan) look(e *element, what string) {
	p.draft.AddLook(p.about(e, what))
}

func (p *plan) about(e *element, what string) string {
	return fmt.Sprintf("line %d: %s %s", e.line, naming.Line(strings.TrimSpace(e.tag+" "+e.name())), what)
}

// variables adds those that a plan defines.
func (p *plan) variables(arguments []*element) {
	for _, a := range arguments {
		if name := cmp.Or(a.prop("Argument.name"), a.attrs["name"]); name != "" && a.enabled() {
			p.names.constant[name] = a.prop("Argument.value")
		}
	}
}

// taskName is a name that no other transaction of the plan has.
func (p *plan) taskName(base string) string {
	base = cmp.Or(strings.TrimSpace(naming.Line(base)), "transaction")
	name := base
	for n := 2; p.tasks[name]; n++ {
		name = fmt.Sprintf("%s %d", base, n)
	}
	p.tasks[name] = true
	return name
}

const (
	mostSteps      = 2000
	mostReferences = 200_000
)
