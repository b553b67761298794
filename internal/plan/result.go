package plan

import (
	"time"

	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/target"
)

// Result is the document of a run of this plan, or of its shard, before
// anything has happened. Tool names the program and its version, started is
// the wall clock.
func (p *Plan) Result(tool string, started time.Time) *result.Result {
	parts := identity.PartsOf(p.Config)
	r := &result.Result{
		Schema: result.Schema, Tool: tool, Name: p.Config.Name, Profile: p.Profile, Target: p.Config.Target.Public(),
		Digest: p.Digest,
		Load:   result.Load{Course: curveDigest(p), Around: aroundDigest(p, parts.Around), Measured: p.Measured()},
		Seed:   p.Seed, Started: started.UTC().Truncate(time.Millisecond),
		Planned: planned(p),
		Slot:    result.SlotLength, Shards: []result.Shard{{K: p.Shard.K, N: p.Shard.N}},
	}
	if looks := len(p.Looks()); looks > 0 {
		r.Planned.Looks = looks + 1 // its end is one
	}
	for _, part := range p.Loads {
		around := aroundDigest(part, parts.Around)
		r.Planned.Loads = append(r.Planned.Loads, result.OneLoad{Planned: planned(part),
			Load: result.Load{Course: curveDigest(part), Around: around, Measured: part.Measured()}})
	}
	r.Endpoints = documented(p.Endpoints, parts.Endpoints, parts.Was)
	r.Transactions = documented(p.Transactions, parts.Transactions, parts.Was)
	r.Resources = watched(p)
	return r
}

// planned is what the run, or one load of it, is asked to do.
func planned(p *Plan) result.Planned {
	of := result.Planned{
		Users: p.Share, Ramp: p.Ramp, WarmUp: p.WarmUp, Duration: p.Duration, Timeout: p.Config.Target.Timeout,
		Bounded: p.Bounded(), Rounds: p.Rounds, Load: p.Load, Start: p.Start, SkippedLoads: p.Skipped,
		Smoke: p.Smoke, LostShards: p.options.LostShards,
	}
	of.Stages, of.Groups, of.LeftOut = levels(p), Kinds(p), p.Config.LeftOut
	for _, h := range p.Config.Hosts {
		of.Hosts = append(of.Hosts, result.Host{Name: h.Name, URL: target.Public(h.URL)})
	}
	if keep := p.Config.Target.Connections; keep != (target.Connections{}) {
		of.Connections = keep.String()
	}
	switch {
	case p.Loads != nil:
		of.Users = 0
		for _, part := range p.Loads {
			own := planned(part)
			of.Users, of.MaxUsers = of.Users+own.Users, of.MaxUsers+own.MaxUsers
			if p.Open {
				of.Rate += own.Rate
			}
		}
	case p.Open:
		of.Rate, of.MaxUsers, of.Users = p.curve.highest()/float64(p.Shard.N), p.Share, 0
	}
	return of
}

// watched are the gauges of the file, before they are read; a smoke run reads
// none. A place may hold a secret in its path.
func watched(p *Plan) []result.Resource {
	var watched []result.Resource
	if p.Smoke {
		return nil
	}
	for _, r := range p.Config.Resources {
		w := result.Resource{Name: r.Name, From: r.From, Read: r.Reads(),
			Place: p.Config.Mask(r.Place()), Kind: r.Kind, Unit: r.Unit, Every: r.Every}
		if r.Unset != "" {
			w.Skipped = r.Unset + " is not set, and the file says that it is optional"
		}
		watched = append(watched, w)
	}
	return watched
}

// documented are rows as the document has them, with the digests of what is sent
// under each name, and with the names that were.
func documented(rows []Endpoint, requests, was map[string]string) []result.Endpoint {
	var out []result.Endpoint
	for _, e := range rows {
		expected := e.Expected
		if e.Unlimited {
			expected = 0 // unknown
		}
		row := result.Endpoint{Name: e.Name, Place: e.Place, Expected: expected}
		if !e.Once.Any() {
			row.Request, row.Was = requests[e.Name], was[e.Name]
		}
		out = append(out, row)
	}
	return out
}

// levels are the stretches of a load in stages that stay at one level.
func levels(p *Plan) []result.Stage {
	var levels []result.Stage
	at := p.Start
	for _, s := range p.Stages {
		at += s.Over
		if s.For > 0 {
			level := result.Stage{From: at, Until: at + s.For, Rate: s.Rate / float64(p.Shard.N)}
			if !p.Open {
				level.Users = p.started(s.Users)
			}
			levels = append(levels, level)
		}
		at += s.For
	}
	return levels
}

// thinking is the range of a group's think times at pace 1, and their mean where that is not the middle.
func thinking(g *Group) (least, most, mean time.Duration) {
	if len(g.turns) == 0 {
		return g.Wait.Min, g.Wait.Max, 0
	}
	least = g.turns[0].wait.Min
	for _, t := range g.turns {
		least, most = min(least, t.wait.Min), max(most, t.wait.Max)
	}
	if mean = time.Duration(g.waiting / g.requests); mean == (least+most)/2 {
		mean = 0
	}
	return least, most, mean
}

// Kinds are the groups as the document has them.
func Kinds(p *Plan) []result.Group {
	var kinds []result.Group
	for i := range p.Groups {
		g := &p.Groups[i]
		kind := result.Group{Name: g.Name, Users: p.count(i), Expected: g.Expected}
		if !p.Open {
			kind.ThinkMin, kind.ThinkMax, kind.ThinkMean = thinking(g)
			kind.Pacing, kind.Pace = g.Wait.Pacing, g.Pace
			kind.Streams = time.Duration(g.streams / g.requests)
		}
		known := map[string]int{} // places in kind.Parts
		for s, step := range g.Steps {
			at, ok := known[step.Step.Endpoint]
			if !ok {
				at = len(kind.Parts)
				known[step.Step.Endpoint] = at
				kind.Parts = append(kind.Parts, result.Part{Endpoint: step.Step.Endpoint})
			}
			kind.Parts[at].Share += g.share(s)
		}
		kinds = append(kinds, kind)
	}
	return kinds
}
