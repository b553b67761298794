package importer_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// Answers that missed expectations failed, and nobody knows how many of them.
func TestMissedExpectations(t *testing.T) {
	report := func(counters string) string {
		return `{"aggregate":{"counters":{"http.requests":100,"http.codes.200":100,` + counters + `},
"summaries":{"http.response_time":{"count":100,"p95":10}}}}`
	}
	for _, tt := range []struct{ name, counters, want, note string }{
		{"missed", `"plugins.expect.failed":150`, "all requests: 100 requests, p95 10ms",
			"150 expectations of answers were not met"},
		{"met", `"plugins.expect.ok":150,"plugins.expect.failed":0`,
			"all requests: 100 requests, 0 failed, p95 10ms", ""},
		{"reported as errors", `"plugins.expect.failed":30,"errors.Failed expectations for request http://h/a":30`,
			"all requests: 100 requests, 30 failed, p95 10ms", ""},
	} {
		r := decode(t, report(tt.counters), importer.Options{})
		notes := strings.Join(r.Source.Notes, "\n")
		if got := told(t, r); got != tt.want || !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
			t.Errorf("%s: it says %s, notes %q; want %s and %q", tt.name, got, notes, tt.want, tt.note)
		}
	}
}

// A log that ends within a line was cut, whatever the line is of.
func TestTornLogs(t *testing.T) {
	const log = "RUN\tshop\tshop\t1795514400000\t \t3.9.5\nUSER\ts\tSTART\t1795514400000\n" +
		"REQUEST\t\ta\t1795514401000\t1795514401010\tOK\t \n"
	for _, tt := range []struct {
		last string
		torn bool
	}{
		{"", false},
		{"USER\ts\tEND\t1795514402000\n", false},
		{"USER\ts\tEND\t1795514402000", false},
		{"GROUP\tg\t1795514401000\t1795514401010\t10\tOK\n", false},
		{"ERROR\tno such key\t1795514401000\n", false},
		{"USER\ts\tE", true}, {"USER\ts\tEND\t17955144", true},
		{"REQUES", true}, {"U", true}, {"GROUP\tg\t1795514401000\t17955", true},
	} {
		_, err := importer.Decode(strings.NewReader(log+tt.last), "file", importer.Options{})
		if torn := err != nil && strings.Contains(err.Error(), "the file was cut"); torn != tt.torn ||
			err != nil && !torn {
			t.Errorf("%q: %v, want torn %t", tt.last, err, tt.torn)
		}
	}
}
