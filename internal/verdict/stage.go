package verdict

import (
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
)

// Stage is what happened at one level of a load in stages, and what the limits
// make of it alone: a breaking point shows as the first that fails. Start steps
// are left out, which belong to the way from one level to the next, and so are
// floors under throughput: a low level does not offer what they ask for.
type Stage struct {
	result.Stage
	Run      int    // of a search: which of its runs it is, from 1; 0: a stage of a run
	OfLoad   string // of several in the run; "": it has one
	Open     bool   // a level of arrivals, not of users
	WarmUp   bool   // lies in the warm-up, which counts for no limit
	Requests int64
	Failed   int64
	Rate     Value // successes per second
	RateLow  Value // the lower end of its interval; not OK where the stage is too short for one
	Mean     Value // latency of all successes, whichever their endpoint
	P50      Value
	P95      Value
	Checks   []Check // of its arrivals and the limits, in this stage alone
}

// Outcome is the worst check; Inconclusive if there are none.
func (s Stage) Outcome() Outcome { return worst(s.Checks) }

// Broken is the first limit that the stage is shown to break.
func (s Stage) Broken() (Check, bool) {
	for _, c := range s.Checks {
		if c.Outcome == Fail {
			return c, true
		}
	}
	return Check{}, false
}

// Load is the stage's users, or arrivals per second.
func (s Stage) Load() float64 {
	if s.Open {
		return s.Stage.Rate
	}
	return float64(s.Users)
}

// MissedBy is by how much a limit was missed.
func (c Check) MissedBy() reason.Reason {
	args := reason.Args{"subject": c.Subject, "value": c.Got.Quantity, "limit": c.Limit.Quantity}
	if name := c.Metric.Name(); name != "" {
		args["metric"] = name
	}
	return reason.LimitMissed.With(args)
}
