package locustfile

import (
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
)

// library is what a call of the standard library gives; ok is false for others.
func library(s *scope, name string, n *syntax.Node) (v value, ok bool) {
	args := n.Lists["args"]
	arg := func(i int) value {
		if i < len(args) {
			return s.settled(args[i])
		}
		return unknown(n)
	}
	switch name {
	case "random.randint", "random.randrange", "random.uniform", "random.random", "random.choice", "random.choices",
		"secrets.choice":
		return random(s, name, n, arg), true
	case "uuid.uuid4", "uuid.uuid1":
		return call("uuid()"), true
	case "str":
		v := arg(0)
		if v.kind == moment || v.kind == list || v.kind == dict {
			return unknown(n), true
		}
		return join([]value{v}, n), true
	case "int", "round", "float", "bool":
		return converted(s, name, arg(0), n), true
	case "len":
		a := s.eval(args0(args))
		if a.kind == list || a.kind == dict {
			return value{kind: number, text: strconv.Itoa(len(a.items)), size: 1}, true
		}
		if a.kind == answered && a.word != "text" {
			a.text = "len(" + a.text + ")"
			return a, true
		}
		return unknown(n), true
	case "enumerate", "zip":
		return together(s, name, n), true
	case "list", "tuple", "dict":
		if name == "dict" {
			return dictOf(s, n), true
		}
		return arg(0), true
	case "json.loads":
		a := s.eval(args0(args))
		if a.kind == answered && a.word == "text" {
			a.word = ""
			return a, true
		}
		return unknown(n), true
	case "json.dumps":
		v := arg(0)
		return value{kind: jsonText, items: []value{v}, line: n.Line, size: v.size}, true
	case "os.getenv", "os.environ.get":
		return s.environment(arg(0), arg(1), n), true
	case "time.time":
		return call("epoch(now())"), true
	case "datetime.datetime.now", "datetime.now", "datetime.datetime.utcnow", "datetime.utcnow":
		return value{kind: moment, text: "now()", size: 1}, true
	case "datetime.timedelta", "timedelta":
		return timedelta(s, n), true
	case "urllib.parse.quote", "urllib.parse.quote_plus":
		return arg(0), true // a path and a query escape what they need to
	}
	return value{}, false
}

// args0 is the first argument; one of kind None where there is none.
func args0(args []*syntax.Node) *syntax.Node {
	if len(args) == 0 {
		return syntax.None
	}
	return args[0]
}

// random is a value that is drawn.
func random(s *scope, name string, n *syntax.Node, arg func(int) value) value {
	function := name[strings.Index(name, ".")+1:]
	if function == "random" {
		return call("float(0, 1)")
	}
	if function == "choice" || function == "choices" {
		v := s.eval(args0(n.Lists["args"]))
		if v.kind == answered && function == "choice" {
			v.text, v.word = "pick("+v.text+")", ""
			return v
		}
		if v.kind == answered {
			v = s.captured(v, n)
		}
		if v.gathered {
			v.gathered = false
			s.look(n, "one of several that were captured is drawn: here it is the last one")
			return v
		}
		return pick(s, function, v, n)
	}
	low, high := arg(0), arg(1)
	if function == "randrange" {
		if len(n.Lists["args"]) == 1 {
			low, high = value{kind: number, text: "0", size: 1}, low
		}
		high = arithmetic("Sub", high, value{kind: number, text: "1", size: 1}, n)
	}
	a, okA := low.expr()
	b, okB := high.expr()
	if !okA || !okB || low.kind == text || high.kind == text {
		return unknown(n)
	}
	if function == "uniform" {
		return call("float(%s, %s)", a, b)
	}
	return call("int(%s, %s)", a, b)
}

// pick draws one of a list.
func pick(s *scope, name string, from value, n *syntax.Node) value {
	if name == "choices" && (n.Keyword("weights") != syntax.None || len(n.Lists["args"]) > 1) {
		return unknown(n)
	}
	if from.kind == expression && strings.HasPrefix(from.text, "env(") { // one of several secrets
		return from
	}
	e, ok := from.expr()
	switch {
	case !ok || from.kind != list && from.kind != expression:
		return unknown(n)
	case from.kind == list:
		e = strings.TrimSuffix(strings.TrimPrefix(e, "["), "]")
		if len(from.items) == 1 {
			e = "[" + e + "]"
		}
	}
	v := call("pick(%s)", e)
	if name == "choices" { // a list of one, of which [0] is taken
		return value{kind: list, items: []value{v}, size: 2, line: n.Line, word: "choices"}
	}
	return v
}

// converted is a value as a number.
func converted(s *scope, name string, v value, n *syntax.Node) value {
	e, ok := v.expr()
	if !ok {
		return unknown(n)
	}
	switch {
	case e == "epoch(now()) * 1000":
		return call("epochMs(now())")
	case name == "int" && (strings.HasPrefix(e, "epoch") || strings.HasPrefix(e, "int(")):
		return v
	case name == "float" && strings.HasPrefix(e, "float("):
		return v
	case name == "round":
		digits := s.eval(n.Item("args", 1))
		if places := wholeNumber(digits.text); digits.kind == number && places > 0 && places < 7 {
			scale := "1" + strings.Repeat("0", places)
			return call("round(%s * %s) / %s", operand(e), scale, scale)
		}
		return call("round(%s)", e)
	case name == "bool":
		return unknown(n)
	}
	if v.kind == text {
		return unknown(n)
	}
	return call("%s(%s)", name, e)
}

func dictOf(s *scope, n *syntax.Node) value {
	d := value{kind: dict, line: n.Line, size: 1}
	for _, k := range n.Lists["keywords"] {
		if k.Texts["arg"] == "" {
			return unknown(n)
		}
		d = d.with(k.Texts["arg"], s.eval(k.At("value")))
	}
	return d
}

func timedelta(s *scope, n *syntax.Node) value {
	var parts []string
	for _, k := range n.Lists["keywords"] {
		e, ok := s.eval(k.At("value")).expr()
		unit := k.Texts["arg"]
		if !ok || unit != "days" && unit != "hours" && unit != "minutes" && unit != "seconds" && unit != "weeks" {
			return unknown(n)
		}
		if unit == "weeks" {
			unit, e = "days", operand(e)+" * 7"
		}
		parts = append(parts, unit+"("+e+")")
	}
	if len(n.Lists["args"]) == 1 {
		if e, ok := s.eval(n.Lists["args"][0]).expr(); ok {
			parts = append(parts, "days("+e+")")
		}
	}
	if len(parts) == 0 || len(n.Lists["args"]) > 1 {
		return unknown(n)
	}
	return value{kind: span, text: strings.Join(parts, " + "), size: 1}
}

// together is what enumerate or zip gives for lists that are known.
func together(s *scope, name string, n *syntax.Node) value {
	var lists []value
	least := -1
	for _, a := range n.Lists["args"] {
		v := s.eval(a)
		if v.kind != list || v.word == "choices" {
			return unknown(n)
		}
		lists = append(lists, v)
		if least < 0 || len(v.items) < least {
			least = len(v.items)
		}
	}
	if len(lists) == 0 || len(n.Lists["keywords"]) > 0 || name == "enumerate" && len(lists) > 1 {
		return unknown(n)
	}
	var rows []value
	for i := range least {
		var row []value
		if name == "enumerate" {
			row = append(row, value{kind: number, text: strconv.Itoa(i), size: 1})
		}
		for _, l := range lists {
			row = append(row, l.items[i])
		}
		rows = append(rows, several(list, row, n))
	}
	return several(list, rows, n)
}

// partsOf are the items, the keys or the values of a dict.
func partsOf(s *scope, of value, attr string, n *syntax.Node) value {
	var rows []value
	for i, key := range of.keys {
		k, v := textOf(key), s.masked(key, of.items[i])
		switch attr {
		case "items":
			rows = append(rows, several(list, []value{k, v}, n))
		case "keys":
			rows = append(rows, k)
		default:
			rows = append(rows, v)
		}
	}
	return several(list, rows, n)
}
