package engine

import (
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// joint is the transaction that a user is in: the sum of its requests so far,
// with the failure of the first that failed; it is unsent where that one was.
// The zero value is none.
type joint struct {
	sum measure.Sample
	due bool // a step of it was not left out
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
	if sum.Failure == metric.OK && one.Failure != metric.OK {
		sum.Failure, sum.Status, sum.Body = one.Failure, one.Status, one.Body
		sum.Detail = s.Step.Endpoint + ": " + one.Detail
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
