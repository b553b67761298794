package gate

import (
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

// meddling warns of probes that are a part of the load.
func meddling(e *evidence) []Check {
	var checks []Check
	for i := range e.result.Resources {
		r := &e.result.Resources[i]
		var took []float64
		for _, reading := range r.Readings {
			took = append(took, float64(reading.Took))
		}
		if len(took) == 0 || r.Every <= 0 {
			continue
		}
		usual := time.Duration(middle(took))
		if usual > r.Every/slowProbe {
			checks = append(checks, Check{
				Subject: "probe " + r.Name, Outcome: Warn, Shown: true, Got: Measured(unit.Of(usual)), Limit: Measured(unit.Of(r.Every / slowProbe)),
				Reason: fmt.Sprintf("one look takes %s, every %s: reading it is a part of the load", unit.Of(usual), unit.Compact(r.Every)),
				Remedy: "write a longer every",
			})
		}
	}
	return append(checks, e.disturbed()...)
}

// slowProbe is the part of its interval that a look may take.
const slowProbe = 10

// disturbed compares the seconds in which probes looked with the others: a page
// that blocks the service's event loop is slow for everybody.
func (e *evidence) disturbed() []Check {
	looked := map[time.Duration]map[int]bool{} // by interval
	names := map[time.Duration][]string{}
	for _, r := range e.result.Resources {
		if r.Every < 2*e.window.Slot || r.From == "host" {
			continue // it looks in every second
		}
		if looked[r.Every] == nil {
			looked[r.Every] = map[int]bool{}
		}
		names[r.Every] = append(names[r.Every], r.Name)
		for _, reading := range r.Readings {
			looked[r.Every][int(reading.At/e.window.Slot)] = true
		}
	}
	var checks []Check
	for _, every := range slices.Sorted(maps.Keys(looked)) {
		slots := looked[every]
		var with, without []float64
		for slot := e.window.First; slot < e.window.First+e.window.Slots; slot++ {
			v, ok := e.meanOf(slot)
			switch {
			case !ok:
			case slots[slot]:
				with = append(with, v)
			default:
				without = append(without, v)
			}
		}
		s, ok := stat.Settling(with, without)
		if !ok || s.P >= stat.WithinError || s.Ratio-1 < stat.SettlingRise {
			continue
		}
		slices.Sort(names[every])
		checks = append(checks, Check{
			Subject: "probes", Outcome: Warn, Shown: true,
			Reason: fmt.Sprintf("requests are %s slower in the seconds in which %s is read than in the others (%d and %d seconds): reading it may block the service",
				rise(s.Ratio-1), strings.Join(names[every], ", "), len(with), len(without)),
			Remedy: "write a longer every, or read it where it does not stand in the way",
		})
	}
	return checks
}

// meanOf is the logarithm of the mean latency of what ended in a slot.
func (e *evidence) meanOf(slot int) (float64, bool) {
	var all hist.Latency
	for _, ep := range e.endpoints {
		at, there := slices.BinarySearchFunc(ep.Slots, slot, func(s result.Slot, slot int) int { return s.Slot - slot })
		if there && !ep.Start && ep.Slots[at].Latency.Into(&all) != nil {
			return 0, false
		}
	}
	m, ok := all.Mean()
	return math.Log(float64(m)), ok && m > 0
}
