package locustfile

// call is what a call of a function or a method gives.
func (s *scope) call(n *syntax) value {
	name := s.file.canonical(n.at("func"))
	if v, ok := library(s, name, n); ok {
		return v
	}
	if n.at("func").Kind == "Attribute" {
		return s.method(n)
	}
	if f := n.at("func"); f.Kind == "Call" && f.at("func").Texts["id"] == "getattr" && s.user != nil { // of the client
		if of, attr := s.eval(f.item("args", 0)), s.eval(f.item("args", 1)); of.kind == client && attr.kind == text {
			return s.user.send(s, attr.text, n)
		}
	}
	if f := s.eval(n.at("func")); f.kind == function {
		return s.inline(f, n, nil)
	}
	evalArguments(s, n)
	return unknown(n)
}

// expanded is a call with the arguments that it gives with * and **, as far as they are known.
func expanded(s *scope, n *syntax) *syntax {
	one := *n
	one.Lists = map[string][]*syntax{}
	for _, a := range n.Lists["args"] {
		if a.Kind == "Starred" {
			if v := s.eval(a.at("value")); v.kind == list {
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
			if v := s.eval(k.at("value")); v.kind == dict {
				for i, name := range v.keys {
					one.Lists["keywords"] = append(one.Lists["keywords"], &syntax{Kind: "keyword", Line: k.Line,
						Texts: map[string]string{"arg": name}, Nodes: map[string]*syntax{"value": known(v.items[i], k)}})
				}
				continue
			}
		}
		one.Lists["keywords"] = append(one.Lists["keywords"], k)
	}
	return &one
}

// known is a node for a value that was read before.
func known(v value, at *syntax) *syntax { return &syntax{Kind: "Known", Line: at.Line, known: &v} }

// callsAny says whether an expression sends, or calls a function or a method of the file.
func callsAny(s *scope, n *syntax) bool {
	found := s.file.sends(n)
	n.walk(func(one *syntax) bool {
		if f := one.at("func"); one.Kind == "Call" && (f.Kind == "Name" || f.at("value").Kind == "Name") {
			found = found || s.eval(f).kind == function
		}
		return !found
	})
	return found
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
func (s *scope) subscript(n *syntax) value {
	if s.file.canonical(n.at("value")) == "os.environ" {
		return s.environment(s.eval(n.at("slice")), textOf(""), n)
	}
	of := s.eval(n.at("value"))
	switch of.kind {
	case answered:
		return member(s, of, n.at("slice"), n)
	case dict, list:
		return entry(s, of, s.eval(n.at("slice")), n)
	}
	if of.gathered {
		of.gathered = false
		return of
	}
	return unknown(n)
}
