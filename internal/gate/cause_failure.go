package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
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

// failing counts the failures with some statuses.
func (e *evidence) failing(statuses ...int) (f failures) {
	most, asked := "", map[string]int64{}
	by := map[string]int64{}
	for _, ep := range e.endpoints {
		asked[ep.Name] += asks(ep)
		f.of += asks(ep)
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
	for _, ep := range e.endpoints {
		if by[ep.Name] > by[most] || most == "" {
			most = ep.Name
		}
	}
	if concentrated(by[most], f.count, asked[most], f.of) {
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

// asks is how many requests an endpoint had in the whole run.
func asks(ep *result.Endpoint) (n int64) {
	if ep.Summary != nil {
		return ep.Summary.Requests
	}
	for _, s := range ep.Slots {
		n += s.Requests
	}
	return n
}

// What makes something happen mostly at one endpoint.
const (
	majority = 0.5 // more than this share of it,
	moreThan = 1.5 // and so many times the endpoint's share of the requests
)

// concentrated says whether one endpoint has the majority of something, and more
// of it than its part of the requests explains.
func concentrated(count, all, requests, ofAll int64) bool {
	if all == 0 || ofAll == 0 {
		return false
	}
	part, usual := float64(count)/float64(all), float64(requests)/float64(ofAll)
	return part > majority && part >= min(1, moreThan*usual)
}

// misfit is a scenario that asks for what the service does not have.
func misfit(e *evidence, _ *surplus) []Cause {
	f := e.failing(401, 403, 404, 405, 422)
	if !f.notable() {
		return nil
	}
	reason, remedy := Explain(f.most.Kind, f.most.Status, f.most.Detail)
	c := Cause{
		Title: "the scenario does not fit the service",
		Evidence: fmt.Sprintf("%s of %s were rejected with errors that load does not cause, most with %d%s: %s",
			unit.Grouped(f.count), requests(f.of), f.most.Status, f.at(" at "), reason),
		Next: remedy + "; what else was measured says little until then",
	}
	if f.where != "" {
		c.Endpoints = []string{f.where}
	}
	c, _ = c.sized(f.share())
	return []Cause{c}
}

// limiter is a service that counts requests, and not one that is slow.
func limiter(e *evidence, _ *surplus) []Cause {
	f := e.failing(429)
	if !f.notable() {
		return nil
	}
	served := 0.0
	if seconds := e.result.Until().Seconds(); seconds > 0 {
		served = float64(f.of-f.count) / seconds
	}
	c, _ := Cause{
		Title: "a rate limiter",
		Evidence: fmt.Sprintf("%s of %s (%s) were answered 429, the first at %s%s; %s got through",
			unit.Grouped(f.count), requests(f.of), share(float64(f.count)/float64(f.of)),
			e.wall(f.first), f.at(", most at "),
			unit.Quantity{Value: served, Unit: unit.PerSecond}),
		Next: "raise or disable it for the test, or lower the load; rejected requests are left out of latencies, " +
			"and the others say nothing of capacity",
	}.sized(f.share())
	return []Cause{c}
}

// errorsBegan is a stretch of failures before which there were none, where
// nothing else explains them.
func errorsBegan(e *evidence, x *surplus) []Cause {
	if x.explained[OfFailed] >= majority || e.silenced() || x.failed == nil {
		return nil
	}
	var found []Cause
	for _, o := range e.outages {
		f, ok := e.firstFailure(o)
		before := counted{}
		for _, ep := range o.group {
			for _, s := range ep.Slots {
				if s.Slot < o.from {
					before = before.plus(counted{float64(s.Failures()), float64(s.Requests)})
				}
			}
		}
		if !ok || !o.lasts(e.window.Slot) || before.all == 0 || before.over > noted*before.all {
			continue
		}
		begin := e.wall(max(f.First, time.Duration(o.from)*e.window.Slot))
		who := "of all endpoints"
		c := Cause{Title: "errors began at " + begin}
		if !o.every {
			c.Endpoints = o.group.names()
			who = "of " + named(c.Endpoints)
		}
		reason, _ := Explain(f.Kind, f.Status, f.Detail)
		c.Evidence = fmt.Sprintf("%s of %s %s failed before, and %s of %s %s; first: %s, %s",
			unit.Grouped(int64(before.over)), requests(int64(before.all)), who,
			unit.Grouped(o.failed), unit.Grouped(o.requests), e.stretchText(o.from, o.to), label(f), reason)
		c.Next = "look at what changed then: a deployment, a job, a full disk or table, a token that ran out; " +
			"the service's log at " + begin
		inside := func(slot int) bool {
			return slot >= o.from &&
				(slot < o.to || o.to >= e.window.First+e.window.Slots)
		}
		if c, ok := c.sized(beside(x.failed, inside, OfFailed)); ok {
			found = append(found, c)
		}
	}
	return found
}
