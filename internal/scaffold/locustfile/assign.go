package locustfile

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// gather is self.ids.append(value of an answer): what is drawn of such a list is the last one.
func (s *scope) gather(n *syntax.Node) bool {
	of := n.At("func").At("value")
	if of.Kind != "Attribute" || s.eval(of.At("value")).kind != self || len(n.Lists["args"]) != 1 {
		return false
	}
	attr := of.Texts["attr"]
	v := s.eval(n.Lists["args"][0])
	if v.kind != answered {
		if !s.file.imports.Sends(n) {
			s.look(n, "this call is not read, and left out")
		}
		return true
	}
	name := s.user.nameOf(attr)
	v = s.captureAs(v, name, n)
	v.gathered = true
	s.user.captured[attr] = true
	s.user.attrs[attr] = v
	s.user.gathered[attr] = true
	return true
}

func (s *scope) assign(n *syntax.Node) {
	if n.At("value").Kind == "None" {
		return
	}
	v := s.eval(n.At("value"))
	targets := n.Lists["targets"]
	if n.Kind == "AnnAssign" {
		targets = []*syntax.Node{n.At("target")}
	}
	for _, t := range targets {
		s.assignTo(t, v, n)
	}
}

func (s *scope) assignTo(t *syntax.Node, v value, n *syntax.Node) {
	switch t.Kind {
	case "Name":
		name := t.Texts["id"]
		v = s.masked(name, v)
		if u := s.user; u != nil && u.start && u.isFree(v) {
			v = u.variable(name, v)
		}
		if v.line == 0 {
			v.line = n.Line
		}
		s.locals[name] = v
		delete(s.counted, name)
	case "Attribute":
		switch of := s.eval(t.At("value")); {
		case of.kind == self:
			s.user.setAttribute(s, t.Texts["attr"], s.masked(t.Texts["attr"], v), n)
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
		of, key := s.eval(t.At("value")), s.eval(t.At("slice"))
		name := t.At("value").Texts["id"]
		switch {
		case of.kind == headers && key.kind == text:
			s.user.setHeaders(s, value{kind: dict}.with(key.text, v), n)
		case of.kind == dict && key.kind == text && name != "":
			s.locals[name] = of.with(key.text, v)
		case of.kind == dict && key.kind == text && s.eval(t.At("value").At("value")).kind == self:
			s.user.attrs[t.At("value").Texts["attr"]] = of.with(key.text, v)
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

// setAttribute is self.x = v.
func (u *user) setAttribute(s *scope, attr string, v value, n *syntax.Node) {
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
