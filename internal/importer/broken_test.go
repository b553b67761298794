package importer_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// rawWords are those of Go's packages, which say nothing to the reader of a
// message.
var rawWords = regexp.MustCompile(`json:|strconv|Go struct|Go value|(?i:unmarshal)|invalid syntax|EOF|xml:|gob:|\n|importer\.|bufio|cannot parse`)

var (
	aValue = regexp.MustCompile(`-?\d[\d.eE+-]*|"[^"\n]*"|\{|\[|true|false|null|>[^<>\s]+<`)
	broken = []string{`"x"`, `x`, `-1`, `1.5`, `1e999`, `99999999999999999999`, `[]`, `{}`, `[1]`, `{"a":"b"}`, `null`, `true`, ``, `"NaN"`, `"30s"`, "\"\"", "\x00"}
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

// The message names the place, what stands there and what belongs there.
func TestBrokenValues(t *testing.T) {
	for _, tt := range []struct{ format, text, want string }{
		{"autocannon", "{\"latency\":{},\n\"non2xx\":0,\"duration\":\"30s\"}", "line 2: duration: text in place of a number"},
		{"autocannon", `{"latency":{},"non2xx":0,"start":"noon"}`, `start: "noon" is no time`},
		{"autocannon", `[{"latency":{},"non2xx":0}]`, "line 1: a list in place of an object"},
		{"artillery", `{"aggregate":{"counters":[]}}`, "line 1: aggregate.counters: a list in place of an object"},
		{"artillery", `{"aggregate":{"counters":{"http.requests":"many"}}}`, `aggregate.counters: "many" is no count`},
		{"k6-summary", `{"root_group":{},"metrics":{"http_reqs":"x"}}`, "metric http_reqs: text in place of an object"},
		{"vegeta-report", `{"latencies":{"total":1,"95th":"soon"}}`, "line 1: latencies: text in place of a number"},
		{"gatling-stats", `{"type":"REQUEST","name":"a","stats":{"numberOfRequests":{"total":"many"}}}`, `a: numberOfRequests: total: "many" is no number`},
		{"taurus", "<FinalStatus>\n<TestDuration>x</TestDuration></FinalStatus>", `line 2: "x" is no number`},
		{"taurus", "<FinalStatus>\n", "line 2: the file was cut: it ends there"},
		{"vegeta-gob", vegetaGob()[:300], "the file was cut: it ends there"},
	} {
		_, err := importer.Decode(strings.NewReader(tt.text), "file", importer.Options{Format: tt.format})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.format, err, tt.want)
		}
	}
}
