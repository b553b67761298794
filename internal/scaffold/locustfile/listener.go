package locustfile

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
)

// listener is a function that Locust calls once, before or after the load.
type listener struct {
	key string // setup or teardown
	def *syntax.Node
}

// listen keeps a function that Locust calls once on an event, by what adds it there, and says which others are not
// read.
func (f *file) listen(adds, def *syntax.Node) {
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
	if key := once[event]; key != "" {
		f.listeners = append(f.listeners, listener{key, def})
		return
	}
	f.look(def, notRead)
}

const notRead = "what it does on an event of Locust is not read"

// once makes the steps of setup and teardown of what listeners send.
func (f *file) once(host string) {
	for _, l := range f.listeners {
		g := &draft.Group{}
		u := f.newUser(&class{attrs: map[string]*syntax.Node{}, def: l.def}, g, nil)
		u.host, u.out, u.once = host, &g.Steps, true
		u.attrs["host"] = textOf(host) // of the environment, which is the first argument
		me := value{kind: self}
		s := &scope{file: f, user: u}
		s.inline(value{kind: function, def: l.def}, &syntax.Node{Kind: "Call", Line: l.def.Line}, &me)
		for st, v := range u.answers {
			st.Expect = v.expect(st)
		}
		u.requests.Judge()
		for _, look := range g.Looks {
			f.draft.AddLook(look)
		}
		if l.key == "setup" {
			f.draft.Setup = append(f.draft.Setup, g.Steps...)
		} else {
			f.draft.Teardown = append(f.draft.Teardown, g.Steps...)
		}
		if len(g.Steps) == 0 {
			f.look(l.def, notRead)
		}
	}
}

// sendOnce is a request of a library, which a listener sends without a client; ok is false where it is none that is
// read.
func (u *user) sendOnce(s *scope, n *syntax.Node) (v value, ok bool) {
	if !u.once || u.file.imports.Library(n) == "" || !u.file.imports.Requests(n) {
		return v, false
	}
	name := u.file.imports.Canonical(n.At("func"))
	attr := name[strings.LastIndex(name, ".")+1:]
	switch {
	case attr == "urlopen" && len(n.Lists["args"]) == 1 && len(n.Lists["keywords"]) == 0:
		attr = "get"
	case attr != "request" && !slices.Contains(syntax.Methods, attr):
		return v, false
	}
	return u.send(s, attr, n), true
}
