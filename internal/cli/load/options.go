package load

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
)

// options turns the flags into what plan takes.
func (f *Flags) options(env environ.Env) (plan.Options, error) {
	o := plan.Options{Profile: f.profile, Users: f.users, MostUsers: f.MostUsers, Seed: f.Seed,
		LostShards: f.LostShards, Only: f.only, Skip: f.skip}
	if f.users < 0 || f.users > 1_000_000 {
		return o, fmt.Errorf("--users %d: write 1 to 1000000", f.users)
	}
	if !f.SeedGiven() {
		o.Seed = env.Seed()
	}
	var ok bool
	if o.SpawnRate, ok = PerSecond(f.spawnRate); !ok {
		return o, fmt.Errorf("--spawn-rate %s: write users per second, such as 10/s", usage.Quote(f.spawnRate))
	}
	if o.Rate, ok = PerSecond(f.rate); !ok {
		return o, fmt.Errorf("--rate %s: write arrivals per second, such as 50/s", usage.Quote(f.rate))
	}
	if f.runTime != "" {
		d, err := unit.ParseDuration(f.runTime)
		switch number, bare := unit.Number(strings.TrimSpace(f.runTime)); {
		case bare && number > 0 && err != nil:
			return o, fmt.Errorf("--run-time %s: its unit is missing; write -t %[1]ss or -t %[1]sm",
				usage.Quote(strings.TrimSpace(f.runTime)))
		case errors.Is(err, unit.ErrTooLong):
			return o, fmt.Errorf("--run-time %s: that is too long; write at most %s",
				usage.Quote(f.runTime), unit.Of(unit.Longest))
		case errors.Is(err, unit.ErrNoLastUnit):
			return o, fmt.Errorf("--run-time: %w", err)
		case err != nil || d < time.Second:
			return o, fmt.Errorf("--run-time %s: write a duration of at least 1s, such as 5m", usage.Quote(f.runTime))
		}
		o.Duration = d
	}
	switch {
	case f.pace == "auto":
		o.Pace = &config.Pace{Auto: true}
	case f.pace != "":
		n, ok := unit.Number(strings.TrimSpace(f.pace))
		if !ok || n <= 0 || n > 1e6 {
			return o, fmt.Errorf("--pace %s: write a number above 0 and at most 1000000, or auto", usage.Quote(f.pace))
		}
		o.Pace = &config.Pace{All: n}
	}
	if o.Smoke = f.Smoke; f.Smoke && (f.runTime != "" || f.shard != "") {
		return o, errors.New("--smoke excludes --run-time and --shard: it is one run of ten seconds")
	}
	if f.shard != "" {
		var err error
		if o.Shard, err = plan.ParseShard(f.shard); err != nil {
			return o, fmt.Errorf("--shard %s: %w", usage.Quote(f.shard), err)
		}
		if !o.Shard.Whole() && !f.SeedGiven() {
			return o, failure.WithHint(
				errors.New("--shard needs --seed: all shards must use the same seed"),
				"give all shards one number, such as the id of the pipeline's run: --seed 7")

		}
	}
	return o, nil
}

// PerSecond reads the rate of a flag. A bare number is a rate per second, as in Locust, and "" is 0.
// False: the text is not a rate above 0.
func PerSecond(text string) (rate float64, ok bool) {
	if text == "" {
		return 0, true
	}
	if _, ok := unit.Number(text); ok {
		text += "/s"
	}
	rate, _, err := unit.ParseRate(text)
	return rate, err == nil && rate > 0
}

// Plan reads the file and makes the plan that file and flags describe.
func (f *Flags) Plan(env environ.Env, file, host string) (*plan.Plan, error) {
	o, err := f.options(env)
	if f.Begun != nil {
		o, err = *f.Begun, nil
	}
	if err != nil {
		return nil, err
	}
	s, err := f.Config(env, file, thresholds.Options{Host: host, Unsent: f.SendsNothing})
	if err != nil {
		return nil, err
	}
	p, err := plan.New(s, o)
	if err == nil && f.IgnoreShard {
		o.Shard = plan.Shard{}
		p, err = plan.New(s, o)
	}
	if err != nil {
		return nil, InFile(file, err)
	}
	return p, nil
}
