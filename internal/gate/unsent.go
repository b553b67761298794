package gate

import (
	"slices"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// unsentMost is the share of an endpoint's requests that were due from which those
// that were sent do not speak for it.
const unsentMost = 0.5

// heldBackRequests is requests that were not sent for one reason.
type heldBackRequests struct {
	why       string // in the words of the first one; empty: nobody knows
	endpoints []string
	requests  int64
	users     int64 // the most of an endpoint; 0: not counted
	most      bool  // of an endpoint's requests
}

// unsent tells of requests that were due and never sent, for want of a value that
// a step before them should have captured. They say nothing about their
// endpoint, and are in none of its figures.
func unsent(e *evidence.Run) []verdict.Check {
	if e.Unresponsive() {
		return nil // then nothing can be captured
	}
	var all []heldBackRequests
	for _, ep := range e.Endpoints {
		all = withHeld(e, all, ep)
	}
	var checks []verdict.Check
	for _, h := range all {
		args := reason.Args{"requests": h.requests, "why": reason.ExpressionWithoutValue.Plain()}
		if h.why != "" {
			args["why"] = h.why
		}
		if len(h.endpoints) > 1 {
			args["endpoints"] = len(h.endpoints)
		} else {
			args["endpoint"] = h.endpoints[0]
		}
		if h.users > 0 {
			args["users"], args["of"] = h.users, max(int64(e.Result.Planned.Users), h.users)
		}
		c := verdict.Check{
			Subject: "not sent", Endpoints: h.endpoints, Requests: h.requests, Outcome: verdict.Warn, Shown: true,
			Because: reason.RequestsUnsent.With(args),
		}
		if h.most {
			c.Outcome, c.Shown = verdict.Inconclusive, false
		}
		checks = append(checks, c)
	}
	return checks
}

// withHeld adds what of an endpoint was not sent.
func withHeld(e *evidence.Run, all []heldBackRequests, ep *result.Endpoint) []heldBackRequests {
	var n, sent int64
	for _, s := range ep.Slots {
		if (ep.Once.Any() || s.Slot >= e.Window.First) && !e.Still[s.Slot] {
			n, sent = n+s.Unsent, sent+s.Requests
		}
	}
	if n == 0 {
		return all
	}
	text, users := "", int64(0)
	for _, f := range ep.Failures {
		if !f.Kind.Sent() {
			text, users = f.Detail, f.Users
		}
	}
	at := slices.IndexFunc(all, func(h heldBackRequests) bool { return h.why == text })
	if at < 0 {
		at = len(all)
		all = append(all, heldBackRequests{why: text})
	}
	h := &all[at]
	h.endpoints, h.requests, h.users = append(h.endpoints, ep.Name), h.requests+n, max(h.users, users)
	h.most = h.most || float64(n) > unsentMost*float64(n+sent)
	return all
}
