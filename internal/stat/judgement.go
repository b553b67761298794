package stat

import "math"

// Judgement is what an interval says about a limit. The zero value is
// Undecided.
type Judgement uint8

// The judgements.
const (
	Undecided Judgement = iota
	Within              // the whole interval is on the good side
	Beyond              // the whole interval is on the bad side
)

// String is the judgement's name, for messages of tests.
func (j Judgement) String() string {
	return [...]string{"undecided", "within", "beyond", "?"}[min(j, 3)]
}

// AgainstCeiling judges a value that must not exceed limit: Within if
// high <= limit, Beyond if low > limit. Give an end that does not exist as
// ±math.Inf or NaN; it never decides.
func AgainstCeiling(low, high, limit float64) Judgement {
	switch {
	case low > limit && !math.IsInf(low, 0):
		return Beyond
	case high <= limit && !math.IsInf(high, 0):
		return Within
	}
	return Undecided
}

// AgainstShare judges a share of failures that must stay below limit: Within
// if high < limit, Beyond if low >= limit. A limit of 0 is broken by the first
// failure and shown by no number of good requests; low is 0 exactly when
// there was no failure, so it is not Beyond.
func AgainstShare(low, high, limit float64) Judgement {
	switch {
	case low >= limit && low > 0:
		return Beyond
	case high < limit:
		return Within
	}
	return Undecided
}

// AgainstFloor judges a rate that must reach limit: Within if low >= limit,
// Beyond if high < limit.
func AgainstFloor(low, high, limit float64) Judgement {
	switch {
	case high < limit:
		return Beyond
	case low >= limit:
		return Within
	}
	return Undecided
}

// TimeFactor is how many times as long a run would have to be for an undecided
// latency to be decided:
//
//	((ln bound - ln value) / (ln limit - ln value))^2
//
// with bound the end of the interval on the limit's side: the upper one if
// value < limit, else the lower. The width of an interval falls with the root
// of the time. All three are in the same unit and above 0. False where there
// is no such number: the bound does not exist (infinite, 0 or NaN) or the
// value is the limit. It is an estimate, not a promise, and below 1 where the
// check is decided already.
func TimeFactor(value, bound, limit float64) (factor float64, ok bool) {
	for _, v := range []float64{value, bound, limit} {
		if !number(v) || v <= 0 {
			return 0, false
		}
	}
	if value == limit {
		return 0, false
	}
	ratio := math.Log(bound/value) / math.Log(limit/value)
	return ratio * ratio, number(ratio * ratio)
}
