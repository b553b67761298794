package walk

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/token"

	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// operations gives what operators make of values.
type operations struct{ *walk }

// binary is what an operator makes of two values.
func (w operations) binary(e *ast.BinaryExpression, in *scope, depth int) value {
	switch e.Operator {
	case token.LOGICAL_OR, token.COALESCE:
		return w.either(e, in, depth)
	case token.LOGICAL_AND:
		return w.both(e, in, depth)
	}
	left, right := w.expression(e.Left, in, depth+1), w.expression(e.Right, in, depth+1)
	switch e.Operator {
	case token.PLUS:
		return w.plus(e, left, right)
	case token.EQUAL, token.STRICT_EQUAL, token.NOT_EQUAL, token.STRICT_NOT_EQUAL, token.LESS, token.GREATER,
		token.LESS_OR_EQUAL, token.GREATER_OR_EQUAL:
		return w.compare(e, left, right)
	}
	return w.calculate(e, left, right)
}

// either is the first of two values that is true; a variable of the environment with its default.
func (w operations) either(e *ast.BinaryExpression, in *scope, depth int) value {
	left := w.expression(e.Left, in, depth+1)
	if t, ok := left.(text); ok && len(t.parts) == 1 && t.parts[0].Env != "" && t.parts[0].Otherwise == nil {
		right := w.expression(e.Right, in, depth+1)
		otherwise, ok := known(right)
		if f, is := right.(float64); is {
			otherwise, ok = numberText(f), true
		}
		if other, is := right.(text); is && !ok && len(other.parts) == 1 && other.parts[0].Env != "" {
			return right // one variable or another: the last has the default
		}
		if !ok {
			return left
		}
		return text{parts: written.Text{{Env: t.parts[0].Env, Otherwise: &otherwise}}}
	}
	if is, known := truth(left); known {
		if is {
			return left
		}
		return w.expression(e.Right, in, depth+1)
	}
	if _, is := left.(answer); is {
		return left
	}
	return w.lose(e)
}

// both is the second of two values where the first is true.
func (w operations) both(e *ast.BinaryExpression, in *scope, depth int) value {
	left := w.expression(e.Left, in, depth+1)
	if is, known := truth(left); known {
		if !is {
			return left
		}
		return w.expression(e.Right, in, depth+1)
	}
	var right value
	read := func() flow { right = w.expression(e.Right, in, depth+1); return onward }
	switch v := left.(type) {
	case good:
		if v.not {
			w.hold(e, "a condition on an answer", read)
			return good{not: true}
		}
		w.wanted(e, read)
		return right
	case answer:
		w.wanted(e, read)
		return right
	case chance:
		w.under(e, v, read)
	default:
		w.hold(e, "a condition that init does not read", read)
	}
	return w.lose(e)
}

func (w operations) plus(e *ast.BinaryExpression, left, right value) value {
	a, isA := left.(float64)
	b, isB := right.(float64)
	switch {
	case isA && isB:
		return a + b
	case isText(left) || isText(right):
		return joined(append(slices.Clone(textOf(left)), textOf(right)...))
	}
	if v := shifted(left, right, 1); v != nil {
		return v
	}
	return w.lose(e)
}

// isText says whether a plus with a value joins texts.
func isText(v value) bool {
	t, ok := v.(text)
	return ok && !t.computed
}

// shifted is a number that is drawn, and a number that is known added; nil: it is no such.
func shifted(left, right value, sign float64) value {
	if f, ok := left.(float64); ok && sign > 0 {
		left, right = right, f
	}
	by, ok := right.(float64)
	if !ok {
		return nil
	}
	by *= sign
	switch v := left.(type) {
	case random:
		return random{v.low + by, v.width, v.draw}
	case whole:
		if by == math.Trunc(by) && math.Abs(by) < 1<<50 {
			return whole{v.low + int64(by), v.high + int64(by), v.draw}
		}
	}
	return nil
}

func (w operations) calculate(e *ast.BinaryExpression, left, right value) value {
	a, isA := left.(float64)
	b, isB := right.(float64)
	if r, ok := right.(random); ok && isA && e.Operator == token.MULTIPLY {
		return random{r.low * a, r.width * a, r.draw}
	}
	if r, ok := left.(random); ok && isB {
		switch {
		case e.Operator == token.MULTIPLY:
			return random{r.low * b, r.width * b, r.draw}
		case e.Operator == token.SLASH && b != 0:
			return random{r.low / b, r.width / b, r.draw}
		}
	}
	if e.Operator == token.MINUS {
		if v := shifted(left, right, -1); v != nil && !isA {
			return v
		}
	}
	if !isA || !isB {
		return w.lose(e)
	}
	switch e.Operator {
	case token.MINUS:
		return a - b
	case token.MULTIPLY:
		return a * b
	case token.SLASH:
		if b != 0 {
			return a / b
		}
	case token.REMAINDER:
		if b != 0 {
			return math.Mod(a, b)
		}
	}
	return w.lose(e)
}

func (w operations) compare(e *ast.BinaryExpression, left, right value) value {
	op := e.Operator
	if _, is := left.(answer); is {
		return good{not: isDenied(op, right)}
	}
	if r, ok := left.(random); ok {
		if f, ok := right.(float64); ok && r.width > 0 {
			return w.chanceOf(e, r, f)
		}
		return w.lose(e)
	}
	a, isA := left.(float64)
	b, isB := right.(float64)
	_, knownA := truth(left)
	_, knownB := truth(right)
	switch {
	case isA && isB:
		return compared(op, a, b)
	case knownA && knownB && slices.Contains([]token.Token{token.EQUAL, token.STRICT_EQUAL}, op):
		return same(left, right)
	case knownA && knownB && slices.Contains([]token.Token{token.NOT_EQUAL, token.STRICT_NOT_EQUAL}, op):
		return !same(left, right)
	}
	return w.lose(e)
}

// chanceOf is the probability that a number is drawn below or above another. What is around it may
// have narrowed the same draw.
func (w operations) chanceOf(e *ast.BinaryExpression, r random, at float64) value {
	s := span{r.low, r.low + r.width}
	if narrow, is := w.narrowed[r.draw]; is && r.draw != nil {
		s = narrow
	}
	at = min(max(at, s.low), s.high)
	p := 0.0
	if s.high > s.low {
		p = (at - s.low) / (s.high - s.low)
	}
	below, above := span{s.low, at}, span{at, s.high}
	switch e.Operator {
	case token.LESS, token.LESS_OR_EQUAL:
		return chance{p, r.draw, below, above}
	case token.GREATER, token.GREATER_OR_EQUAL:
		return chance{1 - p, r.draw, above, below}
	}
	return w.lose(e)
}

// isDenied says whether a comparison of an answer asks for one that is not wanted: another status
// than a good one, or no value.
func isDenied(op token.Token, right value) bool {
	equal := op == token.EQUAL || op == token.STRICT_EQUAL
	switch v := right.(type) {
	case nil, null:
		return equal
	case float64:
		if v >= 400 {
			return equal || op == token.GREATER_OR_EQUAL || op == token.GREATER
		}
		return op == token.NOT_EQUAL || op == token.STRICT_NOT_EQUAL
	}
	return !equal
}

func compared(op token.Token, a, b float64) bool {
	switch op {
	case token.LESS:
		return a < b
	case token.LESS_OR_EQUAL:
		return a <= b
	case token.GREATER:
		return a > b
	case token.GREATER_OR_EQUAL:
		return a >= b
	case token.NOT_EQUAL, token.STRICT_NOT_EQUAL:
		return a != b
	}
	return a == b
}

// same says whether two known values are equal.
func same(a, b value) bool {
	if x, ok := known(a); ok {
		y, ok := known(b)
		return ok && x == y
	}
	switch a := a.(type) {
	case float64:
		f, ok := b.(float64)
		return ok && a == f
	case bool:
		f, ok := b.(bool)
		return ok && a == f
	case nil, null:
		is, known := truth(b)
		return known && !is && (b == nil || b == null{})
	}
	return false
}

func (w operations) unary(e *ast.UnaryExpression, in *scope, depth int) value {
	v := w.expression(e.Operand, in, depth+1)
	f, isNumber := v.(float64)
	switch e.Operator {
	case token.NOT:
		if is, known := truth(v); known {
			return !is
		}
		switch v := v.(type) {
		case good:
			return good{!v.not}
		case answer:
			return good{not: true}
		case chance:
			return chance{1 - v.p, v.draw, v.without, v.within}
		}
	case token.MINUS:
		if isNumber {
			return -f
		}
	case token.PLUS:
		if s, ok := known(v); ok {
			if n, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil {
				return n
			}
		}
		return v
	case token.INCREMENT, token.DECREMENT:
		by := 1.0
		if e.Operator == token.DECREMENT {
			by = -1
		}
		if isNumber {
			w.assign(e.Operand, f+by, in)
			return f
		}
		w.assign(e.Operand, w.lose(e.Operand), in)
	}
	return w.lose(e.Operand)
}

func (w operations) conditional(e *ast.ConditionalExpression, in *scope, depth int) value {
	v := w.expression(e.Test, in, depth+1)
	if is, known := truth(v); known {
		if is {
			return w.expression(e.Consequent, in, depth+1)
		}
		return w.expression(e.Alternate, in, depth+1)
	}
	if g, ok := v.(good); ok {
		if g.not {
			return w.expression(e.Alternate, in, depth+1)
		}
		return w.expression(e.Consequent, in, depth+1)
	}
	w.hold(e, "a condition that init does not read", func() flow {
		w.expression(e.Consequent, in, depth+1)
		w.expression(e.Alternate, in, depth+1)
		return onward
	})
	return w.lose(e.Test)
}

func (w operations) assignment(e *ast.AssignExpression, in *scope, depth int) value {
	right := w.expression(e.Right, in, depth+1)
	if e.Operator != token.ASSIGN {
		left := w.expression(e.Left, in, depth+1)
		both := &ast.BinaryExpression{Operator: e.Operator, Left: e.Left, Right: e.Right}
		if e.Operator == token.PLUS {
			right = w.plus(both, left, right)
		} else {
			right = w.calculate(both, left, right)
		}
	}
	w.assign(e.Left, right, in)
	return right
}
