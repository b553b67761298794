package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// What a tool does not know is not known here, in every format of documents: it
// is never 0, whatever stands in its place.
func TestUnknownNumbers(t *testing.T) {
	for format, text := range map[string]string{
		"oha-json": `{"summary":{"successRate":1,"total":10,"slowest":?,"fastest":?,"average":?},` +
			`"latencyPercentiles":{"p50":0.01,"p95":?},"statusCodeDistribution":{"200":100},"errorDistribution":{}}`,
		"jmeter-statistics": `{"a":{"sampleCount":100,"errorCount":0,"meanResTime":?,"medianResTime":10,` +
			`"minResTime":?,` +
			`"maxResTime":?,"pct1ResTime":?,"pct2ResTime":?,"pct3ResTime":?}}`,
		"autocannon": `{"url":"http://h/","non2xx":0,"2xx":100,"requests":{"total":100},` +
			`"latency":{"average":?,"min":?,"max":?,"p50":10,"p95":?}}`,
		"artillery": `{"aggregate":{"counters":{"http.requests":100,"http.codes.200":100},` +
			`"summaries":{"http.response_time":{"count":100,"p50":10,"min":?,"max":?,"mean":?,"p95":?}}}}`,
		"fortio": `{"RunType":"HTTP","URL":"http://h/","RetCodes":{"200":9},"DurationHistogram":{"Count":9,"Min":?,` +
			`"Max":?,"Avg":?,` +
			`"Data":[{"Start":0.01,"End":0.02,"Count":9}],` +
			`"Percentiles":[{"Percentile":50,"Value":0.01},{"Percentile":95,"Value":?}]}}`,
		"bombardier-json": `{"spec":{"numberOfConnections":1,"url":"http://h/"},"result":{"req2xx":100,` +
			`"latency":{"mean":?,"max":?,"percentiles":{"50":10,"95":?}}}}`,
		"nbomber": `{"ScenarioStats":[{"ScenarioName":"a","Ok":{"Request":{"Count":100},"Latency":{"MinMs":?,` +
			`"MeanMs":?,"MaxMs":?,` +
			`"Percent50":10,"Percent75":?,"Percent95":?,"Percent99":?}},"Fail":{"Request":{"Count":0}},` +
			`"StepStats":[]}]}`,
		"vegeta-report": `{"latencies":{"mean":?,"50th":10,"95th":?,"max":?,"min":?},"requests":100,` +
			`"status_codes":{"200":100}}`,
		"k6-summary": `{"root_group":{},"metrics":{"http_reqs":{"count":100},"http_req_failed":{"passes":0,` +
			`"fails":100},` +
			`"http_req_duration":{"values":{"med":10,"p(95)":?,"min":?,"max":?,"avg":?}}}}`,
	} {
		for _, word := range []string{"null", `"NaN"`, `"-"`, `"N/A"`, `""`} {
			s := decode(t, strings.ReplaceAll(text, "?", word), importer.Options{Format: format}).Endpoints[0].Summary
			p95, ok := s.Quantile(0.95) // buckets have every percentile
			if ok && (s.Buckets == nil || p95.Value == 0) || s.Min != nil || s.Mean != nil || s.Max != nil {
				t.Errorf("%s with %s: %+v", format, word, s)
			}
			if half, ok := s.Quantile(0.5); !ok || half.Value == 0 {
				t.Errorf("%s with %s: p50 %v, %t", format, word, half.Value, ok)
			}
		}
	}
}

// Nobody was timed where nobody succeeded and failures have no times, and zeros
// are what tools write then.
func TestZerosOfNobody(t *testing.T) {
	for name, text := range map[string]string{
		"gatling, all of them": `{"name":"All Requests","numberOfRequests":{"total":9,"ok":0,"ko":9},` +
			`"percentiles1":{"ok":0,"ko":4},` +
			`"percentiles2":{"ok":0,"ko":5},"percentiles3":{"ok":0,"ko":9},"maxResponseTime":{"ok":0,"ko":9}}`,
		"locust": locustHead + "WSR,socket,9,9,0,1,0,0\n,Aggregated,9,9,0,1,0,0\n",
		"jmeter": `{"a":{"sampleCount":9,"errorCount":9,"meanResTime":0,"maxResTime":0,"minResTime":0,` +
			`"pct1ResTime":0,"pct2ResTime":0,"pct3ResTime":0}}`,
		"oha": `{"summary":{"successRate":0,"total":10,"slowest":0,"fastest":0,"average":0},` +
			`"latencyPercentiles":{"p95":0},` +
			`"statusCodeDistribution":{},"errorDistribution":{"refused":9}}`,
		"k6": `{"root_group":{},"metrics":{"http_reqs":{"count":9},"http_req_failed":{"passes":9,"fails":0},` +
			`"http_req_duration":{"avg":0,"min":0,"med":0,"max":0,"p(95)":0}}}`,
		"nbomber": `{"ScenarioStats":[{"ScenarioName":"a","Ok":{"Request":{"Count":0},"Latency":{}},` +
			`"Fail":{"Request":{"Count":9}},"StepStats":[]}]}`,
	} {
		e := decode(t, text, importer.Options{}).Endpoints[0]
		if got := fmt.Sprint(e.Summary.Requests, *e.Summary.Failed, e.Summary.Latencies); got != "9 9 0" ||
			e.Summary.Quantiles != nil || e.Summary.Max != nil {
			t.Errorf("%s: %s, %+v", name, got, e.Summary)
		}
	}
}

// A part of k6's that no request was of has zeros: it is no endpoint that was
// fast.
func TestPartOfNobody(t *testing.T) {
	r := decode(t,
		`{"root_group":{},"metrics":{"http_reqs":{"count":9},"http_req_failed":{"passes":0,"fails":9},`+
			`"http_req_duration":{"p(95)":9},`+
			`"http_req_duration{name:never}":{"avg":0,"min":0,"med":0,"max":0,"p(90)":0,"p(95)":0}}}`,
		importer.Options{})
	for _, e := range r.Endpoints {
		if _, ok := e.Summary.Quantile(0.95); e.Name == "never" && ok {
			t.Errorf("%s has a p95", e.Name)
		}
	}
}

// How many failed is not known where the file lacks it.
func TestFailuresThatAreNotThere(t *testing.T) {
	for format, text := range map[string]string{
		"jmeter-statistics": `{"a":{"sampleCount":9,"pct1ResTime":8,"pct2ResTime":9}}`,
		"vegeta-report":     `{"latencies":{"95th":9000000},"requests":9}`,
		"locust-json":       `[{"name":"a","start_time":1,"num_requests":9,"response_times":{"9":9}}]`,
		"taurus": `<FinalStatus><Group label="a"><throughput value="9"/><perc value="0.009" ` +
			`param="95.0"/></Group></FinalStatus>`,
		"gatling-stats": `{"type":"GROUP","stats":{},"contents":{"a":{"type":"REQUEST","name":"a","stats":{` +
			`"numberOfRequests":{"total":"9","ok":"-","ko":"-"}}}}}`,
		"fortio": `{"RunType":"HTTP","DurationHistogram":{"Count":9,"Data":[{"Start":0.009,"End":0.009,"Count":9}]}}`,
	} {
		e := decode(t, text, importer.Options{Format: format}).Endpoints[0]
		if e.Summary.Requests != 9 || e.Summary.Failed != nil {
			t.Errorf("%s: %d requests, failed %v", format, e.Summary.Requests, e.Summary.Failed)
		}
	}
}
