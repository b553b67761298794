package content

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// nearlyAll is what explains a check: of its failures those of one kind, and of what is
// above the limits of the run that which a cause explains.
const nearlyAll = 0.9

// explained is why a check came out as it did, in words that hold of others as well.
type explained struct {
	key    string   // equal where the explanation, and what kind of thing to do, is; empty: it has none
	facts  []string // what is said of the check without its figures, what decided first
	cause  int      // which of the causes of the view explains it; -1: none
	failed string   // what most of its failures are; empty: nobody knows
	share  float64  // of its failures, in (0,1], that are so
	leads  bool     // that is the explanation
}

// explain finds the explanation of a check: the cause of nearly all that is slow, or else what
// most failures are that break a limit on them, or else what its reasons say without their figures.
func (v View) explain(c verdict.Check) explained {
	x := explained{facts: sharedFacts(c), cause: -1, share: 1}
	key := slices.Clone(x.facts)
	if at := slices.IndexFunc(c.Also, func(r reason.Reason) bool { return r.Code == reason.FailuresMostly }); at >= 0 {
		mostly := c.Also[at]
		x.failed, _ = wording.Many(mostly)
		if share, part := mostly.Args["share"].(unit.Quantity); part {
			x.share = share.Value
			mostly.Args = maps.Clone(mostly.Args)
			delete(mostly.Args, "share")
		}
		if x.leads = c.Metric.Share() && breaks(c); x.leads {
			key = nil
		}
		every, _ := wording.Many(mostly)
		key = append(key, every, strconv.FormatBool(x.share >= nearlyAll))
	}
	if at := v.causeOf(c); at >= 0 {
		if v.Causes[at].Size.Value >= nearlyAll {
			x.cause, key = at, nil
		}
		key = append(key, strconv.Itoa(at))
	}
	if x.cause < 0 {
		key = append(key, kindsOfAdvice(c)...)
	}
	if c.Comparison != nil {
		key = append(key, strconv.FormatBool(c.Comparison.Gated))
	}
	// Endpoints that are judged as one may be sound each: they are not counted with those that are not.
	key = append(key, strconv.FormatBool(len(c.Endpoints) > 1))
	if !c.Resource && c.Code() != reason.Unexplained {
		x.key = strings.Join(append(key, c.Outcome.String()), "\x00")
	}
	return x
}

// kindsOfAdvice are what is to be done about a check, without its figures and the names of its
// endpoints.
func kindsOfAdvice(c verdict.Check) []string {
	var kinds []string
	for _, r := range c.Advice() {
		kinds = append(kinds, string(r.Code))
		for _, name := range slices.Sorted(maps.Keys(r.Args)) {
			if text, ok := r.Args[name].(string); ok && !slices.Contains(c.Endpoints, text) {
				kinds = append(kinds, text)
			}
		}
	}
	return kinds
}

// sharedFacts are the reasons of a check without its figures, the one that decided first. Of the
// others those are left out that say nothing without them, on which side of its limit a value is that
// decides nothing, and what most failures are.
func sharedFacts(c verdict.Check) []string {
	because := c.Because
	if !because.Given() {
		because = c.Code().Plain()
	}
	first, _ := wording.Many(because)
	facts := []string{first}
	for _, r := range c.Also {
		switch {
		case r.Code == reason.FailuresMostly, r.Code == reason.SoFar,
			r.Code == reason.FailedUncounted && !failuresDecide(c, r):
			continue
		}
		text, alike := wording.Many(r)
		if alike && text != "" && !slices.Contains(facts, text) {
			facts = append(facts, text)
		}
	}
	return facts
}

// failuresDecide says whether a floor under throughput would be reached if none had failed of
// the requests that r says do not count.
func failuresDecide(c verdict.Check, r reason.Reason) bool {
	failed, _ := r.Args["failed"].(int64)
	return c.Requests == 0 || c.Got.Value*float64(c.Requests+failed) >= c.Limit.Value*float64(c.Requests)
}

// breaks says whether the value of a check is on the wrong side of what it was compared with, and
// that counts.
func breaks(c verdict.Check) bool {
	limit := c.Limit
	if c.Comparison != nil {
		limit = c.Comparison.Base
	}
	if !c.Got.OK || !limit.OK || c.Outcome == verdict.Pass || c.Outcome == verdict.Inconclusive {
		return false
	}
	if c.Metric.Better() == metric.Higher {
		return c.Got.Value < limit.Value
	}
	return c.Got.Value > limit.Value
}

// causeOf is the cause of a slow check: one that is about its endpoints alone, or else one of nearly
// all that is slow; -1: there is none.
func (v View) causeOf(c verdict.Check) int {
	if !c.Metric.Latency() || !breaks(c) {
		return -1
	}
	all := -1
	for i, cause := range v.Causes {
		switch {
		case cause.Of != verdict.OfSlow || !cause.Size.OK:
		case cause.Endpoints == nil:
			if all < 0 && cause.Size.Value >= nearlyAll {
				all = i
			}
		case slices.ContainsFunc(c.Endpoints, func(name string) bool { return slices.Contains(cause.Endpoints, name) }):
			return i
		}
	}
	return all
}
