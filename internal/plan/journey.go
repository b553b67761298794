package plan

import (
	"iter"
	"math/rand/v2"
	"time"

	"github.com/loadgate/loadgate/internal/spec"
)

// User is one virtual user of a plan.
type User struct {
	Index int // in the whole run
	Place int // among the users of the shard; set by Mine
	Group *Group
	Spawn time.Duration // since the start of the run
	plan  *Plan
	trial bool // walks before the run: other values, so that the run's are still new to the service
}

// Turn is one step of a user's walk.
type Turn struct {
	Step  *Step
	Wait  time.Duration // think time after the step, if it was sent
	Round int           // counts from 0: one pass over the steps, or one drawn step
}

// User returns user i of [0, Users), whichever shard it belongs to.
func (p *Plan) User(i int) User {
	return User{Index: i, Group: &p.Groups[p.groupOf[i]], Spawn: p.spawn(i), plan: p}
}

// Streams of chance that a user has: the walk must not depend on how many
// values the steps drew.
const (
	walkStream = iota
	dataStream
	trialStream
)

// Chance returns the user's source for the values of its expressions: the
// same for the same seed and user, on any machine and in any shard.
func (u User) Chance() *rand.Rand {
	if u.trial {
		return u.stream(trialStream)
	}
	return u.stream(dataStream)
}

// Seq is where the user's own sequence of numbers begins; it goes on in steps
// of the plan's users, so that no two users ever have the same number. A
// user of the try-out begins a million rounds later.
func (u User) Seq() int {
	if u.trial {
		return u.Index + 1_000_000*u.plan.Users
	}
	return u.Index
}

func (u User) stream(which uint64) *rand.Rand {
	return rand.New(rand.NewPCG(u.plan.Seed, uint64(u.Index)<<2|which))
}

// Journey is the user's endless walk. Seed and user index decide every step
// and every pause, on any machine: products are rounded where they stand, for
// some processors would add to them first.
func (u User) Journey() iter.Seq[Turn] {
	return func(yield func(Turn) bool) {
		chance := u.stream(walkStream)
		for round := 0; ; round++ {
			for _, step := range u.Group.round(chance) {
				if !yield(Turn{Step: step, Wait: u.Group.wait(chance), Round: round}) {
					return
				}
			}
		}
	}
}

// round is the steps of one round in their order.
func (g *Group) round(chance *rand.Rand) []*Step {
	if g.Order != spec.Weighted {
		return g.turns
	}
	at := float64(chance.Float64() * g.weight)
	for i := range g.Steps {
		if at -= g.Steps[i].Weight; at < 0 {
			return g.turns[i : i+1]
		}
	}
	return g.turns[len(g.turns)-1:]
}

// wait draws one think time, evenly between the group's bounds.
func (g *Group) wait(chance *rand.Rand) time.Duration {
	spread := float64(g.WaitMax - g.WaitMin)
	return time.Duration((float64(g.WaitMin) + float64(chance.Float64()*spread)) / g.Pace)
}

// meanWait is the think time to expect.
func (g *Group) meanWait() time.Duration {
	return time.Duration(float64(g.WaitMin+g.WaitMax) / 2 / g.Pace)
}

// share is the part of a group's requests that go to a step.
func (g *Group) share(step int) float64 {
	if g.Order == spec.Weighted {
		return g.Steps[step].Weight / g.weight
	}
	return float64(g.Steps[step].Times) / float64(len(g.turns))
}

// Sample returns a user of group i for the try-out: like the first one of the
// shard, with values that neither the run nor another shard will use. False
// when the shard has none.
func (p *Plan) Sample(i int) (User, bool) {
	for u := range p.Mine() {
		if u.Group == &p.Groups[i] {
			u.trial = true
			return u, true
		}
	}
	return User{}, false
}
