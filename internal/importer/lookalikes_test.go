package importer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// What is not read is named where it can be told, with what to give.
func TestLooks(t *testing.T) {
	long := `{"audits":{` + strings.Repeat(`"an audit":{"score":1},`, 500) + `"last":{}},"lighthouseVersion":"12.0.0"}`
	for _, tt := range []struct{ text, want string }{
		{`{"lighthouseVersion":"12.0.0","audits":{}}`, "this is a Lighthouse report: it is of one page in a browser"},
		{long, "this is a Lighthouse report"},
		{`{"log":{"version":"1.2","creator":{},"entries":[]}}`,
			"this is a HAR recording: loadgate init --har reads it"},
		{"openapi: 3.1.0\ninfo: {}\n", "this is a description of an API: loadgate init --openapi reads it"},
		{"<!DOCTYPE html>\n<html><title>Gatling Stats</title>", "Gatling's page for people: give js/stats.json"},
		{"<html><title>Apache JMeter Dashboard</title>", "JMeter's page for people: give statistics.json"},
		{"<html></html>", "this is a web page"},
		{`<?xml version="1.0"?><testsuites tests="1">`, "this is a JUnit report"},
		{`<?xml version="1.0"?><jmeterTestPlan version="1.2">`, "this is a test plan of JMeter"},
		{"PK\x03\x04 and more", "this is a ZIP archive: unpack it"},
		{"\xfd7zXZ\x00 and more", "this is packed with xz: unpack it, or pack it with gzip"},
		{"\x28\xb5\x2f\xfd and more", "this is packed with zstd"},
		{"from locust import HttpUser\n", "this is a locustfile: run it with --csv PREFIX"},
		{"\nSummary:\n  Total: 1 secs\n\nResponse time histogram:\n", "what hey or oha prints for people"},
		{"Type     Name   # reqs      # fails |    Avg     Min\n",
			"what Locust prints for people: run it with --csv PREFIX"},
		{"Name   # reqs   # fails   Avg\n", "what Locust prints for people"},
		{"Fortio 1.60 running at 8 queries per second\n",
			"what Fortio prints for people: run fortio load with -json FILE"},
		{"All done 40 calls\nCode 200 : 40 (100.0 %)\n", "what Fortio prints for people"},
		{"Creating summariser <summary>\nsummary +     40 in 00:00:30 =    1.3/s Avg:    20\n",
			"what JMeter prints for people: run jmeter -n"},
		{"Running 10s test @ http://h\n10 connections\n\n┌────┐\n│ Stat    │ 2.5% │ 50% │\n",
			"what autocannon prints for people"},
		{"┌────┐\n│ Stat    │ 2.5% │ 50% │\n", "what autocannon prints for people: run it with --json"},
		{"Test run id: x\nSummary report @ 10:00:00(+0000)\n",
			"what Artillery prints for people: run it with --output FILE"},
		{"http.codes.200: ....... 10\n", "what Artillery prints for people"},
		{"=====\n---- Global Information -----\n> request count    10 (OK=10  KO=0)\n",
			"what Gatling prints for people: give simulation.log"},
		{"label,avg_ct,avg_lt,avg_rt\n,1,2,3\n", "Taurus's CSV: write dump-xml: FILE"},
		{"Bezeichnung,# Proben,Mittelwert,Median,90% Linie,Min\na,1,1,1,1,1\n", "JMeter's report in another language"},
		{"fortio,one,two\n",
			"this is a table whose first columns are fortio, one, two; name it with --format, such as fortio"},
		{"when,who,what\n1,2,3\n", "this is a table whose first columns are when, who, what"},
		{`{"one":1,"two":{"three":3}}`, "this is JSON whose first keys are one, two, three"},
		{"Percentage served,Time in ms\n0,0.1\n", "what ab -e writes: it counts no requests: give what ab prints"},
		{"starttime\tseconds\tctime\tdtime\tttime\twait\n",
			"what ab -g writes: it does not say what failed: give what ab prints"},
		{"Bucket           #     %       Histogram\n[0s,     10ms]   9  90% ##\n",
			"what vegeta report -type=hist prints: give the results"},
		{`{"simulation":"s","simulationId":"s","assertions":[]}`,
			"what Gatling's assertions found: give js/stats.json"},
		{`{"errors":[],"stats":[{"safe_name":"/a"}],"total_rps":1,"user_count":2}`,
			"(/stats/requests): run Locust with --csv PREFIX"},
		{`{"current_response_time_percentile_95":3,"stats":[]}`, "what Locust's web page shows"},
		{`{"intermediate":[{"counters":{"http.requests":1}}]}`,
			"Artillery without the aggregate of the whole run: let the run end"},
		{"Concurrency 4\nIterations 5\nRampup 2\n", "this is what drill prints: it is not read"},
		{"Total requests            35\nMedian time per request   1ms\n", "this is what drill prints"},
		{`{"summary":{"elapsed":1,"counts":{}},"statistics":{},"percentiles":{}}`,
			"this is plow's JSON: it is not read"},
		{"Benchmarking http://h/ for 10s using 5 connection(s).\n", "this is what plow prints"},
		{`{"base_url":"http://h","tcp_connect":{},"server_processing":{}}`, "this is cassowary's JSON"},
		{" TCP Connect.....................: Avg/mean=1ms\n", "this is what cassowary prints"},
		{"  █ TOTAL RESULTS\n\n    checks_total.......: 9\n", "what k6 prints for people: run it with --out json=FILE"},
		{"     execution: cloud\n        script: a.js\n        output: https://app.k6.io/runs/1\n",
			"what k6 prints for people"},
		{"\x01\x00\x02 and more", "this is not text, it contains zero bytes: fetch the file again"},
		{"version: 1\nthresholds:\n  a: {}\n", "this is a file of limits: give it with --thresholds"},
	} {
		_, err := importer.Decode(strings.NewReader(tt.text), "file", importer.Options{})
		if !errors.Is(err, importer.ErrUnknown) || !strings.Contains(err.Error(), tt.want) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%.30q: %v, want %s", tt.text, err, tt.want)
		}
		if err != nil && len(err.Error()) > 250 {
			t.Errorf("%.30q: %d characters: %v", tt.text, len(err.Error()), err)
		}
	}
}
