package importer_test

import (
	"bytes"
	"compress/gzip"
	"encoding/gob"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// The same five requests as every tool would write them: to items 1 to 3 in 10,
// 20 and 30 ms, one that answered 503 after 40 ms, and one that was refused.
const (
	k6JSON = `{"type":"Metric","data":{"name":"http_req_duration","type":"trend","contains":"time"},"metric":"http_req_duration"}
{"metric":"vus","type":"Point","data":{"time":"2026-11-24T10:00:00Z","value":2,"tags":null}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-24T10:00:00.110Z","value":10,"tags":{"expected_response":"true","method":"GET","name":"http://h/items/1","status":"200","url":"http://h/items/1"}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-24T10:00:01.120Z","value":20,"tags":{"expected_response":"true","method":"GET","name":"http://h/items/2","status":"200","url":"http://h/items/2"}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-24T10:00:02.130+00:00","value":30,"tags":{"expected_response":"true","method":"GET","name":"http://h/items/3","status":"200","url":"http://h/items/3"}}}
{"metric":"http_req_failed","type":"Point","data":{"time":"2026-11-24T10:00:02.130Z","value":0,"tags":{}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-24T10:00:03.140Z","value":40,"tags":{"expected_response":"false","method":"GET","name":"http://h/items/4","status":"503","url":"http://h/items/4"}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-24T10:00:04.100Z","value":0,"tags":{"expected_response":"false","error":"dial: connection refused","error_code":"1212","method":"GET","name":"http://h/items/5","status":"0","url":"http://h/items/5"}}}
`
	k6CSV = `metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata
http_reqs,1795514400,1.000000,,,,true,,GET,http://h/items/1,HTTP/1.1,default,,200,,,http://h/items/1,,
http_req_duration,1795514400,10.000000,,,,true,,GET,http://h/items/1,HTTP/1.1,default,,200,,,http://h/items/1,,
http_req_duration,1795514401,20.000000,,,,true,,GET,http://h/items/2,HTTP/1.1,default,,200,,,http://h/items/2,,
http_req_duration,1795514402,30.000000,,,,true,,GET,http://h/items/3,HTTP/1.1,default,,200,,,http://h/items/3,,
http_req_duration,1795514403,40.000000,,,,false,,GET,http://h/items/4,HTTP/1.1,default,,503,,,http://h/items/4,,
http_req_duration,1795514404,0.000000,,dial: connection refused,1212,false,,GET,http://h/items/5,,default,,0,,,http://h/items/5,,
`
	vegetaCSV = `1795514400100000000,200,10000000,0,1802,,,demo,0,GET,http://h/items/1,
1795514401100000000,200,20000000,0,1802,,,demo,1,GET,http://h/items/2,
1795514402100000000,200,30000000,0,1802,,,demo,2,GET,http://h/items/3,
1795514403100000000,503,40000000,0,12,503 Service Unavailable,,demo,3,GET,http://h/items/4,
1795514404100000000,0,0,0,0,"Get ""http://h/items/5"": dial tcp: connection refused",,demo,4,GET,http://h/items/5,
`
	vegetaJSON = `{"attack":"demo","seq":0,"code":200,"timestamp":"2026-11-24T10:00:00.1Z","latency":10000000,"bytes_out":0,"bytes_in":1802,"error":"","body":null,"method":"GET","url":"http://h/items/1","headers":null}
{"attack":"demo","seq":1,"code":200,"timestamp":"2026-11-24T10:00:01.1Z","latency":20000000,"bytes_out":0,"bytes_in":1802,"error":"","body":null,"method":"GET","url":"http://h/items/2","headers":null}
{"attack":"demo","seq":2,"code":200,"timestamp":"2026-11-24T10:00:02.1Z","latency":30000000,"bytes_out":0,"bytes_in":1802,"error":"","body":null,"method":"GET","url":"http://h/items/3","headers":null}
{"attack":"demo","seq":3,"code":503,"timestamp":"2026-11-24T10:00:03.1Z","latency":40000000,"bytes_out":0,"bytes_in":12,"error":"503 Service Unavailable","body":null,"method":"GET","url":"http://h/items/4","headers":null}
{"attack":"demo","seq":4,"code":0,"timestamp":"2026-11-24T10:00:04.1Z","latency":0,"bytes_out":0,"bytes_in":0,"error":"dial tcp: connection refused","body":null,"method":"GET","url":"http://h/items/5","headers":null}
`
	jtl = `timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect
1795514400100,10,item,200,OK,Users 1-1,text,true,,1802,133,2,2,http://h/items/1,9,0,1
1795514400100,10,open the shop,200,"Number of samples in transaction : 1, number of failing samples : 0",Users 1-1,,true,,1802,133,2,2,null,9,0,1
1795514401100,20,item,200,OK,Users 1-2,text,true,,1802,133,2,2,http://h/items/2,19,0,0
1795514402100,30,item,200,OK,Users 1-1,text,true,,1802,133,2,2,http://h/items/3,29,0,0
1795514403100,40,item,503,Service Unavailable,Users 1-1,text,false,,12,133,2,2,http://h/items/4,39,0,0
1795514404100,0,item,Non HTTP response code: java.net.ConnectException,Non HTTP response message: Connection refused,Users 1-1,text,false,,0,0,2,2,http://h/items/5,0,0,0
`
)

const (
	jtlXML = `<?xml version="1.0" encoding="UTF-8"?>
<testResults version="1.2">
<sample t="10" it="0" lt="9" ts="1795514400100" s="true" lb="open the shop" rc="200" rm="Number of samples in transaction : 1" tn="Users 1-1" dt="" by="1802">
  <httpSample t="10" it="0" lt="9" ct="1" ts="1795514400100" s="true" lb="item" rc="200" rm="OK" tn="Users 1-1" dt="text" by="1802"><java.net.URL>http://h/items/1</java.net.URL></httpSample>
</sample>
<httpSample t="20" lt="19" ts="1795514401100" s="true" lb="item" rc="200" rm="OK" tn="Users 1-2" dt="text" by="1802">
  <httpSample t="5" lt="4" ts="1795514401102" s="true" lb="a picture" rc="200" rm="OK" tn="Users 1-2" dt="bin" by="18"/>
</httpSample>
<httpSample t="30" lt="29" ts="1795514402100" s="true" lb="item" rc="200" rm="OK" tn="Users 1-1" dt="text" by="1802"/>
<httpSample t="40" lt="39" ts="1795514403100" s="false" lb="item" rc="503" rm="Service Unavailable" tn="Users 1-1" dt="text" by="12">
  <assertionResult><name>is good</name><failure>true</failure><failureMessage>503 is not good</failureMessage></assertionResult>
</httpSample>
<httpSample t="0" lt="0" ts="1795514404100" s="false" lb="item" rc="Non HTTP response code: java.net.ConnectException" rm="Non HTTP response message: Connection refused" tn="Users 1-1" dt="" by="0"/>
</testResults>
`
	gatlingLog = "RUN\tshop.Simulation\tshop\t1795514400000\t \t3.10.5\n" +
		"USER\tbuyers\tSTART\t1795514400000\n" +
		"REQUEST\t\titem\t1795514400100\t1795514400110\tOK\t \n" +
		"REQUEST\t\titem\t1795514401100\t1795514401120\tOK\t \n" +
		"REQUEST\tbuyers\t7\t\titem\t1795514402100\t1795514402130\tOK\t \n" + // as version 2 wrote it
		"REQUEST\t\titem\t1795514403100\t1795514403140\tKO\tstatus.find.in(200,201), but actually found 503\n" +
		"REQUEST\t\titem\t1795514404100\t1795514404100\tKO\tj.n.ConnectException: Connection refused\n" +
		"USER\tbuyers\tEND\t1795514404200\n"
)

var files = map[string]string{
	"k6-json": k6JSON, "k6-csv": k6CSV, "vegeta-csv": vegetaCSV, "vegeta-json": vegetaJSON,
	"jtl": jtl, "jtl-xml": jtlXML, "gatling-log": gatlingLog, "vegeta-gob": vegetaGob(),
}

// vegetaGob is Vegeta's own encoding of the same requests.
func vegetaGob() string { return vegetaGobOf(200, 200, 200, 503, 0) }

// vegetaGobOf is a request for each status.
func vegetaGobOf(codes ...uint16) string {
	type Result struct {
		Attack    string
		Seq       uint64
		Code      uint16
		Timestamp time.Time
		Latency   time.Duration
		BytesOut  uint64
		BytesIn   uint64
		Error     string
		Body      []byte
		Method    string
		URL       string
		Headers   map[string][]string
	}
	var b bytes.Buffer
	encoder := gob.NewEncoder(&b)
	for i, code := range codes {
		r := Result{
			Attack: "demo", Seq: uint64(i), Code: code, Timestamp: time.UnixMilli(1795514400100 + 1000*int64(i)),
			Latency: time.Duration(10*(i+1)) * time.Millisecond,
			BytesIn: 1802, Method: "GET", URL: fmt.Sprintf("http://h/items/%d", i+1),
			Headers: map[string][]string{"Date": {"today"}},
		}
		if code == 0 {
			r.Latency, r.Error = 0, "dial tcp: connection refused"
		}
		if err := encoder.Encode(r); err != nil {
			panic(err)
		}
	}
	return b.String()
}

// names has the endpoint as thresholds.yaml has it, and JMeter's label.
var names = collect.NewNames([]string{"item"}, []string{"GET /items/{id}"})

func decode(t *testing.T, text string, o importer.Options) *result.Result {
	t.Helper()
	r, err := importer.Decode(strings.NewReader(text), "file", o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every format is detected, and says the same of the same requests.
func TestFormatsAgree(t *testing.T) {
	for _, k := range importer.Formats() {
		if files[k.Name] == "" {
			continue // it does not keep requests, or not those that failed
		}
		t.Run(k.Name, func(t *testing.T) {
			r := decode(t, files[k.Name], importer.Options{Names: names})
			if r.Source.Tool != k.Tool || r.Started.Format(time.RFC3339) != "2026-11-24T10:00:00Z" &&
				k.Name != "k6-csv" {
				t.Errorf("source %v, started %s", r.Source, r.Started)
			}
			if len(r.Endpoints) != 1 {
				t.Fatalf("endpoints %+v, want one", r.Endpoints)
			}
			e := r.Endpoints[0]
			var good hist.Latency
			var requests, failed int64
			for _, s := range e.Slots {
				requests, failed = requests+s.Requests, failed+s.Failures()
				if err := s.Latency.Into(&good); err != nil {
					t.Fatal(err)
				}
			}
			least, _ := good.Min()
			most, _ := good.Max()
			if requests != 5 || failed != 2 || good.Count() != 3 ||
				least != 10*time.Millisecond || most != 30*time.Millisecond {
				t.Errorf("%d requests, %d failed, latencies %s to %s", requests, failed, least, most)
			}
			var kinds []string
			for _, f := range e.Failures {
				kinds = append(kinds, fmt.Sprintf("%s %d %d", f.Kind, f.Status, f.Count))
			}
			if diff := cmp.Diff([]string{"status 503 1", "refused 0 1"}, kinds); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNames(t *testing.T) {
	n := collect.NewNames([]string{"GET /admin/*"},
		[]string{"GET /items/{id}", "GET /items/{id}/parts?page={page}", "GET /health", "POST /orders"})
	for _, tt := range []struct{ url, want string }{
		{"http://h:8000/items/7", "GET /items/{id}"},
		{"https://h/items/a-b?x=1", "GET /items/a-b?x=1"},
		{"http://h/items/7/parts?page=3", "GET /items/{id}/parts?page={page}"},
		{"http://h/health", "GET /health"},
		{"http://h/admin/users/7?a=b", "GET /admin/*"},
		{"http://h", "GET /"},
		{"http://h/new/7", "GET /new/7"},
	} {
		line := fmt.Sprintf("1795514400100000000,200,10000000,0,1802,,,demo,0,GET,%s,\n", tt.url)
		if got := decode(t, line, importer.Options{Names: n}).Endpoints[0].Name; got != tt.want {
			t.Errorf("%s is counted as %q, want %q", tt.url, got, tt.want)
		}
	}
}

// What k6 calls a request by a tag is its name.
func TestNameOfATag(t *testing.T) {
	text := strings.ReplaceAll(k6JSON, `"name":"http://h/items/`, `"name":"items","was":"`)
	if got := decode(t, text, importer.Options{}).Endpoints; len(got) != 1 || got[0].Name != "items" {
		t.Errorf("endpoints %v, want items", got)
	}
}

func TestGzip(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(k6CSV)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if r := decode(t, b.String(), importer.Options{Names: names}); len(r.Endpoints) != 1 {
		t.Errorf("endpoints %v", r.Endpoints)
	}
}

// What is wrong with a file has its line.
func TestBadFiles(t *testing.T) {
	for _, tt := range []struct{ name, text, format, want string }{
		{"empty", "", "", "read file: the file is empty"},
		{"unknown", "hello\n", "", "read file: neither a result of loadgate nor of a tool that it reads: name it " +
			"with --format; loadgate check --help lists the formats"},
		{"no such format", k6JSON, "k7", `read file: format "k7": write one of k6-json, `},
		{"torn JSON", k6JSON[:len(k6JSON)-30], "", "read file as k6-json: line 8: the file was cut: it ends there"},
		{"torn CSV", jtl[:len(jtl)-60], "", "read file as jtl: line 7: 5 columns of 17: the file was cut"},
		{"nothing in it", strings.SplitAfter(jtl, "\n")[0], "", "read file as jtl: there is no request in it"},
		{"no time", strings.Replace(jtl, "1795514400100,10", "2026/11/24 10:00,10", 1),
			"", `line 2: timeStamp "2026/11/24 10:00" is not a whole number of milliseconds: save times as ms`},
		{"a time beyond all clocks", strings.Replace(jtl, "1795514400100,10,", "1795514400100,9223372036854775807,", 1),
			"", `line 2: elapsed "9223372036854775807" is not a whole number of milliseconds`},
		{"another unit", strings.Replace(jtl, "1795514400100,10", "1795514400,10", 1),
			"", "line 2: the time 1970-01-21T18:45:14Z is impossible: is it in another unit?"},
		{"a number that is none", strings.Replace(k6CSV, "10.000000", "ten", 1),
			"", `line 3: metric_value "ten" is not a number`},
		{"neither", strings.Replace(jtl, "text,true", "text,maybe", 1),
			"", `line 2: success "maybe" is neither true nor false`},
		{"two runs", vegetaCSV + strings.Replace(vegetaCSV, "1795514400", "1695514400", 1), "", "are more than a run"},
		{"a column", strings.Replace(jtl, ",success,", ",ok,", 1), "", "line 1: there is no column success"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := importer.Decode(strings.NewReader(tt.text), "file", importer.Options{Format: tt.format})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Decode = %v, want %s", err, tt.want)
			}
			if tt.name == "unknown" && !errors.Is(err, importer.ErrUnknown) {
				t.Error("it is not ErrUnknown")
			}
		})
	}
}

// Addresses that nobody named do not fill the memory.
func TestTooManyNames(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "1795514400100000000,200,10000000,0,1802,,,demo,0,GET,http://h/items/%d,\n", i)
	}
	if _, err := importer.Decode(strings.NewReader(b.String()), "file", importer.Options{}); err == nil ||
		!strings.Contains(err.Error(),
			"line 2001: more than 2000 endpoints: give their addresses names, such as --name") {
		t.Errorf("Decode = %v", err)
	}
	if r := decode(t, b.String(), importer.Options{Names: collect.NewNames([]string{"GET /items/*"}, nil)}); len(
		r.Endpoints) != 1 {
		t.Errorf("%d endpoints, want 1", len(r.Endpoints))
	}
}

// FuzzDecode: whatever is decoded keeps the promises of a result, and loses no
// request.
func FuzzDecode(f *testing.F) {
	for _, text := range samples(f) {
		f.Add(text)
		f.Add(text[:len(text)/2])
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := importer.Decode(strings.NewReader(text), "file", importer.Options{Names: names})
		if err != nil {
			return
		}
		if err := r.Check(); err != nil {
			t.Fatalf("Check: %v", err)
		}
		for _, e := range r.Endpoints {
			var failed, told int64
			for _, s := range e.Slots {
				failed += s.Failures()
			}
			for _, k := range e.Failures {
				told += k.Count
				if k.Kind == metric.OK {
					t.Fatalf("a failure of kind ok: %+v", k)
				}
			}
			if e.Summary == nil && failed != told {
				t.Fatalf("%s: %d failed, %d are told", e.Name, failed, told)
			}
		}
	})
}
