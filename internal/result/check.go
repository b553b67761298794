package result

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/hist"
)

// Check says what is wrong with a document that was read: counts that are
// negative or contradict each other, slots out of order, endpoints twice.
// Whatever passes can be judged, merged and reported without further care.
func (r *Result) Check() error {
	switch {
	case r.Slot < SlotLength || r.Slot%SlotLength != 0:
		return fmt.Errorf("slot_ns: %d is not a whole number of seconds", r.Slot)
	case r.Planned.Duration < 0 || r.Planned.WarmUp < 0 || r.Planned.Ramp < 0 || r.Planned.Users < 0 || r.Elapsed < 0:
		return fmt.Errorf("planned: negative values")
	case len(r.Shards) == 0:
		return fmt.Errorf("shards: empty; a whole run is shard 1 of 1")
	}
	for _, s := range r.Shards {
		if s.N < 1 || s.K < 1 || s.K > s.N || s.N != r.Shards[0].N {
			return fmt.Errorf("shards: %d of %d does not fit", s.K, s.N)
		}
	}
	last := -1
	for _, m := range r.Timeline {
		if m.Slot <= last || m.Users < 0 {
			return fmt.Errorf("timeline: slot %d is out of order or has a negative count", m.Slot)
		}
		last = m.Slot
	}
	seen := map[string]bool{}
	for _, e := range r.Endpoints {
		key := e.Name
		if e.Start {
			key = "start " + key
		}
		if seen[key] {
			return fmt.Errorf("endpoints: %q stands twice", e.Name)
		}
		seen[key] = true
		if err := e.check(); err != nil {
			return fmt.Errorf("endpoint %q: %w", e.Name, err)
		}
	}
	return nil
}

func (e *Endpoint) check() error {
	last := -1
	for _, s := range e.Slots {
		if s.Slot <= last {
			return fmt.Errorf("slot %d is out of order", s.Slot)
		}
		last = s.Slot
		if err := s.check(); err != nil {
			return fmt.Errorf("slot %d: %w", s.Slot, err)
		}
	}
	for _, f := range e.Failures {
		if f.Count < 0 || f.First < 0 || f.Last < f.First {
			return fmt.Errorf("failure %s: counts or times that cannot be", f.Kind)
		}
	}
	return nil
}

func (s Slot) check() error {
	for _, n := range []int64{s.Requests, s.Received, s.SentBytes, s.Connects, s.Retries, s.Hops} {
		if n < 0 {
			return fmt.Errorf("negative count")
		}
	}
	failed := int64(0)
	for kind, n := range s.Failed {
		if n < 0 || kind == 0 {
			return fmt.Errorf("failures of kind %s: %d", kind, n)
		}
		failed += n
	}
	succeeded, err := count(s.Latency)
	if err != nil {
		return fmt.Errorf("latency: %w", err)
	}
	if s.Requests != succeeded+failed {
		return fmt.Errorf("%d requests, but %d latencies and %d failures", s.Requests, succeeded, failed)
	}
	if n, err := count(s.FailedLatency); err != nil || n > failed {
		return fmt.Errorf("failed_latency: %d latencies of %d failures", n, failed)
	}
	if n, err := count(s.FromSend); err != nil || s.FromSend != nil && n != succeeded {
		return fmt.Errorf("from_send: %d latencies of %d", n, succeeded)
	}
	return nil
}

// check keeps Append from taking what Check would refuse.
func (s *Slice) check(endpoints int) error {
	if s.Moment.Slot < 0 || s.Moment.Users < 0 {
		return fmt.Errorf("slice: negative slot or users")
	}
	for _, e := range s.Endpoints {
		if e.Index < 0 || e.Index >= endpoints {
			return fmt.Errorf("slice of second %d: no endpoint %d", s.Moment.Slot, e.Index)
		}
		if err := e.Slot.check(); err != nil {
			return fmt.Errorf("slice of second %d: %w", s.Moment.Slot, err)
		}
	}
	return nil
}

func count(s hist.Sparse) (int64, error) {
	var l hist.Latency
	err := s.Into(&l)
	return l.Count(), err
}
