package importer_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// A file that says that no request was made has nothing to judge, though it has percentiles: a rule on
// them would pass by a run that never was. Each text says 400 requests, and then 0.
func TestCountsOfZero(t *testing.T) {
	type counted struct{ format, text string }
	const begin = `{"metrics":{`
	texts := []counted{
		{"k6-summary", begin + `"http_reqs":{"count":400},"http_req_duration":{"p(95)":10}}}`},
		{"k6-summary", begin + `"http_reqs":{"count":400},"http_req_duration{name:a}":{"p(95)":10}}}`},
		{"k6-summary", begin + `"http_req_failed":{"passes":0,"fails":400},"http_req_duration{name:a}":{"med":9}}}`},
		{"k6-summary", begin + `"http_req_duration":{"count":400,"p(95)":10}}}`},
		{"vegeta-report", `{"latencies":{"95th":10000000},"requests":400,"status_codes":{}}`},
		{"jmeter-statistics", `{"Total":{"sampleCount":400,"errorCount":0,"pct2ResTime":10}}`},
		{"locust-csv", locustHead + "GET,/a,400,0,10,10,9,10\n,Aggregated,400,0,10,10,9,10\n"},
		{"artillery", `{"aggregate":{"counters":{"plugins.metrics-by-endpoint./a.codes.200":400},"summaries":` +
			`{"plugins.metrics-by-endpoint.response_time./a":{"p95":10}}}}`},
		{"artillery", `{"aggregate":{"counters":{"http.codes.200":400},` +
			`"summaries":{"http.response_time":{"p95":10}}}}`},
		{"fortio", `{"RunType":"HTTP","DurationHistogram":{"Count":400,` +
			`"Percentiles":[{"Percentile":95,"Value":0.01}],` +
			`"Data":[{"Start":0.01,"End":0.02,"Count":400}]},"RetCodes":{"200":400}}`},
		{"oha-json", `{"summary":{},"latencyPercentiles":{"p95":0.01},"statusCodeDistribution":{"200":400}}`},
		{"autocannon", `{"2xx":400,"non2xx":0,"latency":{"average":9,"p97_5":10},"requests":{"total":400}}`},
		{"bombardier", "Bombarding http://h/a for 40s using 5 connection(s)\n  Latency 10.00ms 1.00ms 10.00ms\n" +
			"     95% 10.00ms\n 1xx - 0, 2xx - 400, 3xx - 0, 4xx - 0, 5xx - 0\n"},
		{"bombardier-json", `{"spec":{"url":"http://h/"},"result":{"req2xx":400,` +
			`"latency":{"mean":1,"max":10,"percentiles":{"95":10}}}}`},
		{"ab", "\nDocument Path: /a\nComplete requests: 400\nFailed requests: 0\n  95%     10\n"},
		{"taurus", `<FinalStatus><Group label="a"><throughput value="400"/><perc value="0.01" param="95"/></Group>` +
			`</FinalStatus>`},
		{"taurus", `<FinalStatus><Group label=""><succ value="400"/><perc value="0.01" param="95"/></Group>` +
			`</FinalStatus>`},
		{"nbomber", `{"ScenarioStats":[{"ScenarioName":"a",` +
			`"Ok":{"Request":{"Count":400},"Latency":{"Percent95":9}}}]}`},
		{"hgrm", "Value(ms) Percentile TotalCount 1/(1-Percentile)\n37.000 0.500000 400 2.00\n" +
			"88.000 1.000000 400 inf\n"},
	}
	for _, figures := range archive(t, "failed.txtar") {
		texts = append(texts, counted{figures.name, figures.text})
	}
	count := regexp.MustCompile(`\b400\b`)
	seen := map[string]bool{}
	for _, tt := range texts {
		seen[tt.format] = true
		o := importer.Options{Format: tt.format}
		decode(t, tt.text, o)
		r, err := importer.Decode(strings.NewReader(count.ReplaceAllString(tt.text, "0")), "file", o)
		if err == nil || !strings.HasSuffix(err.Error(), ": there is no request in it") {
			t.Errorf("%s with 0 in place of 400: %v, %+v\n%s", tt.format, err, r, tt.text)
		}
	}
	for _, k := range importer.Formats() {
		if k.Alone() && k.ReadFigures != nil && !seen[k.Name] {
			t.Errorf("no file of %s has its counts at 0", k.Name)
		}
	}
}

// An endpoint without a request has no times, though another has some.
func TestEndpointOfZero(t *testing.T) {
	text := `<FinalStatus><Group label="a"><throughput value="400"/><perc value="0.01" param="95"/></Group>` +
		`<Group label="b"><throughput value="0"/><perc value="0.01" param="95"/></Group></FinalStatus>`
	r := decode(t, text, importer.Options{})
	if got, want := told(t, r), "a: 400 requests, p95 10ms\nb: 0 requests"; got != want {
		t.Errorf("it says\n%s\nwant\n%s", got, want)
	}
}
