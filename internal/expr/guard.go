package expr

import (
	"reflect"

	"github.com/expr-lang/expr/ast"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// guard walks the checked tree and puts the package's own operators where the
// library's need types that are known only at run time: a value of an answer,
// a capture, a var or a data row may be nil, or a number that keeps its
// digits. Calls it writes keep the type of what they replace.
type guard struct {
	source string
	err    *Error // the first constant that a function refuses
}

func (g *guard) guard(node ast.Node) ast.Node {
	switch n := node.(type) {
	case nil:
		return nil
	case *ast.UnaryNode:
		n.Node = g.guard(n.Node)
		switch {
		case n.Operator == "!" || n.Operator == "not":
			n.Node = g.truth(n.Node)
		case n.Operator == "-" && !isKnown(n.Node):
			return g.in(n, "$negate", n.Node)
		}
	case *ast.BinaryNode:
		n.Left, n.Right = g.guard(n.Left), g.guard(n.Right)
		return g.binary(n)
	case *ast.SliceNode:
		n.Node = g.guard(n.Node)
		if !isKnown(n.Node) {
			n.Node = g.in(n.Node, "$plain", n.Node)
		}
		n.From, n.To = g.whole(g.guard(n.From)), g.whole(g.guard(n.To))
	case *ast.CallNode:
		for i, arg := range n.Arguments {
			n.Arguments[i] = g.guard(arg)
		}
		g.vet(n)
	case *ast.BuiltinNode:
		return g.predicate(n)
	case *ast.PredicateNode:
		n.Node = g.guard(n.Node)
	case *ast.ConditionalNode:
		n.Cond, n.Exp1, n.Exp2 = g.truth(g.guard(n.Cond)), g.guard(n.Exp1), g.guard(n.Exp2)
	case *ast.ArrayNode:
		for i, item := range n.Nodes {
			n.Nodes[i] = g.guard(item)
		}
	case *ast.MapNode:
		for _, pair := range n.Pairs {
			p := pair.(*ast.PairNode)
			p.Value = g.guard(p.Value)
		}
	}
	return node
}

func (g *guard) binary(n *ast.BinaryNode) ast.Node {
	switch n.Operator {
	case "and", "&&", "or", "||":
		n.Left, n.Right = g.truth(n.Left), g.truth(n.Right)
	case "..":
		first, _ := constant(n.Left)
		last, _ := constant(n.Right)
		if a, ok := first.(int); ok {
			if b, ok := last.(int); ok && b >= a && uint64(b)-uint64(a) >= budgetItems {
				g.fail(n, "the range %d..%d is longer than 1,000,000 items; write a shorter one", a, b)
			}
		}
		n.Left, n.Right = g.whole(n.Left), g.whole(n.Right)
	case "matches":
		if !isKnown(n.Left) {
			n.Left = g.in(n.Left, "$plain", n.Left)
		}
	case "??":
	case "in":
		if _, literals := constant(n.Right); !literals || !isKnown(n.Left) {
			return g.in(n, "$in", n.Left, n.Right)
		}
	case "==", "!=":
		l, r := n.Left.Type(), n.Right.Type()
		if isScalar(l) && isScalar(r) && !alike(l, r) && !isNil(n.Left) && !isNil(n.Right) {
			g.fail(n, "cannot compare %s with %s; compare values of one kind", describeType(l), describeType(r))
		}
		if !isNil(n.Left) && !isNil(n.Right) && !(isKnown(n.Left) && isKnown(n.Right)) {
			return g.in(n, "$"+n.Operator, n.Left, n.Right)
		}
	default:
		if divisor, ok := constant(n.Right); ok && (n.Operator == "/" || n.Operator == "%") &&
			dynamic.Equal(divisor, 0) {
			g.fail(n, "the expression divides by zero; write another divisor")
		}
		text := typeOf(n.Left.Type()) == String
		if text || !isKnown(n.Left) || !isKnown(n.Right) || n.Operator == "/" || n.Operator == "%" {
			return g.in(n, "$"+n.Operator, n.Left, n.Right)
		}
	}
	return n
}

// predicate guards filter(list, …) and its kin: the list is charged to the
// budget each time it is walked, and what must be a truth is made sure of.
func (g *guard) predicate(n *ast.BuiltinNode) ast.Node {
	for i, arg := range n.Arguments {
		n.Arguments[i] = g.guard(arg)
	}
	n.Arguments[0] = g.in(n.Arguments[0], "$items", n.Arguments[0])
	if len(n.Arguments) < 2 {
		if n.Name == "sum" || n.Name == "count" {
			n.Arguments = append(n.Arguments, at(n, &ast.PredicateNode{Node: at(n, &ast.PointerNode{})}))
		}
	}
	if len(n.Arguments) < 2 {
		return n
	}
	p, ok := n.Arguments[1].(*ast.PredicateNode)
	if !ok {
		return n
	}
	switch n.Name {
	case "map":
	case "sum", "sortBy":
		p.Node = g.in(p.Node, "$plain", p.Node)
	default:
		p.Node = g.truth(p.Node)
	}
	return n
}

// truth makes sure that a condition of unknown type is true or false.
func (g *guard) truth(node ast.Node) ast.Node {
	if isKnown(node) {
		return node
	}
	return g.in(node, "$truth", node)
}

// whole makes sure that an index of unknown type is a whole number.
func (g *guard) whole(node ast.Node) ast.Node {
	if node == nil || isKnown(node) {
		return node
	}
	return g.in(node, "$whole", node)
}

// in replaces node by a call, with node's type.
func (g *guard) in(node ast.Node, name string, args ...ast.Node) ast.Node {
	call := own(node, name, args...)
	call.SetNature(*node.Nature())
	return call
}

// vet asks a function about its constant arguments, so that int(5, 1) is a
// mistake of the file and not of the run.
func (g *guard) vet(n *ast.CallNode) {
	f := functions[calleeName(n)]
	if f == nil || f.vet == nil || g.err != nil {
		return
	}
	args := make([]any, 0, len(n.Arguments))
	for i, arg := range n.Arguments[1:] {
		value, ok := constant(arg)
		if ok {
			value, ok = f.param(i, len(n.Arguments)-1).take(value)
		}
		if !ok {
			return
		}
		args = append(args, value)
	}
	if err := f.vet(args); err != nil {
		g.fail(n, "%v", err)
	}
}

func (g *guard) fail(node ast.Node, format string, args ...any) {
	if g.err == nil {
		g.err = errorAt(place(g.source, node.Location()), format, args...)
	}
}

// isKnown says whether the value of node has at run time the scalar type that
// the checker gave it. Names and fields of records do not: their values come
// from outside.
func isKnown(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return n.Value == "status"
	case *ast.CallNode:
		if name := calleeName(n); name == "$field" {
			return false
		}
	case *ast.ConditionalNode:
		// The library gives cond ? 1 : nil the type of the 1.
		return isKnown(n.Exp1) && isKnown(n.Exp2) && n.Exp1.Type() == n.Exp2.Type()
	case *ast.BinaryNode:
		if n.Operator == "??" {
			return false
		}
	case *ast.NilNode:
		return false
	}
	return isScalar(node.Type())
}

func isScalar(t reflect.Type) bool {
	switch t {
	case boolType, intType, floatType, stringType, timeType, durationType:
		return true
	}
	return false
}

// alike says whether values of two scalar types can be equal.
func alike(a, b reflect.Type) bool {
	number := func(t reflect.Type) bool { return t == intType || t == floatType }
	return a == b || number(a) && number(b)
}
