package main

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const us = time.Microsecond

// What each tool says, in the form that its documentation or a run of it
// shows.
func TestFigures(t *testing.T) {
	for _, tt := range []struct {
		name string
		tool tool
		file string // that the tool leaves; empty: it says it
		said string
		want figures
	}{
		{
			"wrk", wrk, "",
			"  2 threads\n  1364692 requests in 10.01s\n\nfigures 1364692 179 11300 27500\n",
			figures{requests: 1364692, p50: 179 * us, p95: 11300 * us, p99: 27500 * us},
		},
		{
			"bombardier", bombardier, "",
			`{"spec":{"numberOfConnections":50},"result":{"bytesRead":1,"req1xx":0,"req2xx":77,"latency":{"mean":1.5,"percentiles":{"50":120,"75":130,"90":140,"99":900}}}}`,
			figures{requests: 77, p50: 120 * us, p99: 900 * us},
		},
		{
			"fortio", fortio, "fortio.json",
			`{"DurationHistogram":{"Count":9,"Percentiles":[{"Percentile":50,"Value":0.0005},{"Percentile":95,"Value":0.002},{"Percentile":99,"Value":0.25}]}}`,
			figures{requests: 9, p50: 500 * us, p95: 2 * ms, p99: 250 * ms},
		},
		{
			"hey", hey, "",
			"Latency distribution:\n  10% in 0.0004 secs\n  50% in 0.0013 secs\n  95%% in 0.0057 secs\n  99% in 0.0215 secs\n\nStatus code distribution:\n  [200]\t220406 responses\n",
			figures{requests: 220406, p50: 1300 * us, p95: 5700 * us, p99: 21500 * us},
		},
		{
			"k6", k6, "k6.json",
			`{"metrics":{"http_reqs":{"count":12,"rate":1.2},"http_req_duration":{"p(50)":1.5,"p(95)":20,"p(99)":250.25}}}`,
			figures{requests: 12, p50: 1500 * us, p95: 20 * ms, p99: 250250 * us},
		},
		{
			"locust", locust, "locust_stats.csv",
			"Type,Name,Request Count,Failure Count,50%,95%,99%\nGET,/,5,0,1,2,3\n,Aggregated,6,0,47,170,290\n",
			figures{requests: 6, p50: 47 * ms, p95: 170 * ms, p99: 290 * ms},
		},
		{
			"locust without a request", locust, "locust_stats.csv",
			"Type,Name,Request Count,Failure Count,50%,95%,99%\n,Aggregated,0,0,N/A,N/A,N/A\n",
			figures{},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := load{folder: t.TempDir()}
			if tt.file != "" {
				if err := os.WriteFile(l.file(tt.file), []byte(tt.said), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got, err := tt.tool.figures(l, []byte(tt.said))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(figures{})); diff != "" {
				t.Errorf("figures (-want +got):\n%s", diff)
			}
		})
	}
	got, err := readVegeta([]byte(`{"requests":4000,"latencies":{"50th":40000000,"90th":1,"95th":150000000,"99th":268000000}}`))
	if want := (figures{requests: 4000, p50: 40 * ms, p95: 150 * ms, p99: 268 * ms}); err != nil || got != want {
		t.Errorf("readVegeta = %+v, %v, want %+v", got, err, want)
	}
}

// Output that says nothing is an error, not a figure of 0.
func TestNoFigures(t *testing.T) {
	for _, tool := range tools {
		t.Run(tool.name, func(t *testing.T) {
			if got, err := tool.figures(load{folder: t.TempDir()}, []byte("connection refused")); err == nil {
				t.Errorf("figures = %+v, want an error", got)
			}
		})
	}
}

// Which tools make which load.
func TestCommand(t *testing.T) {
	want := map[string][]string{
		"closed":   {"loadgate", "wrk", "bombardier", "fortio", "hey", "vegeta", "k6", "locust"},
		"think":    {"loadgate", "wrk", "k6", "locust"},
		"crowd":    {"loadgate", "wrk", "k6", "locust"},
		"accuracy": {"loadgate", "wrk", "bombardier", "fortio", "vegeta", "k6", "locust"},
		"freeze":   {"vegeta", "k6"},
	}
	got := map[string][]string{}
	for _, s := range scenarios {
		for _, tool := range tools {
			args, err := tool.command(load{scenario: s, url: "http://127.0.0.1:1/", folder: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			if args == nil {
				continue
			}
			got[s.name] = append(got[s.name], tool.name)
			if slices.Contains(args, "") || strings.Contains(strings.Join(args, " "), "%!") {
				t.Errorf("%s, %s: arguments %q", s.name, tool.name, args)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tools by scenario (-want +got):\n%s", diff)
	}
}
