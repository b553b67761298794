package locustfile

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// exec reads statements in their order. It says what they return, and whether they go no further.
func (s *scope) exec(body []*syntax) (returned value, ends bool) {
	returned = value{kind: null}
	before := 0
	if s.user != nil {
		before = len(s.user.conds)
		defer func() { s.user.conds = s.user.conds[:before] }()
	}
	for _, st := range body {
		v, end := s.statement(st)
		if end {
			return v, true
		}
		if v.kind != null {
			returned = v // on a condition
		}
	}
	return returned, false
}

func (s *scope) statement(n *syntax) (value, bool) {
	none := value{kind: null}
	switch n.Kind {
	case "Expr":
		s.expression(n.at("value"))
	case "Assign", "AnnAssign":
		s.assign(n)
	case "AugAssign":
		if name := n.at("target").Texts["id"]; name != "" {
			s.locals[name] = unknown(n)
		} else {
			s.unreadStatement(n)
		}
	case "With":
		return s.with(n)
	case "If":
		return s.condition(n)
	case "For":
		return s.loop(n)
	case "Try":
		v, end := s.exec(append(slices.Clip(n.Lists["body"]), n.Lists["orelse"]...))
		for _, h := range n.Lists["handlers"] {
			if sends(h) {
				s.look(h, "what is sent after an exception is left out")
			}
		}
		if f := n.Lists["finalbody"]; len(f) > 0 {
			s.exec(f)
		}
		return v, end
	case "Return":
		if n.at("value").Kind == "None" {
			return none, true
		}
		return s.eval(n.at("value")), true
	case "Raise", "Continue", "Break":
		return none, true
	case "Pass", "Import", "ImportFrom", "Global", "Nonlocal", "Assert", "Delete":
	case "FunctionDef":
		s.locals[n.Texts["name"]] = value{kind: function, def: n, around: s.locals}
	default:
		s.unreadStatement(n)
	}
	return none, false
}

// unreadStatement says that a statement is left out.
func (s *scope) unreadStatement(n *syntax) {
	what := "is not read, and left out"
	if sends(n) {
		what = "is not read, and what it sends is left out"
	}
	s.look(n, fmt.Sprintf("the statement %s %s", naming.Line(n.Kind), what))
}

// expression is a statement that is only a call.
func (s *scope) expression(n *syntax) {
	if n.Kind == "Await" || n.Kind == "Yield" {
		n = n.at("value")
	}
	if n.Kind != "Call" {
		return
	}
	name := s.file.canonical(n.at("func"))
	switch attr := n.at("func").Texts["attr"]; {
	case s.verdict(n, attr):
	case sleeping.MatchString(name):
		s.look(n, "a pause in the middle of a task is left out")
	case silent.MatchString(name):
	case attr == "append" && s.gather(n):
	case attr == "update" || sends(n) || s.callsOwn(n):
		if v := s.eval(n); v.kind == unread && !s.callsOwn(n) && !sends(n) {
			s.look(n, "this call is not read, and left out")
		}
	default:
		s.look(n, "this call is not read, and left out")
	}
}

// callsOwn says whether a call is one of a function or method of the file, or of what self inherits.
func (s *scope) callsOwn(n *syntax) bool {
	f := n.at("func")
	if f.Kind == "Attribute" && f.at("value").Kind == "Call" {
		return f.at("value").at("func").Texts["id"] == "super"
	}
	return s.eval(f).kind == function || f.Kind == "Attribute" && s.eval(f.at("value")).kind == client
}

// with is a block with an answer that it judges.
func (s *scope) with(n *syntax) (value, bool) {
	for _, i := range n.Lists["items"] {
		v := s.eval(i.at("context_expr"))
		if v.kind == unread {
			s.look(n, "what this block begins with is not read")
		}
		if as := i.at("optional_vars").Texts["id"]; as != "" {
			s.locals[as] = v
		}
	}
	return s.exec(n.Lists["body"])
}

// condition is if and else. What follows an if that ends there is done on the opposite condition.
func (s *scope) condition(n *syntax) (value, bool) {
	c := truth(s, s.eval(n.at("test")))
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
		return unknown(n), true
	}
	v, ends := s.under(c, n.Lists["body"])
	w, endsToo := s.under(opposite(c), n.Lists["orelse"])
	if v.kind == null {
		v = w
	}
	switch {
	case ends && endsToo:
		return v, true
	case ends:
		s.user.conds = append(s.user.conds, opposite(c))
	case endsToo && len(n.Lists["orelse"]) > 0:
		s.user.conds = append(s.user.conds, c)
	}
	return v, false
}

// under reads statements that are done on a condition.
func (s *scope) under(c value, body []*syntax) (value, bool) {
	s.user.conds = append(s.user.conds, c)
	defer func() { s.user.conds = s.user.conds[:len(s.user.conds)-1] }()
	return s.exec(body)
}

const (
	// mostTurns is how many turns of a loop with several requests are written.
	mostTurns = 20
	mostTimes = 10_000
)

// loop is a loop over a range or a list that is known.
func (s *scope) loop(n *syntax) (value, bool) {
	over, target := n.at("iter"), n.at("target")
	nothing := value{kind: null}
	var turns []value
	if s.file.canonical(over.at("func")) == "range" {
		args := over.Lists["args"]
		from, to := 0, s.eval(over.item("args", len(args)-1))
		if len(args) == 2 {
			from = wholeNumber(s.eval(args[0]).text)
		}
		count := wholeNumber(to.text) - from
		if to.kind != number || len(args) > 2 || len(args) == 0 || count < 0 || count > mostTimes {
			s.look(n, "a loop whose number of turns is not known is read as one turn")
			count = 1
		}
		for i := range count {
			turns = append(turns, value{kind: number, text: strconv.Itoa(from + i), size: 1})
		}
	} else if v := s.eval(over); v.kind == list && len(v.items) <= mostTurns {
		turns = v.items
	} else {
		s.look(n, "a loop over what is not known is read as one turn")
		turns = []value{unknown(n)}
	}
	if len(turns) == 0 {
		return nothing, false
	}
	if s.user != nil && !s.user.start && len(turns) > 1 && s.sameEachTurn(n, target) {
		from := len(*s.user.out)
		s.assignTo(target, turns[0], n)
		s.exec(n.Lists["body"])
		if made := (*s.user.out)[from:]; len(made) == 1 && made[0].Times < 2 {
			made[0].Times = len(turns)
			return nothing, false
		} else if len(made) == 0 {
			return nothing, false
		}
		turns = turns[1:]
	}
	if len(turns) > mostTurns {
		s.look(n, fmt.Sprintf("a loop of several requests is cut off after %d turns", mostTurns))
		turns = turns[:mostTurns]
	}
	for _, t := range turns {
		s.assignTo(target, t, n)
		s.exec(n.Lists["body"])
	}
	return nothing, false
}

// sameEachTurn says whether a loop does not use what it counts.
func (s *scope) sameEachTurn(n, target *syntax) bool {
	name, used := target.Texts["id"], false
	for _, st := range n.Lists["body"] {
		st.walk(func(one *syntax) bool {
			used = used || one.Kind == "Name" && one.Texts["id"] == name
			return !used
		})
	}
	return name != "" && !used
}

// inline is a function that is called: its statements are read with its arguments.
func (s *scope) inline(f value, n *syntax, me *value) value {
	def := f.def
	in := &scope{file: s.file, user: s.user, locals: map[string]value{}, counted: map[string]int{},
		depth: s.depth + 1}
	maps.Copy(in.locals, f.around)
	if in.depth > deepest {
		return unknown(n)
	}
	params := def.at("args").Lists["args"]
	isStatic := slices.ContainsFunc(def.Lists["decorator_list"],
		func(d *syntax) bool { return d.dotted() == "staticmethod" })
	if me != nil && !isStatic && len(params) > 0 {
		in.locals[params[0].Texts["arg"]] = *me
		params = params[1:]
	}
	defaults := def.at("args").Lists["defaults"]
	for i, p := range params {
		name := p.Texts["arg"]
		switch given := n.keyword(name); {
		case i < len(n.Lists["args"]):
			in.locals[name] = s.masked(name, s.eval(n.item("args", i)))
		case given != none:
			in.locals[name] = s.masked(name, s.eval(given))
		case i >= len(params)-len(defaults):
			in.locals[name] = in.masked(name, in.eval(defaults[i-(len(params)-len(defaults))]))
		default:
			in.locals[name] = unknown(n)
		}
	}
	v, _ := in.exec(def.Lists["body"])
	return v
}

// callMethod is a method of self that is called: its requests are those of the caller.
func (u *user) callMethod(s *scope, name string, n *syntax) value {
	switch name {
	case "wait":
		s.look(n, "a wait in the middle of a task is left out")
		return value{kind: null}
	case "interrupt":
		return value{kind: null}
	}
	f := u.attribute(n, name)
	if f.kind != function {
		return unknown(n)
	}
	me := value{kind: self}
	return s.inline(f, n, &me)
}

// super is a method of what the class inherits from.
func (u *user) super(s *scope, name string, n *syntax) value {
	for _, c := range u.file.lineage(u.member)[1:] {
		if m := c.methods[name]; m != nil {
			me := value{kind: self}
			return s.inline(value{kind: function, def: m}, n, &me)
		}
	}
	return value{kind: null}
}

// verdict reads response.failure(…) and response.success(); ok is false where it is none of both.
func (s *scope) verdict(n *syntax, attr string) (ok bool) {
	if attr != "failure" && attr != "success" || s.user == nil {
		return false
	}
	of := s.eval(n.at("func").at("value"))
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
