package collect

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// SetOutcomes sets how many requests of s failed, by the file's own counts of those that
// succeeded and of those that failed. If it counts fewer outcomes than requests, a note says so
// with the name that the counts have in the file, and the failures are unknown, unless half of all
// requests failed: that is an outage, and the others can only make it worse. More outcomes than
// requests are an error.
func (f *Figures) SetOutcomes(s *result.Summary, counts string, good, failed int64) error {
	switch told := good + failed; {
	case told > s.Requests:
		return fmt.Errorf("%s: %d succeeded and %d failed: that is impossible with %d requests",
			counts, good, failed, s.Requests)
	case told < s.Requests:
		if s.Failed = nil; failed > 0 && 2*failed >= s.Requests {
			s.Failed = &failed
		}
		f.Note(fmt.Sprintf("it says for %s of %s requests whether they failed (%s)",
			unit.Grouped(told), unit.Grouped(s.Requests), counts))
	default:
		s.Failed = &failed
	}
	return nil
}
