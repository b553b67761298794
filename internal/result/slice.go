package result

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
)

// Slice is what all endpoints did in one slot of SlotLength: the unit in
// which a run grows and its journal is written.
type Slice struct {
	Moment    Moment          `json:"moment"`
	Endpoints []EndpointSlice `json:"endpoints,omitempty"`
	// Readings are those that were taken since the slice before.
	Readings []ResourceSlice `json:"readings,omitempty"`
	// Drain marks what ended after the users were stopped: it counts, and it
	// is not a time of load.
	Drain bool `json:"drain,omitempty"`
	// Addresses are those of the run so far; nil: not known.
	Addresses []Address `json:"addresses,omitempty"`
}

// EndpointSlice is one endpoint's part of a Slice.
type EndpointSlice struct {
	Index int  `json:"index"` // in Result.Endpoints, and behind them in Result.Transactions
	Slot  Slot `json:"slot"`
	// Failures are the endpoint's kinds that grew in this slice, each with its
	// count and times over the whole run so far.
	Failures []Failure `json:"failures,omitempty"`
	// Server is the same for the server times that answers reported.
	Server []ServerTime `json:"server,omitempty"`
	// Exemplars are those of the slice that are among the run's so far.
	Exemplars []Exemplar `json:"exemplars,omitempty"`
}

// Append adds a slice that is newer than all before it. Slices of an unknown
// endpoint or with damaged histograms are an error and change nothing.
func (r *Result) Append(s *Slice) error { return r.append(s, false) }

// append is Append. What is proven is not checked again.
func (r *Result) append(s *Slice, proven bool) error {
	if err := s.check(len(r.Endpoints)+len(r.Transactions), len(r.Resources), proven); err != nil {
		return err
	}
	if time.Duration(s.Moment.Slot)*SlotLength < r.Elapsed {
		return fmt.Errorf("slice of second %d: the run is at %s already", s.Moment.Slot, r.Elapsed)
	}
	for int(time.Duration(s.Moment.Slot)*SlotLength/r.Slot) >= MaxSlots {
		if err := r.coarsen(r.Slot * 2); err != nil {
			return err
		}
	}
	at := int(time.Duration(s.Moment.Slot) * SlotLength / r.Slot)
	moment := s.Moment
	moment.Slot = at
	moments, err := appendMoment(r.Timeline, moment)
	if err != nil {
		return err
	}
	r.Timeline = moments
	rows := r.rows()
	for _, part := range s.Endpoints {
		e := rows[part.Index]
		slot := part.Slot
		slot.Slot = at
		if e.Slots, err = appendSlot(e.Slots, slot); err != nil {
			return err
		}
		for _, f := range part.Failures {
			e.replace(f)
		}
		if part.Server != nil {
			e.Server = part.Server
		}
		e.addExemplars(part.Exemplars)
	}
	r.watch(s.Readings)
	if s.Addresses != nil {
		r.Addresses = s.Addresses
	}
	if !s.Drain {
		r.Elapsed = max(r.Elapsed, time.Duration(s.Moment.Slot+1)*SlotLength)
	}
	return nil
}

// rows are all endpoints, and behind them all transactions.
func (r *Result) rows() []*Endpoint {
	rows := make([]*Endpoint, 0, len(r.Endpoints)+len(r.Transactions))
	for _, list := range [][]Endpoint{r.Endpoints, r.Transactions} {
		for i := range list {
			rows = append(rows, &list[i])
		}
	}
	return rows
}

// Finish says how the run ended. A run that was completed ends with its
// planned time: what the users in flight then still took is not time of load.
// The error is that of a damaged histogram.
func (r *Result) Finish(e End) error {
	r.End = e
	if e == Complete {
		r.Elapsed = min(r.Elapsed, r.Planned.Duration)
	}
	return r.compact()
}

// compact merges neighbouring slots of a run that is over until its document
// is of a size that can be kept for years, as long as what is left tells enough
// of the time.
func (r *Result) compact() error {
	for r.size() > largest && r.Elapsed/r.Slot >= 2*fewestSlots {
		if err := r.coarsen(2 * r.Slot); err != nil {
			return err
		}
	}
	return nil
}

// What a finished document may take, in bytes, and the slots that it keeps even
// if it takes more: three for each part that intervals are made of.
const (
	largest     = 3_800_000
	fewestSlots = 60
)

// size is about how many bytes the document takes as JSON.
func (r *Result) size() int {
	const moment, flow, slot, failures, reading, exemplar = 220, 40, 180, 40, 70, 120 // without histograms
	sum := 0
	for _, m := range r.Timeline {
		sum += moment + m.Lag.Size()
		for _, f := range m.Loads {
			sum += flow + f.Lag.Size()
		}
	}
	for _, e := range r.rows() {
		sum += exemplar * len(e.Exemplars)
		for _, s := range e.Slots {
			sum += slot + s.Latency.Size() + s.FromSend.Size() + s.FirstByte.Size() + s.FailedLatency.Size() +
				failures*len(s.Failed)
		}
	}
	for _, of := range r.Resources {
		sum += reading * len(of.Readings)
	}
	return sum
}

// replace replaces the failure of f's kind and status by f.
func (e *Endpoint) replace(f Failure) {
	for i := range e.Failures {
		if e.Failures[i].Kind == f.Kind && e.Failures[i].Status == f.Status {
			e.Failures[i] = f
			return
		}
	}
	e.Failures = append(e.Failures, f)
}

// coarsen merges neighbouring slots until each is length long, a multiple of
// the present length.
func (r *Result) coarsen(length time.Duration) error {
	factor := int(length / r.Slot)
	if factor <= 1 {
		return nil
	}
	moments, err := joinNeighbours(r.Timeline, factor, (*Moment).number, appendMoment)
	if err != nil {
		return err
	}
	for _, e := range r.rows() {
		if e.Slots, err = joinNeighbours(e.Slots, factor, (*Slot).number, appendSlot); err != nil {
			return err
		}
	}
	r.Timeline, r.Slot = moments, length
	return nil
}

// joinNeighbours merges each group of factor neighbouring slots into one slot.
func joinNeighbours[T any](all []T, factor int, number func(*T) *int, add func([]T, T) ([]T, error)) ([]T, error) {
	var joined []T
	for _, one := range all {
		*number(&one) /= factor
		var err error
		if joined, err = add(joined, one); err != nil {
			return nil, err
		}
	}
	return joined, nil
}

func (m *Moment) number() *int { return &m.Slot }
func (s *Slot) number() *int   { return &s.Slot }

// appendMoment adds m, folding it into the last one when both are the same
// slot: the users are those at its end.
func appendMoment(all []Moment, m Moment) ([]Moment, error) {
	if n := len(all); n > 0 && all[n-1].Slot == m.Slot {
		lag, err := hist.Sum(all[n-1].Lag, m.Lag)
		if err != nil {
			return all, err
		}
		last := &all[n-1]
		last.Users, last.Lag, last.Generator = m.Users, lag, last.Generator.worse(m.Generator)
		last.Offered, last.Dropped = last.Offered+m.Offered, last.Dropped+m.Dropped
		last.Loads, err = sumFlows(last.Loads, m.Loads, func(_, users int) int { return users })
		return all, err
	}
	return append(all, m), nil
}

func appendSlot(all []Slot, s Slot) ([]Slot, error) {
	if n := len(all); n > 0 && all[n-1].Slot == s.Slot {
		sum, err := all[n-1].plus(s)
		if err != nil {
			return all, err
		}
		all[n-1] = sum
		return all, nil
	}
	return append(all, s), nil
}

// plus returns the tallies of both; s and other are not changed.
func (s Slot) plus(other Slot) (Slot, error) {
	both := []tally{s.tally(), other.tally()}
	s.AddCounts(other)
	err := s.count(both)
	return s, err
}

// AddCounts adds other's plain counts and phases, not its histograms and
// failures.
func (s *Slot) AddCounts(other Slot) {
	s.Requests += other.Requests
	s.Received += other.Received
	s.SentBytes += other.SentBytes
	s.Connects += other.Connects
	s.Retries += other.Retries
	s.Hops += other.Hops
	s.Unsent += other.Unsent
	s.Repeats += other.Repeats
	s.Phases.Add(other.Phases)
}

// Sent returns the latencies from the actual send: FromSend, or Latency where
// the two do not differ.
func (s Slot) Sent() hist.Sparse {
	if s.FromSend != nil {
		return s.FromSend
	}
	return s.Latency
}

// Answers is how many requests of the slot got any answer, and how many got
// none.
func (s Slot) Answers() (answered, silent int64) {
	for kind, n := range s.Failed {
		if kind.Silent() {
			silent += n
		}
	}
	return s.Requests - silent, silent
}

// Failures is the number of failed requests of the slot.
func (s Slot) Failures() int64 {
	var n int64
	for _, count := range s.Failed {
		n += count
	}
	return n
}

// Add adds other to p.
func (p *Phases) Add(other Phases) {
	p.DNS = sum(p.DNS, other.DNS)
	p.Connect = sum(p.Connect, other.Connect)
	p.TLS = sum(p.TLS, other.TLS)
	p.FirstByte = sum(p.FirstByte, other.FirstByte)
	p.Body = sum(p.Body, other.Body)
}
