package walk

import (
	"fmt"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// checks makes expectations of checks.
type checks struct{ *walk }

// check makes the checks of an answer what its step expects.
func (w checks) check(e *ast.CallExpression, in *scope, depth int) value {
	all := w.arguments(e, in, depth)
	var of *Call
	switch v := argument(all, 0).(type) {
	case *response:
		of = v.of
	case answer:
		of = v.of
	}
	checks, ok := argument(all, 1).(*object)
	if of == nil || !ok {
		w.lookAt(e, "left out: a check that init does not read; write expect")
		return good{}
	}
	if of.checked {
		w.lookAt(e, "one answer is checked twice: the step expects both")
	}
	of.checked = true
	for _, name := range checks.keys {
		code, why := w.expectation(checks.values[name], argument(all, 0), of)
		switch {
		case why != "":
			if secrets.InValue(name) {
				name = "…"
			}
			of.Request.Looks = append(of.Request.Looks, fmt.Sprintf("line %d: check %s %s",
				w.line(e.Idx0()), template.Quote(secrets.Line(name)), why))
		case code != "":
			of.Request.Expect = append(of.Request.Expect, code)
		}
	}
	return good{}
}

// expectation is a check as an expression; why says in words what is left out instead.
func (w checks) expectation(v value, checked value, of *Call) (code, why string) {
	const unread = "is left out: write expect"
	f, ok := v.(*function)
	if !ok {
		return "", unread
	}
	in := newScope(f.scope, 0)
	if f.parameters != nil && len(f.parameters.List) > 0 {
		w.bind(f.parameters.List[0].Target, checked, in)
	}
	body := bodyOf(f)
	if body == nil {
		return "", unread
	}
	c := checker{walk: w.walk, in: in, of: of}
	code = c.condition(body, 0)
	switch {
	case c.timed:
		return "", "is about time: write a limit such as p95 in a rule"
	case c.failed || len(code) > longestPlace:
		return "", unread
	case c.inText:
		of.Request.Looks = append(of.Request.Looks, "its body is taken for a text: of JSON, compare a field instead")
	}
	return code, ""
}

// bodyOf is the expression that a short function gives back; nil: it does more.
func bodyOf(f *function) ast.Expression {
	switch body := f.body.(type) {
	case *ast.ExpressionBody:
		return body.Expression
	case *ast.BlockStatement:
		if len(body.List) == 1 {
			if st, ok := body.List[0].(*ast.ReturnStatement); ok {
				return st.Argument
			}
		}
	}
	return nil
}

// checker writes a condition of the script as an expression of thresholds.yaml.
type checker struct {
	walk   *walk
	in     *scope
	of     *Call
	failed bool
	timed  bool
	inText bool
}

// operators are those of JavaScript that expressions have, too.
var operators = map[token.Token]string{
	token.EQUAL: "==", token.STRICT_EQUAL: "==", token.NOT_EQUAL: "!=", token.STRICT_NOT_EQUAL: "!=",
	token.LESS: "<", token.LESS_OR_EQUAL: "<=", token.GREATER: ">", token.GREATER_OR_EQUAL: ">=",
	token.LOGICAL_AND: "&&", token.LOGICAL_OR: "||",
}

func (c *checker) fail() string {
	c.failed = true
	return ""
}

// condition is what is true or false.
func (c *checker) condition(e ast.Expression, depth int) string {
	if depth > deepest {
		return c.fail()
	}
	switch e := e.(type) {
	case *ast.BinaryExpression:
		op, is := operators[e.Operator]
		switch {
		case !is:
			return c.fail()
		case op == "&&" || op == "||":
			left, right := c.condition(e.Left, depth+1), c.condition(e.Right, depth+1)
			return "(" + left + " " + op + " " + right + ")"
		}
		return c.operand(e.Left) + " " + op + " " + c.operand(e.Right)
	case *ast.UnaryExpression:
		if e.Operator == token.NOT {
			if inner, ok := e.Operand.(*ast.UnaryExpression); ok && inner.Operator == token.NOT {
				return c.condition(inner.Operand, depth+1)
			}
			return "not (" + c.condition(e.Operand, depth+1) + ")"
		}
		return c.fail()
	case *ast.CallExpression:
		if found := c.contains(e); found != "" {
			return found
		}
	}
	code := c.operand(e)
	if code == "true" || code == "false" || c.failed {
		return c.fail() // it says nothing of the answer
	}
	return code + " != nil"
}

// contains is whether a list has a status, or the body a text.
func (c *checker) contains(e *ast.CallExpression) string {
	dot, ok := e.Callee.(*ast.DotExpression)
	if !ok || dot.Identifier.Name.String() != "includes" || len(e.ArgumentList) != 1 {
		return ""
	}
	left := c.walk.expression(dot.Left, c.in, 0)
	argument := c.operand(e.ArgumentList[0])
	switch v := left.(type) {
	case *array:
		var all []string
		for _, one := range v.items {
			all = append(all, c.constant(one))
		}
		return argument + " in [" + strings.Join(all, ", ") + "]"
	case answer:
		if v.of == c.of {
			c.inText = c.inText || v.text
			return v.where + " contains " + argument
		}
	}
	return ""
}

// operand is a value of the answer, or one that is known.
func (c *checker) operand(e ast.Expression) string {
	if mentions(e, "timings") {
		c.timed = true
		return ""
	}
	v := c.walk.expression(e, c.in, 0)
	switch v := v.(type) {
	case answer:
		switch {
		case v.of != c.of:
			return c.fail()
		case v.text:
			c.inText = true
		}
		return v.where
	case bound:
		if a, ok := v.of.(answer); ok && a.of == c.of && v.name == "length" {
			c.inText = c.inText || a.text
			return "len(" + a.where + ")"
		}
		return c.fail()
	}
	return c.constant(v)
}

// constant is a value that is known.
func (c *checker) constant(v value) string {
	if s, ok := known(v); ok {
		return template.Quote(s)
	}
	switch v := v.(type) {
	case float64:
		return numberText(v)
	case bool:
		if v {
			return "true"
		}
		return "false"
	case nil, null:
		return "nil"
	}
	return c.fail()
}

// mentions says whether a property of a name is asked for.
func mentions(e ast.Expression, name string) bool {
	for {
		switch d := e.(type) {
		case *ast.DotExpression:
			if d.Identifier.Name.String() == name {
				return true
			}
			e = d.Left
		case *ast.OptionalChain:
			e = d.Expression
		case *ast.Optional:
			e = d.Expression
		default:
			return false
		}
	}
}
