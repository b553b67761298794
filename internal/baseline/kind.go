package baseline

import (
	"cmp"
	"slices"
)

// Kind says which runs have figures that may all be compared: those of one load
// against one host, made on one class of machine. It is comparable.
type Kind struct{ Digest, Host, Class string }

// Kind is the run's.
func (r Run) Kind() Kind { return Kind{r.Digest, host(r.Target), r.Origin.Runner.Class()} }

// Ordered are runs from the oldest to the newest.
func Ordered(runs []Run) []Run {
	runs = slices.Clone(runs)
	slices.SortStableFunc(runs,
		func(a, b Run) int { return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID)) })
	return runs
}

// Alike are the runs with figures that are comparable with the newest run's: the
// same load, in whole or in part, host and class of runner, oldest first, whatever
// their verdict.
func Alike(runs []Run) []Run {
	runs = Ordered(runs)
	if len(runs) == 0 {
		return nil
	}
	newest := runs[len(runs)-1]
	return slices.DeleteFunc(runs, func(r Run) bool { return newest.differs(r, false) != "" })
}

// differs is why none of the figures of two runs can be compared; empty: some
// can.
func (r Run) differs(older Run, anyHost bool) string {
	switch mine, others := r.Kind(), older.Kind(); {
	case mine.Digest != others.Digest && !r.shares(older):
		return ofAnotherLoad
	case mine.Host != others.Host && !anyHost:
		return ofAnotherHost
	case mine.Class != others.Class:
		return ofAnotherMachine
	}
	return ""
}

// Counts says whether later runs may be compared with the run: it was accepted,
// or it came to its end, nothing in it failed, its generator was fit, and it was
// not rejected.
func (r Run) Counts() bool { return r.excluded() == "" }

// WhyNot says in a few words why the run is no baseline for later ones; empty: it
// is one.
func (r Run) WhyNot() string {
	switch why := r.excluded(); why {
	case "":
		return ""
	case rejected:
		mark, _ := r.Mark()
		return "rejected: " + mark.Reason
	case notWhole:
		return "it did not run to its end"
	case notPassed:
		return "it did not pass"
	default:
		return cmp.Or(r.Why, why)
	}
}

func (r Run) excluded() string {
	mark, marked := r.Mark()
	switch {
	case marked && !mark.Accepted:
		return rejected
	case marked:
		return ""
	case !r.Whole():
		return notWhole
	}
	switch r.Base {
	case Fit:
		return ""
	case Failed:
		return failed
	case Late:
		return madeLate
	case "":
		if r.Verdict == "pass" || r.Verdict == "warn" {
			return ""
		}
		return notPassed
	}
	return unjudged
}

// accepted says whether people called the run the new normal.
func (r Run) accepted() bool {
	mark, marked := r.Mark()
	return marked && mark.Accepted
}
