package github

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/verdict"
)

// linked is the id of a trace, which leads to the trace where somebody said where it is shown. The address has no sign
// that ends a link.
func linked(t content.Trace) string {
	id := typeset.Literal(t.Trace.String(), 2*len(t.Trace))
	if t.URL == "" {
		return id
	}
	return "[" + id + "](" + t.URL + ")"
}

// tracing is the trace of a check that fails; empty: it has none.
func tracing(v content.View, c verdict.Check) string {
	t, ok := v.FailingTrace(c)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s, %s: %s", t.Rank(), t.What(), linked(t))
}

// tracingLine is the trace of an annotation's check as a line; empty: it has none.
func tracingLine(v content.View, c verdict.Check) string {
	t, ok := v.FailingTrace(c)
	if !ok {
		return ""
	}
	return typeset.Clean(fmt.Sprintf("%s, %s: %s, trace %s", t.Endpoint, t.Rank(), t.What(), t.Where()))
}
