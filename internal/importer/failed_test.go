package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/spec"
)

// allFailed are files of 400 requests that all failed, of every format that
// knows of failures.
func allFailed() map[string]string {
	lines := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	stamp := func(i int) int64 { return 1795514400000 + 100*int64(i) }
	point := `{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-24T10:00:%02d.1Z","value":10,` +
		`"tags":{"expected_response":"false","method":"GET","name":"a","status":"503"}}}` + "\n"
	return map[string]string{
		"k6-json": lines(400, func(i int) string { return fmt.Sprintf(point, i%60) }),
		"k6-csv": "metric_name,timestamp,metric_value,expected_response,name,status\n" +
			lines(400, func(i int) string { return fmt.Sprintf("http_req_duration,%d,10,false,a,0\n", 1795514400+i/10) }),
		"k6-summary": `{"metrics":{"http_reqs":{"count":400},"http_req_failed":{"passes":400,"fails":0},"http_req_duration":{"p(95)":10}}}`,
		"vegeta-json": lines(400, func(i int) string {
			return fmt.Sprintf(`{"code":503,"timestamp":"2026-11-24T10:00:%02d.1Z","latency":10000000,"method":"GET","url":"http://h/a"}`+"\n", i%60)
		}),
		"vegeta-csv": lines(400, func(i int) string {
			return fmt.Sprintf("%d000000,0,10000000,0,0,refused,,a,%d,GET,http://h/a,\n", stamp(i), i)
		}),
		"vegeta-report": `{"latencies":{"95th":10000000},"requests":400,"duration":40000000000,"status_codes":{"503":400}}`,
		"jtl": jtlHead + lines(400, func(i int) string {
			return fmt.Sprintf("%d,10,a,503,no,T 1-1,text,false,,1,1,1,1,null,1,0,0\n", stamp(i))
		}),
		"jtl-xml": `<testResults version="1.2">` + lines(400, func(i int) string {
			return fmt.Sprintf(`<httpSample t="10" ts="%d" s="false" lb="a" rc="503"/>`+"\n", stamp(i))
		}) + "</testResults>",
		"jmeter-statistics": `{"a":{"sampleCount":400,"errorCount":400,"pct1ResTime":9,"pct2ResTime":10},"Total":{"sampleCount":400,"errorCount":400,"throughput":10}}`,
		"jmeter-table":      "Label,# Samples,Average,95% Line,Error %,Throughput\na,400,10,10,100.000%,10\nTOTAL,400,10,10,100.000%,10\n",
		"locust-csv":        locustHead + "GET,/a,400,400,10,10,9,10\n,Aggregated,400,400,10,10,9,10\n",
		"locust-old-stats":  "Type,Name,# requests,# failures,Requests/s,Requests Failed/s,95%\nGET,/a,400,400,10,10,10\n",
		"locust-requests":   `"Method","Name","# requests","# failures","Requests/s"` + "\n\"GET\",\"/a\",0,400,0\n\"None\",\"Total\",0,400,0\n",
		"locust-json": `[{"name":"/a","method":"GET","num_requests":400,"num_failures":400,"start_time":1795514400.0,` +
			`"last_request_timestamp":1795514440.0,"total_response_time":4000,"max_response_time":10,"response_times":{"10":400}}]`,
		"gatling-log": lines(400, func(i int) string { return fmt.Sprintf("REQUEST\t\ta\t%d\t%d\tKO\tno\n", stamp(i), stamp(i)+10) }),
		"gatling-stats": `{"type":"GROUP","name":"All Requests","stats":{"numberOfRequests":{"total":"400","ok":"0","ko":"400"}},"contents":{"r":{"type":"REQUEST",` +
			`"name":"a","stats":{"numberOfRequests":{"total":"400","ok":"0","ko":"400"},"percentiles3":{"total":"10","ok":"-","ko":"10"}}}}}`,
		"artillery": `{"aggregate":{"counters":{"http.requests":400,"errors.ETIMEDOUT":400},"summaries":{}}}`,
		"fortio": `{"RunType":"HTTP","URL":"http://h/a","ActualDuration":40000000000,"DurationHistogram":{"Count":400,"Data":[{"Start":0.01,"End":0.02,"Count":400}]},` +
			`"ErrorsDurationHistogram":{"Count":400,"Data":[{"Start":0.01,"End":0.02,"Count":400}]},"RetCodes":{"-1":400}}`,
		"oha-json":        `{"summary":{"successRate":0,"total":40},"latencyPercentiles":{"p95":0.01},"statusCodeDistribution":{"503":400},"errorDistribution":{}}`,
		"wrk":             "Running 40s test @ http://h/a\n    Latency    10.00ms    1.00ms   10.00ms   90%\n     99%   10.00ms\n  400 requests in 40.00s, 1MB read\n  Non-2xx or 3xx responses: 400\n",
		"autocannon":      `{"url":"http://h/a","duration":40,"non2xx":400,"errors":0,"statusCodeStats":{"404":{"count":400}},"latency":{"average":10,"max":10,"p97_5":10},"requests":{"total":400}}`,
		"bombardier":      "Bombarding http://h/a for 40s using 5 connection(s)\n  Latency 10.00ms 1.00ms 10.00ms\n     95% 10.00ms\n 1xx - 0, 2xx - 0, 3xx - 0, 4xx - 0, 5xx - 0\n  others - 400\n",
		"bombardier-json": `{"spec":{"numberOfConnections":5,"url":"http://h/a"},"result":{"timeTakenSeconds":40,"req4xx":400,"latency":{"mean":1,"max":10,"percentiles":{"95":10}}}}`,
		"ab":              "\nDocument Path:          /a\nTime taken for tests:   40.0 seconds\nComplete requests:      400\nFailed requests:        0\nNon-2xx responses:      400\n  95%     10\n",
		"taurus":          `<FinalStatus><Group label=""><throughput value="400"/><fail value="400"/></Group><Group label="a"><throughput value="400"/><fail value="400"/><perc value="0.01" param="95.0"/></Group></FinalStatus>`,
		"nbomber":         `{"ScenarioStats":[{"ScenarioName":"a","Ok":{"Request":{"Count":0}},"Fail":{"Request":{"Count":400},"Latency":{"Percent95":10}}}]}`,
	}
}

// A file in which everything failed never passes, whatever its rules ask: also
// where failures are fast, and no rule speaks of them.
func TestAllFailedNeverPasses(t *testing.T) {
	texts := allFailed()
	texts["vegeta-gob"] = vegetaGobOf(make([]uint16, 400)...)
	for _, k := range importer.Kinds() {
		if !k.Alone() || !k.Failures.Known() {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			text, ok := texts[k.Name]
			if !ok {
				t.Fatal("there is no file of this format in which everything failed")
			}
			r := decode(t, text, importer.Options{})
			if r.Source.Format != k.Name {
				t.Fatalf("it is read as %s", r.Source.Format)
			}
			for _, e := range r.Endpoints {
				if requests, failed := counts(e); failed != requests || requests == 0 {
					t.Errorf("%s: %d failed of %d requests", e.Name, failed, requests)
				}
			}
			for _, limits := range []string{"p95: 5s", "success: 90%", "max: 1m", "throughput: 1/s"} {
				s, err := spec.Decode([]byte("version: 1\nthresholds:\n  every: {endpoints: \"*\", "+limits+"}\n"), "t.yaml", spec.Options{LimitsOnly: true})
				if err != nil {
					t.Fatal(err)
				}
				v := gate.Judge(gate.Input{Result: r, Spec: s})
				if outcome := v.Outcome(); outcome == gate.Pass || outcome == gate.Warn {
					t.Errorf("with %s it is a %s", limits, outcome)
				}
			}
		})
	}
}
