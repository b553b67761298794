package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		name   string
		values []float64
		want   float64
	}{
		{"none", nil, 0},
		{"one", []float64{7}, 7},
		{"odd", []float64{9, 1, 5}, 5},
		{"even", []float64{4, 1, 2, 100}, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := median(tt.values); got != tt.want {
				t.Errorf("median(%v) = %v, want %v", tt.values, got, tt.want)
			}
		})
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0", 7: "7ns", 159_432: "159µs", 1_134_567: "1.13ms", 41_123_456: "41.1ms", 999_999: "1ms",
	} {
		if got := short(d); got != want {
			t.Errorf("short(%d) = %s, want %s", d, got, want)
		}
	}
}

// A ratio is taken within a repetition: an hour in which everything is twice
// as slow does not show in it.
func TestTable(t *testing.T) {
	made := func(cpu time.Duration, p95 time.Duration) run {
		return run{
			cpu: cpu, memory: 10e6,
			said: figures{requests: 1000, p95: p95, note: "a note"},
			kept: record{Requests: 1000, P95: 100 * ms},
		}
	}
	s := scenario{name: "s", about: "for the test", users: 100}
	found := []installed{{tool: tool{name: "dear"}}, {tool: tool{name: "cheap"}}, {tool: tool{name: "idle"}}}
	runs := map[string][]run{
		"dear":  {made(30*ms, 101*ms), made(60*ms, 102*ms), made(30*ms, 103*ms)},
		"cheap": {made(10*ms, 100*ms), made(20*ms, 100*ms), made(10*ms, 100*ms)},
	}
	got := tabulate(s, found, runs, "cheap")
	want := table{
		title: "s: for the test",
		rows: [][]string{
			{"TOOL", "CPU", "REQUESTS", "CPU A REQUEST", "× cheap", "MEMORY", "A USER", "P50", "P95", "P99"},
			{"cheap", "0.01 s", "1000", "10.0 µs", "1.00", "10.0 MB", "98 KiB", "–", "100ms (+0.00 %)", "–"},
			{"dear", "0.03 s", "1000", "30.0 µs", "3.00", "10.0 MB", "98 KiB", "–", "102ms (+2.00 %)", "–"},
		},
		notes: []string{"cheap, last repetition: a note", "dear, last repetition: a note"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(table{})); diff != "" {
		t.Errorf("tabulate (-want +got):\n%s", diff)
	}
	if got := tabulate(s, found, runs, "absent").rows[1][4]; got != "–" {
		t.Errorf("ratio to a tool that did not run = %q, want –", got)
	}
	if got := tabulate(s, found, nil, "cheap"); got.rows != nil || len(got.notes) != 1 {
		t.Errorf("tabulate without a run = %+v, want one note", got)
	}
}

// A tool that lost count, and a schedule as the truth.
func TestTruth(t *testing.T) {
	s := scenario{target: target{Freeze: 500 * ms, Every: 5 * time.Second}}
	runs := map[string][]run{"x": {{said: figures{requests: 900, p50: ms, p95: 255 * ms, p99: 441 * ms}, kept: record{Requests: 1000, P95: ms}}}}
	got := tabulate(s, []installed{{tool: tool{name: "x"}}}, runs, "x")
	if diff := cmp.Diff([]string{"–", "–", "1ms", "255ms (+2.00 %)", "441ms (-2.00 %)"}, got.rows[1][5:]); diff != "" {
		t.Errorf("memory and percentiles (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"x says 900 requests, the target counted 1000"}, got.notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestPrint(t *testing.T) {
	x := table{title: "s: for the test", rows: [][]string{{"TOOL", "CPU"}, {"wrk", "1.00 s"}}, notes: []string{"a note"}}
	for _, tt := range []struct {
		name     string
		markdown bool
		want     string
	}{
		{"text", false, "\ns: for the test\nTOOL  CPU\nwrk   1.00 s\n  a note\n"},
		{"Markdown", true, "\n### s: for the test\n\n| TOOL | CPU |\n| --- | --- |\n| wrk | 1.00 s |\n\na note\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := printTable(&out, x, tt.markdown); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, out.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
