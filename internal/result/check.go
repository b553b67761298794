package result

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// Check says what is wrong with a document that was read: counts that are
// negative or contradict each other, slots out of order, endpoints twice.
// Whatever passes can be judged, merged and reported without further care.
func (r *Result) Check() error {
	switch {
	case !doubled(r.Slot):
		return fmt.Errorf("slot_ns: %d is not a second, doubled any number of times", r.Slot)
	case !possible(r.Elapsed):
		return fmt.Errorf("elapsed_ns: %d cannot be", r.Elapsed)
	case r.Elapsed/r.Slot > mostSlots:
		return fmt.Errorf("elapsed_ns: %d is more than %d slots of %s", r.Elapsed, mostSlots, r.Slot)
	case !r.Planned.possible() || !possible(r.Load.Measured):
		return fmt.Errorf("planned: times, users or shares that cannot be")
	case !countable(int64(r.Origin.Runner.Cores)) || !countable(r.Origin.Runner.Memory):
		return fmt.Errorf("origin: a machine that cannot be")
	case len(r.Shards) == 0:
		return fmt.Errorf("shards: empty; a whole run is shard 1 of 1")
	}
	if err := r.Source.check(); err != nil {
		return err
	}
	if err := r.Summary.check(); err != nil {
		return err
	}
	shards := map[int]bool{} // by K: N is the same for all
	for _, s := range r.Shards {
		switch {
		case s.N < 1 || s.N > MostShards || s.K < 1 || s.K > s.N || s.N != r.Shards[0].N:
			return fmt.Errorf("shards: %d of %d does not fit", s.K, s.N)
		case shards[s.K]:
			return fmt.Errorf("shards: %d of %d is there twice", s.K, s.N)
		case !possible(s.Elapsed):
			return fmt.Errorf("shards: %d of %d: elapsed_ns: %d cannot be", s.K, s.N, s.Elapsed)
		case !possible(s.Covered):
			return fmt.Errorf("shards: %d of %d: covered_ns: %d cannot be", s.K, s.N, s.Covered)
		case !possible(s.Watched):
			return fmt.Errorf("shards: %d of %d: watched_ns: %d cannot be", s.K, s.N, s.Watched)
		case !countable(s.Requests) || s.Failed < 0 || s.Failed > s.Requests || s.Users < 0 || !possible(s.Lag) ||
			!countable(s.Timed):
			return fmt.Errorf("shards: %d of %d has a count or a lag that cannot be", s.K, s.N)
		case !possible(s.StartError):
			return fmt.Errorf("shards: %d of %d: start_error_ns: %d cannot be", s.K, s.N, s.StartError)
		}
		shards[s.K] = true
	}
	last := -1
	for _, m := range r.Timeline {
		if m.Slot <= last || !r.inTime(m.Slot) || !m.countable() {
			return fmt.Errorf("timeline: slot %d is out of order or has a count that cannot be", m.Slot)
		}
		if !m.Generator.possible() {
			return fmt.Errorf("timeline: slot %d has a generator that cannot be", m.Slot)
		}
		last = m.Slot
	}
	if err := errors.Join(r.checkStatements(), checkSent(r.Setup), checkSent(r.Teardown)); err != nil {
		return err
	}
	if err := checkAddresses(r.Addresses); err != nil {
		return err
	}
	resources := map[string]bool{}
	for i := range r.Resources {
		if r.Resources[i].Name == "" {
			return fmt.Errorf("resources: row %d has no name", i+1)
		}
		if resources[r.Resources[i].Name] {
			return fmt.Errorf("resources: %q is there twice", r.Resources[i].Name)
		}
		resources[r.Resources[i].Name] = true
		if err := r.Resources[i].check(); err != nil {
			return fmt.Errorf("resource %q: %w", r.Resources[i].Name, err)
		}
	}
	seen := map[string]bool{}
	var total Slot
	for i, e := range r.rows() {
		key := e.Place.Load + " " + e.Place.Users + " " + e.Name
		if e.Once.Any() {
			key = e.Once.String() + " " + key
		}
		if e.Start && e.End {
			return fmt.Errorf("endpoint %q: it is of the start and of the end of users", e.Name)
		}
		if i >= len(r.Endpoints) {
			key = "transaction " + e.Name
		}
		if e.Name == "" {
			return fmt.Errorf("endpoints: row %d has no name", i+1)
		}
		if seen[key] {
			return fmt.Errorf("endpoints: %q is there twice", e.Name)
		}
		seen[key] = true
		err := e.check(r.inTime)
		if err == nil {
			err = checkExemplars(e.Exemplars, r.Elapsed+longestDrain)
		}
		if err != nil {
			return fmt.Errorf("endpoint %q: %w", e.Name, err)
		}
		for _, s := range e.Slots {
			if total.AddCounts(s); !total.summable() {
				return fmt.Errorf("endpoints: the sum of all counts is impossible, up to slot %d of %q", s.Slot, e.Name)
			}
		}
	}
	return nil
}

// summable says whether one more slot can be added to the counts without overflow.
func (s Slot) summable() bool {
	return max(s.Requests, s.Received, s.SentBytes, s.Connects, s.Retries, s.Hops, s.Unsent, s.Repeats) <=
		math.MaxInt64-most
}

// doubled says whether slots of that length can come of merging neighbours;
// then those of any two results fit into each other.
func doubled(slot time.Duration) bool {
	return slot > 0 && slot <= longest && slot%SlotLength == 0 && bits.OnesCount64(uint64(slot/SlotLength)) == 1
}

// inTime says whether a slot, and its end, can be.
func (r *Result) inTime(slot int) bool {
	return slot < mostSlots && time.Duration(slot) < longest/r.Slot
}

// countable says whether a moment's counts can be.
func (m Moment) countable() bool {
	return countable(int64(m.Users)) && countable(m.Offered) && countable(m.Dropped) && m.Dropped <= m.Offered &&
		!slices.ContainsFunc(m.Loads, func(f Flow) bool { return !f.countable() })
}

func (e *Endpoint) check(inTime func(slot int) bool) error {
	if !amount(e.Expected) {
		return fmt.Errorf("expected: %g cannot be", e.Expected)
	}
	if e.Summary != nil && len(e.Slots) > 0 {
		return errors.New("it has slots and a summary, which would count twice")
	}
	if err := e.Summary.check(); err != nil {
		return err
	}
	last := -1
	for _, s := range e.Slots {
		if s.Slot <= last || !inTime(s.Slot) {
			return fmt.Errorf("slot %d is out of order", s.Slot)
		}
		last = s.Slot
		if err := s.check(); err != nil {
			return fmt.Errorf("slot %d: %w", s.Slot, err)
		}
	}
	if err := checkServer(e.Server); err != nil {
		return err
	}
	type kind struct {
		failure metric.Failure
		status  int
	}
	seen := map[kind]bool{}
	for _, f := range e.Failures {
		k := kind{f.Kind, f.Status}
		switch {
		case f.Kind == metric.OK || !countable(f.Count) || f.Users < 0 || f.Users > f.Count || f.First < 0 ||
			f.Last < f.First || f.Last > longest:
			return fmt.Errorf("failure %s: counts or times that cannot be", f.Kind)
		case seen[k]:
			return fmt.Errorf("failure %s with status %d is there twice", f.Kind, f.Status)
		}
		seen[k] = true
	}
	return nil
}

func (s *Slot) check() error {
	if err := s.plausible(); err != nil {
		return err
	}
	var n timed
	var err error
	if n.latency, err = s.Latency.Count(); err != nil {
		return fmt.Errorf("latency: %w", err)
	}
	if n.failed, err = s.FailedLatency.Count(); err != nil {
		return fmt.Errorf("failed_latency: %w", err)
	}
	if n.fromSend, err = s.FromSend.Count(); err != nil {
		return fmt.Errorf("from_send: %w", err)
	}
	if n.firstByte, err = s.FirstByte.Count(); err != nil {
		return fmt.Errorf("first_byte: %w", err)
	}
	return s.agrees(n)
}

// plausible says which counts and times cannot be, whatever the histograms hold.
func (s *Slot) plausible() error {
	for _, n := range [...]int64{s.Requests, s.Received, s.SentBytes, s.Connects, s.Retries, s.Hops, s.Unsent,
		s.Repeats} {
		if !countable(n) {
			return fmt.Errorf("count of %d", n)
		}
	}
	p := &s.Phases
	for _, d := range [...]time.Duration{p.DNS, p.Connect, p.TLS, p.FirstByte, p.Body} {
		if !possible(d) {
			return fmt.Errorf("phases: %d cannot be", d)
		}
	}
	if s.Repeats > s.Requests {
		return fmt.Errorf("%d repeats of %d requests", s.Repeats, s.Requests)
	}
	for kind, n := range s.Failed {
		if !countable(n) || kind == metric.OK || !kind.Sent() {
			return fmt.Errorf("failures of kind %s: %d", kind, n)
		}
	}
	return nil
}

// timed is how many durations each of the histograms of a slot holds.
type timed struct{ latency, fromSend, firstByte, failed int64 }

// agrees says where the counts of a slot are not those of its histograms.
func (s *Slot) agrees(n timed) error {
	failed := s.Failures()
	switch {
	case s.Requests != n.latency+failed:
		return fmt.Errorf("%d requests, but %d latencies and %d failures", s.Requests, n.latency, failed)
	case n.failed > failed:
		return fmt.Errorf("failed_latency: %d latencies of %d failures", n.failed, failed)
	case s.FromSend != nil && n.fromSend != n.latency:
		return fmt.Errorf("from_send: %d latencies of %d", n.fromSend, n.latency)
	case s.FirstByte != nil && n.firstByte != n.latency:
		return fmt.Errorf("first_byte: %d times of %d", n.firstByte, n.latency)
	}
	return nil
}

// check keeps Append from taking what Check would refuse. What a run cannot have, whatever its endpoints and resources
// are, is not looked for where it is proven that there is none.
func (s *Slice) check(endpoints, resources int, proven bool) error {
	if !proven {
		if err := s.plausible(); err != nil {
			return err
		}
		for i := range s.Endpoints {
			if err := s.Endpoints[i].Slot.check(); err != nil {
				return fmt.Errorf("slice of second %d: %w", s.Moment.Slot, err)
			}
		}
	}
	for i := range s.Readings {
		if at := s.Readings[i].Index; at < 0 || at >= resources {
			return fmt.Errorf("slice of second %d: no resource %d", s.Moment.Slot, at)
		}
	}
	for i := range s.Endpoints {
		if at := s.Endpoints[i].Index; at < 0 || at >= endpoints {
			return fmt.Errorf("slice of second %d: no endpoint %d", s.Moment.Slot, at)
		}
	}
	return nil
}

// plausible says what cannot be in any run, slots left out.
func (s *Slice) plausible() error {
	if s.Moment.Slot < 0 || time.Duration(s.Moment.Slot) >= longest/SlotLength || !s.Moment.countable() {
		return fmt.Errorf("slice of second %d with %d users: that cannot be", s.Moment.Slot, s.Moment.Users)
	}
	if !s.Moment.Generator.possible() {
		return fmt.Errorf("slice of second %d has a generator that cannot be", s.Moment.Slot)
	}
	if err := checkAddresses(s.Addresses); err != nil {
		return fmt.Errorf("slice of second %d: %w", s.Moment.Slot, err)
	}
	for _, r := range s.Readings {
		if !r.Reading.possible() {
			return fmt.Errorf("slice of second %d: a reading of resource %d cannot be", s.Moment.Slot, r.Index)
		}
	}
	end := time.Duration(s.Moment.Slot+1)*SlotLength + longestDrain
	for i := range s.Endpoints {
		e := &s.Endpoints[i]
		err := checkServer(e.Server)
		if err == nil {
			err = checkExemplars(e.Exemplars, end)
		}
		if err != nil {
			return fmt.Errorf("slice of second %d: %w", s.Moment.Slot, err)
		}
	}
	return nil
}
