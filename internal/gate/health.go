package gate

import (
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
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
			Because: reason.MeasuredNothing.With(reason.Args{
				"elapsed": e.Result.Elapsed, "warm_up": e.Result.Planned.WarmUp,
			}),
		}}
	}
	return []verdict.Check{{
		Subject: "run", Firm: true, Because: reason.NoRequest.With(reason.Args{"measured": e.Window.Length}),
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
		Subject: "run", Firm: true, Because: reason.NothingJudged.With(reason.Args{"endpoints": asked.Names()}),
	}}
}

// Ending says when a run is less than it was meant to be. What it proved
// stands. Of merged shards that tell how each of them ended, shards says it.
func Ending(e *evidence.Run) []verdict.Check {
	r := e.Result
	code := reason.RunCut
	switch {
	case !r.Source.Foreign() && r.Planned.Duration <= 0:
		code = reason.RunUnplanned
	case !r.Source.Foreign() && r.Elapsed > r.Planned.Duration+r.Slot:
		code = reason.RunLongerThanPlanned
	case r.End == result.Complete && r.Elapsed+r.Slot < r.Planned.Duration:
		code = reason.RunEndedEarly
	case r.End == result.Complete || r.End == result.Stopped || r.End == result.Lost,
		len(e.EndedEarly()) > 0 && !interrupted(e):
		return nil
	case r.End == result.Interrupted:
		code = reason.RunInterrupted
	}
	return []verdict.Check{{Subject: "run", Firm: true, Because: code.With(After(e))}}
}

// untimed says that the document lacks seconds of its timeline, or what they say about the
// generator: whether it made the load as it was planned. Without them nothing does.
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
	missing := e.Generator.Untimed
	why := reason.TimelineWithoutLag.With(reason.Args{"missing": missing, "measured": e.Window.Length})
	switch {
	case told == 0:
		why = reason.TimelineMissing.Plain()
	case told < e.Window.Slots:
		gap := time.Duration(e.Window.Slots-told) * e.Window.Slot
		why = reason.TimelineGap.With(reason.Args{"missing": gap, "measured": e.Window.Length})
	case missing == 0:
		return nil
	}
	return []verdict.Check{{Subject: "timeline", Firm: true, Because: why}}
}

// emptied says that the endpoints lack requests that the timeline has: the document was cut, or edited.
func emptied(e *evidence.Run) []verdict.Check {
	g := e.Generator
	if g.Unfound == 0 {
		return nil
	}
	return []verdict.Check{{Subject: "timeline", Firm: true, Because: reason.RequestsMissing.With(reason.Args{
		"missing": g.Unfound, "sent": g.Sent,
	})}}
}

// After is how far the run came: its time, and the planned one where that is known.
func After(e *evidence.Run) reason.Args {
	args := reason.Args{"elapsed": e.Result.Elapsed}
	if planned := e.Result.Planned.Duration; planned > 0 {
		args["planned"] = planned
	}
	return args
}

// shards names the parts of a run that are not there, or not to its end, and
// those that were hardly of one run with the others.
func shards(e *evidence.Run) []verdict.Check {
	var checks []verdict.Check
	if absent := e.Absent(); len(absent) > 0 {
		args := reason.Args{"shards": absent}
		if len(absent) == 1 {
			args = reason.Args{"shard": absent[0]}
		}
		checks = append(checks, verdict.Check{Subject: "shards", Firm: true, Because: reason.ShardsMissing.With(args)})
	}
	early := e.EndedEarly()
	if interrupted(e) {
		early = nil // the run itself was, and says it once
	}
	allowed := tolerated(e.Result, early)
	for _, s := range early {
		args := reason.Args{
			"shard": s.String(), "end": endOf(s), "at": s.Elapsed,
			"planned": e.Result.Planned.Duration, "part": fmt.Sprintf("1/%d", s.N),
		}
		if all := e.Result.Planned.Users; s.Users > 0 && s.Users < all {
			args["users"], args["all"] = s.Users, all
		}
		c := verdict.Check{Subject: "shards", Firm: true, Because: reason.ShardEnded.With(args)}
		if allowed {
			c = verdict.Check{
				Subject: "shards", Outcome: verdict.Warn, Shown: true, Because: reason.ShardTolerated.With(args),
			}
		}
		checks = append(checks, c)
	}
	return append(checks, slices.Concat(unknown(e), gaps(e), scattered(e), mixed(e))...)
}

// interrupted says whether the run was ended from outside as a whole: all its shards were interrupted, about together.
// One whose machine was taken away ended before the others.
func interrupted(e *evidence.Run) bool {
	const together = 2 * result.SlotLength
	if len(e.Result.Shards) < 2 || len(e.Absent()) > 0 {
		return false
	}
	return !slices.ContainsFunc(e.Result.Shards, func(s result.Shard) bool {
		return s.End == nil || *s.End != result.Interrupted || s.Elapsed+together < e.Result.Elapsed
	})
}

// tolerated reports whether the plan allows as many machines to be lost as shards ended early, and one came to its end.
// One that its target no longer answered is a finding about the service, whatever is allowed.
func tolerated(r *result.Result, early []result.Shard) bool {
	return len(early) <= r.Planned.LostShards && len(early) < len(r.Shards) &&
		!slices.ContainsFunc(early, func(s result.Shard) bool { return *s.End == result.Lost })
}

// endOf is how a shard ended that did so early. The coordinator of a fleet knows of a worker only that it is gone.
func endOf(s result.Shard) reason.Reason {
	switch {
	case *s.End == result.Interrupted:
		return reason.ShardInterrupted.Plain()
	case *s.End == result.Lost:
		return reason.ShardSilent.Plain()
	case s.Worker != "":
		return reason.ShardLost.Plain()
	}
	return reason.ShardCut.Plain()
}
