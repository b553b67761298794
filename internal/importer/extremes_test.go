package importer_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/loadgate/loadgate/internal/importer"
)

// A run may take days: what is true of an hour is true of them.
func TestRunsOfDays(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		took       time.Duration
	}{
		{"k6", `{"metrics":{"http_req_duration":{"p(95)":1},"http_reqs":{"count":100,"rate":1}},` +
			`"state":{"testRunDurationMs":172800000}}`, 48 * time.Hour},
		{"wrk", "Running 1800m test @ http://h/items\n  2 threads and 10 connections\n" +
			"    Latency     1.00ms  100.00us   2.00ms   80.00%\n  1000 requests in 30.00h, 1.00MB read\n" +
			"Requests/sec:      0.01\nTransfer/sec:      1.00KB\n", 30 * time.Hour},
		{"oha", "request-start,request-duration,status\n0.5,0.01,200\n107999.5,0.5,200\n", 30 * time.Hour},
		{"Locust", "Timestamp,User Count,Type,Name,Requests/s\n1795514400,5,,Aggregated,1\n" +
			"1795687200,7,,Aggregated,1\n", 48 * time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			im := importer.New(importer.Options{})
			if err := im.Add(strings.NewReader(tt.text), "file"); err != nil {
				t.Fatal(err)
			}
			if tt.name == "Locust" {
				const stats = "Type,Name,Request Count,Failure Count,Requests/s\nGET,/a,9,0,1\n,Aggregated,9,0,1\n"
				if err := im.Add(strings.NewReader(stats), "stats"); err != nil {
					t.Fatal(err)
				}
			}
			r, err := im.Result()
			if err != nil {
				t.Fatal(err)
			}
			if r.Elapsed != tt.took {
				t.Errorf("it took %s, want %s", r.Elapsed, tt.took)
			}
			if n := len(r.Timeline); tt.name == "Locust" && (n == 0 || r.Timeline[n-1].Users != 7) {
				t.Errorf("its users are %v, want 7 at the end", r.Timeline)
			}
		})
	}
}

// Times that no clock shows do not wrap around to ones that look right.
func TestImpossibleTimes(t *testing.T) {
	h := hdrhistogram.New(1, time.Minute.Nanoseconds(), 3)
	if err := h.RecordValue(time.Millisecond.Nanoseconds()); err != nil {
		t.Fatal(err)
	}
	packed, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := base64.StdEncoding.DecodeString(string(packed)); err != nil {
		packed = []byte(base64.StdEncoding.EncodeToString(packed))
	}
	for _, tt := range []struct{ name, text, want string }{
		{"Gatling", "RUN\tx\nREQUEST\t\titem\t-17046744073710\t1400000000000\tOK\t\n",
			`line 2: "-17046744073710" is not a whole number of milliseconds`},
		{"JMeter", "timeStamp,elapsed,label,success\n-16646744073710,18446744073710,item,true\n",
			`line 2: timeStamp "-16646744073710" is not a whole number of milliseconds`},
		{"k6", strings.Replace(k6CSV, "10.000000", "-10", 1), "line 3: a time of -10 is impossible"},
		{"k6, no number", strings.Replace(k6CSV, "10.000000", "NaN", 1), `line 3: metric_value "NaN" is not a number`},
		{"a log of histograms", "#[Histogram log format version 1.3]\n99999999999.000,1.000,1.000," +
			string(packed) + "\n", "line 2: the time 5138-11-16T09:46:40Z is impossible"},
		{"an interval of centuries", "#[Histogram log format version 1.3]\n1795514400.000,99999999999.000,1.000," +
			string(packed) + "\n", "line 2: an interval of 99999999999.000 seconds is impossible"},
		{"Locust", "Type,Name,Request Count,Failure Count,Requests/s\nGET,/a,9223372036854775807,0,1\n",
			`line 2: Request Count "9223372036854775807" is not a count`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := importer.Decode(strings.NewReader(tt.text), "file", importer.Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Decode = %v, want %s", err, tt.want)
			}
		})
	}
}

// Sizes of answers add up without overflow, whatever a file says of one.
func TestImpossibleSizes(t *testing.T) {
	const row = "1795514400100,10,item,true,9223372036854775807\n"
	r := decode(t, "timeStamp,elapsed,label,success,bytes\n"+row+row, importer.Options{})
	if got := r.Endpoints[0].Slots[0].Received; got <= 0 {
		t.Errorf("%d bytes were received", got)
	}
}

// lineReader makes lines one after the other, and calls seen before each.
type lineReader struct {
	lines int
	line  func(i int) string
	seen  func(i int)
	rest  string
	next  int
}

func (r *lineReader) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.next == r.lines {
			return 0, io.EOF
		}
		r.seen(r.next)
		r.rest = r.line(r.next)
		r.next++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// A quote that nothing closes does not read the rest of a file into memory.
func TestUnclosedQuote(t *testing.T) {
	line, last := strings.Repeat("x", 1<<20)+"\n", 0
	in := &lineReader{lines: 200, seen: func(i int) { last = i }, line: func(i int) string {
		if i == 0 {
			return "metric_name,timestamp,metric_value,name\nhttp_req_duration,1795514400,\"1" + line
		}
		return line
	}}
	_, err := importer.Decode(in, "file", importer.Options{})
	if err == nil || !strings.Contains(err.Error(), "line 2: longer than 64 MiB") || last > 70 {
		t.Errorf("Decode = %v, and %d MB were read", err, last)
	}
}

// Controllers of JMeter that hide their requests are counted as they come.
func TestControllersDoNotFillMemory(t *testing.T) {
	const lines, early, late = 120_000, 20_000, 100_000
	var heap [2]uint64
	in := &lineReader{lines: lines, seen: func(i int) {
		if at := map[int]int{early: 0, late: 1}; i == early || i == late {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			heap[at[i]] = m.HeapAlloc
		}
	}, line: func(i int) string {
		switch i {
		case 0:
			return "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,URL\n"
		case 1:
			return "1795514400000,1,a,200,OK,u,true,http://h/\n"
		}
		return fmt.Sprintf("%d,1,shop,200,\"Number of samples in transaction : 2\",u,true,null\n",
			1795514400010+i/100)
	}}
	r, err := importer.Decode(bufio.NewReader(in), "file", importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var requests int64
	for _, e := range r.Endpoints {
		for _, s := range e.Slots {
			requests += s.Requests
		}
	}
	if grown := int64(heap[1]) - int64(heap[0]); requests != lines-1 || grown > 8<<20 {
		t.Errorf("%d requests of %d, and %d bytes more for %d of them", requests, lines-1, grown, late-early)
	}
}
