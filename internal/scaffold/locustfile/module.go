package locustfile

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
)

func newFile(d *draft.Draft, module *syntax.Node) *file {
	f := &file{draft: d, imports: syntax.Imports{}, constants: map[string]*syntax.Node{},
		functions: map[string]*syntax.Node{}, classes: map[string]*class{}, budget: mostRead, tasks: map[string]bool{},
		told: map[*syntax.Node]bool{}}
	f.define(module.Lists["body"], 0)
	return f
}

// define reads the statements outside of functions.
func (f *file) define(body []*syntax.Node, depth int) {
	for _, s := range body {
		switch s.Kind {
		case "Import", "ImportFrom":
			f.imports.Add(s)
		case "Assign", "AnnAssign":
			for _, name := range syntax.Assigned(s) {
				f.constants[name] = s.At("value")
			}
		case "FunctionDef":
			f.functions[s.Texts["name"]] = s
			for _, d := range s.Lists["decorator_list"] {
				f.listen(d, s)
			}
		case "Expr":
			if call := s.At("value"); call.Kind == "Call" { // events.test_start.add_listener(begin)
				if def := f.functions[call.Item("args", 0).Texts["id"]]; def != nil {
					f.listen(call.At("func"), def)
				}
			}
		case "AsyncFunctionDef":
			f.look(s, "an async function is not read")
		case "ClassDef":
			f.addClass(s)
		case "Try":
			if depth < 5 { // such as an import that may be missing
				f.define(s.Lists["body"], depth+1)
			}
		case "If":
			if !strings.HasPrefix(s.At("test").At("left").Texts["id"], "__name__") {
				f.look(s, "a condition outside of functions is not read, nor what it makes")
			}
		case "For", "While", "With":
			f.look(s, "a statement outside of functions is not read")
		}
	}
}

func (f *file) addClass(def *syntax.Node) {
	c := f.readClass(def, 0)
	if f.classes[c.name] != nil {
		f.look(def, "there is another class of this name: the last one is read")
		f.order = slices.DeleteFunc(f.order, func(o *class) bool { return o.name == c.name })
	}
	f.classes[c.name] = c
	f.order = append(f.order, c)
}

func (f *file) readClass(def *syntax.Node, depth int) *class {
	c := &class{name: def.Texts["name"], def: def, attrs: map[string]*syntax.Node{}, methods: map[string]*syntax.Node{},
		nested: map[string]*class{}}
	for _, b := range def.Lists["bases"] {
		c.bases = append(c.bases, f.imports.Canonical(b))
	}
	for _, s := range def.Lists["body"] {
		switch s.Kind {
		case "Assign", "AnnAssign":
			for _, name := range syntax.Assigned(s) {
				c.attrs[name] = s.At("value")
			}
		case "FunctionDef":
			c.methods[s.Texts["name"]] = s
			if w := f.taskWeight(s); w > 0 {
				c.tasks = append(c.tasks, taskRef{def: s, weight: w})
			}
		case "AsyncFunctionDef":
			f.look(s, "an async method is not read")
		case "ClassDef":
			if depth > 10 {
				f.look(s, "classes are nested too deep to be read")
				continue
			}
			inner := f.readClass(s, depth+1)
			c.nested[inner.name] = inner
			if w := f.taskWeight(s); w > 0 {
				c.tasks = append(c.tasks, taskRef{class: inner, weight: w})
			}
		}
	}
	return c
}
