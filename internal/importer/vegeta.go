package importer

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Vegeta's results, vegeta encode -to json or -to csv: one attack a line, with
// the time when it was sent and its latency in nanoseconds. 200 to 399 is good,
// as in Vegeta's own report.

// vegetaColumns are those of the CSV, which has no head. Older versions write the
// first six, or nine, of them.
var vegetaColumns = []string{"timestamp", "code", "latency", "bytes_out",
	"bytes_in", "error", "body", "attack", "seq", "method", "url", "headers"}

var vegetaLine = regexp.MustCompile(`^\d{19},\d{1,3},\d+,\d+,\d+,`)

// fewestVegetaColumns is how many the oldest version writes.
const fewestVegetaColumns = 6

func sniffVegetaCSV(head string) bool { return vegetaLine.MatchString(head) }

type vegetaResult struct {
	Code      int
	Timestamp time.Time
	Latency   int64
	BytesOut  int64
	BytesIn   int64
	Error     string
	Method    string
	URL       string
}

func readVegetaJSON(in *bufio.Reader, s *samples) error {
	return eachObject(in, nil, func(line gjson.Result) error {
		r := vegetaResult{Latency: -1} // until it is told
		var err error
		line.ForEach(func(key, value gjson.Result) bool {
			switch key.Str {
			case "timestamp":
				r.Timestamp, err = timeOf(key.Str, value)
			case "code":
				r.Code, err = wholeOf[int](key.Str, value)
			case "latency":
				r.Latency, err = wholeOf[int64](key.Str, value)
			case "bytes_out":
				r.BytesOut, err = wholeOf[int64](key.Str, value)
			case "bytes_in":
				r.BytesIn, err = wholeOf[int64](key.Str, value)
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
		return s.add(r.sample())
	})
}

func readVegetaCSV(in *bufio.Reader, s *samples) error {
	columns := vegetaColumns
	if first, err := csv.NewReader(strings.NewReader(firstLine(headOf(in)))).Read(); err == nil {
		columns = columns[:min(max(len(first), fewestVegetaColumns), len(columns))]
	}
	return eachRow(in, columns, nil, func(r row) error {
		numbers := map[string]int64{}
		for _, name := range []string{"timestamp", "code", "latency", "bytes_out", "bytes_in"} {
			n, err := strconv.ParseInt(r.get(name), 10, 64)
			if err != nil {
				return fmt.Errorf("%s %q is no whole number", name, r.get(name))
			}
			numbers[name] = n
		}
		v := vegetaResult{
			Code: int(numbers["code"]), Timestamp: time.Unix(0, numbers["timestamp"]), Latency: numbers["latency"],
			BytesOut: numbers["bytes_out"], BytesIn: numbers["bytes_in"],
			Error: r.get("error"), Method: r.get("method"), URL: r.get("url"),
		}
		return s.add(v.sample())
	})
}

func (r *vegetaResult) sample() sample {
	x := sample{
		method: r.Method, address: r.URL, latency: time.Duration(r.Latency),
		ended:  r.Timestamp.Add(time.Duration(r.Latency)),
		status: r.Code, received: r.BytesIn, sent: r.BytesOut,
	}
	if r.URL == "" { // older versions do not keep it
		x.label, x.method = everything, ""
	}
	if r.Code < 200 || r.Code >= 400 {
		x.fail(r.Error)
	}
	return x
}
