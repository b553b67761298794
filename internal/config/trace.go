package config

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/trace"
)

// Trace says how many requests are sampled: they carry the id of a trace.
type Trace struct {
	Sample float64 // share of the requests, in (0,1]; 0: the file has no trace
}

// Traces says whether requests of a step may be sampled. Those that carry a trace context of the file's own are not.
func (s *Config) Traces(step Step) bool { return s.Trace.Sample > 0 && ownTrace(step) == "" }

// ownTrace is the header of a trace context that the file gives a step; empty: it gives none.
func ownTrace(step Step) string {
	at := slices.IndexFunc(step.Headers, func(h Header) bool { return trace.Owns(h.Name) })
	if at < 0 {
		return ""
	}
	return step.Headers[at].Name
}

// mostNamed is how many endpoints a warning names.
const mostNamed = 5

// trace builds trace, once the steps are there, and warns of those that it leaves alone.
func (b *builder) trace(v *grammar.Value) {
	if v == nil {
		return
	}
	b.config.Trace.Sample = grammar.Or(v.Get("sample"), grammar.DefaultSample)
	var header string
	var named []string
	b.config.steps(func(step Step) {
		own := ownTrace(step)
		if own == "" {
			return
		}
		if header = own; !slices.Contains(named, step.Endpoint) {
			named = append(named, step.Endpoint)
		}
	})
	if named == nil {
		return
	}
	for i := range named {
		named[i] = mistake.Show(named[i])
	}
	more := ""
	if len(named) > mostNamed {
		named, more = named[:mostNamed], ", …"
	}
	b.warn(v, "the file's own header %s is sent as it is with %s: those requests get no other id, and no "+
		"report names their traces; leave the header out to sample them", header, strings.Join(named, ", ")+more)
}
