package capacity

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// mostUsed is the share of what a replica carries above which no autoscaler should wait: the measured load
// came evenly, and what is spread over replicas does not.
const mostUsed = 0.8

// Replicas asks a search for the number of replicas.
type Replicas struct {
	Count int     // that answered during the search; at least 1
	Peak  float64 // requests per second that have to be carried; 0: not known
	// ScaleUp is how long a new replica takes to answer, and Growth by which share the load grows in a second
	// meanwhile; 0: not known.
	ScaleUp time.Duration
	Growth  float64
	CPU     bool // the autoscaler goes by processor time, not by requests
	// Others are searches of the same load with other numbers of replicas.
	Others []Other
}

// Other is the levels of a search with another number of replicas.
type Other struct {
	Count  int
	Levels []*result.Result
}

// share is where to add a replica, as a share of what one carries: until a new one answers the load grows
// by growth x scale-up, and the old ones have to carry that.
func (r Replicas) share() float64 { return min(mostUsed, 1/(1+r.Growth*r.ScaleUp.Seconds())) }

// advise is what the search says of replicas.
func (r Replicas) advise(s search, others []search) *verdict.Scaling {
	a := &verdict.Scaling{Replicas: r.Count, Share: ratio(r.share())}
	if r.Peak > 0 {
		a.Peak = perSecond(r.Peak)
	}
	all, least := append([]search{s}, others...), s
	for _, one := range all {
		each, refused := one.serves()
		a.Refused = append(a.Refused, refused...)
		if each.OK && (!a.Each.OK || each.Value < a.Each.Value) {
			a.Each, least = each, one
		}
	}
	args := reason.Args{"replicas": least.count, "share": a.Share.Quantity}
	if held, holds := least.levels.Held(); holds {
		args["held"] = verdict.LoadOf(held.Load, held.Runs[0].Open)
	}
	a.Refused = append(a.Refused, s.shared()...)
	if len(others) == 0 {
		a.Refused = append(a.Refused, s.retrograde()...)
	}
	a.Refused = append(a.Refused, contending(all)...)
	code := reason.ScalingByRequests
	if a.Each.OK {
		args["each"] = a.Each.Quantity
		a.Target = perSecond(a.Each.Value * a.Share.Value)
	}
	if r.CPU {
		limits := s.processorLimits()
		if len(limits) == 0 {
			a.Target, a.By, limits = least.processor()
		}
		a.Refused = append(a.Refused, limits...)
		code = reason.ScalingByCores
		if a.By == verdict.ByUsedLimit {
			code = reason.ScalingByUsedLimit
		}
		args["used"] = a.Target.Quantity
		a.Target.Value *= a.Share.Value
	}
	if !a.Advised() {
		a.Target = verdict.Value{}
		a.Says = reason.ScalingRefused.With(reason.Args{"why": a.Refused})
		return a
	}
	args["target"] = a.Target.Quantity
	if r.Peak > 0 {
		a.Needed = max(1, int(math.Ceil(r.Peak/(a.Each.Value*a.Share.Value)-1e-9)))
		args["needed"], args["peak"] = a.Needed, a.Peak.Quantity
	}
	a.Says = code.With(args)
	a.Notes = s.notes(len(others) > 0, a.Needed)
	return a
}

// notes are what has to be known of advice.
func (s search) notes(several bool, needed int) (notes []reason.Reason) {
	if !several {
		args := reason.Args{"measured": s.count}
		if needed > 0 && needed != s.count {
			args["needed"] = needed
		}
		notes = append(notes, reason.ScalingOneCount.With(args))
	}
	broke, breaks := s.first()
	if !breaks {
		return append(notes, reason.ScalingNotBroken.Plain())
	}
	if g := s.gauge(broke); g != nil && g.From == metric.FromHost {
		notes = append(notes, reason.ScalingMachineBroke.With(reason.Args{"resource": g.Name}))
	}
	return notes
}
