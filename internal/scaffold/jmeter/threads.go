package jmeter

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/unit"
)

// group reads a thread group.
func (p *plan) group(i item, all scope) {
	threads := p.numbers(i)
	g := p.newGroup(i, all)
	g.group.Name = p.draft.UnusedGroup(i.name())
	g.group.Weight = float64(max(threads.users, 1))
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
	if first := g.group.Steps[0]; g.carried.most > 0 { // the next turn begins after it
		g.pauses[first] = g.pauses[first].plus(g.carried)
	}
	g.requests.Judge()
	g.group.Wait = g.wait()
	g.waitInside()
	p.threads = append(p.threads, threads)
	p.draft.Groups = append(p.draft.Groups, g.group)
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

// wait is the pause of the group: that before what users do, or its mean where it differs. Within a transaction each
// step has its own.
func (g *group) wait() string {
	var sum extent
	var first *extent
	same, n := true, 0.0
	for _, all := range []bool{false, true} { // where nothing is sent, of what is a comment
		for i, st := range g.group.Steps {
			if st.Commented && !all || i > 0 && st.Task != nil && g.group.Steps[i-1].Task == st.Task &&
				(all || !g.group.Steps[i-1].Commented) {
				continue
			}
			pause, times := g.pauses[st], float64(max(st.Times, 1))
			sum = sum.plus(extent{pause.least * times, pause.most * times})
			n += times
			if first == nil {
				first = &pause
			}
			same = same && pause == *first
		}
		if n > 0 {
			break
		}
	}
	n = max(n, 1)
	mean := extent{sum.least / n, sum.most / n}
	switch {
	case !same:
		g.group.Look("its requests have different timers: wait is their mean, which sends as many")
	case mean.most == 0:
		g.group.Look("there is no timer: users send without a pause")
	}
	return mean.text()
}

// waitInside gives the steps of transactions their own waits: a timer is before each request of JMeter, and in a
// transaction of thresholds.yaml nothing is.
func (g *group) waitInside() {
	for i, st := range g.group.Steps {
		if i+1 == len(g.group.Steps) || st.Task == nil || g.group.Steps[i+1].Task != st.Task {
			continue
		}
		if pause := g.pauses[g.group.Steps[i+1]]; pause.most > 0 {
			st.Wait = pause.text()
		}
	}
}

// text is a range of a pause as the file writes it.
func (e extent) text() string {
	least, most := duration(e.least), duration(e.most)
	if least == most {
		return unit.Compact(least)
	}
	return unit.Compact(least) + ".." + unit.Compact(most)
}

func duration(ms float64) time.Duration {
	return time.Duration(ms * float64(time.Millisecond)).Round(time.Millisecond)
}
