package config

import (
	"slices"

	"github.com/loadgate/loadgate/internal/trace"
)

// Trace says how many requests are sampled: they carry the id of a trace.
type Trace struct {
	Sample float64 // share of the requests, in (0,1]; 0: the file has no trace
}

// OwnTrace is the header of a trace context that the file gives the step; "": it gives none.
func (s Step) OwnTrace() string {
	at := slices.IndexFunc(s.Headers, func(h Header) bool { return trace.Owns(h.Name) })
	if at < 0 {
		return ""
	}
	return s.Headers[at].Name
}
