package gate

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// excusable says whether what a late generator adds to a latency has a bound.
// One that was overrun, or out of ports, has none: then nothing is decided.
func (g generator) excusable() bool { return g.late() && g.measured && !g.exhausted && !g.overrun() }

// lagged is the largest lag of the new runs that are judged by what it leaves;
// false where none of them was late.
func (e *evidence) lagged() (lag time.Duration, ok bool) {
	for _, run := range e.newRuns() {
		if run.generator.excusable() {
			lag, ok = max(lag, run.generator.lag), true
		}
	}
	return lag, ok
}

// excuse is a candidate's course with what the lag leaves of the new values: of a
// latency from the send, less twice the 99th percentile of the lag
// (stat.WithoutLag); of a throughput, more by the share of the load that the lag
// took. Earlier values are from the send where all are known so: those from the
// intended start are higher, which is the safe side.
func (e *evidence) excuse(r *candidate, series baseline.Series, m metric.Metric) stat.Course {
	if _, ok := e.lagged(); !ok {
		return r.course
	}
	c := r.course
	c.New, c.NewErr = slices.Clone(c.New), slices.Clone(c.NewErr)
	sentToo := m.Latency() && known(series.Sent) == known(series.Values)
	if sentToo {
		c.Past = series.Sent
	}
	for i, run := range e.newRuns() {
		g := run.generator
		switch {
		case math.IsNaN(c.New[i]):
		case !m.Latency() && g.excusable():
			c.New[i] += math.Log(1 - min(0.5, max(g.lost, g.arrivals.share()))) // turned: less is better
		case m.Latency() && (sentToo || g.excusable()):
			q := run.fromSend(group{run.find(r.endpoints[0].Name, r.transaction)}, m)
			left := q
			if g.excusable() {
				less, _ := stat.WithoutLag(q, float64(g.lag))
				left = max(1, less) // a nanosecond is less than any latency
			}
			c.New[i], c.NewErr[i] = math.Log(left), c.NewErr[i]*q/left
		}
	}
	return c
}

// excused words what a late generator may have done.
func (e *evidence) excused(c Check) string {
	lag, _ := e.lagged()
	text := e.higher(c)
	switch k := c.Comparison; {
	case !c.Metric.Latency():
		return text + "; the generator was late, which may explain it: not compared"
	case c.Got.OK:
		text = fmt.Sprintf("%s, by %s", text, unit.Of(time.Duration(math.Abs(k.Change)*k.Base.Value)))
	}
	return fmt.Sprintf("%s; the generator was late by up to %s, which may explain up to %s: not compared",
		text, unit.Of(lag), unit.Of(stat.LagWeight*lag))
}
