package importer

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// locustEntry is an endpoint as --json has it.
type locustEntry struct {
	Name    string
	Method  string
	Start   float64          `json:"start_time"`
	Last    float64          `json:"last_request_timestamp"`
	Count   count            `json:"num_requests"`
	Failed  *count           `json:"num_failures"`
	Max     maybe            `json:"max_response_time"`
	Min     maybe            `json:"min_response_time"`
	Total   maybe            `json:"total_response_time"`
	Buckets map[string]count `json:"response_times"`
}

func sniffLocustJSON(head string) bool {
	return strings.HasPrefix(strings.TrimSpace(head), "[") && strings.Contains(head, `"num_requests"`) &&
		strings.Contains(head, `"start_time"`)
}

func readLocustJSON(in *bufio.Reader, f *figures) error {
	var entries []locustEntry
	if err := whole(in, &entries); err != nil {
		return err
	}
	var start, last float64
	exact := times{unit: time.Millisecond} // Locust rounds the buckets alone
	for _, e := range entries {
		s := &result.Summary{}
		if e.Failed != nil {
			if *e.Failed > e.Count { // as in the CSV
				e.Count += *e.Failed
			}
			s = withCounts(int64(e.Count), int64(*e.Failed))
		}
		s.Requests = int64(e.Count)
		if e.Count == 0 {
			continue
		}
		s.Latencies, s.Buckets = 0, []result.Bucket{}
		for text, n := range byKey(e.Buckets) {
			ms, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return fmt.Errorf("%s: %d times of %q ms: that cannot be", e.Name, n, text)
			}
			reading, err := locustBucket(ms)
			if err != nil {
				return fmt.Errorf("%s: %w", e.Name, err)
			}
			s.Buckets = append(s.Buckets, result.Bucket{Reading: reading, Count: int64(n)})
			s.Latencies += int64(n)
		}
		if s.Latencies > 0 {
			mean := e.Total
			mean.value /= float64(s.Latencies)
			if err := exact.extremes(s, e.Min, mean, e.Max); err != nil {
				return fmt.Errorf("%s: %w", e.Name, err)
			}
		}
		if err := f.add(e.Name, e.Method, "", s); err != nil {
			return err
		}
		if start == 0 || e.Start < start {
			start = e.Start
		}
		last = max(last, e.Last)
	}
	if start > 0 && last > start {
		f.lasted(time.UnixMilli(int64(start*1000)), time.Duration((last-start)*float64(time.Second)))
	}
	return nil
}
