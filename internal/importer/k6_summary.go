package importer

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// A summary of k6 has figures of metrics, and of the parts of a metric that the
// script has a threshold on: http_req_duration{name:items}. There are three
// forms of it: --summary-export of k6 1 holds values directly; what handleSummary
// is given has them under "values"; the machine-readable one has a list of
// metrics. Of http_req_failed, "passes" (later "matches") counts the requests
// that failed.

const k6Advice = "run k6 with --out json=FILE or --out csv=FILE, which keeps every request"

func sniffK6Summary(head string) bool {
	return strings.HasPrefix(strings.TrimSpace(head), "{") &&
		(strings.Contains(head, `"metrics"`) && (strings.Contains(head, `"root_group"`) || strings.Contains(head, `"http_req`) || strings.Contains(head, `"iterations"`)) ||
			strings.Contains(head, `"k6_version"`) || strings.Contains(head, `"k6Version"`))
}

// k6Document is any of the three.
type k6Document struct {
	Metrics map[string]json.RawMessage
	State   struct {
		Milliseconds float64 `json:"testRunDurationMs"`
	}
	Config struct {
		Seconds float64 `json:"duration"`
	}
	Results struct {
		Metrics []struct {
			Name   string
			Values map[string]float64
		}
	}
}

// metrics are the values of each metric.
func (d *k6Document) metrics() (map[string]map[string]float64, error) {
	all := map[string]map[string]float64{}
	for _, m := range d.Results.Metrics {
		all[m.Name] = m.Values
	}
	for name, raw := range d.Metrics {
		var nested struct{ Values map[string]float64 }
		if err := json.Unmarshal(raw, &nested); err != nil {
			return nil, fmt.Errorf("metric %s: %w", name, err)
		}
		if nested.Values != nil {
			all[name] = nested.Values
			continue
		}
		var mixed map[string]any
		if err := json.Unmarshal(raw, &mixed); err != nil {
			return nil, fmt.Errorf("metric %s: %w", name, err)
		}
		values := map[string]float64{}
		for key, value := range mixed {
			if n, ok := value.(float64); ok {
				values[key] = n
			}
		}
		all[name] = values
	}
	return all, nil
}

func readK6Summary(in *bufio.Reader, f *figures) error {
	var d k6Document
	if err := whole(in, &d); err != nil {
		return err
	}
	all, err := d.metrics()
	if err != nil {
		return err
	}
	length := time.Duration(d.State.Milliseconds * float64(time.Millisecond))
	if d.Config.Seconds > 0 {
		length = time.Duration(d.Config.Seconds * float64(time.Second))
	}
	if requests := all["http_reqs"]; length <= 0 && requests["rate"] > 0 {
		length = span(int64(requests["count"]), requests["rate"])
	}
	if length > 0 && length < longestFile {
		f.lasted(time.Time{}, length)
	}
	parts := false
	for name := range all {
		_, part := k6Part(name)
		parts = parts || part
	}
	for name, values := range all {
		label, part := k6Part(name)
		if !part && name != k6Duration {
			continue // a metric of another kind
		}
		tags := strings.TrimPrefix(name, k6Duration)
		s, err := k6Trend(values)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if n, ok := all["http_reqs"+tags]["count"]; ok && n > 0 && n < 1<<50 {
			s.Requests, s.Latencies = int64(n), int64(n)
		}
		counts := all["http_req_failed"+tags]
		for _, key := range []string{"passes", "matches"} {
			if n, ok := counts[key]; ok && n >= 0 && n < 1<<50 {
				failed := int64(n)
				s.Failed = &failed
			}
		}
		if s.Failed != nil && s.Requests == 0 {
			s.Failed = nil
		}
		if parts && !part {
			f.together(s)
		} else if err := f.add(label, "", "", s); err != nil {
			return err
		}
	}
	return nil
}

// k6Part is the endpoint of a part of the metric of requests: what its tag name
// says, or that of the address. False: it is not such a part.
func k6Part(metric string) (label string, ok bool) {
	tags, found := strings.CutPrefix(metric, k6Duration+"{")
	if !found {
		return everything, false
	}
	for _, tag := range strings.Split(strings.TrimSuffix(tags, "}"), ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(tag), ":")
		if key == "name" || key == "url" {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}

// k6Trend reads avg, min, med, max, p(95), p95 and count.
func k6Trend(values map[string]float64) (*result.Summary, error) {
	s := &result.Summary{}
	for key, value := range values {
		if key == "count" {
			if value > 0 && value < 1<<50 {
				s.Requests, s.Latencies = int64(value), int64(value)
			}
			continue
		}
		d, err := inMS(value)
		if err != nil {
			return nil, err
		}
		exact := result.Exactly(d)
		switch key {
		case "avg":
			s.Mean = &exact
		case "min":
			s.Min = &exact
		case "max":
			s.Max = &exact
		case "med":
			s.Quantiles = append(s.Quantiles, result.Quantile{Q: 0.5, Reading: exact})
		default:
			if q, ok := quantileNamed(strings.NewReplacer("(", "", ")", "").Replace(key)); ok && q != 0.5 {
				s.Quantiles = append(s.Quantiles, result.Quantile{Q: q, Reading: exact})
			}
		}
	}
	return s, nil
}
