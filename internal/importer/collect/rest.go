package collect

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// addRemainder makes the endpoints of a result add up to its totals, and returns what is
// still unknown, as notes. A result without totals stays as it is.
func addRemainder(r *result.Result, rounding float64) []string {
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
	case m.requests == m.total.Requests:
		all := *m.total
		r.Endpoints = append(r.Endpoints, result.Endpoint{Name: AllRequests, Summary: &all})
		notes = append(notes, fmt.Sprintf("it does not say how many requests %s had: they are among %q",
			strings.Join(m.uncounted, ", "), AllRequests))
	default:
		rest := &result.Summary{Requests: m.requests, Failed: failedOfRest}
		r.Endpoints = append(r.Endpoints, result.Endpoint{Name: OtherRequests, Summary: rest})
		notes = append(notes, m.restNote(rest))
	}
	if len(m.open) > 0 && m.open[0].Failed == nil && m.total.Failed != nil {
		names := m.names
		if m.requests > 0 {
			names = append(names, OtherRequests)
		}
		notes = append(notes,
			fmt.Sprintf("%s of %s requests failed, and the file does not say how many of them were of %s",
				unit.Grouped(*m.total.Failed), unit.Grouped(m.total.Requests), strings.Join(names, " and of ")))
	}
	return notes
}

// restNote is the note about requests of no endpoint.
func (m remainder) restNote(rest *result.Summary) string {
	failed := "of which it does not say how many failed,"
	if rest.Failed != nil {
		failed = unit.Grouped(*rest.Failed) + " of them failed,"
	}
	among := ""
	if m.uncounted != nil {
		among = "; those of " + strings.Join(m.uncounted, ", ") + " are among them, it does not say how many"
	}
	return fmt.Sprintf("%s of %s requests, %s belong to no endpoint of the file: they are %q here, "+
		"and their times are unknown%s",
		unit.Grouped(rest.Requests), unit.Grouped(m.total.Requests), failed, OtherRequests, among)
}
