package gate

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// throughput judges a floor under the rate of successful requests: a service
// that refuses quickly has no throughput. A second counts what ended in it, so
// that what began in the warm-up makes up for what ends in the drain, which is
// left out.
//
// The floor holds for the rule's endpoints together, "each: true" for each. A
// floor missed while the generator was late is not compared with the service,
// nor is one that was missed by a part of the shards: their rates add up.
func throughput(e *evidence.Run, p evidence.LimitCheck) []verdict.Check {
	if p.Rule.Scope != config.Each {
		return []verdict.Check{throughputCheck(e, p, p.Subject(p.Group), p.Group)}
	}
	var checks []verdict.Check
	for _, ep := range p.Group {
		checks = append(checks, throughputCheck(e, p, ep.Name, evidence.Group{ep}))
	}
	return checks
}

func throughputCheck(e *evidence.Run, p evidence.LimitCheck, subject string, g evidence.Group) verdict.Check {
	t := e.Tally(g, e.WhereRate(g), estimate.Intended)
	if t.Requests == 0 {
		c := unmeasured(e, p, g)
		c.Subject = subject
		return c
	}
	if e.FailuresUntold(g) { // of a service that refuses quickly
		return lackingFailures(e, p)
	}
	if e.Summed && e.Window.Length <= 0 {
		return lacking(e, p, g, reason.ForeignNoDuration.With(reason.Args{"tool": e.Result.Source.Tool}))
	}
	f := e.RateFigure(p, g, t)
	r := looked(e, decide(e, p.Limit, f), func(strict *evidence.Run) ruling {
		return decide(strict, p.Limit, strict.RateFigure(p, g, t))
	})
	if e.Generator.Flagged() && (r.cause == crossed || r.cause == unproven) {
		r = ruling{outcome: verdict.Inconclusive, limit: r.limit, cause: late}
	}
	if !f.Keeps(r.limit) && len(e.Missing()) > 0 {
		r = ruling{outcome: verdict.Inconclusive, limit: r.limit, cause: partial}
	}
	return check(e, p, subject, g, f, r)
}
