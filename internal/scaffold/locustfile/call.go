package locustfile

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// call is what a call of a function or a method gives.
func (s *scope) call(n *syntax) value {
	name := s.file.canonical(n.at("func"))
	if v, ok := s.library(name, n); ok {
		return v
	}
	if n.at("func").Kind == "Attribute" {
		return s.method(n)
	}
	if f := s.eval(n.at("func")); f.kind == function {
		return s.inline(f, n, nil)
	}
	return unknown(n)
}

// library is what a call of the standard library gives; ok is false for others.
func (s *scope) library(name string, n *syntax) (v value, ok bool) {
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
		return s.random(name, n, arg), true
	case "uuid.uuid4", "uuid.uuid1":
		return call("uuid()"), true
	case "str":
		v := arg(0)
		if v.kind == moment || v.kind == list || v.kind == dict {
			return unknown(n), true
		}
		return join([]value{v}, n), true
	case "int", "round", "float", "bool":
		return s.converted(name, arg(0), n), true
	case "len":
		v := arg(0)
		if v.kind == list || v.kind == dict {
			return value{kind: number, text: strconv.Itoa(len(v.items)), size: 1}, true
		}
		if a := s.eval(args0(args)); a.kind == answered && a.word != "text" {
			a.text = "len(" + a.text + ")"
			return a, true
		}
		return unknown(n), true
	case "list", "tuple", "dict":
		if name == "dict" {
			return s.dictOf(n), true
		}
		return arg(0), true
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
		return s.timedelta(n), true
	case "urllib.parse.quote", "urllib.parse.quote_plus":
		return arg(0), true // a path and a query escape what they need to
	}
	return value{}, false
}

// args0 is the first argument; one of kind None where there is none.
func args0(args []*syntax) *syntax {
	if len(args) == 0 {
		return none
	}
	return args[0]
}

// settled is a value that a request may show: one of an answer is captured.
func (s *scope) settled(n *syntax) value {
	v := s.eval(n)
	if v.kind == answered {
		return s.captured(v, n)
	}
	return v
}

// random is a value that is drawn.
func (s *scope) random(name string, n *syntax, arg func(int) value) value {
	function := name[strings.Index(name, ".")+1:]
	if function == "random" {
		return call("float(0, 1)")
	}
	if function == "choice" || function == "choices" {
		if a := s.eval(args0(n.Lists["args"])); a.kind == answered && function == "choice" {
			a.text, a.word = "pick("+a.text+")", ""
			return a
		}
		v := arg(0)
		if v.gathered {
			v.gathered = false
			s.look(n, "one of several that were captured is drawn: here it is the last one")
			return v
		}
		return s.pick(function, v, n)
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
func (s *scope) pick(name string, from value, n *syntax) value {
	if name == "choices" && (n.keyword("weights") != none || len(n.Lists["args"]) > 1) {
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
func (s *scope) converted(name string, v value, n *syntax) value {
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
		digits := s.eval(n.item("args", 1))
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

func (s *scope) dictOf(n *syntax) value {
	d := value{kind: dict, line: n.Line, size: 1}
	for _, k := range n.Lists["keywords"] {
		if k.Texts["arg"] == "" {
			return unknown(n)
		}
		d = d.with(k.Texts["arg"], s.eval(k.at("value")))
	}
	return d
}

var variableOfEnvironment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// environment is a variable of the environment. The default of a secret does not get into the file.
func (s *scope) environment(name, otherwise value, n *syntax) value {
	if name.kind != text || !variableOfEnvironment.MatchString(name.text) {
		return unknown(n)
	}
	if secrets.InName(name.text) || secrets.IsHeader(name.text) || secrets.Is(name.text, otherwise.text) {
		t := s.file.draft.Secret(name.text)
		return call("%s", strings.TrimSuffix(strings.TrimPrefix(t, "${ "), " }"))
	}
	t := s.file.draft.Variable(name.text, otherwise.text)
	return call("%s", strings.TrimSuffix(strings.TrimPrefix(t, "${ "), " }"))
}

func (s *scope) timedelta(n *syntax) value {
	var parts []string
	for _, k := range n.Lists["keywords"] {
		e, ok := s.eval(k.at("value")).expr()
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

// method is what a method of a value gives.
func (s *scope) method(n *syntax) value {
	f := n.at("func")
	attr := f.Texts["attr"]
	args := n.Lists["args"]
	if f.at("value").Kind == "Call" && f.at("value").at("func").Texts["id"] == "super" && s.user != nil {
		return s.user.super(s, attr, n)
	}
	of := s.eval(f.at("value"))
	switch of.kind {
	case self:
		return s.user.callMethod(s, attr, n)
	case client:
		return s.user.send(s, attr, n)
	case headers:
		if attr == "update" && len(args) == 1 {
			s.user.setHeaders(s, s.settledDict(args[0]), n)
			return value{kind: null}
		}
	case response:
		if attr == "json" {
			return value{kind: answered, text: "body", step: of.step, size: 1}
		}
	case answered:
		if attr == "get" && len(args) > 0 {
			return s.member(of, args[0], n)
		}
	case dict:
		if attr == "copy" {
			return of
		}
		if attr == "get" && len(args) > 0 {
			return s.entry(of, s.eval(args[0]), n)
		}
	case text:
		return s.textMethod(of, attr, n)
	case moment:
		return momentMethod(of, attr, s, n)
	}
	if attr == "strip" || attr == "encode" {
		return of
	}
	return unknown(n)
}

func (s *scope) textMethod(of value, attr string, n *syntax) value {
	switch attr {
	case "format":
		return s.braces(of.text, n)
	case "lower":
		return textOf(strings.ToLower(of.text))
	case "upper":
		return textOf(strings.ToUpper(of.text))
	case "strip", "encode":
		return of
	case "rstrip":
		if cut := s.eval(args0(n.Lists["args"])); cut.kind == text {
			return textOf(strings.TrimRight(of.text, cut.text))
		}
	case "split":
		if sep := s.eval(args0(n.Lists["args"])); sep.kind == text && sep.text != "" {
			var items []value
			for _, part := range strings.Split(of.text, sep.text) {
				items = append(items, textOf(part))
			}
			return several(list, items, n)
		}
	}
	return unknown(n)
}

func momentMethod(of value, attr string, s *scope, n *syntax) value {
	switch attr {
	case "isoformat":
		return of
	case "timestamp":
		return call("epoch(%s)", of.text)
	case "strftime":
		if format := s.eval(args0(n.Lists["args"])); format.kind == text {
			return call("format(%s, %s)", template.Quote(format.text), of.text)
		}
	}
	return unknown(n)
}

// subscript is an item of a list, a dict or an answer.
func (s *scope) subscript(n *syntax) value {
	if s.file.canonical(n.at("value")) == "os.environ" {
		return s.environment(s.eval(n.at("slice")), textOf(""), n)
	}
	of := s.eval(n.at("value"))
	switch of.kind {
	case answered:
		return s.member(of, n.at("slice"), n)
	case dict, list:
		return s.entry(of, s.eval(n.at("slice")), n)
	}
	if of.gathered {
		of.gathered = false
		return of
	}
	return unknown(n)
}

// entry is an item of a list or dict that is known.
func (s *scope) entry(of, key value, n *syntax) value {
	if of.kind == dict && key.kind == text {
		for i, k := range of.keys {
			if k == key.text {
				return of.items[i].named(k)
			}
		}
	}
	if at, err := strconv.Atoi(key.text); of.kind == list && key.kind == number && err == nil {
		if at < 0 {
			at += len(of.items)
		}
		if at >= 0 && at < len(of.items) {
			return of.items[at]
		}
	}
	return unknown(n)
}

// member is a field or an item of an answer.
func (s *scope) member(of value, key *syntax, n *syntax) value {
	k := s.eval(key)
	switch {
	case of.word == "text" || k.kind != text && k.kind != number || strings.HasPrefix(k.text, "-"):
		return unknown(n)
	case k.kind == number:
		of.text += "[" + k.text + "]"
		of.negation = ""
		return of
	}
	of.text, of.negation, of.word = of.field(k.text), "", k.text
	return of
}

// field is the expression for a field of a value of an answer.
func (v value) field(name string) string {
	if expr.ValidName(name) && !expr.Reserved(name) && v.text != "headers" {
		return v.text + "." + name
	}
	return v.text + "[" + template.Quote(name) + "]"
}

// wholeNumber is a number as an int; 0: it is none.
func wholeNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}
