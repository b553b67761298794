package gate

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// meddling warns of probes that are a part of the load. Those of one page are
// one look.
func meddling(e *evidence) []Check {
	var checks []Check
	at := map[string]int{} // where the check of a page is
	for i := range e.result.Resources {
		r := &e.result.Resources[i]
		if len(r.Readings) == 0 || r.Every <= 0 {
			continue
		}
		usual := usualLook(r)
		if usual <= r.Every/slowProbe {
			continue
		}
		page := fmt.Sprint(r.From, r.Place, r.Every)
		if first, told := at[page]; told && r.Place != "" {
			checks[first].Subject += ", " + r.Name
			continue
		}
		at[page] = len(checks)
		checks = append(checks, Check{
			Subject: "probe " + r.Name, Outcome: Warn, Shown: true, Got: Measured(unit.Of(usual)),
			Limit: Measured(unit.Of(r.Every / slowProbe)),
			Reason: fmt.Sprintf("one look takes %s, every %s: reading it is a part of the load", unit.Of(usual),
				unit.Compact(r.Every)),
			Remedy: "write a longer every",
		})
	}
	return append(checks, e.disturbed()...)
}

// slowProbe is the part of its interval that a look may take, and slowLook how
// long it may take however seldom it is made.
const (
	slowProbe = 10
	slowLook  = 200 * time.Millisecond
)

// behindLook is how long behind the end of a look requests that waited for it are
// still answered, at least; of a longer one half of its own time.
const behindLook = 100 * time.Millisecond

// watcher is the looks that are made at the same times at something that answers
// them, which may be the service.
type watcher struct {
	every    time.Duration
	names    []string // of the resources
	place    string   // of the slowest
	usual    time.Duration
	slots    map[int]bool // in which looks were under way, or had just ended, if each took the usual time
	actual   map[int]bool // the same, by the time that each took
	s        stat.Settled // requests in these slots against those in the others
	in, out  int          // slots that were compared
	disturbs bool
}

// slow says whether its looks take so long that they may be what others wait for.
func (w watcher) slow() bool { return w.usual >= slowLook || w.usual*slowProbe >= w.every }

// watchers compares the seconds of the looks with the others, for each interval:
// a page that blocks the service's event loop is slow for everybody. The seconds
// are those of looks that take their usual time, or else a service that stands
// still for a reason of its own would make the looks long that fall into it, and
// their seconds slow. Looks that are made in every second have no others.
func (e *evidence) watchers() []watcher {
	byEvery := map[time.Duration]*watcher{}
	for i := range e.result.Resources {
		r := &e.result.Resources[i]
		local := r.From == "host" || r.From == "process" || r.From == "cgroup" // they ask the machine
		if r.Every < 2*e.window.Slot || local || len(r.Readings) == 0 {
			continue
		}
		w := byEvery[r.Every]
		if w == nil {
			w = &watcher{every: r.Every, slots: map[int]bool{}, actual: map[int]bool{}}
			byEvery[r.Every] = w
		}
		w.names = append(w.names, r.Name)
		usual := usualLook(r)
		if w.place == "" || usual > w.usual {
			w.place, w.usual = cmp.Or(r.Place, r.Name), usual
		}
		for _, reading := range r.Readings {
			e.cover(w.slots, reading.At, reading.At+usual+max(usual/2, behindLook))
			e.cover(w.actual, reading.At, reading.At+reading.Took+max(reading.Took/2, behindLook))
		}
	}
	var all []watcher
	for _, every := range slices.Sorted(maps.Keys(byEvery)) {
		w := byEvery[every]
		slices.Sort(w.names)
		s, ok := stat.Settling(e.beside(w))
		w.s, w.disturbs = s, ok && s.P < stat.WithinError && s.Ratio-1 >= stat.SettlingRise
		all = append(all, *w)
	}
	return all
}

// usualLook is the median time that a look took.
func usualLook(r *result.Resource) time.Duration {
	var took []float64
	for _, reading := range r.Readings {
		took = append(took, float64(reading.Took))
	}
	return time.Duration(middle(took))
}

// disturbed warns where requests are slower in the seconds of looks.
func (e *evidence) disturbed() []Check {
	var checks []Check
	for _, w := range e.watchers() {
		if !w.disturbs {
			continue
		}
		checks = append(checks, Check{
			Subject: "probes", Outcome: Warn, Shown: true,
			Reason: fmt.Sprintf("requests are %s slower in the seconds in which %s is read than in the others (%d and %d seconds): reading it may block the service",
				rise(w.s.Ratio-1), strings.Join(w.names, ", "), w.in, w.out),
			Remedy: "write a longer every, or read it where it does not stand in the way",
		})
	}
	return checks
}

// probed are the slots in which a slow look was under way or had just ended, of
// probes in whose seconds requests are slower. What is too slow in them alone may
// be loadgate's own doing.
func (e *evidence) probed() map[int]bool {
	slots := map[int]bool{}
	for _, w := range e.watchers() {
		if w.disturbs && w.slow() {
			maps.Copy(slots, w.actual)
		}
	}
	return slots
}

// ownProbe is a probe of loadgate that the service stands still for.
func ownProbe(e *evidence, x *surplus) []Cause {
	var found []Cause
	for _, w := range e.watchers() {
		if !w.disturbs || !w.slow() || !x.any() {
			continue
		}
		all, in := sum(x.slow), counted{}
		for slot, c := range x.slow {
			if w.actual[slot] {
				in = in.plus(c)
			}
		}
		c, ok := Cause{
			Title: "loadgate's own probe blocks the service",
			Evidence: fmt.Sprintf("one look at %s takes %s, every %s, for %s; %.0f of the %.0f requests above their limits ended while it was read or just behind it, as %s of all requests did",
				w.place, unit.Of(w.usual), unit.Compact(w.every), strings.Join(w.names, ", "), in.over, all.over,
				share(in.all/max(all.all, 1))),
			Next: "write a longer every, or leave it out of the test; then mend the page: whatever else reads it in production stops the service as well",
		}.sized(x.within(func(slot int) bool { return w.actual[slot] })...)
		if ok {
			found = append(found, c)
		}
	}
	return found
}

// beside are the logarithms of the mean latency of what ended in and just behind
// each look, and between them, as one value each: who waits for a look is answered
// in its last second, or in the next.
func (e *evidence) beside(w *watcher) (with, without []float64) {
	var all hist.Latency
	end := e.window.First + e.window.Slots
	for slot := e.window.First; slot < end; slot++ {
		looked := w.slots[slot]
		e.endedIn(slot, &all)
		if looked {
			w.in++
		} else {
			w.out++
		}
		if slot+1 < end && w.slots[slot+1] == looked {
			continue
		}
		if m, ok := all.Mean(); ok && m > 0 {
			if looked {
				with = append(with, math.Log(float64(m)))
			} else {
				without = append(without, math.Log(float64(m)))
			}
		}
		all = hist.Latency{}
	}
	return with, without
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
