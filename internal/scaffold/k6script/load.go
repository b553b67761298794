package k6script

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/unit"
)

// load makes the profile of what the scenarios ask for: each of several is a load of it.
func (b *builder) load() {
	live := b.live()
	if len(live) == 1 && live[0].alone && live[0].busiest() == 0 && live[0].rounds == "" && live[0].lasts == 0 {
		b.Look("the script has no load of its own: the profile is as large as its rules need")
		return
	}
	p := draft.Load{Name: "k6"}
	loads, first := node.List(), time.Duration(math.MaxInt64)
	for _, sc := range live {
		first = min(first, sc.begins)
	}
	for _, sc := range live {
		if len(live) > 1 {
			sc.each = 0 // rounds are of a profile, and not of one of its loads
		}
		b.complete(sc)
		p.Looks = append(p.Looks, sc.looks...)
		if sc.open && b.requests(sc) > 1 {
			p.Looks = append(p.Looks, fmt.Sprintf("its rate is of requests: the rounds of %s times their %s",
				secrets.Line(sc.name), unit.Counted(b.requests(sc), "request")))
		}
		one := node.Map()
		if len(live) == 1 {
			p.Profile = b.amount(one, sc)
			continue
		}
		node.Set(one, "name", node.Text(sc.groupName()))
		if start := sc.begins - first; start > 0 {
			node.Set(one, "start", node.Text(unit.Compact(start)))
		}
		groups := node.List()
		groups.Content = append(groups.Content, node.Text(sc.group.Name))
		node.Set(one, "groups", node.Inline(groups))
		loads.Content = append(loads.Content, b.amount(one, sc))
	}
	if len(live) > 1 {
		p.Profile = node.Map()
		node.Set(p.Profile, "loads", loads)
	}
	b.draft.Loads = append(b.draft.Loads, p)
}

// live are the scenarios that send something.
func (b *builder) live() []*scenario {
	return slices.DeleteFunc(slices.Clone(b.scenarios), func(sc *scenario) bool {
		return sc.group == nil || !slices.Contains(b.draft.Groups, sc.group)
	})
}

// complete gives a scenario what a run needs to know and the script leaves out.
func (b *builder) complete(sc *scenario) {
	of := ""
	if !sc.alone {
		of = "scenario " + secrets.Line(sc.name) + ": "
	}
	for i := range sc.looks {
		sc.looks[i] = of + sc.looks[i]
	}
	if len(sc.stages) > 0 {
		return
	}
	switch {
	case sc.each > 0:
		sc.lasts = cmp.Or(sc.lasts, longestRounds)
	case sc.lasts == 0 && sc.rounds != "":
		sc.look(fmt.Sprintf("%sk6 ends it after %s; a run here has a time: is it right?", of, sc.rounds))
	case sc.lasts == 0:
		sc.look(of + "the script does not say how long it lasts: is it right?")
	case sc.rounds != "":
		sc.look(fmt.Sprintf("%sk6 ends it after %s, or after this time: is it right?", of, sc.rounds))
	}
	sc.lasts = cmp.Or(sc.lasts, usualTime)
	sc.users = max(sc.users, 1)
	if sc.open && sc.rate == 0 {
		sc.look(of + "its rate is not known: is it right?")
		sc.rate = 1
	}
}

// longestRounds is how long k6 waits for rounds where the script does not say it.
const longestRounds = 10 * time.Minute

// usualTime is how long a load lasts whose script does not say it.
const usualTime = 2 * time.Minute

// amount adds to m how much a scenario makes, and when.
func (b *builder) amount(m *node.Value, sc *scenario) *node.Value {
	stages := b.curve(sc).shapes()
	if len(stages) == 1 && stages[0].over == 0 {
		b.constant(m, sc.open, stages[0])
		if sc.each > 0 {
			node.Set(m, "rounds", node.Number(float64(sc.each)))
		}
	} else {
		node.Set(m, "stages", stagesOf(stages, sc.open))
	}
	if sc.open {
		node.Set(m, "arrivals", node.Text("even")) // as k6 makes them
		if sc.maxUsers > 0 {
			node.Set(m, "max_users", node.Number(float64(min(sc.maxUsers, 100_000))))
		}
	}
	if len(stages) <= 2 {
		m = node.Inline(m)
	}
	return m
}

// constant is a load that stays.
func (b *builder) constant(m *node.Value, open bool, s shape) {
	if open {
		node.Set(m, "rate", node.Text(rateText(s.target)))
	} else {
		users := max(math.Round(s.target), 1)
		node.Set(m, "users", node.Number(users))
		node.Set(m, "spawn_rate", node.Text(strconv.FormatFloat(users, 'f', -1, 64)+"/s"))
	}
	node.Set(m, "duration", node.Text(unit.Compact(s.stays)))
}

// stagesOf are stages as the file has them.
func stagesOf(all []shape, open bool) *node.Value {
	list := node.List()
	for _, s := range all {
		one := node.Map()
		if open {
			node.Set(one, "rate", node.Text(rateText(s.target)))
		} else {
			node.Set(one, "users", node.Number(math.Round(s.target)))
		}
		if s.over > 0 {
			node.Set(one, "over", node.Text(unit.Compact(s.over)))
		}
		if s.stays > 0 {
			node.Set(one, "for", node.Text(unit.Compact(s.stays)))
		}
		list.Content = append(list.Content, node.Inline(one))
	}
	return list
}

// rateText writes a rate per second in the unit in which it is a short number.
func rateText(perSecond float64) string {
	for _, u := range []struct {
		seconds float64
		name    string
	}{{1, "/s"}, {60, "/min"}, {3600, "/h"}} {
		if n := perSecond * u.seconds; math.Abs(n-math.Round(n)) < 1e-9*max(n, 1) {
			return strconv.FormatFloat(math.Round(n), 'f', -1, 64) + u.name
		}
	}
	return strconv.FormatFloat(perSecond, 'f', 3, 64) + "/s"
}
