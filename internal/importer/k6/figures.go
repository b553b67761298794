package k6

import (
	"fmt"
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// figures are those of the requests with tags; none: all requests.
func figures(all map[string]map[string]float64, tags string) (*result.Summary, error) {
	s, err := trend(all[durationMetric+tags])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", durationMetric+tags, err)
	}
	if n, ok := all["http_reqs"+tags]["count"]; ok && n > 0 && n < 1<<50 {
		s.Requests = int64(n)
	}
	counts := all["http_req_failed"+tags]
	for _, keys := range [][2]string{{"passes", "fails"}, {"matches", "total"}} {
		n, ok := counts[keys[0]]
		if !ok || !(n >= 0 && n < 1<<50) {
			continue
		}
		failed := int64(n)
		s.Failed = &failed
		switch good, ok := counts[keys[1]]; {
		case s.Requests > 0 || !ok || !(good >= 0 && good < 1<<50):
		case keys[1] == "total":
			s.Requests = max(int64(good), failed)
		default:
			s.Requests = int64(good) + failed
		}
	}
	setFailedShare(s, counts)
	if len(s.Quantiles) > 0 || s.Mean != nil || s.Max != nil {
		s.Latencies = s.Requests
	}
	if s.Requests == 0 {
		s.Failed = nil
	}
	return s, nil
}

// setFailedShare takes the share of failed requests where their number is missing, or if
// the share shows that all failed.
func setFailedShare(s *result.Summary, counts map[string]float64) {
	for _, key := range []string{"rate", "value"} { // the latter of --summary-export
		rate, ok := counts[key]
		if ok && (rate == 1 || s.Failed == nil && rate >= 0 && rate < 1) {
			failed := int64(math.Round(rate * float64(s.Requests)))
			s.Failed = &failed
		}
	}
}

// trend reads avg, min, med, max, p(95), p95 and count.
func trend(values map[string]float64) (*result.Summary, error) {
	s := &result.Summary{}
	if isEmpty(values) {
		return s, nil
	}
	exact := collect.Times{Unit: time.Millisecond}
	for key, value := range textfile.ByKey(values) {
		if key == "count" {
			if value > 0 && value < 1<<50 {
				s.Requests = int64(value)
			}
			continue
		}
		if q, ok := collect.ParseQuantile(key); ok && q == 0.5 { // med once more
			continue
		}
		if err := exact.SetNamed(s, key, value); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// isEmpty reports whether a trend has no request: k6 writes zeros then.
func isEmpty(values map[string]float64) bool {
	for key, value := range textfile.ByKey(values) {
		if key != "thresholds" && value != 0 {
			return false
		}
	}
	return true
}
