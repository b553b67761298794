package baseline

import (
	"cmp"
	"math"
	"net/url"
	"slices"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
)

// Fewest is how many earlier runs a comparison needs: the spread of fewer is a
// guess.
const Fewest = stat.MinPast

// Query is what a run asks of its history.
type Query struct {
	Run    Run    // the new one
	Branch string // whose runs count; empty: all
	Last   int    // how many of the newest count at most; 0: all
}

// Past is the earlier runs that a new one may be held against, oldest first.
// The zero value is an empty history. It is not changed after Select.
type Past struct {
	Runs []Run
	// Left says how many other runs there were and why they do not count, in the
	// order of the reasons.
	Left []Left

	last int
}

// Left is runs that do not count, for one reason.
type Left struct {
	Runs int
	IDs  []string // oldest first
	Why  string   // completes "2 runs …": "of another branch"
}

// Why a run does not count.
const (
	ofAnotherLoad    = "of another profile or load"
	ofAnotherHost    = "of another host"
	ofAnotherMachine = "on another class of runner"
	ofAnotherBranch  = "of another branch"
	notWhole         = "not run to their end"
	notPassed        = "that did not pass"
	rejected         = "rejected"
	beforeAccepted   = "before the one that was accepted"
)

// reasons are in the order in which they are asked.
var reasons = [...]string{
	ofAnotherLoad, ofAnotherHost, ofAnotherMachine, ofAnotherBranch, rejected, notWhole, notPassed, beforeAccepted,
}

// Select finds the earlier runs that a new one may be held against: those that
// began before it, of the same load, host and class of runner and of the branch
// asked for, that ran to their end and passed, or were accepted. Of those
// before the newest accepted one none counts: it is what people called the new
// normal.
func Select(runs []Run, q Query) *Past {
	p := &Past{last: q.Last}
	for _, r := range Ordered(runs) {
		if !r.Started.Before(q.Run.Started) {
			continue
		}
		if why := q.against(r); why != "" {
			p.leave(why, r)
			continue
		}
		if mark, ok := r.Mark(); ok && mark.Accepted && len(p.Runs) > 0 {
			p.leave(beforeAccepted, p.Runs...)
			p.Runs = nil
		}
		p.Runs = append(p.Runs, r)
	}
	slices.SortFunc(p.Left, func(a, b Left) int {
		return cmp.Compare(slices.Index(reasons[:], a.Why), slices.Index(reasons[:], b.Why))
	})
	return p
}

// against is why a run does not count; empty: it does.
func (q Query) against(r Run) string {
	if why := q.Run.differs(r); why != "" {
		return why
	}
	if q.Branch != "" && r.Origin.Branch != q.Branch {
		return ofAnotherBranch
	}
	return r.excluded()
}

func (p *Past) leave(why string, runs ...Run) {
	at := slices.IndexFunc(p.Left, func(l Left) bool { return l.Why == why })
	if at < 0 {
		at = len(p.Left)
		p.Left = append(p.Left, Left{Why: why})
	}
	p.Left[at].Runs += len(runs)
	for _, r := range runs {
		p.Left[at].IDs = append(p.Left[at].IDs, r.ID)
	}
}

// host is where a target is, without its port: a stand-in takes any free one.
func host(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	return u.Hostname()
}

// key names a figure of a run.
type key struct {
	endpoint string
	joint    bool
	metric   metric.Metric
}

// Figure finds a figure of a run; false if it has none.
func (r Run) Figure(endpoint string, joint bool, m metric.Metric) (Figure, bool) {
	at := r.find(key{endpoint, joint, m}, 0)
	if at < 0 {
		return Figure{}, false
	}
	return r.Figures[at], true
}

// find is where a figure stands, looked for first where it is likely; -1:
// nowhere.
func (r Run) find(want key, likely int) int {
	is := func(f Figure) bool { return key{f.Endpoint, f.Joint, f.Metric} == want }
	if likely >= 0 && likely < len(r.Figures) && is(r.Figures[likely]) {
		return likely
	}
	return slices.IndexFunc(r.Figures, is)
}

// Series is one figure in run after run.
type Series struct {
	Values []float64 // natural logarithms, one a run; NaN: the run has none
	Errs   []float64 // their standard errors; NaN: unknown
}

// SeriesOf follows a figure through runs.
func SeriesOf(runs []Run, endpoint string, joint bool, m metric.Metric) Series {
	var s Series
	at := 0 // mostly a figure stands where it stood in the run before
	for _, r := range runs {
		value, err := math.NaN(), math.NaN()
		if at = r.find(key{endpoint, joint, m}, at); at >= 0 {
			value = math.Log(r.Figures[at].Value)
			if e := r.Figures[at].Err; e > 0 {
				err = e
			}
		}
		s.Values, s.Errs = append(s.Values, value), append(s.Errs, err)
	}
	return s
}

// known are the values that are there, and their places.
func (s Series) known() (values []float64, at []int) {
	for i, v := range s.Values {
		if !math.IsNaN(v) {
			values, at = append(values, v), append(at, i)
		}
	}
	return values, at
}
