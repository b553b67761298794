package locustfile

import (
	"slices"
	"strings"
)

// class is a class of the file.
type class struct {
	name    string
	def     *syntax
	bases   []string           // as they are written
	attrs   map[string]*syntax // values of the class
	methods map[string]*syntax
	tasks   []taskRef // of @task, in their order
	nested  map[string]*class
}

// taskRef is a task with its weight.
type taskRef struct {
	def    *syntax // of a function; nil: it is a class
	class  *class
	weight int
}

// role is what a class is for Locust.
type role int

const (
	other role = iota
	httpUser
	taskSet
	sequential
	shape
	foreign // it inherits from what is not in the file
)

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

// taskWeight is the weight of what has the decorator @task; 0: it has none.
func (f *file) taskWeight(def *syntax) int {
	for _, d := range def.Lists["decorator_list"] {
		of := d
		if d.Kind == "Call" {
			of = d.at("func")
		}
		if name := f.canonical(of); name != "task" && !strings.HasSuffix(name, "locust.task") {
			continue
		}
		if d == of {
			return 1
		}
		arg := args0(d.Lists["args"])
		if arg == none {
			arg = d.keyword("weight")
		}
		s := scope{file: f}
		switch v := s.eval(arg); {
		case arg == none:
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

// roleOf is what a class is by its bases.
func (f *file) roleOf(c *class, depth int) role {
	unknown := false
	for _, b := range c.bases {
		switch last := b[strings.LastIndex(b, ".")+1:]; last {
		case "HttpUser", "FastHttpUser", "HttpLocust", "FastHttpLocust":
			return httpUser
		case "TaskSet":
			return taskSet
		case "SequentialTaskSet", "TaskSequence":
			return sequential
		case "LoadTestShape":
			return shape
		default:
			base := f.classes[b]
			if base == nil || base == c || depth > 20 {
				unknown = unknown || b != "object" && b != "ABC" && b != "abc.ABC"
				continue
			}
			if r := f.roleOf(base, depth+1); r != other {
				return r
			}
		}
	}
	if unknown {
		return foreign
	}
	return other
}

// lineage is a class and what it inherits from within the file, the nearest first.
func (f *file) lineage(c *class) (all []*class) {
	var add func(c *class, depth int)
	add = func(c *class, depth int) {
		if c == nil || depth > 20 || slices.Contains(all, c) {
			return
		}
		all = append(all, c)
		for _, b := range c.bases {
			add(f.classes[b], depth+1)
		}
	}
	add(c, 0)
	return all
}

// attr is the value of an attribute of a class; nil: it has none.
func (f *file) attr(c *class, name string) *syntax {
	for _, one := range f.lineage(c) {
		if v := one.attrs[name]; v != nil {
			return v
		}
	}
	return nil
}

// method is a method of a class; nil: it has none.
func (f *file) method(c *class, name string) *syntax {
	for _, one := range f.lineage(c) {
		if m := one.methods[name]; m != nil {
			return m
		}
	}
	return nil
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
func (f *file) listedTasks(c *class, listed *syntax) (all []taskRef) {
	add := func(n *syntax, weight int) {
		name := n.dotted()
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
			if v := s.eval(listed.item("values", i)); v.kind == number {
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
