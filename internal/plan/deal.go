package plan

import (
	"fmt"
	"iter"
	"slices"

	"github.com/loadgate/loadgate/internal/unit"
)

// take keeps the users of a shard, and what they are expected to do. Every
// pace is the whole run's.
//
// Note: user index modulo N would be simpler. But the groups alternate over
// the indexes, and so a run of two equal groups would give one of them to each
// of its halves.
func take(p *Plan, s Shard) error {
	if s == (Shard{}) {
		s = Shard{1, 1}
	}
	if err := s.check(); err != nil {
		return fmt.Errorf("shard %s: %w", s, err)
	}
	if pool := p.Config.Target.Connections.Pool; pool > 0 && s.N > pool {
		return fmt.Errorf("shard %s: target.connections is a pool of %s, too few for so many parts; write at most %d",
			s, unit.Counted(pool, "connection"), pool)
	}
	p.Shard = s
	if s.N > p.Users && (p.Open || !p.amount.part) { // of several loads, a part may have no user of one
		return tooManyParts(p)
	}
	if p.Open {
		p.Share = (p.Users + s.N - s.K) / s.N
		expect(p)
		return nil
	}
	p.walk(p.deal(s))
	p.Share = len(p.mine)
	unpace(p)
	expect(p)
	return nil
}

func tooManyParts(p *Plan) error {
	return fmt.Errorf("shard %s: %s has %s, too few for so many parts; write at most %d",
		p.Shard, p.amount, unit.Counted(p.Users, "user"), p.Users)
}

// unpace computes what the groups of a closed load would ask at pace 1.
func unpace(p *Plan) {
	for i := range p.Groups {
		unpaced := p.Groups[i]
		unpaced.Pace = 1
		p.Groups[i].Unpaced = offered(p, i, unpaced.meanWait())
	}
}

// deal hands out the users like cards, group after group and each group's in
// the order in which they start, without beginning anew with a group. So any
// two shards differ by one user at most, in all and in each group, and every
// shard has its part of each group's ramp.
func (p *Plan) deal(s Shard) []int {
	next := make([]int, len(p.Groups)) // the place in that order of the group's next user
	for g := 1; g < len(next); g++ {
		next[g] = next[g-1] + p.Groups[g-1].Users
	}
	mine := make([]int, 0, p.Users/s.N+1)
	for i, g := range p.groupOf {
		if (p.amount.first+next[g])%s.N == s.K-1 {
			mine = append(mine, i)
		}
		next[g]++
	}
	return mine
}

// Mine is the users that the shard walks, in the order in which they start;
// all users for a whole run.
func (p *Plan) Mine() iter.Seq[User] {
	return func(yield func(User) bool) {
		for place, i := range p.mine {
			u := p.User(i)
			u.Place = place
			if !yield(u) {
				return
			}
		}
	}
}

// started is how many users of the shard are among the first n of the run.
func (p *Plan) started(n int) int {
	at, _ := slices.BinarySearch(p.mine, n)
	return at
}
