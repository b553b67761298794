// Package evidence lays a run out for judging: counts, times and their intervals by endpoint
// and by second, when the generator or the service stood still, what failed together, and
// what the readings say. It decides nothing about limits.
package evidence

import (
	"slices"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
)

// Input is everything a verdict rests on.
type Input struct {
	Result *result.Result
	Config *config.Config
	// Past is the earlier runs that the result is compared with where the file
	// asks for it; nil: the run is not at its end and compared with none.
	Past *baseline.Past
	// Confirmation is the second run that was made because the first one looked
	// slower than earlier ones; nil: there was none.
	Confirmation *result.Result
	// Ongoing is set while the run goes on: it is judged by its requests alone,
	// since half of a gauge's readings say nothing of all, and causes are looked
	// for at its end.
	Ongoing bool
}

// Gather lays out a run: endpoints by name, so that their order in the
// document decides nothing, and those of the file that the document does not
// know as endpoints without a request.
func Gather(in Input) *Run {
	apart := in.Result
	in.Result = apart.Pooled()
	in.Config = in.Config.Without(in.Result.Planned.LeftOut)
	absentees := absenteesOf(in)
	if len(in.Result.Planned.Loads) == 0 {
		in.Config = in.Config.OfLoad(in.Result.Planned.Load)
	}
	var byUsers []config.Rule
	in.Config, byUsers = in.Config.Together()
	e := &Run{
		Absentees: absentees,
		ByUsers:   byUsers,
		apart:     apart,
		Result:    in.Result,
		Config:    in.Config,
		Alpha:     0.05,
		Past:      in.Past,
		Window:    estimate.Parted(in.Result.Measured()),
		tallies:   map[tallyKey]*estimate.Tally{},
		waited:    map[*result.Endpoint]waits{},
		Summed:    in.Result.Summarised(),
		Ongoing:   in.Ongoing,
	}
	if e.Summed {
		e.Window = e.Window.AsOne()
	}
	e.Standstills, e.Still = estimate.Standstills(in.Result)
	if c := in.Config.Judge.Confidence; c > 0 && c < 1 {
		e.Alpha = 1 - c
	}
	for i := range in.Result.Endpoints {
		e.Endpoints = append(e.Endpoints, &in.Result.Endpoints[i])
	}
	for i := range in.Result.Transactions {
		e.Transactions = append(e.Transactions, &in.Result.Transactions[i])
	}
	addUnknown(e)
	slices.SortStableFunc(e.Endpoints, ByName)
	slices.SortStableFunc(e.Transactions, ByName)
	for _, ep := range e.Endpoints {
		e.Tally(Group{ep}, e.Window, estimate.Intended)
	}
	e.Generator = watch(e)
	e.Watchers = watchersOf(e)
	e.Looks = probed(e)
	e.Outages, e.Freezes = outagesOf(e), freezesOf(e)
	if looks := in.Result.Planned.Looks; looks > 1 {
		strict := *e
		strict.Alpha /= float64(looks)
		e.Strict = &strict
	}
	if in.Confirmation != nil {
		confirm(e, Gather(Input{Result: in.Confirmation, Config: in.Config}))
	}
	return e
}

// absenteesOf are the rules about loads of the profile that the run has not, although nobody left them out: the result
// is of another file, or of a tool that does not tell loads apart.
func absenteesOf(in Input) (rules []config.Rule) {
	if in.Result.Planned.Load != "" && len(in.Result.Planned.Loads) == 0 {
		return nil // it is one of them
	}
	known := slices.Clone(in.Result.Planned.SkippedLoads)
	for _, l := range in.Result.Planned.Loads {
		known = append(known, l.Planned.Load)
	}
	for _, p := range in.Config.Profiles {
		if p.Name != in.Result.Profile {
			continue
		}
		for _, r := range in.Config.Rules {
			own := func(load string) bool {
				return slices.ContainsFunc(p.Loads, func(l config.Load) bool { return l.Name == load })
			}
			has := func(load string) bool { return slices.Contains(known, load) }
			if r.Applies(p.Name) && slices.ContainsFunc(r.Loads, own) && !slices.ContainsFunc(r.Loads, has) {
				rules = append(rules, r)
			}
		}
	}
	return rules
}

// confirm takes in the confirmation run, if it can confirm anything.
func confirm(e *Run, second *Run) {
	switch {
	case second.Result.End != result.Complete:
		e.Unconfirmed = reason.ConfirmationCut.Plain()
	case second.Generator.Unfit() && !second.Generator.Excusable():
		was, _ := second.Generator.Blame()
		e.Unconfirmed = reason.ConfirmationUnfit.With(reason.Args{"was": was})
	default:
		e.Second = second
	}
}

// addUnknown adds the endpoints that the file would ask and the result never
// heard of: judged by another file than the one it was run with, they are not
// measured, and a wildcard must not pass over them.
func addUnknown(e *Run) {
	for _, g := range e.Config.Groups {
		for step := range g.All() {
			known := func(ep *result.Endpoint) bool { return ep.Name == step.Endpoint && ep.Once == step.Once }
			if !slices.ContainsFunc(e.Endpoints, known) {
				e.Endpoints = append(e.Endpoints,
					&result.Endpoint{Name: step.Endpoint, Place: metric.Place{Once: step.Once}})
			}
		}
	}
	for _, t := range e.Config.Transactions {
		if !slices.ContainsFunc(e.Transactions, func(ep *result.Endpoint) bool { return ep.Name == t.Name }) {
			e.Transactions = append(e.Transactions, &result.Endpoint{Name: t.Name})
		}
	}
}
