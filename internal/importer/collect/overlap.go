package collect

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Rows may include the requests of other rows, as JMeter's transaction controllers do:
// together they have more requests than the total, and nothing marks these rows.

// overlapped returns a note if the endpoints do not add up to the total. If failures are
// rarer in their sum than in the total, the failures of the rows that cause this become
// unknown, and the total is judged in their place.
func (m remainder) overlapped(r *result.Result) []string {
	var requests, failed int64
	for _, e := range r.Endpoints {
		requests, failed = requests+e.Summary.Requests, failed+e.Summary.Failures()
	}
	total := m.total.Failed
	known := total != nil && len(m.open) == 0
	more := requests > m.total.Requests
	rarer := known && requests >= m.total.Requests &&
		share(failed, requests) < share(*total, m.total.Requests)-m.rounding
	if !more && !rarer {
		return nil
	}
	if rarer {
		for _, e := range r.Endpoints {
			s := e.Summary
			if share(s.Failures(), s.Requests) < share(*total, m.total.Requests) && s.Requests > 0 {
				s.Failed = nil
			}
		}
	}
	return []string{fmt.Sprintf("its rows have %s together, and its total says %s: %s",
		ofWhichFailed(requests, failed, known),
		ofWhichFailed(m.total.Requests, m.total.Failures(), total != nil), overlapReason(more))}
}

func overlapReason(more bool) string {
	if more {
		return "rows that hold others, as JMeter's transaction controllers do, are counted again in what is said of " +
			"several rows"
	}
	return "whose the other failures are is not known"
}

func ofWhichFailed(requests, failed int64, known bool) string {
	if !known {
		return unit.Grouped(requests) + " requests"
	}
	return fmt.Sprintf("%s requests, %s failed", unit.Grouped(requests), unit.Grouped(failed))
}
