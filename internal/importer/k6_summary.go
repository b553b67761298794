package importer

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"time"
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
		(strings.Contains(head, `"metrics"`) && (strings.Contains(head, `"root_group"`) ||
			strings.Contains(head, `"http_req`) || strings.Contains(head, `"iterations"`)) ||
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
			Values numbers
		}
	}
}

// metrics are the values of each metric.
func (d *k6Document) metrics() (map[string]map[string]float64, error) {
	all := map[string]map[string]float64{}
	for _, m := range d.Results.Metrics {
		all[m.Name] = m.Values
	}
	for name, raw := range byKey(d.Metrics) {
		var nested struct{ Values numbers }
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
		for key, value := range byKey(mixed) {
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
	if note := k6Asserted(all[k6Checks]).note(); note != "" {
		f.note(note)
	}
	if err := addK6Parts(f, all); err != nil {
		return err
	}
	s, err := k6Figures(all, "")
	if err != nil {
		return err
	}
	if s.Requests > 0 || len(s.Quantiles) > 0 {
		f.together(s)
	}
	return nil
}

// k6Asserted are the checks of a summary: those that hold are "passes" and
// "matches", unlike the requests that failed.
func k6Asserted(values map[string]float64) checks {
	number := func(key string) (int64, bool) {
		v, ok := values[key]
		return int64(v), ok && v >= 0 && v < 1<<50
	}
	if good, ok := number("matches"); ok {
		all, _ := number("total")
		return checks{all: all, failed: max(all-good, 0)}
	}
	good, _ := number("passes")
	failed, _ := number("fails")
	return checks{all: good + failed, failed: failed}
}
