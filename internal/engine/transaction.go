package engine

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// transaction is the transaction that a user is in: the sum of its requests so far,
// with the failure of the first step that failed; it is unsent where that one was.
// The zero value is none.
type transaction struct {
	sum measure.Sample
	due bool // one of its steps was not left out
	cut bool // the user had to leave before one of its steps was done
	new bool // the failure is that of the request added last
}

// add takes in a request of the transaction.
func (j *transaction) add(s *plan.Step, one measure.Sample) {
	sum := &j.sum
	j.due = true
	sum.Ended = one.Ended
	sum.Latency += one.Latency
	sum.Lag += one.Lag
	sum.Phases.FirstByte += one.Phases.FirstByte
	sum.Received += one.Received
	sum.Sent += one.Sent
	j.new = sum.Failure == metric.OK && one.Failure != metric.OK
	if j.new {
		sum.Failure, sum.Status, sum.Body = one.Failure, one.Status, one.Body
		sum.Cause, sum.Location = one.Cause, one.Location
		sum.Detail = s.Step.Endpoint + ": " + one.Detail
	}
}

// repeat takes the failure of the request added last back, because it is sent
// again: the last attempt of a step says whether the step failed. The time between two polls is the
// service's, and counts.
func (j *transaction) repeat(poll config.Poll) {
	if poll.Until != nil {
		j.sum.Latency += poll.Every
	}
	if j.new {
		j.sum.Failure, j.sum.Status, j.sum.Body, j.sum.Detail, j.new = metric.OK, 0, "", "", false
		j.sum.Cause, j.sum.Location = metric.NoCause, ""
	}
}
