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
	key   string   // equal where the explanation, and what kind of thing to do, is; empty: it has none
	what  string   // the explanation
	share float64  // of the check's failures that it is about, in (0,1]; 1: of no failures
	facts []string // what else is said of the check, without its figures
	cause int      // which of the causes of the view it is; -1: none
}

// explain finds the explanation of a check: the cause of nearly all that is slow, or else the
// kind of most of its failures, or else what its reasons say without their figures.
func (v View) explain(c verdict.Check) explained {
	facts := sharedFacts(c)
	x := explained{what: facts[0], share: 1, facts: facts[1:], cause: -1}
	key := slices.Clone(facts)
	if at := v.causeOf(c); at >= 0 {
		key = append(key, strconv.Itoa(at))
		if v.Causes[at].Size.Value >= nearlyAll {
			x.what, x.facts, x.cause = v.Causes[at].Title, nil, at
			key = key[len(facts):]
		}
	} else if mostly, ok := mostFailures(c); ok {
		x.what, _ = wording.Many(mostly)
		x.facts = slices.DeleteFunc(facts, func(fact string) bool { return fact == x.what })
		if share, part := mostly.Args["share"].(unit.Quantity); part {
			x.share = share.Value
			mostly.Args = maps.Clone(mostly.Args)
			delete(mostly.Args, "share")
		}
		every, _ := wording.Many(mostly)
		key = []string{every, strconv.FormatBool(x.share >= nearlyAll)}
	}
	if x.cause < 0 {
		for _, r := range c.Advice() {
			key = append(key, string(r.Code))
			for _, name := range slices.Sorted(maps.Keys(r.Args)) {
				if text, ok := r.Args[name].(string); ok {
					key = append(key, text)
				}
			}
		}
	}
	if c.Resource || c.Code() == reason.Unexplained {
		return x
	}
	if c.Comparison != nil {
		key = append(key, strconv.FormatBool(c.Comparison.Gated))
	}
	x.key = strings.Join(append(key, c.Outcome.String(), strconv.FormatBool(c.Comparison != nil)), "\x00")
	return x
}

// sharedFacts are the reasons of a check without its figures, the one that decided first. Of the
// others those are left out that say nothing without them.
func sharedFacts(c verdict.Check) []string {
	because := c.Because
	if !because.Given() {
		because = c.Code().Plain()
	}
	first, _ := wording.Many(because)
	facts := []string{first}
	for _, r := range c.Also {
		text, alike := wording.Many(r)
		if r.Code == reason.FailedUncounted && !failuresDecide(c, r) {
			continue
		}
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

// mostFailures is what most failures of a check are that breaks a limit on them.
func mostFailures(c verdict.Check) (reason.Reason, bool) {
	at := slices.IndexFunc(c.Also, func(r reason.Reason) bool { return r.Code == reason.FailuresMostly })
	if at < 0 || !c.Metric.Share() || !breaks(c) {
		return reason.Reason{}, false
	}
	return c.Also[at], true
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
