package plan

import (
	"fmt"
	"slices"
	"time"
)

// Slice is the same load for one short slice of an A/B comparison: the same users,
// groups and paces, or arrivals. All users have started by half of the time that
// is dropped at its beginning. Slices of different numbers draw differently, those
// of one number the same. A load in stages, and a slice with no measured time, are
// errors.
func (p *Plan) Slice(length, dropped time.Duration, number int) (*Plan, error) {
	switch {
	case p.Loads != nil:
		return nil, errLoads
	case p.Bounded():
		return nil, errRounds
	case len(p.Stages) > 0:
		return nil, errStages
	}
	if dropped <= 0 || length <= dropped {
		return nil, fmt.Errorf("a slice of %s, of which %s are dropped: write a longer one", length, dropped)
	}
	s := *p
	s.options.Cut = Cut{length, dropped, number}
	s.Seed += uint64(number)
	s.Duration, s.WarmUp, s.Ramp = length, dropped, 0
	if !p.Open {
		s.SpawnRate = float64(p.Users) / (dropped.Seconds() / 2)
		s.curve = steady(float64(p.Users), s.SpawnRate)
		s.Ramp = s.curve[0].length
	}
	s.Groups, s.Endpoints, s.Transactions = slices.Clone(p.Groups),
		slices.Clone(p.Endpoints), slices.Clone(p.Transactions)
	if !p.Open {
		unpace(&s)
	}
	expect(&s)
	s.Digest = digest(&s)
	return &s, nil
}

// Again is the same run once more, with other draws: what a confirmation runs.
func (p *Plan) Again() *Plan {
	again := *p
	again.Seed++
	again.Loads = nil
	for _, part := range p.Loads {
		again.Loads = append(again.Loads, part.Again())
	}
	return &again
}
