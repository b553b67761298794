package locustfile

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// binary is an operation on two values.
func binary(s *scope, n *syntax.Node) value {
	op := n.At("op").Kind
	a, b := s.eval(n.At("left")), s.eval(n.At("right"))
	if a.kind == answered {
		a = s.captured(a, n)
	}
	if b.kind == answered {
		b = s.captured(b, n)
	}
	isTexts := func(v value) bool { return v.kind == text || v.kind == joined || isText.MatchString(v.text) }
	switch {
	case a.kind == unread:
		return a
	case b.kind == unread:
		return b
	case op == "Add" && a.kind == moment && b.kind == text && b.text == "Z":
		return a // which is written in UTC
	case op == "Add" && (isTexts(a) || isTexts(b)):
		return join([]value{a, b}, n)
	case op == "Add" && a.kind == list && b.kind == list:
		return several(list, append(append([]value{}, a.items...), b.items...), n)
	case op == "Mod" && a.kind == text:
		return percent(s, a.text, b, n)
	case (a.kind == moment || b.kind == moment) && (a.kind == span || b.kind == span) && (op == "Add" || op == "Sub"):
		sign := map[string]string{"Add": "+", "Sub": "-"}[op]
		return value{kind: moment, text: a.text + " " + sign + " " + b.text, size: 1}
	}
	return arithmetic(op, a, b, n)
}

// arithmetic is an operation on two numbers.
func arithmetic(op string, a, b value, n *syntax.Node) value {
	sign := map[string]string{"Add": "+", "Sub": "-", "Mult": "*", "Div": "/"}[op]
	whole := (op == "Mod" || op == "FloorDiv") && a.kind == number && b.kind == number
	if sign == "" && !whole || !(a.kind == number || a.kind == expression) ||
		!(b.kind == number || b.kind == expression) {
		return unknown(n)
	}
	if a.kind == number && b.kind == number {
		x, errX := strconv.ParseInt(a.text, 10, 32)
		y, errY := strconv.ParseInt(b.text, 10, 32)
		if errX != nil || errY != nil || op == "Div" || whole && (x < 0 || y <= 0) {
			return unknown(n)
		}
		z := map[string]int64{"Add": x + y, "Sub": x - y, "Mult": x * y}[op]
		if op == "Mod" {
			z = x % y
		} else if whole {
			z = x / y
		}
		return value{kind: number, text: strconv.FormatInt(z, 10), size: 1}
	}
	return call("%s %s %s", operand(a.text), sign, operand(b.text))
}

// operand is an expression in parentheses where it needs them.
func operand(e string) string {
	if plainOperand.MatchString(e) {
		return e
	}
	return "(" + e + ")"
}

var plainOperand = regexp.MustCompile(`^[A-Za-z_0-9.]+(\([^()]*(\(\))?\))?$|` +
	`^status( ==| !=| <| >=| in) (\d+|\[[\d, ]*\])$`)

func unary(s *scope, n *syntax.Node) value {
	v := s.eval(n.At("operand"))
	switch n.At("op").Kind {
	case "Not":
		return opposite(truth(s, v))
	case "USub":
		if v.kind == number && !strings.HasPrefix(v.text, "-") {
			v.text = "-" + v.text
			return v
		}
	}
	return unknown(n)
}

// truth is what a value is as a condition: a captured value that is there, a test, or a constant.
func truth(s *scope, v value) value {
	switch {
	case v.negation != "" || v.kind == boolean || v.kind == unread:
		return v
	case v.kind == null:
		return value{kind: boolean, text: "false"}
	case v.kind == number:
		return value{kind: boolean, text: strconv.FormatBool(v.text != "0")}
	case v.kind == text:
		return value{kind: boolean, text: strconv.FormatBool(v.text != "")}
	case v.kind == list, v.kind == dict:
		return value{kind: boolean, text: strconv.FormatBool(len(v.items) > 0)}
	case v.kind == answered && v.text == "body" && v.word == "text":
	case v.kind == answered || v.kind == expression && plainOperand.MatchString(v.text):
		if there := v.text; naming.IsAnyID(v.word) || secrets.IsHeader(v.word) || v.gathered {
			v.negation, v.text = there+" == nil", there+" != nil"
		} else {
			v.negation, v.text = there+falsy, there+" not"+falsy
		}
		return v
	case v.kind == response: // it is true where the status is none of a failure
		return value{kind: answered, text: "status < 400", negation: "status >= 400", step: v.step, size: 1}
	}
	return value{kind: unread, line: v.line}
}

// falsy is what Python takes for false in an answer.
const falsy = ` in [nil, false, 0, ""]`

// logical is and, or.
func logical(s *scope, n *syntax.Node) value {
	op, no := " && ", " || "
	if n.At("op").Kind == "Or" {
		op, no = no, op
	}
	var tests []value
	for i, e := range n.Lists["values"] {
		own := s.eval(e)
		v := truth(s, own)
		if v.kind == boolean {
			changes := (v.text == "true") != (op == " && ")
			switch last := i == len(n.Lists["values"])-1; {
			case tests == nil && (changes || last): // it gives the value itself
				return own
			case !changes && own.kind == boolean, !changes && !last:
				continue
			case own.kind != boolean:
				return unknown(n) // of an answer or a text
			}
			return v
		}
		if v.negation == "" {
			return unknown(n)
		}
		if len(tests) > 0 && (v.kind != tests[0].kind || v.step != tests[0].step) {
			return unknown(n)
		}
		tests = append(tests, v)
	}
	if tests == nil {
		return value{kind: boolean, text: strconv.FormatBool(op == " && ")}
	}
	return combined(tests, op, no)
}

var (
	comparisons = map[string]string{"Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=",
		"Is": "==", "IsNot": "!=", "In": "in", "NotIn": "not in"}
	swapped = map[string]string{"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
	negated = map[string]string{"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<",
		"in": "not in", "not in": "in"}
)

// compare is a comparison of a value of an answer, or of what is drawn or captured, with what is known.
func compare(s *scope, n *syntax.Node) value {
	if len(n.Lists["ops"]) != 1 {
		return unknown(n)
	}
	op := comparisons[n.Item("ops", 0).Kind]
	left, right := s.eval(n.At("left")), s.eval(n.Item("comparators", 0))
	if op == "" || left.kind == unread || right.kind == unread || left.word == "text" && left.kind == answered {
		return unknown(n)
	}
	if left.isDraw() && right.kind == number && (op == "<" || op == "<=") {
		return test("chance("+right.text+")", "!chance("+right.text+")")
	}
	if comparesSecret(left, right) || comparesSecret(right, left) {
		s.look(n, "it compares with a secret, which is not here")
		return unknown(n)
	}
	if (op == "in" || op == "not in") && left.kind == text && right.kind == answered && right.word != "text" {
		at := right.field(left.text)
		yes, no := at+" != nil", at+" == nil"
		if op == "not in" {
			yes, no = no, yes
		}
		return value{kind: answered, text: yes, negation: no, step: right.step, size: 1}
	}
	if is, ok := knownTest(left, right, op); ok {
		return value{kind: boolean, text: strconv.FormatBool(is), size: 1}
	}
	l, r := left, right
	if l.kind != answered && r.kind == answered {
		l, r = r, l
		op = swapped[op]
	}
	if l.kind != answered && l.kind != expression || op == "" {
		return unknown(n)
	}
	e, ok := r.expr()
	if r.kind == answered || !ok {
		return unknown(n)
	}
	return value{kind: l.kind, step: l.step, size: 1, text: fmt.Sprintf("%s %s %s", l.text, op, e),
		negation: fmt.Sprintf("%s %s %s", l.text, negated[op], e)}
}

// knownTest says what a comparison of two texts or two numbers that are known gives; ok is false for others.
func knownTest(a, b value, op string) (is, ok bool) {
	order := strings.Compare(a.text, b.text)
	switch {
	case a.kind != b.kind:
		return false, false
	case a.kind == number:
		x, errX := strconv.ParseFloat(a.text, 64)
		y, errY := strconv.ParseFloat(b.text, 64)
		if errX != nil || errY != nil {
			return false, false
		}
		order = cmp.Compare(x, y)
	case a.kind == text && (op == "==" || op == "!="):
	default:
		return false, false
	}
	switch op {
	case "==":
		return order == 0, true
	case "!=":
		return order != 0, true
	case "<":
		return order < 0, true
	case "<=":
		return order <= 0, true
	case ">":
		return order > 0, true
	case ">=":
		return order >= 0, true
	}
	return false, false
}

// isDraw says whether a value is a number between 0 and 1, as random.random() gives it.
func (v value) isDraw() bool { return v.kind == expression && v.text == "float(0, 1)" }
