package gate

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// slowProbe is the part of its interval that a look may take, and slowLook how
// long it may take however seldom it is made.
const (
	slowProbe = 10
	slowLook  = 200 * time.Millisecond
)

// behindLook is how long behind the end of a look requests that waited for it are
// still answered, at least; of a longer one half of its own time.
const behindLook = 100 * time.Millisecond

// watcher is what is read at one place, by one look for all of its resources.
type watcher struct {
	names    []string      // of the resources
	place    string        // or the name of the only resource
	local    bool          // the machine is asked, and no service
	every    time.Duration // the shortest interval of the resources
	looks    []look        // in order of time
	usual    time.Duration // the median time of a look
	slots    map[int]bool  // with looks under way or just ended, if each took the usual time
	actual   map[int]bool  // the same, by the time that each took, up to twice the usual
	s        stat.Settled  // requests in these slots compared with those in the others
	in, out  int           // slots that were compared
	disturbs bool
}

// look is one time that a place was asked.
type look struct{ at, took time.Duration }

// slow says whether its looks take so long that they may be what others wait for.
func (w *watcher) slow() bool { return w.usual >= slowLook || w.usual*slowProbe >= w.every }

// apart is the time from one look to the next, as a rule: a page that is slow is
// asked more seldom than the file says.
func (w *watcher) apart() time.Duration {
	var gaps []float64
	for i := 1; i < len(w.looks); i++ {
		gaps = append(gaps, float64(w.looks[i].at-w.looks[i-1].at))
	}
	return max(w.every, time.Duration(middle(gaps)).Round(100*time.Millisecond))
}

// places are what was read during the run, by where.
func (e *evidence) places() []*watcher {
	var all []*watcher
	at := map[string]*watcher{}
	for i := range e.result.Resources {
		r := &e.result.Resources[i]
		if len(r.Readings) == 0 || r.Every <= 0 {
			continue
		}
		place := cmp.Or(r.Place, r.Name)
		w := at[place]
		if w == nil {
			local := r.From == "host" || r.From == "process" || r.From == "cgroup"
			w = &watcher{place: place, local: local, every: r.Every}
			at[place] = w
			all = append(all, w)
		}
		w.names, w.every = append(w.names, r.Name), min(w.every, r.Every)
		for _, reading := range r.Readings {
			w.looks = append(w.looks, look{reading.At, reading.Took})
		}
	}
	for _, w := range all {
		w.settle()
	}
	return all
}

// settle brings the looks into order, each once, and finds the usual one.
func (w *watcher) settle() {
	slices.SortFunc(w.looks,
		func(a, b look) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(b.took, a.took)) })
	w.looks = slices.CompactFunc(w.looks, func(a, b look) bool { return a.at == b.at })
	var took []float64
	for _, l := range w.looks {
		took = append(took, float64(l.took))
	}
	w.usual = time.Duration(middle(took))
	slices.Sort(w.names)
}

// watchersOf compares the seconds in which services are looked at with the others:
// a page that blocks the service's event loop is slow for everybody. The seconds
// are those of looks that take their usual time, or else a service that stands
// still for a reason of its own would make the looks long that fall into it, and
// their seconds slow. Quick looks that are made at the same times are compared
// together, and behind the slow ones, without the seconds that those explain.
// Looks that are made in every second have no others.
func (e *evidence) watchersOf() []*watcher {
	var all []*watcher
	quick := map[time.Duration]*watcher{}
	for _, w := range e.places() {
		if w.local {
			continue
		}
		if same := quick[w.every]; same != nil && !w.slow() {
			same.names, same.looks = append(same.names, w.names...), append(same.looks, w.looks...)
			same.settle()
			continue
		}
		if !w.slow() {
			quick[w.every] = w
		}
		all = append(all, w)
	}
	slices.SortStableFunc(all, func(a, b *watcher) int { return cmp.Compare(b.usual, a.usual) })
	explained := map[int]bool{}
	for _, w := range all {
		w.slots, w.actual = map[int]bool{}, map[int]bool{}
		for _, l := range w.looks {
			e.cover(w.slots, l.at, l.at+w.usual+max(w.usual/2, behindLook))
			took := min(l.took, 2*w.usual) // a longer one fell into something that is not its doing
			e.cover(w.actual, l.at, l.at+took+max(took/2, behindLook))
		}
		s, ok := stat.Settling(e.beside(w, explained))
		w.s, w.disturbs = s, ok && s.P < stat.WithinError && s.Ratio-1 >= stat.SettlingRise
		if w.disturbs {
			maps.Copy(explained, w.actual)
		}
	}
	return all
}

// beside are the logarithms of the mean latency of what ended in and just behind
// each look, and between them, as one value each: who waits for a look is answered
// in its last second, or in the next. Some slots are left out.
func (e *evidence) beside(w *watcher, without map[int]bool) (in, out []float64) {
	var all hist.Latency
	end := e.window.First + e.window.Slots
	for slot := e.window.First; slot < end; slot++ {
		if without[slot] {
			continue
		}
		looked := w.slots[slot]
		e.endedIn(slot, &all)
		if looked {
			w.in++
		} else {
			w.out++
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
func (e *evidence) endedIn(slot int, all *hist.Latency) {
	for _, ep := range e.endpoints {
		at, there := slices.BinarySearchFunc(ep.Slots, slot, func(s result.Slot, slot int) int { return s.Slot - slot })
		if there && !ep.Start && ep.Slots[at].Latency.Into(all) != nil {
			return // which the tally has told
		}
	}
}
