package evidence

import (
	"cmp"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/stat"
)

// SlowProbe is the part of its interval that a look may take, and slowLook how
// long it may take however seldom it is made.
const (
	SlowProbe = 10
	slowLook  = 200 * time.Millisecond
)

// behindLook is how long behind the end of a look requests that waited for it are
// still answered, at least; of a longer one half of its own time.
const behindLook = 100 * time.Millisecond

// watcher is what is read at one place, by one look for all of its resources.
type watcher struct {
	Names    []string      // of the resources
	Place    string        // or the name of the only resource
	local    bool          // the machine is asked, and no service
	Every    time.Duration // the shortest interval of the resources
	looks    []look        // in order of time
	Usual    time.Duration // the median time of a look
	slots    map[int]bool  // with looks under way or just ended, if each took the usual time
	Actual   map[int]bool  // the same, by the time that each took, up to twice the usual
	Slower   float64       // by how much requests are slower in these slots than in others, as a share
	Within   int           // slots that were compared: with looks,
	Without  int           // and without
	Disturbs bool
}

// look is one time that a place was asked.
type look struct{ at, took time.Duration }

// Slow says whether its looks take so long that they may be what others wait for.
func (w *watcher) Slow() bool { return w.Usual >= slowLook || w.Usual*SlowProbe >= w.Every }

// Apart is the time from one look to the next, as a rule: a page that is slow is
// asked more seldom than the file says.
func (w *watcher) Apart() time.Duration {
	var gaps []float64
	for i := 1; i < len(w.looks); i++ {
		gaps = append(gaps, float64(w.looks[i].at-w.looks[i-1].at))
	}
	usual, _ := stat.Median(gaps)
	return max(w.Every, time.Duration(usual).Round(100*time.Millisecond))
}

// settle brings the looks into order, each once, and finds the usual one.
func (w *watcher) settle() {
	slices.SortFunc(w.looks,
		func(a, b look) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(b.took, a.took)) })
	w.looks = slices.CompactFunc(w.looks, func(a, b look) bool { return a.at == b.at })
	var took []float64
	for _, l := range w.looks {
		took = append(took, float64(l.took))
	}
	usual, _ := stat.Median(took)
	w.Usual = time.Duration(usual)
	slices.Sort(w.Names)
}
