package baseline

import (
	"cmp"
	"slices"
)

// Kind says which runs have figures that may stand beside each other: those of
// one load against one host, made on one class of machine. It is comparable.
type Kind struct{ Digest, Host, Class string }

// Kind is the run's.
func (r Run) Kind() Kind { return Kind{r.Digest, host(r.Target), r.Origin.Runner.Class()} }

// Ordered are runs from the oldest to the newest.
func Ordered(runs []Run) []Run {
	runs = slices.Clone(runs)
	slices.SortStableFunc(runs, func(a, b Run) int { return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID)) })
	return runs
}

// Alike are those runs whose figures may stand beside those of the newest: of
// its load, host and class of runner, oldest first, whatever their verdict.
func Alike(runs []Run) []Run {
	runs = Ordered(runs)
	if len(runs) == 0 {
		return nil
	}
	newest := runs[len(runs)-1]
	return slices.DeleteFunc(runs, func(r Run) bool { return newest.differs(r) != "" })
}

// differs is why the figures of two runs cannot be compared; empty: they can.
func (r Run) differs(other Run) string {
	switch mine, others := r.Kind(), other.Kind(); {
	case mine.Digest != others.Digest:
		return ofAnotherLoad
	case mine.Host != others.Host:
		return ofAnotherHost
	case mine.Class != others.Class:
		return ofAnotherMachine
	}
	return ""
}

// Counts says whether later runs may be held against the run: it was accepted,
// or it came to its end, passed and was not rejected.
func (r Run) Counts() bool { return r.excluded() == "" }

func (r Run) excluded() string {
	mark, marked := r.Mark()
	switch {
	case marked && !mark.Accepted:
		return rejected
	case marked:
		return ""
	case !r.Whole():
		return notWhole
	case r.Verdict != "pass" && r.Verdict != "warn":
		return notPassed
	}
	return ""
}
