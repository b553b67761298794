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
	if !isCounted(all, tags) {
		f.Uncounted(s)
	}
	if len(s.Quantiles) > 0 || s.Mean != nil || s.Max != nil {
		s.Latencies = s.Requests
	}
	if s.Requests == 0 {
		s.Failed = nil
	}
	return s, nil
}

// isCounted reports whether any metric says how many requests with tags there were.
func isCounted(all map[string]map[string]float64, tags string) bool {
	_, made := all[requestsMetric+tags]["count"]
	_, timed := all[durationMetric+tags]["count"]
	_, _, told, _ := failedCount(all, failedMetric+tags) // an error is setFailed's
	return made || timed || told
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

// setFailed takes the number of failed requests, and that of all where no other metric has it. What the
// metric says twice has to agree.
func setFailed(f *collect.Figures, s *result.Summary, all map[string]map[string]float64, metric string) error {
	failed, requests, ok, err := failedCount(all, metric)
	if err != nil {
		return err
	}
	if ok && s.Requests == 0 {
		s.Requests = requests
	}
	for _, key := range []string{"rate", "value"} { // the latter of --summary-export
		share, given := all[metric][key]
		switch {
		case !given:
			continue
		case !ok && s.Failed == nil:
			of := int64(math.Round(share * float64(s.Requests)))
			s.Failed = &of
		}
		if err := collect.CheckShare(share, failed, requests, "failed"); err != nil {
			return fmt.Errorf("%s: %s: %w", metric, key, err)
		}
	}
	if !ok {
		return nil
	}
	return f.SetOutcomes(s, metric, requests-failed, failed)
}

// failedCount is how many requests failed, and of how many that is known. False: the metric does not count
// them.
func failedCount(all map[string]map[string]float64, metric string) (failed, requests int64, ok bool, err error) {
	for _, keys := range [][2]string{{"passes", "fails"}, {"matches", "total"}} {
		bad, given, err := countOf(all, metric, keys[0])
		other, counted, otherErr := countOf(all, metric, keys[1])
		if err := errors.Join(err, otherErr); err != nil {
			return 0, 0, false, err
		}
		if !given || !counted {
			continue
		}
		of := bad + other
		if keys[1] == "total" {
			of = other
		}
		if bad > of {
			return 0, 0, false, fmt.Errorf("%s: %d %s of %d are impossible", metric, bad, keys[0], of)
		}
		if ok && (bad != failed || of != requests) {
			return 0, 0, false, fmt.Errorf("%s: %d of %d requests failed, and %d of %d did: only one can be true",
				metric, failed, requests, bad, of)
		}
		failed, requests, ok = bad, of, true
	}
	return failed, requests, ok, nil
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
