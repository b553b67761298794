package httpbench

import (
	"bufio"
	"regexp"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// autocannon's JSON (--json) is of one address, in whole milliseconds, without a
// p95: it has p90 and p97_5. Answers of any status have a time, unless they were left out
// (--excludeErrorStats); errors have none. What is not 2xx failed, and so did a
// body that was not the expected one.

type autocannonReport struct {
	URL        string
	Method     string
	Start      numeral.Time
	Duration   numeral.Optional
	Errors     numeral.Count
	Timeouts   numeral.Count
	Mismatches numeral.Count
	Good       numeral.Count                            `json:"2xx"`
	Bad        numeral.Count                            `json:"non2xx"`
	Codes      map[string]struct{ Count numeral.Count } `json:"statusCodeStats"`
	Latency    numeral.Numbers
	Requests   struct{ Total numeral.Count }
}

// AutocannonTable is what it prints for people, which begins as wrk's text does.
var AutocannonTable = regexp.MustCompile(`(?m)│ Stat +│ +2\.5% +│|^Running .* test @ .*\n\d+ connections`)

func readAutocannon(in *bufio.Reader, f *collect.Figures) error {
	var v autocannonReport
	if err := textfile.DecodeJSON(in, &v); err != nil {
		return err
	}
	method := v.Method
	if method == "" {
		method = "GET"
	}
	codes := map[string]numeral.Count{}
	for code, n := range textfile.ByKey(v.Codes) {
		codes[code] = n.Count
	}
	byCode, redirects := int64(0), int64(0)
	for code, n := range textfile.ByKey(codes) {
		byCode += int64(n)
		if code[:min(1, len(code))] == "3" { // it follows none, and does not count them as good
			redirects += int64(n)
			f.FailAnswered("", method, v.URL, int64(n), "a redirect, which it does not follow")
		}
	}
	_, bad, err := f.CountStatuses("", method, v.URL, codes)
	if err != nil {
		return err
	}
	known := max(int64(v.Good)+int64(v.Bad), byCode)
	answers := max(int64(v.Requests.Total), known)
	failed := min(max(int64(v.Bad), bad+redirects)+int64(v.Mismatches), answers) + int64(v.Errors)
	f.Fail("", method, v.URL, int64(v.Mismatches), 200, "another body than expected")
	f.Fail("", method, v.URL, int64(v.Timeouts), 0, "timeout")
	f.Fail("", method, v.URL, int64(v.Errors-v.Timeouts), 0, "connection errors")
	s := &result.Summary{Requests: answers + int64(v.Errors), Latencies: answers}
	if err := f.SetOutcomes(s, "2xx and non2xx", known+int64(v.Errors)-failed, failed); err != nil {
		return err
	}
	millis := collect.Times{Unit: time.Millisecond, Step: time.Millisecond}
	for key, value := range textfile.ByKey(v.Latency) {
		if key == "mean" { // the average once more
			continue
		}
		if err := millis.SetNamed(s, key, value); err != nil {
			return err
		}
	}
	if v.Latency["max"] == 0 && v.Latency["average"] == 0 && failed == s.Requests { // all zeros: no time was kept
		s.Latencies, s.Quantiles, s.Mean, s.Min, s.Max = 0, nil, nil, nil, nil
	}
	if d, ok := collect.RunLength(v.Duration.Value, time.Second); ok {
		f.Ran(v.Start.Time, d)
	}
	return f.Add("", method, v.URL, s)
}
