package stat

import (
	"math"
	"slices"
)

// lent is the number of degrees of freedom that the common variance of the
// endpoints lends to that of each: 4, as far as the other endpoints have them.
const lent = 4

// alike is the spread, in logarithms, below which the earlier runs are copies
// of each other: the rounding of float64, far below that of a histogram.
const alike = 1e-9

// part is what the formulas of AgainstPast see of one endpoint, or of what all
// endpoints share. One without new has nothing to say.
type part struct {
	past, new []float64 // numbers; at least MinPast and k of them, or none
	moved     float64   // what all share in the new runs
	// extra is what the new runs are less exact in themselves than the earlier
	// ones were: max(0, mean se_new^2 - mean se_past^2). extraLast is that of
	// the last new run alone.
	extra, extraLast float64
	noErr            bool    // standard errors are missing, the extras are 0
	s2, df           float64 // sm^2 and its degrees of freedom
}

// newPart makes a part of an endpoint's values, NaN where a run does not have
// one, if there are enough of them.
func newPart(past, new []float64) part {
	if past = numbers(past); len(past) < MinPast || len(new) == 0 || len(numbers(new)) < len(new) {
		return part{}
	}
	return part{past: past, new: new}
}

// weigh sets the extras from the standard errors of an endpoint.
func (p *part) weigh(past, new []float64) {
	of := func(errors []float64) float64 { return squares(errors) / float64(len(errors)) }
	if len(p.new) == 0 {
		return
	}
	past = numbers(past)
	if p.noErr = len(past) == 0 || len(numbers(new)) < len(p.new); p.noErr {
		return
	}
	p.extra = max(0, of(new)-of(past))
	p.extraLast = max(0, of(new[len(new)-1:])-of(past))
}

// free is N-1, the degrees of freedom of the part's own variance.
func (p part) free() float64 { return max(0, float64(len(p.past)-1)) }

// pool sets sm^2 and df of all parts, by leaning each variance on that of all.
func pool(parts []part) {
	var sum, free float64
	for _, p := range parts {
		if len(p.new) > 0 {
			sum += p.free() * varianceOf(p.past)
			free += p.free()
		}
	}
	for i := range parts {
		if p := &parts[i]; len(p.new) > 0 {
			d := min(lent, free-p.free())
			p.df = d + p.free()
			p.s2 = (d*sum/free + p.free()*varianceOf(p.past)) / p.df
		}
	}
}

// shift is what a part with its variance says.
func (p part) shift() Shift {
	if len(p.new) == 0 {
		return Shift{}
	}
	N, k := float64(len(p.past)), float64(len(p.new))
	t, mean := student(p.df), meanOf(p.past)
	s := Shift{
		Runs:   len(p.past),
		Effect: meanOf(p.new) - mean,
		Err:    math.Sqrt(p.s2*(1/k+1/N) + p.extra/k),
		ErrOne: math.Sqrt(p.s2*(1+1/N) + p.extraLast),
		DF:     p.df,
		NoErr:  p.noErr,
	}
	if !(math.Sqrt(p.s2) > alike) || !number(s.Err) || !number(s.ErrOne) || !number(s.Effect) {
		return Shift{}
	}
	s.T = s.Effect / s.Err
	s.P = t.above(s.T)
	s.LastEffect = p.new[len(p.new)-1] - mean
	s.Last = t.above(s.LastEffect / s.ErrOne)
	s.Detectable = math.Expm1((t.quantile(.99) + t.quantile(.95)) * s.ErrOne)
	half := t.quantile(.975) * s.ErrOne
	s.Low, s.High = mean+p.moved-half, mean+p.moved+half
	s.OK = true
	return s
}

// common is g of AgainstPast for the N earlier and the k new runs; false where
// there is none: fewer than MinCommon endpoints, or not in enough runs.
func common(histories []History, N, k int) (past, new []float64, ok bool) {
	var rows [][]float64 // of each endpoint that counts, N and then k values
	for _, c := range histories {
		past, new := upTo(c.Past, N), upTo(c.New, k)
		if len(newPart(past, new).new) > 0 {
			rows = append(rows, append(past, new...))
		}
	}
	g := make([]float64, N+k)
	for range 2 {
		levels := make([][]float64, N+k)
		for _, row := range rows {
			left := minus(row, g)
			c := meanOf(numbers(left[:N]))
			for i, y := range row {
				if number(y - c) {
					levels[i] = append(levels[i], y-c)
				}
			}
		}
		for i, level := range levels {
			if g[i] = median(level); len(level) < MinCommon {
				g[i] = math.NaN()
			}
		}
	}
	past, new = g[:N], g[N:]
	return past, new, len(newPart(past, new).new) > 0
}

// upTo is a copy of v with exactly n elements, NaN where v has no number.
func upTo(v []float64, n int) []float64 {
	full := make([]float64, n)
	for i := range full {
		if full[i] = math.NaN(); i < len(v) && number(v[i]) {
			full[i] = v[i]
		}
	}
	return full
}

// minus is y - g, element by element.
func minus(y, g []float64) []float64 {
	left := make([]float64, len(y))
	for i := range left {
		left[i] = y[i] - g[i]
	}
	return left
}

// numbers are those elements of v that are numbers.
func numbers(v []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(v), func(x float64) bool { return !number(x) })
}

// Median is the middle of the numbers in v, or the mean of both middles; false without any.
func Median(v []float64) (float64, bool) {
	all := numbers(v)
	if len(all) == 0 {
		return 0, false
	}
	return median(all), true
}

// median is the middle of v, or the mean of both middles; NaN without elements.
func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(v))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
