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

// MarkWord is what somebody said of a run, in a word; empty: nobody did.
func MarkWord(r baseline.Run) string {
	m, ok := r.Mark()
	if !ok {
		return ""
	}
	return WordOf(m)
}

// WordOf is a mark in a word or two: what somebody said, or that an alert was sent.
func WordOf(m baseline.Mark) string {
	switch {
	case m.Told != nil && m.Told.Over:
		return "alert over"
	case m.Told != nil:
		return "alert"
	case m.Accepted:
		return "accepted"
	}
	return "rejected"
}
