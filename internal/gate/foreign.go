package gate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// foreign says what is not known of a run whose load another tool made.
func foreign(e *evidence) []Check {
	source := e.result.Source
	if !source.Foreign() {
		return nil
	}
	note := func(subject, reason string) Check {
		return Check{Subject: subject, Outcome: Pass, Shown: true, Reason: reason}
	}
	checks := []Check{note("generator",
		"not judged: "+source.Tool+
			"'s file does not record whether requests were sent on schedule, and includes the warm-up")}
	if e.summed {
		checks = append(checks, note("intervals",
			"judged by value: "+source.Tool+
				"'s file has no requests over time, so nothing says how far chance reaches"))
	}
	switch source.Failures {
	case result.Mixed:
		checks = append(checks, note("latencies", "those of failed requests are in them: "+
			source.Tool+"'s file does not tell them apart"))
	case result.Omitted:
		checks = append(checks, note("failures", "not judged: "+source.Tool+"'s file has successes only"))
	}
	for _, words := range source.Notes {
		checks = append(checks, note("file", words))
	}
	return checks
}

// summarised are the endpoints of which another tool kept figures only, parted
// from those with requests.
func summarised(g group) (summed, others group) {
	for _, ep := range g {
		if ep.Summary != nil {
			summed = append(summed, ep)
		} else {
			others = append(others, ep)
		}
	}
	return summed, others
}

// summedLatency judges latencies that another tool computed: each endpoint's
// alone, since percentiles of several cannot be joined, unless the tool kept
// buckets and the rule asks for all of them together.
func (e *evidence) summedLatency(p promise, g group) []Check {
	var checks []Check
	if p.rule.Scope == config.Combined && len(g) > 1 {
		return []Check{e.summedCheck(p, p.subject(g), g)}
	}
	for _, ep := range g {
		checks = append(checks, e.summedCheck(p, ep.Name, group{ep}))
	}
	return checks
}

func (e *evidence) summedCheck(p promise, subject string, g group) Check {
	s, ok := e.joined(g)
	switch {
	case !ok:
		return e.lacking(p, g, "percentiles of several endpoints cannot be joined",
			"write each: true in place of combine: true")
	case s.Latencies == 0 && len(s.Quantiles) > 0:
		return e.lacking(p, g, fmt.Sprintf("%s's file does not say how many requests its %s rests on",
			e.result.Source.Tool, p.limit.Metric.Name()), e.adviceOr("keep a file that counts them"))
	case s.Latencies == 0 && s.Requests > s.Failures():
		return e.lacking(p, g, fmt.Sprintf("%s's file says nothing of the times of these requests",
			e.result.Source.Tool),
			e.adviceOr("keep a file that does, or name in the rule the endpoints that it tells apart"))
	case s.Latencies == 0:
		return e.unmeasured(p, g)
	}
	f, ok := e.summedFigure(p, s)
	if !ok {
		return e.lacking(p, g, fmt.Sprintf("%s's file has no %s, only %s",
			e.result.Source.Tool, p.limit.Metric.Name(), carried(s)), e.adviceOr("limit one of these"))
	}
	return e.check(p, subject, g, f, e.decide(p.limit, f))
}

// joined is the summaries of a group in one: added up, or what the tool computed of
// all its requests where the group is all of its endpoints. False where the tool
// did not keep what that takes.
func (e *evidence) joined(g group) (*result.Summary, bool) {
	if len(g) == 1 {
		return g[0].Summary, true
	}
	if all, _ := summarised(e.endpoints); e.result.Summary != nil && len(g) == len(all) {
		return e.result.Summary, true
	}
	all := make([]*result.Summary, len(g))
	for i, ep := range g {
		all[i] = ep.Summary
	}
	return result.Join(all...)
}

// summedFigure is a latency as the tool gave it; false where it did not. Its
// ends are those of the tool's rounding.
func (e *evidence) summedFigure(p promise, s *result.Summary) (figure, bool) {
	m := p.limit.Metric
	f := figure{
		metric: m, unit: unit.Duration, deff: 1, parts: 1, filled: 1,
		short: true, summed: true, length: e.window.Length,
		requests: s.Latencies, worth: float64(s.Latencies), floor: latencyFloor(m, e.alpha),
	}
	f.enough = f.requests >= f.floor
	var reading result.Reading
	ok := false
	switch q, quantile := m.Quantile(); {
	case quantile:
		reading, ok = s.Quantile(q)
	case m == metric.Mean && s.Mean != nil:
		reading, ok = *s.Mean, true
	case m == metric.Max && s.Max != nil:
		reading, ok = *s.Max, true
	}
	f.value, f.low, f.high = float64(reading.Value), float64(reading.Low), float64(reading.High)
	return f, ok
}

// carried lists what a summary has.
func carried(s *result.Summary) string {
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
	if names == nil {
		return "counts"
	}
	return strings.Join(names, ", ")
}

// lacking is a limit that the file of another tool cannot decide.
func (e *evidence) lacking(p promise, g group, reason, remedy string) Check {
	return Check{
		Rule: p.rule.Name, Pos: p.limit.Pos, Subject: p.subject(g), Endpoints: g.names(), Metric: p.limit.Metric,
		Limit:    Measured(unit.Quantity{Value: p.limit.First(), Unit: p.limit.Unit}),
		Requests: e.tally(g, e.where(g), intended).requests, Reason: reason, Remedy: remedy,
	}
}

// failuresUntold says whether another tool's file does not tell which requests
// of a group failed.
func (e *evidence) failuresUntold(g group) bool {
	return !e.result.Source.Failures.Known() ||
		slices.ContainsFunc(g, func(ep *result.Endpoint) bool { return ep.Summary != nil && ep.Summary.Failed == nil })
}

// totalOf is what another tool counted of all requests, where the group is all of
// its endpoints; false where it did not, or not how many failed.
func (e *evidence) totalOf(g group) (*result.Summary, bool) {
	all, _ := summarised(e.endpoints)
	total := e.result.Summary
	return total, len(g) == len(all) && e.result.Source.Failures.Known() && total != nil && total.Failed != nil
}

func (e *evidence) lackingFailures(p promise) Check {
	return e.lacking(p, p.group, e.result.Source.Tool+"'s file does not say which requests failed",
		e.adviceOr("keep a file that does, or take this limit out of the rule"))
}

// adviceOr is how the tool is asked for a file that tells more, or else what
// can be done with this one.
func (e *evidence) adviceOr(otherwise string) string {
	if advice := e.result.Source.Advice; advice != "" {
		return advice
	}
	return otherwise
}

// byTool rules on a figure that another tool computed, which has no interval:
// by its value, unless what the tool rounded away could lie on the other side.
func byTool(limit float64, f figure) ruling {
	exact, judgement := f.low == f.high, f.against(limit)
	switch {
	case f.requests < f.floor:
		return ruling{outcome: Inconclusive, limit: limit, cause: thin}
	case exact && f.keeps(limit) || !exact && judgement == stat.Within:
		return ruling{outcome: Pass, limit: limit}
	case exact || judgement == stat.Beyond:
		return ruling{outcome: Fail, limit: limit, cause: crossed}
	}
	return ruling{outcome: Inconclusive, limit: limit, cause: rounded}
}
