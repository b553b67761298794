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

// What each tool says, as it said it: the trimmed output of the command above
// each row, against a target on loopback.
func TestFigures(t *testing.T) {
	for _, tt := range []struct {
		name string
		tool tool
		file string // that the tool leaves; empty: it says it
		said string
		want figures
	}{
		{
			// wrk 4.1.0: wrk -t1 -c10 -d2s --timeout 10s -s wrk.lua URL
			"wrk", wrk, "",
			"  1 threads and 10 connections\n  118212 requests in 2.00s, 22.32MB read\nRequests/sec:  " +
				"59070.41\n\nfigures 118212 112 360 1536\n",
			figures{requests: 118212, percentiles: percentiles{112 * us, 360 * us, 1536 * us}},
		},
		{
			// bombardier v1.2.6: bombardier -c 10 -d 2s -t 10s -l -p r -o json URL
			"bombardier", bombardier, "",
			`{"spec":{"numberOfConnections":10,"testType":"timed","testDurationSeconds":2,"method":"GET",` +
				`"client":"fasthttp"},"result":{"bytesRead":29981358,"bytesWritten":9539523,` +
				`"timeTakenSeconds":1.9997298589999999,"req1xx":0,"req2xx":151421,"req3xx":0,"req4xx":0,"req5xx":0,` +
				`"others":0,"latency":{"mean":130.88086196762669,"stddev":95.20291349384338,"max":9419,` +
				`"percentiles":{"50":102,"75":157,"90":232,"95":341,"99":671}},"rps":{"mean":75729.99414969317,` +
				`"percentiles":{"50":76601.446335,"95":87178.024867,"99":89415.391154}}}}`,
			figures{requests: 151421, percentiles: percentiles{102 * us, 341 * us, 671 * us}},
		},
		{
			// fortio 1.63.8: fortio load -c 10 -qps 0 -uniform -t 2s -r 0.0001 -p 50,95,99 -json fortio.json URL
			"fortio", fortio, "fortio.json",
			`{"RunType":"HTTP","RequestedQPS":"max","NumThreads":10,"Version":"1.63.8",` +
				`"DurationHistogram":{"Count":145449,"Min":1.337e-05,"Max":0.017649064,"Data":[{"Start":1.337e-05,` +
				`"End":0.0001,"Percent":44.12,"Count":64175}],"Percentiles":[{"Percentile":50,` +
				`"Value":0.00011359134554241383},{"Percentile":95,"Value":0.0002962994619923637},{"Percentile":99,` +
				`"Value":0.000769087475149105}]},"RetCodes":{"200":145449}}`,
			figures{requests: 145459, percentiles: percentiles{113591, 296299, 769087}},
		},
		{
			// hey 0.1.4: hey -c 10 -z 2s URL
			"hey", hey, "",
			"Latency distribution:\n  10% in 0.0001 secs\n  25% in 0.0001 secs\n  50% in 0.0002 secs\n  75% in " +
				"0.0003 secs\n  90% in 0.0005 secs\n  95% in 0.0006 secs\n  99% in 0.0015 secs\n\nStatus code " +
				"distribution:\n  [200]\t73806 responses\n",
			figures{requests: 73806, percentiles: percentiles{200 * us, 600 * us, 1500 * us}},
		},
		{
			// The same of a build that prints the percent sign twice.
			"hey, twice", hey, "",
			"  50%% in 0.0013 secs\n  95%% in 0.0057 secs\n  99%% in 0.0215 secs\n  [200]\t220406 responses\n",
			figures{requests: 220406, percentiles: percentiles{1300 * us, 5700 * us, 21500 * us}},
		},
		{
			// k6 v1.8.1: k6 run --quiet --no-usage-report --address 127.0.0.1:0
			// --summary-trend-stats p(50),p(95),p(99) --summary-export k6.json k6.js
			"k6", k6, "k6.json",
			`{"metrics":{"checks":{"passes":31926,"fails":0,"value":1},` +
				`"http_req_duration{expected_response:true}":{"p(50)":0.5,"p(95)":1.5,"p(99)":3.5},` +
				`"http_reqs":{"count":31926,"rate":15960.47795719416},"http_req_duration":{"p(50)":0.416889,` +
				`"p(95)":1.7016767499999998,"p(99)":3.45523325}},"root_group":{"name":"","path":""}}`,
			figures{requests: 31926, percentiles: percentiles{416889, 1701676, 3455233}},
		},
		{
			// locust 2.12.1: locust -f locustfile.py --headless --only-summary -u 50 -r 50 -t 2s -H URL
			"locust", locust, "",
			"figures 10052 2 8.0 22\n",
			figures{requests: 10052, percentiles: percentiles{2 * ms, 8 * ms, 22 * ms}},
		},
		{
			"locust without a request", locust, "",
			"figures 0 0 0 0\n",
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
	// vegeta v12.13.0: vegeta attack -targets targets -output vegeta.bin -duration 2s -rate 100;
	// vegeta report -type json vegeta.bin
	got,
		err := readVegeta(
		[]byte(
			`{"latencies":{"total":52597542,"mean":262987,"50th":251380,"90th":346840,"95th":387415,"99th":471725,` +
				`"max":731005,"min":130233},"bytes_in":{"total":25200,"mean":126},` +
				`"earliest":"2026-11-25T00:16:24.481225575Z","duration":1990088900,"wait":203962,"requests":200,` +
				`"rate":100.49802297776748,"success":1,"status_codes":{"200":200},"errors":[]}`))
	if want := (figures{requests: 200, percentiles: percentiles{251380, 387415, 471725}}); err != nil || got != want {
		t.Errorf("readVegeta = %+v, %v, want %+v", got, err, want)
	}
}

// What each tool says of its version, as those at hand say it and releases do
// by their documentation.
func TestDescribe(t *testing.T) {
	for _, tt := range []struct {
		name        string
		tool        tool
		said, built string
		want        string
	}{
		{"wrk -v", wrk, "wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer\nUsage: wrk <options> <url>\n",
			"", "wrk debian/4.1.0-3+b2 [epoll]"},
		{"bombardier --version, from source", bombardier, "bombardier version unspecified linux/amd64\n",
			"v1.2.6", "bombardier v1.2.6"},
		{"fortio version", fortio, "1.63.8\n", "v1.63.8", "fortio 1.63.8"},
		{"hey, which has none", hey, "", "", "hey (version not told)"},
		{"vegeta --version, from source", vegeta, "Version: \nCommit: \nRuntime: go1.26.8 linux/amd64\nDate: \n",
			"v12.13.0", "vegeta v12.13.0"},
		{"vegeta --version, released", vegeta, "Version: 12.12.0\nCommit: x\n", "", "vegeta 12.12.0"},
		{"k6 version", k6, "k6 v1.8.1 (go1.26.8, linux/amd64)\n", "v1.8.1", "k6 v1.8.1 (go1.26.8, linux/amd64)"},
		{"locust --version", locust, "locust 2.32.1 from /usr/lib/python3/dist-packages/locust (Python 3.12.3)\n",
			"", "locust 2.32.1"},
		{"locust --version, of a distribution", locust, "locust \n", "", "locust (version not told)"},
		{"loadgate --version, of a tree", loadgate, "loadgate devel\n", "", "loadgate devel"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.tool.describe(tt.said, tt.built); got != tt.want {
				t.Errorf("describe(%q, %q) = %q, want %q", tt.said, tt.built, got, tt.want)
			}
		})
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
		"closed":          {"loadgate", "wrk", "bombardier", "fortio", "hey", "vegeta", "k6", "locust"},
		"think":           {"loadgate", "wrk", "k6", "locust"},
		"crowd":           {"loadgate", "wrk", "k6", "locust"},
		"throng":          {"loadgate", "wrk", "k6", "locust"},
		"accuracy":        {"loadgate", "vegeta", "k6"},
		"accuracy-closed": {"loadgate", "wrk", "bombardier", "fortio", "k6", "locust"},
		"freeze":          {"loadgate", "vegeta", "k6"},
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
