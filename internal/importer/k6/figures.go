package k6

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// figures are those of the requests with tags; none: all requests.
func figures(f *collect.Figures, all map[string]map[string]float64, tags string) (*result.Summary, error) {
	s, err := trend(all, durationMetric+tags)
	if err != nil {
		return nil, err
	}
	if n, ok, err := countOf(all, requestsMetric+tags, "count"); err != nil {
		return nil, err
	} else if ok && n > 0 {
		s.Requests = n
	}
	if err := setFailed(f, s, all, failedMetric+tags); err != nil {
		return nil, err
	}
	if len(s.Quantiles) > 0 || s.Mean != nil || s.Max != nil {
		s.Latencies = s.Requests
	}
	if s.Requests == 0 {
		s.Failed = nil
	}
	return s, nil
}

// countOf is a number of requests in a metric; false: it has none.
func countOf(all map[string]map[string]float64, metric, key string) (n int64, ok bool, err error) {
	v, ok := all[metric][key]
	if !ok {
		return 0, false, nil
	}
	if n, err = numeral.ToCount(v); err != nil {
		return 0, false, fmt.Errorf("%s: %s: %w", metric, key, err)
	}
	return n, true, nil
}

// setFailed takes the number of failed requests, and that of all where no other metric has it.
func setFailed(f *collect.Figures, s *result.Summary, all map[string]map[string]float64, metric string) error {
	for _, keys := range [][2]string{{"passes", "fails"}, {"matches", "total"}} {
		failed, ok, err := countOf(all, metric, keys[0])
		good, counted, otherErr := countOf(all, metric, keys[1])
		if err := errors.Join(err, otherErr); err != nil {
			return err
		}
		if !ok || !counted {
			continue
		}
		if keys[1] == "total" {
			if failed > good {
				return fmt.Errorf("%s: %d matches of %d are impossible", metric, failed, good)
			}
			good -= failed
		}
		if s.Requests == 0 {
			s.Requests = good + failed
		}
		if err := checkShare(all, metric, failed, good+failed); err != nil {
			return err
		}
		return f.SetOutcomes(s, metric, good, failed)
	}
	share, _, ok, err := failedShare(all, metric)
	if err != nil || !ok {
		return err
	}
	failed := int64(math.Round(share * float64(s.Requests)))
	s.Failed = &failed
	return nil
}

// failedShare is the share of failed requests, and the key that has it.
func failedShare(all map[string]map[string]float64, metric string) (share float64, key string, ok bool, err error) {
	for _, key := range []string{"rate", "value"} { // the latter of --summary-export
		if share, ok = all[metric][key]; !ok {
			continue
		}
		if !(share >= 0 && share <= 1) {
			return 0, "", false, fmt.Errorf("%s: %s: a share of %g is impossible", metric, key, share)
		}
		return share, key, true, nil
	}
	return 0, "", false, nil
}

// checkShare compares the share of failed requests, which scripts round to percent, with their count.
func checkShare(all map[string]map[string]float64, metric string, failed, requests int64) error {
	const rounded = 0.0051
	share, key, ok, err := failedShare(all, metric)
	if err != nil || !ok || requests == 0 || math.Abs(share-float64(failed)/float64(requests)) <= rounded {
		return err
	}
	return fmt.Errorf("%s: %s: a share of %g is impossible where %d of %d requests failed",
		metric, key, share, failed, requests)
}

// trend reads avg, min, med, max, p(95), p95 and count.
func trend(all map[string]map[string]float64, metric string) (s *result.Summary, err error) {
	s = &result.Summary{}
	values := all[metric]
	if isEmpty(values) {
		return s, nil
	}
	if s.Requests, _, err = countOf(all, metric, "count"); err != nil {
		return nil, err
	}
	exact := collect.Times{Unit: time.Millisecond}
	for key, value := range textfile.ByKey(values) {
		if q, ok := collect.ParseQuantile(key); key == "count" || ok && q == 0.5 { // med once more
			continue
		}
		if err := exact.SetNamed(s, key, value); err != nil {
			return nil, fmt.Errorf("%s: %w", metric, err)
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
