package locustfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/request"
)

// lookAtListener says what is not read of a function that Locust calls on an event, by what adds it there. What it
// sends before and after the load belongs in setup and teardown.
func (f *file) lookAtListener(adds, def *syntax.Node) {
	if adds.Kind == "Call" {
		adds = adds.At("func")
	}
	_, event, ok := strings.Cut(f.imports.Canonical(adds), "events.")
	if !ok {
		return
	}
	event = strings.TrimSuffix(event, ".add_listener")
	once := map[string]string{"init": "setup", "test_start": "setup", "test_stopping": "teardown",
		"test_stop": "teardown", "quitting": "teardown", "quit": "teardown"}
	if when := once[event]; when != "" {
		if sent := f.sentBy(def); len(sent) > 0 {
			f.look(def, fmt.Sprintf("what it does on %s is sent once, by no user: write %s with %s", naming.Line(event),
				when, strings.Join(sent, ", ")))
			return
		}
	}
	f.look(def, "what it does on an event of Locust is not read")
}

// sentBy are the requests of a function, each as its method and, where that is known, its path.
func (f *file) sentBy(def *syntax.Node) (all []string) {
	type row struct {
		line int
		text string
	}
	var rows []row
	scratch := request.NewGroup(&draft.Draft{}, &draft.Group{})
	s := &scope{file: f}
	def.Walk(func(n *syntax.Node) bool {
		if n.Kind != "Call" || !f.imports.Requests(n) || f.told[n.At("func")] {
			return true
		}
		f.told[n.At("func")] = true
		name, args := f.imports.Canonical(n.At("func")), n.Lists["args"]
		attr := name[strings.LastIndex(name, ".")+1:]
		method := strings.ToUpper(attr)
		if attr == "request" || attr == "rest" {
			method, args = strings.ToUpper(s.eval(args0(args)).text), args[min(len(args), 1):]
		} else if strings.HasPrefix(attr, "url") {
			method = "GET"
		}
		address := n.Keyword("url")
		if len(args) > 0 {
			address = args[0]
		}
		path, ok := s.eval(syntax.Below(address)).template()
		if _, below := splitHost(path); ok && below != "" {
			path = below
		}
		if !ok || !naming.IsMethod(method) {
			rows = append(rows, row{n.Line, fmt.Sprintf("the request of line %d", n.Line)})
			return true
		}
		r := request.Request{Method: method}
		r.Path, r.Query = request.Split(path)
		rows = append(rows, row{n.Line, method + " " + scratch.Step(r).Path})
		return true
	})
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(a.line-b.line, strings.Compare(a.text, b.text)) })
	for _, r := range rows {
		all = append(all, r.text)
	}
	return all
}
