package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// allot gives every group its users and every user its group, and names the
// rows. Users of an open load have their group from the arrival that needs
// them.
func (p *Plan) allot(s *config.Config) {
	weights := make([]float64, len(s.Groups))
	for i := range s.Groups {
		weights[i] = s.Groups[i].Weight
		p.weight += weights[i]
	}
	shares := make([]int, len(s.Groups))
	if !p.Open {
		shares = largestRemainder(p.Users, weights)
	}
	p.places = places{rowsByName{}, rowsByName{}}
	for i := range s.Groups {
		g := &s.Groups[i]
		group := Group{Group: g, Users: shares[i], Pace: 1,
			Start: p.rows(g.Name, g.Start), Steps: p.rows(g.Name, g.Steps), End: p.rows(g.Name, g.End)}
		group.arrange()
		p.Groups = append(p.Groups, group)
	}
	p.groupOf = interleave(shares)
	all := make([]int, len(p.groupOf))
	for i := range all {
		all[i] = i
	}
	p.walk(all)
}

// walk says which users the shard has, ascending.
func (p *Plan) walk(users []int) {
	p.mine = users
	p.members = make([][]int, len(p.Groups))
	for _, i := range users {
		g := p.groupOf[i]
		p.members[g] = append(p.members[g], i)
	}
}

// peopled refuses a closed load in which a group of the file gets no user: the
// group would silently be missing from the measurement.
func peopled(p *Plan) error {
	if p.Open {
		return nil
	}
	weights := make([]float64, len(p.Groups))
	for i := range p.Groups {
		weights[i] = p.Groups[i].Weight
	}
	enough := peopling(p.Users, weights)
	var errs []error
	for _, g := range p.Groups {
		if g.Users > 0 {
			continue
		}
		share := unit.Quantity{Value: g.Weight / p.weight, Unit: unit.Ratio}
		errs = append(errs,
			mistake.New(g.Pos, "users."+g.Name,
				"%s of %s is %s; profile %s gives it 0: write at least %s, or a larger weight",
				share, unit.Counted(p.Users, "user"),
				unit.Quantity{Value: float64(p.Users) * g.Weight / p.weight, Unit: unit.Count}, p.Profile,
				unit.Counted(enough, "user")))
	}
	return errors.Join(errs...)
}

// peopling is the fewest users, from a number on, of whom every group gets one.
func peopling(from int, weights []float64) int {
	for slices.Contains(largestRemainder(from, weights), 0) && from < mostUsers {
		from++
	}
	return from
}

// mostUsers is how many users a profile may have.
const mostUsers = 1_000_000

// rows finds or adds the row of each step of a group.
func (p *Plan) rows(group string, steps []config.Step) []Step {
	out := make([]Step, len(steps))
	for i := range steps {
		name, of := steps[i].Endpoint, placeOf(p, group, steps[i].Once)
		at, isNew := p.places.endpoints.find(of, name, len(p.Endpoints))
		if isNew {
			p.Endpoints = append(p.Endpoints, Endpoint{Name: name, Place: of})
		}
		out[i] = Step{Step: &steps[i], Endpoint: at, Transaction: p.transaction(group, steps[i].Transaction), Gap: -1}
		stream(p, group, &out[i])
	}
	return out
}

// rowsByName are the indices of rows, by place and name.
type rowsByName map[metric.Place]map[string]int

// find is the index of a row, or makes it the next one.
func (r rowsByName) find(of metric.Place, name string, next int) (at int, isNew bool) {
	if r[of] == nil {
		r[of] = map[string]int{}
	}
	if at, ok := r[of][name]; ok {
		return at, false
	}
	r[of][name] = next
	return next, true
}

// stream gives a step that reads a stream, or begins a WebSocket, the rows beside its requests. A smoke run asks every
// step in a few seconds, so that it reads no stream to its end and makes no long pause.
func stream(p *Plan, group string, s *Step) {
	beside := func(row *config.Transaction) int {
		at := p.transaction(group, row)
		if at >= 0 {
			p.Transactions[at].Beside = true
		}
		return at
	}
	if s.Stream != nil {
		s.Gap = beside(s.Stream.Gap)
	}
	if s.Talk != nil {
		for _, item := range s.Talk.Items {
			s.Rows = append(s.Rows, beside(item.Row))
		}
	}
	if p.Smoke && (s.Stream != nil || s.Talk != nil) {
		s.Most = smokeStream
	}
}

// placeOf is where the rows of a group are counted: apart from those of others where a rule is about some groups.
func placeOf(p *Plan, group string, once metric.Once) metric.Place {
	of := metric.Place{Once: once}
	if p.amount.part {
		of.Load = p.Load
	}
	some := func(r config.Rule) bool { return len(r.Users) > 0 && r.Applies(p.Profile) }
	if slices.ContainsFunc(p.Config.Rules, some) {
		of.Users = group
	}
	return of
}

// transaction finds or adds the row of a transaction; -1 for none.
func (p *Plan) transaction(group string, t *config.Transaction) int {
	if t == nil {
		return -1
	}
	of := placeOf(p, group, metric.Once{})
	at, isNew := p.places.transactions.find(of, t.Name, len(p.Transactions))
	if isNew {
		p.Transactions = append(p.Transactions, Endpoint{Name: t.Name, Place: of})
	}
	return at
}

// largestRemainder shares n whole users by weight (Hamilton's method): each
// group its whole part, the rest to the largest fractions, ties to the first.
func largestRemainder(n int, weights []float64) []int {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	shares := make([]int, len(weights))
	order := make([]int, len(weights))
	fraction := make([]float64, len(weights))
	rest := n
	for i, w := range weights {
		whole, part := math.Modf(float64(n) * w / total)
		shares[i], fraction[i], order[i] = int(whole), part, i
		rest -= shares[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case fraction[a] > fraction[b]+1e-9:
			return -1
		case fraction[b] > fraction[a]+1e-9:
			return 1
		}
		return 0
	})
	for _, i := range order[:rest] {
		shares[i]++
	}
	return shares
}

// interleave orders the users so that every stretch of the ramp holds the
// groups in their shares: after any number of users, no group is one user or
// more away from its share of them. Of the groups k that are far enough
// behind to take their next user, the one takes it that must be served first
// (R. Tijdeman, The chairman assignment problem, Discrete Mathematics 32,
// 1980): with share s of n users and x given, group g may have user j when
//
//	s*j/n - x >= 1/(2k-2)
//
// and must have it by j = n*(1 + x - 1/(2k-2))/s.
//
// Note: to take the group that is furthest behind is simpler, and lets small
// groups fall behind by more than a user.
func interleave(shares []int) []int {
	n, k := 0, 0
	for _, s := range shares {
		n += s
		k += min(s, 1)
	}
	slack := 2*max(k, 2) - 2
	given := make([]int, len(shares))
	order := make([]int, n)
	for i := range order {
		next, earliest := 0, math.Inf(1)
		for g, share := range shares {
			if slack*(share*(i+1)-given[g]*n) < n {
				continue
			}
			if latest := float64(slack*(1+given[g])-1) / float64(share); latest < earliest {
				next, earliest = g, latest
			}
		}
		order[i] = next
		given[next]++
	}
	return order
}

// Active is how many users of the shard are active at a time since the start; 0
// outside the run. For an open load the number is not known in advance.
func (p *Plan) Active(elapsed time.Duration) int {
	if p.Loads != nil {
		sum := 0
		for _, part := range p.Loads {
			sum += part.Active(elapsed)
		}
		return sum
	}
	if elapsed < 0 || elapsed >= p.Duration || p.Open {
		return 0
	}
	return p.started(sort.Search(p.Users, func(i int) bool {
		for s := range p.curve.activePeriods(i) {
			if s.From <= elapsed && elapsed < s.Until {
				return false
			}
		}
		return true
	}))
}

// digest identifies the load: results with another digest never mix.
func digest(p *Plan) string {
	if p.Loads != nil {
		return sumDigest(p, digest)
	}
	h := sha256.New()
	users := p.Users
	if p.Open {
		users = 0 // what the machine can hold is no part of the load
	}
	fmt.Fprintln(h, identity.Of(p.Config), p.Profile, users, p.SpawnRate, p.Duration, p.WarmUp)
	if p.Smoke {
		fmt.Fprintln(h, "smoke")
	}
	if p.Load != "" {
		fmt.Fprintf(h, "%q %v\n", p.Load, p.Start)
	}
	if p.Rounds > 0 {
		fmt.Fprintln(h, "rounds", p.Rounds)
	}
	if p.Open || len(p.Stages) > 0 {
		fmt.Fprintln(h, p.Open, p.Rate, p.Stages, p.Even, p.maxUsers)
	}
	for _, g := range p.Groups {
		fmt.Fprintln(h, g.Name, g.Users, g.Pace)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// sumDigest identifies several loads by those of each.
func sumDigest(p *Plan, of func(*Plan) string) string {
	h := sha256.New()
	for _, part := range p.Loads {
		fmt.Fprintf(h, "%q %v %s\n", part.Load, part.Start, of(part))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// curveDigest identifies the load over time. It has to be the same for figures of
// an edited file to be comparable with earlier ones.
func curveDigest(p *Plan) string {
	h := sha256.New()
	if p.Loads != nil {
		return sumDigest(p, curveDigest)
	}
	if p.Load != "" {
		fmt.Fprintf(h, "%q %v ", p.Load, p.Start)
	}
	if p.Rounds > 0 {
		fmt.Fprintf(h, "%d rounds ", p.Rounds)
	}
	fmt.Fprintf(h, "%q %v %v %v %v %v", p.Profile, p.Open, p.Even, p.Duration, p.WarmUp, p.Stages)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// aroundDigest identifies how often each request is sent, by the file and by the
// profile.
func aroundDigest(p *Plan, ofFile string) string {
	if p.Loads != nil {
		return sumDigest(p, func(part *Plan) string { return aroundDigest(part, ofFile) })
	}
	h := sha256.New()
	fmt.Fprintln(h, ofFile, p.SpawnRate, p.Rate, p.maxUsers)
	for _, g := range p.Groups {
		fmt.Fprintln(h, g.Users, g.Pace)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
