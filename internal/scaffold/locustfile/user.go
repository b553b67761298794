package locustfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/request"
)

// user is a class of users on its way to be a group.
type user struct {
	file     *file
	class    *class
	group    *draft.Group
	requests *request.Group
	host     string // the address of the service; empty: none is known

	attrs    map[string]value // of self, as methods set them
	captured map[string]bool  // attributes that get values of answers, in any method
	gathered map[string]bool  // those that are lists of them
	names    map[string]bool  // of vars and captures
	answers  map[*draft.Step]*verdicts

	// Of the method that is read.
	out    *[]*draft.Step
	start  bool
	member *class  // the class that it is of: a user or a set of tasks
	conds  []value // under which the statement is done
}

// newUser begins with a class of users. Attributes that a first reading found to get values of
// answers are known.
func (f *file) newUser(c *class, g *draft.Group, known *user) *user {
	u := &user{file: f, class: c, group: g, requests: request.NewGroup(f.draft, g), member: c,
		attrs: map[string]value{}, captured: map[string]bool{}, gathered: map[string]bool{}, names: map[string]bool{},
		answers: map[*draft.Step]*verdicts{}}
	if known != nil {
		u.captured, u.gathered = known.captured, known.gathered
	}
	return u
}

// look adds what a person must look at in the group.
func (s *scope) look(at *syntax, what string) {
	if s.user != nil {
		s.user.group.Look(fmt.Sprintf("line %d: %s", at.Line, what))
		return
	}
	s.file.look(at, what)
}

// used counts the uses of a local value: one that is drawn is another one each time.
func (s *scope) used(n *syntax, name string, v value) {
	if s.counted == nil || !v.isDrawn() {
		return
	}
	if s.counted[name]++; s.counted[name] == 2 {
		s.look(n, naming.Line(name)+" is drawn once and used several times: here it is drawn anew each time")
	}
}

// attribute is an attribute of self.
func (u *user) attribute(n *syntax, attr string) value {
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

// nameOf is the variable for an attribute.
func (u *user) nameOf(attr string) string {
	if expr.ValidName(attr) && !expr.Reserved(attr) {
		return attr
	}
	return "own_" + strings.Trim(draft.UnusedName(attr, func(string) bool { return false }), "_")
}

// setAttribute is self.x = v.
func (u *user) setAttribute(s *scope, attr string, v value, n *syntax) {
	switch {
	case v.kind == answered:
		v = s.captureAs(v, u.nameOf(attr), n)
		u.captured[attr] = true
		u.attrs[attr] = v
	case attr == "client" || attr == "host":
		s.look(n, "what is set as "+attr+" is not read")
	case u.start && u.isFree(v):
		u.attrs[attr] = u.variable(attr, v)
	case u.captured[attr] && v.kind != expression:
		// Until it is captured it is nil, whatever it begins as.
	default:
		if old, known := u.attrs[attr]; known && !u.start && old.text != v.text {
			s.look(n, fmt.Sprintf("self.%s changes while the user goes on: here it is what it was set to last",
				naming.Line(attr)))
		}
		u.attrs[attr] = v
	}
}

// isFree says whether a value needs nothing that is captured.
func (u *user) isFree(v value) bool {
	t, ok := v.template()
	for name := range u.names {
		if strings.Contains(t, name) {
			return false
		}
	}
	return ok && (v.kind == expression || v.kind == joined || v.kind == moment) && v.isDrawn() && len(u.conds) == 0
}

// variable is a var of the group, which each user draws once.
func (u *user) variable(base string, v value) value {
	name := draft.UnusedName(base, func(n string) bool { return u.names[n] || u.captured[n] })
	u.names[name] = true
	t, _ := v.template()
	u.group.Vars = append(u.group.Vars, draft.Pair{Name: name, Text: t})
	return call("%s", name).named(base)
}

// captured is the variable for a value of an answer.
func (s *scope) captured(v value, n *syntax) value {
	return s.captureAs(v, draft.UnusedName(cmp.Or(v.word, "value"), func(name string) bool {
		return s.user.names[name] && !slices.Contains(v.step.Captures, draft.Pair{Name: name, Text: v.text})
	}), n)
}

// captureAs is the variable of a name for a value of an answer.
func (s *scope) captureAs(v value, name string, n *syntax) value {
	if at := slices.IndexFunc(v.step.Captures, func(c draft.Pair) bool { return c.Text == v.text }); at >= 0 {
		if name == v.step.Captures[at].Name || !s.user.captured[name] {
			return call("%s", v.step.Captures[at].Name).named(v.word)
		}
	}
	if v.text == "body" && v.word == "text" || strings.HasPrefix(v.text, "headers") && v.text == "headers" {
		return unknown(n)
	}
	s.user.names[name] = true
	if !slices.ContainsFunc(v.step.Captures, func(c draft.Pair) bool { return c.Name == name }) {
		v.step.Captures = append(v.step.Captures, draft.Pair{Name: name, Text: v.text})
	}
	return call("%s", name).named(cmp.Or(v.word, name))
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

// inline is a function that is called: its statements are read with its arguments.
func (s *scope) inline(f value, n *syntax, me *value) value {
	def := f.def
	in := &scope{file: s.file, user: s.user, locals: map[string]value{}, counted: map[string]int{},
		depth: s.depth + 1}
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
			in.locals[name] = s.eval(n.item("args", i))
		case given != none:
			in.locals[name] = s.eval(given)
		case i >= len(params)-len(defaults):
			in.locals[name] = in.eval(defaults[i-(len(params)-len(defaults))])
		default:
			in.locals[name] = unknown(n)
		}
	}
	v, _ := in.exec(def.Lists["body"])
	return v
}
