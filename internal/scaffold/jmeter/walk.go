package jmeter

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

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
		case "GenericController", "RecordingController", "TestFragmentController":
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
		case "ModuleController":
			if len(i.below) == 0 {
				g.group.Look(g.about(i.element, "leads to nothing that is in the plan, and is left out"))
			}
			g.walk(i.below, g.config(i.below, s, g))
		case "TestAction":
			g.action(i, s)
		case "IncludeController":
			g.group.Look(g.about(i.element, "includes another file, "+
				naming.Line(i.prop("IncludeController.includepath"))+", which is left out"))
		default:
			g.other(i, s)
		}
	}
}

// action is a pause of its own, which comes before the next request, or what is not read.
func (g *group) action(i item, s scope) {
	duration, ok := g.milliseconds(i, "ActionProcessor.duration")
	if i.prop("ActionProcessor.duration") == "" {
		duration, ok = 0, true
	}
	if i.prop("ActionProcessor.action") != "1" || !ok || g.off != "" {
		g.group.Look(g.about(i.element, "is not read, and left out"))
		return
	}
	timers := g.pause(g.config(i.below, s, g).timers)
	g.carried = g.carried.plus(timers).plus(extent{duration, duration})
}

// other is an element that is not read: what it would send is a comment.
func (g *group) other(i item, s scope) {
	switch {
	case strings.HasSuffix(i.tag, "Controller") || len(requestsIn(i.below)) > 0:
		off := g.off
		g.off = cmp.Or(g.off, g.about(i.element, "is not read: write when it is sent"))
		g.walk(i.below, g.config(i.below, s, g))
		g.off = off
	case strings.HasSuffix(i.tag, "Sampler") || strings.HasSuffix(i.tag, "SamplerProxy"):
		g.group.Look(g.about(i.element, "is no HTTP request, and is left out"))
	}
}

// loop is several turns of what is below it.
func (g *group) loop(i item, s scope) {
	text, ok := g.names.number(i.prop("LoopController.loops"))
	times, err := strconv.Atoi(text)
	if ok && text == "0" {
		g.group.Look(g.about(i.element, "makes no turn, and what is in it is left out"))
		g.tell(i.below)
		return
	}
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
