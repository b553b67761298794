package jmeter

import (
	"cmp"
	"fmt"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// reading is a request that is read, and what is not read of it.
type reading struct {
	*group
	item     item
	problems []string
}

// text is a text of a request as a template.
func (in *reading) text(what, text string) string {
	t, problem := in.names.template(text)
	if problem != "" {
		in.refuse("has " + what + " that cannot be sent as it is: " + naming.Line(problem))
		return cmp.Or(t, fmt.Sprintf("(line %d)", in.item.line))
	}
	return t
}

// refuse says why the request cannot be sent as it is; empty: nothing.
func (in *reading) refuse(why string) {
	if why != "" {
		in.problems = append(in.problems, in.about(in.item.element, why))
	}
}
