package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// unreadable refuses to judge by half a document. What went through
// result.Decode never gets here.
func unreadable(e *evidence) []Check {
	if len(e.damaged) == 0 {
		return nil
	}
	return []Check{{
		Subject: "result",
		Reason:  "damaged histograms: " + strings.Join(e.damaged, ", "),
		Remedy:  "judge the journal instead, or run it again",
	}}
}

// empty says the one thing that can be said of a run without a request.
func empty(e *evidence) []Check {
	var all int64
	for _, ep := range e.endpoints {
		all += e.tally(group{ep}, e.where(group{ep}), intended).requests
	}
	switch {
	case all > 0:
		return e.unjudged()
	case e.summed: // a tool may have figures and not say of how many requests
		return nil
	case e.window.Length <= 0:
		return []Check{{
			Subject: "run", Firm: true,
			Reason: fmt.Sprintf("nothing was measured: the run ended after %s, within its warm-up of %s",
				unit.Of(e.result.Elapsed), unit.Of(e.result.Planned.WarmUp)),
			Remedy: "let the run outlast its warm-up, or shorten warm_up",
		}}
	}
	return []Check{{
		Subject: "run", Firm: true,
		Reason: fmt.Sprintf("no request was measured in %s", unit.Of(e.window.Length)),
		Remedy: "see what the first user's steps do: loadgate try",
	}}
}

// unjudged says when no rule judges any of the requests that there were: they went
// to endpoints that no rule matches, or that exceptions leave out.
func (e *evidence) unjudged() []Check {
	var limited, judged group
	for _, rule := range e.config.Rules {
		if rule.Applies(e.result.Profile) && limiting(rule) {
			limited = append(limited, e.matching(rule)...)
		}
	}
	var asked group
	e.rows(func(ep *result.Endpoint, _ bool) {
		if e.tally(group{ep}, e.where(group{ep}), intended).requests == 0 {
			return
		}
		asked = append(asked, ep)
		if slices.Contains(limited, ep) {
			judged = append(judged, ep)
		}
	})
	if len(limited) == 0 || len(judged) > 0 || e.window.Length <= 0 {
		return nil
	}
	return []Check{{
		Subject: "run", Firm: true,
		Reason: "no request went to an endpoint that a rule judges: they went to " + strings.Join(asked.names(), ", "),
		Remedy: "see what keeps the other steps back: loadgate try; or let a rule match these endpoints",
	}}
}

// ending says when a run is less than it was meant to be. What it proved
// stands. Of merged shards that tell how each of them ended, shards says it.
func ending(e *evidence) []Check {
	r := e.result
	c := Check{Subject: "run", Remedy: "run it again to its end", Firm: true}
	after := e.after() + ": judged on what was measured"
	switch {
	case r.End == result.Complete && r.Elapsed+r.Slot < r.Planned.Duration:
		c.Reason = "it says that it came to its end, and ended " + after
	case r.End == result.Complete || r.End == result.Stopped || r.End == result.Lost || len(e.endedEarly()) > 0:
		return nil
	case r.End == result.Interrupted:
		c.Reason = "interrupted " + after
	default:
		c.Reason = "cut short " + after
	}
	return []Check{c}
}

// untimed says that the document lacks seconds of its timeline: they tell whether
// the generator made the load as it was planned, and without them nothing does.
func untimed(e *evidence) []Check {
	if e.result.Source.Foreign() || e.window.Slots == 0 {
		return nil
	}
	told := 0
	for _, m := range e.result.Timeline {
		if m.Slot >= e.window.First && m.Slot < e.window.First+e.window.Slots {
			told++
		}
	}
	if told == e.window.Slots {
		return nil
	}
	gap := time.Duration(e.window.Slots-told) * e.window.Slot
	c := Check{
		Subject: "timeline", Firm: true, Remedy: "judge the document as loadgate wrote it, or its journal",
		Reason: fmt.Sprintf("%s of %s are missing in it: nothing says what the generator did then", unit.Of(gap),
			unit.Of(e.window.Length)),
	}
	if told == 0 {
		c.Reason = "it is missing: nothing says what the generator did"
	}
	return []Check{c}
}

// after says how far the run came.
func (e *evidence) after() string {
	r := e.result
	if r.Planned.Duration <= 0 {
		return "after " + unit.Of(r.Elapsed).String()
	}
	return fmt.Sprintf("after %s of %s", unit.Of(r.Elapsed), unit.Of(r.Planned.Duration))
}

// shards names the parts of a run that are not there, or not to its end, and
// those that were hardly of one run with the others.
func shards(e *evidence) []Check {
	var checks []Check
	if absent := e.absent(); len(absent) > 0 {
		noun, verb := "shard", "is"
		if len(absent) > 1 {
			noun, verb = "shards", "are"
		}
		checks = append(checks, Check{
			Subject: "shards", Firm: true,
			Reason: fmt.Sprintf("%s %s of the run %s missing: the service was judged under part of the load", noun,
				strings.Join(absent, ", "), verb),
			Remedy: shardsRemedy,
		})
	}
	for _, s := range e.endedEarly() {
		checks = append(checks, Check{
			Subject: "shards", Firm: true,
			Reason: fmt.Sprintf("shard %d/%d %s at %s of %s: %s of the load is missing from then on",
				s.K, s.N, endedText(*s.End), sinceStart(s.Elapsed),
				sinceStart(e.result.Planned.Duration), shardShare(s.N)),
			Remedy: "see what ended it on its machine, and run all shards again to their end",
		})
	}
	return append(checks, slices.Concat(e.scattered(), e.mixed())...)
}

const shardsRemedy = "give the results of all shards to loadgate check"

// absent is the shards that are not there, such as "2/4".
func (e *evidence) absent() []string {
	if len(e.result.Shards) == 0 {
		return nil
	}
	n := e.result.Shards[0].N
	there := map[int]bool{}
	for _, s := range e.result.Shards {
		there[s.K] = true
	}
	var absent []string
	for k := 1; k <= n; k++ {
		if !there[k] {
			absent = append(absent, fmt.Sprintf("%d/%d", k, n))
		}
	}
	return absent
}

// missing is the shards that are not there, or not to the end of the run: their
// part of the load is missing.
func (e *evidence) missing() []string {
	missing := e.absent()
	for _, s := range e.endedEarly() {
		missing = append(missing, fmt.Sprintf("%d/%d", s.K, s.N))
	}
	return missing
}
