package regress

import (
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

// lagged is the largest lag of the new runs that are judged by what it leaves;
// false where none of them was late.
func lagged(e *evidence.Run) (lag time.Duration, ok bool) {
	for _, run := range newRuns(e) {
		if run.Generator.Excusable() {
			lag, ok = max(lag, run.Generator.Lag), true
		}
	}
	return lag, ok
}

// excuse is a candidate's history with what the lag leaves of the new values: of a
// latency from the send, less twice the 99th percentile of the lag
// (stat.WithoutLag); of a throughput, more by the share of the load that the lag
// took. Earlier values are from the send where all are known so: those from the
// intended start are higher, which is the safe side.
func excuse(e *evidence.Run, r *candidate, series baseline.Series, m metric.Metric) stat.History {
	if _, ok := lagged(e); !ok {
		return r.history
	}
	c := r.history
	c.New, c.NewErr = slices.Clone(c.New), slices.Clone(c.NewErr)
	sentToo := m.Latency() && evidence.Known(series.Sent) == evidence.Known(series.Values)
	if sentToo {
		c.Past = series.Sent
	}
	for i, run := range newRuns(e) {
		g := run.Generator
		switch {
		case math.IsNaN(c.New[i]):
		case !m.Latency() && g.Excusable():
			c.New[i] += math.Log(1 - min(0.5, max(g.Lost, g.Arrivals.Share()))) // turned: less is better
		case m.Latency() && (sentToo || g.Excusable()):
			q := fromSend(run, evidence.Group{run.Find(r.endpoints[0].Name, r.transaction)}, m)
			left := q
			if g.Excusable() {
				less, _ := stat.WithoutLag(q, float64(g.Lag))
				left = max(1, less) // a nanosecond is less than any latency
			}
			c.New[i], c.NewErr[i] = math.Log(left), c.NewErr[i]*q/left
		}
	}
	return c
}

// excusedBy is a change that a late generator may have made.
func excusedBy(c verdict.Check) reason.Reason {
	change := higher(c)
	if k := c.Comparison; c.Metric.Latency() && c.Got.OK {
		change.Args["by"] = time.Duration(math.Abs(k.Change) * k.Base.Value)
	}
	return change
}

// excusable is what a late generator may explain of a change.
func excusable(m metric.Metric, lag time.Duration) reason.Reason {
	if !m.Latency() {
		return reason.LateMayExplain.Plain()
	}
	return reason.LateMayExplain.With(reason.Args{"lag": lag, "explains": stat.LagWeight * lag})
}

// tooLate is a generator that was late by so much, with what to do about it.
func tooLate(lag time.Duration) reason.Reason {
	return reason.GeneratorLate.With(reason.Args{"lag": lag})
}
