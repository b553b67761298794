package importer_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// rawWords are those of Go's packages, which say nothing to the reader of a
// message.
var rawWords = regexp.MustCompile(
	`json:|strconv|Go struct|Go value|(?i:unmarshal)|invalid syntax|EOF|xml:|gob:|\n|importer\.|bufio|cannot parse|` +
		`invalid character|top-level|JSON input|looking for|literal|flate|gzip:|no semicolon|Decoder|offset \d|` +
		`base64|` +
		`illegal|unexpected|duplicate type|runtime|out of range|hdrhistogram|zlib`)

var (
	aValue = regexp.MustCompile(`-?\d[\d.eE+-]*|"[^"\n]*"|\{|\[|true|false|null|>[^<>\s]+<`)
	broken = []string{`"x"`, `x`, `-1`, `1.5`, `1e999`, `99999999999999999999`,
		`[]`, `{}`, `[1]`, `{"a":"b"}`, `null`, `true`, ``, `"NaN"`, `"30s"`, "\"\"", "\x00"}
)

// Every message about a file that is broken anywhere, of any format, is one line
// of plain words.
func TestBrokenFilesInPlainWords(t *testing.T) {
	texts := allFailed(t)
	for name, text := range files {
		texts[name+", small"] = text
	}
	for _, f := range figuredFiles(t) {
		texts[f.format+", "+f.name] = f.text
	}
	for name, text := range texts {
		format, _, _ := strings.Cut(name, ",")
		t.Run(name, func(t *testing.T) {
			text = text[:min(len(text), 3000)]
			check := func(how, changed string) {
				_, err := importer.Decode(strings.NewReader(changed), "file", importer.Options{Format: format})
				if err == nil {
					return
				}
				if _, said, _ := strings.Cut(err.Error(), ": "); rawWords.MatchString(said) {
					t.Errorf("%s: %s", how, err)
				}
			}
			places := aValue.FindAllStringIndex(text, 60)
			for i, at := range places {
				for j, value := range broken {
					if (i+j)%4 != 0 && i > 5 {
						continue // places alike get all of them between them
					}
					if text[at[0]] == '>' {
						value = ">" + value + "<"
					}
					check(strconv.Quote(text[at[0]:at[1]])+" as "+value, text[:at[0]]+value+text[at[1]:])
				}
				check("cut at "+strconv.Itoa(at[1]), text[:at[1]])
			}
		})
	}
}

// brokenTexts are all small files of the tests, by the format that each is of.
func brokenTexts(t *testing.T) map[string][]string {
	t.Helper()
	texts := map[string][]string{}
	for _, text := range append(samples(t), crowded...) {
		r, err := importer.Decode(strings.NewReader(text), "file", importer.Options{})
		if err == nil {
			texts[r.Source.Format] = append(texts[r.Source.Format], text[:min(len(text), 2000)])
		}
	}
	return texts
}

// However a file of any format is broken, cut, damaged by a byte or two runs in one,
// the message is one line of plain words.
func TestDamagedFilesInPlainWords(t *testing.T) {
	packed := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(text)) // into memory
		_ = w.Close()
		return b.String()
	}
	for format, texts := range brokenTexts(t) {
		check := func(how, changed string) {
			_, err := importer.Decode(strings.NewReader(changed), "file", importer.Options{Format: format})
			if err == nil {
				return
			}
			if _, said, _ := strings.Cut(err.Error(), ": "); rawWords.MatchString(said) || len(said) > 400 {
				t.Errorf("%s, %s: %s", format, how, err)
			}
		}
		for _, text := range texts {
			check("doubled", text+text)
			check("doubled on a line", strings.TrimSpace(text)+"\n"+text)
			for at := 0; at < len(text); at += 7 {
				check(fmt.Sprintf("cut at %d", at), text[:at])
				b := []string{"{", "&", "\x00", "\xff", "N"}[at%5]
				check(fmt.Sprintf("%q at %d", b, at), text[:at]+b+text[at+1:])
			}
			zipped := packed(text)
			for at := 0; at < len(zipped); at += 49 {
				check(fmt.Sprintf("packed, cut at %d", at), zipped[:at])
				check(fmt.Sprintf("packed, damaged at %d", at), zipped[:at]+"\xff"+zipped[at+1:])
			}
		}
	}
}

// The message names the place, what stands there and what belongs there.
func TestBrokenValues(t *testing.T) {
	for _, tt := range []struct{ format, text, want string }{
		{"autocannon", "{\"latency\":{},\n\"non2xx\":0,\"duration\":\"30s\"}",
			"line 2: duration: text in place of a number"},
		{"autocannon", `{"latency":{},"non2xx":0,"start":"noon"}`, `start: "noon" is not a time`},
		{"autocannon", `[{"latency":{},"non2xx":0}]`, "line 1: a list in place of an object"},
		{"artillery", `{"aggregate":{"counters":[]}}`, "line 1: aggregate.counters: a list in place of an object"},
		{"artillery", `{"aggregate":{"counters":{"http.requests":"many"}}}`,
			`aggregate.counters: "many" is not a count`},
		{"k6-summary", `{"root_group":{},"metrics":{"http_reqs":"x"}}`, "metric http_reqs: text in place of an object"},
		{"k6-summary", `{"metrics":{"http_req_duration":{"p(95)":20},"http_reqs":{"count":-400}}}`,
			"http_reqs: count: a count of -400 is impossible"},
		{"k6-summary", `{"metrics":{"http_req_duration":{"p(95)":20},"http_reqs":{"count":1e300}}}`,
			"http_reqs: count: a count of 1e+300 is impossible"},
		{"k6-summary", `{"metrics":{"http_req_duration{name:a}":{"p(95)":20},"http_reqs{name:a}":{"count":400.5}}}`,
			"http_reqs{name:a}: count: a count of 400.5 is impossible"},
		{"k6-summary", `{"metrics":{"http_req_duration":{"p(95)":20},"http_req_failed":{"passes":-1,"fails":9}}}`,
			"http_req_failed: passes: a count of -1 is impossible"},
		{"k6-summary", `{"metrics":{"http_req_duration":{"p(95)":20},"http_req_failed":{"rate":1.5}}}`,
			"http_req_failed: rate: a share of 1.5 is impossible"},
		{"k6-summary", `{"metrics":{"http_req_duration":{"p(95)":20,"count":-3}}}`,
			"http_req_duration: count: a count of -3 is impossible"},
		{"k6-summary", `{"metrics":{"http_req_duration":{"p(95)":20},"checks":{"passes":-3,"fails":0}}}`,
			"checks: passes: a count of -3 is impossible"},
		{"k6-summary", `{"metrics":{"http_reqs":{"count":100},"http_req_failed":{"passes":50,"fails":100}}}`,
			"http_req_failed: 100 succeeded and 50 failed: that is impossible with 100 requests"},
		{"k6-summary", `{"metrics":{"http_reqs":{"count":100},"http_req_failed":{"matches":50,"total":10}}}`,
			"http_req_failed: 50 matches of 10 are impossible"},
		{"k6-summary", `{"metrics":{"http_reqs":{"count":100},"http_req_failed":{"passes":5,"fails":95,"value":0.9}}}`,
			"http_req_failed: value: a share of 0.9 is impossible where 5 of 100 requests failed"},
		{"k6-summary", `{"metrics":{"http_req_failed":{"passes":0,"fails":9,"rate":0,"value":1}}}`,
			"http_req_failed: value: a share of 1 is impossible where 0 of 9 requests failed"},
		{"k6-summary", `{"metrics":{"http_req_failed":{"passes":0,"fails":9,"matches":8,"total":9}}}`,
			"http_req_failed: 0 of 9 requests failed, and 8 of 9 did: only one can be true"},
		{"vegeta-report", `{"latencies":{},"requests":10,"status_codes":{"200":10},"success":0.2}`,
			"success: a share of 0.2 is impossible where 10 of 10 requests succeeded"},
		{"vegeta-report", `{"latencies":{},"requests":10,"success":7}`, "success: a share of 7 is impossible"},
		{"vegeta-report", `{"latencies":{},"requests":10,"status_codes":{"200":11}}`,
			"status_codes: 11 succeeded and 0 failed: that is impossible with 10 requests"},
		{"fortio", `{"DurationHistogram":{"Count":10},"RetCodes":{"200":9,"500":2}}`,
			"RetCodes: 9 succeeded and 2 failed: that is impossible with 10 requests"},
		{"gatling-stats", `{"type":"REQUEST","name":"a","stats":{"numberOfRequests":{"total":3,"ok":3,"ko":1}}}`,
			"a: numberOfRequests: 3 succeeded and 1 failed: that is impossible with 3 requests"},
		{"taurus", `<FinalStatus><Group label="a"><throughput value="3"/><succ value="5"/></Group></FinalStatus>`,
			"5 succeeded and -2 failed: that is impossible with 3 requests"},
		{"taurus", `<FinalStatus><Group label="a"><throughput value="3"/><succ value="3"/><fail value="1"/>` +
			`</Group></FinalStatus>`, "3 succeeded and 1 failed: that is impossible with 3 requests"},
		{"artillery", `{"aggregate":{"counters":{"http.requests":2,"http.codes.200":2},` +
			`"summaries":{"http.response_time":{"count":-2,"p95":4}}}}`, "count: a count of -2 is impossible"},
		{"gatling-stats", `{"type":"REQUEST","name":"a","stats":{"numberOfRequests":{"total":-3,"ok":0,"ko":0}}}`,
			"a: numberOfRequests: a count of -3 is impossible"},
		{"vegeta-report", `{"latencies":{"total":1,"95th":"soon"}}`, "line 1: latencies: text in place of a number"},
		{"gatling-stats", `{"type":"REQUEST","name":"a","stats":{"numberOfRequests":{"total":"many"}}}`,
			`a: numberOfRequests: total: "many" is not a number`},
		{"taurus", "<FinalStatus>\n<TestDuration>x</TestDuration></FinalStatus>", `line 2: "x" is not a number`},
		{"taurus", "<FinalStatus>\n", "line 2: the file was cut: it ends there"},
		{"k6-summary", "{\"root_group\":{},\n\"metrics\":{}}{}",
			"line 2: byte 32: '{' follows the end of the document: give each run a file of its own"},
		{"k6-summary", `{"root_group":{},"metrics":{"http_reqs":{"count":NaN}}}`,
			"line 1: byte 50: 'N' begins no value, as in NaN or Infinity: write null"},
		{"k6-json", k6JSON + "{]\n",
			"line 9: byte 2: ']' does not belong there, this is not valid JSON: let the tool write the file again"},
		{"k6-json", k6JSON + `{"metric":`, "line 9: the file was cut: it ends there"},
		{"taurus", "<FinalStatus>\n<TestDuration>&foo;</TestDuration></FinalStatus>",
			"line 2: &foo is not an entity of XML: a plain & is written &amp;"},
		{"jtl-xml", "<testResults>\n<sample lb=\"a&b\"/></testResults>",
			"line 2: &b is not an entity of XML: a plain & is written &amp;"},
		{"jtl-xml", "<testResults>\n<a></b></testResults>",
			"line 2: <a> ends with </b>: this is not valid XML: let the tool write it again"},
		{"vegeta-gob", vegetaGob()[:300], "the file was cut: it ends there"},
	} {
		_, err := importer.Decode(strings.NewReader(tt.text), "file", importer.Options{Format: tt.format})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.format, err, tt.want)
		}
	}
}
