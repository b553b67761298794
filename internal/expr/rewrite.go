package expr

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/file"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
	"github.com/loadgate/loadgate/internal/unit"
)

// rewriter resolves the names of a parsed tree and writes the language's own
// functions into it. It refuses what the language leaves out: statements,
// methods, bytes, and functions it does not know.
type rewriter struct {
	scope    *Scope
	source   string
	usesBody bool
	walks    bool     // a predicate walks a list
	names    []string // vars, captures and records that are read
	inList   bool     // inside the item of a list, outside predicates of its own
	err      *Error   // the first one
}

func (r *rewriter) fail(node ast.Node, format string, args ...any) ast.Node {
	if r.err == nil {
		r.err = errorAt(place(r.source, node.Location()), format, args...)
	}
	return node
}

// rewrite returns what replaces node. It visits in the order of the source, so that
// the first mistake is reported.
func (r *rewriter) rewrite(node ast.Node, depth int) ast.Node {
	if r.err != nil || node == nil {
		return node
	}
	if depth > maxNested {
		return r.fail(node, "the expression nests deeper than %d levels; write it in simpler parts", maxNested)
	}
	depth++
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return r.name(n)
	case *ast.UnaryNode:
		n.Node = r.rewrite(n.Node, depth)
	case *ast.BinaryNode:
		n.Left, n.Right = r.rewrite(n.Left, depth), r.rewrite(n.Right, depth)
		if _, literal := n.Right.(*ast.StringNode); n.Operator == "matches" && !literal {
			return r.fail(n.Right, "the pattern of matches is not a text; write it in quotes")
		}
	case *ast.ChainNode:
		return r.rewrite(n.Node, depth) // a?.b is a.b: every access is nil-safe
	case *ast.MemberNode:
		return r.member(n, depth)
	case *ast.SliceNode:
		n.Node, n.From, n.To = r.rewrite(n.Node, depth), r.rewrite(n.From, depth), r.rewrite(n.To, depth)
	case *ast.CallNode:
		return r.call(n, depth)
	case *ast.BuiltinNode:
		r.walks = true
		if !slices.Contains(predicates, n.Name) {
			return r.unknownFunction(n, n.Name)
		}
		for i, arg := range n.Arguments {
			n.Arguments[i] = r.rewrite(arg, depth)
		}
	case *ast.PredicateNode:
		inList := r.inList
		r.inList = false
		n.Node = r.rewrite(n.Node, depth)
		r.inList = inList
	case *ast.PointerNode:
		if r.inList {
			// The map that list becomes has a # of its own.
			return r.fail(n, "the item of an outer list is not known inside list(n, item); write a name or a value")
		}
	case *ast.ConditionalNode:
		n.Cond, n.Exp1, n.Exp2 = r.rewrite(n.Cond, depth), r.rewrite(n.Exp1, depth), r.rewrite(n.Exp2, depth)
	case *ast.ArrayNode:
		for i, item := range n.Nodes {
			n.Nodes[i] = r.rewrite(item, depth)
		}
	case *ast.MapNode:
		for _, pair := range n.Pairs {
			p := pair.(*ast.PairNode)
			if _, literal := p.Key.(*ast.StringNode); !literal {
				return r.fail(p.Key, "a computed key is not part of the language; write the key as a name or in quotes")
			}
			p.Value = r.rewrite(p.Value, depth)
		}
	case *ast.VariableDeclaratorNode:
		return r.fail(n, "let is not part of the language; write a var under vars:")
	case *ast.SequenceNode:
		return r.fail(n, "an expression has one value; remove the semicolon")
	case *ast.BytesNode:
		return r.fail(n, "bytes are not part of the language; write a text without the b before the quote")
	}
	return node
}

// name resolves an identifier that stands alone.
func (r *rewriter) name(n *ast.IdentifierNode) ast.Node {
	switch name := n.Value; {
	case r.scope.Has(name):
		r.names = append(r.names, name)
		return n
	case slices.Contains(responseNames, name) && !r.scope.response:
		return r.fail(n, "%s is known only after an answer; use it in expect or capture", name)
	case name == "status":
		return n
	case name == "body":
		r.usesBody = true
		return own(n, "$body")
	case name == "headers":
		return r.fail(n, "headers is not a value; write headers[\"content-type\"]")
	case name == "cookies":
		return r.fail(n, "cookies is not a value; write cookies[\"session\"]")
	case isFunction(name):
		return r.fail(n, "%s is a function; write %s", name, usage(name))
	case isSecretName(name):
		return r.fail(n, "%q is not a name; write one of letters, digits and underscores", name)
	case name == "null" || name == "None":
		return r.fail(n, "unknown name %q; write nil", name)
	default:
		r.fail(n, "unknown name %q; %s", name, r.remedy(name))
		r.err.Unknown = name
		return n
	}
}

func (r *rewriter) remedy(name string) string {
	if near, ok := Nearest(name, append(r.scope.candidates(), wordNames[:3]...)); ok {
		return fmt.Sprintf("did you mean %s?", near)
	}
	if near, ok := Nearest(name, functionNames()); ok {
		return fmt.Sprintf("did you mean %s?", usage(near))
	}
	return "declare it under vars, capture or data, or put text in quotes"
}

// member rewrites a.b and a[b]. What can be read in one step (a field of a
// record, a header, a constant path into the body) becomes one call.
func (r *rewriter) member(n *ast.MemberNode, depth int) ast.Node {
	if id, ok := n.Node.(*ast.IdentifierNode); ok {
		if id.Value == "headers" && r.scope.response && !r.scope.Has("headers") {
			return own(n, "$header", r.rewrite(n.Property, depth))
		}
		if id.Value == "cookies" && !r.scope.Has("cookies") {
			return own(n, "$cookie", r.rewrite(n.Property, depth))
		}
		if sym, _ := r.scope.names.find(id.Value); sym.fields != nil {
			return r.field(n, id.Value, sym)
		}
	}
	base := r.rewrite(n.Node, depth)
	key := r.rewrite(n.Property, depth)
	if call, ok := base.(*ast.CallNode); ok && isConstantKey(key) {
		switch calleeName(call) {
		case "$body":
			return own(n, "$path", key)
		case "$path":
			call.Arguments = append(call.Arguments, key)
			return call
		}
	}
	return own(n, "$member", base, key)
}

func (r *rewriter) field(n *ast.MemberNode, record string, sym symbol) ast.Node {
	key, ok := n.Property.(*ast.StringNode)
	if !ok {
		return r.fail(n.Property, "a field of %s has a name; write %s.%s", record, record, anyField(sym))
	}
	t, ok := sym.fields[key.Value]
	if !ok {
		names := sortedKeys(sym.fields)
		if near, ok := Nearest(key.Value, names); ok {
			return r.fail(key, "%s has no field %q; did you mean %s?", record, key.Value, near)
		}
		return r.fail(key, "%s has no field %q; it has %s", record, key.Value, listing(names))
	}
	r.names = append(r.names, record)
	call := own(n, "$field", &ast.StringNode{Value: record}, key)
	call.SetType(reflected[t])
	return call
}

// call rewrites a function call.
func (r *rewriter) call(n *ast.CallNode, depth int) ast.Node {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return r.fail(n, "values have no methods; write a function such as upper(text)")
	}
	name := callee.Value
	if isSecretName(name) || !isFunction(name) {
		return r.unknownFunction(n, name)
	}
	if name == "env" {
		return r.env(n, depth)
	}
	inList := r.inList
	for i, arg := range n.Arguments {
		r.inList = inList || name == "list" && i == 1
		n.Arguments[i] = r.rewrite(arg, depth)
	}
	r.inList = inList
	switch {
	case name == "list":
		return r.list(n)
	case name == "extract" && len(n.Arguments) > 1:
		pattern, literal := n.Arguments[1].(*ast.StringNode)
		if !literal {
			return r.fail(n.Arguments[1], "the pattern of extract is not a text; write it in quotes")
		}
		if _, err := regexp.Compile(pattern.Value); err != nil {
			return r.fail(pattern, "%v; write %s", err, usage(name))
		}
	case name == "format" && len(n.Arguments) > 1:
		if pattern, literal := n.Arguments[0].(*ast.StringNode); literal {
			if err := vetPattern(pattern.Value, len(n.Arguments)-1); err != nil {
				return r.fail(pattern, "%v", err)
			}
		}
	}
	return own(n, name, n.Arguments...)
}

func (r *rewriter) unknownFunction(n ast.Node, name string) ast.Node {
	if r.scope.Has(name) || slices.Contains(responseNames, name) {
		return r.fail(n, "%s is a value, not a function; write it without parentheses", name)
	}
	if _, ok := builtin.Index[name]; ok {
		return r.fail(n, "%s is a function of expr-lang that loadgate leaves out; write one of the manual's list", name)
	}
	if near, ok := Nearest(name, functionNames()); ok {
		return r.fail(n, "unknown function %q; did you mean %s?", name, usage(near))
	}
	return r.fail(n, "unknown function %q; the functions of chance and time are int, float, pick, chance, uuid, seq, "+
		"now, days, hours, minutes and seconds", name)
}

// list turns list(n, item) into a map over 1..n, which evaluates item anew for
// each of its items.
func (r *rewriter) list(n *ast.CallNode) ast.Node {
	if len(n.Arguments) != 2 {
		return r.fail(n, "list does not take %s; write list(3, item)", unit.Counted(len(n.Arguments), "argument"))
	}
	size := n.Arguments[0]
	if literal, ok := constant(size); ok {
		items, whole := literal.(int)
		if !whole {
			return r.fail(size, "list needs a whole number of items, got %s; write list(3, item)",
				dynamic.Show(literal))
		}
		if err := vetCount(items); err != nil {
			return r.fail(size, "%v; write a number in that range", err)
		}
	}
	one := at(n, &ast.IntegerNode{Value: 1})
	numbers := at(n, &ast.BinaryNode{Operator: "..", Left: one, Right: own(size, "$count", size)})
	return at(n, &ast.BuiltinNode{Name: "map",
		Arguments: []ast.Node{numbers, at(n, &ast.PredicateNode{Node: n.Arguments[1]})}})
}

// env looks the environment up now and leaves a text in the tree.
func (r *rewriter) env(n *ast.CallNode, depth int) ast.Node {
	if len(n.Arguments) < 1 || len(n.Arguments) > 2 {
		return r.fail(n, "env does not take %s; write %s", unit.Counted(len(n.Arguments), "argument"), usage("env"))
	}
	name, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		return r.fail(n.Arguments[0], "the name in env is not a text in quotes; write %s", usage("env"))
	}
	if !slices.Contains(r.scope.allowed, name.Value) {
		advice := "add it there"
		if near, ok := Nearest(name.Value, r.scope.allowed); ok {
			advice = "did you mean " + near + "?"
		}
		r.fail(n, "env(%q): %s is not listed under env:; %s", name.Value, name.Value, advice)
		r.err.Variable = name.Value
		return n
	}
	if value, ok := r.scope.getenv(name.Value); ok && value != "" {
		return at(n, &ast.StringNode{Value: value})
	}
	if len(n.Arguments) == 2 {
		return r.rewrite(n.Arguments[1], depth)
	}
	if r.scope.unset != nil {
		r.scope.unset(name.Value)
		return at(n, &ast.StringNode{Value: "1"})
	}
	r.fail(n, "env(%q): %s is not set; set it, or write a default: env(%q, \"value\")",
		name.Value, name.Value, name.Value)
	r.err.Variable = name.Value
	return n
}

// own returns a call of one of the package's functions that replaces node.
func own(node ast.Node, name string, args ...ast.Node) *ast.CallNode {
	self := at(node, &ast.IdentifierNode{Value: selfName})
	call := &ast.CallNode{
		Callee:    at(node, &ast.IdentifierNode{Value: name}),
		Arguments: append([]ast.Node{self}, args...),
	}
	call.SetLocation(node.Location())
	return call
}

// at gives a new node the place of an old one.
func at[N interface{ SetLocation(file.Location) }](place ast.Node, node N) N {
	node.SetLocation(place.Location())
	return node
}

// calleeName returns the function that a call of own names.
func calleeName(call *ast.CallNode) string {
	if id, ok := call.Callee.(*ast.IdentifierNode); ok {
		return id.Value
	}
	return ""
}

func isConstantKey(key ast.Node) bool {
	value, ok := constant(key)
	_, isText := value.(string)
	_, isIndex := value.(int)
	return ok && (isText || isIndex)
}

// constant returns the value of a literal, with a sign or in a list.
func constant(node ast.Node) (value any, ok bool) {
	switch n := node.(type) {
	case *ast.NilNode:
		return nil, true
	case *ast.BoolNode:
		return n.Value, true
	case *ast.IntegerNode:
		return n.Value, true
	case *ast.FloatNode:
		return n.Value, true
	case *ast.StringNode:
		return n.Value, true
	case *ast.ConstantNode:
		return dynamic.Generic(n.Value), true
	case *ast.UnaryNode:
		value, ok := constant(n.Node)
		switch v := value.(type) {
		case int:
			if n.Operator == "-" {
				return -v, ok
			}
		case float64:
			if n.Operator == "-" {
				return -v, ok
			}
		}
	case *ast.ArrayNode:
		items := make([]any, len(n.Nodes))
		for i, item := range n.Nodes {
			if items[i], ok = constant(item); !ok {
				return nil, false
			}
		}
		return items, true
	}
	return nil, false
}
