package expr

import (
	"github.com/expr-lang/expr/ast"
)

// direct returns a function for the trees that need no machine, which are
// most of what templates hold: literals, names, and calls whose arguments are
// literals or such calls. nil: the tree needs the machine. isConstant says
// that the value never changes.
func direct(node ast.Node) (eval func(*Env) (any, error), isConstant bool) {
	if value, ok := constant(node); ok {
		return func(*Env) (any, error) { return value, nil }, true
	}
	switch n := node.(type) {
	case *ast.IdentifierNode:
		name := n.Value
		return func(e *Env) (any, error) { return e.names[name], nil }, false
	case *ast.CallNode:
		if f := functions[calleeName(n)]; f != nil {
			return directCall(f, n.Arguments[1:]), false
		}
	}
	return nil, false
}

func directCall(f *function, nodes []ast.Node) func(*Env) (any, error) {
	args := make([]any, len(nodes))
	for i, node := range nodes {
		value, ok := constant(node)
		if ok {
			value, ok = f.param(i, len(nodes)).take(value)
		}
		if !ok {
			return nil
		}
		args[i] = value
	}
	if f.vet != nil && f.vet(args) != nil {
		return nil // the machine says why, when it runs
	}
	// The arguments fit and no function changes them: they are shared by all
	// users.
	return func(e *Env) (any, error) { return f.call(e, args) }
}
