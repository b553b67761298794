package baseline

import (
	"cmp"
	"slices"

	"github.com/loadgate/loadgate/internal/reason"
)

// Kind says which runs have figures that may all be compared: those of one load
// against one host, or any, made on one class of machine. It is comparable.
type Kind struct {
	Digest string
	Host   string // AnyHost where other hosts count too
	Class  string
}

// AnyHost is no host, and in the place of one where runs against all hosts count.
const AnyHost = "*"

// Kind is the run's.
func (r Run) Kind() Kind {
	k := Kind{r.Digest, r.Host(), r.Origin.Runner.Class()}
	if r.AnyHost {
		k.Host = AnyHost
	}
	return k
}

// Hosts is how many hosts the runs were against.
func Hosts(runs []Run) int {
	seen := map[string]bool{}
	for _, r := range runs {
		seen[r.Host()] = true
	}
	return len(seen)
}

// Ordered are runs from the oldest to the newest.
func Ordered(runs []Run) []Run {
	runs = slices.Clone(runs)
	slices.SortStableFunc(runs,
		func(a, b Run) int { return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID)) })
	return runs
}

// Alike are the runs with figures that are comparable with the newest run's: the
// same load, in whole or in part, host and class of runner, oldest first, whatever
// their verdict. If the newest one may be compared with any host, theirs is any.
func Alike(runs []Run) []Run {
	runs = Ordered(runs)
	if len(runs) == 0 {
		return nil
	}
	newest := runs[len(runs)-1]
	return slices.DeleteFunc(runs, func(r Run) bool { return newest.differs(r) != "" })
}

// differs is why none of the figures of two runs can be compared; empty: some
// can.
func (r Run) differs(older Run) reason.Code {
	switch {
	case r.Digest != older.Digest && !overlap(r, older):
		return reason.PastOtherLoad
	case r.Host() != older.Host() && !r.AnyHost:
		return reason.PastOtherHost
	case r.Origin.Runner.Class() != older.Origin.Runner.Class():
		return reason.PastOtherMachine
	}
	return ""
}

// Counts says whether later runs may be compared with the run: it was accepted,
// or it came to its end, nothing in it failed, its generator was fit, and it was
// not rejected.
func (r Run) Counts() bool { return r.excluded() == "" }

// WhyNot is why the run is not used as a baseline for later ones; the zero value: it is used.
func (r Run) WhyNot() reason.Reason {
	switch why := r.excluded(); {
	case why == "":
		return reason.Reason{}
	case why == reason.PastRejected:
		mark, _ := r.Mark()
		return reason.RunRejected.With(reason.Args{"why": mark.Reason})
	case why == reason.PastUnfinished:
		return reason.RunUnfinished.Plain()
	case why == reason.PastNotPassed:
		return reason.RunNotPassed.Plain()
	case r.Why != "":
		return reason.RunUnfit.With(reason.Args{"why": r.Why})
	default:
		return why.Plain()
	}
}

func (r Run) excluded() reason.Code {
	mark, marked := r.Mark()
	switch {
	case marked && !mark.Accepted:
		return reason.PastRejected
	case marked:
		return ""
	case !r.Whole():
		return reason.PastUnfinished
	}
	switch r.Base {
	case Fit:
		return ""
	case Failed:
		return reason.PastFailed
	case Late:
		return reason.PastGeneratorLate
	case "":
		if r.Verdict == "pass" || r.Verdict == "warn" {
			return ""
		}
		return reason.PastNotPassed
	}
	return reason.PastUnjudged
}

// accepted says whether people called the run the new normal.
func (r Run) accepted() bool {
	mark, marked := r.Mark()
	return marked && mark.Accepted
}
