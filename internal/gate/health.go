package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Empty says the one thing that can be said of a run without a request.
func Empty(e *evidence.Run) []verdict.Check {
	var all int64
	for _, ep := range e.Endpoints {
		all += e.Tally(evidence.Group{ep}, e.Where(evidence.Group{ep}), estimate.Intended).Requests
	}
	switch {
	case all > 0:
		return unjudged(e)
	case e.Summed: // a tool may have figures and not say of how many requests
		return nil
	case e.Window.Length <= 0:
		return []verdict.Check{{
			Subject: "run", Firm: true,
			Reason: fmt.Sprintf("nothing was measured: the run ended after %s, within its warm-up of %s",
				unit.Of(e.Result.Elapsed), unit.Of(e.Result.Planned.WarmUp)),
			Remedy: "let the run outlast its warm-up, or shorten warm_up",
		}}
	}
	return []verdict.Check{{
		Subject: "run", Firm: true,
		Reason: fmt.Sprintf("no request was measured in %s", unit.Of(e.Window.Length)),
		Remedy: "see what the first user's steps do: loadgate try",
	}}
}

// unjudged says when no rule judges any of the requests that there were: they went
// to endpoints that no rule matches, or that exceptions leave out.
func unjudged(e *evidence.Run) []verdict.Check {
	var limited, judged evidence.Group
	for _, rule := range e.Config.Rules {
		if rule.Applies(e.Result.Profile) && evidence.Limiting(rule) {
			limited = append(limited, e.Matching(rule)...)
		}
	}
	var asked evidence.Group
	e.Rows(func(ep *result.Endpoint, _ bool) {
		if e.Tally(evidence.Group{ep}, e.Where(evidence.Group{ep}), estimate.Intended).Requests == 0 {
			return
		}
		asked = append(asked, ep)
		if slices.Contains(limited, ep) {
			judged = append(judged, ep)
		}
	})
	if len(limited) == 0 || len(judged) > 0 || e.Window.Length <= 0 {
		return nil
	}
	return []verdict.Check{{
		Subject: "run", Firm: true,
		Reason: "no request went to an endpoint that a rule judges: they went to " + strings.Join(asked.Names(), ", "),
		Remedy: "see what keeps the other steps back: loadgate try; or let a rule match these endpoints",
	}}
}

// Ending says when a run is less than it was meant to be. What it proved
// stands. Of merged shards that tell how each of them ended, shards says it.
func Ending(e *evidence.Run) []verdict.Check {
	r := e.Result
	c := verdict.Check{Subject: "run", Remedy: "run it again to its end", Firm: true}
	after := After(e) + ": judged on what was measured"
	switch {
	case r.End == result.Complete && r.Elapsed+r.Slot < r.Planned.Duration:
		c.Reason = "it says that it came to its end, and ended " + after
	case r.End == result.Complete || r.End == result.Stopped || r.End == result.Lost || len(e.EndedEarly()) > 0:
		return nil
	case r.End == result.Interrupted:
		c.Reason = "interrupted " + after
	default:
		c.Reason = "cut short " + after
	}
	return []verdict.Check{c}
}

// untimed says that the document lacks seconds of its timeline: they tell whether
// the generator made the load as it was planned, and without them nothing does.
func untimed(e *evidence.Run) []verdict.Check {
	if e.Result.Source.Foreign() || e.Window.Slots == 0 {
		return nil
	}
	told := 0
	for _, m := range e.Result.Timeline {
		if m.Slot >= e.Window.First && m.Slot < e.Window.First+e.Window.Slots {
			told++
		}
	}
	if told == e.Window.Slots {
		return nil
	}
	gap := time.Duration(e.Window.Slots-told) * e.Window.Slot
	c := verdict.Check{
		Subject: "timeline", Firm: true, Remedy: "judge the document as loadgate wrote it, or its journal",
		Reason: fmt.Sprintf("%s of %s are missing in it: nothing says what the generator did then", unit.Of(gap),
			unit.Of(e.Window.Length)),
	}
	if told == 0 {
		c.Reason = "it is missing: nothing says what the generator did"
	}
	return []verdict.Check{c}
}

// After says how far the run came.
func After(e *evidence.Run) string {
	r := e.Result
	if r.Planned.Duration <= 0 {
		return "after " + unit.Of(r.Elapsed).String()
	}
	return fmt.Sprintf("after %s of %s", unit.Of(r.Elapsed), unit.Of(r.Planned.Duration))
}

// shards names the parts of a run that are not there, or not to its end, and
// those that were hardly of one run with the others.
func shards(e *evidence.Run) []verdict.Check {
	var checks []verdict.Check
	if absent := e.Absent(); len(absent) > 0 {
		noun, verb := "shard", "is"
		if len(absent) > 1 {
			noun, verb = "shards", "are"
		}
		checks = append(checks, verdict.Check{
			Subject: "shards", Firm: true,
			Reason: fmt.Sprintf("%s %s of the run %s missing: the service was judged under part of the load", noun,
				strings.Join(absent, ", "), verb),
			Remedy: shardsRemedy,
		})
	}
	for _, s := range e.EndedEarly() {
		checks = append(checks, verdict.Check{
			Subject: "shards", Firm: true,
			Reason: fmt.Sprintf("shard %d/%d %s at %s of %s: %s of the load is missing from then on",
				s.K, s.N, evidence.EndedText(*s.End), unit.Clock(s.Elapsed),
				unit.Clock(e.Result.Planned.Duration), evidence.ShardShare(s.N)),
			Remedy: "see what ended it on its machine, and run all shards again to their end",
		})
	}
	return append(checks, slices.Concat(scattered(e), mixed(e))...)
}

const shardsRemedy = "give the results of all shards to loadgate check"
