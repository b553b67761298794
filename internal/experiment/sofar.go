package experiment

import (
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// SoFarEvery is how often a run that goes on may be judged for those who look on: to judge costs the generator, and
// more the longer the run.
const SoFarEvery = 10 * time.Second

// SoFar is a run as it was at one moment, judged once for all who ask. It is safe for concurrent use, beside the
// run too. A nil one is of a moment at which nobody may ask.
type SoFar struct {
	Result *result.Result // as it was
	judge  func() verdict.Verdict
}

// NewSoFar is the run as it is now, whatever the running result becomes. Nothing is judged until somebody asks.
func NewSoFar(p *plan.Plan, running *result.Result) *SoFar {
	r := running.Snapshot()
	return &SoFar{Result: r, judge: sync.OnceValue(func() verdict.Verdict { return soFar(p, r) })}
}

// Verdict is the judgement. That the run has not said that it ended is no finding.
func (s *SoFar) Verdict() verdict.Verdict { return s.judge() }

// FirstFailing is the first limit that the run had broken; false: none.
func (s *SoFar) FirstFailing() (verdict.Check, bool) {
	for _, c := range s.Verdict().Checks {
		if !c.AboutRun() && c.Outcome == verdict.Fail {
			return c, true
		}
	}
	return verdict.Check{}, false
}
