package experiment

import (
	"context"
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// How A/B slices are cut (statistics, section 4.1).
const (
	DefaultPairs  = stat.GoodPairs
	FewestPairs   = stat.MinPairs
	ShortestSlice = 20 * time.Second
	SliceDropped  = 5 * time.Second // at the beginning of each slice: users start, connections open
	longestSlice  = time.Minute     // that is chosen without being asked for
	sliceRequests = 100             // of each endpoint in a slice, for a p95
)

// Side is one of two targets that are compared with each other.
type Side struct {
	Plan *plan.Plan // of the whole load, on this target
	Run  Machine
}

// Pairs are slices of the same load on two targets, run in turn: A B, B A, A B
// and so on, so that a drift of the machine affects both equally.
type Pairs struct {
	A, B  Side
	Count int           // of pairs
	Slice time.Duration // of one slice, what is dropped included
	// New makes the empty result of a slice. Begin is called when it begins and Done
	// when it is over, with the pair's number, from 0. Both may be nil.
	New   func(p *plan.Plan) *result.Result
	Begin func(side, pair int)
	Done  func(side, pair int, r *result.Result) error
}

// SliceFor is the length of slices in which every endpoint should get enough
// requests for a p95, within reason: those with fewer are judged together.
func SliceFor(p *plan.Plan) time.Duration {
	return max(ShortestSlice, p.TimeFor(sliceRequests, longestSlice-SliceDropped)+SliceDropped)
}

// Run runs all slices and returns those of each side in the order of the pairs,
// the unfinished ones of an interrupted run too. It ends early when ctx does,
// when a target stops answering, and on an error of Done.
func (p Pairs) Run(ctx context.Context) (a, b []*result.Result, err error) {
	sides := [2]Side{p.A, p.B}
	var slices [2][]*result.Result
	for pair := range p.Count {
		for turn := range 2 {
			side := (turn + pair) % 2 // A B, B A, …
			r, err := p.slice(ctx, sides[side], side, pair)
			if r != nil {
				slices[side] = append(slices[side], r)
			}
			if err != nil || r.End != result.Complete {
				return slices[0], slices[1], err
			}
		}
	}
	return slices[0], slices[1], nil
}

// slice runs one slice.
func (p Pairs) slice(ctx context.Context, of Side, side, pair int) (*result.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	cut, err := of.Plan.Slice(p.Slice, SliceDropped, pair)
	if err != nil {
		return nil, err
	}
	if p.Begin != nil {
		p.Begin(side, pair)
	}
	r := p.New(cut)
	if err := of.Run(ctx, Hooks{}, cut, r); err != nil {
		return r, fmt.Errorf("slice %d: %w", pair+1, err)
	}
	if p.Done != nil {
		return r, p.Done(side, pair, r)
	}
	return r, nil
}
