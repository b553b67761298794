package gate

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// words are the reason and the remedy of a ruling, for a tired person at a red
// build. Where the endpoints stopped answering, or failed for a while, that is
// why there is too little to judge, and no longer run helps.
func words(e *evidence.Run, p evidence.Promise, g evidence.Group, f estimate.Figure, r ruling) (reason, remedy string) {
	reason, remedy = plainly(e, p, g, f, r)
	if r.outcome != verdict.Inconclusive || r.cause == late || r.cause == heldBack || r.cause == watchedOver ||
		r.cause == exhausted || r.cause == partial {
		return reason, remedy
	}
	if what, then := brokeOff(e, g); what != "" {
		return reason + "; " + what, then
	}
	return reason, remedy
}

// brokeOff says when a group stopped being answered, and what to do about it;
// empty where it did not.
func brokeOff(e *evidence.Run, g evidence.Group) (what, remedy string) {
	if e.Silenced() {
		if q, found := e.Quiet(); found {
			return "the target stopped answering at " + e.Wall(q.From), evidence.SilenceRemedy
		}
		return "the target stopped answering", evidence.SilenceRemedy
	}
	for _, o := range e.Outages {
		if o.Lasts(e.Window.Slot) && o.Group.Meets(g) {
			return "there was an outage, " + e.StretchText(o.From, o.To),
				"mend what caused the outage first: see its own line"
		}
	}
	return "", ""
}

// plainly are the words of a ruling alone.
func plainly(e *evidence.Run, p evidence.Promise, g evidence.Group,
	f estimate.Figure, r ruling) (reason, remedy string) {
	switch r.cause {
	case kept:
		return "", ""
	case crossed, warned:
		return missed(e, p, g, f, r)
	case late:
		was, remedy := e.Generator.Blame()
		return claimText(f, r.limit) + ", but the generator was " + was + " and may be the reason",
			remedy + ", and run again"
	case heldBack:
		return claimText(f, r.limit) +
				", but not without the seconds in which the generator was throttled, or the host took its " +
				"processor time",
			"raise the generator's CPU limit, or give it a machine of its own, and run again"
	case watchedOver:
		claim := claimText(f, r.limit)
		if !math.IsNaN(f.Arrivals) {
			claim = arrived(f, r.limit)
		}
		return claim +
				", but not without the seconds in which a probe of loadgate was read, which may have blocked the " +
				"service",
			longerEvery
	case exhausted:
		return claimText(f, r.limit) +
				", but the generator's machine refused connections that never reached the service",
			"raise its limits (ulimit -n), lower the load, or split the run into shards, and run again"
	case partial:
		return claimText(f, r.limit) + ", but shards of the run are missing, and the rates of shards add up",
			shardsRemedy
	case short:
		reason, remedy = tooShort(e, f)
		return reason + failures(p, g, f).After("; "), remedy
	case thin:
		return tooFew(e, p, g, f, r)
	case rounded:
		low, high := f.Ends()
		return fmt.Sprintf("%s, and at it: %s rounds, and the true value lies between %s and %s",
				claimText(f, r.limit), e.Result.Source.Tool, low, high),
			"a limit further away, or loadgate's own run, decides"
	case outaged:
		d := failures(p, g, f)
		return claimText(f, r.limit) + "; the outage " + r.stretch + " alone breaks it" + d.After("; "),
			cmp.Or(d.Remedy, "look at the failures in the report")
	case frozen:
		return frozenWords(e, f, r)
	case waiting:
		return fmt.Sprintf("%s, but of arrivals it is %s: users who wait do not ask, so the slow answers stand for "+
				"more users than they count",
				claimText(f, r.limit), f.Text(f.Arrivals)),
			"judge it under a load of arrivals (rate), which no slow answer holds back; or write of: requests"
	case bursts:
		kept := f.Above(r.limit)
		reason = fmt.Sprintf("%s, by a wide margin: %s of %s exceed it; they came in bursts, which leaves it unproven",
			claimText(f, r.limit), unit.Grouped(int64(kept.Above)), evidence.Requests(f.Requests))
	case near:
		reason = claimText(f, r.limit) + ", but that is not shown: " + reach(f, confidence(e))
	case unproven:
		reason = claimText(f, r.limit) + ", but that is not proven: " + reach(f, confidence(e))
	}
	d := failures(p, g, f)
	return reason + d.After("; ") + slowest(e, p, g), d.Before("; ") + more(e, p, f, r)
}

// frozenWords word a limit that the arrivals of a freeze broke.
func frozenWords(e *evidence.Run, f estimate.Figure, r ruling) (reason, remedy string) {
	reason = arrived(f, r.limit) + "; " + r.stretch
	if e.Result.Planned.Rate == 0 {
		reason += ". Users who wait do not ask, so of the requests that were made it is " + f.Text(f.Value)
	}
	return reason, "look for what stopped the service then; of: requests judges only the requests that were made"
}

// arrived says what the arrivals come to, above a limit.
func arrived(f estimate.Figure, limit float64) string {
	return fmt.Sprintf("%s of arrivals is %s, above the limit of %s",
		f.Metric.Name(), f.Text(f.Arrivals), f.Written(limit))
}

// failures are what a limit on shares has to say of the failures it saw.
func failures(p evidence.Promise, g evidence.Group, f estimate.Figure) evidence.Diagnosis {
	if !p.Limit.Metric.Share() || f.Value == 0 {
		return evidence.Diagnosis{}
	}
	return evidence.Diagnose(g)
}

// missed words a limit that was crossed.
func missed(e *evidence.Run, p evidence.Promise, g evidence.Group,
	f estimate.Figure, r ruling) (reason, remedy string) {
	reason = claimText(f, r.limit)
	if r.shown && !f.Whole {
		reason += "; " + reach(f, confidence(e))
	}
	switch m := p.Limit.Metric; {
	case m.Share():
		d := failures(p, g, f)
		return reason + d.After("; "), cmp.Or(d.Remedy, "look at the failures in the report")
	case m == metric.Throughput:
		if offered := planned(e, g); offered > 0 && offered < r.limit {
			return reason, fmt.Sprintf("the profile itself offers only about %s: %s before blaming the service",
				f.Written(offered), byLoad(e, "use more users, or pace,", "raise the rate"))
		}
		return reason + lost(e.Tally(g, e.WhereRate(g), estimate.Intended)),
			"look for what holds the service back: pools, workers, slow queries"
	}
	if f, ok := e.FreezeOf(g, evidence.Freeze.Any); ok {
		reason += "; " + f.Text(e)
	}
	return reason + slowest(e, p, g),
		"look for slow queries, missing indexes and full pools behind it, at the time when it slows down"
}

// lost mentions what rates of successes leave out.
func lost(t *estimate.Tally) string {
	if t.Failed == 0 {
		return ""
	}
	return fmt.Sprintf("; %s failed and do not count", evidence.Requests(t.Failed))
}

// planned is the rate that the plan offers to a group, per second; 0: unknown,
// for one endpoint or all of them.
func planned(e *evidence.Run, g evidence.Group) float64 {
	for _, ep := range g {
		if ep.Expected <= 0 {
			return 0
		}
	}
	if w := e.WhereRate(g); w.Length > 0 {
		return e.Expected(g) / w.Length.Seconds()
	}
	return 0
}

// claimText states the value and on which side of the limit it is.
func claimText(f estimate.Figure, limit float64) string {
	side := "above the limit"
	switch floor := f.Metric.Better() == metric.Higher; {
	case floor && f.Keeps(limit):
		side = "reaching the floor"
	case floor:
		side = "below the floor"
	case f.Keeps(limit):
		side = "within the limit"
	}
	return fmt.Sprintf("%s is %s, %s of %s", f.Metric.Name(), f.Beside(limit), side, f.Written(limit))
}

// reach words the interval.
func reach(f estimate.Figure, confidence string) string {
	low, high := f.Ends()
	of := fmt.Sprintf("the %s interval of %s", confidence, evidence.Requests(f.Requests))
	switch {
	case low.OK && high.OK:
		return fmt.Sprintf("%s reaches from %s to %s", of, low, high)
	case low.OK:
		return fmt.Sprintf("%s begins at %s and has no upper end", of, low)
	case high.OK:
		return fmt.Sprintf("%s ends at %s and has no lower end", of, high)
	}
	return evidence.Requests(f.Requests) + " gave no interval"
}

func confidence(e *evidence.Run) string {
	return unit.Quantity{Value: 1 - e.Alpha, Unit: unit.Ratio}.String()
}

// tooShort words a run that has no intervals.
func tooShort(e *evidence.Run, f estimate.Figure) (reason, remedy string) {
	if f.Starts {
		return fmt.Sprintf("%s were sent within %s, as users started; an interval needs them spread over 30s",
				evidence.Requests(f.Requests), unit.Of(f.Length)),
			"start users more slowly (spawn_rate), or judge values only (decide: point)"
	}
	if e.Window.Apart {
		return fmt.Sprintf("stage too short: %s of it were measured, an interval needs 30s", unit.Of(f.Length)),
			"stay at each level for at least 30s behind the warm-up"
	}
	total := e.Result.Planned.WarmUp + estimate.MinMeasured
	return fmt.Sprintf("run too short: %s were measured, an interval needs 30s", unit.Of(f.Length)),
		fmt.Sprintf("run at least %s, the warm-up of %s included; for failures alone ten seconds do: --smoke",
			unit.Of(total), unit.Of(e.Result.Planned.WarmUp))
}

// tooFew words a value that is no evidence.
func tooFew(e *evidence.Run, p evidence.Promise, g evidence.Group,
	f estimate.Figure, r ruling) (reason, remedy string) {
	if f.Deff > 0 && f.Requests >= f.Floor && f.Worth > 0 {
		reason = fmt.Sprintf("%s came in bursts and count as only %d independent requests; %d are needed for %s",
			evidence.Requests(f.Requests), int64(f.Worth), f.Floor, p.Limit.Metric.Name())
	} else if f.Requests >= f.Floor {
		reason = fmt.Sprintf("%s fell into %d of %d parts of the run and do not speak for the rest",
			evidence.Requests(f.Requests), f.Filled, f.Parts)
	} else {
		needed := max(f.Floor, f.Needs(evidence.Fewest(e, p.Limit, r.limit, f)))
		reason = fmt.Sprintf("too few requests: %d, %s needs at least %d", f.Requests, p.Limit.Metric.Name(), needed)
	}
	reason += fmt.Sprintf("; so far %s", claimText(f, r.limit))
	d := failures(p, g, f)
	return reason + d.After("; ") + slowest(e, p, g), d.Before("; ") + more(e, p, f, r)
}

// slowest names the endpoint of several that pulls a latency up.
func slowest(e *evidence.Run, p evidence.Promise, g evidence.Group) string {
	if len(g) < 2 || !p.Limit.Metric.Latency() {
		return ""
	}
	worst, at := estimate.Figure{Value: -1}, ""
	for _, ep := range g {
		if f := e.LatencyFigure(p, evidence.Group{ep}); f.Value > worst.Value {
			worst, at = f, ep.Name
		}
	}
	return fmt.Sprintf("; slowest is %s, %s of %s", at, worst.Text(worst.Value), evidence.Requests(worst.Requests))
}

// Factors of time worth writing: less than the least is noise of the estimate,
// and beyond the farthest nobody waits for a decision.
const (
	leastFactor = 1.1
	farthest    = 30
)

// more says what would decide a limit: how long a run, where a longer one would.
func more(e *evidence.Run, p evidence.Promise, f estimate.Figure, r ruling) string {
	fewest := evidence.Fewest(e, p.Limit, r.limit, f)
	factor, ok := f.Longer(r.limit, fewest, e.Alpha)
	switch {
	case f.Summed:
		return "run longer, or with more users"
	case f.Short && !(e.Config.Judge.Point && r.cause == thin): // values alone need requests, not time
		_, remedy := tooShort(e, f)
		return remedy
	case fewest == math.MaxInt64:
		return "no number of requests shows that none will ever fail: allow a small share of failures"
	case f.Starts:
		return "use more users: each of them sends it once"
	case f.Enough && far(f, r.limit) && (!ok || factor > farthest):
		return "the run holds too few of the slow moments to prove it: run several minutes, or compare two builds " +
			"with loadgate ab"
	case factor > 1000 && f.Enough:
		return "value and limit are too close to tell apart: improve the value, or move the limit"
	case !ok:
		return "run longer, " + byLoad(e, "use more users, or pace: auto", "or raise the rate")
	case factor > farthest && f.Enough:
		return fmt.Sprintf("value and limit are too close to tell apart (it would take about %s): improve the value, "+
			"or move the limit",
			unit.Compact(runFor(e, factor)))
	case factor > farthest:
		return "it is asked too rarely to be judged alone: give it more weight, " +
			byLoad(e, "pace: auto", "raise the rate") + ", or combine: true"
	}
	return fmt.Sprintf("run %s, %s", instead(e, factor),
		byLoad(e, "use more users, or a higher pace", "or raise the rate"))
}

// far says whether the value misses the limit by a multiple: then they are not
// too close to tell apart.
func far(f estimate.Figure, limit float64) bool {
	if f.Metric.Share() {
		return !f.Keeps(limit) && f.Value >= 2*f.Turn(limit)
	}
	return !f.Keeps(limit) && f.Metric.Better() == metric.Lower && f.Value >= 2*limit
}

// decides is how long a run would likely decide a limit; 0: nobody knows, or no
// length would.
func decides(e *evidence.Run, p evidence.Promise, f estimate.Figure, r ruling) time.Duration {
	fewest := evidence.Fewest(e, p.Limit, r.limit, f)
	factor, ok := f.Longer(r.limit, fewest, e.Alpha)
	if !ok || r.outcome != verdict.Inconclusive || f.Summed ||
		f.Starts || fewest == math.MaxInt64 || factor > farthest ||
		e.Window.Apart {
		return 0
	}
	switch r.cause {
	case short:
		return e.Result.Planned.WarmUp + estimate.MinMeasured
	case thin, near, bursts, unproven:
		return runFor(e, factor)
	}
	return 0
}

// runFor is the whole duration of a run of which so many times as much is
// measured, rounded up to what people write.
func runFor(e *evidence.Run, factor float64) time.Duration {
	measured := float64(e.Ran(e.Window)) * max(factor, leastFactor)
	whole := e.Window.Start() + time.Duration(measured)
	step := 5 * time.Second
	if whole > 10*time.Minute {
		step = time.Minute
	}
	return (whole + step - 1) / step * step
}

// instead says how long to run, in the place of how long it was.
func instead(e *evidence.Run, factor float64) string {
	return insteadOf(runFor(e, factor), e.Window.Start()+e.Window.Length)
}

// insteadOf words how long to run, and how long the run was.
func insteadOf(longer, was time.Duration) string {
	return fmt.Sprintf("%s instead of %s", unit.Compact(longer), unit.Compact(was.Round(time.Second)))
}

// byLoad is what to do about a load that is too small: arrivals have no think
// times, and take the users that they need.
func byLoad(e *evidence.Run, closed, open string) string {
	if e.Result.Planned.Rate > 0 {
		return open
	}
	return closed
}
