package stat

import "math"

// Interval is a mean with the ends of its interval, all in the unit of the
// numbers it was made from, and the correlation of neighbours that widened it.
type Interval struct{ Mean, Low, High, Rho float64 }

// Rate is the interval of the mean of a rate, from the rates of the batches
// in order of time, 0 where nothing happened:
//
//	mean ± t_{1-alpha/2,B-1} sd / sqrt B  sqrt((1+rho) / (1-rho))
//
// with B batches, sd their standard deviation (B-1 in the divisor), rho as in
// Effective from the deviations of the rates, and t the quantile of Student's
// distribution: the method of batch means (Law, Simulation Modeling and
// Analysis, 5th ed. 2015, section 9.5.3), widened for the correlation that
// batches of a few seconds still have. Low is at least 0. False for fewer than
// two batches and for numbers that are no rates.
func Rate(perBatch []float64, alpha float64) (Interval, bool) {
	if len(perBatch) < 2 || !confidence(alpha) {
		return Interval{}, false
	}
	return rate(perBatch, student(len(perBatch)-1).quantile(1-alpha/2))
}

// rate is Rate for a given quantile t.
func rate(perBatch []float64, t float64) (Interval, bool) {
	mean, sd := meanOf(perBatch), math.Sqrt(varianceOf(perBatch))
	d := make([]float64, len(perBatch))
	for b, r := range perBatch {
		if !(r >= 0) {
			return Interval{}, false
		}
		d[b] = r - mean
	}
	rho := neighbours(d)
	half := t * sd / math.Sqrt(float64(len(d))) * math.Sqrt((1+rho)/(1-rho))
	if !number(half) {
		return Interval{}, false
	}
	return Interval{Mean: mean, Low: max(0, mean-half), High: mean + half, Rho: rho}, true
}
