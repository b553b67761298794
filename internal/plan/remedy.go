package plan

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/unit"
)

// raise says what would bring the expected requests to a sure decision.
// start says that the evidence is start steps, of which only users make more.
func (f *forecaster) raise(out *Forecast, start bool) {
	if f.needed(out.Limit) == math.MaxInt64 {
		out.Reason = "no number of requests shows that none will ever fail"
		out.Remedy = "allow a small share of failures"
		return
	}
	goal := f.goal(out.Limit)
	out.Reason = fmt.Sprintf("%s requests are expected, about %.0f decide it", round(out.Expected), goal)
	if out.Expected <= 0 {
		out.Reason = "no request is expected: its group has no user"
		out.Remedy = "use more users"
		return
	}
	factor := goal / out.Expected
	longer := unit.Compact(f.lasting(time.Duration(float64(f.Measured()) * factor)).Round(time.Second))
	switch {
	case len(f.Stages) > 0:
		out.Remedy = fmt.Sprintf("stages %s times as long, or with as much more load", round(math.Ceil(factor*10)/10))
	case f.Open:
		out.Remedy = fmt.Sprintf("%s, or --run-time %s", arrivals(f.Rate*factor), longer)
	case start:
		out.Remedy = fmt.Sprintf("%.0f users: each sends its start steps once, at any pace",
			math.Ceil(float64(f.Users)*factor))
	case f.auto:
		out.Remedy = fmt.Sprintf("pace: auto does not go beyond %d; %.0f users, or --run-time %s",
			MaxPace, math.Ceil(float64(f.Users)*factor), longer)
	default:
		out.Remedy = fmt.Sprintf("a pace %s times as high (or pace: auto), %.0f users, or --run-time %s",
			round(math.Ceil(factor*10)/10), math.Ceil(float64(f.Users)*factor), longer)
	}
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

// arrivals is a rate to write, rounded up.
func arrivals(perSecond float64) string {
	return fmt.Sprintf("a rate of %s/s", round(math.Ceil(perSecond*10)/10))
}

// more says what offers so many times as much; +Inf or nearly: there is nothing
// to multiply.
func (f *forecaster) more(factor float64) string {
	switch {
	case factor > 1e9:
		return "use more users"
	case len(f.Stages) > 0:
		return fmt.Sprintf("stages with %s times the load offer that", round(math.Ceil(factor*100)/100))
	case f.Open:
		return arrivals(f.Rate*factor) + " offers that"
	}
	return fmt.Sprintf("about %.0f users offer that, or a pace %s times as high",
		math.Round(float64(f.Users)*factor), round(math.Ceil(factor*100)/100))
}

// room says what offers enough for a service that is not as fast as can be.
func (f *forecaster) room(factor float64) string {
	switch {
	case len(f.Stages) > 0:
		return fmt.Sprintf("stages with %s times the load leave room", round(math.Ceil(factor*100)/100))
	case f.Open:
		return arrivals(f.Rate*factor) + " leaves room"
	}
	return fmt.Sprintf("%.0f users leave room", math.Ceil(float64(f.Users)*factor))
}

// round prints a number of requests or a factor without false precision.
func round(v float64) string {
	if v >= 10 {
		return strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
