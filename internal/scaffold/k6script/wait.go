package k6script

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/k6script/walk"
	"github.com/loadgate/loadgate/internal/unit"
)

// pauses give each request of a round the sleep that follows it: that before the first one follows the
// last of the round before. What is slept after a request that is not always sent, and outside of its
// condition, belongs to the one before that is; where there is none, to each by its probability.
func pauses(items []walk.Item, calls []*walk.Call) map[*walk.Call]walk.Range {
	all := map[*walk.Call]walk.Range{}
	isLive := func(c *walk.Call) bool { return slices.Contains(calls, c) && len(c.Request.Held) == 0 }
	var always, last *walk.Call // the last that is sent in any case, and the last
	var rest walk.Range         // what no request comes before
	for _, i := range items {
		switch {
		case i.Wait == nil:
			if !isLive(i.Call) {
				continue
			}
			if last = i.Call; last.Chance == 0 {
				always = last
			}
		case i.Within && last != nil:
			all[last] = all[last].Plus(*i.Wait)
		case always != nil:
			all[always] = all[always].Plus(*i.Wait)
		default:
			rest = rest.Plus(*i.Wait)
		}
	}
	if always != nil {
		all[always] = all[always].Plus(rest)
		return all
	}
	requests := 0.0
	for _, c := range calls {
		if isLive(c) {
			requests += c.Chance
		}
	}
	for _, c := range calls {
		if isLive(c) && requests > 0 {
			all[c] = all[c].Plus(rest.Times(1 / requests))
		}
	}
	return all
}

// sleeps says whether a round sleeps at all.
func sleeps(items []walk.Item) bool {
	return slices.ContainsFunc(items, func(i walk.Item) bool { return i.Wait != nil })
}

// settle makes the wait that most steps have the group's. The steps of a transaction follow each other
// at once where they have no wait of their own. What was slept after a step that is a comment is slept
// after the one before it.
func settle(g *draft.Group, after map[*draft.Step]walk.Range) {
	live := slices.DeleteFunc(slices.Clone(g.Steps), func(s *draft.Step) bool { return s.Commented })
	if len(live) == 0 {
		for _, s := range g.Steps {
			s.Wait = ""
		}
		return
	}
	before := live[len(live)-1]
	for _, s := range g.Steps {
		if !s.Commented {
			before = s
		} else if r := after[s]; r != (walk.Range{}) {
			after[before] = after[before].Plus(r.Times(1 / float64(max(before.Times, 1))))
			delete(after, s)
		}
	}
	inner := map[*draft.Step]bool{} // another of its transaction follows
	counts := map[string]int{}
	for i, s := range live {
		s.Wait = rangeText(after[s])
		if inner[s] = s.Task != nil && i+1 < len(live) && live[i+1].Task == s.Task; !inner[s] {
			counts[s.Wait] += max(s.Times, 1)
			if counts[s.Wait] > counts[g.Wait] {
				g.Wait = s.Wait
			}
		}
	}
	for _, s := range g.Steps {
		if s.Commented || inner[s] && after[s] == (walk.Range{}) || !inner[s] && s.Wait == g.Wait {
			s.Wait = ""
		}
	}
}

// rangeText is a range of times.
func rangeText(r walk.Range) string {
	low := time.Duration(r.Low * float64(time.Second)).Round(time.Millisecond)
	high := time.Duration((r.Low + r.Width) * float64(time.Second)).Round(time.Millisecond)
	if high <= low {
		return unit.Compact(low)
	}
	return unit.Compact(low) + ".." + unit.Compact(high)
}
