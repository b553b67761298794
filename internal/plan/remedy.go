package plan

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
)

// longest is the measured time up to which a longer run is worth advising.
const longest = 30 * 24 * time.Hour

// explain sets what is missing and what would raise the chance; without a remedy, what is
// missing advises it itself.
func (out *Forecast) explain(because reason.Reason, remedy ...reason.Reason) {
	out.Because, out.Remedy = because, because
	if len(remedy) > 0 {
		out.Remedy = remedy[0]
	}
}

// raise says what would bring the expected requests to a sure decision.
// start says that the evidence is start steps, of which only users make more.
func (f *forecaster) raise(out *Forecast, start bool) {
	switch {
	case f.needed(out.Limit) == math.MaxInt64:
		out.explain(reason.PlanNeverShown.Plain())
		return
	case out.Expected <= 0:
		out.explain(reason.PlanNoRequests.Plain())
		return
	}
	goal := f.goal(out.Limit)
	factor := goal / out.Expected
	args := reason.Args{
		"factor": roundUp(factor, 10), "users": f.times(factor, math.Ceil), "rate": f.rateTimes(factor),
		"pace": MaxPace,
	}
	if measured := float64(f.Measured()) * factor; measured < float64(longest) {
		f.lasts(args, f.lasting(time.Duration(measured)).Round(time.Second))
	}
	out.explain(
		reason.PlanTooFew.With(reason.Args{"expected": out.Expected, "needed": int64(math.Round(goal))}),
		f.raising(start).With(args),
	)
}

// lasts adds a longer duration to what is said, and where it is written: --run-time is of all loads.
func (f *forecaster) lasts(args reason.Args, duration time.Duration) {
	if f.amount.part {
		args["duration"], args["load"] = duration, f.Load
		return
	}
	args["run_time"] = duration
}

// raising is what makes more requests of the profile.
func (f *forecaster) raising(start bool) reason.Code {
	switch {
	case f.Bounded():
		return reason.PlanMoreRounds
	case len(f.Stages) > 0:
		return reason.PlanLongerStages
	case f.Open:
		return reason.PlanHigherRate
	case start:
		return reason.PlanMoreStarts
	case f.auto:
		return reason.PlanBeyondAutoPace
	}
	return reason.PlanHigherPace
}

// goal is how many requests bring a limit to a sure decision.
func (f *forecaster) goal(l config.Limit) float64 {
	fewest := float64(f.needed(l))
	if l.Metric.Share() {
		// One standard deviation more than the fewest, so that luck suffices.
		return math.Ceil(fewest + math.Sqrt(fewest))
	}
	goal := max(float64(Enough), fewest)
	if q, ok := l.Metric.Quantile(); ok {
		// 300 requests are for p95; rarer ones need more in proportion.
		goal = max(goal, math.Ceil(Enough*0.05/(1-q)))
	}
	return goal
}

// more is the load that offers a number of times as much; where that number is so large that
// nothing can be multiplied, just more users.
func (f *forecaster) more(factor float64) reason.Reason {
	if factor > 1e9 {
		return reason.PlanMoreUsers.Plain()
	}
	args := reason.Args{
		"factor": roundUp(factor, 100), "users": f.times(factor, math.Round), "rate": f.rateTimes(factor),
	}
	return f.byLoad(reason.PlanStagesOffer, reason.PlanRateOffers, reason.PlanUsersOffer).With(args)
}

// room is the load that offers enough where the service is slower than it could be.
func (f *forecaster) room(factor float64) reason.Reason {
	args := reason.Args{
		"factor": roundUp(factor, 100), "users": f.times(factor, math.Ceil), "rate": f.rateTimes(factor),
	}
	return f.byLoad(reason.PlanStagesRoom, reason.PlanRateRoom, reason.PlanUsersRoom).With(args)
}

// byLoad is the one of three codes that fits the profile: stages, arrivals or users.
func (f *forecaster) byLoad(stages, rate, users reason.Code) reason.Code {
	switch {
	case len(f.Stages) > 0:
		return stages
	case f.Open:
		return rate
	}
	return users
}

// times is a number of times as many users, rounded.
func (f *forecaster) times(factor float64, rounded func(float64) float64) int64 {
	return int64(min(rounded(float64(f.Users)*factor), math.MaxInt32))
}

// rateTimes is a number of times the arrival rate, rounded up to a tenth.
func (f *forecaster) rateTimes(factor float64) unit.Quantity {
	return unit.Quantity{Value: roundUp(f.Rate*factor, 10), Unit: unit.PerSecond}
}

// roundUp rounds up to a part of one, such as a tenth.
func roundUp(v, parts float64) float64 { return math.Ceil(v*parts) / parts }
