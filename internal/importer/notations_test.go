package importer_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/loadgate/loadgate/internal/importer"
)

// numbers are fields that a format has as text, each as the ? of a file, and a number that belongs there.
var numbers = []struct{ format, field, number, file string }{
	{"locust-csv", "the rate", "10", locustHead + "GET,/a,400,4,12,10,10,30\n,Aggregated,400,4,12,?,10,30\n"},
	{"locust-csv", "the mean", "12", locustHead + "GET,/a,400,4,?,10,10,30\n"},
	{"locust-csv", "the longest", "99", strings.Replace(locustHead, "Average", "Max", 1) + "GET,/a,400,4,?,10,10,30\n"},
	{"locust-csv", "a percentile", "30", locustHead + "GET,/a,400,4,12,10,10,?\n"},
	{"locust-csv", "the name of a percentile", "99", strings.Replace(locustHead, "95%", "?%", 1) +
		"GET,/a,400,4,12,10,10,30\n"},
	{"locust-json", "a bucket", "9", `[{"name":"a","start_time":1,"num_requests":9,"response_times":{"?":9}}]`},
	{"k6-csv", "a duration", "10", strings.Replace(k6CSV, "10.000000", "?", 1)},
	{"k6-csv", "a check", "0", k6CSV + "checks,1795514404,?,,,,true,,,,,default,,,,,,,\n"},
	{"oha-csv", "the start", "0.1", strings.Replace(ohaCSV, "\n0.1", "\n?", 1)},
	{"oha-csv", "a duration", "0.010", strings.Replace(ohaCSV, "0.010", "?", 1)},
	{"hey-csv", "a duration", "0.0163", heyRow("?", "0.0005")},
	{"hey-csv", "the offset", "0.5", heyRow("0.0163", "?")},
	{"ab", "the length", "40.0", "\nDocument Path: /a\nTime taken for tests:   ? seconds\nComplete requests: 400\n" +
		"Failed requests: 0\n  95%     10\n 100%    300 (longest request)\n"},
	{"ab", "a percentile", "10", "\nDocument Path: /a\nTime taken for tests:   40 seconds\nComplete requests: 400\n" +
		"Failed requests: 0\n  95%     ?\n 100%    300 (longest request)\n"},
	{"bombardier-json", "the name of a percentile", "95", `{"spec":{"numberOfConnections":5,"url":"http://h/a"},` +
		`"result":{"timeTakenSeconds":40,"req2xx":400,"latency":{"mean":1,"max":10,"percentiles":{"?":10}}}}`},
	{"bombardier-json", "a time", "10", `{"spec":{"numberOfConnections":5,"url":"http://h/a"},` +
		`"result":{"timeTakenSeconds":40,"req2xx":400,"latency":{"mean":1,"max":10,"percentiles":{"95":"?"}}}}`},
	{"bombardier-json", "a count", "400", `{"spec":{"numberOfConnections":5,"url":"http://h/a"},` +
		`"result":{"timeTakenSeconds":40,"req2xx":"?","latency":{"mean":1,"max":10,"percentiles":{"95":10}}}}`},
	{"bombardier", "a time", "20.5", bombardierOf("?ms", "50")},
	{"bombardier", "the name of a percentile", "75", bombardierOf("20ms", "?")},
	{"taurus", "the length", "50.0", taurusOf("?", "0.02", "0.05", "95.0")},
	{"taurus", "the mean", "0.02", taurusOf("50.0", "?", "0.05", "95.0")},
	{"taurus", "a percentile", "0.05", taurusOf("50.0", "0.02", "?", "95.0")},
	{"taurus", "the name of a percentile", "95.0", taurusOf("50.0", "0.02", "0.05", "?")},
	{"nbomber", "seconds of the length", "50", `{"ScenarioStats":[{"ScenarioName":"a","Duration":"00:00:?",` +
		`"Ok":{"Request":{"Count":400},"Latency":{"Percent95":10}},"Fail":{"Request":{"Count":0}}}]}`},
	{"wrk", "a value of the spectrum", "37.000", strings.Replace(wrk2, "\n      37.000", "\n      ?", 1)},
	{"wrk", "a percentile", "9.10", "Running 30s test @ http://h/items\n    Latency     4.20s     1.10s     9.80s   " +
		" 70.00%\n  Latency Distribution\n     99%    ?s\n  3000 requests in 30.00s, 1.00MB read\nTransfer/sec: " +
		"     1.00MB\n"},
	{"hgrm", "a value", "37.000", strings.Replace(hgrm, "37.000", "?", 1)},
	{"hgrm", "a percentile", "0.500000", strings.Replace(hgrm, "0.500000", "?", 1)},
	{"hgrm", "the last value", "260.000", strings.Replace(hgrm, "260.000", "?", 1)},
	{"hlog", "the start of the run", "1790000000.000", hlogOf("?", "0.0", "1.0", "30.0")},
	{"hlog", "the start of an interval", "7.0", hlogOf("1790000000.0", "?", "1.0", "30.0")},
	{"hlog", "the length of an interval", "1.0", hlogOf("1790000000.0", "0.0", "?", "30.0")},
	{"hlog", "the longest", "30.0", hlogOf("1790000000.0", "0.0", "1.0", "?")},
}

func heyRow(duration, offset string) string {
	return "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n" +
		duration + ",0,0,0,0.016,0,200," + offset + "\n0.02,0,0,0,0.016,0,200,1.5\n"
}

func taurusOf(length, mean, time, percent string) string {
	return `<FinalStatus><TestDuration>` + length + `</TestDuration><Group label="a"><throughput value="400"/>` +
		`<succ value="400"/><fail value="0"/><avg_rt value="` + mean + `"/>` +
		`<perc value="` + time + `" param="` + percent + `"/></Group></FinalStatus>`
}

func bombardierOf(mean, percent string) string {
	return "Bombarding http://h/a for 10s using 2 connection(s)\nStatistics        Avg      Stdev        Max\n" +
		"  Latency      " + mean + "     1ms    90ms\n  Latency Distribution\n     " + percent + "%    20ms\n" +
		"  HTTP codes:\n    1xx - 0, 2xx - 400, 3xx - 0, 4xx - 0, 5xx - 0\n    others - 0\n" +
		"  Throughput:     1.00MB/s\n"
}

// hlogOf is a log of one interval, in milliseconds.
func hlogOf(started, start, length, longest string) string {
	h := hdrhistogram.New(1, time.Minute.Milliseconds(), 3)
	for i := range int64(30) {
		_ = h.RecordValue(i + 1) // within the bounds
	}
	packed, _ := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	return "#[Histogram log format version 1.3]\n#[StartTime: " + started + " (seconds since epoch)]\n" +
		`"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"` + "\n" +
		start + "," + length + "," + longest + "," + string(packed) + "\n"
}

// Notations of programs, and words in place of a number, are no numbers in any file: it is refused,
// or says what it says without the number.
func TestNotationsAreNoNumbers(t *testing.T) {
	says := func(format, text string) (string, error) {
		r, err := importer.Decode(strings.NewReader(text), "file", importer.Options{Format: format})
		if err != nil {
			return "", err
		}
		var all bytes.Buffer
		err = json.NewEncoder(&all).Encode(r.Endpoints)
		return fmt.Sprintln(r.Started, r.Elapsed, r.Source.Notes, &all), err
	}
	for _, n := range numbers {
		said, err := says(n.format, strings.Replace(n.file, "?", n.number, 1))
		if err != nil {
			t.Errorf("%s, %s of %s: %v", n.format, n.field, n.number, err)
			continue
		}
		without := map[string]bool{}
		for _, word := range []string{"", "x"} {
			if other, err := says(n.format, strings.Replace(n.file, "?", word, 1)); err == nil {
				without[other] = true
			}
		}
		if without[said] {
			t.Errorf("%s, %s: a file with %s says what one without a number does", n.format, n.field, n.number)
		}
		for _, word := range []string{"NaN", "nan", "Inf", "-Inf", "+Inf", "infinity", "0x10", "0x1p3", "0X1P-2",
			"0x.8p1", "1_000", "0x1_0p0", "0b11", "0o17"} {
			if other, err := says(n.format, strings.Replace(n.file, "?", word, 1)); err == nil && !without[other] {
				t.Errorf("%s, %s: %s is taken for a number: %s", n.format, n.field, word, other)
			}
		}
	}
}
