package diagnose

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

// What counts as a stall: most endpoints of a second have an answer that took
// several times their own median, and so much more of it.
const (
	stallTimes  = 4
	stallLeast  = 100 * time.Millisecond
	stallShare  = 0.6
	stallFewest = 3     // of them make a cause
	stallMost   = 0.4   // of the time: more of it is slow, not stalled
	stallChance = 0.001 // with which endpoints that know nothing of each other may be slow together so often
)

// stall is a time in which everything waits.
type stall struct {
	first, last int // slots
	longest     time.Duration
}

// stalls are bursts in which all endpoints are slow together: an event loop that
// is blocked, a collector that stops the world, a lock that all need. Endpoints
// that are slow by themselves are not slow in the same seconds.
func stalls(e *evidence.Run, x *surplus) []verdict.Cause {
	found := stallsOf(e)
	if len(found) < stallFewest || float64(len(found)) > stallMost*float64(e.Window.Slots) {
		return nil
	}
	var lengths []float64
	slots, own, probed := map[int]bool{}, e.Looks, 0
	for _, s := range found {
		lengths = append(lengths, float64(s.longest))
		for slot := s.first; slot <= s.last; slot++ {
			slots[slot] = true
		}
		if own[s.first] || own[s.last] {
			probed++
		}
	}
	if 2*probed > len(found) {
		return nil // they are those of loadgate's own probe
	}
	median, _ := stat.Median(lengths)
	usual := time.Duration(median).Round(10 * time.Millisecond)
	args := reason.Args{
		"times": len(found), "usual": usual, "first": e.Wall(time.Duration(found[0].first) * e.Window.Slot),
	}
	every, steady := regular(found, e.Window.Slot)
	if steady {
		args["every"] = every
	}
	if !steady && !x.any() {
		return nil // a busy machine does that too, and nothing is too slow for it
	}
	return []verdict.Cause{observed(verdict.Cause{Because: reason.Stalls.With(args)},
		x.within(func(slot int) bool { return slots[slot] })...)}
}

// stallsOf finds the seconds in which most endpoints were slow together, joined
// where they touch; nothing where they may well be so by chance.
func stallsOf(e *evidence.Run) []stall {
	usual := map[*result.Endpoint]time.Duration{}
	slots := map[*result.Endpoint]map[int]hist.Sparse{}
	for _, ep := range e.Endpoints {
		median, ok := e.Tally(evidence.Group{ep}, e.Window, estimate.Intended).Latency.Quantile(0.5)
		if !ok || ep.Once.Any() {
			continue
		}
		usual[ep] = median
		slots[ep] = map[int]hist.Sparse{}
		for _, s := range ep.Slots {
			slots[ep][s.Slot] = s.Latency
		}
	}
	var found []stall
	var all, need []int
	marked, looks, together := 0, 0, 0
	for slot := e.Window.First; slot < e.Window.First+e.Window.Slots; slot++ {
		asked, slow, longest := 0, 0, time.Duration(0)
		for ep, median := range usual {
			var l hist.Latency
			if slots[ep][slot].Into(&l) != nil {
				continue
			}
			most, ok := l.Max()
			if !ok {
				continue
			}
			asked++
			if most >= stallTimes*median && most >= median+stallLeast {
				slow++
				longest = max(longest, most-median)
			}
		}
		if asked < 2 {
			continue
		}
		fewest := int(math.Ceil(stallShare * float64(asked)))
		all, need = append(all, asked), append(need, fewest)
		marked, looks = marked+slow, looks+asked
		if slow < fewest {
			continue
		}
		together++
		if n := len(found); n > 0 && found[n-1].last == slot-1 {
			found[n-1].last, found[n-1].longest = slot, max(found[n-1].longest, longest)
			continue
		}
		found = append(found, stall{slot, slot, longest})
	}
	if looks == 0 || stat.Coincidence(all, need, float64(marked)/float64(looks), together) > stallChance {
		return nil
	}
	return found
}

// regular is the time from one stall to the next, where most of them keep it.
func regular(found []stall, slot time.Duration) (time.Duration, bool) {
	var gaps []float64
	for i := 1; i < len(found); i++ {
		gaps = append(gaps, float64(found[i].first-found[i-1].first))
	}
	usual, _ := stat.Median(gaps)
	kept := 0
	for _, g := range gaps {
		if math.Abs(g-usual) <= 1 {
			kept++
		}
	}
	return time.Duration(usual * float64(slot)), len(gaps) >= 2 && usual >= 2 && float64(kept) >= 0.7*float64(len(gaps))
}
