package plan

import (
	"math/rand/v2"

	"github.com/loadgate/loadgate/internal/config"
)

// arrange makes the group's items of its steps, those of a transaction one.
func (g *Group) arrange() {
	for i := 0; i < len(g.Steps); {
		first := &g.Steps[i]
		one := item{weight: first.Weight, first: first, times: 1}
		end := i + 1
		if t := first.Step.Transaction; t != nil {
			one.weight, one.times = t.Weight, t.Times
			for end < len(g.Steps) && g.Steps[end].Step.Transaction == t {
				end++
			}
		}
		for range one.times {
			opening := len(one.turns)
			for s := i; s < end; s++ {
				for range g.Steps[s].Times {
					step := &g.Steps[s]
					one.turns = append(one.turns, turn{step: step, wait: g.After(step.Step, first.Transaction >= 0)})
				}
			}
			join(one.turns[opening:])
			one.turns[opening].opens = first.Transaction >= 0
			last := &one.turns[len(one.turns)-1]
			last.closes, last.wait = first.Transaction >= 0, g.After(last.step.Step, false)
		}
		g.items = append(g.items, one)
		g.turns = append(g.turns, one.turns...)
		g.weight += one.weight
		i = end
	}
	at := make(map[*Step]int, len(g.Steps))
	for i := range g.Steps {
		at[&g.Steps[i]] = i
	}
	g.turnsOf = make([]float64, len(g.Steps))
	for _, one := range g.items {
		g.requests += g.often(one) * float64(len(one.turns))
		for _, t := range one.turns {
			g.turnsOf[at[t.step]] += g.often(one)
			g.waiting += g.often(one) * float64(t.wait.Expected())
			g.occupy(t, g.often(one))
			if t.joins {
				g.joined += g.often(one)
			}
		}
	}
}

// join marks the turns of one item that are of one parallel block.
func join(turns []turn) {
	for i := range turns[1:] {
		block := turns[i].step.Step.Parallel
		turns[i].joins = block > 0 && turns[i+1].step.Step.Parallel == block
	}
}

// Item is what a group's order moves by: a step, or a transaction as a whole.
type Item struct {
	Weight float64 // among those that are drawn, for config.Weighted
	Steps  []int   // indices in Group.Steps, in a row, as often as they are sent
}

// Items are those of the group, in the order of the file: a round of a sequence
// is all of them, else one is drawn. Each call returns a new slice.
func (g *Group) Items() []Item {
	at := make(map[*config.Step]int, len(g.Steps))
	for i := range g.Steps {
		at[g.Steps[i].Step] = i
	}
	all := make([]Item, len(g.items))
	for i, one := range g.items {
		all[i].Weight = one.weight
		for _, t := range one.turns {
			all[i].Steps = append(all[i].Steps, at[t.step.Step])
		}
	}
	return all
}

// often is how many times a round comes to an item in the mean: once in a
// sequence, by its weight where one is drawn.
func (g *Group) often(one item) float64 {
	if g.Order == config.Weighted {
		return one.weight / g.weight
	}
	return 1
}

// round is the turns of one round in their order.
func (g *Group) round(chance *rand.Rand) []turn {
	if g.Order != config.Weighted {
		return g.turns
	}
	at := float64(chance.Float64() * g.weight)
	for i := range g.items {
		if at -= g.items[i].weight; at < 0 {
			return g.items[i].turns
		}
	}
	return g.items[len(g.items)-1].turns
}

// share is the part of a group's requests that go to a step.
func (g *Group) share(step int) float64 { return g.turnsOf[step] / g.requests }

// whole is how many of an item's transactions come to one request of the group.
func (g *Group) whole(one item) float64 { return g.often(one) * float64(one.times) / g.requests }
