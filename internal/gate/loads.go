package gate

import (
	"reflect"
	"slices"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// judgeLoads is the verdict on a run of several loads: on what is of the run as a whole, and then on each load, as if
// it were alone. Endpoints and subjects carry the name of their load.
func judgeLoads(in evidence.Input) verdict.Verdict {
	v := verdict.Verdict{Undecided: in.Config.Judge.Inconclusive, Smoke: in.Result.Planned.Smoke}
	whole := evidence.Gather(in)
	v.Checks = ask(whole, func(q question) bool { return q.whole })
	v.Next = next(whole, v)
	for i, load := range in.Result.Planned.Loads {
		alone := in
		alone.Result = in.Result.Alone(i)
		alone.Past = in.Past.Alone(load.Planned.Load)
		alone.Confirmation = nil
		if again := in.Confirmation; again != nil && i < len(again.Planned.Loads) {
			alone.Confirmation = again.Alone(i)
		}
		one := judgeOne(alone, func(q question) bool { return !q.whole })
		labelled(&one, metric.Place{Load: load.Planned.Load})
		v.Checks, v.Stages = append(v.Checks, one.Checks...), append(v.Stages, one.Stages...)
		v.Excepted = append(v.Excepted, one.Excepted...)
		for _, c := range one.Causes {
			if !slices.ContainsFunc(v.Causes, func(known verdict.Cause) bool { return reflect.DeepEqual(known, c) }) {
				v.Causes = append(v.Causes, c)
			}
		}
		if !v.Next.Given() {
			v.Next = one.Next
		}
	}
	if v.Outcome() != verdict.Inconclusive {
		v.Next = reason.Reason{}
	}
	return v
}

// labelled gives all that a verdict names the name of its load.
func labelled(v *verdict.Verdict, place metric.Place) {
	labelChecks(v.Checks, place)
	for i := range v.Checks {
		v.Checks[i].Load = place.Load
	}
	for i := range v.Stages {
		v.Stages[i].OfLoad = place.Load
		labelChecks(v.Stages[i].Checks, place)
	}
	for i := range v.Causes {
		v.Causes[i].Endpoints = labels(v.Causes[i].Endpoints, place)
	}
	for i := range v.Excepted {
		v.Excepted[i].Endpoints = labels(v.Excepted[i].Endpoints, place)
	}
}

// labelChecks gives the subjects and endpoints of checks the names of users and loads.
func labelChecks(list []verdict.Check, place metric.Place) {
	for i := range list {
		list[i].Subject, list[i].Endpoints = place.Label(list[i].Subject), labels(list[i].Endpoints, place)
	}
}

func labels(names []string, place metric.Place) []string {
	names = slices.Clone(names)
	for i := range names {
		names[i] = place.Label(names[i])
	}
	return names
}
