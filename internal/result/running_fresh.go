package result

import "slices"

// freshSeconds is how many seconds are kept one by one where slots are longer: more than the slowest worker of a run
// is behind the fastest.
const freshSeconds = 120

// fresh are the newest seconds of a run whose slots have become longer: who looks on is shown every second. The zero
// value has none.
type fresh struct {
	moments []Moment // with the users
	rows    map[rowName][]pile
}

// take adds a second of a shard, and forgets those that are long over. One that is older than those that are kept is
// left out.
func (f *fresh) take(slice *Slice, rows []rowName) (err error) {
	second := slice.Moment.Slot
	if len(f.moments) == freshSeconds && second < f.moments[0].Slot {
		return nil
	}
	if f.moments, err = insert(f.moments, second, slice.Moment, (*Moment).number, Moment.plus); err != nil {
		return err
	}
	if f.rows == nil {
		f.rows = map[rowName][]pile{}
	}
	for _, part := range slice.Endpoints {
		slot, name := part.Slot, rows[part.Index]
		slot.Slot = second
		if f.rows[name], err = insert(f.rows[name], second, pile{whole: slot}, (*pile).number, pile.plus); err != nil {
			return err
		}
	}
	f.forget()
	return nil
}

// forget leaves the newest seconds that any shard has sent. A worker that claims to be hours ahead costs one of them.
func (f *fresh) forget() {
	if len(f.moments) <= freshSeconds {
		return
	}
	f.moments = slices.Clone(f.moments[len(f.moments)-freshSeconds:])
	oldest := f.moments[0].Slot
	for name, piles := range f.rows {
		f.rows[name] = since(piles, oldest, (*pile).number)
	}
}

// since are those of an ascending list from a number on, in a list of their own.
func since[T any](all []T, from int, number func(*T) *int) []T {
	at, _ := search(all, from, number)
	if at == 0 {
		return all
	}
	return slices.Clone(all[at:])
}

// seconds are the newest seconds of a run whose slots are a second still: those with which fresh begins.
func (r *Running) seconds() fresh {
	f := fresh{rows: map[rowName][]pile{}, moments: slices.Clone(r.moments[max(0, len(r.moments)-freshSeconds):])}
	if len(f.moments) == 0 {
		return f
	}
	oldest := f.moments[0].Slot
	for i := range f.moments {
		f.moments[i] = r.peopled(f.moments[i])
	}
	for name, piles := range r.slots {
		for _, p := range since(piles, oldest, (*pile).number) {
			p.waiting = slices.Clone(p.waiting)
			f.rows[name] = append(f.rows[name], p)
		}
	}
	return f
}

// second is one of them.
func (f *fresh) second(number int, rows []rowName) (*Slice, bool) {
	at, found := search(f.moments, number, (*Moment).number)
	if !found {
		return nil, false
	}
	s := &Slice{Moment: f.moments[at]}
	for i, name := range rows {
		piles := f.rows[name]
		at, found := search(piles, number, (*pile).number)
		if !found {
			continue
		}
		slot, err := piles[at].sum()
		if err != nil {
			return nil, false
		}
		s.Endpoints = append(s.Endpoints, EndpointSlice{Index: i, Slot: slot})
	}
	return s, true
}

// Second is the sum of one second of all shards, with neither failures nor readings; its rows are those of
// Result. False: there is none, or it is so long ago that neighbouring seconds are one by now.
func (r *Running) Second(number int) (*Slice, bool) {
	if len(r.shards) == 0 {
		return nil, false
	}
	f := r.fresh
	if r.slot == SlotLength {
		f = fresh{moments: r.moments, rows: r.slots}
	}
	s, ok := f.second(number, r.shards[r.lowest()].rows)
	if ok && r.slot == SlotLength {
		s.Moment = r.peopled(s.Moment)
	}
	return s, ok
}

// lowest is the number of the first shard that has begun.
func (r *Running) lowest() int {
	lowest := 0
	for k := range r.shards {
		if lowest == 0 || k < lowest {
			lowest = k
		}
	}
	return lowest
}
