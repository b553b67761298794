package plan

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// The prospects. The zero value is the cautious one.
const (
	Undecidable Prospect = iota // the evidence will not do
	Doubtful                    // it reaches the floor, and a pass may be shown or not
	Decidable                   // a service at 0.7 of the limit is shown to pass at least 8 times in 10
	Impossible                  // the profile cannot offer what the limit asks for
)

// Margin is where a service is assumed to be, as a share of its limit, when the
// chance of a decision is forecast.
const Margin = 0.7

// Forecast looks at every limit that the profile is judged by, in file order.
// It is asked of a whole run: a shard alone decides nothing.
func (p *Plan) Forecast() []Forecast {
	var all []Forecast
	for _, part := range p.Loads {
		for _, f := range part.Forecast() {
			f.Load = part.Load
			all = append(all, f)
		}
	}
	if p.Loads != nil {
		return all
	}
	f := p.forecaster()
	for _, r := range p.Config.Rules {
		if !r.Applies(p.Profile) {
			continue
		}
		for _, l := range r.Limits {
			all = append(all, f.limit(r, l))
		}
	}
	return all
}

// forecaster keeps what all limits share. Chances are simulated, so equal
// questions are asked once.
type forecaster struct {
	*Plan
	batches int
	alpha   float64
	chances map[string]float64
}

// decided is the chance of a decision from which on a limit counts as decidable.
const decided = 0.8

func (p *Plan) forecaster() *forecaster {
	return &forecaster{Plan: p, batches: stat.Batches(until(p) - p.WarmUp), alpha: 1 - p.Config.Judge.Confidence,
		chances: map[string]float64{}}
}

// part is what one figure will rest on.
type part struct {
	subject   string
	expected  float64
	unlimited bool
	rows      []Endpoint
	once      bool // start or end steps are in it, which no pace makes more
	scope     verdict.Scope
}

// leaves says whether the part is what users send when they leave.
func (p part) leaves() bool {
	return len(p.rows) > 0 && !slices.ContainsFunc(p.rows, func(e Endpoint) bool { return !e.End })
}

// most is what an endpoint may get at most.
func (e Endpoint) most() float64 {
	if e.Unlimited {
		return math.Inf(1)
	}
	return e.Expected
}

func (f *forecaster) limit(r config.Rule, l config.Limit) Forecast {
	out := Forecast{Rule: r.Name, Users: strings.Join(r.Users, ", "), Pos: l.Pos, Limit: l}
	weakest, total := f.weakest(r, l)
	out.Total = total
	out.Subject, out.Expected, out.Unlimited = weakest.subject, weakest.expected, weakest.unlimited
	out.Scope = weakest.scope
	for _, row := range weakest.rows {
		out.Endpoints = append(out.Endpoints, row.Name)
	}
	switch {
	case weakest.unlimited:
		out.Chance, out.Prospect = 1, Decidable
		return out
	case f.batches < stat.MinBatches && !f.Config.Judge.Point:
		args := reason.Args{"measured": f.Measured(), "needed": minMeasured}
		f.lasts(args, f.lasting(minMeasured))
		out.explain(reason.PlanTooShort.With(args))
		return out
	case f.Open && weakest.once:
		out.explain(reason.PlanUsersUnknown.Plain())
		return out
	case weakest.leaves() && len(f.Stages) == 0 && !f.Config.Judge.Point:
		out.explain(reason.PlanEndsTogether.Plain())
		return out
	}
	out.Chance = f.chance(l, weakest.expected)
	switch {
	case out.Chance >= decided:
		out.Prospect = Decidable
	case weakest.expected >= float64(f.needed(l)), !l.HasFail && weakest.expected > 0:
		out.Prospect = Doubtful // a limit that only warns never stops a run
	}
	if l.Metric == metric.Throughput {
		return f.floor(l, weakest, out)
	}
	if out.Prospect != Decidable {
		f.raise(&out, weakest.once)
	}
	return out
}

// minMeasured is what the fewest batches need.
const minMeasured = stat.MinBatches * 5 * time.Second

// TooShort is the shortest duration in which a limit can be decided, where that of the plan, or of one of several
// loads, is shorter; false: it is not, or values alone are judged.
func (p *Plan) TooShort() (duration time.Duration, load string, short bool) {
	if p.Smoke || p.Config.Judge.Point {
		return 0, "", false
	}
	for _, own := range p.Each() {
		if own.Measured() < minMeasured && (p.Loads == nil || len(own.Config.Rules) > 0) {
			return own.lasting(minMeasured), own.Load, true
		}
	}
	return 0, "", false
}

// weakest is the part of a rule with the fewest requests, and the requests of
// the whole rule. The parts are those of the judge (estimate.Split).
func (f *forecaster) weakest(r config.Rule, l config.Limit) (least part, total float64) {
	rows := f.matching(r)
	whole := partOf(rows)
	whole.subject, whole.scope = r.Name, verdict.Together
	if r.Scope == config.Combined || r.Scope == config.ByMetric && !l.Metric.Latency() {
		return whole, whole.expected
	}
	if r.Scope == config.Each {
		return weakestOf(each(rows)), whole.expected
	}
	enough := float64(f.needed(l))
	alone, together := estimate.Split(rows, Endpoint.most,
		func(rows []Endpoint) bool { return partOf(rows).most() >= enough })
	parts := each(alone)
	if len(together) > 0 {
		rest := partOf(together)
		if n := len(together); n > 1 {
			rest.subject, rest.scope = estimate.Together(r.Name, n, len(alone) > 0), verdict.Together
			if len(alone) > 0 {
				rest.scope = verdict.Rest
			}
		}
		parts = append(parts, rest)
	}
	return weakestOf(parts), whole.expected
}

// each is every row as a part of its own.
func each(rows []Endpoint) []part {
	parts := make([]part, len(rows))
	for i := range rows {
		parts[i] = partOf(rows[i : i+1])
	}
	return parts
}

// weakestOf is the part with the fewest requests.
func weakestOf(parts []part) part {
	return slices.MinFunc(parts, func(a, b part) int { return cmp.Compare(a.most(), b.most()) })
}

// partOf is rows judged together.
func partOf(rows []Endpoint) part {
	p := part{rows: rows, once: len(rows) > 0}
	for _, e := range rows {
		p.subject = e.Name
		p.expected += e.Expected
		p.unlimited = p.unlimited || e.Unlimited
		p.once = p.once && e.Once.Any()
	}
	return p
}

// most is what a part may get at most.
func (p part) most() float64 {
	if p.unlimited {
		return math.Inf(1)
	}
	return p.expected
}

// matching are the rows that a rule matches, in a slice that the caller owns.
func (p *Plan) matching(r config.Rule) []Endpoint {
	endpoints, transactions := p.candidates(r)
	rows := make([]Endpoint, 0, len(endpoints)+len(transactions))
	for _, e := range endpoints {
		if r.About(e.Place.Users) && r.Matches(e.Name, e.Once.Any()) {
			rows = pooled(rows, 0, e)
		}
	}
	first := len(rows)
	for _, e := range transactions {
		if r.About(e.Place.Users) && r.MatchesTransaction(e.Name) {
			rows = pooled(rows, first, e)
		}
	}
	return rows
}

// pooled adds a row, as the judge does: what different groups send under one name is one row, unless a rule is about
// some of them, and then only theirs are here. Rows before the first are of another kind.
func pooled(rows []Endpoint, first int, e Endpoint) []Endpoint {
	e.Place.Users = ""
	same := func(row Endpoint) bool { return row.Name == e.Name && row.Place == e.Place }
	at := slices.IndexFunc(rows[first:], same)
	if at < 0 {
		return append(rows, e)
	}
	rows[first+at].add(e.Rate, e.Expected, 1, e.Unlimited)
	return rows
}

// candidates are the rows that a rule can match: all, or those with its names if
// it has no pattern. So a file with one rule per endpoint is not searched once per
// rule.
func (p *Plan) candidates(r config.Rule) (endpoints, transactions []Endpoint) {
	var rows, whole []int
	for _, name := range r.Patterns {
		if strings.Contains(name, "*") {
			return p.Endpoints, p.Transactions
		}
		for _, names := range p.places.endpoints {
			if at, ok := names[name]; ok {
				rows = append(rows, at)
			}
		}
		for _, names := range p.places.transactions {
			if at, ok := names[name]; ok {
				whole = append(whole, at)
			}
		}
	}
	return chosen(p.Endpoints, rows), chosen(p.Transactions, whole)
}

// chosen are some of the rows, each once and in their order.
func chosen(rows []Endpoint, at []int) []Endpoint {
	slices.Sort(at)
	at = slices.Compact(at)
	out := make([]Endpoint, len(at))
	for i := range at {
		out[i] = rows[at[i]]
	}
	return out
}

// needed is the fewest requests with which the limit can be shown to hold.
func (f *forecaster) needed(l config.Limit) int64 {
	return l.Fewest(max(f.batches, stat.MinBatches), f.alpha)
}

func (f *forecaster) chance(l config.Limit, expected float64) float64 {
	n := int64(math.Round(expected))
	key := fmt.Sprint(l.Metric.Name(), n, l.Fail, l.HasFail)
	if known, ok := f.chances[key]; ok {
		return known
	}
	f.chances[key] = f.simulate(l, n)
	return f.chances[key]
}

func (f *forecaster) simulate(l config.Limit, n int64) float64 {
	q, quantile := l.Metric.Quantile()
	switch {
	case f.Config.Judge.Point:
	case quantile:
		return stat.Chance(q, n, f.batches, Margin, f.alpha)
	case l.Metric == metric.Throughput:
		expected := f.spread(float64(n), f.batches)
		return stat.RateChance(expected, Margin*float64(n)/float64(len(expected)), f.alpha)
	}
	// Shares without a failure, means, maxima and values alone: there the number
	// of requests decides.
	return stat.CountChance(float64(n), max(1, f.needed(l)))
}

// floor asks whether the profile can offer what a throughput limit wants of a part: in the mean of the
// measured time, as the judge sees it.
func (f *forecaster) floor(l config.Limit, of part, out Forecast) Forecast {
	want := l.First()
	offered := of.expected / f.Measured().Seconds()
	args := reason.Args{
		"wanted":  unit.Quantity{Value: want, Unit: l.Unit},
		"offered": unit.Quantity{Value: offered, Unit: l.Unit},
	}
	if offered < want {
		out.Prospect, out.Chance = Impossible, 0
		switch {
		case f.Open:
			args["load"] = reason.PlanArrivals.Plain()
		case len(f.Stages) > 0:
			args["load"] = reason.PlanStages.Plain()
		default:
			args["users"] = f.Users
		}
		out.explain(reason.PlanFloorTooHigh.With(args), f.more(want/max(offered, math.SmallestNonzeroFloat64)))
		return out
	}
	// decide: point needs no batches; the chance with the fewest is a cautious
	// one.
	expected := f.spread(of.expected, max(f.batches, stat.MinBatches))
	floor := want / offered * of.expected / float64(len(expected))
	if out.Chance = stat.RateChance(expected, floor, f.alpha); out.Chance < decided {
		out.Prospect = Doubtful
		out.explain(reason.PlanFloorNear.With(args), f.room(want/offered/Margin))
		return out
	}
	out.Prospect = Decidable
	return out
}

// spread is how many of so many requests come in each of equal parts of the measured time, by the load's curve.
func (f *forecaster) spread(requests float64, parts int) []float64 {
	expected := make([]float64, parts)
	whole := f.curve.area(f.Duration) - f.curve.area(f.WarmUp)
	for i := range expected {
		expected[i] = requests / float64(parts)
		if whole > 0 {
			at := func(i int) time.Duration { return f.WarmUp + f.Measured()*time.Duration(i)/time.Duration(parts) }
			expected[i] = requests * (f.curve.area(at(i+1)) - f.curve.area(at(i))) / whole
		}
	}
	return expected
}
