package evidence

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// watchersOf compares the seconds in which services are looked at with the others:
// a page that blocks the service's event loop is slow for everybody. The seconds
// are those of looks that take their usual time, or else a service that stands
// still for a reason of its own would make the looks long that fall into it, and
// their seconds slow. Quick looks that are made at the same times are compared
// together, and behind the slow ones, without the seconds that those explain.
// Looks that are made in every second have no others.
func watchersOf(e *Run) []*watcher {
	var all []*watcher
	quick := map[time.Duration]*watcher{}
	for _, w := range e.Places() {
		if w.local {
			continue
		}
		if same := quick[w.Every]; same != nil && !w.Slow() {
			same.Names, same.looks = append(same.Names, w.Names...), append(same.looks, w.looks...)
			same.settle()
			continue
		}
		if !w.Slow() {
			quick[w.Every] = w
		}
		all = append(all, w)
	}
	slices.SortStableFunc(all, func(a, b *watcher) int { return cmp.Compare(b.Usual, a.Usual) })
	explained := map[int]bool{}
	for _, w := range all {
		w.slots, w.Actual = map[int]bool{}, map[int]bool{}
		for _, l := range w.looks {
			e.Cover(w.slots, l.at, l.at+w.Usual+max(w.Usual/2, behindLook))
			took := min(l.took, 2*w.Usual) // a longer one fell into something that is not its doing
			e.Cover(w.Actual, l.at, l.at+took+max(took/2, behindLook))
		}
		s, ok := stat.Settling(beside(e, w, explained))
		w.Slower, w.Disturbs = s.Ratio-1, ok && s.P < stat.WithinError && s.Ratio-1 >= stat.SettlingRise
		if w.Disturbs {
			maps.Copy(explained, w.Actual)
		}
	}
	return all
}

// beside are the logarithms of the mean latency of what ended in and just behind
// each look, and between them, as one value each: who waits for a look is answered
// in its last second, or in the next. Some slots are left out.
func beside(e *Run, w *watcher, without map[int]bool) (in, out []float64) {
	var all hist.Latency
	end := e.Window.First + e.Window.Slots
	for slot := e.Window.First; slot < end; slot++ {
		if without[slot] {
			continue
		}
		looked := w.slots[slot]
		endedIn(e, slot, &all)
		if looked {
			w.Within++
		} else {
			w.Without++
		}
		if slot+1 < end && w.slots[slot+1] == looked && !without[slot+1] {
			continue
		}
		if m, ok := all.Mean(); ok && m > 0 {
			if looked {
				in = append(in, math.Log(float64(m)))
			} else {
				out = append(out, math.Log(float64(m)))
			}
		}
		all = hist.Latency{}
	}
	return in, out
}

// endedIn adds the latencies of what ended in a slot.
func endedIn(e *Run, slot int, all *hist.Latency) {
	for _, ep := range e.Endpoints {
		at, there := slices.BinarySearchFunc(ep.Slots, slot, func(s result.Slot, slot int) int { return s.Slot - slot })
		if there && !ep.Once.Any() && ep.Slots[at].Latency.Into(all) != nil {
			return // the tally has reported it
		}
	}
}

// Cover marks the slots from one time to another.
func (e *Run) Cover(slots map[int]bool, from, until time.Duration) {
	for slot := int(from / e.Window.Slot); time.Duration(slot)*e.Window.Slot < until; slot++ {
		slots[slot] = true
	}
}

// probed are the slots in which a slow look was under way or had just ended, of
// probes in whose seconds requests are slower. What is too slow in them alone may
// be loadgate's own doing.
func probed(e *Run) map[int]bool {
	slots := map[int]bool{}
	for _, w := range e.Watchers {
		if w.Disturbs && w.Slow() {
			maps.Copy(slots, w.Actual)
		}
	}
	return slots
}

// Blocks says whether the service stands still while a resource is read.
func (e *Run) Blocks(r config.Resource) bool {
	return slices.ContainsFunc(e.Watchers, func(w *watcher) bool {
		return w.Disturbs && w.Slow() && slices.Contains(w.Names, r.Name)
	})
}

// lookedAt says whether such a look was under way, or had just ended, in each of the
// slots [from, to).
func lookedAt(e *Run, from, to int) bool {
	for slot := from; slot < to; slot++ {
		if !e.Looks[slot] {
			return false
		}
	}
	return to > from
}

// Places are what was read during the run, by where.
func (e *Run) Places() []*watcher {
	var all []*watcher
	at := map[string]*watcher{}
	for i := range e.Result.Resources {
		r := &e.Result.Resources[i]
		if len(r.Readings) == 0 || r.Every <= 0 {
			continue
		}
		place := cmp.Or(r.Place, r.Name)
		w := at[place]
		if w == nil {
			w = &watcher{Place: place, local: r.From.Local(), Every: r.Every}
			at[place] = w
			all = append(all, w)
		}
		w.Names, w.Every = append(w.Names, r.Name), min(w.Every, r.Every)
		for _, reading := range r.Readings {
			w.looks = append(w.looks, look{reading.At, reading.Took})
		}
	}
	for _, w := range all {
		w.settle()
	}
	return all
}
