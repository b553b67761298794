package httpbench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// Fortio's JSON (fortio load -json FILE) counts in buckets, in seconds, of one
// address. The first and last bucket end at the shortest and longest. Errors are
// in DurationHistogram and, alone, in ErrorsDurationHistogram, in buckets of the
// same edges but for those two.

type fortioReport struct {
	RunType   string
	URL       string
	StartTime numeral.Time
	Length    json.RawMessage `json:"ActualDuration"`
	All       fortioHistogram `json:"DurationHistogram"`
	Errors    fortioHistogram `json:"ErrorsDurationHistogram"`
	RetCodes  map[string]numeral.Count
}

type fortioHistogram struct {
	Count         numeral.Count
	Min, Max, Avg numeral.Optional
	Data          []struct {
		Start, End float64
		Count      numeral.Count
	}
	Percentiles []struct{ Percentile, Value numeral.Optional }
}

// mostBuckets limits the buckets of a histogram, each of which is compared with each of another.
// Fortio writes some hundreds.
const mostBuckets = 10_000

func readFortio(in *bufio.Reader, f *collect.Figures) error {
	var v fortioReport
	if err := textfile.DecodeJSON(in, &v); err != nil {
		return err
	}
	if length := fortioLength(v.Length); length > 0 && length < collect.LongestRun {
		f.Ran(v.StartTime.Time, length)
	}
	var told, failed int64
	address := v.URL
	if address != "" && !strings.Contains(address, "://") {
		address = "http://" + address
	}
	label, method := "", "GET"
	if address == "" {
		label, method = collect.AllRequests, ""
	}
	for text, count := range textfile.ByKey(v.RetCodes) {
		status, err := strconv.Atoi(text) // gRPC has words
		n := int64(count)
		told += n
		if good := err == nil && status >= 200 && status < 400 || text == "SERVING" || text == "OK"; !good {
			failed += n
			f.Fail(label, method, address, n, max(status, 0), text)
		}
	}
	if bad := min(int64(v.Errors.Count), int64(v.All.Count)); bad > failed { // a redirect is an error to it
		f.FailAnswered(label, method, address, bad-failed, "errors by its own count")
		failed = bad
	}
	if most := max(len(v.All.Data), len(v.All.Percentiles), len(v.Errors.Data)); most > mostBuckets {
		return fmt.Errorf("%d buckets or percentiles: more than %d are impossible", most, mostBuckets)
	}
	s := &result.Summary{Requests: int64(v.All.Count), Failed: &failed, Buckets: []result.Bucket{}}
	if len(v.RetCodes) > 0 || v.Errors.Data == nil {
		if err := f.SetOutcomes(s, "RetCodes", told-failed, failed); err != nil {
			return err
		}
	}
	for _, b := range v.All.Data {
		n := int64(b.Count)
		for _, e := range v.Errors.Data { // of one bucket unless it is the first or last
			if e.Start >= b.Start && e.Start < b.End || e.Start < b.Start && e.End > b.Start {
				n -= int64(e.Count)
			}
		}
		low, err := collect.Latency(b.Start, time.Second)
		if err != nil {
			return err
		}
		high, err := collect.Latency(b.End, time.Second)
		if err != nil {
			return err
		}
		if high < low || n < 0 {
			return fmt.Errorf("a bucket of %d from %g to %g: that is impossible", n, b.Start, b.End)
		}
		if n > 0 {
			s.Buckets = append(s.Buckets,
				result.Bucket{Reading: result.Reading{Value: high, Low: low, High: high}, Count: n})
			s.Latencies += n
		}
	}
	if v.Errors.Count == 0 { // else these are of errors too
		if err := v.All.given(s); err != nil {
			return err
		}
	}
	return f.Add(label, method, address, s)
}

// fortioLength is how long a run took: nanoseconds, as a number or as text, or
// "10.5s" as Nighthawk writes it; 0: unknown.
func fortioLength(text json.RawMessage) time.Duration {
	bare := strings.Trim(string(text), `"`)
	if ns, err := strconv.ParseInt(bare, 10, 64); err == nil {
		return time.Duration(ns)
	}
	length, err := time.ParseDuration(bare)
	if err != nil {
		return 0
	}
	return length
}

// given reads what Fortio computed itself: a percentile lies within its bucket.
func (h fortioHistogram) given(s *result.Summary) error {
	seconds := collect.Times{Unit: time.Second}
	if err := seconds.SetExtremes(s, h.Min, h.Avg, h.Max); err != nil {
		return err
	}
	for _, p := range h.Percentiles {
		if !p.Value.OK || !(p.Percentile.Value > 0 && p.Percentile.Value < 100) {
			continue
		}
		reading, err := seconds.Reading(p.Value.Value)
		if err != nil {
			return err
		}
		for _, b := range s.Buckets {
			if b.Low <= reading.Value && reading.Value <= b.High {
				reading.Low, reading.High = b.Low, b.High
				break
			}
		}
		s.Quantiles = append(s.Quantiles, result.Quantile{Q: p.Percentile.Value / 100, Reading: reading})
	}
	return nil
}
