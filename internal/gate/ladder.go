package gate

import (
	"cmp"
	"slices"
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

// Rung is one level of a search and all of its runs.
type Rung struct {
	Height   float64 // users, or arrivals per second
	Runs     []Stage // in the order in which they were made; at least one
	Standing         // of the worst run: what broke once does not hold
}

// worst is the run that the standing comes from.
func (r Rung) worst() Stage {
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
	if _, unmade := s.Unmade(); unmade {
		return Unmade
	}
	return Undecided
}

// Unmade is why the level was not what it was to be, so that it says nothing of
// the service.
func (s Stage) Unmade() (Check, bool) {
	for _, c := range s.Checks {
		if c.Rule == "" && c.Outcome == Inconclusive && slices.Contains(unmadeSubjects, c.Subject) {
			return c, true
		}
	}
	return Check{}, false
}

var unmadeSubjects = []string{limiterSubject, loadSubject, generatorSubject}

// Ladder is the levels of a search, ascending.
type Ladder []Rung

// NewLadder gathers the runs of each level.
func NewLadder(runs []Stage) Ladder {
	var l Ladder
	for _, run := range runs {
		at := slices.IndexFunc(l, func(r Rung) bool { return r.Height == run.Height() })
		if at < 0 {
			at = len(l)
			l = append(l, Rung{Height: run.Height()})
		}
		l[at].Runs = append(l[at].Runs, run)
		l[at].Standing = l[at].worst().Standing()
	}
	slices.SortStableFunc(l, func(a, b Rung) int { return cmp.Compare(a.Height, b.Height) })
	return l
}

// Broken is the lowest level that broke.
func (l Ladder) Broken() (Rung, bool) {
	return l.first(func(r Rung) bool { return r.Standing == Broken })
}

// Held is the highest level that held, of those below the lowest that broke.
func (l Ladder) Held() (Rung, bool) {
	var held Rung
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

// Above is the lowest level above a height of which the question holds.
func (l Ladder) Above(height float64, is func(Rung) bool) (Rung, bool) {
	return l.first(func(r Rung) bool { return r.Height > height && is(r) })
}

// Below is the highest level below a height.
func (l Ladder) Below(height float64) (Rung, bool) {
	var below Rung
	found := false
	for _, r := range l {
		if r.Height < height {
			below, found = r, true
		}
	}
	return below, found
}

func (l Ladder) first(is func(Rung) bool) (Rung, bool) {
	if at := slices.IndexFunc(l, is); at >= 0 {
		return l[at], true
	}
	return Rung{}, false
}
