package collect

import (
	"fmt"
	"math"

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
	case told > s.Requests || good < 0 || failed < 0:
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

// CheckShare compares a share, from 0 to 1, that the file has besides its counts, with part of all.
// Scripts round it to percent. The error lacks the key.
func CheckShare(share float64, part, all int64, happened string) error {
	const rounded = 0.0051
	switch {
	case !(share >= 0 && share <= 1):
		return fmt.Errorf("a share of %g is impossible", share)
	case all > 0 && math.Abs(share-float64(part)/float64(all)) > rounded:
		return fmt.Errorf("a share of %g is impossible where %d of %d requests %s", share, part, all, happened)
	}
	return nil
}
