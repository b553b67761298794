package importer

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// k6 writes points of many metrics: k6 run --out json=FILE or --out csv=FILE.
// One of http_req_duration is one request, in milliseconds, without the time to
// connect; its tag expected_response says whether k6 takes it for good, and its
// time is that of its end. In CSV times are whole seconds unless the run said
// otherwise, which is enough to count by the second.

// k6Duration is the metric that has one point a request.
const k6Duration = "http_req_duration"

// k6Checks is the metric of what the script asserted: no request fails by it, and
// a run may be rotten though all its requests were good.
const k6Checks = "checks"

// checks counts what a script asserted.
type checks struct{ all, failed int64 }

// take takes a point of the metric: 1 holds, 0 does not.
func (c *checks) take(value float64) {
	c.all++
	if value == 0 {
		c.failed++
	}
}

// note says how many did not hold; empty: all of them did.
func (c checks) note() string {
	if c.failed == 0 {
		return ""
	}
	return fmt.Sprintf("%s of %s checks of the script did not hold: they are no requests, and none of these "+
		"counts as failed", unit.Grouped(c.failed), unit.Grouped(c.all))
}

func sniffK6JSON(head string) bool {
	tight := strings.ReplaceAll(head, `": "`, `":"`) // as other programs write it again
	return strings.HasPrefix(strings.TrimSpace(head), "{") && strings.Contains(tight, `"type":"Metric"`) ||
		strings.Contains(tight, `"type":"Point"`)
}

func sniffK6CSV(head string) bool {
	return strings.HasPrefix(head, "metric_name,timestamp,metric_value,")
}

func readK6JSON(in *bufio.Reader, s *samples) error {
	tags := map[string]string{} // of a line
	var asserted checks
	err := eachObject(in, []string{k6Duration, `"` + k6Checks + `"`}, func(line gjson.Result) error {
		data := line.Get("data")
		switch metric := line.Get("metric").Str; {
		case line.Get("type").Str != "Point":
			return nil
		case metric == k6Checks:
			asserted.take(data.Get("value").Num)
			return nil
		case metric != k6Duration:
			return nil
		}
		at, err := timeOf("time", data.Get("time"))
		if err != nil {
			return err
		}
		value, err := numberOf("value", data.Get("value"))
		if err != nil {
			return err
		}
		clear(tags)
		data.Get("tags").ForEach(func(key, value gjson.Result) bool {
			tags[key.Str] = value.String()
			return true
		})
		return s.add(k6Sample(at, value, func(tag string) string { return tags[tag] }))
	})
	if note := asserted.note(); note != "" {
		s.note(note)
	}
	return err
}

func readK6CSV(in *bufio.Reader, s *samples) error {
	var asserted checks
	err := eachRow(in, nil, []string{"metric_name", "timestamp", "metric_value"}, func(r row) error {
		switch r.get("metric_name") {
		case k6Checks:
			if v, err := strconv.ParseFloat(r.get("metric_value"), 64); err == nil {
				asserted.take(v)
			}
			return nil
		case k6Duration:
		default:
			return nil
		}
		at, err := k6Time(r.get("timestamp"))
		if err != nil {
			return err
		}
		value, err := strconv.ParseFloat(r.get("metric_value"), 64)
		if err != nil {
			return fmt.Errorf("metric_value %q is no number", r.get("metric_value"))
		}
		return s.add(k6Sample(at, value, r.get))
	})
	if note := asserted.note(); note != "" {
		s.note(note)
	}
	return err
}

// k6Time reads Unix seconds, milli-, micro- or nanoseconds, told by their size,
// or RFC 3339: K6_CSV_TIME_FORMAT has all of them.
func k6Time(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("timestamp %q is no time", text)
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

func k6Sample(at time.Time, ms float64, tag func(string) string) sample {
	status, _ := strconv.Atoi(tag("status")) // 0: no answer
	x := sample{
		label: tag("name"), method: tag("method"), address: tag("url"), ended: at,
		latency: time.Duration(ms * float64(time.Millisecond)), status: status,
	}
	switch { // the name is the address unless the script gave another, and then the address is that name
	case strings.Contains(x.label, "://"):
		x.label, x.address = "", x.label
	case x.address == x.label:
		x.address = ""
	}
	if tag("expected_response") == "false" || tag("expected_response") == "" && (status == 0 || status >= 400) {
		x.failure, x.detail = k6Failure(status, tag("error_code"), tag("error")), detailOf(status, tag("error"))
	}
	return x
}

// k6Failure reads k6's codes of errors, of which the first two digits tell the
// layer.
func k6Failure(status int, code, words string) metric.Failure {
	switch {
	case status > 0:
		return kindOfFailure(status, words)
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
	return kindOfFailure(0, words)
}
