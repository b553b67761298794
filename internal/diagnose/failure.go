package diagnose

import (
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
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
	most      result.Failure // at where
	where     string         // the endpoint that has most of them, and more than its part; "": none has
}

// similarFailures counts the failures with some statuses.
func similarFailures(e *evidence.Run, statuses ...int) (f failures) {
	most, asked := "", map[string]int64{}
	by := map[string]int64{}
	for _, ep := range e.Endpoints {
		asked[ep.Name] += evidence.Asks(ep)
		f.of += evidence.Asks(ep)
		for _, x := range ep.Failures {
			if x.Kind.Sent() {
				f.all += x.Count
			}
			if x.Kind != metric.Status || !slices.Contains(statuses, x.Status) {
				continue
			}
			if f.count == 0 || x.First < f.first {
				f.first = x.First
			}
			f.count, by[ep.Name] = f.count+x.Count, by[ep.Name]+x.Count
			if x.Count > f.most.Count {
				f.most = x
			}
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
	return f
}

// notable says whether there are so many that they are a cause.
func (f failures) notable() bool { return f.count > 0 && float64(f.count) >= noted*float64(f.of) }

// share is what they are of all failures.
func (f failures) share() size {
	return size{float64(f.count) / float64(max(f.all, 1)), OfFailed, f.all > 0}
}

// at is the endpoint that has most of them; empty where they are all over.
func (f failures) at(before string) string {
	if f.where == "" {
		return ""
	}
	return before + f.where
}

// misfit is a scenario that asks for what the service does not have.
func misfit(e *evidence.Run, _ *surplus) []verdict.Cause {
	f := similarFailures(e, 401, 403, 404, 405, 422)
	if !f.notable() {
		return nil
	}
	reason, remedy := evidence.Explain(f.most.Kind, f.most.Status, f.most.Detail)
	c := verdict.Cause{
		Title: "the scenario does not fit the service",
		Evidence: fmt.Sprintf("%s of %s were rejected with errors that load does not cause, most with %d%s: %s",
			unit.Grouped(f.count), evidence.Requests(f.of), f.most.Status, f.at(" at "), reason),
		Next: remedy + "; what else was measured says little until then",
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
		Title: "a rate limiter",
		Evidence: fmt.Sprintf("%s of %s (%s) were answered 429, the first at %s%s; %s got through",
			unit.Grouped(f.count), evidence.Requests(f.of), evidence.Share(float64(f.count)/float64(f.of)),
			e.Wall(f.first), f.at(", most at "),
			unit.Quantity{Value: served, Unit: unit.PerSecond}),
		Next: "raise or disable it for the test, or lower the load; rejected requests are left out of latencies, " +
			"and the others say nothing of capacity",
	}, f.share())
	return []verdict.Cause{c}
}

// errorsBegan is a stretch of failures before which there were none, where
// nothing else explains them.
func errorsBegan(e *evidence.Run, x *surplus) []verdict.Cause {
	if x.explained[OfFailed] >= evidence.Majority || e.Silenced() || x.failed == nil {
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
		who := "of all endpoints"
		c := verdict.Cause{Title: "errors began at " + begin}
		if !o.Every {
			c.Endpoints = o.Group.Names()
			who = "of " + evidence.Named(c.Endpoints)
		}
		reason, _ := evidence.Explain(f.Kind, f.Status, f.Detail)
		c.Evidence = fmt.Sprintf("%s of %s %s failed before, and %s of %s %s; first: %s, %s",
			unit.Grouped(int64(before.over)), evidence.Requests(int64(before.all)), who,
			unit.Grouped(o.Failed), unit.Grouped(o.Requests), e.StretchText(o.From, o.To), evidence.Label(f), reason)
		c.Next = "look at what changed then: a deployment, a job, a full disk or table, a token that ran out; " +
			"the service's log at " + begin
		inside := func(slot int) bool {
			return slot >= o.From &&
				(slot < o.To || o.To >= e.Window.First+e.Window.Slots)
		}
		if c, ok := sized(c, beside(x.failed, inside, OfFailed)); ok {
			found = append(found, c)
		}
	}
	return found
}
