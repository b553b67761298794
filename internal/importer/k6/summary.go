package k6

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// A summary of k6 has figures of metrics, and of submetrics on which the script has
// a threshold: http_req_duration{name:items}. It has three forms: --summary-export
// of k6 1 holds values directly; the argument of handleSummary has them under
// "values"; the machine-readable one has a list of metrics. In http_req_failed,
// "passes" (later "matches") counts the requests that failed.

const advice = "run k6 with --out json=FILE or --out csv=FILE, which keeps every request"

func sniffSummary(head string) bool {
	return strings.HasPrefix(strings.TrimSpace(head), "{") &&
		(strings.Contains(head, `"metrics"`) && (strings.Contains(head, `"root_group"`) ||
			strings.Contains(head, `"http_req`) || strings.Contains(head, `"iterations"`)) ||
			strings.Contains(head, `"k6_version"`) || strings.Contains(head, `"k6Version"`))
}

// document is any of the three.
type document struct {
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
			Values numeral.Numbers
		}
	}
}

// metrics are the values of each metric.
func (d *document) metrics() (map[string]map[string]float64, error) {
	all := map[string]map[string]float64{}
	for _, m := range d.Results.Metrics {
		all[m.Name] = m.Values
	}
	for name, raw := range textfile.ByKey(d.Metrics) {
		var nested struct{ Values numeral.Numbers }
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
		for key, value := range textfile.ByKey(mixed) {
			if n, ok := value.(float64); ok {
				values[key] = n
			}
		}
		all[name] = values
	}
	return all, nil
}

func readSummary(in *bufio.Reader, f *collect.Figures) error {
	var d document
	if err := textfile.DecodeJSON(in, &d); err != nil {
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
	made, _, err := countOf(all, requestsMetric, "count")
	if err != nil {
		return err
	}
	if rate := all[requestsMetric]["rate"]; length <= 0 && rate > 0 {
		length = collect.DurationAtRate(made, rate)
	}
	if length > 0 && length < collect.LongestRun {
		f.Ran(time.Time{}, length)
	}
	held, err := summaryChecks(all)
	if err != nil {
		return err
	}
	if note := held.note(); note != "" {
		f.Note(note)
	}
	if err := addSelections(f, all); err != nil {
		return err
	}
	s, err := figures(f, all, "")
	if err != nil {
		return err
	}
	if len(s.Quantiles) > 0 || isCounted(all, "") {
		f.AddTotal(s)
	}
	return nil
}

// summaryChecks are the checks of a summary: those that hold are "passes" and
// "matches", unlike the requests that failed.
func summaryChecks(metrics map[string]map[string]float64) (checks, error) {
	var errs []error
	number := func(key string) (int64, bool) {
		n, ok, err := countOf(metrics, checksMetric, key)
		errs = append(errs, err)
		return n, ok
	}
	matches, counted := number("matches")
	total, _ := number("total")
	passes, _ := number("passes")
	fails, _ := number("fails")
	if counted {
		return checks{all: total, failed: max(total-matches, 0)}, errors.Join(errs...)
	}
	return checks{all: passes + fails, failed: fails}, errors.Join(errs...)
}
