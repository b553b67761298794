package collect

import "github.com/loadgate/loadgate/internal/result"

// remainder is what a tool says of all its requests, less what it says of its
// endpoints.
type remainder struct {
	whole     *result.Summary
	requests  int64             // of no endpoint, or of one that is not counted
	failed    int64             // among those, and those of open
	open      []*result.Summary // their failures are not told
	names     []string          // of open
	uncounted []string          // endpoints of which only times are told
	overlap   bool              // the endpoints have more requests than there are
	rounding  float64           // of shares of failures
}

func remainderOf(r *result.Result) remainder {
	m := remainder{whole: r.Summary, requests: r.Summary.Requests, failed: r.Summary.Failures()}
	for _, e := range r.Endpoints {
		s := e.Summary
		m.requests -= s.Requests
		switch {
		case s.Requests == 0 && len(s.Quantiles) > 0:
			m.uncounted = append(m.uncounted, e.Name)
		case s.Failed == nil:
			m.open, m.names = append(m.open, s), append(m.names, e.Name)
		default:
			m.failed -= *s.Failed
		}
	}
	m.overlap = m.requests < 0
	m.requests = max(m.requests, 0)
	most := m.requests
	for _, s := range m.open {
		most += s.Requests
	}
	m.failed = min(max(m.failed, 0), most)
	return m
}

// failedAmong is how many of n requests of one endpoint failed, where the totals
// leave only one answer; nil: they leave several.
func (m remainder) failedAmong(n int64) *int64 {
	holders, most := len(m.open), m.requests
	if m.requests > 0 {
		holders++
	}
	for _, s := range m.open {
		most += s.Requests
	}
	var failed int64
	switch {
	case m.whole.Failed == nil:
		return nil
	case *m.whole.Failed == m.whole.Requests:
		failed = n
	case *m.whole.Failed == 0:
	case m.overlap:
		return nil
	case m.failed == most:
		failed = n
	case m.failed == 0:
	case holders == 1:
		failed = m.failed
	default:
		return nil
	}
	return &failed
}

// share is a part of n; 0 where there is none.
func share(part, n int64) float64 {
	if n == 0 {
		return 0
	}
	return float64(part) / float64(n)
}
