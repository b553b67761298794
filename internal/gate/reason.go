package gate

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// words are the reason and the remedy of a ruling, for a tired person at a red
// build. Where the endpoints stopped answering, or failed for a while, that is
// why there is too little to judge, and no longer run helps.
func (e *evidence) words(p promise, g group, f figure, r ruling) (reason, remedy string) {
	reason, remedy = e.plainly(p, g, f, r)
	if r.outcome != Inconclusive || r.cause == late || r.cause == heldBack || r.cause == watchedOver ||
		r.cause == exhausted || r.cause == partial {
		return reason, remedy
	}
	if what, then := e.brokeOff(g); what != "" {
		return reason + "; " + what, then
	}
	return reason, remedy
}

// brokeOff says when a group stopped being answered, and what to do about it;
// empty where it did not.
func (e *evidence) brokeOff(g group) (what, remedy string) {
	if e.silenced() {
		if q, found := e.quiet(); found {
			return "the target stopped answering at " + e.wall(q.from), silenceRemedy
		}
		return "the target stopped answering", silenceRemedy
	}
	for _, o := range e.outages {
		if o.lasts(e.window.Slot) && o.group.meets(g) {
			return "there was an outage, " + e.stretchText(o.from, o.to),
				"mend what caused the outage first: see its own line"
		}
	}
	return "", ""
}

// plainly are the words of a ruling alone.
func (e *evidence) plainly(p promise, g group, f figure, r ruling) (reason, remedy string) {
	switch r.cause {
	case kept:
		return "", ""
	case crossed, warned:
		return e.missed(p, g, f, r)
	case late:
		was, remedy := e.generator.blame()
		return f.claim(r.limit) + ", but the generator was " + was + " and may be the reason",
			remedy + ", and run again"
	case heldBack:
		return f.claim(r.limit) +
				", but not without the seconds in which the generator was throttled, or the host took its " +
				"processor time",
			"raise the generator's CPU limit, or give it a machine of its own, and run again"
	case watchedOver:
		claim := f.claim(r.limit)
		if !math.IsNaN(f.arrivals) {
			claim = f.arrived(r.limit)
		}
		return claim +
				", but not without the seconds in which a probe of loadgate was read, which may have blocked the " +
				"service",
			longerEvery
	case exhausted:
		return f.claim(r.limit) + ", but the generator's machine refused connections that never reached the service",
			"raise its limits (ulimit -n), lower the load, or split the run into shards, and run again"
	case partial:
		return f.claim(r.limit) + ", but shards of the run are missing, and the rates of shards add up", shardsRemedy
	case short:
		reason, remedy = e.tooShort(f)
		return reason + p.failures(g, f).after("; "), remedy
	case thin:
		return e.tooFew(p, g, f, r)
	case rounded:
		low, high := f.ends()
		return fmt.Sprintf("%s, and at it: %s rounds, and the true value lies between %s and %s",
				f.claim(r.limit), e.result.Source.Tool, low, high),
			"a limit further away, or loadgate's own run, decides"
	case outaged:
		d := p.failures(g, f)
		return f.claim(r.limit) + "; the outage " + r.stretch + " alone breaks it" + d.after("; "),
			cmp.Or(d.remedy, "look at the failures in the report")
	case frozen:
		return e.frozenWords(f, r)
	case waiting:
		return fmt.Sprintf("%s, but of arrivals it is %s: users who wait do not ask, so the slow answers stand for "+
				"more users than they count",
				f.claim(r.limit), f.text(f.arrivals)),
			"judge it under a load of arrivals (rate), which no slow answer holds back; or write of: requests"
	case bursts:
		kept := f.above(r.limit)
		reason = fmt.Sprintf("%s, by a wide margin: %s of %s exceed it; they came in bursts, which leaves it unproven",
			f.claim(r.limit), unit.Grouped(int64(kept.Above)), requests(f.requests))
	case near:
		reason = f.claim(r.limit) + ", but that is not shown: " + f.reach(e.confidence())
	case unproven:
		reason = f.claim(r.limit) + ", but that is not proven: " + f.reach(e.confidence())
	}
	d := p.failures(g, f)
	return reason + d.after("; ") + e.slowest(p, g), d.before("; ") + e.more(p, f, r)
}

// frozenWords word a limit that the arrivals of a freeze broke.
func (e *evidence) frozenWords(f figure, r ruling) (reason, remedy string) {
	reason = f.arrived(r.limit) + "; " + r.stretch
	if e.result.Planned.Rate == 0 {
		reason += ". Users who wait do not ask, so of the requests that were made it is " + f.text(f.value)
	}
	return reason, "look for what stopped the service then; of: requests judges only the requests that were made"
}

// arrived says what the arrivals come to, above a limit.
func (f figure) arrived(limit float64) string {
	return fmt.Sprintf("%s of arrivals is %s, above the limit of %s",
		f.metric.Name(), f.text(f.arrivals), f.written(limit))
}

// failures are what a limit on shares has to say of the failures it saw.
func (p promise) failures(g group, f figure) diagnosis {
	if !p.limit.Metric.Share() || f.value == 0 {
		return diagnosis{}
	}
	return diagnose(g)
}

// missed words a limit that was crossed.
func (e *evidence) missed(p promise, g group, f figure, r ruling) (reason, remedy string) {
	reason = f.claim(r.limit)
	if r.shown && !f.whole {
		reason += "; " + f.reach(e.confidence())
	}
	switch m := p.limit.Metric; {
	case m.Share():
		d := p.failures(g, f)
		return reason + d.after("; "), cmp.Or(d.remedy, "look at the failures in the report")
	case m == metric.Throughput:
		if offered := e.planned(g); offered > 0 && offered < r.limit {
			return reason, fmt.Sprintf("the profile itself offers only about %s: %s before blaming the service",
				f.written(offered), e.byLoad("use more users, or pace,", "raise the rate"))
		}
		return reason + lost(e.tally(g, e.whereRate(g), intended)),
			"look for what holds the service back: pools, workers, slow queries"
	}
	if f, ok := e.freezeOf(g, freeze.any); ok {
		reason += "; " + f.text(e)
	}
	return reason + e.slowest(p, g),
		"look for slow queries, missing indexes and full pools behind it, at the time when it slows down"
}

// lost mentions what rates of successes leave out.
func lost(t *tally) string {
	if t.failed == 0 {
		return ""
	}
	return fmt.Sprintf("; %s failed and do not count", requests(t.failed))
}

// planned is the rate that the plan offers to a group, per second; 0: unknown,
// for one endpoint or all of them.
func (e *evidence) planned(g group) float64 {
	for _, ep := range g {
		if ep.Expected <= 0 {
			return 0
		}
	}
	if w := e.whereRate(g); w.Length > 0 {
		return e.expected(g) / w.Length.Seconds()
	}
	return 0
}

// claim states the value and on which side of the limit it is.
func (f figure) claim(limit float64) string {
	side := "above the limit"
	switch floor := f.metric.Better() == metric.Higher; {
	case floor && f.keeps(limit):
		side = "reaching the floor"
	case floor:
		side = "below the floor"
	case f.keeps(limit):
		side = "within the limit"
	}
	return fmt.Sprintf("%s is %s, %s of %s", f.metric.Name(), f.beside(limit), side, f.written(limit))
}

// reach words the interval.
func (f figure) reach(confidence string) string {
	low, high := f.ends()
	of := fmt.Sprintf("the %s interval of %s", confidence, requests(f.requests))
	switch {
	case low.OK && high.OK:
		return fmt.Sprintf("%s reaches from %s to %s", of, low, high)
	case low.OK:
		return fmt.Sprintf("%s begins at %s and has no upper end", of, low)
	case high.OK:
		return fmt.Sprintf("%s ends at %s and has no lower end", of, high)
	}
	return requests(f.requests) + " gave no interval"
}

func (e *evidence) confidence() string {
	return unit.Quantity{Value: 1 - e.alpha, Unit: unit.Ratio}.String()
}

// tooShort words a run that has no intervals.
func (e *evidence) tooShort(f figure) (reason, remedy string) {
	if f.starts {
		return fmt.Sprintf("%s were sent within %s, as users started; an interval needs them spread over 30s",
				requests(f.requests), unit.Of(f.length)),
			"start users more slowly (spawn_rate), or judge values only (decide: point)"
	}
	if e.window.apart {
		return fmt.Sprintf("stage too short: %s of it were measured, an interval needs 30s", unit.Of(f.length)),
			"stay at each level for at least 30s behind the warm-up"
	}
	total := e.result.Planned.WarmUp + minMeasured
	return fmt.Sprintf("run too short: %s were measured, an interval needs 30s", unit.Of(f.length)),
		fmt.Sprintf("run at least %s, the warm-up of %s included; for failures alone ten seconds do: --smoke",
			unit.Of(total), unit.Of(e.result.Planned.WarmUp))
}

// tooFew words a value that is no evidence.
func (e *evidence) tooFew(p promise, g group, f figure, r ruling) (reason, remedy string) {
	if f.deff > 0 && f.requests >= f.floor && f.worth > 0 {
		reason = fmt.Sprintf("%s came in bursts and count as only %d independent requests; %d are needed for %s",
			requests(f.requests), int64(f.worth), f.floor, p.limit.Metric.Name())
	} else if f.requests >= f.floor {
		reason = fmt.Sprintf("%s fell into %d of %d parts of the run and do not speak for the rest",
			requests(f.requests), f.filled, f.parts)
	} else {
		needed := max(f.floor, f.needs(e.fewest(p.limit, r.limit, f)))
		reason = fmt.Sprintf("too few requests: %d, %s needs at least %d", f.requests, p.limit.Metric.Name(), needed)
	}
	reason += fmt.Sprintf("; so far %s", f.claim(r.limit))
	d := p.failures(g, f)
	return reason + d.after("; ") + e.slowest(p, g), d.before("; ") + e.more(p, f, r)
}

// slowest names the endpoint of several that pulls a latency up.
func (e *evidence) slowest(p promise, g group) string {
	if len(g) < 2 || !p.limit.Metric.Latency() {
		return ""
	}
	worst, at := figure{value: -1}, ""
	for _, ep := range g {
		if f := e.latencyFigure(p, group{ep}); f.value > worst.value {
			worst, at = f, ep.Name
		}
	}
	return fmt.Sprintf("; slowest is %s, %s of %s", at, worst.text(worst.value), requests(worst.requests))
}

// Factors of time worth writing: less than the least is noise of the estimate,
// and beyond the farthest nobody waits for a decision.
const (
	leastFactor = 1.1
	farthest    = 30
)

// more says what would decide a limit: how long a run, where a longer one would.
func (e *evidence) more(p promise, f figure, r ruling) string {
	fewest := e.fewest(p.limit, r.limit, f)
	factor, ok := f.longer(r.limit, fewest, e.alpha)
	switch {
	case f.summed:
		return "run longer, or with more users"
	case f.short && !(e.config.Judge.Point && r.cause == thin): // values alone need requests, not time
		_, remedy := e.tooShort(f)
		return remedy
	case fewest == math.MaxInt64:
		return "no number of requests shows that none will ever fail: allow a small share of failures"
	case f.starts:
		return "use more users: each of them sends it once"
	case f.enough && f.far(r.limit) && (!ok || factor > farthest):
		return "the run holds too few of the slow moments to prove it: run several minutes, or compare two builds " +
			"with loadgate ab"
	case factor > 1000 && f.enough:
		return "value and limit are too close to tell apart: improve the value, or move the limit"
	case !ok:
		return "run longer, " + e.byLoad("use more users, or pace: auto", "or raise the rate")
	case factor > farthest && f.enough:
		return fmt.Sprintf("value and limit are too close to tell apart (it would take about %s): improve the value, "+
			"or move the limit",
			unit.Compact(e.runFor(factor)))
	case factor > farthest:
		return "it is asked too rarely to be judged alone: give it more weight, " +
			e.byLoad("pace: auto", "raise the rate") + ", or combine: true"
	}
	return fmt.Sprintf("run %s, %s", e.instead(factor),
		e.byLoad("use more users, or a higher pace", "or raise the rate"))
}

// far says whether the value misses the limit by a multiple: then they are not
// too close to tell apart.
func (f figure) far(limit float64) bool {
	if f.metric.Share() {
		return !f.keeps(limit) && f.value >= 2*f.turn(limit)
	}
	return !f.keeps(limit) && f.metric.Better() == metric.Lower && f.value >= 2*limit
}

// decides is how long a run would likely decide a limit; 0: nobody knows, or no
// length would.
func (e *evidence) decides(p promise, f figure, r ruling) time.Duration {
	fewest := e.fewest(p.limit, r.limit, f)
	factor, ok := f.longer(r.limit, fewest, e.alpha)
	if !ok || r.outcome != Inconclusive || f.summed || f.starts || fewest == math.MaxInt64 || factor > farthest ||
		e.window.apart {
		return 0
	}
	switch r.cause {
	case short:
		return e.result.Planned.WarmUp + minMeasured
	case thin, near, bursts, unproven:
		return e.runFor(factor)
	}
	return 0
}

// runFor is the whole duration of a run of which so many times as much is
// measured, rounded up to what people write.
func (e *evidence) runFor(factor float64) time.Duration {
	measured := float64(e.ran(e.window)) * max(factor, leastFactor)
	whole := e.window.start() + time.Duration(measured)
	step := 5 * time.Second
	if whole > 10*time.Minute {
		step = time.Minute
	}
	return (whole + step - 1) / step * step
}

// instead says how long to run, in the place of how long it was.
func (e *evidence) instead(factor float64) string {
	return insteadOf(e.runFor(factor), e.window.start()+e.window.Length)
}

// insteadOf words how long to run, and how long the run was.
func insteadOf(longer, was time.Duration) string {
	return fmt.Sprintf("%s instead of %s", unit.Compact(longer), unit.Compact(was.Round(time.Second)))
}

// byLoad is what to do about a load that is too small: arrivals have no think
// times, and take the users that they need.
func (e *evidence) byLoad(closed, open string) string {
	if e.result.Planned.Rate > 0 {
		return open
	}
	return closed
}

// requests counts requests in words.
func requests(n int64) string {
	if n == 1 {
		return "1 request"
	}
	return unit.Grouped(n) + " requests"
}
