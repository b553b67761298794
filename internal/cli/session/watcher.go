package session

import (
	"time"

	"github.com/loadgate/loadgate/internal/cli/progress"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// Watcher sees the runs of a session while they go on. Its methods are called one after the other: Begin,
// Second once for each second, and End, and so again for a run that confirms the first. The run waits for
// them, so each must return at once.
type Watcher interface {
	// Begin announces a run of p. The result is that of the run, still empty; it must not be kept.
	Begin(p *plan.Plan, r *result.Result)
	// Second gives what one second added, which may be kept and not changed, and the result so far, which
	// must not be kept. Judged is nil but every experiment.SoFarEvery, and may be kept and asked elsewhere.
	Second(s *result.Slice, r *result.Result, judged *experiment.SoFar)
	// End says that no second follows. An error is why the run has no result, and no verdict of its own.
	End(err error)
}

// watched is one run and all that see it.
type watched struct {
	plan   *plan.Plan
	line   *progress.Line
	others []Watcher
}

// watch begins the run of p for all that see it.
func (s *Session) watch(p *plan.Plan, r *result.Result) watched {
	for _, w := range s.Watchers {
		w.Begin(p, r)
	}
	return watched{p, progress.New(s.Progress(), p), s.Watchers}
}

func (all watched) Second(s *result.Slice, r *result.Result) {
	var judged *experiment.SoFar
	if time.Duration(s.Moment.Slot+1)*result.SlotLength%experiment.SoFarEvery == 0 {
		judged = experiment.NewSoFar(all.plan, r)
	}
	all.line.Second(s, r, judged)
	for _, w := range all.others {
		w.Second(s, r, judged)
	}
}

func (all watched) End(err error) {
	all.line.End()
	for _, w := range all.others {
		w.End(err)
	}
}
