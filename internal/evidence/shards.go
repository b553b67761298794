package evidence

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// EndedEarly is the shards that did not come to the end of the run, where the
// document tells how each one ended. One that a silent target ended is a finding
// about the shard only where the target went on answering others.
func (e *Run) EndedEarly() []result.Shard {
	var early []result.Shard
	lost := 0
	for _, s := range e.Result.Shards {
		if s.N > 1 && s.End != nil && *s.End != result.Complete && *s.End != result.Stopped {
			early = append(early, s)
			if *s.End == result.Lost {
				lost++
			}
		}
	}
	if lost == len(e.Result.Shards) {
		return nil // silence tells it
	}
	return early
}

// Unreadable refuses to judge by half a document. What went through result.Decode never gets
// here. Runs, slices of a comparison and levels of a search are all asked, so it is not in gate.
func Unreadable(e *Run) []verdict.Check {
	if len(e.Damaged) == 0 {
		return nil
	}
	return []verdict.Check{{
		Subject: "result", Because: reason.ResultDamaged.With(reason.Args{"parts": e.Damaged}),
	}}
}

// Absent is the shards that are not there, such as "2/4".
func (e *Run) Absent() []string {
	if len(e.Result.Shards) == 0 {
		return nil
	}
	n := e.Result.Shards[0].N
	there := map[int]bool{}
	for _, s := range e.Result.Shards {
		there[s.K] = true
	}
	var absent []string
	for k := 1; k <= n; k++ {
		if !there[k] {
			absent = append(absent, fmt.Sprintf("%d/%d", k, n))
		}
	}
	return absent
}

// Missing is the shards that are not there, or not to the end of the run: their
// part of the load is missing.
func (e *Run) Missing() []string {
	missing := e.Absent()
	for _, s := range e.EndedEarly() {
		missing = append(missing, fmt.Sprintf("%d/%d", s.K, s.N))
	}
	return missing
}
