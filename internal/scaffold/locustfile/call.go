package locustfile

import "github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"

// call is what a call of a function or a method gives.
func (s *scope) call(n *syntax.Node) value {
	if s.user != nil {
		if v, ok := s.user.sendOnce(s, n); ok {
			return v
		}
	}
	name := s.file.imports.Canonical(n.At("func"))
	if v, ok := library(s, name, n); ok {
		return v
	}
	if n.At("func").Kind == "Attribute" {
		return s.method(n)
	}
	if f := n.At("func"); f.Kind == "Call" && f.At("func").Texts["id"] == "getattr" && s.user != nil { // of the client
		if of, attr := s.eval(f.Item("args", 0)), s.eval(f.Item("args", 1)); of.kind == client && attr.kind == text {
			return s.user.send(s, attr.text, n)
		}
	}
	if f := s.eval(n.At("func")); f.kind == function {
		return s.inline(f, n, nil)
	}
	evalArguments(s, n)
	return unknown(n)
}

// expanded is a call with the arguments that it gives with * and **, as far as they are known.
func expanded(s *scope, n *syntax.Node) *syntax.Node {
	one := *n
	one.Lists = map[string][]*syntax.Node{}
	for _, a := range n.Lists["args"] {
		if a.Kind == "Starred" {
			if v := s.eval(a.At("value")); v.kind == list {
				for _, item := range v.items {
					one.Lists["args"] = append(one.Lists["args"], known(item, a))
				}
				continue
			}
		}
		one.Lists["args"] = append(one.Lists["args"], a)
	}
	for _, k := range n.Lists["keywords"] {
		if k.Texts["arg"] == "" {
			if v := s.eval(k.At("value")); v.kind == dict {
				for i, name := range v.keys {
					one.Lists["keywords"] = append(one.Lists["keywords"], &syntax.Node{Kind: "keyword", Line: k.Line,
						Texts: map[string]string{"arg": name},
						Nodes: map[string]*syntax.Node{"value": known(v.items[i], k)}})
				}
				continue
			}
		}
		one.Lists["keywords"] = append(one.Lists["keywords"], k)
	}
	return &one
}

// known is a node for a value that was read before.
func known(v value, at *syntax.Node) *syntax.Node {
	return &syntax.Node{Kind: "Known", Line: at.Line, Known: v}
}

// callsAny says whether an expression sends, or calls a function or a method of the file.
func callsAny(s *scope, n *syntax.Node) bool {
	found := s.file.imports.Sends(n)
	n.Walk(func(one *syntax.Node) bool {
		if f := one.At("func"); one.Kind == "Call" && (f.Kind == "Name" || f.At("value").Kind == "Name") {
			found = found || s.eval(f).kind == function
		}
		return !found
	})
	return found
}

// method is what a method of a value gives.
func (s *scope) method(n *syntax.Node) value {
	f := n.At("func")
	attr := f.Texts["attr"]
	args := n.Lists["args"]
	if f.At("value").Kind == "Call" && f.At("value").At("func").Texts["id"] == "super" && s.user != nil {
		return s.user.super(s, attr, n)
	}
	of := s.eval(f.At("value"))
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
			return member(s, of, args[0], n)
		}
	case dict:
		switch attr {
		case "copy":
			return of
		case "items", "keys", "values":
			return partsOf(s, of, attr, n)
		}
		if attr == "get" && len(args) > 0 {
			return entry(s, of, s.eval(args[0]), n)
		}
	case text:
		return textMethod(s, of, attr, n)
	case moment:
		return momentMethod(of, attr, s, n)
	}
	if attr == "strip" || attr == "encode" {
		return of
	}
	evalArguments(s, n)
	return unknown(n)
}

// subscript is an item of a list, a dict or an answer.
func (s *scope) subscript(n *syntax.Node) value {
	if s.file.imports.Canonical(n.At("value")) == "os.environ" {
		return s.environment(s.eval(n.At("slice")), textOf(""), n)
	}
	of := s.eval(n.At("value"))
	switch of.kind {
	case answered:
		return member(s, of, n.At("slice"), n)
	case dict, list:
		return entry(s, of, s.eval(n.At("slice")), n)
	}
	if of.gathered {
		of.gathered = false
		return of
	}
	return unknown(n)
}
