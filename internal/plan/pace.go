package plan

import (
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
)

// What pace: auto aims at. With 300 requests in 20 batches a run whose true
// p95 is 0.7 of its limit is shown to pass 96 times in 100 (statistics.md,
// section 3); think times shorter than a thirtieth would no longer be the
// same load.
const (
	Enough  = 300
	MaxPace = 30
)

// setPace divides think times and computes what that offers.
func setPace(p *Plan, pace config.Pace) {
	for i := range p.Groups {
		g := &p.Groups[i]
		switch by, ok := pace.ByGroup[g.Name]; {
		case ok:
			g.Pace = by
		case pace.All > 0:
			g.Pace = pace.All
		}
	}
	expect(p)
	if pace.Auto {
		autoPace(p)
	}
}

// autoPace finds paces between 1 and MaxPace at which every rule decides: rule
// after rule, the groups that feed it are sped up by one factor. Speeding a group
// up never takes requests from another. First each latency rule gets Enough
// expected measured requests; then its part with the least evidence, an endpoint
// or the rest of them, gets what a decision takes. Exceptions of rules are
// ignored: adding or ending one does not change the load, nor the runs that it can
// be compared with.
func autoPace(p *Plan) {
	p.auto = true
	for _, r := range p.Config.Rules {
		r = r.Whole()
		if !r.Applies(p.Profile) || !sized(r) {
			continue
		}
		speed(p, func() (float64, func(string) bool) {
			fixed, free := feed(p, r)
			if free == 0 {
				return 1, nil
			}
			return (Enough - fixed) / free, func(string) bool { return true }
		}, r)
	}
	f := p.forecaster()
	for _, r := range p.Config.Rules {
		r = r.Whole()
		for _, l := range r.Limits {
			if !r.Applies(p.Profile) || l.Metric == metric.Throughput || f.needed(l) == math.MaxInt64 {
				continue // floors ask for load, not for evidence
			}
			speed(p, func() (float64, func(string) bool) {
				weakest, _ := f.weakest(r, l)
				if weakest.unlimited || weakest.once || weakest.expected <= 0 ||
					f.chance(l, weakest.expected) >= decided {
					return 1, nil
				}
				rows := make(map[string]bool, len(weakest.rows))
				for _, row := range weakest.rows {
					rows[row.Name] = true
				}
				return f.goal(l) / weakest.expected, func(row string) bool { return rows[row] }
			}, r)
		}
	}
}

// speed speeds up the groups that send what a rule matches and factor chooses, by
// what factor returns, until that is at most 1 or all of them are at MaxPace.
func speed(p *Plan, factor func() (float64, func(row string) bool), r config.Rule) {
	const most = 50 // passes: a rest that grows may fall apart into endpoints that are judged alone
	for range most {
		by, chosen := factor()
		if by <= 1 {
			return
		}
		faster := false
		for g := range p.Groups {
			if feeds(p, g, r, chosen) {
				p.Groups[g].Pace, faster = min(MaxPace, hundredth(p.Groups[g].Pace*by)), true
			}
		}
		if !faster {
			return
		}
		expect(p)
	}
}

// hundredth rounds up to two digits. What is whole but for the last bits of
// the arithmetic, which differ between processors, stays whole: the pace is
// part of the digest.
func hundredth(pace float64) float64 { return math.Ceil(pace*100-1e-6) / 100 }

// sized says whether a rule has a limit that samples decide.
func sized(r config.Rule) bool {
	for _, l := range r.Limits {
		if l.Metric.Latency() {
			return true
		}
	}
	return false
}

// feed is what the rule expects from groups at MaxPace and from the others.
func feed(p *Plan, r config.Rule) (fixed, free float64) {
	for i := range p.Groups {
		g := &p.Groups[i]
		if !r.About(g.Name) {
			continue
		}
		n := 0.0
		for s := range g.Steps {
			if r.Matches(g.Steps[s].Step.Endpoint, false) {
				n += g.Expected * g.share(s)
			}
			n += g.Expected * g.share(s) * besideOf(p, &g.Steps[s], r.MatchesTransaction)
		}
		for _, one := range g.items {
			if t := one.first.Transaction; t >= 0 && r.MatchesTransaction(p.Transactions[t].Name) {
				n += g.Expected * g.whole(one)
			}
		}
		if g.Pace >= MaxPace {
			fixed += n
		} else {
			free += n
		}
	}
	return fixed, free
}

// feeds says whether a group sends chosen requests that a rule matches and may
// still be sped up.
func feeds(p *Plan, group int, r config.Rule, chosen func(row string) bool) bool {
	g := &p.Groups[group]
	if g.Pace >= MaxPace || g.Users == 0 || !r.About(g.Name) {
		return false
	}
	for _, s := range g.Steps {
		if name := s.Step.Endpoint; r.Matches(name, false) && chosen(name) {
			return true
		}
		if besideOf(p, &s, func(row string) bool { return r.MatchesTransaction(row) && chosen(row) }) > 0 {
			return true
		}
		if s.Transaction < 0 {
			continue
		}
		if name := p.Transactions[s.Transaction].Name; r.MatchesTransaction(name) && chosen(name) {
			return true
		}
	}
	return false
}

// expect computes every endpoint's rate and requests, of the shard's users or
// arrivals.
func expect(p *Plan) {
	for i := range p.Endpoints {
		p.Endpoints[i].Rate, p.Endpoints[i].Expected, p.Endpoints[i].Unlimited = 0, 0, false
	}
	for i := range p.Transactions {
		was := p.Transactions[i]
		p.Transactions[i] = Endpoint{Name: was.Name, Place: was.Place}
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		g.Expected = offered(p, i, g.meanWait())
		if p.Open {
			g.Unpaced = g.Expected
		}
		rate := g.Expected / p.Measured().Seconds()
		if !p.Open && len(p.Stages) == 0 && g.meanWait() > 0 {
			rate = float64(p.count(i)) / g.meanWait().Seconds()
		}
		starting := starting(p, i)
		for _, s := range slices.Concat(g.Start, g.End) {
			p.Endpoints[s.Endpoint].Expected += float64(starting)
		}
		unlimited := g.meanWait() == 0 && !p.Open && p.count(i) > 0 && !p.Bounded()
		for s := range g.Steps {
			p.Endpoints[g.Steps[s].Endpoint].add(rate, g.Expected, g.share(s), unlimited)
			expectBeside(p, g, s, rate, unlimited)
		}
		for _, one := range g.items {
			if t := one.first.Transaction; t >= 0 {
				p.Transactions[t].add(rate, g.Expected, g.whole(one), unlimited)
			}
		}
	}
}

// count is how many of the shard's users belong to a group.
func (p *Plan) count(group int) int { return len(p.members[group]) }

// starting is how often a user of a group comes in the run: each time it begins
// with its start steps.
func starting(p *Plan, group int) int {
	times := 0
	for _, i := range p.members[group] {
		for s := range p.curve.activePeriods(i) {
			if s.From < p.Duration {
				times++
			}
		}
	}
	return times
}

// offered is how many requests a group sends in the measured time: its users
// with a think time, think times alone considered, or its part of the
// arrivals.
func offered(p *Plan, group int, wait time.Duration) float64 {
	if p.Open {
		g := &p.Groups[group]
		arrivals := p.Due(p.WarmUp, p.Duration) * g.Weight / p.weight
		if g.joined == 0 {
			return arrivals
		}
		return arrivals * g.requests / (g.requests - g.joined) // one arrival is for a whole parallel block
	}
	most, bounded := bound(p, group)
	if wait == 0 {
		return most // all of them, however fast they are answered
	}
	sum := 0.0
	for _, i := range p.members[group] {
		for s := range p.curve.activePeriods(i) {
			sum += s.overlap(p.WarmUp, p.Duration).Seconds()
		}
	}
	if sum /= wait.Seconds(); bounded {
		return min(sum, most)
	}
	return sum
}
