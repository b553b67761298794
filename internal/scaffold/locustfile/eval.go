package locustfile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// eval is the value of an expression. Requests that it sends become steps.
func (s *scope) eval(n *syntax.Node) value {
	if s.file.budget--; s.file.budget < 0 || s.depth > deepest {
		return unknown(n)
	}
	switch n.Kind {
	case "Constant":
		return constant(n)
	case "Name":
		return s.name(n)
	case "Attribute":
		return s.attribute(n)
	case "JoinedStr":
		return s.formatted(n)
	case "List", "Tuple", "Set":
		return s.list(n)
	case "Dict":
		return s.dict(n)
	case "BinOp":
		return binary(s, n)
	case "UnaryOp":
		return unary(s, n)
	case "BoolOp":
		return logical(s, n)
	case "Compare":
		return compare(s, n)
	case "Subscript":
		return s.subscript(n)
	case "Call":
		return s.call(n)
	case "ListComp", "GeneratorExp", "SetComp":
		return s.comprehension(n)
	case "IfExp":
		return s.choice(n)
	case "NamedExpr":
		v := s.masked(n.At("target").Texts["id"], s.eval(n.At("value")))
		if name := n.At("target").Texts["id"]; name != "" && s.locals != nil {
			s.locals[name] = v
		}
		return v
	case "Known":
		v, ok := n.Known.(value)
		if !ok {
			return unknown(n)
		}
		return v
	case "Index": // of Python before 3.9
		return s.eval(n.At("value"))
	}
	return unknown(n)
}

func constant(n *syntax.Node) value {
	v := n.Texts["value"]
	switch n.Texts["type"] {
	case "str":
		return textOf(v)
	case "int":
		if _, err := strconv.ParseInt(v, 10, 64); err == nil {
			return value{kind: number, text: v, size: 1}
		}
	case "float":
		if f, err := strconv.ParseFloat(v, 64); err == nil && f-f == 0 {
			return value{kind: number, text: strconv.FormatFloat(f, 'f', -1, 64), size: 1}
		}
	case "bool":
		return value{kind: boolean, text: strings.ToLower(v), size: 1}
	case "NoneType":
		return value{kind: null, size: 1}
	}
	return unknown(n)
}

func (s *scope) name(n *syntax.Node) value {
	name := n.Texts["id"]
	if v, ok := s.locals[name]; ok {
		if s.user != nil {
			s.used(n, name, v)
		}
		return v.named(name)
	}
	if s.class != nil && s.class.attrs[name] != nil {
		in := scope{file: s.file, depth: s.depth + 1}
		return in.hidden(name, in.eval(s.class.attrs[name]))
	}
	if f := s.file.functions[name]; f != nil {
		return value{kind: function, def: f, line: n.Line}
	}
	if c := s.file.constants[name]; c != nil {
		in := scope{file: s.file, depth: s.depth + 1}
		return in.hidden(name, in.eval(c))
	}
	return unknown(n)
}

func (s *scope) attribute(n *syntax.Node) value {
	attr := n.Texts["attr"]
	of := s.eval(n.At("value"))
	switch of.kind {
	case self:
		return s.user.attribute(n, attr)
	case client:
		if attr == "headers" {
			return value{kind: headers}
		}
	case response:
		switch attr {
		case "status_code":
			return value{kind: answered, text: "status", step: of.step, size: 1}
		case "ok":
			return value{kind: answered, text: "status < 400", negation: "status >= 400", step: of.step, size: 1}
		case "js": // of FastHttpUser
			return value{kind: answered, text: "body", step: of.step, size: 1}
		case "headers":
			return value{kind: answered, text: "headers", step: of.step, size: 1}
		case "text", "content":
			return value{kind: answered, text: "body", step: of.step, size: 1, word: "text"}
		}
	}
	return unknown(n)
}

// formatted is a text with values in braces. Values in a format of their own are read where
// thresholds.yaml has the same.
func (s *scope) formatted(n *syntax.Node) value {
	var parts []value
	for _, p := range n.Lists["values"] {
		if p.Kind != "FormattedValue" {
			parts = append(parts, s.eval(p))
			continue
		}
		v := s.eval(p.At("value"))
		if v.kind == answered {
			v = s.captured(v, p)
		}
		if spec := p.At("format_spec"); spec != syntax.None {
			v = s.inFormat(v, spec)
		}
		if c := p.Texts["conversion"]; c == "114" || c == "97" { // !r and !a
			v = unknown(p)
		}
		if v.kind == list || v.kind == dict {
			v = unknown(p)
		}
		parts = append(parts, v)
	}
	return join(parts, n)
}

// inFormat is a value in a format such as 05d or .2f.
func (s *scope) inFormat(v value, spec *syntax.Node) value {
	format := s.eval(spec)
	e, ok := v.expr()
	if format.kind != text || !ok {
		return unknown(spec)
	}
	digits := strings.TrimSuffix(format.text, "d")
	if width, err := strconv.Atoi(digits); err == nil && strings.HasPrefix(digits, "0") && width > 0 && width < 100 {
		return call("pad(%s, %d)", e, width).named(v.word)
	}
	if v.kind == moment && strings.Contains(format.text, "%") {
		return call("format(%s, %s)", strconv.Quote(format.text), e)
	}
	if strings.HasSuffix(format.text, "f") && strings.HasPrefix(format.text, ".") && len(format.text) == 3 {
		return call("format(%s, %s)", strconv.Quote("%"+format.text), e)
	}
	return unknown(spec)
}

func (s *scope) list(n *syntax.Node) value {
	var items []value
	for _, e := range n.Lists["elts"] {
		if e.Kind == "Starred" {
			return unknown(e)
		}
		items = append(items, s.eval(e))
	}
	return several(list, items, n)
}

func (s *scope) dict(n *syntax.Node) value {
	d := value{kind: dict, line: n.Line, size: 1}
	for i, k := range n.Lists["keys"] {
		v := s.eval(n.Item("values", i))
		if k.Kind == "None" { // **other
			if v.kind != dict {
				return unknown(n)
			}
			for j, key := range v.keys {
				d = d.with(key, v.items[j])
			}
			continue
		}
		key, ok := s.eval(k).template()
		if !ok || strings.Contains(key, "${") {
			return unknown(k)
		}
		d = d.with(key, v)
	}
	if d.size > largestValue {
		return unknown(n)
	}
	return d
}

// with is a dict with one more value.
func (v value) with(key string, item value) value {
	at := slices.Index(v.keys, key)
	if at >= 0 {
		v.items = slices.Clone(v.items)
		v.items[at] = item
		return v
	}
	v.keys = append(slices.Clip(v.keys), key)
	v.items = append(slices.Clip(v.items), item)
	v.size += item.size + 1
	return v
}

// choice is a if c else b, where c is drawn or known.
func (s *scope) choice(n *syntax.Node) value {
	c := truth(s, s.eval(n.At("test")))
	if c.kind == boolean {
		if c.text == "true" {
			return s.eval(n.At("body"))
		}
		return s.eval(n.At("orelse"))
	}
	yes, ok := evalUnder(s, c, n.At("body")).expr()
	no, okToo := evalUnder(s, opposite(c), n.At("orelse")).expr()
	if c.kind != expression || !ok || !okToo {
		return unknown(n)
	}
	return call("%s ? %s : %s", c.text, yes, no)
}

// evalUnder is the value of an expression that is read on a condition.
func evalUnder(s *scope, c value, n *syntax.Node) value {
	if s.user == nil {
		return s.eval(n)
	}
	if c.kind == unread {
		c.line = n.Line
	}
	s.user.conds = append(s.user.conds, c)
	defer func() { s.user.conds = s.user.conds[:len(s.user.conds)-1] }()
	return s.eval(n)
}

// evalRequests reads an expression for the requests that it sends, whatever its value is.
func evalRequests(s *scope, n *syntax.Node) {
	if s.file.imports.Sends(n) {
		s.eval(n)
	}
}

// evalArguments reads the arguments of a call that is not read, for the requests that they send.
func evalArguments(s *scope, n *syntax.Node) {
	for _, a := range n.Lists["args"] {
		evalRequests(s, a)
	}
	for _, k := range n.Lists["keywords"] {
		evalRequests(s, k.At("value"))
	}
}

// comprehension is a list of as many items as range says, each drawn anew. One that sends is a loop.
func (s *scope) comprehension(n *syntax.Node) value {
	if s.user != nil && s.user.out != nil && callsAny(s, n.At("elt")) {
		s.exec(syntax.AsLoop(n))
		return unknown(n)
	}
	if len(n.Lists["generators"]) != 1 {
		return unknown(n)
	}
	g := n.Lists["generators"][0]
	over := g.At("iter")
	if s.file.imports.Canonical(over.At("func")) != "range" || len(over.Lists["args"]) != 1 || len(g.Lists["ifs"]) > 0 {
		return unknown(n)
	}
	count, ok := s.eval(over.Item("args", 0)).expr()
	in := *s
	in.locals = map[string]value{}
	for name, v := range s.locals {
		in.locals[name] = v
	}
	if name := g.At("target").Texts["id"]; name != "" {
		in.locals[name] = unknown(g.At("target"))
	}
	item, okToo := in.eval(n.At("elt")).expr()
	if !ok || !okToo {
		return unknown(n)
	}
	return call("list(%s, %s)", count, item)
}

// settled is a value that a request may show: one of an answer is captured.
func (s *scope) settled(n *syntax.Node) value {
	v := s.eval(n)
	if v.kind == answered {
		return s.captured(v, n)
	}
	return v
}

// attribute is an attribute of self.
func (u *user) attribute(n *syntax.Node, attr string) value {
	switch attr {
	case "client":
		return value{kind: client}
	case "user", "parent":
		return value{kind: self}
	case "host":
		return textOf(u.host)
	}
	v, ok := u.attrs[attr]
	switch {
	case ok && v.kind != null || ok && !u.captured[attr]:
		return v.named(attr)
	case u.captured[attr]:
		v := call("%s", u.nameOf(attr)).named(attr)
		v.gathered = u.gathered[attr]
		return v
	}
	for _, c := range []*class{u.member, u.class} {
		if def := u.file.attr(c, attr); def != nil {
			s := scope{file: u.file, class: c, depth: 1}
			return s.hidden(attr, s.eval(def))
		}
		if m := u.file.method(c, attr); m != nil {
			return value{kind: function, def: m, line: n.Line}
		}
	}
	return unknown(n)
}

var variableOfEnvironment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// environment is a variable of the environment. The default of a secret does not get into the file.
func (s *scope) environment(name, otherwise value, n *syntax.Node) value {
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

// settledDict is a value in which those of answers are captured.
func (s *scope) settledDict(n *syntax.Node) value { return s.settledTree(s.eval(n), n) }

func (s *scope) settledTree(v value, n *syntax.Node) value {
	switch v.kind {
	case answered:
		return s.captured(v, n)
	case list, dict:
		v.items = slices.Clone(v.items)
		for i := range v.items {
			v.items[i] = s.settledTree(v.items[i], n)
		}
	}
	return v
}
