package importer_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/result"
)

// told is what a result says of its endpoints, in a line each.
func told(t *testing.T, r *result.Result) string {
	t.Helper()
	var lines []string
	for _, e := range r.Endpoints {
		requests, failed := counts(e)
		line := fmt.Sprintf("%s: %d requests, %d failed", e.Name, requests, failed)
		if e.Summary != nil && e.Summary.Failed == nil {
			line = fmt.Sprintf("%s: %d requests", e.Name, requests)
		}
		p95, ok := time.Duration(0), false
		if e.Summary != nil {
			reading, found := e.Summary.Quantile(0.95)
			p95, ok = reading.Value, found
		} else {
			var all hist.Latency
			for _, s := range e.Slots {
				if err := s.Latency.Into(&all); err != nil {
					t.Fatal(err)
				}
			}
			p95, ok = all.Quantile(0.95)
		}
		if ok {
			line += fmt.Sprintf(", p95 %s", p95.Round(100*time.Microsecond))
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// section is a part of an archive: a name and a text.
type section struct{ name, text string }

// archive reads a file of texts, each behind a line with its name: "-- name --".
func archive(t testing.TB, name string) []section {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "imports", name))
	if err != nil {
		t.Fatal(err)
	}
	var found []section
	for line := range strings.Lines(string(text)) {
		if inner, ok := strings.CutPrefix(line, "-- "); ok {
			found = append(found, section{name: strings.TrimSuffix(inner, " --\n")})
		} else if n := len(found); n > 0 {
			found[n-1].text += line
		}
	}
	if len(found) < 10 {
		t.Fatalf("%s has %d texts", name, len(found))
	}
	return found
}

const (
	locustHead = "Type,Name,Request Count,Failure Count,Average Response Time,Requests/s,50%,95%\n"
	jtlHead    = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success," +
		"failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n"
	heads = "Running 30s test @ http://h/items\n  2 threads and 50 connections\n    Latency     4.20s     1.10s " +
		"   9.80s    70.00%\n  3000 requests in 30.00s, 1.00MB read\n"
)

// jtlLine is a sample that ended a second after the one before it.
func jtlLine(second int, elapsed int, label, thread, url string) string {
	return fmt.Sprintf("%d,%d,%s,200,OK,%s,text,true,,900,200,1,1,%s,40,0,5\n",
		1795514400000+1000*second, elapsed, label, thread, url)
}

// A file is counted as its own totals say: nothing is lost because it has no
// answer, no name of its own, or a name that another has too, and nothing is
// counted twice.
func TestCounts(t *testing.T) {
	cases := archive(t, "counts.txtar")
	for i := 0; i+1 < len(cases); i += 2 {
		name, text, want := cases[i].name, cases[i].text, strings.TrimSpace(cases[i+1].text)
		t.Run(name, func(t *testing.T) {
			if got := told(t, decode(t, text, importer.Options{})); got != want {
				t.Errorf("it says\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// Endpoints of thresholds.yaml are kept apart by host as well; a pattern of the
// command line makes one of all that fit.
func TestHostsAndPatterns(t *testing.T) {
	text := "1795514400100000000,200,10000000,0,1,,,a,0,GET,http://a/items/1,\n" +
		"1795514401100000000,200,20000000,0,1,,,a,1,GET,http://b/items/2,\n"
	for _, tt := range []struct {
		names collect.Names
		want  string
	}{
		{collect.NewNames(nil, []string{"GET /items/{id}"}), "GET http://a/items/{id}: 1 requests, 0 failed, p95 " +
			"10ms\nGET http://b/items/{id}: 1 requests, 0 failed, p95 20ms"},
		{collect.NewNames([]string{"GET /items/*"}, nil), "GET /items/*: 2 requests, 0 failed, p95 20ms"},
		{collect.NewNames([]string{"GET http://a/*", "GET http://b/*"}, nil),
			"GET http://a/*: 1 requests, 0 failed, p95 10ms\nGET http://b/*: 1 requests, 0 failed, p95 20ms"},
	} {
		if got := told(t, decode(t, text, importer.Options{Names: tt.names})); got != tt.want {
			t.Errorf("it says\n%s\nwant\n%s", got, tt.want)
		}
	}
}

// What cannot be counted rightly is refused, in words that say why.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"wrk, two runs", heads + "\n" + strings.Replace(heads, "items", "health", 1),
			"line 6: a second run begins, of http://h/health after one of http://h/items: give each run a file of " +
				"its own"},
		{"k6, two parts of one name",
			`{"metrics":{"http_req_duration":{"p(95)":1},"http_req_duration{name:login}":{"p(95)":1},` +
				`"http_req_duration{name:login,scenario:a}":{"p(95)":1}}}`,
			`2 parts are named "login", http_req_duration{name:login,scenario:a} and http_req_duration{name:login}, ` +
				`and percentiles of several cannot be joined: keep one of these thresholds, or run k6 with --out json`},
		{"k6, two selections of one name",
			`{"metrics":{"http_req_duration{name:a,status:200}":{"p(95)":1},"http_req_duration{url:a,status:200}":{}}}`,
			`2 parts are named "a {status:200}", http_req_duration{name:a,status:200} and http_req_duration{url:a,`},
		{"jmeter, many samples a row",
			"timeStamp,elapsed,label,success,SampleCount,ErrorCount\n1795514400100,1000,item,true,25,0\n",
			"line 2: 25 samples in one row, without the time of each: write mode=Standard"},
		{"jmeter, controllers alone",
			"timeStamp,elapsed,label,responseMessage,success\n1795514400100,1000,shop,\"Number of samples in " +
				"transaction : 2\",true\n", `it has transaction controllers only`},
		{"oha, all under way at the end",
			`{"summary":{"successRate":0,"total":10},"latencyPercentiles":{"p95":null},"statusCodeDistribution":{},` +
				`"errorDistribution":{"aborted due to deadline":50}}`, "there is no request in it"},
		{"gatling, a binary with tabs", "\x00\x00\x00\x00\x063.14.3\x00\x00\x00\x09shop.Shop\x09\x00",
			"it is a binary that only its own version of Gatling reads"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := importer.Decode(strings.NewReader(tt.text), "file", importer.Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Decode = %v, want %s", err, tt.want)
			}
		})
	}
}

// However a program of Windows writes a text, it says the same.
func TestWritten(t *testing.T) {
	wide := func(text string, low int) string {
		var b strings.Builder
		for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
			pair := [2]byte{}
			pair[low], pair[1-low] = byte(unit), byte(unit>>8)
			b.Write(pair[:])
		}
		return b.String()
	}
	stats := locustHead + "GET,/größe,400,4,12,10,10,30\n,Aggregated,400,4,12,10,10,30\n"
	sources := map[string]string{"locust-csv": stats, "wrk": heads, "oha-json": ohaJSON}
	for name, text := range files {
		if name != "vegeta-gob" {
			sources[name] = text
		}
	}
	for format, text := range sources {
		want := told(t, decode(t, text, importer.Options{Names: names}))
		for how, written := range map[string]string{
			"a mark":                        "\ufeff" + text,
			`\r\n`:                          strings.ReplaceAll(text, "\n", "\r\n"),
			`\r\r\n`:                        strings.ReplaceAll(text, "\n", "\r\r\n"),
			"UTF-16":                        wide(text, 0),
			"UTF-16, reversed":              wide(text, 1),
			"UTF-16, no mark":               wide(text, 0)[2:],
			"reversed, no mark":             wide(text, 1)[2:],
			"UTF-16, no mark, a blank line": wide("\n"+text, 0)[2:],
			"UTF-32":                        widest(binary.LittleEndian, "\ufeff"+text),
			"UTF-32, reversed":              widest(binary.BigEndian, "\ufeff"+text),
			"UTF-32, no mark":               widest(binary.LittleEndian, text),
			`\r alone`:                      strings.ReplaceAll(text, "\n", "\r"),
			`\r, UTF-16`:                    wide(strings.ReplaceAll(text, "\n", "\r"), 0),
			`UTF-16 and \r\n`:               wide(strings.ReplaceAll(text, "\n", "\r\n"), 0),
		} {
			r, err := importer.Decode(strings.NewReader(written), "file", importer.Options{Names: names})
			if err != nil {
				t.Errorf("%s with %s: %v", format, how, err)
				continue
			}
			if got := told(t, r); got != want || r.Source.Format != format {
				t.Errorf("%s with %s is %s, and says\n%s\nwant\n%s", format, how, r.Source.Format, got, want)
			}
		}
	}
}

// widest is a text as UTF-32.
func widest(order binary.ByteOrder, text string) string {
	var b []byte
	for _, r := range text {
		four := make([]byte, 4)
		order.PutUint32(four, uint32(r))
		b = append(b, four...)
	}
	return string(b)
}

// Names that are no UTF-8 are Chinese where they can be, else Latin-1, and two
// stay two.
func TestForeignLetters(t *testing.T) {
	for raw, want := range map[string]string{"\xbd\xd3\xbf\xda": "接口",
		"gr\xf6\xdfe": "größe", "\xe9t\xe9 1": "été 1", "größe": "größe"} {
		text := locustHead + "GET,x " + raw + ",400,4,12,10,10,30\nGET,x \xff,400,4,12,10,10,30\n"
		r := decode(t, text, importer.Options{})
		if len(r.Endpoints) != 2 || r.Endpoints[0].Name != "x "+want && r.Endpoints[1].Name != "x "+want {
			t.Errorf("%q gives %v, want %q", raw, r.Endpoints, "x "+want)
		}
	}
}

// XML says in which letters it is written.
func TestLettersOfXML(t *testing.T) {
	for name, raw := range map[string]string{"GBK": "\xbd\xd3\xbf\xda", "UTF-8": "接口", "UTF-16": "接口"} {
		text := `<?xml version="1.0" encoding="` + name +
			`"?><testResults><httpSample t="10" ts="1795514400100" s="true" lb="` +
			raw + `" rc="200"/></testResults>`
		if got := told(t, decode(t, text, importer.Options{})); got != "接口: 1 requests, 0 failed, p95 10ms" {
			t.Errorf("in %s it says %s", name, got)
		}
	}
}

// JMeter's fields are parted by what its settings say, and a file may be without
// their names.
func TestJTLColumns(t *testing.T) {
	text := jtlHead + jtlLine(1, 300, "login", "T 1-1", "http://h/login") + jtlLine(2, 10, "page", "T 1-1", "null")
	want := told(t, decode(t, text, importer.Options{}))
	for _, comma := range []string{",", ";", "|", "\t"} {
		parted := strings.ReplaceAll(text, ",", comma)
		_, bare, _ := strings.Cut(parted, "\n")
		for how, written := range map[string]string{"": parted,
			" without a head": bare, " twice": parted + strings.SplitAfter(parted, "\n")[0]} {
			if got := told(t, decode(t, written, importer.Options{})); got != want {
				t.Errorf("parted by %q%s it says\n%s\nwant\n%s", comma, how, got, want)
			}
		}
	}
	short := "1795514400100,10,item,200,OK,T 1-1,text,true,12,1,1,9\n"
	if got := told(t, decode(t, short, importer.Options{})); got != "item: 1 requests, 0 failed, p95 10ms" {
		t.Errorf("as older versions write it, it says %s", got)
	}
}

// A document is told by its keys, whatever stands before them.
func TestKeysInAnyOrder(t *testing.T) {
	filler := `"setup_data":{"names":["` + strings.Repeat("a long list ", 1000) + `"]},`
	for name, text := range map[string]string{
		"k6-summary": `{"metrics":{"http_req_duration":{"p(95)":52.9,"med":10},"http_reqs":{"count":400},` +
			`"http_req_failed":{"passes":4,"fails":396}},"root_group":{}}`,
		"oha-json": ohaJSON, "gatling-stats": gatlingStats,
	} {
		long := strings.Replace(text, "{", "{"+filler, 1)
		r := decode(t, long, importer.Options{})
		if got, want := told(t, r), told(t, decode(t, text, importer.Options{})); got != want ||
			r.Source.Format != name {
			t.Errorf("%s says\n%s\nwant\n%s", r.Source.Format, got, want)
		}
	}
}
