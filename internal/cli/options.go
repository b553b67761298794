package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/unit"
)

// options turns the flags into what plan takes.
func (f *loadFlags) options(env environ.Env) (plan.Options, error) {
	o := plan.Options{Profile: f.profile, Users: f.users, MostUsers: f.mostUsers, Seed: f.seed}
	if f.users < 0 || f.users > 1_000_000 {
		return o, fmt.Errorf("--users %d: write 1 to 1000000", f.users)
	}
	if !f.seedGiven() {
		o.Seed = env.Seed()
	}
	var ok bool
	if o.SpawnRate, ok = perSecond(f.spawnRate); !ok {
		return o, fmt.Errorf("--spawn-rate %s: write users per second, such as 10/s", typed(f.spawnRate))
	}
	if o.Rate, ok = perSecond(f.rate); !ok {
		return o, fmt.Errorf("--rate %s: write arrivals per second, such as 50/s", typed(f.rate))
	}
	if f.runTime != "" {
		d, err := unit.ParseDuration(f.runTime)
		switch number, bare := unit.Number(strings.TrimSpace(f.runTime)); {
		case bare && number > 0 && err != nil:
			return o, fmt.Errorf("--run-time %s: its unit is missing; write -t %[1]ss or -t %[1]sm",
				typed(strings.TrimSpace(f.runTime)))
		case errors.Is(err, unit.ErrTooLong):
			return o, fmt.Errorf("--run-time %s: that is too long; write at most %s",
				typed(f.runTime), unit.Of(unit.Longest))
		case err != nil || d < time.Second:
			return o, fmt.Errorf("--run-time %s: write a duration of at least 1s, such as 5m", typed(f.runTime))
		}
		o.Duration = d
	}
	switch {
	case f.pace == "auto":
		o.Pace = &config.Pace{Auto: true}
	case f.pace != "":
		n, ok := unit.Number(strings.TrimSpace(f.pace))
		if !ok || n <= 0 || n > 1e6 {
			return o, fmt.Errorf("--pace %s: write a number above 0 and at most 1000000, or auto", typed(f.pace))
		}
		o.Pace = &config.Pace{All: n}
	}
	if o.Smoke = f.smoke; f.smoke && (f.runTime != "" || f.shard != "") {
		return o, errors.New("--smoke goes with neither --run-time nor --shard: it is one run of ten seconds")
	}
	if f.shard != "" {
		var err error
		if o.Shard, err = plan.ParseShard(f.shard); err != nil {
			return o, fmt.Errorf("--shard %s: %w", typed(f.shard), err)
		}
		if !o.Shard.Whole() && !f.seedGiven() {
			return o, failure.WithHint(
				errors.New("--shard needs --seed: every shard must draw from the same"),
				"give all shards one number, such as the id of the pipeline's run: --seed 7")

		}
	}
	return o, nil
}

// perSecond reads the rate of a flag, in which a bare number is one per second,
// as Locust takes it; 0 for "". False: it is no rate above 0.
func perSecond(text string) (rate float64, ok bool) {
	if text == "" {
		return 0, true
	}
	if _, ok := unit.Number(text); ok {
		text += "/s"
	}
	rate, _, err := unit.ParseRate(text)
	return rate, err == nil && rate > 0
}

// plan reads the file and makes the plan that file and flags describe.
func (f *loadFlags) plan(env environ.Env, file, host string) (*plan.Plan, error) {
	o, err := f.options(env)
	if err != nil {
		return nil, err
	}
	s, err := f.spec(env, file, config.Options{Host: host, Unsent: f.unsent})
	if err != nil {
		return nil, err
	}
	p, err := plan.New(s, o)
	if err == nil && f.whole {
		o.Shard = plan.Shard{}
		p, err = plan.New(s, o)
	}
	if err != nil {
		return nil, ofFile(file, err)
	}
	return p, nil
}
