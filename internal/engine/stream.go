package engine

import (
	"context"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
)

// stream is what a user keeps of the streams of events that it reads, one after the other.
type stream struct {
	client.Events
	user *virtualUser
	step *step
}

// accept is what a step that reads a stream asks for, unless the file has an Accept of its own.
var accept = header{name: "Accept", text: "text/event-stream"}

// listen makes the user's next step one whose answer is read as a stream, until walking ends at the latest: who read on
// then would make every run last as long as its longest stream.
func listen(walking context.Context, w *virtualUser, s *step) {
	if s.Stream == nil {
		return
	}
	if w.stream == nil {
		w.stream = &stream{user: w}
		w.stream.Came = w.stream.gap
	}
	e := w.stream
	e.step, e.Most, e.All, e.For, e.Until = s, s.Stream.Events, s.Stream.All, s.Stream.For, walking
}

// begin makes the user's request, which is about to be sent, one that is answered with the stream.
func (e *stream) begin() {
	w, now := e.user, time.Now()
	w.req.Events, e.Leave = &e.Events, time.Time{}
	if left := w.until - now.Sub(w.load.start); left < maxStream {
		e.Leave = now.Add(left)
	}
	if by := now.Add(e.step.Most); e.step.Most > 0 && (e.Leave.IsZero() || by.Before(e.Leave)) {
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
	w, x := e.user, &e.user.x
	if x.Failure == metric.OK || x.Detail == client.Stopped || e.Count == 0 {
		return
	}
	missed := measure.Sample{
		Endpoint: e.row(), Transaction: true, Latency: x.Done.Sub(e.Last), Ended: x.Done.Sub(w.load.start),
		Failure: x.Failure, Cause: x.Cause, Status: x.Status,
	}
	if !w.lane.Tells(missed.Endpoint, x.Failure, x.Status, missed.Ended) {
		if missed.Detail = x.Detail; e.step.Secret {
			missed.Detail = withheld(x, x.Failure, x.Detail)
		}
		missed.Detail = w.hideHead(missed.Detail, longestDetail)
	}
	w.lane.Record(missed)
}

// unfinished says whether the end of the load, or of its user's time, ended the stream: what expect and capture ask may
// have been still to come.
func (e *stream) unfinished() bool { return e.Left }

// answered is when the answer in w.x was there: of a stream, its first event.
func answered(w *virtualUser, s *step) time.Time {
	if s.Stream != nil && w.x.Failure == metric.OK && w.stream.Count > 0 {
		return w.stream.First
	}
	return w.x.Done
}
