package engine

import (
	"context"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
)

// stream is what a user keeps of the streams of events and the WebSockets of its steps, one after the other.
type stream struct {
	client.Events
	user *virtualUser
	step *step
}

// accept is what a step that reads a stream asks for, unless the file has an Accept of its own.
var accept = header{name: "Accept", text: "text/event-stream"}

// listen makes the user's next step one whose answer is read as a stream, or that begins a WebSocket. Both end with
// walking at the latest: who went on then would make every run last as long as its longest stream.
func listen(walking context.Context, w *virtualUser, s *step) {
	if s.Stream == nil && s.Talk == nil {
		return
	}
	if w.stream == nil {
		w.stream = &stream{user: w}
		w.stream.Came = w.stream.gap
	}
	e := w.stream
	if e.step, e.Until = s, walking; s.Stream != nil {
		e.Most, e.All, e.For = s.Stream.Events, s.Stream.All, s.Stream.For
	}
}

// begin makes the user's request, which is about to be sent, one that is answered with the stream.
func (e *stream) begin() {
	w, now := e.user, time.Now()
	w.req.Events, e.Leave = &e.Events, time.Time{}
	if left := w.until - now.Sub(w.load.start); left < maxStream {
		e.Leave = now.Add(left)
	}
	if by := now.Add(e.step.Most); e.step.Stream != nil && e.step.Most > 0 && (e.Leave.IsZero() || by.Before(e.Leave)) {
		e.Leave = by
	}
}

// maxStream is longer than any stream is read: who leaves later leaves no stream.
const maxStream = 365 * 24 * time.Hour

// gap counts a time between two events.
func (e *stream) gap(took time.Duration, at time.Time) {
	w := e.user
	w.lane.Record(measure.Sample{Endpoint: e.row(), Transaction: true, Latency: took, Ended: at.Sub(w.load.start)})
}

// row is that of the times between events.
func (e *stream) row() int { return len(e.user.load.plan.Endpoints) + e.step.Gap }

// end counts the wait for the event that did not come, where the stream failed after its first.
func (e *stream) end() {
	if x := &e.user.x; x.Failure != metric.OK && e.Count > 0 {
		e.measure(e.row(), e.Last, x.Done, x.Failure, x.Detail)
	}
}

// measure counts what is measured beside a request, and failed with the exchange in w.x where it did. What the end of
// the run stopped did not.
func (e *stream) measure(row int, from, to time.Time, failure metric.Failure, detail string) {
	w, x := e.user, &e.user.x
	if detail == client.Stopped {
		return
	}
	one := measure.Sample{
		Endpoint: row, Transaction: true, Latency: to.Sub(from), Ended: to.Sub(w.load.start), Failure: failure,
	}
	if failure != metric.OK {
		one.Cause, one.Status = x.Cause, x.Status
		if !w.lane.Tells(row, failure, x.Status, one.Ended) {
			if one.Detail = detail; e.step.Secret {
				one.Detail = withheld(x, failure, detail)
			}
			one.Detail = w.hideHead(one.Detail, longestDetail)
		}
	}
	w.lane.Record(one)
}

// unfinished says whether the end of the load, or of its user's time, ended the stream: what expect and capture ask may
// have been still to come.
func (e *stream) unfinished() bool { return e.Left }

// answered is when the answer in w.x was there: of a stream its first event, and of a WebSocket its handshake.
func answered(w *virtualUser, s *step) time.Time {
	if (s.Stream != nil || s.Talk != nil) && w.x.Failure == metric.OK && w.stream.Count > 0 {
		return w.stream.First
	}
	return w.x.Done
}
