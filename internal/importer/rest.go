package importer

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

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

// settle makes the endpoints of a result add up to what the tool says of all
// its requests, and returns what it still does not say, as notes. A result
// without such totals stays as it is.
func settle(r *result.Result, rounding float64) []string {
	if r.Summary == nil || r.Summary.Requests == 0 {
		return nil
	}
	m := remainderOf(r)
	m.rounding = rounding
	overlap := m.overlapped(r)
	failedOfRest := m.failedAmong(m.requests)
	for _, s := range m.open {
		s.Failed = m.failedAmong(s.Requests)
	}
	notes := overlap
	switch {
	case m.requests == 0:
	case m.requests == m.whole.Requests:
		all := *m.whole
		r.Endpoints = append(r.Endpoints, result.Endpoint{Name: everything, Summary: &all})
		notes = append(notes, fmt.Sprintf("it does not say how many requests %s had: they are among %q",
			strings.Join(m.uncounted, ", "), everything))
	default:
		rest := &result.Summary{Requests: m.requests, Failed: failedOfRest}
		r.Endpoints = append(r.Endpoints, result.Endpoint{Name: others, Summary: rest})
		notes = append(notes, m.restNote(rest))
	}
	if len(m.open) > 0 && m.open[0].Failed == nil && m.whole.Failed != nil {
		names := m.names
		if m.requests > 0 {
			names = append(names, others)
		}
		notes = append(notes, fmt.Sprintf("%s of %s requests failed, and it does not say how many of these were of %s",
			unit.Grouped(*m.whole.Failed), unit.Grouped(m.whole.Requests), strings.Join(names, " and of ")))
	}
	return notes
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

// restNote says how many requests are of no endpoint.
func (m remainder) restNote(rest *result.Summary) string {
	failed := "of which it does not say how many failed,"
	if rest.Failed != nil {
		failed = unit.Grouped(*rest.Failed) + " of them failed,"
	}
	among := ""
	if m.uncounted != nil {
		among = "; those of " + strings.Join(m.uncounted, ", ") + " are among them, it does not say how many"
	}
	return fmt.Sprintf("%s of %s requests, %s are of no endpoint that it tells apart: they are %q here, "+
		"and it says nothing of their times%s",
		unit.Grouped(rest.Requests), unit.Grouped(m.whole.Requests), failed, others, among)
}
