package regress

import (
	"fmt"
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/stat"
)

// rare says whether a percentile has fewer than five requests beyond it: one bad
// second makes it, and it is not compared alone where others are as rare.
func (r *candidate) rare() bool {
	_, percentile := r.figure.Metric.Quantile()
	return percentile && r.complete() && r.figure.Requests < enough(r.figure.Metric)
}

// complete says whether there is enough of a candidate to be compared.
func (r *candidate) complete() bool {
	missing := func(values []float64) bool { return evidence.Known(values) < len(values) }
	return evidence.Known(r.history.Past) >= stat.MinPast && !missing(r.history.New)
}

// pooled takes the rare endpoints of the same policy together, behind the others.
// A single one stays alone: there is nothing to take it together with.
func pooled(candidates []*candidate) []*candidate {
	pool := func(r *candidate) []*candidate {
		if !r.rare() {
			return nil
		}
		return slices.DeleteFunc(slices.Clone(candidates), func(other *candidate) bool {
			alike := other.terms.Most == r.terms.Most && other.gated == r.gated && other.strict == r.strict
			return !alike || !other.rare()
		})
	}
	var alone, together []*candidate
	for _, r := range candidates {
		switch members := pool(r); {
		case len(members) < 2:
			alone = append(alone, r)
		case members[0] == r:
			together = append(together, join(members))
		}
	}
	return append(alone, together...)
}

// join makes one candidate of several: in every run the mean of their logarithms,
// each counted from its own mean of the earlier runs, so that a run that lacks
// one of them is not moved by that.
//
//	c_e  = mean over the earlier runs of y_ie
//	y_i  = mean over e of c_e + mean over the e of run i of (y_ie - c_e)
//
// Its value is the geometric mean of theirs.
func join(members []*candidate) *candidate {
	first := members[0]
	all := &candidate{
		subject: fmt.Sprintf("%d rare endpoints together", len(members)),
		terms:   first.terms, gated: first.gated, strict: first.strict, figure: first.figure, again: math.NaN(),
	}
	f := &all.figure
	f.Requests, f.Low, f.High = 0, math.NaN(), math.NaN()
	var now, again []float64
	for _, r := range members {
		all.endpoints = append(all.endpoints, r.endpoints...)
		f.Requests += r.figure.Requests
		now, again = append(now, math.Log(r.figure.Value)), append(again, math.Log(r.again))
	}
	f.Value, all.again = math.Exp(evidence.Mean(now)), math.Exp(evidence.Mean(again))
	all.history = joinHistories(members, func(r *candidate) stat.History { return r.history })
	all.sure = joinHistories(members, func(r *candidate) stat.History { return r.sure })
	return all
}

func joinHistories(members []*candidate, of func(*candidate) stat.History) stat.History {
	histories := make([]stat.History, len(members))
	levels := make([]float64, len(members))
	for e, r := range members {
		histories[e] = of(r)
		levels[e] = evidence.Mean(histories[e].Past)
	}
	level := evidence.Mean(levels)
	join := func(n int, of func(stat.History) (values, errs []float64)) (joined, joinedErrs []float64) {
		for i := range n {
			var moved []float64
			squares := 0.0
			for e, c := range histories {
				if values, errs := of(c); !math.IsNaN(values[i]) {
					moved = append(moved, values[i]-levels[e])
					squares += errs[i] * errs[i]
				}
			}
			joined = append(joined, level+evidence.Mean(moved))
			joinedErrs = append(joinedErrs, math.Sqrt(squares)/float64(len(moved)))
		}
		return joined, joinedErrs
	}
	var all stat.History
	all.Past, all.PastErr = join(len(histories[0].Past), func(c stat.History) ([]float64, []float64) {
		return c.Past,
			c.PastErr
	})
	all.New, all.NewErr = join(len(histories[0].New),
		func(c stat.History) ([]float64, []float64) { return c.New, c.NewErr })
	return all
}
