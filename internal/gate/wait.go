package gate

import (
	"math"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

// arrivedRuling rules on a limit on a percentile once more, by what arrivals waited,
// where the requests do not break it: while users wait they do not ask, so a
// service that stands still hides in a closed load (docs/statistics.md). A limit
// that the arrivals of freezes alone are shown to break fails, unless loadgate's
// own probe was read in them. One that the
// arrivals break otherwise is a warning, and so is either of them while the run
// goes on: what has broken the limit so far may not break it for the whole run.
func arrivedRuling(e *evidence.Run, p evidence.LimitCheck, g evidence.Group,
	r ruling, f estimate.Figure) (ruling, estimate.Figure) {
	q, ok := p.Limit.Metric.Quantile()
	if !ok || p.Limit.Metric.OfFirstByte() || !p.Limit.HasFail || p.Rule.OfRequests || r.outcome == verdict.Fail ||
		f.Summed || g.Starts() || e.Window.Slots == 0 || e.Window.Apart {
		return r, f
	}
	var all []stat.Wait
	for _, ep := range g {
		all = append(all, e.WaitsOf(ep).All...)
	}
	value, ok := stat.ArrivalsQuantile(all, q)
	if !ok || value <= p.Limit.Fail {
		return r, f
	}
	f.Arrivals = value
	if stretch, low := e.FrozenShare(g, p.Limit.Fail, evidence.Freeze.OfService); low > 1-q && !e.Ongoing {
		return ruling{outcome: verdict.Fail, limit: p.Limit.Fail, shown: true, cause: frozen, stretch: stretch}, f
	}
	if _, low := e.FrozenShare(g, p.Limit.Fail, evidence.Freeze.Any); low > 1-q && !e.Ongoing {
		return ruling{outcome: verdict.Inconclusive, limit: p.Limit.Fail, cause: watchedOver}, f
	}
	if r.outcome == verdict.Pass && (e.Ongoing || e.Result.Planned.Rate == 0) {
		return ruling{outcome: verdict.Warn, limit: p.Limit.Fail, cause: waiting}, f
	}
	f.Arrivals = math.NaN()
	return r, f
}
