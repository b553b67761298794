package baseline

import (
	"cmp"
	"math"
	"net/netip"
	"net/url"
	"slices"
	"strings"

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
	// AnyHost lets runs against other hosts count too.
	AnyHost bool
}

// Past is the earlier runs that a new one is compared with, oldest first: in all
// figures, or in those that an edit of the file left comparable. The zero
// value is an empty history. It is not changed after Select.
type Past struct {
	Runs []Run
	// Left says how many other runs there were and why they do not count, in the
	// order of the reasons.
	Left []Left

	last int
	run  Run // the new one
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
	failed           = "that failed"
	unjudged         = "that could not be judged as a whole"
	madeLate         = "whose generator was too late"
	rejected         = "rejected"
	beforeAccepted   = "before the one that was accepted"
)

// reasons are in the order in which they are asked.
var reasons = [...]string{
	ofAnotherLoad, ofAnotherHost, ofAnotherMachine, ofAnotherBranch,
	rejected, notWhole, notPassed, failed, unjudged, madeLate, beforeAccepted,
}

// Select finds the earlier runs that a new one may be compared with: those that
// began before it, of the same load in whole or in part, the same host and class
// of runner and of the branch asked for, that count (Run.Counts). Of those
// before the newest accepted one none counts where it differs from them in every
// figure: it is what people called the new normal. Else they count in the figures
// that are as they were (Series).
func Select(runs []Run, q Query) *Past {
	p := &Past{last: q.Last, run: q.Run}
	for _, r := range Ordered(runs) {
		if !r.Started.Before(q.Run.Started) {
			continue
		}
		if why := q.against(r); why != "" {
			p.leave(why, r)
			continue
		}
		if r.accepted() && len(p.Runs) > 0 && r.renews(p.Runs) {
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
	if why := q.Run.differs(r, q.AnyHost); why != "" {
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
// This machine has one name, however it is written.
func host(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	name := u.Hostname()
	if a, err := netip.ParseAddr(name); strings.EqualFold(name, thisMachine) || err == nil && a.Unmap().IsLoopback() {
		return thisMachine
	}
	return name
}

const thisMachine = "localhost"

// key names a figure of a run.
type key struct {
	endpoint    string
	transaction bool
	metric      metric.Metric
}

// Figure finds a figure of a run; false if it has none.
func (r Run) Figure(endpoint string, transaction bool, m metric.Metric) (Figure, bool) {
	at := r.find(key{endpoint, transaction, m}, 0)
	if at < 0 {
		return Figure{}, false
	}
	return r.Figures[at], true
}

// find is where a figure stands, looked for first where it is likely; -1:
// nowhere.
func (r Run) find(want key, likely int) int {
	is := func(f Figure) bool { return key{f.Endpoint, f.Transaction, f.Metric} == want }
	if likely >= 0 && likely < len(r.Figures) && is(r.Figures[likely]) {
		return likely
	}
	return slices.IndexFunc(r.Figures, is)
}

// Series is one figure in run after run.
type Series struct {
	Values []float64 // natural logarithms, one a run; NaN: the run has none
	Errs   []float64 // their standard errors; NaN: unknown
	Sent   []float64 // logarithms of the same value from the actual send; NaN: unknown
}

// SeriesBeside follows a figure of a run through older ones: under the name that
// the endpoint had there, and only where its load may be compared. It includes
// what no run is compared with.
func SeriesBeside(newest Run, older []Run, endpoint string, transaction bool, m metric.Metric) Series {
	return follow(older, newest.naming(endpoint, transaction, m), false)
}

// Series is a figure of the new run in all runs of the past; NaN where the two are
// not to be compared, as before an accepted run in which the figure changed.
func (p *Past) Series(endpoint string, transaction bool, m metric.Metric) Series {
	s := follow(p.Runs, p.run.naming(endpoint, transaction, m), true)
	s.cut(s.accepted(p.Runs))
	return s
}

// naming names a figure of the run as an older one has it; false where the two
// cannot be compared. What the older run planned to send more or less of has to
// be added to a throughput, as a logarithm.
func (r Run) naming(endpoint string, transaction bool, m metric.Metric) func(Run) (key, float64, bool) {
	return func(older Run) (key, float64, bool) {
		name, rate, ok := r.beside(older, endpoint, transaction)
		if m != metric.Throughput {
			rate = 1
		}
		return key{name, transaction, m}, math.Log(rate), ok
	}
}

// follow takes a figure from run after run; sure leaves out what is not compared.
func follow(runs []Run, naming func(Run) (key, float64, bool), sure bool) Series {
	var s Series
	at := 0 // mostly a figure stands where it stood in the run before
	for _, r := range runs {
		value, err, sent := math.NaN(), math.NaN(), math.NaN()
		want, more, ok := naming(r)
		if at = r.find(want, at); at >= 0 && ok && !(sure && r.Figures[at].Unsure && !r.accepted()) {
			value = math.Log(r.Figures[at].Value) + more
			if e := r.Figures[at].Err; e > 0 {
				err = e
			}
			if v := r.Figures[at].Sent; v > 0 {
				sent = math.Log(v)
			}
		}
		s.Values, s.Errs, s.Sent = append(s.Values, value), append(s.Errs, err), append(s.Sent, sent)
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
