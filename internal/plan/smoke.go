package plan

import (
	"time"

	"github.com/loadgate/loadgate/internal/config"
)

// SmokeTime is how long a smoke run takes, its ramp included: short enough for a
// laptop and a pre-push hook, and too short for anything but failures.
const SmokeTime = 10 * time.Second

// The load of a smoke run. It has to ask every endpoint once, and shows nothing
// more by being large.
const (
	smokeRamp  = 2 * time.Second
	smokeUsers = 10                    // at most, unless more groups than that need a user each
	smokeRate  = 20.0                  // arrivals per second at most, unless asking every step takes more
	fastRate   = 50.0                  // arrivals per second that no smoke run exceeds by itself
	smokeWalk  = 6 * time.Second       // in which every user comes to each of its steps
	leastWait  = 50 * time.Millisecond // between two steps, also where the file has none
)

// smoke is the load of a profile as a smoke run makes it: all users within two
// seconds, at one level, no warm-up. Users and rates that the options name stay.
func smoke(s *config.Config, profile config.Profile, o Options) config.Profile {
	short := profile
	short.Stages, short.Duration, short.WarmUp, short.HasWarmUp, short.Even = nil, SmokeTime, 0, true, true
	short.Rounds = 0
	highest := 0.0
	for _, stage := range profile.Stages {
		highest = max(highest, stage.Level())
	}
	if profile.Open() {
		short.Rate = o.Rate
		if o.Rate == 0 {
			short.Rate = min(max(min(max(profile.Rate, highest), smokeRate), askingRate(s)), fastRate)
		}
		return short
	}
	if short.Users = o.Users; o.Users == 0 {
		weights := make([]float64, len(s.Groups))
		for i := range s.Groups {
			weights[i] = s.Groups[i].Weight
		}
		// Not the fewest users of all: of a few more a group may get none again.
		short.Users = min(max(profile.Users, int(highest)), peopling(smokeUsers, weights))
	}
	short.SpawnRate = max(orOption(o.SpawnRate, profile.SpawnRate), float64(short.Users)/smokeRamp.Seconds())
	if short.Pace.Auto {
		short.Pace = config.Pace{All: 1}
	}
	return short
}

// askingRate is how many arrivals per second bring every group to each of its
// steps before the end, with room for the chance by which arrivals choose groups.
func askingRate(s *config.Config) float64 {
	const room = 1.5
	all, most := 0.0, 0.0
	for _, g := range s.Groups {
		all += g.Weight
	}
	for _, g := range s.Groups {
		steps := 0
		for _, step := range g.Steps {
			times := step.Times
			if step.Transaction != nil {
				times *= step.Transaction.Times
			}
			steps += times
		}
		most = max(most, room*float64(steps)*all/g.Weight)
	}
	return most / (SmokeTime - smokeRamp).Seconds()
}

// hurry makes think times as short as it takes for every user of a smoke run to
// come to each of its steps.
func hurry(p *Plan) {
	for i := range p.Groups {
		g := &p.Groups[i]
		if p.Open || g.waiting == 0 {
			continue
		}
		round := time.Duration(0)
		for _, t := range g.turns {
			round += t.wait.Max
		}
		pace := hundredth(round.Seconds() / smokeWalk.Seconds())
		g.Pace = max(g.Pace, min(pace, g.longestWait().Seconds()/leastWait.Seconds()))
	}
	expect(p)
}
