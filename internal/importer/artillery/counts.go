package artillery

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// counts are the requests of one endpoint, or of all.
type counts struct {
	codes  map[int]int64
	errors map[string]int64
	sent   int64 // 0: unknown
	unsure bool  // expectations failed, of an unknown number of requests
}

func newCounts() *counts {
	return &counts{codes: map[int]int64{}, errors: map[string]int64{}}
}

// add adds a counter such as "codes.200" or "errors.ETIMEDOUT"; others do not count
// requests.
func (c *counts) add(what string, counted numeral.Count) error {
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
		return fmt.Errorf("%q is not a status", value)
	}
	c.codes[status] += n
	return nil
}

// networkError is an error of the network, checkError one of an answer,
// whatever its status; others are of the scenario.
var (
	networkError = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)
	checkError   = regexp.MustCompile(`^Failed (capture or match|expectations)`)
)

// figures are how many requests were answered, how many of those failed, and
// how many had no answer.
func (c *counts) figures() (answered, bad, unanswered int64) {
	checks := int64(0)
	for status, n := range textfile.ByKey(c.codes) {
		answered += n
		if status < 200 || status >= 400 {
			bad += n
		}
	}
	for words, n := range textfile.ByKey(c.errors) {
		switch {
		case networkError.MatchString(words):
			unanswered += n
		case checkError.MatchString(words):
			checks += n
		}
	}
	// An answer that failed a check may have failed by its status, too.
	bad = min(max(bad, checks), answered)
	return answered, bad, max(unanswered, c.sent-answered)
}

// failInto adds the causes of the failures of an endpoint.
func (c *counts) failInto(f *collect.Figures, label string) {
	_, bad, unanswered := c.figures()
	for status, n := range textfile.ByKey(c.codes) {
		if status < 200 || status >= 400 {
			f.Fail(label, "", "", n, status, "")
			bad -= n
		}
	}
	for words, n := range textfile.ByKey(c.errors) {
		if networkError.MatchString(words) {
			f.Fail(label, "", "", n, 0, words)
			unanswered -= n
		}
	}
	f.Fail(label, "", "", bad, 200, "failed captures or expectations")
	f.Fail(label, "", "", unanswered, 0, "no answer")
}

// summary is what was counted, and the times of what was answered.
func (c *counts) summary(times map[string]float64) (*result.Summary, error) {
	s, err := timesIn(times)
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

// timesIn reads min, max, count, mean, median, p50, p999 and others.
func timesIn(values map[string]float64) (*result.Summary, error) {
	s := &result.Summary{}
	printed := collect.Times{Unit: time.Millisecond, Step: time.Millisecond}
	sketched := collect.Times{Unit: time.Millisecond, Step: 100 * time.Microsecond, Error: 0.01}
	for key, value := range textfile.ByKey(values) {
		read := sketched
		switch _, p50 := values["p50"]; {
		case key == "count":
			n, err := numeral.ToCount(value)
			if err != nil {
				return nil, fmt.Errorf("count: %w", err)
			}
			s.Latencies = n
			continue
		case key == "median" && p50: // the same once more
			continue
		case key == "p999":
			key = "p99.9"
		case key == "min" || key == "max":
			read = printed
		}
		if err := read.SetNamed(s, key, value); err != nil {
			return nil, err
		}
	}
	return s, nil
}
