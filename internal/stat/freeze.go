package stat

import (
	"math"
	"slices"
)

// Wait is so many requests of the same latency, by users who come back after a
// cycle.
type Wait struct {
	Latency float64 // at least 0
	Count   float64
	// Cycle is the time from one request of a user to its next without the stall, in
	// the unit of Latency. 0 or an infinity: no other request would have come in that
	// time.
	Cycle float64
}

// above is how many arrivals of w wait longer than limit: the request itself,
// and those that its user would have made at x - C, x - 2C, ... > 0.
func (w Wait) above(limit float64) float64 {
	if w.Latency <= limit {
		return 0
	}
	n := 1.0
	if w.Cycle > 0 && !math.IsInf(w.Cycle, 0) {
		// x - jC > limit for j = 1, 2, ...; a whole quotient is not above.
		n += math.Ceil((w.Latency-max(limit, 0))/w.Cycle-tolerance) - 1
	}
	return n * w.Count
}

// ArrivalsAbove is how many arrivals wait longer than limit, and how many there
// are. While a user waits for an answer it does not ask again, so a service that
// stands still for eight seconds answers one slow request of each user, and a
// percentile of requests hardly sees it (coordinated omission). Each request of
// a latency x above its cycle C counts once more for each of x-C, x-2C, ... > 0:
// what a user who came at its usual pace would have waited. That is
// recordValueWithExpectedInterval of HdrHistogram (Gil Tene).
func ArrivalsAbove(waits []Wait, limit float64) (above, all float64) {
	for _, w := range waits {
		above += w.above(limit)
		all += max(w.above(0), w.Count) // a latency of 0 is one arrival
	}
	return above, all
}

// ArrivalsQuantile is the quantile p, in (0,1), of the arrivals by nearest rank:
// the smallest value that at most n - ceil(p n) of n arrivals exceed. False
// without any, and for numbers that cannot be.
func ArrivalsQuantile(waits []Wait, p float64) (float64, bool) {
	_, n := ArrivalsAbove(waits, 0)
	longest := 0.0
	for _, w := range waits {
		longest = max(longest, w.Latency)
	}
	if !(p > 0 && p < 1) || !(n > 0) || !number(n) || !number(longest) {
		return 0, false
	}
	exceed := n - math.Ceil(p*n-tolerance)
	low, high := -1.0, longest // more exceed low, at most so many exceed high
	open := slices.Clone(waits)
	settled := 0.0 // arrivals, of waits that have as many above low as above high: no step of theirs is in between
	for range 60 {
		middle := (low + high) / 2
		above := settled
		for _, w := range open {
			above += w.above(middle)
		}
		if above > exceed {
			low = middle
		} else {
			high = middle
		}
		open = slices.DeleteFunc(open, func(w Wait) bool {
			n := w.above(high)
			if n != w.above(low) {
				return false
			}
			settled += n
			return true
		})
	}
	return max(high, 0), true
}

// What counts as standing still: a second with less than a part of the usual
// answers, of a service that usually gives enough to tell.
const (
	stillPart    = 50
	usualAnswers = 5
)

// Idle are the stretches of a run in which next to nothing was answered: less
// than a fiftieth of the median second, where that has five answers or more. Hits
// of a Stretch are the answers that there were, and N is 0.
func Idle(answers []float64) []Stretch {
	usual := median(answers)
	if !(usual >= usualAnswers) {
		return nil
	}
	var found []Stretch
	for t, n := range answers {
		switch {
		case n >= usual/stillPart:
		case len(found) > 0 && found[len(found)-1].To == t:
			last := &found[len(found)-1]
			last.To, last.Hits = t+1, last.Hits+n
		default:
			found = append(found, Stretch{From: t, To: t + 1, Hits: n})
		}
	}
	return slices.Clip(found)
}
