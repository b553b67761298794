package result

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/trace"
)

// Exemplar is a sampled request whose trace may be looked up.
type Exemplar struct {
	Trace   trace.ID      `json:"trace_id"`
	At      time.Duration `json:"at_ns"`      // when it ended, since the start of the run
	Latency time.Duration `json:"latency_ns"` // from the intended start
	Status  int           `json:"status,omitempty"`
	// Failure is OK where the request succeeded.
	Failure metric.Failure `json:"failure,omitzero"`
}

// Of one endpoint so many exemplars are kept: the slowest successes, and of the kinds and statuses of failures those
// that came first, each with its first request.
const (
	slowestKept  = 5
	failuresKept = 20
)

// compare is the order of the document: successes first, the slowest of them before others; then failures by time.
func (e Exemplar) compare(other Exemplar) int {
	failed := func(e Exemplar) int { return min(int(e.Failure), 1) }
	if by := cmp.Compare(failed(e), failed(other)); by != 0 {
		return by
	}
	if e.Failure == metric.OK {
		if by := cmp.Compare(other.Latency, e.Latency); by != 0 {
			return by
		}
	}
	return cmp.Or(cmp.Compare(e.At, other.At), cmp.Compare(e.Failure, other.Failure),
		cmp.Compare(e.Status, other.Status), bytes.Compare(e.Trace[:], other.Trace[:]),
		cmp.Compare(e.Latency, other.Latency))
}

// same says whether two failures are of one kind and status.
func (e Exemplar) same(other Exemplar) bool {
	return e.Failure == other.Failure && e.Status == other.Status
}

// failuresFrom is where the failures of an ordered list begin.
func failuresFrom(all []Exemplar) int {
	at := slices.IndexFunc(all, func(e Exemplar) bool { return e.Failure != metric.OK })
	if at < 0 {
		return len(all)
	}
	return at
}

// AddExemplar adds one to the exemplars of an endpoint, in place, if it is among those that are kept. In whatever
// order a run's are added, the same remain.
func AddExemplar(all []Exemplar, e Exemplar) []Exemplar {
	if e.Failure != metric.OK {
		if had := slices.IndexFunc(all, e.same); had >= 0 {
			if all[had].compare(e) <= 0 {
				return all
			}
			all = slices.Delete(all, had, had+1)
		}
	}
	from, end, most := 0, failuresFrom(all), slowestKept
	if e.Failure != metric.OK {
		from, end, most = end, len(all), failuresKept
	}
	at, there := slices.BinarySearchFunc(all, e, Exemplar.compare)
	if there || at == from+most {
		return all
	}
	if all = slices.Insert(all, at, e); end-from == most {
		all = slices.Delete(all, end, end+1)
	}
	return all
}

// addExemplars adds several.
func (e *Endpoint) addExemplars(more []Exemplar) {
	for _, one := range more {
		e.Exemplars = AddExemplar(e.Exemplars, one)
	}
}

// checkExemplars says what no run leaves, where all requests ended by a time.
func checkExemplars(all []Exemplar, end time.Duration) error {
	slow := failuresFrom(all)
	if slow > slowestKept || len(all)-slow > failuresKept {
		return fmt.Errorf("exemplars: %d slow ones and %d failures are more than are kept", slow, len(all)-slow)
	}
	for i, e := range all {
		switch {
		case e.Trace == trace.ID{}:
			return fmt.Errorf("exemplars: number %d has no trace_id", i+1)
		case e.At < 0 || e.At > end || !possible(e.Latency) || e.Status != 0 && (e.Status < 100 || e.Status > 999) ||
			!e.Failure.Sent():
			return fmt.Errorf("exemplars: %s has a time, a status or a failure that cannot be", e.Trace)
		case i > 0 && all[i-1].compare(e) >= 0:
			return fmt.Errorf("exemplars: %s is out of order", e.Trace)
		case i > slow && slices.ContainsFunc(all[slow:i], e.same):
			return fmt.Errorf("exemplars: two failures are of kind %s with status %d", e.Failure, e.Status)
		}
	}
	return nil
}
