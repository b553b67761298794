package locustfile

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
)

// taskWeight is the weight of what has the decorator @task; 0: it has none.
func (f *file) taskWeight(def *syntax.Node) int {
	for _, d := range def.Lists["decorator_list"] {
		of := d
		if d.Kind == "Call" {
			of = d.At("func")
		}
		if name := f.imports.Canonical(of); name != "task" && !strings.HasSuffix(name, "locust.task") {
			continue
		}
		if d == of {
			return 1
		}
		arg := args0(d.Lists["args"])
		if arg == syntax.None {
			arg = d.Keyword("weight")
		}
		s := scope{file: f}
		switch v := s.eval(arg); {
		case arg == syntax.None:
			return 1
		case v.kind != number:
			f.look(d, "the weight of this task is not read: it is 1 here")
			return 1
		case wholeNumber(v.text) == 0:
			f.look(d, "a task of this weight is never done, and is left out")
			return 0
		default:
			return wholeNumber(v.text)
		}
	}
	return 0
}

// tasksOf are the tasks of a class as Locust gathers them: what it inherits, those of its attribute tasks, then
// those of @task. A task that is written anew is one more.
func (f *file) tasksOf(c *class) (all []taskRef) {
	for _, one := range slices.Backward(f.lineage(c)) {
		if listed := one.attrs["tasks"]; listed != nil {
			all = append(all, f.listedTasks(c, listed)...)
		}
		all = append(all, one.tasks...)
	}
	return all
}

// listedTasks are those of the attribute tasks.
func (f *file) listedTasks(c *class, listed *syntax.Node) (all []taskRef) {
	add := func(n *syntax.Node, weight int) {
		name := n.Dotted()
		t := taskRef{def: f.method(c, name), class: f.classes[name], weight: weight}
		if t.def == nil {
			t.def = f.functions[name]
		}
		if t.class == nil {
			t.class = c.nested[name]
		}
		if t.def == nil && t.class == nil {
			f.look(n, "this task is not in the file, and is left out")
			return
		}
		if t.class != nil {
			t.def = nil
		}
		for i := range all {
			if all[i].def == t.def && all[i].class == t.class {
				all[i].weight += weight
				return
			}
		}
		all = append(all, t)
	}
	s := scope{file: f}
	switch listed.Kind {
	case "List", "Tuple", "Set":
		for _, n := range listed.Lists["elts"] {
			add(n, 1)
		}
	case "Dict":
		for i, n := range listed.Lists["keys"] {
			weight := 1
			if v := s.eval(listed.Item("values", i)); v.kind == number {
				weight = wholeNumber(v.text)
			} else {
				f.look(n, "the weight of this task is not read: it is 1 here")
			}
			if weight > 0 {
				add(n, weight)
			}
		}
	default:
		f.look(listed, "tasks that are not written as a list or a dict are not read")
	}
	return all
}
