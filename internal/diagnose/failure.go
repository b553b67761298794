package diagnose

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// noted is the share of requests from which a kind of failure is a cause.
const noted = 0.01

// failures are those of some kind, of the whole run.
type failures struct {
	count, of int64 // of all requests
	all       int64 // failures of requests that were sent
	first     time.Duration
	where     string         // the endpoint that has most of them, and more than its part; "": none has
	most      result.Failure // the most frequent one, at where if that is set
}

// similarFailures counts the failures with some statuses.
func similarFailures(e *evidence.Run, statuses ...int) (f failures) {
	similar := func(x result.Failure) bool {
		return x.Kind == metric.Status && slices.Contains(statuses, x.Status)
	}
	most, asked := "", map[string]int64{}
	by := map[string]int64{}
	for _, ep := range e.Endpoints {
		asked[ep.Name] += evidence.Asks(ep)
		f.of += evidence.Asks(ep)
		for _, x := range ep.Failures {
			if x.Kind.Sent() {
				f.all += x.Count
			}
			if !similar(x) {
				continue
			}
			if f.count == 0 || x.First < f.first {
				f.first = x.First
			}
			f.count, by[ep.Name] = f.count+x.Count, by[ep.Name]+x.Count
		}
	}
	for _, ep := range e.Endpoints {
		if by[ep.Name] > by[most] || most == "" {
			most = ep.Name
		}
	}
	if evidence.Concentrated(by[most], f.count, asked[most], f.of) {
		f.where = most
	}
	for _, ep := range e.Endpoints {
		for _, x := range ep.Failures {
			if similar(x) && (f.where == "" || f.where == ep.Name) && x.Count > f.most.Count {
				f.most = x
			}
		}
	}
	return f
}

// notable says whether there are so many that they are a cause.
func (f failures) notable() bool { return f.count > 0 && float64(f.count) >= noted*float64(f.of) }

// share is what they are of all failures.
func (f failures) share() size {
	return size{float64(f.count) / float64(max(f.all, 1)), verdict.OfFailed, f.all > 0}
}

// args adds the endpoint that has most of them to some arguments; none where they are all over.
func (f failures) args(args reason.Args) reason.Args {
	if f.where != "" {
		args["endpoint"] = f.where
	}
	return args
}

// misfit is a scenario that asks for what the service does not have.
func misfit(e *evidence.Run, _ *surplus) []verdict.Cause {
	f := similarFailures(e, 401, 403, 404, 405, 422)
	if !f.notable() {
		return nil
	}
	why := evidence.Explain(f.most)
	c := verdict.Cause{
		Because: reason.ScenarioMisfit.With(f.args(reason.Args{
			"failed": f.count, "requests": f.of, "status": f.most.Status, "why": why,
		})),
		Remedies: []reason.Reason{why, reason.LittleSaidUntil.Plain()},
	}
	if f.where != "" {
		c.Endpoints = []string{f.where}
	}
	c, _ = sized(c, f.share())
	return []verdict.Cause{c}
}

// Limiter is a service that counts requests, and not one that is slow.
func Limiter(e *evidence.Run, _ *surplus) []verdict.Cause {
	f := similarFailures(e, 429)
	if !f.notable() {
		return nil
	}
	served := 0.0
	if seconds := e.Result.Until().Seconds(); seconds > 0 {
		served = float64(f.of-f.count) / seconds
	}
	c, _ := sized(verdict.Cause{
		Because: reason.RateLimiter.With(f.args(reason.Args{
			"limited": f.count, "requests": f.of, "share": evidence.Share(float64(f.count) / float64(f.of)),
			"first": e.Wall(f.first), "served": unit.Quantity{Value: served, Unit: unit.PerSecond},
		})),
	}, f.share())
	return []verdict.Cause{c}
}

// errorsBegan is a stretch of failures before which there were none, where
// nothing else explains them.
func errorsBegan(e *evidence.Run, x *surplus) []verdict.Cause {
	if x.explained[verdict.OfFailed] >= evidence.Majority || e.Unresponsive() || x.failed == nil {
		return nil
	}
	var found []verdict.Cause
	for _, o := range e.Outages {
		f, ok := evidence.FirstFailure(e, o)
		before := counted{}
		for _, ep := range o.Group {
			for _, s := range ep.Slots {
				if s.Slot < o.From {
					before = before.plus(counted{float64(s.Failures()), float64(s.Requests)})
				}
			}
		}
		if !ok || !o.Lasts(e.Window.Slot) || before.all == 0 || before.over > noted*before.all {
			continue
		}
		begin := e.Wall(max(f.First, time.Duration(o.From)*e.Window.Slot))
		args := reason.Args{
			"at": begin, "failed_before": int64(before.over), "requests_before": int64(before.all),
			"failed": o.Failed, "requests": o.Requests, "when": e.StretchOf(o.From, o.To),
			"label": evidence.Label(f), "why": evidence.Explain(f),
		}
		c := verdict.Cause{Because: reason.ErrorsBegan.With(args)}
		if !o.Every {
			c.Endpoints = o.Group.Names()
			args["endpoints"] = c.Endpoints
		}
		inside := func(slot int) bool {
			return slot >= o.From &&
				(slot < o.To || o.To >= e.Window.First+e.Window.Slots)
		}
		if c, ok := sized(c, beside(x.failed, inside, verdict.OfFailed)); ok {
			found = append(found, c)
		}
	}
	return found
}
