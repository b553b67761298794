package gate

import (
	"cmp"
	"fmt"
	"math"
	"strconv"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// words are the reason and the remedy of a ruling, for a tired person at a red
// build.
func (e *evidence) words(p promise, g group, f figure, r ruling) (reason, remedy string) {
	switch r.cause {
	case kept:
		return "", ""
	case crossed, warned:
		return e.missed(p, g, f, r)
	case late:
		was, remedy := e.generator.blame()
		return f.claim(r.limit) + ", but the generator was " + was + " and may be the reason", remedy + ", and run again"
	case heldBack:
		return f.claim(r.limit) + ", but not without the seconds in which the generator was throttled, or the host took its processor time",
			"raise the generator's CPU limit, or give it a machine of its own, and run again"
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
		return fmt.Sprintf("%s, and at it: %s rounds, and the true value lies between %s and %s", f.claim(r.limit), e.result.Source.Tool, low, high),
			"a limit further away, or loadgate's own run, decides"
	case outaged:
		d := p.failures(g, f)
		return f.claim(r.limit) + "; the outage " + r.stretch + " alone breaks it" + d.after("; "),
			cmp.Or(d.remedy, "look at the failures in the report")
	case frozen:
		return e.frozenWords(f, r)
	case waiting:
		return fmt.Sprintf("%s, but of arrivals it is %s: users who wait do not ask, so the slow answers stand for more users than they count",
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
	if e.result.Planned.Rate > 0 {
		reason = fmt.Sprintf("%s; %s", f.claim(r.limit), r.stretch)
	} else {
		reason = fmt.Sprintf("%s of arrivals is %s, above the limit of %s; %s. Users who wait do not ask, so of the requests that were made it is %s",
			f.metric.Name(), f.text(f.arrivals), f.written(r.limit), r.stretch, f.text(f.value))
	}
	return reason, "look for what stopped the service then; of: requests judges only the requests that were made"
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
			return reason, fmt.Sprintf("the profile itself offers only about %s: %s before blaming the service", f.written(offered), e.byLoad("use more users, or pace,", "raise the rate"))
		}
		return reason + lost(e.tally(g, e.whereRate(g), intended)), "look for what holds the service back: pools, workers, slow queries"
	}
	return reason + e.slowest(p, g), "look for slow queries, missing indexes and full pools behind it, at the time when it slows down"
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
	return fmt.Sprintf("%s is %s, %s of %s", f.metric.Name(), f.text(f.value), side, f.written(limit))
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
		return fmt.Sprintf("%s were sent within %s, as users started; an interval needs them spread over 30s", requests(f.requests), unit.Of(f.length)),
			"start users more slowly (spawn_rate), or judge values only (decide: point)"
	}
	if e.window.apart {
		return fmt.Sprintf("stage too short: %s of it were measured, an interval needs 30s", unit.Of(f.length)),
			"stay at each level for at least 30s behind the warm-up"
	}
	total := e.result.Planned.WarmUp + minMeasured
	return fmt.Sprintf("run too short: %s were measured, an interval needs 30s", unit.Of(f.length)),
		fmt.Sprintf("run at least %s, the warm-up of %s included", unit.Of(total), unit.Of(e.result.Planned.WarmUp))
}

// tooFew words a value that is no evidence.
func (e *evidence) tooFew(p promise, g group, f figure, r ruling) (reason, remedy string) {
	if f.deff > 0 && f.requests >= f.floor && f.worth > 0 {
		reason = fmt.Sprintf("%s came in bursts and tell as much as %d independent ones; %d are needed for %s",
			requests(f.requests), int64(f.worth), f.floor, p.limit.Metric.Name())
	} else if f.requests >= f.floor {
		reason = fmt.Sprintf("%s fell into %d of %d parts of the run and do not speak for the rest", requests(f.requests), f.filled, f.parts)
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

// more says how much more of the run would decide.
func (e *evidence) more(p promise, f figure, r ruling) string {
	fewest := e.fewest(p.limit, r.limit, f)
	factor, ok := f.longer(r.limit, fewest, e.alpha)
	switch {
	case f.summed:
		return "run longer, or with more users"
	case f.short && !(e.spec.Judge.Point && r.cause == thin): // values alone need requests, not time
		_, remedy := e.tooShort(f)
		return remedy
	case fewest == math.MaxInt64:
		return "no number of requests shows that none will ever fail: allow a small share of failures"
	case factor > 1000 && f.enough:
		return "value and limit are too close to tell apart: improve the value, or move the limit"
	case f.starts:
		return "use more users: each of them sends it once"
	case !ok:
		return "run longer, " + e.byLoad("use more users, or pace: auto", "or raise the rate")
	case factor > farthest && f.enough:
		return fmt.Sprintf("value and limit are too close to tell apart (it would take about %s× the time): improve the value, or move the limit", times(factor))
	case factor > farthest:
		return "it is asked too rarely to be judged alone: give it more weight, " + e.byLoad("pace: auto", "raise the rate") + ", or combine: true"
	}
	return fmt.Sprintf("run about %s× longer, %s", times(max(factor, leastFactor)), e.byLoad("use more users, or pace", "or raise the rate"))
}

// byLoad is what to do about a load that is too small: arrivals have no think
// times, and take the users that they need.
func (e *evidence) byLoad(closed, open string) string {
	if e.result.Planned.Rate > 0 {
		return open
	}
	return closed
}

// times rounds a factor up to what a person would write.
func times(factor float64) string {
	if factor < 10 {
		return strconv.FormatFloat(math.Ceil(factor*10)/10, 'f', -1, 64)
	}
	return strconv.FormatFloat(math.Ceil(factor), 'f', 0, 64)
}

// requests counts requests in words.
func requests(n int64) string {
	if n == 1 {
		return "1 request"
	}
	return unit.Grouped(n) + " requests"
}
