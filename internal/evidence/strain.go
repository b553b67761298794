package evidence

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// flag is a sign that the generator's process was short of something in the
// measured time. A new one is a row of the table.
type flag struct {
	subject string
	was     string // as in: the generator was ... and may be the reason
	raised  func(o own) (sign, bool)
	remedy  string
}

// sign is what a flag was raised for.
type sign struct {
	got    unit.Quantity
	limit  verdict.Value // the zero value: there should be none at all
	reason string
}

// What a generator's process may do, and may be denied, before it is no longer
// believed: judgement, not theory (statistics, section 8). What holds in at
// most a twentieth of the seconds leaves a p95 nearly as it was.
const (
	someSeconds  = 0.05 // a sign in more than this share of the seconds counts
	busyCPU      = 0.80 // of its processors
	stolenShare  = 0.01 // of the machine's processor time, over all,
	stolenSecond = 0.05 // or of that of one second
	waitingShare = 0.20 // of a second in which something waited for a processor
	lateWakes    = 0.01 // of its goroutines waited 1 ms or more for a processor
	longPause    = 10 * time.Millisecond
	pausePart    = 20 // a pause of a twentieth of the median latency is too long as well
)

// flags lists what is looked at, in the order of the verdict: causes before
// what they cause.
var flags = []flag{
	{"generator throttling", "throttled", own.throttled,
		"raise its CPU limit, lower the load, or split the run into shards"},
	{"generator steal", "short of CPU that the host took", own.stolen,
		"run it on a machine with processors of its own, or at a quieter time"},
	{"generator CPU", "short of CPU", own.busy, "give it more CPU, lower the load, or split the run into shards"},
	{"generator pressure", "waiting for CPU", own.waiting,
		"run nothing else on its machine, give it more CPU, or lower the load"},
	{"generator wake-ups", "waiting for CPU", own.woken,
		"run nothing else on its machine, give it more CPU, or lower the load"},
	{"generator pause", "collecting garbage", own.paused, "give it more CPU and memory, or lower the load"},
}

// own is what is known of the generator's process in the measured time: one
// reading a slot, less those that are not known.
type own struct {
	readings []*result.Generator
	slot     time.Duration
	median   time.Duration // of all latencies
}

// strains are the flags that are raised, and what the generator was.
func (o own) strains() (found []verdict.Check, was []string) {
	for _, f := range flags {
		s, raised := f.raised(o)
		if !raised {
			continue
		}
		found = append(found, verdict.Check{
			Subject: f.subject, Got: verdict.Measured(s.got), Limit: s.limit,
			Outcome: verdict.Warn, Shown: true, Reason: s.reason, Remedy: f.remedy,
		})
		was = append(was, f.was)
	}
	return found, was
}

// seconds is in how many slots a share was above a limit, and the highest.
func (o own) seconds(share func(*result.Generator) (float64, bool),
	limit float64) (above int, highest float64, some bool) {
	for _, g := range o.readings {
		v, known := share(g)
		if known && v > limit {
			above++
		}
		highest = max(highest, v)
	}
	return above, highest, float64(above) > someSeconds*float64(len(o.readings))
}

// of words a number of slots: "6 of 100 seconds" while they are seconds.
func (o own) of(n int) string {
	what := "seconds"
	if o.slot != result.SlotLength {
		what = "stretches of " + unit.Of(o.slot).String()
	}
	return fmt.Sprintf("%d of %d %s", n, len(o.readings), what)
}

func (o own) busy() (sign, bool) {
	n, highest, some := o.seconds(func(g *result.Generator) (float64, bool) {
		if g.CPU == nil {
			return 0, false
		}
		return *g.CPU, true
	}, busyCPU)
	cpus := 0.0
	for _, g := range o.readings {
		if g.CPUs > 0 && (cpus == 0 || g.CPUs < cpus) {
			cpus = g.CPUs
		}
	}
	whole := "its processors"
	if cpus > 0 {
		whole = fmt.Sprintf("the %s CPU that it may use", unit.Quantity{Value: cpus})
	}
	return sign{Share(highest), verdict.Measured(Share(busyCPU)),
		fmt.Sprintf("the generator used more than %s of %s in %s", Share(busyCPU), whole, o.of(n))}, some
}

func (o own) throttled() (sign, bool) {
	var all result.Throttle
	n := 0
	for _, g := range o.readings {
		if g.Throttle == nil {
			continue
		}
		if g.Throttle.Throttled > 0 {
			n++
		}
		all.Periods += g.Throttle.Periods
		all.Throttled += g.Throttle.Throttled
		all.Time += g.Throttle.Time
	}
	if n == 0 {
		return sign{}, false
	}
	return sign{Share(float64(all.Throttled) / float64(all.Periods)), verdict.Value{},
		fmt.Sprintf("the generator's container was throttled in %s, for %s in all", o.of(n), unit.Of(all.Time))}, true
}

func (o own) stolen() (sign, bool) {
	n, highest, some := o.seconds(func(g *result.Generator) (float64, bool) { return g.Steal.Ratio() }, stolenSecond)
	var taken, all float64
	for _, g := range o.readings {
		if g.Steal != nil {
			taken, all = taken+float64(g.Steal.Time), all+float64(g.Steal.Of)
		}
	}
	if all > 0 && taken > stolenShare*all {
		return sign{Share(taken / all), verdict.Measured(Share(stolenShare)),
			fmt.Sprintf("the host took %s of the processor time of the generator's machine: that looks like a slow "+
				"service", Share(taken/all))}, true
	}
	return sign{Share(highest), verdict.Measured(Share(stolenSecond)),
		fmt.Sprintf("the host took more than %s of the processor time of the generator's machine in %s: that looks "+
			"like a slow service",
			Share(stolenSecond), o.of(n))}, some
}

func (o own) waiting() (sign, bool) {
	n, highest, some := o.seconds(func(g *result.Generator) (float64, bool) { return g.Pressure.Ratio() }, waitingShare)
	return sign{Share(highest), verdict.Measured(Share(waitingShare)),
		fmt.Sprintf("something in the generator's container or on its machine waited for a processor for more than "+
			"%s of the time in %s", Share(waitingShare), o.of(n))}, some
}

func (o own) woken() (sign, bool) {
	var wakes, late float64
	for _, g := range o.readings {
		wakes += float64(g.Wakes)
		late += float64(g.Late)
	}
	if wakes == 0 {
		return sign{}, false
	}
	return sign{Share(late / wakes), verdict.Measured(Share(lateWakes)),
			fmt.Sprintf("%s of the generator's wake-ups waited 1ms or more for a processor", Share(late/wakes))},
		late > lateWakes*wakes
}

func (o own) paused() (sign, bool) {
	var pause time.Duration
	for _, g := range o.readings {
		pause = max(pause, g.Pause)
	}
	allowed := max(longPause, o.median/pausePart)
	return sign{unit.Of(pause), verdict.Measured(unit.Of(allowed)),
		fmt.Sprintf("the generator stood still for %s to collect garbage", unit.Of(pause))}, pause > allowed
}

// held says whether the kernel kept the process from running for a part of the
// slot that shows in latencies, from both clocks.
func held(g *result.Generator) bool {
	if g == nil {
		return false
	}
	stolen, _ := g.Steal.Ratio()
	return g.Throttle != nil && g.Throttle.Throttled > 0 || stolen > stolenSecond
}

// Share is a share in [0,1] as a quantity.
func Share(v float64) unit.Quantity { return unit.Quantity{Value: v, Unit: unit.Ratio} }
