package locust

import (
	"bufio"
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// entry is an endpoint as --json has it.
type entry struct {
	Name    string
	Method  string
	Start   float64                  `json:"start_time"`
	Last    float64                  `json:"last_request_timestamp"`
	Count   numeral.Count            `json:"num_requests"`
	Failed  *numeral.Count           `json:"num_failures"`
	Max     numeral.Optional         `json:"max_response_time"`
	Min     numeral.Optional         `json:"min_response_time"`
	Total   numeral.Optional         `json:"total_response_time"`
	Buckets map[string]numeral.Count `json:"response_times"`
}

func sniffJSON(head string) bool {
	return strings.HasPrefix(strings.TrimSpace(head), "[") && strings.Contains(head, `"num_requests"`) &&
		strings.Contains(head, `"start_time"`)
}

func readJSON(in *bufio.Reader, f *collect.Figures) error {
	var entries []entry
	if err := textfile.DecodeJSON(in, &entries); err != nil {
		return err
	}
	var start, last float64
	exact := collect.Times{Unit: time.Millisecond} // Locust rounds the buckets alone
	for _, e := range entries {
		s := &result.Summary{}
		if e.Failed != nil {
			if *e.Failed > e.Count { // as in the CSV
				e.Count += *e.Failed
			}
			s = collect.NewSummary(int64(e.Count), int64(*e.Failed))
		}
		s.Requests = int64(e.Count)
		if e.Count == 0 {
			continue
		}
		s.Latencies, s.Buckets = 0, []result.Bucket{}
		for text, n := range textfile.ByKey(e.Buckets) {
			ms, err := numeral.Number(text)
			if err != nil {
				return fmt.Errorf("%s: %d times of %q ms: that is impossible", e.Name, n, text)
			}
			reading, err := bucket(ms)
			if err != nil {
				return fmt.Errorf("%s: %w", e.Name, err)
			}
			s.Buckets = append(s.Buckets, result.Bucket{Reading: reading, Count: int64(n)})
			s.Latencies += int64(n)
		}
		if s.Latencies > 0 {
			mean := e.Total
			mean.Value /= float64(s.Latencies)
			if err := exact.SetExtremes(s, e.Min, mean, e.Max); err != nil {
				return fmt.Errorf("%s: %w", e.Name, err)
			}
		}
		if err := f.Add(e.Name, e.Method, "", s); err != nil {
			return err
		}
		if start == 0 || e.Start < start {
			start = e.Start
		}
		last = max(last, e.Last)
	}
	if start > 0 && last > start {
		f.Ran(time.UnixMilli(int64(start*1000)), time.Duration((last-start)*float64(time.Second)))
	}
	return nil
}
