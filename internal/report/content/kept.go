package content

import (
	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/verdict"
)

// KeptOutcome is the outcome of a name; what is not one is inconclusive.
func KeptOutcome(name string) verdict.Outcome {
	for _, o := range Severity {
		if text, err := o.MarshalText(); err == nil && string(text) == name {
			return o
		}
	}
	return verdict.Inconclusive
}

// MarkWord is what somebody said of a run, in a word.
func MarkWord(r baseline.Run) string {
	switch m, ok := r.Mark(); {
	case !ok:
		return ""
	case m.Accepted:
		return "accepted"
	}
	return "rejected"
}
