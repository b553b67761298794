package engine

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// poll asks whether the answer in w.x is what until waits for.
func (w *virtualUser) poll(s *step) (metric.Failure, string) {
	done, err := s.Poll.Until.Bool(w.env)
	if err != nil {
		return metric.Expectation, s.told("until", err).Error()
	}
	w.pending = !done
	return metric.OK, ""
}

// again says whether and when a step is sent again. It was sent again so many times already, and first at that time.
func (w *virtualUser) again(s *plan.Step, failure metric.Failure, repeats int, first time.Time) (
	due time.Time, ok bool) {
	passes := mayPass(failure, w.x.Status)
	if s.Poll.Until == nil {
		return w.x.Done.Add(s.Retry.Wait), passes && repeats < s.Retry.Times
	}
	due = w.x.Done.Add(s.Poll.Every)
	return due, (passes || w.pending) && due.Sub(first) <= s.Poll.Within
}

// unfinished is the failure of a step whose until was not true after so long.
func (w *virtualUser) unfinished(s *step, after time.Duration) (metric.Failure, string) {
	w.forget(s)
	return metric.Expectation, fmt.Sprintf("until is false after %s: %s", after, s.Poll.Until)
}
