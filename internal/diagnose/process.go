package diagnose

import (
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// What a process that has filled one core looks like: near the whole of it in its
// busiest seconds, most of it in the usual one, and never two.
const (
	fullCore  = 0.85
	mostCore  = 0.70
	beyondOne = 1.15
)

// coreUsed is the processor time of the service's process, in cores.
type coreUsed struct{ usual, high float64 } // median and 95th percentile

// coreUse is what the first watched process used of one core, and the readings of
// it; false where no process was watched, or nobody knows how many cores there
// are.
func coreUse(e *evidence.Run) (coreUsed, *result.Resource, bool) {
	cores := float64(e.Result.Origin.Runner.Cores)
	for i := range e.Result.Resources {
		r := &e.Result.Resources[i]
		values := counting(e, r)
		if r.From != metric.FromProcess || r.Read != "cpu" || r.Unit != unit.Ratio ||
			len(values) < evidence.FewestReadings || cores == 0 {
			continue
		}
		slices.Sort(values)
		high := values[min(int(math.Ceil(0.95*float64(len(values)))), len(values))-1]
		usual, _ := stat.Median(values)
		return coreUsed{usual * cores, high * cores}, r, true
	}
	return coreUsed{}, nil, false
}

// boundProcess is a process that fills one core, and can use no other: one event
// loop, or one interpreter with its lock. A request that comes while the core is
// busy waits, so that busy share is what it explains.
func boundProcess(e *evidence.Run, x *surplus) []verdict.Cause {
	used, r, ok := coreUse(e)
	if !ok || !x.any() || used.high < fullCore || used.usual < mostCore || used.high > beyondOne {
		return nil
	}
	cores := e.Result.Origin.Runner.Cores
	busy := map[int]float64{}
	for i, reading := range r.Readings {
		if !reading.Measured() {
			continue
		}
		since := max(0, reading.At-r.Every)
		if i > 0 {
			since = r.Readings[i-1].At
		}
		slots := map[int]bool{}
		e.Cover(slots, since, reading.At)
		for slot := range slots {
			busy[slot] = *reading.Value * float64(cores)
		}
	}
	args := reason.Args{
		"process": r.Name, "high": evidence.Share(used.high), "usual": evidence.Share(used.usual),
		"share": evidence.Share(used.high / float64(cores)), "machine": cores,
	}
	next := reason.MoreCores
	if cores > 1 {
		args["cores"], next = cores, reason.MoreWorkers
	}
	c, _ := sized(verdict.Cause{
		Because: reason.ProcessFillsCore.With(args), Remedies: []reason.Reason{next.Plain()},
	}, x.weighed(func(slot int) (float64, bool) { v, ok := busy[slot]; return v, ok }))
	return []verdict.Cause{c}
}
