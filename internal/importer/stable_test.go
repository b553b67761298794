package importer_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// samples are all small files of other tools that the tests have.
func samples(t testing.TB) []string {
	var all []string
	for _, texts := range []map[string]string{files, made} {
		for _, text := range texts {
			all = append(all, text)
		}
	}
	for _, name := range []string{"counts.txtar", "figures.txtar", "failed.txtar"} {
		for _, s := range archive(t, name) {
			all = append(all, s.text)
		}
	}
	return all
}

// crowded are files with several of everything that a reader might take in any
// order: parts without counts, endpoints, broken values, causes.
var crowded = []string{
	`{"root_group":{},"metrics":{"http_req_duration":{"p(95)":30},"http_reqs":{"count":100},
"http_req_failed":{"passes":7,"fails":93},"http_req_duration{name:a}":{"p(95)":20},"http_req_duration{name:b}":{"p(95)":20},
"http_req_duration{name:c}":{"p(95)":20},"http_reqs{name:a}":{"count":40},"http_reqs{name:b}":{"count":30}}}`,
	`{"metrics":{"http_req_duration":{"p(95)":1},"http_req_duration{name:a}":{"p(95)":1},"http_req_duration{name:b}":{"p(95)":1},
"http_req_duration{name:a,status:200}":{"p(95)":1},"http_req_duration{name:b,status:200}":{"p(95)":1}}}`,
	`{"metrics":{"http_req_duration":3,"http_reqs":4,"http_req_failed":5,"checks":6}}`,
	`{"aggregate":{"counters":{"http.requests":-1,"http.codes.200":-2,"http.codes.500":-3,"errors.ETIMEDOUT":-4},` +
		`"summaries":{}}}`,
	`{"aggregate":{"counters":{"http.requests":9,"http.codes.200":9},"summaries":{"http.response_time":{"count":9,"p95":10},
"plugins.metrics-by-endpoint.response_time./a":{"count":-1},"plugins.metrics-by-endpoint.response_time./b":{"count":-2}}}}`,
	`{"spec":{"numberOfConnections":5,"url":"http://h/a"},"result":{"timeTakenSeconds":40,"req2xx":40,"others":5,
"errors":[{"description":"timeout","count":3},{"description":"refused","count":3},{"description":"reset","count":3}],
"latency":{"mean":1,"max":10,"percentiles":{"50":-5,"95":-6,"99":-7}}}}`,
	`{"url":"http://h/x","duration":5,"statusCodeStats":{"abc":{"count":1},"def":{"count":2},"200":{"count":9}},
"latency":{"p50":-1,"p90":-2,"p99":-3,"average":-4},"requests":{"total":9}}`,
	`{"RunType":"HTTP","URL":"http://h/x","ActualDuration":10000000000,"DurationHistogram":{"Count":9},
"RetCodes":{"-1":3,"-2":4,"503":2,"SERVING":1,"X":2}}`,
	`{"latencies":{"total":1,"mean":-1,"50th":-2,"95th":-3,"max":-4},"requests":9,"status_codes":{"x":1,"y":2,` +
		`"200":6}}`,
	`{"summary":{"successRate":1,"total":5},"latencyPercentiles":{"p50":-1,"p95":-2,"p99":-3},
"statusCodeDistribution":{"x":1,"y":2,"200":6},"errorDistribution":{"a":1,"b":2,"c":3}}`,
	`{"a":{"transaction":"a","sampleCount":-1},"b":{"transaction":"b","sampleCount":-2},` +
		`"Total":{"transaction":"Total","sampleCount":9}}`,
	`{"a":{"transaction":"a","sampleCount":9,"pct1ResTime":-7,"pct2ResTime":1e300},"b":{"transaction":"b",` +
		`"sampleCount":9,"pct1ResTime":1e300}}`,
}

// One file has one reading: the same result, notes and error each time, though Go
// shuffles maps.
func TestSameEachTime(t *testing.T) {
	said := func(text string) string {
		r, err := importer.Decode(strings.NewReader(text), "file", importer.Options{Names: names})
		if err != nil {
			return err.Error()
		}
		written, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(written)
	}
	for _, text := range append(samples(t), crowded...) {
		first := said(text)
		for range 15 {
			if again := said(text); again != first {
				t.Errorf("the file\n%.300s\nis read as\n%.900s\nand as\n%.900s", text, first, again)
				break
			}
		}
	}
}
