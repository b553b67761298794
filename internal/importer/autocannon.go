package importer

import (
	"bufio"
	"fmt"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// autocannon's JSON (--json) is of one address, in whole milliseconds, without a
// p95: it has p90 and p97_5. Answers of any status have a time; errors have not.

type autocannonReport struct {
	URL      string
	Method   string
	Start    time.Time
	Duration float64
	Errors   int64
	Timeouts int64
	Bad      int64                            `json:"non2xx"`
	Codes    map[string]struct{ Count int64 } `json:"statusCodeStats"`
	Latency  map[string]float64
	Requests struct{ Total int64 }
}

func readAutocannon(in *bufio.Reader, f *figures) error {
	var v autocannonReport
	if err := whole(in, &v); err != nil {
		return err
	}
	method := v.Method
	if method == "" {
		method = "GET"
	}
	failed := v.Bad + v.Errors
	s := &result.Summary{Requests: v.Requests.Total + v.Errors, Failed: &failed, Latencies: v.Requests.Total}
	for code, n := range v.Codes {
		status, err := strconv.Atoi(code)
		if err != nil || n.Count < 0 || n.Count > 1<<50 {
			return fmt.Errorf("%d answers of status %q: that cannot be", n.Count, code)
		}
		if status < 200 || status >= 300 {
			f.fail("", method, v.URL, n.Count, status, "")
		}
	}
	f.fail("", method, v.URL, v.Timeouts, 0, "timeout")
	f.fail("", method, v.URL, v.Errors-v.Timeouts, 0, "connection errors")
	for key, value := range v.Latency {
		q, quantile := quantileNamed(key)
		if !quantile && key != "average" && key != "min" && key != "max" {
			continue
		}
		d, err := inMS(value)
		if err != nil {
			return err
		}
		printed := rounded(d, time.Millisecond)
		switch key {
		case "average":
			s.Mean = &printed
		case "min":
			s.Min = &printed
		case "max":
			s.Max = &printed
		default:
			s.Quantiles = append(s.Quantiles, result.Quantile{Q: q, Reading: printed})
		}
	}
	if d, err := inUnit(v.Duration, time.Second); err == nil {
		f.lasted(v.Start, d)
	}
	return f.add("", method, v.URL, s)
}
