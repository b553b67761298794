package result

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
)

// Begun says whether a shard has begun.
func (r *Running) Begun(k int) bool { return r.shards[k] != nil }

// Ended says how a shard ended; false: it has not, or has not begun.
func (r *Running) Ended(k int) (End, bool) {
	s := r.shards[k]
	if s == nil {
		return Cut, false
	}
	return s.head.End, s.ended
}

// Shard is what is known of a shard so far, with the users that it had last; false: it has not begun.
func (r *Running) Shard(k int) (Shard, bool) {
	s := r.shards[k]
	if s == nil {
		return Shard{}, false
	}
	of := s.head.Shards[0]
	of.Elapsed = s.head.Elapsed
	s.describe(&of, r.slot)
	if last := len(s.users) - 1; last >= 0 {
		of.Users = s.users[last].all
	}
	return of, true
}

// Elapsed is how far a shard has come, as in Result; 0 where it has not begun.
func (r *Running) Elapsed(k int) time.Duration {
	if s := r.shards[k]; s != nil {
		return s.head.Elapsed
	}
	return 0
}

// Result is the sum of all shards. Those that have not ended were cut off. It shares nothing with r that
// r changes later. The error is that of Merge: no shard has begun.
func (r *Running) Result() (*Result, error) {
	sum, err := r.sum(MaxSlots)
	if err != nil {
		return nil, err
	}
	return sum, sum.compact()
}

// Until is the sum as it was at a time since the start: without the slots that begin then or later. Shards
// that have not ended still run. Counts that are not of slots, such as those of failures, are those of now.
func (r *Running) Until(end time.Duration) (*Result, error) {
	sum, err := r.sum(int(ceil(end, r.slot)))
	if err != nil {
		return nil, err
	}
	sum.Elapsed = min(sum.Elapsed, end)
	for i := range sum.Shards {
		if !r.shards[sum.Shards[i].K].ended {
			sum.Shards[i].End = nil
		}
	}
	return sum, nil
}

// usersAt is how many users the shard had at the end of a slot, as far as it has said.
func (s *runningShard) usersAt(slot int) headcount {
	if slot < len(s.users) && s.users[slot].all != unknownUsers {
		return s.users[slot]
	}
	return headcount{}
}

// peopled is a moment with the users of all shards at that slot.
func (r *Running) peopled(m Moment) Moment {
	m.Loads = slices.Clone(m.Loads)
	for _, s := range r.shards {
		m.add(s.usersAt(m.Slot))
	}
	return m
}

// describe completes what the sum says of the shard by what its slices said.
func (s *runningShard) describe(of *Shard, slot time.Duration) {
	of.Requests, of.Failed = s.told.Requests, s.told.Failed
	var lag hist.Latency
	if s.lag.Into(&lag) == nil {
		of.Lag, _ = lag.Quantile(lagQuantile)
		of.Timed = lag.Count()
	}
	of.Covered, of.Watched = 0, 0
	for at, users := range s.users {
		if users.all != unknownUsers && time.Duration(at)*slot < s.head.Elapsed {
			of.Covered += slot
			if s.watched[at] {
				of.Watched += slot
			}
		}
	}
}

// sum is the sum of all shards, with the slots before one.
func (r *Running) sum(end int) (*Result, error) {
	planned := time.Duration(0) // a shard may not have heard yet that the run is extended
	for _, s := range r.shards {
		planned = max(planned, s.planned)
	}
	heads := make([]*Result, 0, len(r.shards))
	for _, s := range r.shards {
		head := *s.head
		head.Planned.Duration = planned
		heads = append(heads, &head)
	}
	sum, err := Merge(heads...)
	if err != nil {
		return nil, err
	}
	for i := range sum.Shards {
		if s := &sum.Shards[i]; s.N > 1 {
			r.shards[s.K].describe(s, r.slot)
		}
	}
	sum.Slot, sum.Timeline = r.slot, append(sum.Timeline, before(r.moments, end, (*Moment).number)...)
	for i := range sum.Timeline {
		sum.Timeline[i] = r.peopled(sum.Timeline[i])
	}
	for i, e := range sum.rows() {
		name := rowName{e.Name, e.Place, i >= len(sum.Endpoints)}
		slots, err := sums(before(r.slots[name], end, (*pile).number))
		if err != nil {
			return nil, err
		}
		e.Slots = append(e.Slots, slots...)
	}
	sum.watch(r.watched)
	return sum, nil
}

// before is what an ascending list has before a number.
func before[T any](all []T, end int, number func(*T) *int) []T {
	at, _ := search(all, end, number)
	return all[:at]
}
