package gate

import (
	"math"
	"strconv"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// foreign says what is not known of a run whose load another tool made.
func foreign(e *evidence.Run) []verdict.Check {
	source := e.Result.Source
	if !source.Foreign() {
		return nil
	}
	note := func(subject string, why reason.Reason) verdict.Check {
		return verdict.Check{Subject: subject, Outcome: verdict.Pass, Shown: true, Because: why}
	}
	tool := reason.Args{"tool": source.Tool}
	checks := []verdict.Check{note("generator", reason.ForeignSchedule.With(tool))}
	if e.Summed {
		checks = append(checks, note("intervals", reason.ForeignIntervals.With(tool)))
	}
	switch source.Failures {
	case result.Mixed:
		checks = append(checks, note("latencies", reason.ForeignMixed.With(tool)))
	case result.Omitted:
		checks = append(checks, note("failures", reason.ForeignSuccesses.With(tool)))
	}
	checks = append(checks, unknownFailures(e)...)
	for _, text := range source.Notes {
		checks = append(checks, note("file", reason.ForeignNote.With(reason.Args{"note": text})))
	}
	return checks
}

// unknownFailures says that a file could say what failed and does not: all may have failed, and fast.
func unknownFailures(e *evidence.Run) []verdict.Check {
	all, _ := evidence.Summarised(e.Endpoints)
	if _, told := e.TotalOf(all); told || !e.Result.Source.Failures.Known() || !e.FailuresUntold(all) {
		return nil
	}
	why := reason.ForeignNoFailures.With(reason.Args{"tool": e.Result.Source.Tool})
	return []verdict.Check{{Subject: "failures", Firm: true, Because: why, Remedies: advice(e)}}
}

// summedLatency judges latencies that another tool computed: each endpoint's
// alone, since percentiles of several cannot be joined, unless the tool kept
// buckets and the rule asks for all of them together.
func summedLatency(e *evidence.Run, p evidence.LimitCheck, g evidence.Group) []verdict.Check {
	var checks []verdict.Check
	if p.Rule.Scope == config.Combined && len(g) > 1 {
		return []verdict.Check{summedCheck(e, p, p.Subject(g), g)}
	}
	for _, ep := range g {
		checks = append(checks, summedCheck(e, p, ep.Name, evidence.Group{ep}))
	}
	return checks
}

func summedCheck(e *evidence.Run, p evidence.LimitCheck, subject string, g evidence.Group) verdict.Check {
	s, ok := e.Joined(g)
	args := reason.Args{"tool": e.Result.Source.Tool, "metric": p.Limit.Metric.Name()}
	switch {
	case !ok:
		return lacking(e, p, g, reason.ForeignUnjoinable.Plain())
	case s.Latencies == 0 && len(s.Quantiles) > 0:
		return lacking(e, p, g, reason.ForeignUncounted.With(args), advice(e)...)
	case s.Latencies == 0 && s.Requests > s.Failures():
		return lacking(e, p, g, reason.ForeignNoTimes.With(args), advice(e)...)
	case s.Latencies == 0:
		return unmeasured(e, p, g)
	}
	f, ok := e.SummedFigure(p, s)
	if !ok {
		args["figures"] = carried(s)
		return lacking(e, p, g, reason.ForeignNoFigure.With(args), advice(e)...)
	}
	return check(e, p, subject, g, f, decide(e, p.Limit, f))
}

// carried lists what a summary has.
func carried(s *result.Summary) []string {
	var names []string
	for _, q := range s.Quantiles {
		if q.Q < 0.5 { // nobody limits those
			continue
		}
		names = append(names, "p"+strconv.FormatFloat(math.Round(1e8*q.Q)/1e6, 'f', -1, 64))
	}
	for _, one := range []struct {
		name    string
		reading *result.Reading
	}{{"mean", s.Mean}, {"max", s.Max}} {
		if one.reading != nil {
			names = append(names, one.name)
		}
	}
	return names
}

// lacking is a limit that the file of another tool cannot decide. Without remedies, what the
// reason's own words advise is to be done.
func lacking(e *evidence.Run, p evidence.LimitCheck, g evidence.Group, why reason.Reason,
	remedies ...reason.Reason) verdict.Check {
	return verdict.Check{
		Rule: p.Rule.Name, Pos: p.Limit.Pos, Subject: p.Subject(g), Endpoints: g.Names(), Scope: scopeOf(g),
		Metric:   p.Limit.Metric,
		Limit:    verdict.Measured(unit.Quantity{Value: p.Limit.First(), Unit: p.Limit.Unit}),
		Requests: e.Tally(g, e.Where(g), estimate.Intended).Requests, Because: why, Remedies: remedies,
	}
}

// timed says whether the result has the times that a limit on a latency is about, of every success of a group. It has
// those to the first byte only where a rule of the run asked for them.
func timed(e *evidence.Run, p evidence.LimitCheck, g evidence.Group) bool {
	count := func(c estimate.Clock) int64 { return e.Tally(g, e.Where(g), c).Latency.Count() }
	return count(estimate.Intended) == count(estimate.Intended.For(p.Limit.Metric))
}

// withoutFirstBytes is a limit on the time to the first byte in a result that does not have it.
func withoutFirstBytes(e *evidence.Run, p evidence.LimitCheck, g evidence.Group) verdict.Check {
	args := reason.Args{"tool": e.Result.Source.Tool, "metric": p.Limit.Metric.Name()}
	if e.Result.Source.Foreign() {
		return lacking(e, p, g, reason.ForeignNoFirstByte.With(args))
	}
	return lacking(e, p, g, reason.NoFirstByte.With(args), reason.RunWithRule.Plain())
}

func lackingFailures(e *evidence.Run, p evidence.LimitCheck) verdict.Check {
	why := reason.ForeignNoFailures.With(reason.Args{"tool": e.Result.Source.Tool})
	return lacking(e, p, p.Group, why, advice(e)...)
}

// advice is how the tool is asked for a file that says more; none where nobody knows.
func advice(e *evidence.Run) []reason.Reason {
	if text := e.Result.Source.Advice; text != "" {
		return []reason.Reason{reason.ForeignAdvice.With(reason.Args{"advice": text})}
	}
	return nil
}

// byTool rules on a figure that another tool computed, which has no interval:
// by its value, unless what the tool rounded away could lie on the other side.
func byTool(limit float64, f estimate.Figure) ruling {
	exact, judgement := f.Low == f.High, f.Against(limit)
	switch {
	case f.Requests < f.Floor:
		return ruling{outcome: verdict.Inconclusive, limit: limit, cause: thin}
	case exact && f.Keeps(limit) || !exact && judgement == stat.Within:
		return ruling{outcome: verdict.Pass, limit: limit}
	case exact || judgement == stat.Beyond:
		return ruling{outcome: verdict.Fail, limit: limit, cause: crossed}
	}
	return ruling{outcome: verdict.Inconclusive, limit: limit, cause: rounded}
}
