package locustfile

import (
	"fmt"
	"regexp"
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
		s.locals[n.Texts["name"]] = value{kind: function, def: n}
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

// sends says whether something below a node looks like a request of a client.
func sends(n *syntax) (found bool) {
	n.walk(func(one *syntax) bool {
		if one.Kind == "Call" && clientCall.MatchString(one.at("func").dotted()) {
			found = true
		}
		return !found
	})
	return found
}

var (
	clientCall = regexp.MustCompile(`(^|\.)client\.(get|post|put|patch|delete|head|options|request)$`)
	// silent are calls that send nothing and change nothing that is sent.
	silent = regexp.MustCompile(`^(print|log|logger|logging|self\.(logger|log|environment)|events|time\.perf_counter|` +
		`random\.seed|warnings)(\.|$)|\.(success|log|debug|info|warning|error|exception|raise_for_status|seed|interrupt)$`)
	sleeping = regexp.MustCompile(`^(time|gevent)\.sleep$|^self\.wait$|^self\._sleep$`)
)

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

// gather is self.ids.append(value of an answer): what is drawn of such a list is the last one.
func (s *scope) gather(n *syntax) bool {
	of := n.at("func").at("value")
	if of.Kind != "Attribute" || s.eval(of.at("value")).kind != self || len(n.Lists["args"]) != 1 {
		return false
	}
	attr := of.Texts["attr"]
	v := s.eval(n.Lists["args"][0])
	if v.kind != answered {
		return false
	}
	name := s.user.nameOf(attr)
	v = s.captureAs(v, name, n)
	v.gathered = true
	s.user.captured[attr] = true
	s.user.attrs[attr] = v
	s.user.gathered[attr] = true
	return true
}

func (s *scope) assign(n *syntax) {
	if n.at("value").Kind == "None" {
		return
	}
	v := s.eval(n.at("value"))
	targets := n.Lists["targets"]
	if n.Kind == "AnnAssign" {
		targets = []*syntax{n.at("target")}
	}
	for _, t := range targets {
		s.assignTo(t, v, n)
	}
}

func (s *scope) assignTo(t *syntax, v value, n *syntax) {
	switch t.Kind {
	case "Name":
		name := t.Texts["id"]
		if u := s.user; u != nil && u.start && u.isFree(v) {
			v = u.variable(name, v)
		}
		if v.kind == text {
			v = s.hidden(name, v)
		}
		if v.line == 0 {
			v.line = n.Line
		}
		s.locals[name] = v
		delete(s.counted, name)
	case "Attribute":
		switch of := s.eval(t.at("value")); {
		case of.kind == self:
			if v.kind == text {
				v = s.hidden(t.Texts["attr"], v)
			}
			s.user.setAttribute(s, t.Texts["attr"], v, n)
		case of.kind == client && t.Texts["attr"] == "headers":
			s.user.setHeaders(s, v, n)
		case of.kind == client && t.Texts["attr"] == "auth":
			s.user.setAuth(s, v, n)
		case of.kind == response && t.Texts["attr"] == "name":
			s.look(n, "a name that is given after the answer is not read: write name")
		default:
			s.look(n, "what is set here is not read")
		}
	case "Subscript":
		of, key := s.eval(t.at("value")), s.eval(t.at("slice"))
		name := t.at("value").Texts["id"]
		switch {
		case of.kind == headers && key.kind == text:
			s.user.setHeaders(s, value{kind: dict}.with(key.text, v), n)
		case of.kind == dict && key.kind == text && name != "":
			s.locals[name] = of.with(key.text, v)
		case of.kind == dict && key.kind == text && s.eval(t.at("value").at("value")).kind == self:
			s.user.attrs[t.at("value").Texts["attr"]] = of.with(key.text, v)
		default:
			s.look(n, "what is set here is not read")
		}
	case "Tuple", "List":
		for i, e := range t.Lists["elts"] {
			item := unknown(e)
			if v.kind == list && i < len(v.items) {
				item = v.items[i]
			}
			s.assignTo(e, item, n)
		}
	}
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
	c := s.truth(s.eval(n.at("test")))
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
