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
	"github.com/loadgate/loadgate/internal/unit"
)

// counts are the requests of one endpoint, or of all.
type counts struct {
	codes     map[int]int64
	errors    map[string]int64
	sent      int64 // 0: unknown
	responses int64 // answers, by their own counter; 0: unknown
	unsure    bool  // how many failed is not known, though every answer has its status
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

// include makes sure that what an endpoint counts is counted among all requests.
func (c *counts) include(parts map[int]int64) {
	for status, n := range textfile.ByKey(parts) {
		c.codes[status] = max(c.codes[status], n)
	}
}

// outcomes are requests by what the file says of them: good and bad answers, answers of which it says
// neither, and requests without an answer.
type outcomes struct{ good, bad, untold, unanswered int64 }

func (o outcomes) answered() int64 { return o.good + o.bad + o.untold }
func (o outcomes) requests() int64 { return o.answered() + o.unanswered }
func (o outcomes) failed() int64   { return o.bad + o.unanswered }

// outcomes are those of all counters and of the times. A status of 0 is what the engines of sockets
// give for an answer: it has none.
func (c *counts) outcomes(times *result.Summary) outcomes {
	var o outcomes
	var network, checks int64
	for status, n := range textfile.ByKey(c.codes) {
		switch {
		case status == 0:
		case isBad(status):
			o.bad += n
		default:
			o.good += n
		}
	}
	for words, n := range textfile.ByKey(c.errors) {
		switch {
		case networkError.MatchString(words):
			network += n
		case checkError.MatchString(words):
			checks += n
		}
	}
	coded := o.good + o.bad
	answered := max(coded+c.codes[0], c.responses, times.Latencies)
	o.unanswered = max(network, c.sent-answered)
	if answered == 0 && len(times.Quantiles) > 0 { // there were answers, and nothing counts them
		o.unanswered = network
		answered = max(0, c.sent-network)
	}
	// An answer that failed a check may have failed by its status, too.
	o.bad = min(max(o.bad, checks), answered)
	o.good = max(0, coded-o.bad)
	o.untold = answered - o.good - o.bad
	return o
}

func isBad(status int) bool { return status < 200 || status >= 400 }

// contradiction says which counters cannot all be true; empty: they can.
func (c *counts) contradiction(times *result.Summary) string {
	var coded int64
	for _, n := range textfile.ByKey(c.codes) {
		coded += n
	}
	answered := max(coded, c.responses, times.Latencies)
	switch {
	case c.responses > 0 && coded > c.responses:
		return fmt.Sprintf("it counts %s answers by status and %s in all",
			unit.Grouped(coded), unit.Grouped(c.responses))
	case c.sent > 0 && answered > c.sent:
		return fmt.Sprintf("it counts %s answers and %s requests", unit.Grouped(answered), unit.Grouped(c.sent))
	}
	return ""
}

// failInto adds the causes of the failures of an endpoint.
func (c *counts) failInto(f *collect.Figures, label string, o outcomes) {
	bad, unanswered := o.bad, o.unanswered
	for status, n := range textfile.ByKey(c.codes) {
		if status != 0 && isBad(status) {
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

// countInto completes times with the requests. Where the file does not say of each whether it failed, the
// number of failures is unknown, unless those that it has are half of all: the others can only make it worse.
func (o outcomes) countInto(s *result.Summary, unsure bool) {
	s.Requests = o.requests()
	if failed := o.failed(); o.untold == 0 && !unsure || failed > 0 && 2*failed >= s.Requests {
		s.Failed = &failed
	}
	if s.Latencies == 0 && len(s.Quantiles) > 0 { // Artillery 1 does not count them
		s.Latencies = o.answered()
	}
}

// note says that the file does not tell of each request whether it failed; empty: it does.
func (o outcomes) note() string {
	if o.untold == 0 {
		return ""
	}
	return fmt.Sprintf("it says for %s of %s requests whether they failed (codes and errors): %s did",
		unit.Grouped(o.requests()-o.untold), unit.Grouped(o.requests()), unit.Grouped(o.failed()))
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
