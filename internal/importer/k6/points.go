// Package k6 reads k6's points, one a request, and its summaries.
package k6

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// k6 writes points of many metrics: k6 run --out json=FILE or --out csv=FILE. One of
// http_req_duration is one request, in milliseconds, without the time to connect; its
// tag expected_response is whether k6 counts it as good, and its time is its end. In CSV
// times are whole seconds unless the run had another format, which is enough to count by
// the second.

// The metrics of requests; each has one point a request.
const (
	durationMetric = "http_req_duration"
	requestsMetric = "http_reqs"
	failedMetric   = "http_req_failed"
)

// checksMetric is the metric of what the script asserted: no request fails by it, and
// a run may be rotten though all its requests were good.
const checksMetric = "checks"

// checks counts what a script asserted.
type checks struct{ all, failed int64 }

// add takes a point of the metric: 1 holds, 0 does not.
func (c *checks) add(value float64) {
	c.all++
	if value == 0 {
		c.failed++
	}
}

// note is a clause on the checks that failed; empty: none did.
func (c checks) note() string {
	if c.failed == 0 {
		return ""
	}
	return fmt.Sprintf("%s of %s checks of the script failed: they are not requests, and none of them "+
		"counts as failed", unit.Grouped(c.failed), unit.Grouped(c.all))
}

// beside counts requests of setup() and teardown(), which are sent once, by no user: one in thousands would look like a
// measurement.
type beside struct{ setup, teardown int }

// takes counts a request by its tags; false: a user sent it. A group of a user may have the name setup too, but what
// users send has the tag of a scenario.
func (b *beside) takes(tag func(string) string) bool {
	group, ok := strings.CutPrefix(tag("group"), "::")
	if !ok || tag("scenario") != "" {
		return false
	}
	switch part, _, _ := strings.Cut(group, "::"); part {
	case "setup":
		b.setup++
	case "teardown":
		b.teardown++
	default:
		return false
	}
	return true
}

// note is a clause on what was left out; empty: nothing was.
func (b beside) note() string {
	if b == (beside{}) {
		return ""
	}
	return fmt.Sprintf("%s of setup() and %s of teardown() are left out: they are sent once, and by no user",
		unit.Counted(b.setup, "request"), unit.Counted(b.teardown, "request"))
}

// notes says what the points had beside requests of users.
func notes(s *collect.Samples, all ...string) {
	for _, note := range all {
		if note != "" {
			s.Note(note)
		}
	}
}

func sniffJSON(head string) bool {
	tight := strings.ReplaceAll(head, `": "`, `":"`) // as other programs write it again
	return strings.HasPrefix(strings.TrimSpace(head), "{") && strings.Contains(tight, `"type":"Metric"`) ||
		strings.Contains(tight, `"type":"Point"`)
}

func sniffCSV(head string) bool {
	return strings.HasPrefix(head, "metric_name,timestamp,metric_value,")
}

func readJSON(in *bufio.Reader, s *collect.Samples) error {
	tags := map[string]string{} // of a line
	var asserted checks
	var once beside
	err := textfile.EachObject(in, []string{durationMetric, `"` + checksMetric + `"`}, func(line gjson.Result) error {
		data := line.Get("data")
		switch metric := line.Get("metric").Str; {
		case line.Get("type").Str != "Point":
			return nil
		case metric == checksMetric:
			asserted.add(data.Get("value").Num)
			return nil
		case metric != durationMetric:
			return nil
		}
		at, err := textfile.TimeOf("time", data.Get("time"))
		if err != nil {
			return err
		}
		value, err := textfile.NumberOf("value", data.Get("value"))
		if err != nil {
			return err
		}
		clear(tags)
		data.Get("tags").ForEach(func(key, value gjson.Result) bool {
			tags[key.Str] = value.String()
			return true
		})
		tag := func(name string) string { return tags[name] }
		if once.takes(tag) {
			return nil
		}
		x, err := newSample(at, value, tag)
		if err != nil {
			return err
		}
		return s.Add(x)
	})
	notes(s, asserted.note(), once.note())
	return err
}

func readCSV(in *bufio.Reader, s *collect.Samples) error {
	var asserted checks
	var once beside
	err := textfile.EachRow(in, nil, []string{"metric_name", "timestamp", "metric_value"}, func(r textfile.Row) error {
		switch r.Get("metric_name") {
		case checksMetric:
			if v, err := numeral.Number(r.Get("metric_value")); err == nil {
				asserted.add(v)
			}
			return nil
		case durationMetric:
		default:
			return nil
		}
		at, err := parseTime(r.Get("timestamp"))
		if err != nil {
			return err
		}
		value, err := numeral.Number(r.Get("metric_value"))
		if err != nil {
			return fmt.Errorf("metric_value %q is not a number", r.Get("metric_value"))
		}
		if once.takes(r.Get) {
			return nil
		}
		x, err := newSample(at, value, r.Get)
		if err != nil {
			return err
		}
		return s.Add(x)
	})
	notes(s, asserted.note(), once.note())
	return err
}

// parseTime reads Unix seconds, milli-, micro- or nanoseconds, distinguished by their size,
// or RFC 3339: K6_CSV_TIME_FORMAT has all of them.
func parseTime(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("timestamp %q is not a time", text)
	}
	switch {
	case n > 1e17:
		return time.Unix(0, n), nil
	case n > 1e14:
		return time.UnixMicro(n), nil
	case n > 1e11:
		return time.UnixMilli(n), nil
	}
	return time.Unix(n, 0), nil
}

func newSample(at time.Time, ms float64, tag func(string) string) (collect.Sample, error) {
	latency, err := collect.Latency(ms, time.Millisecond)
	if err != nil {
		return collect.Sample{}, err
	}
	status, _ := strconv.Atoi(tag("status")) // 0: no answer
	x := collect.Sample{
		Label: tag("name"), Method: tag("method"), Address: tag("url"), Ended: at,
		Latency: latency, Status: status,
	}
	switch { // the name is the address unless the script gave another, and then the address is that name
	case strings.Contains(x.Label, "://"):
		x.Label, x.Address = "", x.Label
	case x.Address == x.Label:
		x.Address = ""
	}
	if tag("expected_response") == "false" || tag("expected_response") == "" && (status == 0 || status >= 400) {
		x.Failure, x.Detail = failureOf(status, tag("error_code"), tag("error")), collect.DetailOf(status, tag("error"))
	}
	return x, nil
}

// failureOf reads k6's error codes, whose first two digits are the layer.
func failureOf(status int, code, words string) metric.Failure {
	switch {
	case status > 0:
		return collect.FailureOf(status, words)
	case code == "1050" || code == "1211":
		return metric.Timeout
	case code == "1212":
		return metric.Refused
	case strings.HasPrefix(code, "11"):
		return metric.DNS
	case strings.HasPrefix(code, "12"):
		return metric.Reset
	case strings.HasPrefix(code, "13"):
		return metric.TLS
	}
	return collect.FailureOf(0, words)
}
