package evidence

import (
	"time"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// symptom is a sign that the generator's process was short of something in the
// measured time. A new one is a row of the table.
type symptom struct {
	subject string
	measure func(o own) (Overload, bool) // without the subject; false: there is none
}

// What a generator's process may do, and may be denied, before it is no longer
// believed: judgement, not theory (statistics, section 8). What holds in at
// most a twentieth of the seconds leaves a p95 nearly as it was.
const (
	SomeSeconds  = 0.05 // what holds in more than this share of the seconds counts
	busyCPU      = 0.80 // of its processors
	stolenShare  = 0.01 // of the machine's processor time, over all,
	stolenSecond = 0.05 // or of that of one second
	waitingShare = 0.20 // of a second in which something waited for a processor
	lateWakes    = 0.01 // of its goroutines waited 1 ms or more for a processor
	longPause    = 10 * time.Millisecond
	pausePart    = 20 // a pause of a twentieth of the median latency is too long as well
)

// symptoms lists what is looked at, in the order of the verdict: causes before
// what they cause.
var symptoms = []symptom{
	{"generator throttling", own.throttled},
	{"generator steal", own.stolen},
	{"generator CPU", own.busy},
	{"generator pressure", own.waiting},
	{"generator wake-ups", own.woken},
	{"generator pause", own.paused},
}

// own is what is known of the generator's process in the measured time: one
// reading a slot, less those that are not known.
type own struct {
	readings []*result.Generator
	slot     time.Duration
	median   time.Duration // of all latencies
}

// Overload is one thing that the generator's process was short of.
type Overload struct {
	Subject string
	Got     unit.Quantity
	Limit   verdict.Value // the zero value: there should be none at all
	Because reason.Reason
}

// overloads are the symptoms that show.
func (o own) overloads() (found []Overload) {
	for _, s := range symptoms {
		if short, shows := s.measure(o); shows {
			short.Subject = s.subject
			found = append(found, short)
		}
	}
	return found
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
	return above, highest, float64(above) > SomeSeconds*float64(len(o.readings))
}

// of adds a number of slots to some arguments: slots of all that there are, and how long one
// is where that is not a second.
func (o own) of(n int, args reason.Args) reason.Args {
	args["slots"], args["of"] = n, len(o.readings)
	if o.slot != result.SlotLength {
		args["slot"] = o.slot
	}
	return args
}

func (o own) busy() (Overload, bool) {
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
	args := o.of(n, reason.Args{"limit": Share(busyCPU)})
	if cpus > 0 {
		args["cpus"] = cpus
	}
	return Overload{
		Got: Share(highest), Limit: verdict.Measured(Share(busyCPU)),
		Because: reason.GeneratorBusy.With(args),
	}, some
}

func (o own) throttled() (Overload, bool) {
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
		return Overload{}, false
	}
	return Overload{
		Got:     Share(float64(all.Throttled) / float64(all.Periods)),
		Because: reason.GeneratorThrottled.With(o.of(n, reason.Args{"time": all.Time})),
	}, true
}

func (o own) stolen() (Overload, bool) {
	n, highest, some := o.seconds(func(g *result.Generator) (float64, bool) { return g.Steal.Ratio() }, stolenSecond)
	var taken, all float64
	for _, g := range o.readings {
		if g.Steal != nil {
			taken, all = taken+float64(g.Steal.Time), all+float64(g.Steal.Of)
		}
	}
	if all > 0 && taken > stolenShare*all {
		return Overload{
			Got: Share(taken / all), Limit: verdict.Measured(Share(stolenShare)),
			Because: reason.GeneratorSteal.With(reason.Args{"share": Share(taken / all)}),
		}, true
	}
	return Overload{
		Got: Share(highest), Limit: verdict.Measured(Share(stolenSecond)),
		Because: reason.GeneratorStealSeconds.With(o.of(n, reason.Args{"limit": Share(stolenSecond)})),
	}, some
}

func (o own) waiting() (Overload, bool) {
	n, highest, some := o.seconds(func(g *result.Generator) (float64, bool) { return g.Pressure.Ratio() }, waitingShare)
	return Overload{
		Got: Share(highest), Limit: verdict.Measured(Share(waitingShare)),
		Because: reason.GeneratorPressure.With(o.of(n, reason.Args{"limit": Share(waitingShare)})),
	}, some
}

func (o own) woken() (Overload, bool) {
	var wakes, late float64
	for _, g := range o.readings {
		wakes += float64(g.Wakes)
		late += float64(g.Late)
	}
	if wakes == 0 {
		return Overload{}, false
	}
	return Overload{
		Got: Share(late / wakes), Limit: verdict.Measured(Share(lateWakes)),
		Because: reason.GeneratorWakeUps.With(reason.Args{"share": Share(late / wakes)}),
	}, late > lateWakes*wakes
}

func (o own) paused() (Overload, bool) {
	var pause time.Duration
	for _, g := range o.readings {
		pause = max(pause, g.Pause)
	}
	allowed := max(longPause, o.median/pausePart)
	return Overload{
		Got: unit.Of(pause), Limit: verdict.Measured(unit.Of(allowed)),
		Because: reason.GeneratorPause.With(reason.Args{"pause": pause}),
	}, pause > allowed
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
