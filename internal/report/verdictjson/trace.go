package verdictjson

import (
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/verdict"
)

// traced is a sampled request: the first failure of those that a share counts, else the slowest success.
type traced struct {
	ID        string `json:"trace_id"`
	URL       string `json:"url"` // "": --trace-link was not given
	Endpoint  string `json:"endpoint"`
	AtNS      int64  `json:"at_ns"` // when it ended, since the start of the run
	LatencyNS int64  `json:"latency_ns"`
	Status    *int   `json:"status"`  // null: no answer
	Failure   string `json:"failure"` // the kind; "": it succeeded
}

// tracedOf is the trace of a check; nil: it has none.
func tracedOf(v content.View, c verdict.Check) *traced {
	t, ok := v.TraceOf(c)
	if !ok {
		return nil
	}
	of := &traced{
		ID: t.Trace.String(), URL: t.URL, Endpoint: t.Endpoint, AtNS: int64(t.At), LatencyNS: int64(t.Latency),
	}
	if t.Status > 0 {
		of.Status = &t.Status
	}
	if t.Failure != metric.OK {
		of.Failure = t.Failure.String()
	}
	return of
}
