package locustfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/request"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// mostSteps is how many requests are read of a file.
const mostSteps = 2000

// send is a call of the client: a request, which becomes a step.
func (u *user) send(s *scope, attr string, n *syntax.Node) value {
	n = expanded(s, n)
	args := n.Lists["args"]
	method := strings.ToUpper(attr)
	if attr == "request" {
		given := n.Keyword("method")
		if given == syntax.None {
			given = args0(args)
			args = args[min(len(args), 1):]
		}
		m := s.eval(given)
		if m.kind != text {
			u.file.told[n.At("func")] = true
			s.look(n, "the method of a request is not read: it is left out")
			return unknown(n)
		}
		method = strings.ToUpper(m.text)
	} else if !slices.Contains(syntax.Methods, attr) {
		u.file.told[n.At("func")] = true
		s.look(n, "client."+naming.Line(attr)+" is not read, and left out")
		return unknown(n)
	}
	if u.file.steps++; u.file.steps > mostSteps || u.out == nil {
		return unknown(n)
	}
	u.file.told[n.At("func")] = true
	r := request.Request{Method: method}
	var problems []string
	bad := func(what string) { problems = append(problems, fmt.Sprintf("line %d: %s", n.Line, what)) }
	address := n.Keyword("url")
	if len(args) > 0 {
		address = args[0]
	}
	u.address(s, &r, address, bad)
	data := n.Keyword("data")
	if len(args) > 1 && attr != "get" && attr != "request" {
		data = args[1]
	}
	u.arguments(s, &r, n, data, bad)
	st := u.requests.Step(r)
	if a := n.Keyword("auth"); a != syntax.None {
		st.Auth = u.auth(s, st.Look, s.eval(a), a)
	}
	if v := s.eval(n.Keyword("allow_redirects")); v.kind == boolean && v.text == "true" {
		st.Follow = true
	}
	for _, why := range problems {
		st.CommentOut(why)
	}
	u.conditions(s, st, n)
	u.answers[st] = &verdicts{depth: len(u.conds)}
	*u.out = append(*u.out, st)
	return value{kind: response, step: st, line: n.Line, size: 1}
}

// address gives a request its path and its query.
func (u *user) address(s *scope, r *request.Request, n *syntax.Node, bad func(string)) {
	v := s.settled(n)
	t, ok := v.template()
	if !ok {
		bad("its path is not read: write it")
		r.Path = "/"
		return
	}
	if strings.HasPrefix(t, "http://") || strings.HasPrefix(t, "https://") {
		base, rest := request.SplitHost(t)
		if bare := request.WithoutUser(base); bare != base {
			bad("its address has a user and a password, which are not here: write auth")
			base, t = bare, bare+rest
		}
		if own := strings.TrimRight(u.host, "/"); own != "" && base != own && !strings.HasPrefix(t, own+"/") {
			bad("it " + naming.OtherHost(request.Host(base)))
		} else if own == "" {
			u.host = base
		} else if rest2, below := strings.CutPrefix(t, own); below {
			rest = rest2
		}
		t = rest
	} else if strings.HasPrefix(t, "${ env(") && !strings.HasPrefix(t, "/") {
		_, rest, _ := strings.Cut(t, " }")
		s.look(n, "the service's address is read from the environment: write it in target, or use --host")
		t = rest
	}
	r.Path, r.Query = request.Split(t)
	pattern, _, _ := strings.Cut(v.pattern(), "?")
	if _, rest := request.SplitHost(pattern); strings.HasPrefix(pattern, "http") {
		pattern = rest
	}
	if strings.HasPrefix(pattern, "/") {
		r.Pattern = pattern
	}
}

// readArguments are those of a request that are read, or change nothing that loadgate sends.
var readArguments = []string{"url", "json", "data", "params", "headers", "auth", "name", "catch_response",
	"allow_redirects", "stream", "context", "method", ""}

// arguments gives a request what it sends.
func (u *user) arguments(s *scope, r *request.Request, n, data *syntax.Node, bad func(string)) {
	if v := s.settled(n.Keyword("name")); n.Keyword("name") != syntax.None {
		if v.kind == text || v.kind == joined {
			r.Name = naming.Line(r.Method + " " + v.pattern())
		} else {
			bad("its name is not read: write name")
		}
	}
	if p := n.Keyword("params"); p != syntax.None {
		pairs, ok := s.pairs(s.settledDict(p), true)
		if !ok {
			bad("its params are not read: write the query")
		}
		r.Query = append(r.Query, pairs...)
	}
	if h := n.Keyword("headers"); h != syntax.None {
		pairs, ok := s.pairs(s.settledDict(h), false)
		if !ok {
			bad("its headers are not read: write headers")
		}
		r.Headers = append(r.Headers, pairs...)
	}
	switch j := n.Keyword("json"); {
	case j != syntax.None:
		r.Body = jsonBody(s.settledTree(s.settledDict(j), j), bad)
	case data != syntax.None:
		r.Body = s.dataBody(r, data, bad)
	}
	if n.Keyword("files") != syntax.None {
		bad("it sends files: write multipart")
	}
	for _, k := range n.Lists["keywords"] {
		name := k.Texts["arg"]
		switch {
		case name == "" && k.At("value").Kind != "None":
			bad("arguments given with ** are not read")
		case name == "files", slices.Contains(readArguments, name):
		default:
			s.look(n, "the argument "+naming.Line(name)+" is not read")
		}
	}
}

func jsonBody(v value, bad func(string)) *draft.Body {
	n, ok := v.node()
	if !ok {
		bad("a value of its body is not read: write it")
	}
	return &draft.Body{Key: "json", Content: n}
}

// dataBody is what data= sends: a form, JSON or a text.
func (s *scope) dataBody(r *request.Request, n *syntax.Node, bad func(string)) *draft.Body {
	switch v := s.settledDict(n); v.kind {
	case dict:
		pairs, ok := s.pairs(v, true)
		if !ok {
			bad("a value of its form is not read: write form")
		}
		form := node.Map()
		for _, p := range pairs {
			node.Set(form, p.Name, node.Text(p.Text))
		}
		return &draft.Body{Key: "form", Content: form}
	case jsonText:
		r.Headers = slices.DeleteFunc(r.Headers, func(h draft.Pair) bool {
			return strings.EqualFold(h.Name, "content-type") && strings.EqualFold(h.Text, "application/json")
		})
		return jsonBody(s.settledTree(v.items[0], n), bad)
	case null:
		return nil
	default:
		t, ok := v.template()
		if !ok {
			bad("its body is not read: write text")
			return nil
		}
		return &draft.Body{Key: "text", Content: node.Text(t)}
	}
}

// pairs are the names and texts of a dict; None is left out, as requests does.
func (s *scope) pairs(v value, lists bool) (all []draft.Pair, ok bool) {
	if v.kind == null {
		return nil, true
	}
	if v.kind != dict {
		return nil, false
	}
	ok = true
	for i, name := range v.keys {
		items := []value{v.items[i]}
		if v.items[i].kind == list && lists {
			items = v.items[i].items
		}
		for _, item := range items {
			if item.kind == null {
				continue
			}
			t, known := item.template()
			if !known {
				t, ok = fmt.Sprintf("(line %d)", item.line), false
			}
			all = append(all, draft.Pair{Name: name, Text: t})
		}
	}
	return all, ok
}

// setHeaders gives the group headers that the client sends with every request.
func (u *user) setHeaders(s *scope, v value, n *syntax.Node) {
	pairs, ok := s.pairs(s.settledTree(v, n), false)
	if !ok {
		s.look(n, "headers that are set here are not all read: write headers")
	}
	for _, p := range pairs {
		if strings.HasPrefix(p.Text, "(line ") || !naming.IsHeader(p.Name) || strings.EqualFold(p.Name, "cookie") {
			continue
		}
		if request.NamesSecret(u.group.Look, p.Name) {
			continue
		}
		p.Text = u.requests.Header(u.group.Look, p)
		u.group.Headers = slices.DeleteFunc(u.group.Headers,
			func(h draft.Pair) bool { return strings.EqualFold(h.Name, p.Name) })
		u.group.Headers = append(u.group.Headers, p)
	}
}

func (u *user) setAuth(s *scope, v value, n *syntax.Node) {
	u.group.Auth = u.auth(s, u.group.Look, v, n)
}

// auth is a name and a password, which is not in the file.
func (u *user) auth(s *scope, look func(string), v value, n *syntax.Node) *node.Value {
	if v.kind != list || len(v.items) != 2 {
		look(fmt.Sprintf("line %d: this auth is not read: write auth", n.Line))
		return nil
	}
	name, ok := v.items[0].template()
	if !ok {
		look(fmt.Sprintf("line %d: the name of this auth is not read: write auth", n.Line))
		return nil
	}
	password, known := v.items[1].template()
	if !known || !template.HasExpression(password) {
		variable := u.file.draft.SecretOf("password", v.items[1].shown())
		password = u.file.draft.Secret(variable)
		look("set " + variable + ": the password is not here")
	}
	basic := node.Map()
	node.Set(basic, "username", node.Text(name))
	node.Set(basic, "password", node.Text(password))
	m := node.Map()
	node.Set(m, "basic", basic)
	return m
}

// conditions gives a step the conditions under which it is sent.
func (u *user) conditions(s *scope, st *draft.Step, n *syntax.Node) {
	var when []string
	for _, c := range u.conds {
		switch {
		case c.kind == unread:
			st.CommentOut(fmt.Sprintf("line %d: it is sent on a condition that is not read: write when", c.line))
		case c.kind == expression:
			when = append(when, c.text)
		case c.kind == answered:
			if test := u.sentAfter(s, st, c, n); test != "" && !slices.Contains(when, test) {
				when = append(when, test)
			}
		}
	}
	st.When = all(when)
}

var statusOnly = regexp.MustCompile(`^status [^&|]*$`)

// sentAfter is the condition for a step that is sent after an answer passed a test: that it captured
// what the step shows, or else the test itself.
func (u *user) sentAfter(s *scope, st *draft.Step, c value, n *syntax.Node) string {
	for _, end := range []string{" != nil", " not" + falsy} {
		if m := strings.TrimSuffix(c.text, end); m != c.text && !strings.ContainsAny(m, "&|") {
			v := c
			v.text, v.negation, v.word = m, "", m[strings.LastIndex(m, ".")+1:]
			return s.captured(v, n).text + end
		}
	}
	for _, capture := range c.step.Captures {
		if st.Uses(capture.Name) && c.step != st {
			return capture.Name + " != nil"
		}
	}
	if statusOnly.MatchString(c.text) {
		st.Look(fmt.Sprintf("line %d: it is sent only where an earlier answer has %s: write when", n.Line, c.text))
		return ""
	}
	v := c
	v.negation, v.word = "", "answered"
	return s.captured(v, n).text + " == true"
}
