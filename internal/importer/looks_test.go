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
		{"Percentage served,Time in ms\n0,0.1\n", "the table that ab -e writes: give what ab prints"},
		{"starttime\tseconds\tctime\tdtime\tttime\twait\nTue\t1\t0\t1\t1\t1\n", "the table that ab -g writes"},
		{"Bucket           #     %       Histogram\n[0s,     10ms]   9   90%  ##\n", "what Vegeta prints for people"},
		{`{"simulation":"s","start":1,"assertions":[{"path":"Global"}]}`,
			"Gatling's list of assertions: give js/stats.json"},
		{`{"current_response_time_percentiles":{},"stats":[]}`, "what Locust's page asks for: run Locust with --csv"},
		{`{"summary":{"elapsed":10},"statistics":{"latency":{}}}`, "a report of plow: it is not read"},
		{`{"tcp_connect":{},"server_processing":{}}`, "a report of cassowary"},
		{`{"intermediate": [{"counters": {}}]}`, "a report of Artillery without its aggregate"},
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
