package gate

import (
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// Contrast is one figure of an endpoint, or transaction, in two runs.
type Contrast struct {
	Endpoint    string
	Transaction bool
	Metric      metric.Metric
	A, B        Measurement
	// Ratio is B over A with the ends of its interval; not OK where there is
	// none: a side is missing, 0, or without an interval.
	Ratio, Low, High Value
	// Difference says whether what varies within the two runs explains their
	// difference: Same if it does or nothing is known.
	Difference Difference
}

// Measurement is a value with its interval.
type Measurement struct {
	Value, Low, High Value
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
	sides := [2]*evidence{gather(Input{Result: a, Config: judge}), gather(Input{Result: b, Config: judge})}
	metrics := append([]metric.Metric{metric.FailureRate}, reported()...)
	var all []Contrast
	for _, transaction := range []bool{false, true} {
		for _, name := range sides[0].namesWith(sides[1], transaction) {
			for _, m := range metrics {
				all = append(all, contrast(sides, name, transaction, m))
			}
		}
	}
	return all
}

// namesWith are the endpoints, or transactions, of two runs by name.
func (e *evidence) namesWith(other *evidence, transaction bool) []string {
	var names []string
	for _, side := range []*evidence{e, other} {
		list := side.endpoints
		if transaction {
			list = side.transactions
		}
		for _, ep := range list {
			if !ep.Start && !slices.Contains(names, ep.Name) {
				names = append(names, ep.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func contrast(sides [2]*evidence, name string, transaction bool, m metric.Metric) Contrast {
	c := Contrast{Endpoint: name, Transaction: transaction, Metric: m}
	var figures [2]figure
	both := true
	for side, e := range sides {
		f, ok := e.measure(group{e.find(name, transaction)}, m)
		figures[side], both = f, both && ok
		if ok {
			low, high := f.ends()
			*[2]*Measurement{&c.A, &c.B}[side] = Measurement{Measured(f.quantity(f.value)), low, high, f.requests}
		}
	}
	a, b := figures[0], figures[1]
	if !both {
		return c
	}
	if m.Share() { // 0 has no ratio, and intervals of shares are not symmetric
		switch {
		case b.low > a.high:
			c.Difference = Worse
		case b.high < a.low:
			c.Difference = Better
		}
		return c
	}
	parts := min(a.parts, b.parts)
	low, high, ok := stat.RatioInterval(a.value, b.value, a.errorOfLog(sides[0].alpha),
		b.errorOfLog(sides[1].alpha), parts, sides[0].alpha)
	if a.value > 0 && b.value > 0 {
		c.Ratio = ratioValue(b.value / a.value)
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
func (e *evidence) measure(g group, m metric.Metric) (figure, bool) {
	if m.Share() {
		f := e.shareFigure(promise{limit: config.Limit{Metric: m, Unit: m.Unit()}}, g)
		return f, f.requests > 0
	}
	f, _ := e.comparedFigure(g, m)
	return f, f.requests > 0 && !math.IsNaN(f.value)
}
