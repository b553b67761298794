package importer

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// Fortio's JSON (fortio load -json FILE) counts in buckets, in seconds, of one
// address. The first and last bucket end at the shortest and longest. Errors are
// in DurationHistogram and, alone, in ErrorsDurationHistogram, in buckets of the
// same edges but for those two.

type fortioReport struct {
	RunType   string
	URL       string
	StartTime instant
	Length    json.RawMessage `json:"ActualDuration"`
	All       fortioHistogram `json:"DurationHistogram"`
	Errors    fortioHistogram `json:"ErrorsDurationHistogram"`
	RetCodes  map[string]count
}

type fortioHistogram struct {
	Count         count
	Min, Max, Avg maybe
	Data          []struct {
		Start, End float64
		Count      count
	}
	Percentiles []struct{ Percentile, Value maybe }
}

func readFortio(in *bufio.Reader, f *figures) error {
	var v fortioReport
	if err := whole(in, &v); err != nil {
		return err
	}
	if length := fortioLength(v.Length); length > 0 && length < longestFile {
		f.lasted(v.StartTime.Time, length)
	}
	var failed int64
	address := v.URL
	if address != "" && !strings.Contains(address, "://") {
		address = "http://" + address
	}
	label, method := "", "GET"
	if address == "" {
		label, method = everything, ""
	}
	for text, count := range byKey(v.RetCodes) {
		status, err := strconv.Atoi(text) // gRPC has words
		n := int64(count)
		if good := err == nil && status >= 200 && status < 400 || text == "SERVING" || text == "OK"; !good {
			failed += n
			f.fail(label, method, address, n, max(status, 0), text)
		}
	}
	if bad := min(int64(v.Errors.Count), int64(v.All.Count)); bad > failed { // a redirect is an error to it
		f.refused(label, method, address, bad-failed, "errors by its own count")
		failed = bad
	}
	s := &result.Summary{Requests: int64(v.All.Count), Failed: &failed, Buckets: []result.Bucket{}}
	if v.RetCodes == nil && v.Errors.Data == nil {
		s.Failed = nil
	}
	for _, b := range v.All.Data {
		n := int64(b.Count)
		for _, e := range v.Errors.Data { // of one bucket unless it is the first or last
			if e.Start >= b.Start && e.Start < b.End || e.Start < b.Start && e.End > b.Start {
				n -= int64(e.Count)
			}
		}
		low, err := inUnit(b.Start, time.Second)
		if err != nil {
			return err
		}
		high, err := inUnit(b.End, time.Second)
		if err != nil {
			return err
		}
		if high < low || n < 0 || b.Count > 1<<50 {
			return fmt.Errorf("a bucket of %d from %g to %g: that cannot be", n, b.Start, b.End)
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
	return f.add(label, method, address, s)
}

// fortioLength is how long a run took: nanoseconds, as a number or as text, or
// "10.5s" as Nighthawk writes it; 0: not told.
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

// given takes what Fortio computed itself: a percentile lies within its bucket.
func (h fortioHistogram) given(s *result.Summary) error {
	seconds := times{unit: time.Second}
	if err := seconds.extremes(s, h.Min, h.Avg, h.Max); err != nil {
		return err
	}
	for _, p := range h.Percentiles {
		if !p.Value.known || !(p.Percentile.value > 0 && p.Percentile.value < 100) {
			continue
		}
		reading, err := seconds.reading(p.Value.value)
		if err != nil {
			return err
		}
		for _, b := range s.Buckets {
			if b.Low <= reading.Value && reading.Value <= b.High {
				reading.Low, reading.High = b.Low, b.High
				break
			}
		}
		s.Quantiles = append(s.Quantiles, result.Quantile{Q: p.Percentile.value / 100, Reading: reading})
	}
	return nil
}
