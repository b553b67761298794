package result

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/hist"
)

// Merge joins the shards of one run, in any order, without loss: every count
// and every bucket of the whole is the sum of the shards', second by second
// since each one's own start; Shards keeps how each one ended, when it started,
// and what made it. Results of different loads, seeds, plans, targets or schemas,
// ones that started a day or more apart, and a shard given twice are errors. The
// shards are not changed.
func Merge(shards ...*Result) (*Result, error) {
	if len(shards) == 0 {
		return nil, errors.New("merge results: none given")
	}
	// What the shards should agree on and need not, such as the target's name,
	// is the lowest one's, whatever the order.
	shards = slices.SortedStableFunc(slices.Values(shards), func(a, b *Result) int {
		return cmp.Compare(a.Shards[0].K, b.Shards[0].K)
	})
	longest := slices.MaxFunc(shards, func(a, b *Result) int { return cmp.Compare(a.Slot, b.Slot) }).Slot
	var sum *Result
	for _, shard := range shards {
		next := shard.Snapshot()
		err := next.coarsen(longest)
		next.describeItself()
		switch {
		case err != nil:
		case sum == nil:
			sum = next
		default:
			if err = sum.compatible(next); err == nil {
				err = sum.add(next)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("merge results: %w", err)
		}
	}
	return sum, nil
}

func (r *Result) compatible(next *Result) error {
	switch {
	case r.Schema != next.Schema:
		return fmt.Errorf("they are documents of two versions, %q and %q", r.Schema, next.Schema)
	case r.Source.Foreign() || next.Source.Foreign():
		return errors.New("they are not all loadgate's; give the files of the other tool together instead")
	case r.Digest != next.Digest || !r.Planned.alike(next.Planned):
		return errors.New("they are of different loads: the users or steps of their thresholds.yaml differ")
	case r.Profile != next.Profile:
		return fmt.Errorf("they are of different profiles, %q and %q", r.Profile, next.Profile)
	case r.Seed != next.Seed:
		return fmt.Errorf("they are of different runs: seeds %d and %d", r.Seed, next.Seed)
	case !r.Planned.simultaneous(next.Planned):
		return errors.New("they are of different runs: their planned times differ")
	case r.Shards[0].N != next.Shards[0].N:
		return fmt.Errorf("they are shards of %d and of %d", r.Shards[0].N, next.Shards[0].N)
	}
	for _, shard := range next.Shards {
		if slices.ContainsFunc(r.Shards, shard.Is) {
			return fmt.Errorf("shard %d of %d is given twice", shard.K, shard.N)
		}
		for _, other := range r.Shards {
			if err := other.together(shard); err != nil {
				return err
			}
		}
	}
	return nil
}

// add counts another result in, whose slots are as long as r's.
func (r *Result) add(other *Result) error {
	r.Shards = append(r.Shards, other.Shards...)
	slices.SortFunc(r.Shards, func(a, b Shard) int { return a.K - b.K })
	if other.Started.Before(r.Started) {
		r.Started = other.Started
	}
	r.Origin = r.Origin.or(other.Origin)
	r.Planned.add(other.Planned)
	r.Elapsed = max(r.Elapsed, other.Elapsed)
	r.End = r.End.Worse(other.End)
	var err error
	if r.Timeline, err = zip(r.Timeline, other.Timeline, func(m Moment) int { return m.Slot },
		Moment.plus); err != nil {
		return err
	}
	if r.Endpoints, err = addRows(r.Endpoints, other.Endpoints); err != nil {
		return err
	}
	r.Resources = addResources(r.Resources, other.Resources)
	r.Addresses = addAddresses(r.Addresses, other.Addresses)
	r.Transactions, err = addRows(r.Transactions, other.Transactions)
	return err
}

// addRows adds endpoint to endpoint; one that is not there yet is added.
func addRows(mine, others []Endpoint) ([]Endpoint, error) {
	for _, e := range others {
		at := slices.IndexFunc(mine, func(m Endpoint) bool { return m.Name == e.Name && m.Place == e.Place })
		if at < 0 {
			at = len(mine)
			mine = append(mine, Endpoint{Name: e.Name, Place: e.Place, Request: e.Request, Was: e.Was})
		}
		own := &mine[at]
		own.Expected += e.Expected
		var err error
		if own.Slots, err = zip(own.Slots, e.Slots, func(s Slot) int { return s.Slot }, Slot.plus); err != nil {
			return mine, err
		}
		for _, f := range e.Failures {
			own.join(f)
		}
		for _, t := range e.Server {
			own.Server = AddServerTime(own.Server, t)
		}
		own.addExemplars(e.Exemplars)
	}
	return mine, nil
}

// Before says whether f's first failure came before other's: both are then shown
// with f's words and sample. Between two at the same time the words decide, so
// that the order of merging does not.
func (f Failure) Before(other Failure) bool {
	return cmp.Or(
		cmp.Compare(f.First, other.First), cmp.Compare(f.Detail, other.Detail), cmp.Compare(f.Sample, other.Sample),
		cmp.Compare(f.Cause, other.Cause), cmp.Compare(f.Location, other.Location),
	) < 0
}

// SayAs takes what is kept of the first failure of its kind from an earlier one.
func (f *Failure) SayAs(first Failure) {
	f.First, f.Cause, f.Detail, f.Location, f.Sample =
		first.First, first.Cause, first.Detail, first.Location, first.Sample
}

// join adds the counts of one failure; the sample is the earliest one's.
func (e *Endpoint) join(f Failure) {
	for i := range e.Failures {
		mine := &e.Failures[i]
		if mine.Kind != f.Kind || mine.Status != f.Status {
			continue
		}
		first := *mine
		if f.Before(*mine) {
			first = f
		}
		first.Count, first.Users = mine.Count+f.Count, mine.Users+f.Users
		first.Last = max(mine.Last, f.Last)
		*mine = first
		return
	}
	e.Failures = append(e.Failures, f)
}

// plus adds the users of two shards and merges their lag.
func (m Moment) plus(other Moment) (Moment, error) {
	lag, err := hist.Sum(m.Lag, other.Lag)
	if err != nil {
		return m, err
	}
	loads, err := sumFlows(m.Loads, other.Loads, func(a, b int) int { return a + b })
	return Moment{
		Slot: m.Slot, Users: m.Users + other.Users, Lag: lag,
		Offered: m.Offered + other.Offered, Dropped: m.Dropped + other.Dropped,
		Generator: m.Generator.worse(other.Generator), Loads: loads,
	}, err
}

// zip merges two ascending lists by their keys.
func zip[T any](a, b []T, key func(T) int, plus func(T, T) (T, error)) ([]T, error) {
	out := make([]T, 0, max(len(a), len(b)))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case key(a[0]) < key(b[0]):
			out, a = append(out, a[0]), a[1:]
		case key(a[0]) > key(b[0]):
			out, b = append(out, b[0]), b[1:]
		default:
			both, err := plus(a[0], b[0])
			if err != nil {
				return nil, err
			}
			out, a, b = append(out, both), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...), nil
}
