package locustfile

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

func newFile(d *draft.Draft, module *syntax) *file {
	f := &file{draft: d, imports: map[string]string{}, constants: map[string]*syntax{},
		functions: map[string]*syntax{}, classes: map[string]*class{}, budget: mostRead, tasks: map[string]bool{},
		told: map[*syntax]bool{}}
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
			for _, d := range s.Lists["decorator_list"] {
				f.lookAtListener(d, s)
			}
		case "Expr":
			if call := s.at("value"); call.Kind == "Call" { // events.test_start.add_listener(begin)
				if def := f.functions[call.item("args", 0).Texts["id"]]; def != nil {
					f.lookAtListener(call.at("func"), def)
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

func (f *file) addClass(def *syntax) {
	c := f.readClass(def, 0)
	if f.classes[c.name] != nil {
		f.look(def, "there is another class of this name: the last one is read")
		f.order = slices.DeleteFunc(f.order, func(o *class) bool { return o.name == c.name })
	}
	f.classes[c.name] = c
	f.order = append(f.order, c)
}

func (f *file) readClass(def *syntax, depth int) *class {
	c := &class{name: def.Texts["name"], def: def, attrs: map[string]*syntax{}, methods: map[string]*syntax{},
		nested: map[string]*class{}}
	for _, b := range def.Lists["bases"] {
		c.bases = append(c.bases, f.canonical(b))
	}
	for _, s := range def.Lists["body"] {
		switch s.Kind {
		case "Assign", "AnnAssign":
			for _, name := range assigned(s) {
				c.attrs[name] = s.at("value")
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
