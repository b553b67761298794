package gate

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
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
	note := func(subject, reason string) verdict.Check {
		return verdict.Check{Subject: subject, Outcome: verdict.Pass, Shown: true, Reason: reason}
	}
	checks := []verdict.Check{note("generator",
		"not judged: "+source.Tool+
			"'s file does not record whether requests were sent on schedule, and includes the warm-up")}
	if e.Summed {
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

// summedLatency judges latencies that another tool computed: each endpoint's
// alone, since percentiles of several cannot be joined, unless the tool kept
// buckets and the rule asks for all of them together.
func summedLatency(e *evidence.Run, p evidence.Promise, g evidence.Group) []verdict.Check {
	var checks []verdict.Check
	if p.Rule.Scope == config.Combined && len(g) > 1 {
		return []verdict.Check{summedCheck(e, p, p.Subject(g), g)}
	}
	for _, ep := range g {
		checks = append(checks, summedCheck(e, p, ep.Name, evidence.Group{ep}))
	}
	return checks
}

func summedCheck(e *evidence.Run, p evidence.Promise, subject string, g evidence.Group) verdict.Check {
	s, ok := e.Joined(g)
	switch {
	case !ok:
		return lacking(e, p, g, "percentiles of several endpoints cannot be joined",
			"write each: true in place of combine: true")
	case s.Latencies == 0 && len(s.Quantiles) > 0:
		return lacking(e, p, g, fmt.Sprintf("%s's file does not say how many requests its %s rests on",
			e.Result.Source.Tool, p.Limit.Metric.Name()), adviceOr(e, "keep a file that counts them"))
	case s.Latencies == 0 && s.Requests > s.Failures():
		return lacking(e, p, g, fmt.Sprintf("%s's file says nothing of the times of these requests",
			e.Result.Source.Tool),
			adviceOr(e, "keep a file that does, or name in the rule the endpoints that it tells apart"))
	case s.Latencies == 0:
		return unmeasured(e, p, g)
	}
	f, ok := e.SummedFigure(p, s)
	if !ok {
		return lacking(e, p, g, fmt.Sprintf("%s's file has no %s, only %s",
			e.Result.Source.Tool, p.Limit.Metric.Name(), carried(s)), adviceOr(e, "limit one of these"))
	}
	return check(e, p, subject, g, f, decide(e, p.Limit, f))
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
func lacking(e *evidence.Run, p evidence.Promise, g evidence.Group, reason, remedy string) verdict.Check {
	return verdict.Check{
		Rule: p.Rule.Name, Pos: p.Limit.Pos, Subject: p.Subject(g), Endpoints: g.Names(), Metric: p.Limit.Metric,
		Limit:    verdict.Measured(unit.Quantity{Value: p.Limit.First(), Unit: p.Limit.Unit}),
		Requests: e.Tally(g, e.Where(g), estimate.Intended).Requests, Reason: reason, Remedy: remedy,
	}
}

func lackingFailures(e *evidence.Run, p evidence.Promise) verdict.Check {
	return lacking(e, p, p.Group, e.Result.Source.Tool+"'s file does not say which requests failed",
		adviceOr(e, "keep a file that does, or take this limit out of the rule"))
}

// adviceOr is how the tool is asked for a file that tells more, or else what
// can be done with this one.
func adviceOr(e *evidence.Run, otherwise string) string {
	if advice := e.Result.Source.Advice; advice != "" {
		return advice
	}
	return otherwise
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
