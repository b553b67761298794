package content

import (
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Trace is a sampled request whose trace may be looked up.
type Trace struct {
	result.Exemplar
	Endpoint string // untrusted, as all names
	URL      string // where it is shown, safe in every medium; empty: nobody said where
}

// Where is the address of the trace, or its id.
func (t Trace) Where() string {
	if t.URL != "" {
		return t.URL
	}
	return t.Trace.String()
}

// What says in a few words which request it was: how long it took or how it failed, and when it ended.
func (t Trace) What() string {
	text := unit.Of(t.Latency).String()
	switch {
	case t.Failure == metric.Status:
		text = fmt.Sprintf("status %d after %s", t.Status, text)
	case t.Failure != metric.OK:
		text = fmt.Sprintf("%s after %s", t.Failure, text)
	}
	return text + " at " + Length(t.At)
}

// Rank says why the trace was kept.
func (t Trace) Rank() string {
	if t.Failure == metric.OK {
		return "the slowest sampled"
	}
	return "the first sampled failure"
}

// TracesOf are the traces of an endpoint, in the order of the document.
func (v View) TracesOf(e result.Endpoint) []Trace {
	var all []Trace
	for _, x := range e.Exemplars {
		all = append(all, Trace{x, e.Name, v.Options.TraceLink.To(x.Trace)})
	}
	return all
}

// TraceOf is the trace that shows best what a check is about: of a share of requests the first failure, else the
// slowest success of all endpoints that it judges. False: there is none, or the check is of another run.
func (v View) TraceOf(c verdict.Check) (best Trace, ok bool) {
	if c.AboutRun() || c.Resource || v.Level != nil {
		return best, false
	}
	for _, e := range v.Run.Endpoints {
		if !slices.Contains(c.Endpoints, e.Name) {
			continue
		}
		for _, t := range v.TracesOf(e) {
			switch failed := t.Failure != metric.OK; {
			case failed != c.Metric.Share():
			case !ok, failed && t.At < best.At, !failed && t.Latency > best.Latency:
				best, ok = t, true
			}
		}
	}
	return best, ok
}

// FailingTrace is TraceOf a check that fails; false: it does not, or there is none.
func (v View) FailingTrace(c verdict.Check) (t Trace, ok bool) {
	if c.Outcome != verdict.Fail {
		return t, false
	}
	return v.TraceOf(c)
}

// FailingTraces are the traces of checks that fail, each once.
func (v View) FailingTraces() []Trace {
	var all []Trace
	for _, c := range v.Checks {
		if t, ok := v.FailingTrace(c); ok && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all
}
