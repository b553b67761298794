package plan

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
)

// FirstBytes are the rows, by their index in Endpoints and behind them Transactions, whose times to the first byte a
// rule of the profile limits; ascending, nil: there is none. Rows that a rule excepts are among them: the exception
// may have ended when the result is judged.
func (p *Plan) FirstBytes() []int {
	if p.Config == nil {
		return nil
	}
	var rows []int
	for _, r := range p.Config.Rules {
		if !r.Applies(p.Profile) ||
			!slices.ContainsFunc(r.Limits, func(l config.Limit) bool { return l.Metric.OfFirstByte() }) {
			continue
		}
		r = r.Whole()
		for i, e := range p.Endpoints {
			if r.About(e.Place.Users) && r.Matches(e.Name, e.Once.Any()) {
				rows = append(rows, i)
			}
		}
		for i, e := range p.Transactions {
			if r.About(e.Place.Users) && r.MatchesTransaction(e.Name) {
				rows = append(rows, len(p.Endpoints)+i)
			}
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}
