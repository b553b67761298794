package plan

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/config"
)

// New makes the timetable. Errors say what to write instead.
func New(s *config.Config, o Options) (*Plan, error) {
	profile, err := s.Profile(o.Profile)
	if err != nil {
		return nil, err
	}
	if s, err = narrowed(s, profile, o); err != nil {
		return nil, fmt.Errorf("profile %s: %w", profile.Name, err)
	}
	p := &Plan{Config: s, Profile: profile.Name, Seed: o.Seed, Try: !profile.NoTry, Smoke: o.Smoke}
	p.options = o
	if err := fitting(profile, o); err != nil {
		return nil, fmt.Errorf("profile %s: %w", p.Profile, err)
	}
	if o.Smoke {
		profile = smoke(s, profile, o)
		o.Users, o.Rate, o.SpawnRate, o.Duration, o.WarmUp = 0, 0, 0, 0, 0
	}
	p.load(profile, o)
	p.WarmUp = warmUp(profile, p.Ramp, p.Duration)
	if o.WarmUp > 0 {
		p.WarmUp = o.WarmUp
	}
	if p.Measured() <= 0 {
		return nil, fmt.Errorf("profile %s: its warm-up of %s leaves nothing of %s; write a longer duration",
			p.Profile, p.WarmUp, p.Duration)
	}
	p.allot(s)
	if !o.Sparse {
		if err := peopled(p); err != nil {
			return nil, err
		}
	}
	pace := profile.Pace
	if o.Pace != nil {
		pace = *o.Pace
	}
	setPace(p, pace)
	if o.Smoke && (o.Pace == nil || o.Pace.Auto) {
		hurry(p)
	}
	if err := take(p, o.Shard); err != nil {
		return nil, err
	}
	if p.Open && p.maxUsers == 0 && o.MostUsers > 0 {
		p.Share = min(p.Share, o.MostUsers)
	}
	if err := checkRows(p); err != nil {
		return nil, err
	}
	p.Digest = p.digest()
	if o.Cut != (Cut{}) {
		return p.Slice(o.Cut.Length, o.Cut.Dropped, o.Cut.Number)
	}
	return p, nil
}

// Options are those with which New makes this plan again from the same file, on another machine.
func (p *Plan) Options() Options {
	o := p.options
	o.Seed = p.Seed - uint64(o.Cut.Number)
	return o
}
