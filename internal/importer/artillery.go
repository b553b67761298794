package importer

import (
	"bufio"
	"fmt"
	"strings"
	"time"
)

// Artillery's report (artillery run --output FILE) has summaries in
// milliseconds, from a sketch with an error of 1 %, printed to a tenth; the sketch is not
// in the file. Endpoints are there where the plugin metrics-by-endpoint is on. Requests
// without an answer have no time: they are http.requests less the answers, and what is
// counted under errors. Artillery 1 has other names for the same. The plugin expect
// counts what an answer lacks, and several of that may be of one request: how many
// failed is not known then.

const (
	artilleryTimes = "plugins.metrics-by-endpoint.response_time."
	artilleryCodes = "plugins.metrics-by-endpoint."
)

type artilleryReport struct{ Aggregate artilleryAggregate }

type artilleryAggregate struct {
	Counters  map[string]count
	First     int64 `json:"firstMetricAt"`
	Last      int64 `json:"lastMetricAt"`
	Summaries map[string]numbers

	// Of Artillery 1.
	Latency map[string]any
	Codes   map[string]count
	Errors  map[string]count
	RPS     struct {
		Count count
		Mean  float64
	}
}

func sniffArtillery(head string) bool {
	return object(`"aggregate"`, `"counters"`)(head) || object(`"aggregate"`, `"scenariosCreated"`)(head)
}

func readArtillery(in *bufio.Reader, f *figures) error {
	var v artilleryReport
	if err := whole(in, &v); err != nil {
		return err
	}
	a := v.Aggregate
	if length := time.Duration(a.Last-a.First) * time.Millisecond; a.First > 0 &&
		a.Last > a.First && length < longestFile {
		f.lasted(time.UnixMilli(a.First), length)
	}
	all, endpoints := newArtilleryCounts(), map[string]*artilleryCounts{}
	all.sent = int64(a.Counters["http.requests"] + a.Counters["engine.http.requests"]) // the latter before 2.0
	for name := range byKey(a.Summaries) {
		if label, ok := strings.CutPrefix(name, artilleryTimes); ok {
			endpoints[label] = newArtilleryCounts()
		}
	}
	for counter, n := range byKey(a.Counters) {
		into, what := all, strings.TrimPrefix(strings.TrimPrefix(counter, "engine."), "http.")
		if rest, ok := strings.CutPrefix(counter, artilleryCodes); ok {
			label, inner, ok := artilleryCounter(rest)
			if !ok {
				continue
			}
			if endpoints[label] == nil {
				endpoints[label] = newArtilleryCounts()
			}
			into, what = endpoints[label], inner
		}
		if err := into.take(what, n); err != nil {
			return fmt.Errorf("%s: %w", counter, err)
		}
	}
	all.unsure = unmet(a.Counters, f, all)
	for label, counts := range byKey(endpoints) {
		counts.unsure = all.unsure
		s, err := counts.summary(a.Summaries[artilleryTimes+label])
		if err != nil {
			return fmt.Errorf("%s: %w", label, err)
		}
		counts.tell(f, label)
		if err := f.add(label, "", "", s); err != nil {
			return err
		}
	}
	times := a.Summaries["http.response_time"]
	if times == nil {
		times = a.Summaries["engine.http.response_time"]
	}
	if a.Latency != nil { // Artillery 1
		times = numbers{}
		for key, value := range byKey(a.Latency) {
			if ms, ok := value.(float64); ok { // null: no request was answered
				times[key] = ms
			}
		}
		all.sent = int64(a.RPS.Count)
		f.lastedAtRate(int64(a.RPS.Count), a.RPS.Mean)
		for code, n := range byKey(a.Codes) {
			if err := all.take("codes."+code, n); err != nil {
				return err
			}
		}
		for words, n := range byKey(a.Errors) {
			if err := all.take("errors."+words, n); err != nil {
				return err
			}
		}
	}
	s, err := all.summary(times)
	if err != nil {
		return err
	}
	if len(endpoints) == 0 {
		all.tell(f, everything)
	}
	if s.Requests > 0 {
		f.together(s)
	}
	return nil
}

// artilleryCounter parts the counter of an endpoint: its name, which may have
// any character, and what is counted.
func artilleryCounter(text string) (label, what string, ok bool) {
	if at := strings.LastIndex(text, ".codes."); at >= 0 {
		return text[:at], text[at+1:], true
	}
	if at := strings.Index(text, ".errors."); at >= 0 {
		return text[:at], text[at+1:], true
	}
	return "", "", false
}
