package content

import (
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Cause is a cause in words.
type Cause struct {
	verdict.Cause
	Title    string // a few words
	Evidence string // what was measured
	Next     string // where to look
}

func causesOf(causes []verdict.Cause) []Cause {
	all := make([]Cause, len(causes))
	for i, c := range causes {
		all[i] = Cause{c, wording.CauseTitle(c), wording.CauseEvidence(c), wording.CauseNext(c)}
	}
	return all
}
