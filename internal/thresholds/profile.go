package thresholds

import (
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/unit"
)

// profileBuilder makes amounts of load.
type profileBuilder struct{ *builder }

// profile builds one amount of load, or several.
func (b profileBuilder) profile(m grammar.Member) config.Profile {
	if m.Get("loads") != nil {
		return b.loads(m)
	}
	p := b.amount(m.Key, m.Pos, m.Value)
	p.NoTry = !grammar.Or(m.Get("try"), true)
	p.Rounds = grammar.Or(m.Get("rounds"), 0)
	if v := m.Get("rounds"); v != nil && (p.Open() || len(p.Stages) > 0) {
		b.Add(v.Pos, v.Path, "rounds belong to users; leave them out, or write users: 50 instead of a rate or stages")
	}
	return p
}

// amount builds what profiles and loads have in common.
func (b profileBuilder) amount(name string, pos mistake.Pos, v *grammar.Value) config.Profile {
	p := config.Profile{
		Name:      name,
		Users:     grammar.Or(v.Get("users"), 0),
		SpawnRate: grammar.Or(v.Get("spawn_rate"), 0.0),
		Rate:      grammar.Or(v.Get("rate"), 0.0),
		Duration:  grammar.Or(v.Get("duration"), time.Duration(0)),
		Even:      grammar.Or(v.Get("arrivals"), "") == "even",
		MaxUsers:  grammar.Or(v.Get("max_users"), 0),
		WarmUp:    grammar.Or(v.Get("warm_up"), time.Duration(0)),
		HasWarmUp: v.Get("warm_up") != nil,
		Pace:      paceOf(v.Get("pace")),
		Pos:       pos,
	}
	for _, item := range v.Get("stages").List() {
		p.Stages = append(p.Stages, b.stage(item, &p))
	}
	p.Groups = sharesOf(v.Get("groups"))
	b.loadKeys(p, v)
	if p.WarmUp > 0 && p.Duration > 0 && p.WarmUp >= p.Duration {
		w := v.Get("warm_up")
		b.Add(w.Pos, w.Path, "%s of warm-up leave nothing of a run of %s; write less", w.Text, unit.Compact(p.Duration))
	}
	return p
}

// stage builds one stage and adds its time to the profile's.
func (b profileBuilder) stage(v *grammar.Value, p *config.Profile) config.Stage {
	s := config.Stage{
		Open: v.Get("rate") != nil, Users: grammar.Or(v.Get("users"), 0), Rate: grammar.Or(v.Get("rate"), 0.0),
		Over: grammar.Or(v.Get("over"), time.Duration(0)), For: grammar.Or(v.Get("for"), time.Duration(0)),
	}
	if s.Over+s.For == 0 && !b.Under(v.Path) {
		b.Add(v.Pos, v.Path, "takes no time; write for: 2m, or over: 30s to get there in a straight line")
	}
	one := s.Open != (v.Get("users") != nil)
	if one && len(p.Stages) > 0 && p.Stages[0].Open != s.Open {
		b.Add(v.Pos, v.Path, "stages of users and of rates do not mix; write one of them in all stages")
	}
	p.Duration += s.Over + s.For
	return s
}

// loadKeys refuses keys of another model, and asks for those that this one
// needs.
func (b profileBuilder) loadKeys(p config.Profile, v *grammar.Value) {
	refuse := func(key, why string) {
		if k := v.Get(key); k != nil {
			b.Add(k.Pos, k.Path, "%s", why)
		}
	}
	require := func(key, example string) {
		if v.Get(key) == nil && !b.Under(grammar.Join(v.Path, key)) && !b.Strays(v.Path) {
			b.Add(v.Pos, v.Path, "%s is missing; write %s", key, example)
		}
	}
	switch {
	case len(p.Stages) > 0:
		refuse("spawn_rate", "stages say how fast users come; write over: in a stage")
		refuse("duration", "stages say how long the run is; leave duration out")
		highest := 0.0
		for _, s := range p.Stages {
			highest = max(highest, s.Level())
		}
		if stages := v.Get("stages"); highest == 0 && !b.Under(stages.Path) {
			b.Add(stages.Pos, stages.Path, "no stage has any load; write users or a rate above 0")
		}
	case v.Get("users") != nil:
		require("spawn_rate", "spawn_rate: 10/s")
		require("duration", "duration: 5m")
	case v.Get("rate") != nil:
		refuse("spawn_rate",
			"spawn_rate belongs to users; to begin with a lower rate write stages: [{rate: 50/s, over: 30s, for: 5m}]")
		require("duration", "duration: 5m")
	}
	if p.Open() {
		refuse("pace", "pace divides think times, and arrivals at a rate have none; leave it out")
		return
	}
	if b.Under(grammar.Join(v.Path, "rate")) || b.Under(grammar.Join(v.Path, "stages")) {
		return // of which model it is meant to be is not known, or the open one
	}
	refuse("arrivals", "arrivals belongs to a rate; leave it out, or write rate: 50/s instead of users")
	refuse("max_users", "max_users belongs to a rate; leave it out, or write rate: 50/s instead of users")
}

// sharesOf are the groups of a profile, listed, or with a weight each; nil: all of the file.
func sharesOf(v *grammar.Value) []config.Share {
	var shares []config.Share
	for _, name := range v.Texts() {
		shares = append(shares, config.Share{Group: name})
	}
	for _, m := range v.Members() {
		shares = append(shares, config.Share{Group: m.Key, Weight: grammar.Or(m.Value, 0.0)})
	}
	return shares
}

func paceOf(v *grammar.Value) config.Pace {
	p := config.Pace{Auto: grammar.Or(v, "") == "auto", All: grammar.Or(v, 0.0)}
	if members := v.Members(); len(members) > 0 {
		p.ByGroup = map[string]float64{}
		for _, m := range members {
			p.ByGroup[m.Key] = grammar.Or(m.Value, 0.0)
		}
	}
	return p
}
