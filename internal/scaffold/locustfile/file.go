package locustfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// file is what a locustfile defines.
type file struct {
	draft     *draft.Draft
	imports   map[string]string // names to what they are of, such as random.randint
	constants map[string]*syntax
	functions map[string]*syntax
	classes   map[string]*class
	order     []*class
	budget    int             // how many expressions may still be read
	steps     int             // how many requests were read
	sent      map[int]bool    // lines of requests that were
	tasks     map[string]bool // names of transactions
}

// mostRead is how many expressions are read of a file, with those that are read several times.
const mostRead = 300_000

func newFile(d *draft.Draft, module *syntax) *file {
	f := &file{draft: d, imports: map[string]string{}, constants: map[string]*syntax{},
		functions: map[string]*syntax{}, classes: map[string]*class{}, budget: mostRead, tasks: map[string]bool{},
		sent: map[int]bool{}}
	f.define(module.Lists["body"], 0)
	return f
}

// define reads the statements outside of functions.
func (f *file) define(body []*syntax, depth int) {
	for _, s := range body {
		switch s.Kind {
		case "Import", "ImportFrom":
			f.importNames(s)
		case "Assign", "AnnAssign":
			for _, name := range assigned(s) {
				f.constants[name] = s.at("value")
			}
		case "FunctionDef":
			f.functions[s.Texts["name"]] = s
			f.lookAtListener(s)
		case "AsyncFunctionDef":
			f.look(s, "an async function is not read")
		case "ClassDef":
			f.addClass(s)
		case "Try":
			if depth < 5 { // such as an import that may be missing
				f.define(s.Lists["body"], depth+1)
			}
		case "If":
			if !strings.HasPrefix(s.at("test").at("left").Texts["id"], "__name__") {
				f.look(s, "a condition outside of functions is not read, nor what it makes")
			}
		case "For", "While", "With":
			f.look(s, "a statement outside of functions is not read")
		}
	}
}

// assigned are the plain names that a statement gives a value to.
func assigned(s *syntax) (names []string) {
	targets := s.Lists["targets"]
	if s.Kind == "AnnAssign" {
		targets = []*syntax{s.at("target")}
	}
	for _, t := range targets {
		if t.Kind == "Name" {
			names = append(names, t.Texts["id"])
		}
	}
	return names
}

func (f *file) importNames(s *syntax) {
	from := ""
	if s.Kind == "ImportFrom" {
		from = s.Texts["module"] + "."
	}
	for _, a := range s.Lists["names"] {
		name, as := a.Texts["name"], a.Texts["asname"]
		switch {
		case as != "":
			f.imports[as] = from + name
		case from != "":
			f.imports[name] = from + name
		}
	}
}

// lookAtListener says what is not read of a function that Locust calls on an event.
func (f *file) lookAtListener(s *syntax) {
	for _, d := range s.Lists["decorator_list"] {
		if d.Kind == "Call" {
			d = d.at("func")
		}
		if name := f.canonical(d); strings.Contains(name, "events.") {
			f.look(s, "what it does on an event of Locust is not read")
		}
	}
}

// look adds what a person must look at in the file as a whole.
func (f *file) look(at *syntax, what string) {
	f.draft.AddLook(fmt.Sprintf("line %d: %s", at.Line, what))
}

// canonical is a dotted name with the module that it is imported from.
func (f *file) canonical(n *syntax) string {
	name := n.dotted()
	first, rest, has := strings.Cut(name, ".")
	if full, ok := f.imports[first]; ok {
		if name = full; has {
			name += "." + rest
		}
	}
	return name
}

// lookForLost says which requests of the file are in nothing that was read: none is lost silently.
func (f *file) lookForLost(module *syntax) {
	lost := map[int]*syntax{}
	module.walk(func(n *syntax) bool {
		if n.Kind == "Call" && clientCall.MatchString(n.at("func").dotted()) && !f.sent[n.Line] {
			lost[n.Line] = n
		}
		return true
	})
	for _, line := range slices.Sorted(maps.Keys(lost)) {
		f.look(lost[line], "this request is in no task that is read, and left out")
	}
}
