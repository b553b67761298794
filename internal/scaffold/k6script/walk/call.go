package walk

import (
	"strings"

	"github.com/grafana/sobek/ast"
)

// calls reads calls of functions.
type calls struct{ *walk }

// callExpression is what a call gives; a request that it makes is noted.
func (w calls) callExpression(e *ast.CallExpression, in *scope, depth int) value {
	callee := w.expression(e.Callee, in, depth+1)
	switch f := callee.(type) {
	case *function:
		return w.call(f, w.arguments(e, in, depth), depth)
	case builtin:
		if v, ok := asker(w).http(e, f, in, depth); ok {
			return v
		}
		return builtins(w).builtinCall(e, f, in, depth)
	case bound:
		return methods(w).method(e, f, in, depth)
	case foreign:
		if f.name == "describe" && strings.Contains(f.module, "/k6chaijs/") {
			w.asked[e.Idx0()] = true
			return asker(w).inGroup(e, in, depth)
		}
		w.arguments(e, in, depth)
		return w.outside(e, f)
	}
	w.arguments(e, in, depth)
	if l, ok := callee.(lost); ok {
		return l
	}
	return w.lose(e)
}

// call reads a function of the script, as if its statements stood here.
func (w calls) function(f *function, arguments []value, depth int) value {
	if w.calls >= deepestCalls {
		w.Look("functions call each other more deeply than init reads")
		return lost{"it is of a function that calls itself"}
	}
	w.calls++
	defer func() { w.calls-- }()
	in := newScope(f.scope, w.unsure)
	in.whole = true
	if f.parameters != nil {
		for i, p := range f.parameters.List {
			v := argument(arguments, i)
			if v == nil && p.Initializer != nil {
				v = w.expression(p.Initializer, in, depth+1)
			}
			w.bind(p.Target, v, in)
		}
	}
	switch body := f.body.(type) {
	case *ast.BlockStatement:
		before := w.returned
		w.returned = nil
		w.statements(body.List, in)
		v := w.returned
		w.returned = before
		return v
	case *ast.ExpressionBody:
		return w.expression(body.Expression, in, depth+1)
	}
	return nil
}

// create is a new object of a class that init knows.
func (w calls) create(e *ast.NewExpression, in *scope, depth int) value {
	callee := w.expression(e.Callee, in, depth+1)
	var arguments []value
	for _, one := range e.ArgumentList {
		arguments = append(arguments, w.expression(one, in, depth+1))
	}
	if f, ok := callee.(foreign); ok {
		return w.outside(e, f)
	}
	kind, _ := callee.(builtin)
	switch {
	case kind == "data.SharedArray":
		if f, ok := argument(arguments, 1).(*function); ok {
			if list, ok := w.call(f, nil, depth).(*array); ok {
				return list
			}
		}
		return lost{w.at(e, "its rows are of a file: write data")}
	case strings.HasPrefix(string(kind), "metrics."):
		return builtin("metric")
	case kind == "Date" && len(arguments) == 0:
		return code("now()", w.draw())
	}
	return w.lose(e)
}
