package httpbench

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// oha's JSON has percentiles of all requests together, in seconds; its
// successRate is of requests that were answered, whatever the status. Its CSV has
// a line for each answer, since the start of the run; requests without an answer
// are not in it. hey's CSV is much the same.

const ohaAdvice = "give oha's JSON (--output-format json), which counts failures"

// ohaDeadline is what oha calls requests that were under way when its time (-z)
// was over: they did not fail, and how long they would have taken is not known.
const ohaDeadline = "aborted due to deadline"

type ohaReport struct {
	Summary struct {
		Total, Slowest, Fastest, Average numeral.Optional
	}
	Percentiles numeral.Numbers          `json:"latencyPercentiles"`
	Codes       map[string]numeral.Count `json:"statusCodeDistribution"`
	Errors      map[string]numeral.Count `json:"errorDistribution"`
}

func readOhaJSON(in *bufio.Reader, f *collect.Figures) error {
	var v ohaReport
	if err := textfile.DecodeJSON(in, &v); err != nil {
		return err
	}
	answers, failed, err := f.CountStatuses(collect.AllRequests, "", "", v.Codes)
	if err != nil {
		return err
	}
	s := &result.Summary{Requests: answers, Latencies: answers}
	if open := v.Errors[ohaDeadline]; open > 0 {
		delete(v.Errors, ohaDeadline)
		f.Note(fmt.Sprintf("requests that were under way when the time was over, and are not counted: %d", open))
	}
	for words, n := range textfile.ByKey(v.Errors) {
		failed, s.Requests = failed+int64(n), s.Requests+int64(n)
		f.Fail(collect.AllRequests, "", "", int64(n), 0, words)
	}
	if v.Codes != nil || v.Errors != nil {
		s.Failed = &failed
	} else {
		f.Uncounted(s)
	}
	exact := collect.Times{Unit: time.Second}
	for name, seconds := range textfile.ByKey(v.Percentiles) {
		if err := exact.SetNamed(s, name, seconds); err != nil {
			return err
		}
	}
	if err := exact.SetExtremes(s, v.Summary.Fastest, v.Summary.Average, v.Summary.Slowest); err != nil {
		return err
	}
	if d, ok := collect.RunLength(v.Summary.Total.Value, time.Second); ok {
		f.Ran(time.Time{}, d)
	}
	return f.Add(collect.AllRequests, "", "", s)
}

const (
	ohaHead = "request-start,"
	heyHead = "response-time,DNS+dialup,"
)

func sniffOhaCSV(head string) bool { return strings.HasPrefix(head, ohaHead) }
func sniffHeyCSV(head string) bool { return strings.HasPrefix(head, heyHead) }

func readOhaCSV(in *bufio.Reader, s *collect.Samples) error {
	return readSinceStart(in, s, "request-start", "request-duration", "status")
}

func readHeyCSV(in *bufio.Reader, s *collect.Samples) error {
	return readSinceStart(in, s, "offset", "response-time", "status-code")
}

// readSinceStart reads a line a request, in seconds since the start of the run.
func readSinceStart(in *bufio.Reader, s *collect.Samples, start, duration, status string) error {
	s.SinceStart(true)
	return textfile.EachRow(in, nil, []string{start, duration, status}, func(r textfile.Row) error {
		var seconds [2]time.Duration
		for i, name := range []string{start, duration} {
			v, err := numeral.Number(r.Get(name))
			var ok bool
			if seconds[i], ok = collect.RunLength(v, time.Second); err != nil || !ok {
				return fmt.Errorf("%s %q is not a number of seconds", name, r.Get(name))
			}
		}
		code, err := strconv.Atoi(r.Get(status))
		if err != nil {
			return fmt.Errorf("%s %q is not a status", status, r.Get(status))
		}
		x := collect.Sample{Label: collect.AllRequests, Ended: collect.UnknownStart.Add(seconds[0] + seconds[1]),
			Latency: seconds[1], Status: code}
		if code < 200 || code >= 400 {
			x.Fail("")
		}
		return s.Add(x)
	})
}
