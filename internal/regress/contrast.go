package regress

import (
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Contrast is one figure of an endpoint, or transaction, in two runs.
type Contrast struct {
	Endpoint    string
	Transaction bool
	Metric      metric.Metric
	A, B        Measurement
	// Ratio is B over A with the ends of its interval; not OK where there is
	// none: a side is missing, 0, or without an interval.
	Ratio, Low, High verdict.Value
	// Difference says whether what varies within the two runs explains their
	// difference: Same if it does or nothing is known.
	Difference Difference
}

// Measurement is a value with its interval.
type Measurement struct {
	Value, Low, High verdict.Value
	Requests         int64
}

// Difference is how B stands to A.
type Difference uint8

// The differences. The zero value finds none.
const (
	Same Difference = iota // cannot be told apart
	Worse
	Better
)

// Contrasts lists the figures of two runs side by side: of every endpoint, in
// the order of its name, failures, p95, p50, p99 and throughput; transactions
// behind. Start steps are left out. Confidence is of the intervals, in (0,1).
func Contrasts(a, b *result.Result, confidence float64) []Contrast {
	judge := &config.Config{Judge: config.Judge{Confidence: confidence}}
	sides := [2]*evidence.Run{evidence.Gather(evidence.Input{Result: a, Config: judge}),
		evidence.Gather(evidence.Input{Result: b, Config: judge})}
	metrics := append([]metric.Metric{metric.FailureRate}, reported()...)
	var all []Contrast
	for _, transaction := range []bool{false, true} {
		for _, name := range namesWith(sides[0], sides[1], transaction) {
			for _, m := range metrics {
				all = append(all, contrast(sides, name, transaction, m))
			}
		}
	}
	return all
}

// namesWith are the endpoints, or transactions, of two runs by name.
func namesWith(e *evidence.Run, other *evidence.Run, transaction bool) []string {
	var names []string
	for _, side := range []*evidence.Run{e, other} {
		list := side.Endpoints
		if transaction {
			list = side.Transactions
		}
		for _, ep := range list {
			if !ep.Once.Any() && !slices.Contains(names, ep.Name) {
				names = append(names, ep.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func contrast(sides [2]*evidence.Run, name string, transaction bool, m metric.Metric) Contrast {
	c := Contrast{Endpoint: name, Transaction: transaction, Metric: m}
	var figures [2]estimate.Figure
	both := true
	for side, e := range sides {
		f, ok := measure(e, evidence.Group{e.Find(name, transaction)}, m)
		figures[side], both = f, both && ok
		if ok {
			low, high := f.Ends()
			*[2]*Measurement{&c.A, &c.B}[side] = Measurement{verdict.Measured(f.Quantity(f.Value)),
				low, high, f.Requests}
		}
	}
	a, b := figures[0], figures[1]
	if !both {
		return c
	}
	if m.Share() { // 0 has no ratio, and intervals of shares are not symmetric
		switch {
		case b.Low > a.High:
			c.Difference = Worse
		case b.High < a.Low:
			c.Difference = Better
		}
		return c
	}
	parts := min(a.Parts, b.Parts)
	low, high, ok := stat.RatioInterval(a.Value, b.Value, errorOfLog(a, sides[0].Alpha),
		errorOfLog(b, sides[1].Alpha), parts, sides[0].Alpha)
	if a.Value > 0 && b.Value > 0 {
		c.Ratio = ratioValue(b.Value / a.Value)
	}
	if !ok {
		return c
	}
	c.Low, c.High = ratioValue(low), ratioValue(high)
	more, less := Worse, Better
	if m.Better() == metric.Higher {
		more, less = less, more
	}
	switch {
	case low > 1:
		c.Difference = more
	case high < 1:
		c.Difference = less
	}
	return c
}

// measure is a metric of a group; false where nothing was measured.
func measure(e *evidence.Run, g evidence.Group, m metric.Metric) (estimate.Figure, bool) {
	if m.Share() {
		f := e.ShareFigure(evidence.LimitCheck{Limit: config.Limit{Metric: m, Unit: m.Unit()}}, g)
		return f, f.Requests > 0
	}
	f, _ := comparedFigure(e, g, m)
	return f, f.Requests > 0 && !math.IsNaN(f.Value)
}
