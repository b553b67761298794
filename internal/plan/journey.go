package plan

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
)

// User is one virtual user of a plan.
type User struct {
	Index int // in the whole run, all loads included
	Place int // among the users of the shard; set by Mine
	Group *Group
	Spawn time.Duration // since the start of the run
	// Rounds is after how many of them the user leaves; 0: it stays.
	Rounds int
	plan   *Plan
	life   int // users of an open load that had the index before
	drawn  int // numbers of its sequence that those took
	aside  aside
}

// aside says which user beside those of the run it is: its values are others, so that the run's are still new to the
// service.
type aside int

const (
	inRun aside = iota
	inTrial
	inSetup
	inTeardown
)

// Turn is one step of a user's walk.
type Turn struct {
	Step *Step
	Wait time.Duration // think time after the step, if it was sent
	// Pacing says that Wait counts from the intended start of the step, not from its end.
	Pacing bool
	Round  int // counts from 0: one pass over the steps, or one drawn step
	// Opens marks the first step of a transaction, and Closes the last, whether it is sent or not.
	Opens, Closes bool
	// Joins says that the next turn is of the same parallel block: it is sent at the same time.
	Joins bool
}

// User returns user i of [0, Users) of a closed load, whichever shard it
// belongs to.
func (p *Plan) User(i int) User {
	return User{Index: p.amount.first + i, Group: &p.Groups[p.groupOf[i]], Spawn: firstActivePeriod(p, i).From,
		Rounds: roundsOf(p, i), plan: p}
}

// Visitor returns user i of [0, Share) of the shard of an open load, in the
// group of the arrival that needs it. No two shards have the same one.
func (p *Plan) Visitor(i int, group *Group) User {
	return User{Index: p.amount.first + i*p.Shard.N + p.Shard.K - 1, Place: i, Group: group, plan: p}
}

// After returns another user that replaces one that left, in another group: with
// its own values, and a sequence that continues after the numbers already taken.
func (u User) After(group *Group, drawn int) User {
	u.Group, u.life, u.drawn = group, u.life+1, u.drawn+drawn
	return u
}

// ActivePeriod is the user's first active period that ends after the given time;
// false: there is none. Active periods of a user do not touch.
func (u User) ActivePeriod(after time.Duration) (ActivePeriod, bool) {
	for s := range u.plan.curve.activePeriods(u.Index - u.plan.amount.first) {
		if s.Until > after {
			return s, true
		}
	}
	return ActivePeriod{}, false
}

// Streams of chance that a user has: the walk must not depend on how many
// values the steps drew, nor on how many requests are sampled.
const (
	walkStream = iota
	dataStream
	trialStream
	traceStream
)

// Chance returns the user's source for the values of its expressions: the
// same for the same seed and user, on any machine and in any shard.
func (u User) Chance() *rand.Rand {
	if u.aside != inRun {
		return u.stream(trialStream)
	}
	return u.stream(dataStream)
}

// Seq is where the user's own sequence of numbers begins; it goes on in steps
// of the run's users, so that no two users ever have the same number. A
// user of the try-out begins a million rounds later, and others beside the run later still.
func (u User) Seq() int {
	if u.aside != inRun {
		return u.Index + int(u.aside)*1_000_000*u.Population()
	}
	return u.Index + u.drawn*u.Population()
}

// Population is how many users the whole run has at most, all loads included.
func (u User) Population() int { return everyone(u.plan) }

func (u User) stream(which uint64) *rand.Rand {
	source := u.source(which)
	return rand.New(&source)
}

func (u User) source(which uint64) (source rand.PCG) {
	// 2^64 over the golden ratio keeps the seeds of lives far apart.
	source.Seed(u.plan.Seed+uint64(u.life)*0x9e3779b97f4a7c15, uint64(u.Index)<<2|which)
	return source
}

// Walk is a user on its endless way. Seed and user index decide every step and
// every pause, on any machine: products are rounded where they stand, for some
// processors would add to them first. Not safe for concurrent use.
type Walk struct {
	group  *Group
	chance *rand.Rand
	turns  []turn // what is left of the round
	first  []turn // the first round, where it is not as the order has it
	opened []turn // what was left of the round where the last transaction began
	round  int
	least  time.Duration // think time
}

// Walk returns the user's way from its beginning.
func (u User) Walk() *Walk {
	w := &Walk{group: u.Group, chance: u.stream(walkStream), round: -1}
	if u.plan.Smoke {
		w.first, w.least = u.around(), leastWait
	}
	return w
}

// Next is the next step of the way.
func (w *Walk) Next() Turn {
	if len(w.turns) == 0 {
		if w.turns, w.first = w.first, nil; w.turns == nil {
			w.turns = w.group.round(w.chance)
		}
		w.round++
	}
	return w.take()
}

func (w *Walk) take() Turn {
	now := w.turns[0]
	if now.opens {
		w.opened = w.turns
	}
	w.turns = w.turns[1:]
	return Turn{Step: now.step, Wait: max(w.least, w.group.wait(now.wait, w.chance)), Pacing: now.wait.Pacing,
		Round: w.round, Opens: now.opens, Closes: now.closes, Joins: now.joins}
}

// RoundOver says whether nothing of the round is left.
func (w *Walk) RoundOver() bool { return len(w.turns) == 0 }

// Repeat goes back to the first step of the transaction that was begun last.
func (w *Walk) Repeat() { w.turns = w.opened }

// Leave goes to the end of the transaction that a turn is of, or else the next one, and returns its last turn.
func (w *Walk) Leave(turn Turn) Turn {
	for !turn.Closes {
		turn = w.take()
	}
	return turn
}

// wait draws one think time.
func (g *Group) wait(of config.Wait, chance *rand.Rand) time.Duration {
	if of.Mean > 0 {
		return time.Duration(min(float64(chance.ExpFloat64()*float64(of.Mean)), float64(of.Max)) / g.Pace)
	}
	spread := float64(of.Max - of.Min)
	return time.Duration((float64(of.Min) + float64(chance.Float64()*spread)) / g.Pace)
}

// meanWait is the time to expect after a request in which its user sends no other: it thinks, or reads a stream. 0:
// there is none, or nobody knows it.
func (g *Group) meanWait() time.Duration {
	if g.endless {
		return 0
	}
	return time.Duration(g.waiting/g.requests/g.Pace + g.streams/g.requests)
}

// longestWait is the longest think time after any of its requests, at pace 1.
func (g *Group) longestWait() (longest time.Duration) {
	for _, t := range g.turns {
		longest = max(longest, t.wait.Max)
	}
	return longest
}

// Sample returns a user of group i for the try-out: like the first one of the
// shard, with values that neither the run nor another shard will use. False
// when the shard has none.
func (p *Plan) Sample(i int) (User, bool) {
	if p.Open {
		u := p.Visitor(min(i, p.Share-1), &p.Groups[i])
		u.aside = inTrial
		return u, true
	}
	for u := range p.Mine() {
		if u.Group == &p.Groups[i] {
			u.aside = inTrial
			return u, true
		}
	}
	return User{}, false
}

// around is the first round of a user of a smoke run: every item once instead of
// drawn ones, beginning at another item for each user, so none is left to chance.
func (u User) around() []turn {
	g := u.Group
	if g.Order != config.Weighted || len(g.items) == 0 {
		return g.turns
	}
	first := u.Index % len(g.items)
	var turns []turn
	for _, one := range slices.Concat(g.items[first:], g.items[:first]) {
		turns = append(turns, one.turns...)
	}
	return turns
}
