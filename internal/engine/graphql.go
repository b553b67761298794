package engine

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
)

// graphQLErrors are the errors in an answer, which comes with a status of 200 all the same.
var graphQLErrors = compiled("body.errors")

// compiled is an expression of the engine's own that reads an answer.
func compiled(source string) *expr.Program {
	p, err := expr.NewScope(nil, nil).WithResponse().Compile(source)
	if err != nil {
		panic("engine: " + err.Error()) // of a constant
	}
	return p
}

// graphQLFailure says how an operation of GraphQL failed whose answer has a status of success. One without errors has
// data: without both it comes from something else, such as a page to log in.
func (w *virtualUser) graphQLFailure(s *step) (metric.Failure, string) {
	found, err := graphQLErrors.Eval(w.env)
	list, isList := found.([]any)
	switch {
	case err != nil:
		return metric.Expectation, s.told("errors of the answer", err).Error()
	case found == nil || isList && len(list) == 0:
		if w.env.HasMember("data") {
			return metric.OK, ""
		}
		return metric.Expectation, "the answer has neither data nor errors, so it does not come from a GraphQL service"
	case s.Secret:
		return metric.Expectation, "the answer has errors, and which is secret"
	case isList:
		found = list[0]
	}
	if first, ok := found.(map[string]any); ok && first["message"] != nil {
		found = first["message"]
	}
	return metric.Expectation, fmt.Sprintf("the answer has errors: %v", found)
}
