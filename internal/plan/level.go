package plan

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/config"
)

// Level is how much load the plan makes: users, or arrivals per second. Of
// stages it is the highest.
func (p *Plan) Level() float64 {
	if p.Open {
		return p.curve.highest()
	}
	return float64(p.Users)
}

// AsFastAsAnswered says whether how much a user of the group sends is up to the service: it never thinks, or reads a
// stream for as long as that lasts.
func (g *Group) AsFastAsAnswered() bool { return g.waiting+g.streams == 0 || g.endless }

// At is the same load at another level, in users or arrivals per second, with the
// paces of p: the ramp at p's spawn rate, then settle, which is not measured, then
// measured. Plans of different numbers draw differently. A load in stages is an
// error, as is a level for which the file has too few rows of data.
func (p *Plan) At(level float64, settle, measured time.Duration, number int) (*Plan, error) {
	switch {
	case p.Loads != nil:
		return nil, errLoads
	case p.Bounded():
		return nil, errRounds
	case len(p.Stages) > 0:
		return nil, errStages
	}
	o := Options{Profile: p.Profile, Only: only(p), Seed: p.Seed + uint64(number), WarmUp: settle, Sparse: true}
	if p.Open {
		o.Rate, o.MostUsers = level, p.Share
	} else {
		o.Users, o.SpawnRate, o.Pace = int(level), p.SpawnRate, p.paces()
		o.WarmUp += time.Duration(math.Ceil(level/p.SpawnRate)) * time.Second
	}
	o.Duration = o.WarmUp + measured
	return New(p.Config, o)
}

// only is the option with which New makes a plan of the same load of several.
func only(p *Plan) []string {
	if p.Load == "" {
		return nil
	}
	return []string{p.Load}
}

// paces are those of the groups, as an option of another plan.
func (p *Plan) paces() *config.Pace {
	paces := &config.Pace{ByGroup: map[string]float64{}}
	for _, g := range p.Groups {
		paces.ByGroup[g.Name] = g.Pace
	}
	return paces
}

// TimeFor is how long it takes until every endpoint that is asked at a known rate
// may have had so many requests, and no longer than most.
func (p *Plan) TimeFor(requests float64, most time.Duration) time.Duration {
	var longest time.Duration
	for _, e := range p.Endpoints {
		if e.Once.Any() || e.Unlimited || e.Rate <= 0 {
			continue
		}
		// A tenth more than it takes on average, since requests come by chance.
		needed := time.Duration(1.1 * requests / e.Rate * float64(time.Second))
		if needed <= most {
			longest = max(longest, needed.Round(time.Second))
		}
	}
	return longest
}
