package evidence

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
)

// Generator is what is known of the machine that made the load: the run is
// judged before the service is. The flags are those of statistics, section 8.
type Generator struct {
	Lag       time.Duration // p99 of actual send minus intended start
	Allowed   time.Duration // max(5 ms, a tenth of the median latency)
	Measured  bool          // Lag is known
	Lost      float64       // share of the users' time that went by in being late
	Exhausted bool          // it ran out of descriptors or ports
	Arrivals  arrivals      // of an open load
	Overloads []Overload    // signs that its process was short of something
	Untimed   time.Duration // of the measured time: requests were sent, and nothing says how late
	Sent      int64         // requests of the run, warm-up included, whose lag is there
	Unfound   int64         // those of them that are in no endpoint
	Held      map[int]bool  // slots whose answers were read late because the kernel held it still
}

// Flagged says whether anything speaks against the generator.
func (g Generator) Flagged() bool {
	return g.Late() || len(g.Overloads) > 0 || g.Arrivals.Share() > DroppedFlag
}

// Behind says whether it fell behind its own timetable.
func (g Generator) Behind() bool { return g.Measured && g.Lag > g.Allowed }

// Late says whether the generator may have slowed down what it measured.
func (g Generator) Late() bool { return g.Exhausted || g.Behind() }

// Signs are what speaks against the generator, with what was measured of it.
func (g Generator) Signs() []reason.Reason {
	var signs []reason.Reason
	if g.Behind() {
		signs = append(signs, reason.GeneratorLate.With(reason.Args{"lag": g.Lag}))
	}
	for _, s := range g.Overloads {
		signs = append(signs, s.Because)
	}
	return signs
}

// Overrun says whether so much of the load was not made, by a generator that was
// late or short of something, that it ran on a machine at its end. Then it reads
// answers late too, and from the send a service looks as slow as it does.
func (g Generator) Overrun() bool {
	return (g.Late() || len(g.Overloads) > 0) && (g.Lost > 1-OfferedLate || g.Arrivals.Share() > DroppedMost)
}

// Unfit says whether the generator, and not the service, may have been slower
// than in another run.
func (g Generator) Unfit() bool { return g.Late() || g.Overrun() }

// Blame is what the generator was, one reason or two, and the one to act on. Their titles
// complete "the generator was".
func (g Generator) Blame() (was, remedies []reason.Reason) {
	was = g.was()
	return was, slices.Clip(was[len(was)-1:])
}

func (g Generator) was() []reason.Reason {
	late := reason.GeneratorLate.With(reason.Args{"lag": g.Lag})
	switch {
	case g.Exhausted:
		return []reason.Reason{reason.GeneratorOutOfPorts.Plain()}
	case len(g.Overloads) == 0 && !g.Late() && g.Arrivals.Share() > DroppedFlag:
		return []reason.Reason{reason.GeneratorOutOfUsers.Plain()}
	case len(g.Overloads) == 0:
		return []reason.Reason{late}
	case g.Late():
		return []reason.Reason{late, g.Overloads[0].Because}
	}
	return []reason.Reason{g.Overloads[0].Because}
}

// OwnMachine says whether the generator's own machine refused the connection.
func OwnMachine(f result.Failure) bool {
	return f.Kind == metric.Refused && f.Cause == metric.OwnMachine
}

// Shares of the load below which a run says something else than planned.
const (
	OfferedLate = 0.95
	OfferedSlow = 0.80
)

// Excusable says whether what a late generator adds to a latency has a bound.
// One that was overrun, or out of ports, has none: then nothing is decided.
func (g Generator) Excusable() bool { return g.Late() && g.Measured && !g.Exhausted && !g.Overrun() }

// arrivals are those of an open load in the measured time.
type arrivals struct{ Due, Missing int64 }

// Share is the share of the arrivals due that are missing, in [0,1].
func (a arrivals) Share() float64 { return float64(a.Missing) / float64(max(a.Due, 1)) }
