package engine

import (
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// joint is the transaction that a user is in: the sum of its requests so far,
// with the failure of the first step that failed; it is unsent where that one was.
// The zero value is none.
type joint struct {
	sum measure.Sample
	due bool // a step of it was not left out
	new bool // the failure is that of the request added last
}

// add takes in a request of the transaction.
func (j *joint) add(s *plan.Step, one measure.Sample) {
	sum := &j.sum
	j.due = true
	sum.Ended = one.Ended
	sum.Latency += one.Latency
	sum.Lag += one.Lag
	sum.Received += one.Received
	sum.Sent += one.Sent
	j.new = sum.Failure == metric.OK && one.Failure != metric.OK
	if j.new {
		sum.Failure, sum.Status, sum.Body = one.Failure, one.Status, one.Body
		sum.Detail = s.Step.Endpoint + ": " + one.Detail
	}
}

// forgive takes the failure of the request added last back, because it is sent
// again: the last attempt of a step says whether the step failed.
func (j *joint) forgive() {
	if j.new {
		j.sum.Failure, j.sum.Status, j.sum.Body, j.sum.Detail, j.new = metric.OK, 0, "", "", false
	}
}

// closeJoint records the transaction, unless all of it was left out, and ends it.
func (w *walker) closeJoint(s *plan.Step) {
	if w.joint.due {
		sum := &w.joint.sum
		sum.Endpoint, sum.Joint = len(w.run.plan.Endpoints)+s.Transaction, true
		sum.Held = !sum.Failure.Sent() && w.holds(sum.Endpoint)
		w.lane.Record(*sum)
	}
	w.joint = joint{}
}
