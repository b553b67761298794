package engine

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/trace"
)

// record counts the exchange in w.x; repeat: of a request that failed.
func (w *virtualUser) record(s *step, intended time.Time, failure metric.Failure, detail string, repeat bool) {
	sample := w.sample(s, intended, failure, detail)
	sample.Repeat = repeat
	sample.Endpoint = s.Endpoint
	sample.Ended = w.x.Done.Sub(w.load.start)
	sample.Timing = w.x.ServerTiming()
	sample.Held = !failure.Sent() && w.holds(s.Endpoint)
	sample.Trace = w.exemplar(s, sample)
	w.lane.Record(sample)
	if s.Transaction >= 0 {
		w.transaction.add(s.Step, sample)
	}
}

// longestDetail bounds what is kept of a failure's cause, in bytes.
const longestDetail = 1000

// sample is what is counted of the exchange in w.x.
func (w *virtualUser) sample(s *step, intended time.Time, failure metric.Failure, detail string) measure.Sample {
	x := &w.x
	lag := x.Sent.Sub(intended)
	if lag <= w.tick {
		lag = 0
	}
	out := measure.Sample{
		Latency: answered(w, s).Sub(x.Sent) + lag, Lag: lag, Failure: failure, Received: x.Received, Sent: x.SentBytes,
		Connects: x.Connects, Retries: x.Retries, Hops: x.Hops,
		Phases: result.Phases{
			DNS: x.Phases.DNS, Connect: x.Phases.Connect, TLS: x.Phases.TLS,
			FirstByte: x.Phases.FirstByte, Body: x.Phases.Body,
		},
	}
	out.Status = x.Status
	if failure == metric.OK {
		return out
	}
	if w.recorded(s, failure) {
		return out // masking a text that is not kept would cost more than the request
	}
	if s.Secret {
		detail = withheld(x, failure, detail)
	}
	out.Detail = w.hideHead(detail, longestDetail)
	switch {
	case x.Failure != metric.OK:
		out.Cause = x.Cause
	case failure == metric.Redirect && x.Location == "":
		out.Cause = metric.RedirectNowhere
	case failure == metric.Redirect && !s.Secret:
		out.Location = w.hideHead(x.Location, longestDetail)
	}
	if !s.Secret {
		out.Body = w.hideHead(string(x.Sample), measure.SampleBytes)
	}
	return out
}

// exemplar is the id of the trace of a request that may be kept: a success where it counts for latency, a failure
// wherever it is. What was not sent left no trace, even if the service was tried.
func (w *virtualUser) exemplar(s *step, sample measure.Sample) trace.ID {
	counts := s.Once.Any() || sample.Ended >= w.load.plan.WarmUp
	if !s.traced || sample.Sent == 0 || sample.Failure == metric.OK && !counts {
		return trace.ID{}
	}
	return w.req.Trace.Trace
}

// withheld is the cause of a secret step's failure without what may quote the
// request or its answer. What the engine itself says quotes neither.
func withheld(x *client.Exchange, failure metric.Failure, detail string) string {
	switch {
	case failure == metric.Redirect && x.Failure != metric.OK:
		return "redirects, and where to is secret"
	case failure == metric.Redirect && x.Location != "":
		return fmt.Sprintf("answers %d", x.Status)
	case x.Failure == metric.Body:
		return "the answer is not well formed"
	case x.Failure == metric.Expression:
		return "the request cannot be written as HTTP; nothing was sent"
	case x.Hops > 0 && (x.Failure == metric.DNS || x.Failure == metric.TLS):
		return "the host that its answer led to cannot be reached" // a name that is part of a secret answer
	}
	return detail
}

// recorded says whether the result already has the words of a failure like that in
// w.x, also for the transaction.
func (w *virtualUser) recorded(s *step, failure metric.Failure) bool {
	ended := w.x.Done.Sub(w.load.start)
	return w.lane.Tells(s.Endpoint, failure, w.x.Status, ended) &&
		(s.Transaction < 0 || w.lane.Tells(len(w.load.plan.Endpoints)+s.Transaction, failure, w.x.Status, ended))
}
