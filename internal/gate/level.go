package gate

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
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
func outright(e *evidence) []Check {
	failed, all := lastSeconds(e.result)
	if e.result.End != result.Stopped || !mostFailing(failed, all) {
		return nil
	}
	d := diagnose(group(e.endpoints))
	return []Check{{
		Subject: "target", Outcome: Fail, Shown: true, Requests: all,
		Reason: fmt.Sprintf("%s of %s failed in its last %s, so it was ended%s",
			unit.Grouped(failed), requests(all), unit.Of(min(outrightTime, e.result.Until())), d.after(": ")),
		Remedy: d.remedy,
	}}
}

// levelHealth asks whether one level of a search can be judged at all.
var levelHealth = []func(*evidence) []Check{unreadable, empty, ending, silence, outright, exhaustion, unmade}

// The subjects of the checks that make a level Unmade. No other check without a
// rule does: that a document is damaged, or a run is short, says nothing of the
// load.
const (
	limiterSubject   = "rate limiter"
	loadSubject      = "offered load"
	generatorSubject = "generator"
)

// unmade is a load that the generator did not make, by the time that its users
// lost in being late. That users wait for a slow service, and make less than
// planned, is what a search is for. A flag alone is no reason either: what the
// host takes at every level has nothing to do with the level. See dropped for
// arrivals.
func unmade(e *evidence) []Check {
	if e.result.Planned.Rate > 0 || !e.generator.overrun() {
		return nil
	}
	was, remedy := e.generator.blame()
	made := share(1 - e.generator.lost)
	return []Check{{
		Subject: loadSubject, Got: Measured(made), Limit: Measured(share(offeredLate)), Remedy: remedy,
		Reason: fmt.Sprintf("the generator was %s, and its users made only %s of their load", was, made),
	}}
}

// JudgeLevel is what the limits and the resources of the file make of a run at
// one level of a load. Start steps and floors under throughput are left out, as
// in a Stage: a low level does not offer what they ask for. A level that a rate
// limiter turned away, or that the generator did not make, is Unmade and says
// nothing of the service's capacity.
func JudgeLevel(r *result.Result, promised *config.Config) Stage {
	return judgeLevel(gather(Input{Result: r, Config: promised}))
}

func judgeLevel(e *evidence) Stage {
	r := e.result
	planned := result.Stage{Until: r.Until(), Users: r.Planned.Users, Rate: r.Planned.Rate}
	s := Stage{Stage: planned, Open: planned.Rate > 0}
	if e.window.Slots > 0 {
		planned.From = e.window.start()
		s = e.stage(planned, e.window)
	} else {
		s.Failed, s.Requests = lastSeconds(r)
	}
	if limited := limiter(e, nil); limited != nil {
		s.Checks = []Check{{
			Subject: limiterSubject, Reason: limited[0].Title + ": " + limited[0].Evidence, Remedy: limited[0].Next,
		}}
		return s
	}
	var health []Check
	for _, rule := range levelHealth {
		health = append(health, rule(e)...)
	}
	if e.window.Slots <= 0 && len(health) == 0 {
		health = []Check{{
			Subject: "run", Reason: "ended within its warm-up " + e.after(), Remedy: "let the load outlast its warm-up",
		}}
	}
	s.Checks = append(append(health, s.Checks...), resources(e)...)
	return s
}
