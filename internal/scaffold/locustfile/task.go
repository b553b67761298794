package locustfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/unit"
)

// read reads a class of users: its numbers, what it begins with, and its tasks.
func (u *user) read() {
	c, f := u.class, u.file
	s := &scope{file: f, class: c}
	if v := f.attr(c, "host"); v != nil {
		if name := f.imports.Canonical(v.At("func")); name == "os.getenv" || name == "os.environ.get" {
			if v = v.Item("args", 1); v != syntax.None {
				u.group.Look(fmt.Sprintf("line %d: the host is the default of a variable: is it this one?", v.Line))
			}
		}
		if host := s.eval(v); host.kind == text {
			u.host = u.requests.HostAuth(trimHost(host.text))
		} else if host.kind != null {
			s.user = u
			s.look(v, "the host is not read: write url, or use --host")
			s.user = nil
		}
	}
	if v := f.attr(c, "default_headers"); v != nil { // of FastHttpUser
		u.setHeaders(s, s.eval(v), v)
	}
	u.group.Weight = u.weight(s)
	u.wait(s)
	u.method(c, "__init__", &u.group.Start)
	u.method(c, "on_start", &u.group.Start)
	u.member = c
	all := f.tasksOf(c)
	weighted := true
	for len(all) == 1 && all[0].class != nil { // users that stay in one set of tasks
		set := all[0].class
		u.enter(set)
		weighted = f.roleOf(set, 0) != sequential
		all = f.tasksOf(set)
	}
	u.add(all, weighted && len(all) > 1)
	u.method(c, "on_stop", &u.group.End)
}

// enter reads what users do when they enter the only set of tasks, which they never leave.
func (u *user) enter(set *class) {
	u.member = set
	if v := u.file.attr(set, "wait_time"); v != nil {
		u.waitOf(&scope{file: u.file, class: set}, v)
	}
	u.method(set, "on_start", &u.group.Start)
	if m := u.file.method(set, "on_stop"); m != nil {
		u.group.Look(fmt.Sprintf("line %d: on_stop of this set of tasks is left out: write it in end", m.Line))
	}
}

// method reads a method of a class that users begin or end with.
func (u *user) method(c *class, name string, out *[]*draft.Step) {
	if def := u.file.method(c, name); def != nil {
		u.start, u.out, u.member = out == &u.group.Start, out, c
		u.run(def)
		u.start = false
	}
}

// run reads a function that Locust calls with the user.
func (u *user) run(def *syntax.Node) {
	s := &scope{file: u.file, user: u}
	me := value{kind: self}
	call := &syntax.Node{Kind: "Call", Line: def.Line}
	u.conds = nil
	s.inline(value{kind: function, def: def}, call, &me)
}

// add makes the steps of tasks.
func (u *user) add(all []taskRef, weighted bool) {
	u.group.Weighted = weighted
	plain := true // all weights are 1
	for _, t := range all {
		plain = plain && t.weight == 1
	}
	for _, t := range all {
		steps, name := u.stepsOf(t)
		weight := t.weight
		if plain {
			weight = 0
		}
		switch {
		case len(steps) == 0:
			u.group.Look(fmt.Sprintf("task %s sends nothing that is read, and is left out", naming.Line(name)))
			continue
		case weighted && len(steps) == 1 && steps[0].Times < 2:
			steps[0].Weight = weight
		case weighted:
			u.together(steps, name, weight, 0)
		case len(steps) > 1 || steps[0].Times > 1: // users wait after a task, and not in it
			times := t.weight
			if len(all) == 1 {
				times = 0
			}
			u.together(steps, name, 0, times)
		case t.weight > 1 && len(all) > 1:
			steps[0].Times = t.weight
		}
		u.group.Steps = append(u.group.Steps, steps...)
	}
	if u.group.Pacing != "" && slices.ContainsFunc(u.group.Steps, func(s *draft.Step) bool { return s.Task != nil }) {
		u.group.Look("Locust paces from the beginning of a task, and here it is from its last request")
	}
}

// together makes one task of steps.
func (u *user) together(steps []*draft.Step, name string, weight, times int) {
	if u.file.tasks[name] {
		name = u.class.name + "." + name
	}
	base := name
	for i := 2; u.file.tasks[name]; i++ {
		name = fmt.Sprintf("%s %d", base, i)
	}
	u.file.tasks[name] = true
	one := &draft.Task{Name: naming.Line(name), Weight: weight, Times: times}
	for _, st := range steps {
		st.Task = one
	}
}

// stepsOf are the steps of a task, and its name.
func (u *user) stepsOf(t taskRef) (steps []*draft.Step, name string) {
	if t.class != nil {
		return u.stepsOfSet(t.class, 0), t.class.name
	}
	u.out = &steps
	member := u.member
	u.run(t.def)
	u.member = member
	return steps, t.def.Texts["name"]
}

// stepsOfSet are the steps of a set of tasks that is one of several: users stay in it until it says
// interrupt, which thresholds.yaml cannot say.
func (u *user) stepsOfSet(set *class, depth int) (steps []*draft.Step) {
	f := u.file
	if depth > 5 {
		return nil
	}
	isSequential := f.roleOf(set, 0) == sequential
	member := u.member
	defer func() { u.member = member }()
	look := "is one of several, and its tasks are drawn until it is interrupted: here they are done once each, in turn"
	if isSequential {
		look = "is done until it is interrupted: here it is done once, as a whole"
	}
	u.group.Look(fmt.Sprintf("line %d: the set of tasks %s %s", set.def.Line, naming.Line(set.name), look))
	for _, name := range []string{"on_start", "on_stop"} {
		if m := f.method(set, name); m != nil && name == "on_stop" {
			u.group.Look(fmt.Sprintf("line %d: on_stop is left out", m.Line))
		} else if m != nil {
			u.group.Look(fmt.Sprintf("line %d: on_start of this set of tasks is done each time that it is entered",
				m.Line))
			u.member, u.out = set, &steps
			u.run(m)
		}
	}
	for _, t := range f.tasksOf(set) {
		u.member = set
		var more []*draft.Step
		if t.class != nil {
			more = u.stepsOfSet(t.class, depth+1)
		} else {
			more, _ = u.stepsOf(t)
		}
		if t.weight > 1 {
			if len(more) == 1 && more[0].Times < 2 {
				more[0].Times = t.weight
			} else {
				u.group.Look(fmt.Sprintf("the weight %d of a task of %s is not here", t.weight, naming.Line(set.name)))
			}
		}
		steps = append(steps, more...)
	}
	return steps
}

// weight is the share of a class of the users.
func (u *user) weight(s *scope) float64 {
	f := u.file
	if v := f.attr(u.class, "fixed_count"); v != nil && s.eval(v).kind == number && s.eval(v).text != "0" {
		u.group.Look(fmt.Sprintf("line %d: fixed_count is %s users, whatever the load: here the group has a share "+
			"of it", v.Line, s.eval(v).text))
	}
	v := f.attr(u.class, "weight")
	if v == nil {
		return 1
	}
	w := s.eval(v)
	n, err := strconv.ParseFloat(w.text, 64)
	if w.kind != number || err != nil || n <= 0 || n > 1e6 {
		u.group.Look(fmt.Sprintf("line %d: this weight is not read: it is 1 here", v.Line))
		return 1
	}
	return n
}

// wait is the think time of a class of users.
func (u *user) wait(s *scope) {
	f, g := u.file, u.group
	v := f.attr(u.class, "wait_time")
	if v == nil {
		if f.method(u.class, "wait_time") != nil {
			g.Wait = "1s"
			g.Look("wait_time is a method, which is not read: write wait")
			return
		}
		least, most := f.attr(u.class, "min_wait"), f.attr(u.class, "max_wait")
		if least != nil && most != nil { // of older versions, in milliseconds
			a, okA := u.seconds(s, least)
			b, okB := u.seconds(s, most)
			if okA && okB && b >= a {
				g.Wait = extent(a/1000, b/1000)
				return
			}
		}
		g.Wait = "0s"
		g.Look("there is no wait_time: users send without a pause")
		return
	}
	u.waitOf(s, v)
}

// waitOf reads what a wait_time is.
func (u *user) waitOf(s *scope, v *syntax.Node) {
	g := u.group
	name := u.file.imports.Canonical(v.At("func"))
	name = strings.TrimPrefix(name, "locust.")
	args := v.Lists["args"]
	if name == "between" && len(args) == 0 {
		args = []*syntax.Node{v.Keyword("min_wait"), v.Keyword("max_wait")}
	} else if len(args) == 0 && len(v.Lists["keywords"]) == 1 {
		args = []*syntax.Node{v.Lists["keywords"][0].At("value")}
	}
	var n []float64
	for _, a := range args {
		if f, ok := u.seconds(s, a); ok {
			n = append(n, f)
		}
	}
	switch {
	case name == "between" && len(n) == 2 && n[1] >= n[0]:
		g.Wait = extent(n[0], n[1])
	case name == "constant" && len(n) == 1:
		g.Wait = extent(n[0], n[0])
	case name == "constant_pacing" && len(n) == 1, name == "constant_throughput" && len(n) == 1 && n[0] > 0:
		if name == "constant_throughput" {
			n[0] = 1 / n[0]
		}
		g.Pacing = extent(n[0], n[0])
	default:
		g.Wait = "1s"
		g.Look(fmt.Sprintf("line %d: this wait_time is not read: write wait", v.Line))
	}
}

// seconds is a number of seconds, up to a day.
func (u *user) seconds(s *scope, n *syntax.Node) (float64, bool) {
	v := s.eval(n)
	f, err := strconv.ParseFloat(v.text, 64)
	return f, v.kind == number && err == nil && f >= 0 && f <= 86_400_000
}

// extent is a range of seconds as the file writes it.
func extent(least, most float64) string {
	a := time.Duration(least * float64(time.Second)).Round(time.Millisecond)
	b := time.Duration(most * float64(time.Second)).Round(time.Millisecond)
	if a == b {
		return unit.Compact(a)
	}
	return unit.Compact(a) + ".." + unit.Compact(b)
}

// trimHost is an address of a service without what is behind its host and path.
func trimHost(t string) string { return strings.TrimRight(t, "/") }
