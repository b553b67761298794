package capacity

import (
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/diagnose"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// A service fails outright where, of at least so many requests that ended in so
// long, so large a share failed: more of this load shows nothing more.
const (
	outrightTime     = 5 * time.Second
	outrightRequests = 20
	outrightShare    = 0.5
)

// FailsOutright says whether a run that goes on should end at once, because its
// target does little but fail. The warm-up counts like any other time.
func FailsOutright(r *result.Result) bool { return mostFailing(lastSeconds(r)) }

func mostFailing(failed, all int64) bool {
	return all >= outrightRequests && float64(failed) > outrightShare*float64(all)
}

// lastSeconds counts the requests that ended in the last seconds of the load, or
// after it.
func lastSeconds(r *result.Result) (failed, all int64) {
	for _, ep := range r.Endpoints {
		for _, s := range ep.Slots {
			if time.Duration(s.Slot)*r.Slot >= r.Until()-outrightTime {
				all, failed = all+s.Requests, failed+s.Failures()
			}
		}
	}
	return failed, all
}

// outright fails a level that was ended because its target did little but fail.
func outright(e *evidence.Run) []verdict.Check {
	failed, all := lastSeconds(e.Result)
	if e.Result.End != result.Stopped || !mostFailing(failed, all) {
		return nil
	}
	d := evidence.Diagnose(evidence.Group(e.Endpoints))
	return []verdict.Check{{
		Subject: "target", Outcome: verdict.Fail, Shown: true, Requests: all,
		Because: reason.FailingOutright.With(reason.Args{
			"failed": failed, "requests": all, "last": min(outrightTime, e.Result.Until()),
		}),
		Also: d.Facts(), Remedies: d.Remedies(),
	}}
}

// levelHealth asks whether one level of a search can be judged at all.
var levelHealth = []func(*evidence.Run) []verdict.Check{evidence.Unreadable,
	gate.Empty, gate.Ending, gate.Unresponsive, outright, gate.Exhaustion, unmade}

// unmade is a load that the generator did not make, by the time that its users
// lost in being late. That users wait for a slow service, and make less than
// planned, is what a search is for. A flag alone is no reason either: what the
// host takes at every level has nothing to do with the level. See dropped for
// arrivals.
func unmade(e *evidence.Run) []verdict.Check {
	if e.Result.Planned.Rate > 0 || !e.Generator.Overrun() {
		return nil
	}
	was, remedies := e.Generator.Blame()
	made := evidence.Share(1 - e.Generator.Lost)
	return []verdict.Check{{
		Subject: "offered load", Got: verdict.Measured(made),
		Limit:   verdict.Measured(evidence.Share(evidence.OfferedLate)),
		Because: reason.LoadNotMade.With(reason.Args{"was": was, "made": made}), Remedies: remedies,
	}}
}

// JudgeLevel is what the limits and the resources of the file make of a run at
// one level of a load. Start steps and floors under throughput are left out, as
// in a Stage: a low level does not offer what they ask for. A level that a rate
// limiter turned away, or that the generator did not make, is Unmade and says
// nothing of the service's capacity.
func JudgeLevel(r *result.Result, c *config.Config) verdict.Stage {
	return judgeLevel(evidence.Gather(evidence.Input{Result: r, Config: c}))
}

func judgeLevel(e *evidence.Run) verdict.Stage {
	r := e.Result
	planned := result.Stage{Until: r.Until(), Users: r.Planned.Users, Rate: r.Planned.Rate}
	s := verdict.Stage{Stage: planned, Open: planned.Rate > 0}
	if e.Window.Slots > 0 {
		planned.From = e.Window.Start()
		s = gate.Stage(e, planned, e.Window)
	} else {
		s.Failed, s.Requests = lastSeconds(r)
	}
	if limited := diagnose.Limiter(e, nil); limited != nil {
		s.Checks = []verdict.Check{{
			Subject: "rate limiter", Because: limited[0].Because, Also: limited[0].Also, Remedies: limited[0].Remedies,
		}}
		return s
	}
	var health []verdict.Check
	for _, rule := range levelHealth {
		health = append(health, rule(e)...)
	}
	if e.Window.Slots <= 0 && len(health) == 0 {
		health = []verdict.Check{{
			Subject: "run", Because: reason.EndedInWarmUp.With(gate.After(e)),
		}}
	}
	s.Checks = append(append(health, s.Checks...), gate.Resources(e)...)
	return s
}
