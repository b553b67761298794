package importer

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// Artillery's report (artillery run --output FILE) has summaries in
// milliseconds, from a sketch with an error of 1 %, printed to a tenth; the sketch is not
// in the file. Endpoints are there where the plugin metrics-by-endpoint is on.

const (
	artilleryTimes = "plugins.metrics-by-endpoint.response_time."
	artilleryCodes = "plugins.metrics-by-endpoint."
)

type artilleryReport struct {
	Aggregate struct {
		Counters  map[string]int64
		First     int64 `json:"firstMetricAt"`
		Last      int64 `json:"lastMetricAt"`
		Summaries map[string]map[string]float64
	}
}

func readArtillery(in *bufio.Reader, f *figures) error {
	var v artilleryReport
	if err := whole(in, &v); err != nil {
		return err
	}
	a := v.Aggregate
	if length := time.Duration(a.Last-a.First) * time.Millisecond; a.First > 0 && a.Last > a.First && length < longestFile {
		f.lasted(time.UnixMilli(a.First), length)
	}
	parts := false
	for name := range a.Summaries {
		parts = parts || strings.HasPrefix(name, artilleryTimes)
	}
	for name, values := range a.Summaries {
		label, part := strings.CutPrefix(name, artilleryTimes)
		prefix := artilleryCodes + label + "."
		if !part {
			if name != "http.response_time" {
				continue
			}
			label, prefix = everything, "http."
		}
		whole := parts && !part
		tell := func(n int64, status int, words string) {
			if !whole { // the endpoints tell it
				f.fail(label, "", "", n, status, words)
			}
		}
		answered, failed := int64(0), int64(0)
		for counter, n := range a.Counters {
			what, ok := strings.CutPrefix(counter, prefix)
			if !ok || n < 0 || n > 1<<50 {
				continue
			}
			if code, ok := strings.CutPrefix(what, "codes."); ok {
				status, err := strconv.Atoi(code)
				if err != nil {
					return fmt.Errorf("%s: %q is no status", counter, code)
				}
				answered += n
				if status < 200 || status >= 400 {
					failed += n
					tell(n, status, "")
				}
			} else if words, ok := strings.CutPrefix(what, "errors."); ok {
				answered, failed = answered+n, failed+n
				tell(n, 0, words)
			}
		}
		s, err := artillerySummary(values)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.Requests, s.Failed = max(answered, s.Latencies), &failed
		if whole {
			f.together(s)
		} else if err := f.add(label, "", "", s); err != nil {
			return err
		}
	}
	return nil
}

// artillerySummary reads min, max, count, mean, p50, p999 and others.
func artillerySummary(values map[string]float64) (*result.Summary, error) {
	s := &result.Summary{}
	for key, value := range values {
		if key == "count" {
			if value >= 0 && value < 1<<50 {
				s.Latencies = int64(value)
			}
			continue
		}
		d, err := inMS(value)
		if err != nil {
			return nil, err
		}
		printed, sketched := rounded(d, time.Millisecond), within(d, 0.01, 100*time.Microsecond)
		switch key {
		case "min":
			s.Min = &printed
		case "max":
			s.Max = &printed
		case "mean":
			s.Mean = &sketched
		case "p999":
			s.Quantiles = append(s.Quantiles, result.Quantile{Q: 0.999, Reading: sketched})
		default:
			if q, ok := quantileNamed(key); ok {
				s.Quantiles = append(s.Quantiles, result.Quantile{Q: q, Reading: sketched})
			}
		}
	}
	return s, nil
}
