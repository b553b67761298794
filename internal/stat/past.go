package stat

import "math"

// Levels and floors of the comparisons with other runs.
const (
	// MinEffect is the smallest ratio of new over old that is reported, however
	// significant it is.
	MinEffect = 1.05
	// FamilyError is a: the chance that a clean run is failed, over all
	// endpoints together.
	FamilyError = 0.01
	// SuspectError is a1: the chance that a clean run has to be repeated.
	SuspectError = 0.20
	// LastError is what a second run must show by itself, so that an odd first
	// run does not carry the mean of both.
	LastError = 0.10
	// MinPast is the fewest earlier runs from which a spread is estimated.
	MinPast = 3
	// MinCommon is the fewest endpoints whose median tells what all share.
	MinCommon = 5
)

// History is one endpoint's value in earlier runs and in new ones, as natural
// logarithms. NaN, an infinity or a missing element: that run does not have
// it. Errors are standard errors of the logarithms; NaN or a missing element:
// unknown. Nothing is kept of the slices.
type History struct {
	Past, PastErr []float64 // of the N earlier runs, in order
	New, NewErr   []float64 // of the k new runs: 1, or 2 where the first was repeated
}

// Shift is the distance of new runs from earlier ones. The zero value is not
// OK, and is no finding.
type Shift struct {
	Runs int // N: earlier runs that it rests on
	// mean of the new less mean of the earlier ones, as logarithm; of the local part where
	// there is a common one
	Effect   float64
	T, P     float64 // of the k new runs together; one-sided, small where they are larger
	Adjusted float64 // P after Holm over all endpoints; P itself for the common part
	Last     float64 // P of the last new run alone; P itself where k is 1
	// LastEffect is Effect of the last new run alone: the first one of two was
	// repeated because it was high, so only the second tells without bias.
	LastEffect float64
	Err        float64 // err(k), standard error of Effect
	ErrOne     float64 // err(1), of the last new run alone
	DF         float64 // degrees of freedom
	// Detectable is the increase, as a share, that a single new run and a single
	// check at 1 % find in 95 of 100 cases: exp((t_{.99,DF} + t_{.95,DF}) err(1)) - 1.
	Detectable float64
	// Low and High are the ends of the band, as logarithms, in which one new run
	// of unchanged code lies 95 times of 100: expected value ± t_{.975,DF} err(1).
	// Expected is the mean of the earlier runs, moved by what all endpoints of
	// the new runs share.
	Low, High float64
	NoErr     bool // standard errors were missing, so their term was left out
	OK        bool // false: fewer than MinPast earlier runs, no new value, or no spread at all
}

// Comparison is what new runs look like beside earlier ones.
type Comparison struct {
	Local  []Shift // of each endpoint, in the order given
	Global Shift   // of what all endpoints share; not OK where they are fewer than MinCommon
}

// AgainstPast holds the k new runs of E endpoints against N earlier ones. With
// y_ie the logarithm of endpoint e in run i:
//
//	E >= 5:  y_ie = c_e + g_i + l_ie     endpoint, run, and what is left
//	         c_e  = mean over earlier i of (y_ie - g_i)
//	         g_i  = median over e of (y_ie - c_e)
//	         global values are g_i, local ones y_ie - g_i
//	E < 5:   no global part, local values are y_ie
//
//	s_e^2 = variance of e's local values over its N earlier runs (N-1)
//	s0^2  = sum (N-1) s_e^2 / sum (N-1)                      over endpoints
//	local:   sm^2 = (d s0^2 + (N-1) s_e^2) / (d+N-1)         df = d+N-1
//	         d    = min(4, sum of N-1 over the other endpoints)
//	global:  sm^2 = s_g^2                                    df = N-1
//	err^2(k) = sm^2 (1/k + 1/N) + max(0, mean se_new^2 - mean se_past^2)/k
//	t(k)     = (mean of the k new - mean of the N earlier) / err(k)
//	p        = P(T_df > t(k))
//
// with T_df of Student's distribution. g follows a fit by rows and columns
// with the median against what single endpoints do (Tukey, Exploratory Data
// Analysis, 1977, chapter 11); c_e begins as the mean of y_ie and both are
// taken twice, which matters only where endpoints have different earlier runs.
// The variance of one endpoint leans on that of all, as in the moderated t of
// Smyth (Linear models and empirical Bayes methods for assessing differential
// expression in microarray experiments, 2004) with d degrees of freedom. The
// first term of err is that of a prediction of the mean of k further values
// (Hahn and Meeker, Statistical Intervals, 1991, chapter 4), the second what a
// new run is less exact in itself than the earlier ones were (se: History's
// errors); the global part has no second term, as endpoints' own errors
// average out in it.
//
// An endpoint counts if it has a value in every new run and in MinPast earlier
// ones. It has its own N where it misses some.
func AgainstPast(histories []History) Comparison {
	var N, k int
	for _, c := range histories {
		N, k = max(N, len(c.Past)), max(k, len(c.New))
	}
	var comparison Comparison
	past, new, ok := common(histories, N, k)
	if ok {
		all := []part{newPart(past, new)}
		pool(all)
		comparison.Global = all[0].shift()
		comparison.Global.Adjusted = comparison.Global.P
	} else {
		past, new = make([]float64, N), make([]float64, k)
	}
	parts := make([]part, len(histories))
	for e, c := range histories {
		parts[e] = newPart(minus(upTo(c.Past, N), past), minus(upTo(c.New, k), new))
		parts[e].moved = meanOf(new)
		parts[e].weigh(c.PastErr, upTo(c.NewErr, k))
	}
	pool(parts)
	p := make([]float64, len(parts))
	for e, part := range parts {
		if comparison.Local = append(comparison.Local, part.shift()); comparison.Local[e].OK {
			p[e] = comparison.Local[e].P
		} else {
			p[e] = math.NaN()
		}
	}
	for e, adjusted := range Holm(p) {
		if comparison.Local[e].OK {
			comparison.Local[e].Adjusted = adjusted
		}
	}
	return comparison
}

// Suspicious says whether a single new run has to be repeated for this shift,
// one of the comparison's: its p after Holm is below a1, shared between the
// local and the global part where there is one.
func (c Comparison) Suspicious(s Shift) bool { return s.OK && s.Adjusted < c.level(SuspectError) }

// Regressed says whether this shift, one of the comparison's, is a regression:
//
//	p after Holm below a, shared as in Suspicious
//	p of the last new run alone below 10 %, and its exp(effect) >= 1.05
//	exp(effect) >= max(1.05, 1 + maxRegression)
//
// maxRegression is the increase that is allowed, as a share: 0.10 for 10 %. The
// second line adds nothing where there is one new run, so the same holds for a
// decision without a repetition. With two it keeps a single odd run, however
// odd, from deciding: only the second run was not chosen for being high.
func (c Comparison) Regressed(s Shift, maxRegression float64) bool {
	return s.OK && s.Adjusted < c.level(FamilyError) && s.Last < LastError && s.LastEffect >= math.Log(MinEffect) &&
		s.Effect >= math.Log(max(MinEffect, 1+maxRegression))
}

// level is what each part gets of an error: half of it if there are two.
func (c Comparison) level(a float64) float64 {
	if c.Global.OK {
		return a / 2
	}
	return a
}
