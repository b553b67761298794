package importer_test

import (
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// Files as tools write them that keep figures only, made by hand: of 400 requests
// to one endpoint and 100 to another, some of which failed.
const (
	jmeterStatistics = `{"Login":{"transaction":"Login","sampleCount":400,"errorCount":4,"errorPct":1.0,"meanResTime":21.5,
"medianResTime":20.0,"minResTime":5.0,"maxResTime":300.0,"pct1ResTime":40.0,"pct2ResTime":52.0,"pct3ResTime":90.0,"throughput":8.0},
"Page":{"transaction":"Page","sampleCount":100,"errorCount":0,"errorPct":0.0,"meanResTime":11.0,
"medianResTime":10.0,"minResTime":5.0,"maxResTime":80.0,"pct1ResTime":20.0,"pct2ResTime":30.0,"pct3ResTime":60.0,"throughput":2.0},
"Total":{"transaction":"Total","sampleCount":500,"errorCount":4,"errorPct":0.8,"meanResTime":19.4,
"medianResTime":18.0,"minResTime":5.0,"maxResTime":300.0,"pct1ResTime":38.0,"pct2ResTime":50.0,"pct3ResTime":88.0,"throughput":10.0}}`
	jmeterAggregate = `Label,# Samples,Average,Median,90% Line,95% Line,99% Line,Min,Max,Error %,Throughput,Received KB/sec,Sent KB/sec
Login,400,21,20,40,52,90,5,300,1.000%,8.0,1.0,1.0
Page,100,11,10,20,30,60,5,80,0.000%,2.0,1.0,1.0
TOTAL,500,19,18,38,50,88,5,300,0.800%,10.0,1.0,1.0
`
	jmeterPlugins = `sampler_label,aggregate_report_count,average,aggregate_report_median,aggregate_report_90%_line,` +
		`aggregate_report_95%_line,aggregate_report_99%_line,aggregate_report_min,aggregate_report_max,aggregate_report_error%,aggregate_report_rate
Login,400,21,20,40,52,90,5,300,1.00%,8.0
Page,100,11,10,20,30,60,5,80,0.00%,2.0
TOTAL,500,19,18,38,50,88,5,300,0.80%,10.0
`
	jmeterSummary = `Label,# Samples,Average,Min,Max,Std. Dev.,Error %,Throughput,Received KB/sec,Sent KB/sec,Avg. Bytes
Login,400,21,5,300,9.10,1.000%,480.0/min,1.0,1.0,100.0
TOTAL,400,21,5,300,9.10,1.000%,480.0/min,1.0,1.0,100.0
`
	gatlingScript = `var stats = {
    type: "GROUP",
name: "All Requests",
path: "",
stats: {
    "name": "All Requests",
    "numberOfRequests": {
        "total": "    1,500",
        "ok": "    1,496",
        "ko": "        4"
    },
    "percentiles1": {"total": "20", "ok": "20", "ko": "-"},
    "percentiles2": {"total": "30", "ok": "30", "ko": "-"},
    "percentiles3": {"total": "50", "ok": "50", "ko": "7"},
    "percentiles4": {"total": "90", "ok": "90", "ko": "7"},
    "meanNumberOfRequestsPerSecond": {"total": "50", "ok": "50", "ko": "0"}
},
contents: {
"req_login-1": {
        type: "REQUEST",
        name: "Log \"in\": {now}",
path: "Log \"in\": {now}",
stats: {
    "numberOfRequests": {"total": "1400", "ok": "1396", "ko": "4"},
    "percentiles3": {"total": "52", "ok": "52", "ko": "7"}
}
    },"req_page-2": {
        type: "REQUEST",
        name: "Page",
path: "Page",
stats: {"numberOfRequests": {"total": "100", "ok": "100", "ko": "0"}, "percentiles3": {"total": "30", "ok": "30", "ko": "-"}}
    }
}

}

function fillStats(stat){ document.getElementById("x").innerHTML = stat.name; }
`
	gatlingGlobal = `{"name":"All Requests","numberOfRequests":{"total":500,"ok":496,"ko":4},"minResponseTime":{"total":5,"ok":5,"ko":9},
"percentiles1":{"total":20,"ok":20,"ko":9},"percentiles2":{"total":30,"ok":30,"ko":9},"percentiles3":{"total":52,"ok":50,"ko":9},
"percentiles4":{"total":90,"ok":90,"ko":9},"meanNumberOfRequestsPerSecond":{"total":50.0,"ok":49.6,"ko":0.4}}`
	gatlingGroups = `{"type":"GROUP","name":"All Requests","stats":{"numberOfRequests":{"total":"200","ok":"200","ko":"0"}},"contents":{
"a":{"type":"GROUP","name":"buy","contents":{"r":{"type":"REQUEST","name":"Page","path":"buy / Page",
"stats":{"numberOfRequests":{"total":"100","ok":"100","ko":"0"},"percentiles3":{"total":"30","ok":"30","ko":"-"}}}}},
"b":{"type":"GROUP","name":"look","contents":{"r":{"type":"REQUEST","name":"Page","path":"look / Page",
"stats":{"numberOfRequests":{"total":"100","ok":"100","ko":"0"},"percentiles3":{"total":"40","ok":"40","ko":"-"}}}}}}}`
	bombardierText = `Bombarding http://localhost:8080/items for 10s using 20 connection(s)
[=========================================] 10s
Done!
Statistics        Avg      Stdev        Max
  Reqs/sec        50.00       9.56      90.00
  Latency       21.50ms    10.00ms   300.00ms
  Latency Distribution (Total)
     50%    20.00ms
     95%    52.00ms
     99%    90.00ms
  Latency Distribution (2xx)
     50%    19.00ms
     95%    51.00ms
  HTTP codes:
    1xx - 0, 2xx - 480, 3xx - 10, 4xx - 4, 5xx - 1
    others - 5
  Errors:
    dial tcp 127.0.0.1:8080: connect: connection refused - 3
       timeout - 2
  Throughput:    12.50KB/s
`
	bombardierJSON = `{"spec":{"numberOfConnections":20,"testType":"timed","testDurationSeconds":10,"method":"POST","url":"http://localhost:8080/items",` +
		`"stream":false,"timeoutSeconds":2},"result":{"bytesRead":1,"bytesWritten":1,"timeTakenSeconds":10.01,"req1xx":0,"req2xx":480,"req3xx":10,` +
		`"req4xx":4,"req5xx":1,"others":5,"errors":[{"description":"timeout","count":5}],` +
		`"latency":{"mean":21500.5,"stddev":1,"max":300000,"percentiles":{"50":20000,"95":52000,"99":90000}}}}`
	apacheBench = `This is ApacheBench, Version 2.3 <$Revision: 1 $>

Server Software:        nginx
Server Hostname:        localhost
Server Port:            8080

Document Path:          /items?page=1
Document Length:        100 bytes

Concurrency Level:      10
Time taken for tests:   10.000 seconds
Complete requests:      500
Failed requests:        9
   (Connect: 0, Receive: 2, Length: 7, Exceptions: 0)
Non-2xx responses:      5
Requests per second:    50.00 [#/sec] (mean)

Connection Times (ms)
              min  mean[+/-sd] median   max
Connect:        0    4   1.0      4       6
Total:          5   21  10.2     20     300

Percentage of the requests served within a certain time (ms)
  50%     20
  95%     52
  99%     90
 100%    300 (longest request)
`
	taurusXML = `<?xml version='1.0' encoding='UTF-8'?>
<FinalStatus>
  <TestDuration>50.0</TestDuration>
  <Group label="">
    <throughput value="500"><name>throughput</name><value>500</value></throughput>
    <succ value="496"><name>succ</name><value>496</value></succ>
    <fail value="4"><name>fail</name><value>4</value></fail>
    <avg_rt value="0.02000"><name>avg_rt</name><value>0.02000</value></avg_rt>
    <perc value="0.05000" param="95.0"><name>perc/95.0</name><value>0.05000</value></perc>
  </Group>
  <Group label="Login">
    <throughput value="400"/><succ value="396"/><fail value="4"/>
    <rc value="396" param="200"/><rc value="4" param="503"/>
    <perc value="0.05200" param="95.0"/><perc value="0.30000" param="100.0"/>
  </Group>
  <Group label="Page"><throughput value="100"/><succ value="100"/><fail value="0"/><perc value="0.03000" param="95.0"/></Group>
</FinalStatus>
`
	nbomberJSON = `{"FinalStats":{"AllRequestCount":500,"ScenarioStats":[{"ScenarioName":"shop","Duration":"00:00:50",
"Ok":{"Request":{"Count":496,"RPS":9.9},"Latency":{"Percent95":50}},"Fail":{"Request":{"Count":4}},"StepStats":[
{"StepName":"global information","Ok":{"Request":{"Count":496}},"Fail":{"Request":{"Count":4}}},
{"StepName":"Login","Ok":{"Request":{"Count":396},"Latency":{"MinMs":5,"MeanMs":21.5,"MaxMs":300,"Percent50":20,"Percent75":30,"Percent95":52,"Percent99":90}},
"Fail":{"Request":{"Count":4},"StatusCodes":[{"StatusCode":"503","Message":"","Count":4}]}},
{"StepName":"Page","Ok":{"Request":{"Count":100},"Latency":{"MinMs":5,"MeanMs":11,"MaxMs":80,"Percent50":10,"Percent75":15,"Percent95":30,"Percent99":60}},
"Fail":{"Request":{"Count":0}}}]}]}}`
)

// figured are the same by format: what is told of them, and how long it took.
var figured = []struct{ name, format, text, want, took string }{
	{"the dashboard", "jmeter-statistics", jmeterStatistics, "Login: 400 requests, 4 failed, p95 52ms\nPage: 100 requests, 0 failed, p95 30ms", "50s"},
	{"the aggregate report", "jmeter-table", jmeterAggregate, "Login: 400 requests, 4 failed, p95 52ms\nPage: 100 requests, 0 failed, p95 30ms", "50s"},
	{"the plugins' aggregate report", "jmeter-table", jmeterPlugins, "Login: 400 requests, 4 failed, p95 52ms\nPage: 100 requests, 0 failed, p95 30ms", "50s"},
	{"the summary report", "jmeter-table", jmeterSummary, "Login: 400 requests, 4 failed", "50s"},
	{"a script", "gatling-stats", gatlingScript, "Log \"in\": {now}: 1400 requests, 4 failed, p95 52ms\nPage: 100 requests, 0 failed, p95 30ms", "30s"},
	{"all requests", "gatling-stats", gatlingGlobal, "all requests: 500 requests, 4 failed, p95 50ms", "10s"},
	{"two groups", "gatling-stats", gatlingGroups, "buy / Page: 100 requests, 0 failed, p95 30ms\nlook / Page: 100 requests, 0 failed, p95 40ms", "0s"},
	{"text", "bombardier", bombardierText, "/items: 500 requests, 10 failed, p95 52ms", "10s"},
	{"JSON", "bombardier-json", bombardierJSON, "POST /items: 500 requests, 10 failed, p95 52ms", "10.01s"},
	{"JSON behind text", "bombardier", "Bombarding http://localhost:8080/items for 10s using 20 connection(s)\nDone!\n" + bombardierJSON,
		"POST /items: 500 requests, 10 failed, p95 52ms", "10.01s"},
	{"text", "ab", apacheBench, "GET /items?page=1: 500 requests, 9 failed, p95 52ms", "10s"},
	{"XML", "taurus", taurusXML, "Login: 400 requests, 4 failed, p95 52ms\nPage: 100 requests, 0 failed, p95 30ms", "50s"},
	{"JSON", "nbomber", nbomberJSON, "Login: 400 requests, 4 failed, p95 52ms\nPage: 100 requests, 0 failed, p95 30ms", "50s"},
}

func TestFiguresOfTools(t *testing.T) {
	for _, tt := range figured {
		t.Run(tt.format+", "+tt.name, func(t *testing.T) {
			r := decode(t, tt.text, importer.Options{})
			if got := told(t, r); got != tt.want || r.Elapsed.String() != tt.took || r.Source.Format != tt.format {
				t.Errorf("as %s it says, in %s,\n%s\nwant, in %s,\n%s", r.Source.Format, r.Elapsed, got, tt.took, tt.want)
			}
		})
	}
}
