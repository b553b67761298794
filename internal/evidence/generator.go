package evidence

import (
	"time"

	"github.com/loadgate/loadgate/internal/verdict"
)

// Generator is what is known of the machine that made the load: the run is
// judged before the service is. The flags are those of statistics, section 8.
type Generator struct {
	Lag       time.Duration   // p99 of actual send minus intended start
	Allowed   time.Duration   // max(5 ms, a tenth of the median latency)
	Measured  bool            // Lag is known
	Lost      float64         // share of the users' time that went by in being late
	Exhausted bool            // it ran out of descriptors or ports
	Arrivals  arrivals        // of an open load
	Strains   []verdict.Check // signs that its process was short of something
	was       []string        // what they come to, in words
	Held      map[int]bool    // slots whose answers were read late because the kernel held it still
}

// Flagged says whether anything speaks against the generator.
func (g Generator) Flagged() bool {
	return g.Late() || len(g.Strains) > 0 || g.Arrivals.Share() > DroppedFlag
}

// Late says whether the generator may have slowed down what it measured.
func (g Generator) Late() bool { return g.Exhausted || g.Measured && g.Lag > g.Allowed }

// Overrun says whether so much of the load was not made, by a generator that was
// late or short of something, that it ran on a machine at its end. Then it reads
// answers late too, and from the send a service looks as slow as it does.
func (g Generator) Overrun() bool {
	return (g.Late() || len(g.Strains) > 0) && (g.Lost > 1-OfferedLate || g.Arrivals.Share() > DroppedMost)
}

// Unfit says whether the generator, and not the service, may have been slower
// than in another run.
func (g Generator) Unfit() bool { return g.Late() || g.Overrun() }

// Blame is what the generator was, and what to do about it.
func (g Generator) Blame() (was, remedy string) {
	switch {
	case g.Exhausted:
		return "out of file descriptors or ports", ExhaustedRemedy
	case len(g.was) == 0 && !g.Late() && g.Arrivals.Share() > DroppedFlag:
		return "out of users", usersRemedy
	case len(g.was) == 0:
		return "late", LateRemedy
	case g.Late():
		return "late and " + g.was[0], g.Strains[0].Remedy
	}
	return g.was[0], g.Strains[0].Remedy
}

// What to do about a generator that is too weak, or that is kept from calling.
const (
	ExhaustedRemedy = "raise its limits (ulimit -n), lower the load, or split the run into shards"
	usersRemedy     = "lower the rate, or raise max_users"
	LateRemedy      = "give the generator more CPU, lower the load, or split the run into shards"
)

// ThisMachine begins every detail of a connection that the generator's own
// machine refused: client.NoDescriptors and NoPorts, and what they were called
// in older documents.
const ThisMachine = "this machine "

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
