package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config/mistake"

	"github.com/loadgate/loadgate/internal/config"
)

// New makes the timetable. Errors say what to write instead.
func New(s *config.Config, o Options) (p *Plan, err error) {
	profile, err := s.Profile(o.Profile)
	if err != nil {
		return nil, err
	}
	if profile.Loads != nil {
		p, err = several(s, profile, o)
	} else {
		p, err = one(s, amount{Profile: profile, of: profile.Name}, o)
	}
	if err != nil {
		return nil, err
	}
	if err := checkRows(p); err != nil {
		return nil, err
	}
	p.options = o
	if o.Cut != (Cut{}) {
		return p.Slice(o.Cut.Length, o.Cut.Dropped, o.Cut.Number)
	}
	return p, nil
}

// one makes the timetable of one load.
func one(s *config.Config, a amount, o Options) (*Plan, error) {
	profile := a.Profile
	s, err := narrowed(s, profile, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a, err)
	}
	p := &Plan{Config: s.OfLoad(a.load), Profile: a.of, Load: a.load, Start: a.start, Seed: o.Seed,
		Try: !profile.NoTry, Smoke: o.Smoke, amount: a, options: o}
	if err := fitting(profile, o); err != nil {
		return nil, fmt.Errorf("%s: %w", a, err)
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
		return nil, fmt.Errorf("%s: its warm-up of %s leaves nothing of %s; write a longer duration",
			a, p.WarmUp, p.Duration)
	}
	delay(p, a.start)
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
	p.Digest = digest(p)
	return p, nil
}

// several makes the timetable of a profile with loads, of those that the options choose. Of one, it is the timetable of
// that load alone, without the time before its start.
func several(s *config.Config, profile config.Profile, o Options) (*Plan, error) {
	loads, o, err := choose(s, profile, o)
	if err != nil {
		return nil, fmt.Errorf("profile %s: %w", profile.Name, err)
	}
	of := func(l config.Load) amount {
		l.NoTry = profile.NoTry
		return amount{Profile: l.Profile, of: profile.Name, load: l.Name}
	}
	var skipped []string
	for _, l := range profile.Loads {
		if !slices.ContainsFunc(loads, func(chosen config.Load) bool { return chosen.Name == l.Name }) {
			skipped = append(skipped, l.Name)
		}
	}
	if len(loads) == 1 {
		p, err := one(s, of(loads[0]), o)
		if err == nil {
			p.Skipped, p.Config = skipped, p.Config.Unloaded(s, profile.Name)
		}
		return p, err
	}
	if o.Users > 0 || o.Rate > 0 || o.SpawnRate > 0 || o.Duration > 0 || o.WarmUp > 0 {
		return nil, fmt.Errorf("profile %s: it has several loads, and each has its own users, rate and times; write "+
			"them there, or choose a load with --only %s", profile.Name, loads[0].Name)
	}
	p := &Plan{Profile: profile.Name, Skipped: skipped, Seed: o.Seed, Try: !profile.NoTry, Smoke: o.Smoke,
		Shard: o.Shard, amount: amount{Profile: profile, of: profile.Name}, options: o}
	if p.Shard == (Shard{}) {
		p.Shard = Shard{1, 1}
	}
	o.MostUsers = spare(loads, o.MostUsers)
	for _, l := range loads {
		a := of(l)
		a.part, a.first = true, p.Users
		if a.start = l.Start; o.Smoke {
			a.start = 0
		}
		own := o
		if l.Open() {
			own.Pace = nil
		}
		part, err := one(s, a, own)
		if err != nil {
			return nil, err
		}
		addLoad(p, part)
	}
	for _, part := range p.Loads {
		part.all = p.Users
	}
	if p.Shard.N > p.Users {
		return nil, tooManyParts(p)
	}
	p.Config, p.Digest = joined(s, p.Loads), digest(p)
	return p, nil
}

// spare is how many users each open load that does not say it may have, where the machine can have so many in all; 0:
// nobody said.
func spare(loads []config.Load, most int) int {
	open := 0
	for _, l := range loads {
		switch {
		case !l.Open():
			highest := float64(l.Users)
			for _, s := range l.Stages {
				highest = max(highest, s.Level())
			}
			most -= int(highest)
		case l.MaxUsers > 0:
			most -= l.MaxUsers
		default:
			open++
		}
	}
	if open == 0 || most < 0 {
		return 0
	}
	return max(1, most/open)
}

// choose are the loads that the options leave, and the options without their names.
func choose(s *config.Config, profile config.Profile, o Options) ([]config.Load, Options, error) {
	is := func(name string) bool {
		return slices.ContainsFunc(profile.Loads, func(l config.Load) bool { return l.Name == name })
	}
	var names []string
	for _, l := range profile.Loads {
		names = append(names, l.Name)
	}
	for _, name := range slices.Concat(o.Only, o.Skip) {
		known := slices.ContainsFunc(s.Groups, func(g config.Group) bool { return g.Name == name })
		if !known && !slices.Contains(s.LeftOut, name) && !is(name) {
			return nil, o, fmt.Errorf("there is no load or group %s; %s", mistake.Show(name),
				mistake.Suggest(name, append(names, groupsOf(s)...), "it has"))
		}
	}
	only := slices.ContainsFunc(o.Only, is)
	var loads []config.Load
	for _, l := range profile.Loads {
		if (!only || slices.Contains(o.Only, l.Name)) && !slices.Contains(o.Skip, l.Name) {
			loads = append(loads, l)
		}
	}
	o.Only = slices.DeleteFunc(slices.Clone(o.Only), is)
	o.Skip = slices.DeleteFunc(slices.Clone(o.Skip), is)
	if len(o.Only) == 0 {
		o.Only = nil
	}
	// A load of which no group is chosen is left out as well.
	loads = slices.DeleteFunc(loads, func(l config.Load) bool {
		_, err := narrowed(s, l.Profile, o)
		return err != nil
	})
	if len(loads) == 0 {
		return nil, o, fmt.Errorf("no load is left; it has %s", strings.Join(names, ", "))
	}
	return loads, o, nil
}

func groupsOf(s *config.Config) (names []string) {
	for _, g := range s.Groups {
		names = append(names, g.Name)
	}
	return names
}

// addLoad counts a load in.
func addLoad(p, part *Plan) {
	if p.Loads == nil {
		p.Open, p.WarmUp = true, part.WarmUp
	}
	part.row, part.whole = len(p.Endpoints), len(p.Transactions)
	p.Loads = append(p.Loads, part)
	p.Open = p.Open && part.Open
	p.Users, p.Share = p.Users+part.Users, p.Share+part.Share
	p.Ramp, p.WarmUp, p.Duration = max(p.Ramp, part.Ramp), min(p.WarmUp, part.WarmUp), max(p.Duration, part.Duration)
	p.Endpoints = append(p.Endpoints, part.Endpoints...)
	p.Transactions = append(p.Transactions, part.Transactions...)
}

// joined is the file for what several loads have together.
func joined(s *config.Config, loads []*Plan) *config.Config {
	var shares []config.Share
	for _, g := range s.Groups {
		has := func(p *Plan) bool { return !slices.Contains(p.Config.LeftOut, g.Name) }
		if slices.ContainsFunc(loads, has) {
			shares = append(shares, config.Share{Group: g.Name})
		}
	}
	if len(shares) == len(s.Groups) {
		return s
	}
	return s.Narrowed(shares)
}

// Options are those with which New makes this plan again from the same file, on another machine.
func (p *Plan) Options() Options {
	o := p.options
	o.Seed = p.Seed - uint64(o.Cut.Number)
	return o
}
