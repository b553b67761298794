package telemetry

import (
	"time"

	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Judged takes in what the rules say of the run so far, in the place of what they said before.
func (m *Run) Judged(v verdict.Verdict) {
	worst := map[string]verdict.Outcome{}
	for _, of := range []instrument{ruleValue, ruleLimit, ruleOutcome} {
		m.family(of).clear()
	}
	for _, c := range v.Checks {
		if c.AboutRun() {
			continue
		}
		a := []attribute{text("loadgate.rule", c.Rule), text("loadgate.endpoint", c.Subject),
			text("loadgate.metric", c.Metric.Name())}
		// A metric may be judged twice, of requests and of arrivals: the worse one is shown.
		key := keyOf(a)
		before, judged := worst[key]
		if judged && before.Worse(c.Outcome) == before {
			continue
		}
		worst[key] = c.Outcome
		m.family(ruleOutcome).point(a...).value = number(c.Outcome)
		if c.Got.OK {
			m.family(ruleValue).point(a...).value = base(c.Got.Quantity)
		}
		if c.Limit.OK {
			m.family(ruleLimit).point(a...).value = base(c.Limit.Quantity)
		}
	}
}

// Over takes in the verdict on the run.
func (m *Run) Over(v verdict.Verdict) {
	m.Judged(v)
	m.family(runOutcome).point().value = number(v.Final())
}

// number orders outcomes from best to worst.
func number(o verdict.Outcome) float64 {
	return [...]float64{verdict.Pass: 0, verdict.Warn: 1, verdict.Inconclusive: 2, verdict.Fail: 3}[o&3]
}

// base is a quantity in seconds, events per second, bytes, or as a share.
func base(q unit.Quantity) float64 {
	if q.Unit == unit.Duration {
		return q.Value / float64(time.Second)
	}
	return q.Value
}
