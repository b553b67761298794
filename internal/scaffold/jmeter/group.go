package jmeter

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/request"
	"github.com/loadgate/loadgate/internal/unit"
)

// group is a thread group on its way to be a group of users.
type group struct {
	*plan
	group    *draft.Group
	requests *request.Group
	out      *[]*draft.Step
	task     *draft.Task // the transaction that is read; nil: none
	off      string      // why nothing of the present controller is sent; empty: it is
	waits    []extent    // of each request
}

// group reads a thread group.
func (p *plan) group(i item, all scope) {
	threads := p.numbers(i)
	g := &group{plan: p, group: &draft.Group{Name: p.draft.UnusedGroup(i.name())}}
	g.group.Weight = float64(max(threads.users, 1))
	g.requests = request.NewGroup(p.draft, g.group)
	p.names.captured = map[string]string{}
	g.findCaptures(all.extractors)
	g.findCaptures(i.below)
	g.out = &g.group.Steps
	if main := i.child("ThreadGroup.main_controller"); main != nil && threads.seconds == 0 {
		if loops := main.prop("LoopController.loops"); loops != "-1" && loops != "" &&
			main.prop("LoopController.continue_forever") != "true" {
			g.group.Look(fmt.Sprintf("line %d: each thread ends after %s loops: users of thresholds.yaml go on",
				i.line, naming.Line(loops)))
		}
	}
	s := p.config(i.below, all, g)
	for _, h := range g.headers(s.headers) {
		g.addHeader(h)
	}
	s.headers = nil
	g.walk(i.below, s)
	if len(g.group.Steps) == 0 && len(g.group.Start) > 0 {
		g.group.Steps, g.group.Start = g.group.Start, nil
	}
	if len(g.group.Steps) == 0 {
		p.look(i.element, "has no HTTP request that is read, and is left out")
		return
	}
	g.group.Wait = g.wait()
	g.requests.Judge()
	p.threads = append(p.threads, threads)
	p.draft.Groups = append(p.draft.Groups, g.group)
}

// addHeader adds a header that every request of the group has.
func (g *group) addHeader(h draft.Pair) {
	if !naming.IsHeader(h.Name) || strings.EqualFold(h.Name, "cookie") ||
		strings.EqualFold(h.Name, "content-type") && strings.HasPrefix(h.Text, "application/json") {
		return // a body says the latter by itself
	}
	h.Text = g.requests.Header(g.group.Look, h)
	g.group.Headers = slices.DeleteFunc(g.group.Headers,
		func(o draft.Pair) bool { return strings.EqualFold(o.Name, h.Name) })
	g.group.Headers = append(g.group.Headers, h)
}

// numbers are those of a thread group. Numbers of properties are their defaults.
func (p *plan) numbers(i item) (t threads) {
	for _, one := range []struct {
		prop string
		to   *int
	}{{"ThreadGroup.num_threads", &t.users}, {"ThreadGroup.ramp_time", &t.ramp}, {"ThreadGroup.duration", &t.seconds}} {
		text := i.prop(one.prop)
		if text == "" {
			continue
		}
		value, ok := p.names.number(text)
		n, err := strconv.Atoi(value)
		if !ok || err != nil || n < 0 || n > 10_000_000 {
			p.look(i.element, "has a number that is not read, "+strings.TrimPrefix(one.prop, "ThreadGroup."))
			continue
		}
		if strings.Contains(text, "${") {
			p.look(i.element, fmt.Sprintf("%s is the default of %s, %d",
				strings.TrimPrefix(one.prop, "ThreadGroup."), naming.Line(text), n))
		}
		*one.to = n
	}
	if i.prop("ThreadGroup.scheduler") == "false" {
		t.seconds = 0
	}
	return t
}

// extent is a range of a pause, in milliseconds.
type extent struct{ least, most float64 }

// wait is the pause of the group: that of its requests, or their mean where they differ.
func (g *group) wait() string {
	var sum extent
	same := true
	for _, w := range g.waits {
		sum.least, sum.most = sum.least+w.least, sum.most+w.most
		same = same && w == g.waits[0]
	}
	n := float64(max(len(g.waits), 1))
	least, most := duration(sum.least/n), duration(sum.most/n)
	switch {
	case !same:
		g.group.Look("its requests have different timers: wait is their mean, which sends as many")
	case most == 0:
		g.group.Look("there is no timer: users send without a pause")
	}
	if least == most {
		return unit.Compact(least)
	}
	return unit.Compact(least) + ".." + unit.Compact(most)
}

func duration(ms float64) time.Duration {
	return time.Duration(ms * float64(time.Millisecond)).Round(time.Millisecond)
}

// walk reads samplers and controllers in their order.
func (g *group) walk(items []item, s scope) {
	for _, i := range items {
		switch i.tag {
		case "HTTPSamplerProxy", "HTTPSampler", "HTTPSampler2":
			g.sampler(i, s)
		case "TransactionController":
			g.together(i, s, 1)
		case "LoopController":
			g.loop(i, s)
		case "GenericController", "RecordingController":
			g.walk(i.below, g.config(i.below, s, g))
		case "OnceOnlyController":
			out := g.out
			if g.task == nil {
				g.out = &g.group.Start
			} else {
				g.group.Look(g.about(i.element, "is done each time here"))
			}
			g.walk(i.below, g.config(i.below, s, g))
			g.out = out
		default:
			g.other(i, s)
		}
	}
}

// other is an element that is not read: what it would send is a comment.
func (g *group) other(i item, s scope) {
	switch {
	case strings.HasSuffix(i.tag, "Controller") || i.tag == "InterleaveControl" || i.tag == "RandomOrderController":
		off := g.off
		g.off = cmp.Or(g.off, g.about(i.element, "is not read: write when it is sent"))
		g.walk(i.below, g.config(i.below, s, g))
		g.off = off
	case strings.HasSuffix(i.tag, "Sampler") || strings.HasSuffix(i.tag, "SamplerProxy") || i.tag == "TestAction":
		g.group.Look(g.about(i.element, "is no HTTP request, and is left out"))
	}
}

// loop is several turns of what is below it.
func (g *group) loop(i item, s scope) {
	text, ok := g.names.number(i.prop("LoopController.loops"))
	times, err := strconv.Atoi(text)
	if i.prop("LoopController.continue_forever") == "true" && text == "-1" || text == "-1" {
		g.group.Look(g.about(i.element, "goes on forever: here it is one turn"))
		times = 1
	} else if !ok || err != nil || times < 1 || times > 10_000 {
		g.group.Look(g.about(i.element, "has a number of turns that is not read: here it is one turn"))
		times = 1
	}
	g.together(i, s, times)
}

// together reads a transaction or a loop. One request in a loop is sent several times; several are a
// transaction, in which no other begins.
func (g *group) together(i item, s scope, times int) {
	in := g.config(i.below, s, g)
	from := len(*g.out)
	outer := g.task
	task := &draft.Task{Times: times}
	if outer == nil {
		g.task = task
	}
	g.walk(i.below, in)
	g.task = outer
	made := (*g.out)[min(from, len(*g.out)):]
	if len(made) == 0 {
		return
	}
	switch {
	case g.out == &g.group.Start:
		if times > 1 {
			g.group.Look(g.about(i.element, "is done once: what users begin with has no turns"))
		}
	case len(made) == 1 && (outer != nil || i.tag == "LoopController"):
		made[0].Times = max(made[0].Times, 1) * times
	case outer != nil && times > 1:
		g.group.Look(g.about(i.element, fmt.Sprintf("is in a transaction: its %d turns are one here", times)))
	case outer != nil:
	case i.tag == "LoopController" && times == 1:
	default:
		task.Name = g.taskName(cmp.Or(i.name(), i.tag))
		for _, st := range made {
			st.Task = task
		}
	}
}

// taskName is a name that no other transaction of the plan has.
func (p *plan) taskName(base string) string {
	base = cmp.Or(strings.TrimSpace(naming.Line(base)), "transaction")
	name := base
	for n := 2; p.tasks[name]; n++ {
		name = fmt.Sprintf("%s %d", base, n)
	}
	p.tasks[name] = true
	return name
}
