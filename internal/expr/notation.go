package expr

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// Notation is how another programming language writes an expression. Arguments
// are parts that it has written already, but where another type says otherwise.
type Notation interface {
	Nil() string
	Bool(b bool) string
	Text(s string) string
	List(items []string) string
	Map(keys []string, values []string) string // keys as they are
	// Name reads a var, a capture or a record, Answer the status or the body of
	// an answer, Header one of its headers, Env the environment; fallback is empty
	// where there is none.
	Name(name string) string
	Answer(name string) string
	Header(name string) string
	Env(name string, fallback string) string
	// Item is the item of the list that a predicate walks, and Each the predicate
	// over it.
	Item() string
	Each(predicate string) string
	// Member is a part of a value: nil where the value has no such part.
	Member(of, key string) string
	Slice(of, from, to string) string // from and to may be empty
	Unary(operator, x string) string
	Binary(operator, a, b string) string
	Choice(condition, yes, no string) string
	// Call calls a function that the language Knows.
	Knows(function string) bool
	Call(function string, args []string) string
	// Join is one text of literal ones and values.
	Join(pieces []Piece) string
}

// Piece is a stretch of a template: literal text, or a value.
type Piece struct {
	Literal string
	Value   string // empty: literal
}

// In writes the expression in another notation. What that language cannot say
// is an error.
func (p *Program) In(n Notation) (string, error) {
	tree, err := parser.ParseWithConfig(p.source, (&Scope{}).config(p.source))
	if err != nil {
		return "", fmt.Errorf("%s: %w", p.source, err)
	}
	t := &translator{notation: n}
	text := t.write(tree.Node)
	if t.err != nil {
		return "", fmt.Errorf("%s: %w", strings.TrimSpace(p.source), t.err)
	}
	return text, nil
}

// Pieces are the stretches of the template, its values in another notation.
func (t *Template) Pieces(n Notation) ([]Piece, error) {
	var pieces []Piece
	for _, part := range t.parts {
		if part.program == nil {
			pieces = append(pieces, Piece{Literal: part.text})
			continue
		}
		value, err := part.program.In(n)
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, Piece{Value: value})
	}
	return pieces, nil
}

// In writes the value in another notation: where it is exactly one ${ }, the
// expression itself, which keeps its type.
func (v *Value) In(n Notation) (string, error) {
	switch v.kind {
	case object:
		var keys, values []string
		for _, m := range v.members {
			value, err := m.Value.In(n)
			if err != nil {
				return "", err
			}
			keys, values = append(keys, m.Key), append(values, value)
		}
		return n.Map(keys, values), nil
	case array:
		var items []string
		for _, item := range v.items {
			text, err := item.In(n)
			if err != nil {
				return "", err
			}
			items = append(items, text)
		}
		return n.List(items), nil
	}
	if v.text == nil {
		return constantIn(n, v.constant), nil
	}
	pieces, err := v.text.Pieces(n)
	switch {
	case err != nil:
		return "", err
	case len(pieces) == 0:
		return n.Text(""), nil
	case len(pieces) == 1 && pieces[0].Value != "":
		return pieces[0].Value, nil
	}
	return n.Join(pieces), nil
}

func constantIn(n Notation, value any) string {
	switch v := value.(type) {
	case nil:
		return n.Nil()
	case bool:
		return n.Bool(v)
	case string:
		return n.Text(v)
	case float64:
		return string(dynamic.AppendFloat(nil, v))
	}
	return fmt.Sprint(value) // a whole number, or one that keeps its digits
}

// translator walks a tree as it was parsed. The expression is known to compile.
type translator struct {
	notation Notation
	err      error // the first one
}

func (t *translator) fail(format string, args ...any) string {
	if t.err == nil {
		t.err = fmt.Errorf(format, args...)
	}
	return ""
}

func (t *translator) all(nodes []ast.Node) []string {
	texts := make([]string, len(nodes))
	for i, node := range nodes {
		texts[i] = t.write(node)
	}
	return texts
}

func (t *translator) write(node ast.Node) string {
	n := t.notation
	switch node := node.(type) {
	case nil:
		return ""
	case *ast.NilNode:
		return n.Nil()
	case *ast.BoolNode:
		return n.Bool(node.Value)
	case *ast.IntegerNode:
		return strconv.Itoa(node.Value)
	case *ast.FloatNode:
		return string(dynamic.AppendFloat(nil, node.Value))
	case *ast.StringNode:
		return n.Text(node.Value)
	case *ast.IdentifierNode:
		if node.Value == "status" || node.Value == "body" {
			return n.Answer(node.Value)
		}
		return n.Name(node.Value)
	case *ast.UnaryNode:
		return n.Unary(node.Operator, t.write(node.Node))
	case *ast.BinaryNode:
		return n.Binary(node.Operator, t.write(node.Left), t.write(node.Right))
	case *ast.ChainNode:
		return t.write(node.Node)
	case *ast.MemberNode:
		if id, ok := node.Node.(*ast.IdentifierNode); ok && id.Value == "headers" {
			if name, ok := node.Property.(*ast.StringNode); ok {
				return n.Header(name.Value)
			}
			return t.fail("a header whose name is computed")
		}
		if id, ok := node.Node.(*ast.IdentifierNode); ok && id.Value == "cookies" {
			return t.fail("cookies, which expressions read here only")
		}
		return n.Member(t.write(node.Node), t.write(node.Property))
	case *ast.SliceNode:
		return n.Slice(t.write(node.Node), t.write(node.From), t.write(node.To))
	case *ast.CallNode:
		return t.call(node)
	case *ast.BuiltinNode:
		return n.Call(node.Name, t.all(node.Arguments))
	case *ast.PredicateNode:
		return n.Each(t.write(node.Node))
	case *ast.PointerNode:
		if node.Name != "" {
			return t.fail("#%s", node.Name)
		}
		return n.Item()
	case *ast.ConditionalNode:
		return n.Choice(t.write(node.Cond), t.write(node.Exp1), t.write(node.Exp2))
	case *ast.ArrayNode:
		return n.List(t.all(node.Nodes))
	case *ast.MapNode:
		var keys, values []string
		for _, pair := range node.Pairs {
			p := pair.(*ast.PairNode)
			key, ok := p.Key.(*ast.StringNode)
			if !ok {
				return t.fail("a key that is computed")
			}
			keys, values = append(keys, key.Value), append(values, t.write(p.Value))
		}
		return n.Map(keys, values)
	}
	return t.fail("%T", node)
}

func (t *translator) call(node *ast.CallNode) string {
	id, ok := node.Callee.(*ast.IdentifierNode)
	if !ok {
		return t.fail("a method")
	}
	args := t.all(node.Arguments)
	switch id.Value {
	case "env":
		name, ok := node.Arguments[0].(*ast.StringNode)
		if !ok {
			return t.fail("the name of a variable that is computed")
		}
		return t.notation.Env(name.Value, strings.Join(args[1:], ""))
	case "list":
		args[1] = t.notation.Each(args[1]) // evaluated anew for each item
	}
	if !t.notation.Knows(id.Value) {
		return t.fail("the function %s", id.Value)
	}
	return t.notation.Call(id.Value, args)
}
