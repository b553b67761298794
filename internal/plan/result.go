package plan

import (
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// Result is the document of a run of this plan, or of its shard, before
// anything has happened. Tool names the program and its version, started is
// the wall clock.
func (p *Plan) Result(tool string, started time.Time) *result.Result {
	r := &result.Result{
		Schema: result.Schema, Tool: tool, Name: p.Spec.Name, Profile: p.Profile, Target: p.Spec.Target.Public(),
		Digest: p.Digest, Seed: p.Seed, Started: started.UTC().Truncate(time.Millisecond),
		Planned: result.Planned{
			Users: p.Share, Ramp: p.Ramp, WarmUp: p.WarmUp, Duration: p.Duration, Timeout: p.Spec.Target.Timeout,
		},
		Slot: result.SlotLength, Shards: []result.Shard{{K: p.Shard.K, N: p.Shard.N}},
	}
	if looks := len(p.Looks()); looks > 0 {
		r.Planned.Looks = looks + 1 // its end is one
	}
	for _, e := range p.Endpoints {
		expected := e.Expected
		if e.Unlimited {
			expected = 0 // unknown
		}
		r.Endpoints = append(r.Endpoints, result.Endpoint{Name: e.Name, Start: e.Start, Expected: expected})
	}
	return r
}
