package stat

import "slices"

// Cluster is the largest design effect of a share of failures: failures that
// follow each other within a second or so are taken for one event of at most so
// many requests. What lasts longer counts in full.
const Cluster = 5

// FailureShare is the interval, in [0,1], of the share of failures (Hits) of a
// run, from its seconds in order of time; seconds without a request do not
// count. With T seconds that hold m_t requests and e_t failures:
//
//	n    = sum m_t ; E = sum e_t ; s = E / n
//	d_t  = e_t - s m_t ; v = T/(T-1) sum d_t^2 / n^2
//	deff = clip( v / (s (1-s) / n), 1, Cluster )       1 if s is 0 or 1, or T < 2
//	low, high = ShareBounds of E among n, worth n/deff
//
// v is the variance of a ratio with the seconds as clusters (Cochran, Sampling
// Techniques, 3rd ed. 1977, section 2.11; Kish, Survey Sampling, 1965, section
// 8.2). Share takes a run as a sample of what the service always does, and an
// outage of half a run as bad luck. A limit on failures is about this run: Cluster
// keeps one moment's failures from counting as many, and keeps a long outage from
// widening its own interval until it passes.
func FailureShare(seconds []Batch, alpha float64) (low, high float64, e Evidence) {
	seconds = slices.DeleteFunc(slices.Clone(seconds), func(b Batch) bool { return b.N == 0 })
	n, failed, _, ok := total(seconds)
	if !ok || n == 0 {
		return 0, 1, Evidence{}
	}
	e = Evidence{N: n, Deff: 1, Effective: n}
	if T := float64(len(seconds)); failed > 0 && failed < n && T >= 2 {
		s := failed / n
		sum := 0.0
		for _, b := range seconds {
			d := b.Hits - s*b.N
			sum += d * d
		}
		v := T / (T - 1) * sum / (n * n)
		e.Deff = min(max(v/(s*(1-s)/n), 1), Cluster)
		e.Effective = n / e.Deff
	}
	low, high = ShareBounds(failed, e, alpha)
	return low, high, e
}

// Stretch is neighbouring seconds of a run in which most requests failed:
// [From, To) in the order given. The zero value is empty.
type Stretch struct {
	From, To int
	N, Hits  float64 // requests, and failed ones
}

// Stretches are the stretches of a run, in order of time: neighbouring seconds
// of which each has as many failures (Hits) as successes, or more. Seconds
// without a request do not end a stretch, and are not at its ends.
func Stretches(seconds []Batch) []Stretch {
	var found []Stretch
	open := false
	for t, b := range seconds {
		switch {
		case b.N <= 0:
			continue
		case b.Hits < b.N/2:
			open = false
			continue
		case !open:
			found, open = append(found, Stretch{From: t}), true
		}
		last := &found[len(found)-1]
		last.To, last.N, last.Hits = t+1, last.N+b.N, last.Hits+b.Hits
	}
	return found
}
