// Package artillery reads the report of Artillery.
package artillery

import (
	"bufio"
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// Artillery's report (artillery run --output FILE) has summaries in
// milliseconds, from a sketch with an error of 1 %, printed to a tenth; the sketch is not
// in the file. Endpoints are there where the plugin metrics-by-endpoint is on. Requests
// without an answer have no time: they are http.requests less the answers, and what is
// counted under errors. An answer has its status in one counter and is one of http.responses:
// where a script or another program left out the former, its outcome is unknown. Artillery 1
// has other names for the same. The plugin expect
// counts what an answer lacks, and several of that may be of one request: the number
// of failed requests is unknown then.

const (
	timesOf   = "plugins.metrics-by-endpoint.response_time."
	counterOf = "plugins.metrics-by-endpoint."
)

type report struct{ Aggregate aggregate }

type aggregate struct {
	Counters  map[string]numeral.Count
	First     int64 `json:"firstMetricAt"`
	Last      int64 `json:"lastMetricAt"`
	Summaries map[string]numeral.Numbers

	// Of Artillery 1.
	Latency map[string]any
	Codes   map[string]numeral.Count
	Errors  map[string]numeral.Count
	RPS     struct {
		Count numeral.Count
		Mean  float64
	}
	Completed numeral.Count `json:"requestsCompleted"`
}

func sniff(head string) bool {
	return collect.HasKeys(`"aggregate"`, `"counters"`)(head) ||
		collect.HasKeys(`"aggregate"`, `"scenariosCreated"`)(head)
}

func read(in *bufio.Reader, f *collect.Figures) error {
	var v report
	if err := textfile.DecodeJSON(in, &v); err != nil {
		return err
	}
	a := v.Aggregate
	if length := time.Duration(a.Last-a.First) * time.Millisecond; a.First > 0 &&
		a.Last > a.First && length < collect.LongestRun {
		f.Ran(time.UnixMilli(a.First), length)
	}
	all, endpoints := newCounts(), map[string]*counts{}
	all.sent = int64(a.Counters["http.requests"] + a.Counters["engine.http.requests"]) // the latter before 2.0
	all.responses = int64(a.Counters["http.responses"] + a.Counters["engine.http.responses"])
	for name := range textfile.ByKey(a.Summaries) {
		if label, ok := strings.CutPrefix(name, timesOf); ok {
			endpoints[label] = newCounts()
		}
	}
	for counter, n := range textfile.ByKey(a.Counters) {
		into, what := all, strings.TrimPrefix(strings.TrimPrefix(counter, "engine."), "http.")
		if rest, ok := strings.CutPrefix(counter, counterOf); ok {
			label, inner, ok := splitCounter(rest)
			if !ok {
				continue
			}
			if endpoints[label] == nil {
				endpoints[label] = newCounts()
			}
			into, what = endpoints[label], inner
		}
		if err := into.add(what, n); err != nil {
			return fmt.Errorf("%s: %w", counter, err)
		}
	}
	times := a.Summaries["http.response_time"]
	if times == nil {
		times = a.Summaries["engine.http.response_time"] // before 2.0
	}
	if a.Latency != nil {
		var err error
		if times, err = first(a, all, f); err != nil {
			return err
		}
	}
	parts := map[int]int64{}
	for _, counts := range textfile.ByKey(endpoints) {
		for status, n := range textfile.ByKey(counts.codes) {
			parts[status] += n
		}
	}
	all.include(parts)
	total, err := timesIn(times)
	if err != nil {
		return err
	}
	outcomes := all.outcomes(total)
	all.unsure = unmet(a.Counters, f, all)
	if words := all.contradiction(total); words != "" {
		all.unsure = true
		f.Note(words + ": only one can be true, and how many requests failed is not known")
	}
	if lost(a.Counters, f, outcomes) {
		all.unsure = true
	}
	for label, counts := range textfile.ByKey(endpoints) {
		s, err := timesIn(a.Summaries[timesOf+label])
		if err != nil {
			return fmt.Errorf("%s: %w", label, err)
		}
		outcomes := counts.outcomes(s)
		outcomes.countInto(s, all.unsure)
		counts.failInto(f, label, outcomes)
		if err := f.Add(label, "", "", s); err != nil {
			return err
		}
	}
	outcomes.countInto(total, all.unsure)
	if words := outcomes.note(); words != "" {
		f.Note(words)
	}
	if len(endpoints) == 0 {
		all.failInto(f, collect.AllRequests, outcomes)
	}
	if total.Requests > 0 {
		f.AddTotal(total)
	}
	return nil
}

// first reads what Artillery 1 counts, and returns its times.
func first(a aggregate, all *counts, f *collect.Figures) (numeral.Numbers, error) {
	times := numeral.Numbers{}
	for key, value := range textfile.ByKey(a.Latency) {
		if ms, ok := value.(float64); ok { // null: no request was answered
			times[key] = ms
		}
	}
	all.sent, all.responses = int64(a.RPS.Count), int64(a.Completed)
	f.RanAtRate(int64(a.RPS.Count), a.RPS.Mean)
	for code, n := range textfile.ByKey(a.Codes) {
		if err := all.add("codes."+code, n); err != nil {
			return nil, err
		}
	}
	for words, n := range textfile.ByKey(a.Errors) {
		if err := all.add("errors."+words, n); err != nil {
			return nil, err
		}
	}
	return times, nil
}

// splitCounter splits the counter of an endpoint into its name, which may have any
// character, and what is counted.
func splitCounter(text string) (label, what string, ok bool) {
	if at := strings.LastIndex(text, ".codes."); at >= 0 {
		return text[:at], text[at+1:], true
	}
	if at := strings.Index(text, ".errors."); at >= 0 {
		return text[:at], text[at+1:], true
	}
	return "", "", false
}
