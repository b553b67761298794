package result

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Concat joins the measured parts of slices of one load, as if they had been one
// run without a warm-up: slot i of a slice comes i slots after the end of the slice
// before. A slice's drain counts with its last slot; addresses have the counts of
// whole slices. The result ended as the worst slice did. Slices of different loads,
// or none, are errors. The slices are not changed.
func Concat(parts ...*Result) (*Result, error) {
	if len(parts) == 0 {
		return nil, errors.New("join slices: none given")
	}
	sum := parts[0].Snapshot()
	sum.Timeline, sum.Elapsed, sum.Planned.Duration, sum.Planned.WarmUp, sum.Planned.Ramp = nil, 0, 0, 0, 0
	sum.Endpoints, sum.Transactions = empty(sum.Endpoints), empty(sum.Transactions)
	sum.Resources, sum.Addresses = nil, nil // slices are too short to watch anything in
	for g := range sum.Planned.Groups {
		sum.Planned.Groups[g].Expected = 0
	}
	missing, ends := make([]time.Duration, len(sum.Shards)), make([]End, len(sum.Shards))
	unread := make([]time.Duration, len(sum.Shards))
	at := 0 // slots so far
	for i, part := range parts {
		if part.Digest != sum.Digest || part.Slot != sum.Slot || !part.Planned.alike(sum.Planned) {
			return nil, fmt.Errorf("join slices: slice %d is of another load", i+1)
		}
		w := part.Measured()
		moved, err := part.moved(w, at)
		if err != nil {
			return nil, fmt.Errorf("join slices: slice %d: %w", i+1, err)
		}
		sum.Timeline = append(sum.Timeline, moved.Timeline...)
		if sum.Endpoints, err = addRows(sum.Endpoints, moved.Endpoints); err != nil {
			return nil, err
		}
		if sum.Transactions, err = addRows(sum.Transactions, moved.Transactions); err != nil {
			return nil, err
		}
		for g := range sum.Planned.Groups {
			sum.Planned.Groups[g].Expected += part.Planned.Groups[g].Expected
		}
		at += w.Slots
		sum.Addresses = addAddresses(sum.Addresses, part.Addresses)
		sum.End = sum.End.Worse(part.End)
		for k := range missing {
			share, absent := part.share(sum.Shards[k])
			missing[k], unread[k] = missing[k]+absent, unread[k]+share.Covered-share.Watched
			if i == 0 {
				ends[k] = *share.End
				continue
			}
			ends[k] = ends[k].Worse(*share.End)
			s := &sum.Shards[k]
			s.Requests, s.Failed, s.Lag = s.Requests+share.Requests, s.Failed+share.Failed, max(s.Lag, share.Lag)
			s.Timed += share.Timed
		}
	}
	sum.Elapsed = time.Duration(at) * sum.Slot
	sum.Planned.Duration = sum.Elapsed
	for k := range sum.Shards {
		if s := &sum.Shards[k]; s.End != nil {
			s.End, s.Elapsed, s.Covered = &ends[k], sum.Elapsed, max(0, sum.Elapsed-missing[k])
			s.Watched = max(0, s.Covered-unread[k])
		}
	}
	return sum, sum.compact()
}

// share is one of the shards of a slice, and how much of the time it does not cover. One that is not there, or does not
// say, was cut off before its start.
func (r *Result) share(shard Shard) (share Shard, absent time.Duration) {
	if i := slices.IndexFunc(r.Shards, shard.Is); i >= 0 {
		if missing, ok := r.Shards[i].Missing(r.Planned.Duration); ok {
			return r.Shards[i], missing
		}
	}
	return Shard{End: new(Cut)}, r.Elapsed
}

// empty are rows without what was counted in them.
func empty(rows []Endpoint) []Endpoint {
	bare := make([]Endpoint, len(rows))
	for i, e := range rows {
		bare[i] = Endpoint{Name: e.Name, Place: e.Place, Request: e.Request, Was: e.Was}
	}
	return bare
}

// moved are the slots of a window, and what came after it, shifted so that the
// window begins at a slot.
func (r *Result) moved(w Window, at int) (*Result, error) {
	m := r.Snapshot()
	place := func(slot int) (int, bool) {
		return at + min(slot-w.First, max(w.Slots-1, 0)), slot >= w.First && w.Slots > 0
	}
	m.Timeline = nil
	for _, moment := range r.Timeline {
		if w.Holds(moment.Slot) {
			moment.Slot, _ = place(moment.Slot)
			m.Timeline = append(m.Timeline, moment)
		}
	}
	for _, e := range m.rows() {
		old := e.Slots
		e.Slots = nil
		for _, s := range old {
			var inside bool
			if s.Slot, inside = place(s.Slot); !inside {
				continue
			}
			var err error
			if e.Slots, err = appendSlot(e.Slots, s); err != nil {
				return nil, err
			}
		}
		for i := range e.Failures {
			f := &e.Failures[i]
			f.First, f.Last = shift(f.First, r, w, at), shift(f.Last, r, w, at)
		}
		for i := range e.Exemplars {
			e.Exemplars[i].At = shift(e.Exemplars[i].At, r, w, at)
		}
	}
	return m, nil
}

// shift moves a time of a run to where its window stands now.
func shift(t time.Duration, r *Result, w Window, at int) time.Duration {
	return max(0, t-time.Duration(w.First)*r.Slot) + time.Duration(at)*r.Slot
}
