package gate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/unit"
)

// probeCost warns of probes that are a part of the load.
func probeCost(e *evidence) []Check {
	var checks []Check
	for _, w := range e.places() {
		if w.usual <= w.every/slowProbe {
			continue
		}
		often := "every " + unit.Compact(w.every)
		if apart := w.apart(); apart > w.every {
			often = fmt.Sprintf("every %s of the %s that the file asks for", unit.Of(apart), unit.Compact(w.every))
		}
		checks = append(checks, Check{
			Subject: "probe " + strings.Join(w.names, ", "), Outcome: Warn,
			Shown: true, Got: Measured(unit.Of(w.usual)),
			Limit:  Measured(unit.Of(w.every / slowProbe)),
			Reason: fmt.Sprintf("one look takes %s, %s: reading it is a part of the load", unit.Of(w.usual), often),
			Remedy: "write a longer every",
		})
	}
	return append(checks, e.disturbed()...)
}

// disturbed warns where requests are slower in the seconds of looks.
func (e *evidence) disturbed() []Check {
	var checks []Check
	for _, w := range e.watchers {
		if !w.disturbs {
			continue
		}
		checks = append(checks, Check{
			Subject: "probes", Outcome: Warn, Shown: true,
			Reason: fmt.Sprintf(
				"requests are %s slower in the seconds in which %s is read than in the others (%d and %d seconds): "+
					"reading it may block the service", rise(w.s.Ratio-1), strings.Join(w.names, ", "), w.in, w.out),
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
	for _, w := range e.watchers {
		if w.disturbs && w.slow() {
			maps.Copy(slots, w.actual)
		}
	}
	return slots
}

// blocks says whether the service stands still while a resource is read.
func (e *evidence) blocks(r config.Resource) bool {
	return slices.ContainsFunc(e.watchers, func(w *watcher) bool {
		return w.disturbs && w.slow() && slices.Contains(w.names, r.Name)
	})
}

// longerEvery is what to do about what is broken only while a probe is read.
const longerEvery = "write a longer every for the probe, or leave it out of the test, and run again"

// lookedAt says whether such a look was under way, or had just ended, in each of the
// slots [from, to).
func (e *evidence) lookedAt(from, to int) bool {
	for slot := from; slot < to; slot++ {
		if !e.looks[slot] {
			return false
		}
	}
	return to > from
}

// ownProbe is a probe of loadgate that the service stands still for.
func ownProbe(e *evidence, x *surplus) []Cause {
	var found []Cause
	for _, w := range e.watchers {
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
			Evidence: fmt.Sprintf(
				"one look at %s takes %s, every %s, for %s; %.0f of the %.0f requests above their limits "+
					"ended while it was read or just behind it, as %s of all requests did",
				w.place, unit.Of(w.usual), unit.Compact(w.apart()), strings.Join(w.names, ", "), in.over, all.over,
				share(in.all/max(all.all, 1))),
			Next: "write a longer every, or leave it out of the test; then mend the page: whatever else reads it in " +
				"production stops the service as well",
		}.sized(x.within(func(slot int) bool { return w.actual[slot] })...)
		if ok {
			found = append(found, c)
		}
	}
	return found
}
