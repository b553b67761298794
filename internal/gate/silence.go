package gate

import (
	"fmt"
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

// quiet is the stretch at the end of a run in which no answer came.
type quiet struct {
	from, length time.Duration
	requests     int64
	kind         metric.Failure // the most frequent
	never        bool           // no answer came in the whole run
}

// silence fails a run whose target stopped answering: that is an answer to the
// question of the load test, not a run that could not be made. Where the
// generator's machine had nothing left to call with, the silence may be its
// own.
func silence(e *evidence) []Check {
	if !e.silenced() {
		return nil
	}
	c := Check{Subject: "target", Outcome: Fail, Shown: true}
	c.Remedy = silenceRemedy
	perhaps := ""
	if e.generator.exhausted {
		c.Outcome, c.Shown = Inconclusive, false
		perhaps = "; the generator's machine may be the reason"
	}
	q, found := e.quiet()
	c.Requests = q.requests
	if !found {
		c.Reason = "stopped answering: the run was ended " + e.after() + perhaps
		return []Check{c}
	}
	said := "stopped answering at " + e.wall(q.from)
	if q.never {
		said = "never answered: silent from the start at " + e.wall(0)
	}
	c.Reason = fmt.Sprintf("%s with %d users: %s without an answer in the last %s, most of them %s%s",
		said, e.users(q.from), requests(q.requests), unit.Of(q.length), q.kind, perhaps)
	return []Check{c}
}

const silenceRemedy = "look at the service's log and memory at that time; fewer users show what it can carry"

// silenced says whether the target stopped answering, by what was measured or
// by what ended the run. Silence on a machine without ports to call from is
// its own.
func (e *evidence) silenced() bool {
	_, found := e.quiet()
	return e.result.End == result.Lost || found
}

// quiet finds the silent stretch before the drain; warm-up counts like any
// other time.
func (e *evidence) quiet() (quiet, bool) {
	w := e.result.Whole()
	type second struct{ requests, silent int64 }
	slots := make([]second, w.Slots)
	kinds := make([]map[metric.Failure]int64, w.Slots)
	for _, ep := range e.endpoints {
		for _, s := range ep.Slots {
			if s.Slot < 0 || s.Slot >= w.Slots || e.still[s.Slot] {
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
	q := quiet{from: time.Duration(first) * w.Slot, never: first == 0}
	q.length = w.Length - q.from
	sum := map[metric.Failure]int64{}
	for i := first; i < len(slots); i++ {
		q.requests += slots[i].requests
		for kind, n := range kinds[i] {
			sum[kind] += n
		}
	}
	for _, kind := range metric.Failures() {
		if sum[kind] > sum[q.kind] {
			q.kind = kind
		}
	}
	return q, q.length >= silentTime && q.requests >= silentRequests
}

// wall is the time of day, in UTC, of a moment of the run; the time since the
// start where the document does not say when that was.
func (e *evidence) wall(at time.Duration) string {
	if e.result.Started.IsZero() {
		return unit.Of(at).String()
	}
	return e.result.Started.Add(at).UTC().Format(time.TimeOnly)
}

// users is the number of users at a moment of the run.
func (e *evidence) users(at time.Duration) int {
	timeline := e.result.Timeline
	i, found := slices.BinarySearchFunc(timeline, int(at/e.window.Slot),
		func(m result.Moment, slot int) int { return m.Slot - slot })
	switch {
	case found:
		return timeline[i].Users
	case i > 0:
		return timeline[i-1].Users
	}
	return 0
}
