package importer

import (
	"bufio"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
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

// artilleryCounts are the requests of one endpoint, or of all.
type artilleryCounts struct {
	codes  map[int]int64
	errors map[string]int64
	sent   int64 // 0: not told
	unsure bool  // expectations failed, and it does not say of how many requests
}

func newArtilleryCounts() *artilleryCounts {
	return &artilleryCounts{codes: map[int]int64{}, errors: map[string]int64{}}
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
	all.unsure = a.unmet(f, all)
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

// take counts what a counter such as "codes.200" or "errors.ETIMEDOUT" says;
// others are of no request.
func (c *artilleryCounts) take(what string, counted count) error {
	kind, value, _ := strings.Cut(what, ".")
	if kind != "codes" && kind != "errors" {
		return nil
	}
	n := int64(counted)
	if kind == "errors" {
		c.errors[value] += n
		return nil
	}
	status, err := strconv.Atoi(value)
	if err != nil {
		return fmt.Errorf("%q is no status", value)
	}
	c.codes[status] += n
	return nil
}

// artilleryCause is an error of the network, artilleryCheck one of an answer,
// whatever its status; others are of the scenario.
var (
	artilleryCause = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)
	artilleryCheck = regexp.MustCompile(`^Failed (capture or match|expectations)`)
)

// figures are how many requests were answered, how many of those failed, and
// how many had no answer.
func (c *artilleryCounts) figures() (answered, bad, unanswered int64) {
	checks := int64(0)
	for status, n := range byKey(c.codes) {
		answered += n
		if status < 200 || status >= 400 {
			bad += n
		}
	}
	for words, n := range byKey(c.errors) {
		switch {
		case artilleryCause.MatchString(words):
			unanswered += n
		case artilleryCheck.MatchString(words):
			checks += n
		}
	}
	// An answer that failed a check may have failed by its status, too.
	bad = min(max(bad, checks), answered)
	return answered, bad, max(unanswered, c.sent-answered)
}

// tell names the causes of the failures of an endpoint.
func (c *artilleryCounts) tell(f *figures, label string) {
	_, bad, unanswered := c.figures()
	for status, n := range byKey(c.codes) {
		if status < 200 || status >= 400 {
			f.fail(label, "", "", n, status, "")
			bad -= n
		}
	}
	for words, n := range byKey(c.errors) {
		if artilleryCause.MatchString(words) {
			f.fail(label, "", "", n, 0, words)
			unanswered -= n
		}
	}
	f.fail(label, "", "", bad, 200, "failed captures or expectations")
	f.fail(label, "", "", unanswered, 0, "no answer")
}

// summary is what was counted, and the times of what was answered.
func (c *artilleryCounts) summary(times map[string]float64) (*result.Summary, error) {
	s, err := artillerySummary(times)
	if err != nil {
		return nil, err
	}
	answered, bad, unanswered := c.figures()
	failed := bad + unanswered
	s.Requests, s.Failed = max(answered, s.Latencies)+unanswered, &failed
	if c.unsure && failed < s.Requests {
		s.Failed = nil
	}
	if s.Latencies == 0 && len(s.Quantiles) > 0 { // Artillery 1 does not count them
		s.Latencies = answered
	}
	return s, nil
}

// artillerySummary reads min, max, count, mean, median, p50, p999 and others.
func artillerySummary(values map[string]float64) (*result.Summary, error) {
	s := &result.Summary{}
	printed := times{unit: time.Millisecond, step: time.Millisecond}
	sketched := times{unit: time.Millisecond, step: 100 * time.Microsecond, share: 0.01}
	for key, value := range byKey(values) {
		read := sketched
		switch _, p50 := values["p50"]; {
		case key == "count":
			if value >= 0 && value < 1<<50 {
				s.Latencies = int64(value)
			}
			continue
		case key == "median" && p50: // the same once more
			continue
		case key == "p999":
			key = "p99.9"
		case key == "min" || key == "max":
			read = printed
		}
		if err := read.named(s, key, value); err != nil {
			return nil, err
		}
	}
	return s, nil
}
