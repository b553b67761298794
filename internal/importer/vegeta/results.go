// Package vegeta reads Vegeta's results, as JSON, CSV and gob, and its JSON report.
package vegeta

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// Vegeta's results, vegeta encode -to json or -to csv: one attack a line, with
// the time when it was sent and its latency in nanoseconds. 200 to 399 is good,
// as in Vegeta's own report.

// columns are those of the CSV, which has no head. Older versions write the
// first six, or nine, of them.
var columns = []string{"timestamp", "code", "latency", "bytes_out",
	"bytes_in", "error", "body", "attack", "seq", "method", "url", "headers"}

var line = regexp.MustCompile(`^\d{19},\d{1,3},\d+,\d+,\d+,`)

// fewestColumns is how many the oldest version writes.
const fewestColumns = 6

func sniffCSV(head string) bool { return line.MatchString(head) }

type attack struct {
	Code      int
	Timestamp time.Time
	Latency   int64
	BytesOut  int64
	BytesIn   int64
	Error     string
	Method    string
	URL       string
}

func readJSON(in *bufio.Reader, s *collect.Samples) error {
	return textfile.EachObject(in, nil, func(line gjson.Result) error {
		r := attack{Latency: -1} // missing
		var err error
		line.ForEach(func(key, value gjson.Result) bool {
			switch key.Str {
			case "timestamp":
				r.Timestamp, err = textfile.TimeOf(key.Str, value)
			case "code":
				r.Code, err = textfile.IntegerOf[int](key.Str, value)
			case "latency":
				r.Latency, err = textfile.IntegerOf[int64](key.Str, value)
			case "bytes_out":
				r.BytesOut, err = textfile.IntegerOf[int64](key.Str, value)
			case "bytes_in":
				r.BytesIn, err = textfile.IntegerOf[int64](key.Str, value)
			case "error":
				r.Error = value.Str
			case "method":
				r.Method = value.Str
			case "url":
				r.URL = value.Str
			}
			return err == nil
		})
		if err != nil {
			return err
		}
		return s.Add(r.sample())
	})
}

func readCSV(in *bufio.Reader, s *collect.Samples) error {
	columns := columns
	if first, err := csv.NewReader(strings.NewReader(textfile.FirstLine(textfile.Head(in)))).Read(); err == nil {
		columns = columns[:min(max(len(first), fewestColumns), len(columns))]
	}
	return textfile.EachRow(in, columns, nil, func(r textfile.Row) error {
		numbers := map[string]int64{}
		for _, name := range []string{"timestamp", "code", "latency", "bytes_out", "bytes_in"} {
			n, err := strconv.ParseInt(r.Get(name), 10, 64)
			if err != nil {
				return fmt.Errorf("%s %q is not a whole number", name, r.Get(name))
			}
			numbers[name] = n
		}
		v := attack{
			Code: int(numbers["code"]), Timestamp: time.Unix(0, numbers["timestamp"]), Latency: numbers["latency"],
			BytesOut: numbers["bytes_out"], BytesIn: numbers["bytes_in"],
			Error: r.Get("error"), Method: r.Get("method"), URL: r.Get("url"),
		}
		return s.Add(v.sample())
	})
}

func (r *attack) sample() collect.Sample {
	x := collect.Sample{
		Method: r.Method, Address: r.URL, Latency: time.Duration(r.Latency),
		Ended:  r.Timestamp.Add(time.Duration(r.Latency)),
		Status: r.Code, Received: r.BytesIn, Sent: r.BytesOut,
	}
	if r.URL == "" { // older versions do not keep it
		x.Label, x.Method = collect.AllRequests, ""
	}
	if r.Code < 200 || r.Code >= 400 {
		x.Fail(r.Error)
	}
	return x
}
