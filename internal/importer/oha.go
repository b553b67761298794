package importer

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// oha's JSON has percentiles of all requests together, in seconds; its
// successRate is of requests that were answered, whatever the status. Its CSV has
// a line for each answer, since the start of the run; requests without an answer
// are not in it. hey's CSV is much the same.

const ohaAdvice = "give oha's JSON (--output-format json), which counts failures"

// ohaDeadline is what oha calls requests that were under way when its time (-z)
// was over: they did not fail, unless none was ever answered.
const ohaDeadline = "aborted due to deadline"

type ohaReport struct {
	Summary struct {
		Total, Slowest, Fastest, Average maybe
	}
	Percentiles numbers          `json:"latencyPercentiles"`
	Codes       map[string]count `json:"statusCodeDistribution"`
	Errors      map[string]count `json:"errorDistribution"`
}

func readOhaJSON(in *bufio.Reader, f *figures) error {
	var v ohaReport
	if err := whole(in, &v); err != nil {
		return err
	}
	answers, failed, err := f.answered(everything, "", "", v.Codes)
	if err != nil {
		return err
	}
	s := &result.Summary{Requests: answers, Latencies: answers}
	if open := v.Errors[ohaDeadline]; open > 0 && (answers > 0 || len(v.Errors) > 1) {
		delete(v.Errors, ohaDeadline)
		f.note(fmt.Sprintf("requests that were under way when the time was over, and are not counted: %d", open))
	}
	for words, n := range byKey(v.Errors) {
		failed, s.Requests = failed+int64(n), s.Requests+int64(n)
		f.fail(everything, "", "", int64(n), 0, words)
	}
	if v.Codes != nil || v.Errors != nil {
		s.Failed = &failed
	}
	exact := times{unit: time.Second}
	for name, seconds := range byKey(v.Percentiles) {
		if err := exact.named(s, name, seconds); err != nil {
			return err
		}
	}
	if err := exact.extremes(s, v.Summary.Fastest, v.Summary.Average, v.Summary.Slowest); err != nil {
		return err
	}
	if d, err := inUnit(v.Summary.Total.value, time.Second); err == nil {
		f.lasted(time.Time{}, d)
	}
	return f.add(everything, "", "", s)
}

const (
	ohaHead = "request-start,"
	heyHead = "response-time,DNS+dialup,"
)

func sniffOhaCSV(head string) bool { return strings.HasPrefix(head, ohaHead) }
func sniffHeyCSV(head string) bool { return strings.HasPrefix(head, heyHead) }

func readOhaCSV(in *bufio.Reader, s *samples) error {
	return readSinceStart(in, s, "request-start", "request-duration", "status")
}

func readHeyCSV(in *bufio.Reader, s *samples) error {
	return readSinceStart(in, s, "offset", "response-time", "status-code")
}

// readSinceStart reads a line a request, in seconds since the start of the run.
func readSinceStart(in *bufio.Reader, s *samples, start, duration, status string) error {
	s.sinceStart(true)
	return eachRow(in, nil, []string{start, duration, status}, func(r row) error {
		var seconds [2]time.Duration
		for i, name := range []string{start, duration} {
			v, err := strconv.ParseFloat(r.get(name), 64)
			if err == nil {
				seconds[i], err = inUnit(v, time.Second)
			}
			if err != nil {
				return fmt.Errorf("%s %q is no number of seconds", name, r.get(name))
			}
		}
		code, err := strconv.Atoi(r.get(status))
		if err != nil {
			return fmt.Errorf("%s %q is no status", status, r.get(status))
		}
		x := sample{label: everything, ended: unknownStart.Add(seconds[0] + seconds[1]),
			latency: seconds[1], status: code}
		if code < 200 || code >= 400 {
			x.fail("")
		}
		return s.add(x)
	})
}
