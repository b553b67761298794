package collect

import "github.com/loadgate/loadgate/internal/result"

// remainder is the totals of a result less its endpoints.
type remainder struct {
	total     *result.Summary
	requests  int64             // of no endpoint, or of an uncounted one
	failed    int64             // among these requests, and those of open
	open      []*result.Summary // endpoints whose failures are unknown
	names     []string          // of open
	uncounted []string          // endpoints with times and no counts
	overlap   bool              // the endpoints have more requests than there are
	rounding  float64           // Format.ShareRounding
}

func remainderOf(r *result.Result) remainder {
	m := remainder{total: r.Summary, requests: r.Summary.Requests, failed: r.Summary.Failures()}
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

// failedAmong is how many of n requests of one endpoint failed, if only one number fits
// the totals; else nil.
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
	case m.total.Failed == nil:
		return nil
	case *m.total.Failed == m.total.Requests:
		failed = n
	case *m.total.Failed == 0:
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

// share is part / n; 0 if n is 0.
func share(part, n int64) float64 {
	if n == 0 {
		return 0
	}
	return float64(part) / float64(n)
}
