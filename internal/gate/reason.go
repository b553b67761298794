package gate

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// because is why a ruling is as it is, for a tired person at a red build: a reason, further
// facts, and what to do where the reason's own words do not say.
type because struct {
	reason   reason.Reason
	also     []reason.Reason
	remedies []reason.Reason
}

// explained is why a ruling is as it is. Where the endpoints stopped answering, or failed for
// a while, that is why there is too little to judge, and no longer run helps.
func explained(e *evidence.Run, p evidence.LimitCheck, g evidence.Group, f estimate.Figure, r ruling) because {
	b := plainly(e, p, g, f, r)
	if r.outcome != verdict.Inconclusive || r.cause == late || r.cause == heldBack || r.cause == watchedOver ||
		r.cause == exhausted || r.cause == partial {
		return b
	}
	if what := brokeOff(e, g); what.Given() {
		b.also, b.remedies = append(b.also, what), []reason.Reason{what}
	}
	return b
}

// brokeOff says when a group stopped being answered; the zero value where it did not.
func brokeOff(e *evidence.Run, g evidence.Group) reason.Reason {
	if e.Unresponsive() {
		args := reason.Args{}
		if q, found := e.Unanswered(); found {
			args["at"] = e.Wall(q.From)
		}
		return reason.SilentSince.With(args)
	}
	for _, o := range e.Outages {
		if o.Lasts(e.Window.Slot) && o.Group.Meets(g) {
			return reason.OutageMeanwhile.With(reason.Args{"when": e.StretchOf(o.From, o.To)})
		}
	}
	return reason.Reason{}
}

// plainly explains a ruling alone.
func plainly(e *evidence.Run, p evidence.LimitCheck, g evidence.Group, f estimate.Figure, r ruling) because {
	args := reason.Args{"value": claim(f, r.limit)}
	d := failures(p, g, f)
	switch r.cause {
	case kept:
		return because{}
	case crossed, warned:
		return missed(e, p, g, f, r)
	case late:
		was, remedies := e.Generator.Blame()
		args["was"] = was
		return because{
			reason:   reason.LimitGenerator.With(args),
			remedies: append(remedies, reason.RunAgain.Plain()),
		}
	case heldBack:
		return because{reason: reason.LimitGeneratorCPU.With(args)}
	case watchedOver:
		if !math.IsNaN(f.Arrivals) {
			args["value"] = arrived(f, r.limit)
		}
		return because{reason: reason.LimitProbe.With(args)}
	case exhausted:
		return because{reason: reason.LimitMachine.With(args)}
	case partial:
		return because{reason: reason.LimitShards.With(args)}
	case short:
		return because{reason: tooShort(e, f), also: d.Facts()}
	case rounded:
		low, high := f.Ends()
		args["tool"], args["low"], args["high"] = e.Result.Source.Tool, low.Quantity, high.Quantity
		return because{reason: reason.LimitRounded.With(args)}
	case outaged:
		args["when"] = r.stretch
		return because{reason.LimitOutage.With(args), d.Facts(), d.Remedies()}
	case frozen:
		args["value"], args["stretch"] = arrived(f, r.limit), r.stretch
		if e.Result.Planned.Rate == 0 {
			args["of_requests"] = f.Quantity(f.Value)
		}
		return because{reason: reason.LimitFrozen.With(args)}
	case waiting:
		args["of_arrivals"] = f.Quantity(f.Arrivals)
		return because{reason: reason.LimitArrivals.With(args)}
	}
	b := because{also: append(d.Facts(), slowest(e, p, g)...), remedies: append(d.Remedies(), more(e, p, f, r))}
	switch r.cause {
	case thin:
		b.reason = tooFew(e, p, f, r)
		b.also = append([]reason.Reason{reason.SoFar.With(args)}, b.also...)
	case bursts:
		args["above"], args["requests"] = int64(f.Above(r.limit).Above), f.Requests
		b.reason = reason.LimitBursts.With(args)
	case near:
		args["interval"] = reach(e, f)
		b.reason = reason.LimitNear.With(args)
	case unproven:
		args["interval"] = reach(e, f)
		b.reason = reason.LimitUnproven.With(args)
	}
	return b
}

// arrived is what the arrivals come to, above a limit.
func arrived(f estimate.Figure, limit float64) reason.Reason {
	return reason.ArrivalsAbove.With(reason.Args{
		"metric": f.Metric.Name(), "value": f.Quantity(f.Arrivals), "limit": f.Limit(limit),
	})
}

// failures are what a limit on shares has to say of the failures it saw.
func failures(p evidence.LimitCheck, g evidence.Group, f estimate.Figure) evidence.Diagnosis {
	if !p.Limit.Metric.Share() || f.Value == 0 {
		return evidence.Diagnosis{}
	}
	return evidence.Diagnose(g)
}

// missed explains a limit that was crossed.
func missed(e *evidence.Run, p evidence.LimitCheck, g evidence.Group, f estimate.Figure, r ruling) because {
	args := reason.Args{"value": claim(f, r.limit)}
	if r.shown && !f.Whole {
		args["interval"] = reach(e, f)
	}
	b := because{reason: reason.LimitBroken.With(args)}
	if r.cause == warned {
		b.reason.Code = reason.WarningBroken
	}
	switch m := p.Limit.Metric; {
	case m.Share():
		d := failures(p, g, f)
		b.also, b.remedies = d.Facts(), d.Remedies()
		if len(b.remedies) == 0 {
			b.remedies = []reason.Reason{reason.LookAtFailures.Plain()}
		}
	case m == metric.Throughput:
		if offered := planned(e, g); offered > 0 && offered < r.limit {
			code := byLoad(e, reason.OfferMoreUsers, reason.OfferHigherRate)
			b.remedies = []reason.Reason{code.With(reason.Args{"offered": f.Limit(offered)})}
			break
		}
		b.also = lost(e.Tally(g, e.WhereRate(g), estimate.Intended))
		b.remedies = []reason.Reason{reason.LookAtThroughput.Plain()}
	default:
		if freeze, ok := e.FreezeOf(g, evidence.Freeze.Any); ok {
			b.also = append(b.also, freeze.Reason(e))
		}
		b.also, b.remedies = append(b.also, slowest(e, p, g)...), []reason.Reason{reason.LookAtLatency.Plain()}
	}
	return b
}

// lost mentions what rates of successes leave out.
func lost(t *estimate.Tally) []reason.Reason {
	if t.Failed == 0 {
		return nil
	}
	return []reason.Reason{reason.FailedUncounted.With(reason.Args{"failed": t.Failed})}
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

// claim is the value and on which side of the limit it is.
func claim(f estimate.Figure, limit float64) reason.Reason {
	code := reason.ValueAbove
	switch floor := f.Metric.Better() == metric.Higher; {
	case floor && f.Keeps(limit):
		code = reason.ValueReaches
	case floor:
		code = reason.ValueBelow
	case f.Keeps(limit):
		code = reason.ValueWithin
	}
	return code.With(reason.Args{
		"metric": f.Metric.Name(), "value": f.Quantity(f.Value), "limit": f.Limit(limit),
	})
}

// reach is the interval.
func reach(e *evidence.Run, f estimate.Figure) reason.Reason {
	low, high := f.Ends()
	args := reason.Args{"confidence": evidence.Share(1 - e.Alpha), "requests": f.Requests}
	code := reason.IntervalNone
	switch {
	case low.OK && high.OK:
		code, args["low"], args["high"] = reason.Interval, low.Quantity, high.Quantity
	case low.OK:
		code, args["low"] = reason.IntervalFrom, low.Quantity
	case high.OK:
		code, args["high"] = reason.IntervalUpTo, high.Quantity
	}
	return code.With(args)
}

// tooShort is a run that has no intervals.
func tooShort(e *evidence.Run, f estimate.Figure) reason.Reason {
	args := reason.Args{"measured": f.Length, "least": estimate.MinMeasured}
	switch {
	case f.Starts:
		args["requests"] = f.Requests
		return reason.StartsTooShort.With(args)
	case e.Window.Apart:
		return reason.StageTooShort.With(args)
	}
	warmUp := e.Result.Planned.WarmUp - e.Result.Planned.Start
	args["needed"], args["warm_up"] = warmUp+estimate.MinMeasured, warmUp
	if load := e.Result.Planned.Load; load != "" {
		args["load"] = load
	}
	return reason.RunTooShort.With(args)
}

// tooFew is a value that is no evidence.
func tooFew(e *evidence.Run, p evidence.LimitCheck, f estimate.Figure, r ruling) reason.Reason {
	args := reason.Args{"requests": f.Requests, "metric": p.Limit.Metric.Name()}
	switch {
	case f.Deff > 0 && f.Requests >= f.Floor && f.Worth > 0:
		args["effective"], args["needed"] = int64(f.Worth), f.Floor
		return reason.RequestsInBursts.With(args)
	case f.Requests >= f.Floor:
		args["filled"], args["parts"] = f.Filled, f.Parts
		return reason.RequestsInParts.With(args)
	}
	args["needed"] = max(f.Floor, f.Needs(evidence.Fewest(e, p.Limit, r.limit, f)))
	return reason.TooFewRequests.With(args)
}

// slowest names the endpoint of several that pulls a latency up.
func slowest(e *evidence.Run, p evidence.LimitCheck, g evidence.Group) []reason.Reason {
	if len(g) < 2 || !p.Limit.Metric.Latency() {
		return nil
	}
	worst, at := estimate.Figure{Value: -1}, ""
	for _, ep := range g {
		if f := e.LatencyFigure(p, evidence.Group{ep}); f.Value > worst.Value {
			worst, at = f, ep.Name
		}
	}
	return []reason.Reason{reason.SlowestEndpoint.With(reason.Args{
		"endpoint": at, "value": worst.Quantity(worst.Value), "requests": worst.Requests,
	})}
}

// Factors of time worth writing: less than the least is noise of the estimate,
// and beyond the farthest nobody waits for a decision.
const (
	leastFactor = 1.1
	farthest    = 30
)

// more says what would decide a limit: how long a run, where a longer one would.
func more(e *evidence.Run, p evidence.LimitCheck, f estimate.Figure, r ruling) reason.Reason {
	fewest := evidence.Fewest(e, p.Limit, r.limit, f)
	factor, ok := f.Longer(r.limit, fewest, e.Alpha)
	switch {
	case f.Summed:
		return reason.MoreRequests.Plain()
	case f.Short && !(e.Config.Judge.Point && r.cause == thin): // values alone need requests, not time
		return tooShort(e, f)
	case fewest == math.MaxInt64:
		return reason.AllowFailures.Plain()
	case f.Starts:
		return reason.MoreStarts.Plain()
	case f.Enough && far(f, r.limit) && (!ok || factor > farthest):
		return reason.MoreSlowMoments.Plain()
	case factor > 1000 && f.Enough:
		return reason.TooClose.Plain()
	case !ok:
		return byLoad(e, reason.MoreUsers, reason.HigherRate).Plain()
	case factor > farthest && f.Enough:
		return reason.TooClose.With(reason.Args{"needed": runFor(e, factor)})
	case factor > farthest:
		return byLoad(e, reason.TooRareUsers, reason.TooRareRate).Plain()
	}
	return instead(e, byLoad(e, reason.RunLongerUsers, reason.RunLongerRate), runFor(e, factor))
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
func decides(e *evidence.Run, p evidence.LimitCheck, f estimate.Figure, r ruling) time.Duration {
	fewest := evidence.Fewest(e, p.Limit, r.limit, f)
	factor, ok := f.Longer(r.limit, fewest, e.Alpha)
	if !ok || r.outcome != verdict.Inconclusive || f.Summed ||
		f.Starts || fewest == math.MaxInt64 || factor > farthest ||
		e.Window.Apart {
		return 0
	}
	switch r.cause {
	case short:
		return e.Result.Planned.WarmUp - e.Result.Planned.Start + estimate.MinMeasured
	case thin, near, bursts, unproven:
		return runFor(e, factor)
	}
	return 0
}

// runFor is the whole duration of a run, or of a load beside others, of which so many times as much is
// measured, rounded up to what people write.
func runFor(e *evidence.Run, factor float64) time.Duration {
	measured := float64(e.Ran(e.Window)) * max(factor, leastFactor)
	whole := e.Window.Start() - e.Result.Planned.Start + time.Duration(measured)
	step := 5 * time.Second
	if whole > 10*time.Minute {
		step = time.Minute
	}
	return (whole + step - 1) / step * step
}

// instead is the advice to run for another time than the run took.
func instead(e *evidence.Run, code reason.Code, longer time.Duration) reason.Reason {
	was := (e.Window.Start() - e.Result.Planned.Start + e.Window.Length).Round(time.Second)
	args := reason.Args{"longer": longer, "was": was}
	if e.Result.Planned.Bounded {
		return reason.MoreRounds.With(args)
	}
	if load := e.Result.Planned.Load; load != "" {
		args["load"] = load
	}
	return code.With(args)
}

// byLoad is what to do about a load that is too small: arrivals have no think
// times, and take the users that they need.
func byLoad(e *evidence.Run, closed, open reason.Code) reason.Code {
	if e.Result.Planned.Rate > 0 {
		return open
	}
	return closed
}
