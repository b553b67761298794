package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// What ends within its last line is refused, or lacks nothing that counts.
func TestTornLastLines(t *testing.T) {
	hey := "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n" +
		"0.0100,0,0,0,0.009,0.0001,200,0.0000\n0.0100,0,0,0,0.009,0.0001,200,0.0500\n" +
		"0.0100,0,0,0,0.009,0.0001,500,9.1000\n"
	abText := "This is ApacheBench, Version 2.3\nServer Hostname:        h\nServer Port:            80\nDocument " +
		"Path:          /\n" +
		"Time taken for tests:   10.000 seconds\nComplete requests:      1000\nFailed requests:        250\n"
	bombardier := "Bombarding http://h/a for 10s using 5 connection(s)\n 1xx - 0, 2xx - 100, 3xx - 0, 4xx - 0, 5xx - " +
		"0\n    others - 125\n"
	gatlingEnd := strings.Join(strings.SplitAfter(gatlingLog, "\n")[:7], "")
	texts := map[string]string{
		"oha-csv": ohaCSV, "hey-csv": hey, "ab": abText, "bombardier": bombardier, "wrk": wrk2, "hgrm": hgrm,
		"gatling-log, a request": gatlingEnd,
		"locust-csv": locustHead +
			"GET,/a,400,4,12,10,10,30\nGET,/b,400,4,12,10,10,30\n,Aggregated,800,8,12,20,10,30\n",
	}
	for name, text := range files {
		texts[name] = text
	}
	for name, text := range texts {
		format, _, _ := strings.Cut(name, ",")
		if format == "jtl-xml" || format == "vegeta-gob" { // these have an end of their own
			continue
		}
		say := func(text string) (string, error) {
			r, err := importer.Decode(strings.NewReader(text), "file", importer.Options{Format: format, Names: names})
			if err != nil {
				return "", err
			}
			return fmt.Sprint(told(t, r), r.Elapsed, len(r.Endpoints)), nil
		}
		want, err := say(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		begin := strings.LastIndexByte(strings.TrimRight(text, "\n"), '\n') + 1
		for at := begin + 1; at < len(text); at++ {
			if got, err := say(text[:at]); err == nil && got != want {
				t.Errorf("%s that ends with %q says\n%s\nwant an error, or\n%s", name, text[begin:at], got, want)
			}
		}
		if strings.HasSuffix(format, "-csv") || strings.HasSuffix(format, "json") ||
			format == "jtl" || format == "gatling-log" {
			if got, err := say(strings.TrimRight(text, "\n")); err != nil || got != want {
				t.Errorf("%s without its last end of line: %s, %v", name, got, err)
			}
		}
	}
}

// A spectrum that does not reach the slowest request was cut, wherever that is.
func TestTornSpectrum(t *testing.T) {
	lines := strings.SplitAfter(hgrm, "\n")
	for n := 2; n < len(lines)-1; n++ {
		r, err := importer.Decode(strings.NewReader(strings.Join(lines[:n], "")), "file", importer.Options{})
		if err == nil || !strings.Contains(err.Error(), "it was cut: its spectrum ends at ") {
			t.Errorf("%d lines: %v, %v", n, r, err)
		}
	}
}
