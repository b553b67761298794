package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/unit"
)

// load takes the amount of load from the profile and the options over it.
func (p *Plan) load(profile config.Profile, o Options) {
	p.Open, p.Stages, p.Duration = profile.Open(), profile.Stages, profile.Duration
	p.Even, p.maxUsers, p.Rounds = profile.Even, profile.MaxUsers, profile.Rounds
	if o.Duration > 0 {
		p.Duration = o.Duration
	}
	switch {
	case len(p.Stages) > 0:
		p.curve, p.Ramp = staged(p.Stages), p.Stages[0].Over
		p.Users = int(p.curve.highest())
	case p.Open:
		p.Rate = orOption(o.Rate, profile.Rate)
		p.curve = staged([]config.Stage{{Open: true, Rate: p.Rate, For: p.Duration}})
	default:
		p.Users = orOption(o.Users, profile.Users)
		p.SpawnRate = orOption(o.SpawnRate, profile.SpawnRate)
		p.curve = steady(float64(p.Users), p.SpawnRate)
		p.Ramp = p.curve[0].length
	}
	if p.Open {
		p.Users = orOption(p.maxUsers, config.DefaultMaxUsers)
	}
}

// narrowed is the file for the groups of a load.
func narrowed(s *config.Config, profile config.Profile, o Options) (*config.Config, error) {
	var known, had []string
	var shares []config.Share
	for _, g := range s.Groups {
		known = append(known, g.Name)
		in := func(share config.Share) bool { return share.Group == g.Name }
		share := config.Share{Group: g.Name}
		if at := slices.IndexFunc(profile.Groups, in); at >= 0 {
			share = profile.Groups[at]
		} else if profile.Groups != nil {
			continue
		}
		had = append(had, g.Name)
		if (o.Only == nil || slices.Contains(o.Only, g.Name)) && !slices.Contains(o.Skip, g.Name) {
			shares = append(shares, share)
		}
	}
	known = append(known, s.LeftOut...)
	for _, name := range slices.Concat(o.Only, o.Skip) {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("there is no group %s; %s", mistake.Show(name),
				mistake.Suggest(name, known, "the file has"))
		}
	}
	switch {
	case len(shares) == 0:
		return nil, fmt.Errorf("no group is left, so there is no load; the profile has %s", strings.Join(had, ", "))
	case len(shares) == len(s.Groups) && profile.Groups == nil:
		return s, nil
	}
	return s.Narrowed(shares), nil
}

// orOption is an option where it is set, else what the profile says.
func orOption[T int | float64](option, profile T) T {
	if option > 0 {
		return option
	}
	return profile
}

// fitting refuses options that the profile's kind of load does not have.
func fitting(profile config.Profile, o Options) error {
	users, rate := o.Users > 0 || o.SpawnRate > 0, o.Rate > 0
	switch open := profile.Open(); {
	case len(profile.Stages) > 0 && (users || rate || o.Duration > 0):
		return errors.New("it has stages; leave users, rates and run time to them, or choose another profile")
	case open && users:
		return errors.New("it has a rate, not users; give --rate, or choose another profile")
	case open && o.Pace != nil:
		return errors.New("its arrivals have no think times that a pace could divide; leave the pace out")
	case !open && rate:
		return errors.New("it has users, not a rate; give --users, or choose another profile")
	}
	return nil
}

// checkRows finds tables of unique rows that are too short for their users.
func checkRows(p *Plan) error {
	var errs []error
	for _, d := range p.Config.Data {
		if d.Pick == config.PickOnce && !onceFits(p) {
			errs = append(errs, mistake.New(d.Pos, "data."+d.Name, "pick: once needs a profile with users, without "+
				"stages or loads; choose one, or write pick: next"))
			continue
		}
		if d.Pick != config.PickUnique && d.Pick != config.PickOnce || len(d.Rows) >= p.Users {
			continue
		}
		remedy := "add rows, or write pick: next or pick: random"
		if p.Open {
			remedy = fmt.Sprintf("write max_users: %d, add rows, or write pick: next or pick: random", len(d.Rows))
		}
		errs = append(errs, mistake.New(d.Pos, "data."+d.Name, "%s for %s; %s",
			unit.Counted(len(d.Rows), "row"), unit.Counted(p.Users, "user"), remedy))
	}
	return errors.Join(errs...)
}

// onceFits says whether users of the load can take rows that nobody else gets.
func onceFits(p *Plan) bool { return !p.Open && p.Loads == nil && len(p.Stages) == 0 }

// firstActivePeriod is the first time for which user i of a closed load is there.
func firstActivePeriod(p *Plan, i int) ActivePeriod {
	for s := range p.curve.activePeriods(i) {
		return s
	}
	return ActivePeriod{always, always} // no level ever reaches it
}

// overlap is how long an active period lies between two times.
func (s ActivePeriod) overlap(from, until time.Duration) time.Duration {
	return max(0, min(s.Until, until)-max(s.From, from))
}
