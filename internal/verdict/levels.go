package verdict

import (
	"cmp"
	"slices"

	"github.com/loadgate/loadgate/internal/reason"
)

// Standing is what the runs of one level of a load come to. The zero value is
// Undecided.
type Standing uint8

// The standings.
const (
	Undecided Standing = iota // neither is shown
	Held                      // every limit
	Broken                    // a limit was shown to be broken, or the service failed
	Unmade                    // the load itself: the generator did not make it, or a rate limiter turned it away
)

// Level is one level of a search and all of its runs.
type Level struct {
	Load     float64 // users, or arrivals per second
	Runs     []Stage // in the order in which they were made; at least one
	Standing         // of the worst run: what broke once does not hold
}

// Worst is the run that the standing comes from.
func (r Level) Worst() Stage {
	return slices.MaxFunc(r.Runs,
		func(a, b Stage) int { return cmp.Compare(severity(a.Standing()), severity(b.Standing())) })
}

func severity(s Standing) int { return [...]int{Held: 0, Undecided: 1, Unmade: 2, Broken: 3}[s&3] }

// Standing is what a stage says of its level.
func (s Stage) Standing() Standing {
	switch s.Outcome() {
	case Pass, Warn:
		return Held
	case Fail:
		return Broken
	}
	if _, ok := s.Unmade(); ok {
		return Unmade
	}
	return Undecided
}

// Unmade is why the level was not what it was to be, so that it says nothing of
// the service.
func (s Stage) Unmade() (Check, bool) {
	for _, c := range s.Checks {
		if c.Rule == "" && c.Outcome == Inconclusive && slices.Contains(unmade, c.Because.Code) {
			return c, true
		}
	}
	return Check{}, false
}

// unmade is why a level can be Unmade. Nothing else makes it so: that a document is damaged, or
// a run is short, says nothing of the load.
var unmade = []reason.Code{
	reason.RateLimiter, reason.GeneratorOutOfPorts, reason.LoadNotMade, reason.LoadLate, reason.LoadUnexplained,
	reason.ArrivalsDropped, reason.ArrivalsDroppedWaiting,
}

// Levels are the levels of a search, ascending.
type Levels []Level

// NewLevels gathers the runs of each level.
func NewLevels(runs []Stage) Levels {
	var l Levels
	for _, run := range runs {
		at := slices.IndexFunc(l, func(r Level) bool { return r.Load == run.Load() })
		if at < 0 {
			at = len(l)
			l = append(l, Level{Load: run.Load()})
		}
		l[at].Runs = append(l[at].Runs, run)
		l[at].Standing = l[at].Worst().Standing()
	}
	slices.SortStableFunc(l, func(a, b Level) int { return cmp.Compare(a.Load, b.Load) })
	return l
}

// Broken is the lowest level that broke.
func (l Levels) Broken() (Level, bool) {
	return l.first(func(r Level) bool { return r.Standing == Broken })
}

// Held is the highest level that held, of those below the lowest that broke.
func (l Levels) Held() (Level, bool) {
	var held Level
	found := false
	for _, r := range l {
		if r.Standing == Broken {
			break
		}
		if r.Standing == Held {
			held, found = r, true
		}
	}
	return held, found
}

// Above is the lowest level above a load of which is holds.
func (l Levels) Above(load float64, is func(Level) bool) (Level, bool) {
	return l.first(func(r Level) bool { return r.Load > load && is(r) })
}

// Below is the highest level below a load.
func (l Levels) Below(load float64) (Level, bool) {
	var below Level
	found := false
	for _, r := range l {
		if r.Load < load {
			below, found = r, true
		}
	}
	return below, found
}

func (l Levels) first(is func(Level) bool) (Level, bool) {
	if at := slices.IndexFunc(l, is); at >= 0 {
		return l[at], true
	}
	return Level{}, false
}
