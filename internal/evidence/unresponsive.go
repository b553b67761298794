package evidence

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// A target has stopped answering when, from some moment until the end of the
// load, at least this much went by and this many requests ended, all of them
// without an answer.
const (
	silentTime     = 3 * time.Second
	silentRequests = 10
)

// unanswered is the stretch at the end of a run in which no answer came.
type unanswered struct {
	From, Length time.Duration
	Requests     int64
	Kind         metric.Failure // the most frequent
	Never        bool           // no answer came in the whole run
}

// Unresponsive says whether the target stopped answering, by what was measured or by what ended the
// run. It does not ask whether the generator's machine could still call: gate.Unresponsive does.
func (e *Run) Unresponsive() bool {
	_, found := e.Unanswered()
	return e.Result.End == result.Lost || found
}

// Unanswered finds the stretch without answers before the drain; warm-up counts like any
// other time.
func (e *Run) Unanswered() (unanswered, bool) {
	w := e.Result.Whole()
	type second struct{ requests, silent int64 }
	slots := make([]second, w.Slots)
	kinds := make([]map[metric.Failure]int64, w.Slots)
	for _, ep := range e.Endpoints {
		for _, s := range ep.Slots {
			if s.Slot < 0 || s.Slot >= w.Slots || e.Still[s.Slot] {
				continue
			}
			slots[s.Slot].requests += s.Requests
			if kinds[s.Slot] == nil {
				kinds[s.Slot] = map[metric.Failure]int64{}
			}
			for kind, n := range s.Failed {
				if kind.Silent() {
					slots[s.Slot].silent += n
					kinds[s.Slot][kind] += n
				}
			}
		}
	}
	first := len(slots)
	for first > 0 && slots[first-1].silent == slots[first-1].requests {
		first--
	}
	q := unanswered{From: time.Duration(first) * w.Slot, Never: first == 0}
	q.Length = w.Length - q.From
	sum := map[metric.Failure]int64{}
	for i := first; i < len(slots); i++ {
		q.Requests += slots[i].requests
		for kind, n := range kinds[i] {
			sum[kind] += n
		}
	}
	for _, kind := range metric.Failures() {
		if sum[kind] > sum[q.Kind] {
			q.Kind = kind
		}
	}
	return q, q.Length >= silentTime && q.Requests >= silentRequests
}

// Wall is the time of day, in UTC, of a moment of the run; the time since the
// start where the document does not say when that was.
func (e *Run) Wall(at time.Duration) string {
	if e.Result.Started.IsZero() {
		return unit.Of(at).String()
	}
	return e.Result.Started.Add(at).UTC().Format(time.TimeOnly)
}

// Users is the number of users at a moment of the run.
func (e *Run) Users(at time.Duration) int {
	timeline := e.Result.Timeline
	i, found := slices.BinarySearchFunc(timeline, int(at/e.Window.Slot),
		func(m result.Moment, slot int) int { return m.Slot - slot })
	switch {
	case found:
		return timeline[i].Users
	case i > 0:
		return timeline[i-1].Users
	}
	return 0
}
