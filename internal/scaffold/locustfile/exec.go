package locustfile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// flow is where a statement leads.
type flow int

const (
	onward  flow = iota // to the next one
	skips               // to the next turn of the loop
	breaks              // behind the loop
	returns             // out of the function
)

// exec reads statements in their order. It says what they return, and where they lead.
func (s *scope) exec(body []*syntax.Node) (returned value, to flow) {
	returned = value{kind: null}
	before := 0
	if s.user != nil {
		before = len(s.user.conds)
		defer func() { s.user.conds = s.user.conds[:before] }()
	}
	for _, st := range body {
		v, to := s.statement(st)
		if to != onward {
			if v.kind == null {
				v = returned
			}
			return v, to
		}
		if v.kind != null {
			returned = v // on a condition
		}
	}
	return returned, onward
}

func (s *scope) statement(n *syntax.Node) (value, flow) {
	none := value{kind: null}
	switch n.Kind {
	case "Expr":
		s.expression(n.At("value"))
	case "Assign", "AnnAssign":
		s.assign(n)
	case "AugAssign":
		if t := n.At("target"); t.Texts["id"] != "" {
			s.assignTo(t, s.eval(&syntax.Node{Kind: "BinOp", Line: n.Line,
				Nodes: map[string]*syntax.Node{"left": t, "op": n.At("op"), "right": n.At("value")}}), n)
		} else {
			s.unreadStatement(n)
		}
	case "With":
		return s.with(n)
	case "If":
		return s.condition(n)
	case "For", "While":
		return s.loop(n)
	case "Try":
		v, to := s.exec(append(slices.Clip(n.Lists["body"]), n.Lists["orelse"]...))
		for _, h := range n.Lists["handlers"] {
			if s.file.imports.Sends(h) {
				s.look(h, "what is sent after an exception is left out")
			}
		}
		if f := n.Lists["finalbody"]; len(f) > 0 {
			s.exec(f)
		}
		return v, to
	case "Return":
		if n.At("value").Kind == "None" {
			return none, returns
		}
		return s.eval(n.At("value")), returns
	case "Raise":
		return none, returns
	case "Continue":
		return none, skips
	case "Break":
		return none, breaks
	case "Assert":
		evalRequests(s, n.At("test"))
	case "Pass", "Import", "ImportFrom", "Global", "Nonlocal", "Delete":
	case "FunctionDef":
		s.locals[n.Texts["name"]] = value{kind: function, def: n, around: s.locals}
	default:
		s.unreadStatement(n)
	}
	return none, onward
}

// unreadStatement says that a statement is left out.
func (s *scope) unreadStatement(n *syntax.Node) {
	what := "is not read, and left out"
	if s.file.imports.Sends(n) {
		what = "is not read, and what it sends is left out"
	}
	s.look(n, fmt.Sprintf("the statement %s %s", naming.Line(n.Kind), what))
}

// expression is a statement that is only a call.
func (s *scope) expression(n *syntax.Node) {
	if n.Kind == "Await" || n.Kind == "Yield" {
		n = n.At("value")
	}
	if n.Kind != "Call" {
		if callsAny(s, n) {
			s.eval(n)
		}
		return
	}
	name := s.file.imports.Canonical(n.At("func"))
	switch attr := n.At("func").Texts["attr"]; {
	case s.verdict(n, attr):
	case sleeping.MatchString(name):
		s.look(n, "a pause in the middle of a task is left out")
	case silent.MatchString(name):
		evalArguments(s, n)
	case attr == "append" && s.gather(n):
	case s.file.imports.Sends(n):
		s.eval(n)
	case attr == "update" || s.callsOwn(n):
		if v := s.eval(n); v.kind == unread && !s.callsOwn(n) {
			s.look(n, "this call is not read, and left out")
		}
	default:
		s.look(n, "this call is not read, and left out")
	}
}

var (
	// silent are calls that send nothing and change nothing that is sent.
	silent = regexp.MustCompile(`^(print|log|logger|logging|self\.(logger|log|environment)|events|time\.perf_counter|` +
		`random\.seed|warnings)(\.|$)|\.(success|log|debug|info|warning|error|exception|raise_for_status|seed|` +
		`interrupt)$`)
	sleeping = regexp.MustCompile(`^(time|gevent)\.sleep$|^self\.wait$|^self\._sleep$`)
)

// callsOwn says whether a call is one of a function or method of the file, or of what self inherits.
func (s *scope) callsOwn(n *syntax.Node) bool {
	f := n.At("func")
	if f.Kind == "Attribute" && f.At("value").Kind == "Call" {
		return f.At("value").At("func").Texts["id"] == "super"
	}
	return s.eval(f).kind == function || f.Kind == "Attribute" && s.eval(f.At("value")).kind == client
}

// with is a block with an answer that it judges.
func (s *scope) with(n *syntax.Node) (value, flow) {
	for _, i := range n.Lists["items"] {
		v := s.eval(i.At("context_expr"))
		if v.kind == unread {
			s.look(n, "what this block begins with is not read")
		}
		if as := i.At("optional_vars").Texts["id"]; as != "" {
			s.locals[as] = v
		}
	}
	return s.exec(n.Lists["body"])
}

// condition is if and else. What follows an if that ends there is done on the opposite condition.
func (s *scope) condition(n *syntax.Node) (value, flow) {
	c := truth(s, s.eval(n.At("test")))
	if c.kind == boolean {
		if c.text == "true" {
			return s.exec(n.Lists["body"])
		}
		return s.exec(n.Lists["orelse"])
	}
	if c.kind == unread {
		c.line = n.Line
	}
	if s.user == nil { // a function whose value is asked for
		return unknown(n), returns
	}
	v, to := s.under(c, n.Lists["body"])
	w, toToo := s.under(opposite(c), n.Lists["orelse"])
	if v.kind == null {
		v = w
	}
	if to != toToo {
		s.leaves = max(s.leaves, to, toToo)
	}
	switch {
	case to != onward && toToo != onward:
		return v, min(to, toToo)
	case to != onward:
		s.user.conds = append(s.user.conds, opposite(c))
	case toToo != onward && len(n.Lists["orelse"]) > 0:
		s.user.conds = append(s.user.conds, c)
	}
	return v, onward
}

// under reads statements that are done on a condition.
func (s *scope) under(c value, body []*syntax.Node) (value, flow) {
	s.user.conds = append(s.user.conds, c)
	defer func() { s.user.conds = s.user.conds[:len(s.user.conds)-1] }()
	return s.exec(body)
}

// inline is a function that is called: its statements are read with its arguments.
func (s *scope) inline(f value, n *syntax.Node, me *value) value {
	def := f.def
	in := &scope{file: s.file, user: s.user, def: def, locals: map[string]value{}, counted: map[string]int{},
		depth: s.depth + 1}
	maps.Copy(in.locals, f.around)
	if in.depth > deepest {
		return unknown(n)
	}
	s.file.told[n.At("func")] = true // its requests are said where they are
	n = expanded(s, n)
	params := def.At("args").Lists["args"]
	isStatic := slices.ContainsFunc(def.Lists["decorator_list"],
		func(d *syntax.Node) bool { return d.Dotted() == "staticmethod" })
	if me != nil && !isStatic && len(params) > 0 {
		in.locals[params[0].Texts["arg"]] = *me
		params = params[1:]
	}
	defaults := def.At("args").Lists["defaults"]
	for i, p := range params {
		name := p.Texts["arg"]
		switch given := n.Keyword(name); {
		case i < len(n.Lists["args"]):
			in.locals[name] = s.masked(name, s.eval(n.Item("args", i)))
		case given != syntax.None:
			in.locals[name] = s.masked(name, s.eval(given))
		case i >= len(params)-len(defaults):
			in.locals[name] = in.masked(name, in.eval(defaults[i-(len(params)-len(defaults))]))
		default:
			in.locals[name] = unknown(n)
		}
	}
	bindRest(s, in, def, n, params)
	v, _ := in.exec(def.Lists["body"])
	return v
}

// bindRest gives a function the arguments that its * and ** take, and those that are given by name alone.
func bindRest(s, in *scope, def, n *syntax.Node, params []*syntax.Node) {
	taken := map[string]bool{}
	for _, p := range params {
		taken[p.Texts["arg"]] = true
	}
	for i, p := range def.At("args").Lists["kwonlyargs"] {
		name := p.Texts["arg"]
		taken[name] = true
		given := n.Keyword(name)
		in.locals[name] = in.masked(name, in.eval(def.At("args").Item("kw_defaults", i)))
		if given != syntax.None {
			in.locals[name] = s.masked(name, s.eval(given))
		}
	}
	if name := def.At("args").At("vararg").Texts["arg"]; name != "" {
		var items []value
		for i := len(params); i < len(n.Lists["args"]); i++ {
			items = append(items, s.eval(n.Item("args", i)))
		}
		in.locals[name] = several(list, items, n)
	}
	if name := def.At("args").At("kwarg").Texts["arg"]; name != "" {
		rest := value{kind: dict, line: n.Line, size: 1}
		for _, k := range n.Lists["keywords"] {
			if arg := k.Texts["arg"]; arg == "" {
				rest = unknown(k)
				break
			} else if !taken[arg] {
				rest = rest.with(arg, s.masked(arg, s.eval(k.At("value"))))
			}
		}
		in.locals[name] = rest
	}
}

// callMethod is a method of self that is called: its requests are those of the caller.
func (u *user) callMethod(s *scope, name string, n *syntax.Node) value {
	switch name {
	case "wait":
		s.look(n, "a wait in the middle of a task is left out")
		return value{kind: null}
	case "interrupt":
		return value{kind: null}
	}
	f := u.attribute(n, name)
	if f.kind != function && name == "rest" { // of FastHttpUser
		return u.send(s, "request", n)
	}
	if f.kind != function {
		evalArguments(s, n)
		return unknown(n)
	}
	me := value{kind: self}
	return s.inline(f, n, &me)
}

// super is a method of what the class inherits from that has the method which is read.
func (u *user) super(s *scope, name string, n *syntax.Node) value {
	all := u.file.lineage(u.member)
	own := slices.IndexFunc(all, func(c *class) bool {
		return slices.Contains(slices.Collect(maps.Values(c.methods)), s.def)
	})
	for _, c := range all[max(own, 0)+1:] {
		if m := c.methods[name]; m != nil {
			me := value{kind: self}
			return s.inline(value{kind: function, def: m}, n, &me)
		}
	}
	return value{kind: null}
}

// verdict reads response.failure(…) and response.success(); ok is false where it is none of both.
func (s *scope) verdict(n *syntax.Node, attr string) (ok bool) {
	if attr != "failure" && attr != "success" || s.user == nil {
		return false
	}
	of := s.eval(n.At("func").At("value"))
	if of.kind != response {
		return false
	}
	v := s.user.answers[of.step]
	var tests []value
	for _, c := range s.user.conds[min(v.depth, len(s.user.conds)):] {
		if c.kind != answered || c.step != of.step || c.negation == "" {
			v.unread = append(v.unread, n.Line)
			return true
		}
		tests = append(tests, c)
	}
	one := value{kind: boolean, text: "true"}
	if len(tests) > 0 {
		one = combined(tests, " && ", " || ")
	}
	if attr == "failure" {
		v.failures = append(v.failures, one)
	} else {
		v.passes = append(v.passes, one)
	}
	return true
}
