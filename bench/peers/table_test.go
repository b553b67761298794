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
// as slow does not show in it. Columns without a figure are left out.
func TestTable(t *testing.T) {
	made := func(cpu, p95, sent time.Duration) run {
		return run{
			cpu: cpu, memory: 10_240_000, alone: 204_800,
			said: figures{requests: 1000, percentiles: percentiles{ms, p95},
				sent: percentiles{ms, sent}, note: "a note"},
			kept: record{Requests: 1000, P95: 100 * ms},
		}
	}
	s := scenario{name: "s", load: "a test", answers: "answers", users: 99, duration: time.Minute}
	found := []installed{{tool: tool{name: "dear"}}, {tool: tool{name: "cheap"}}, {tool: tool{name: "idle"}}}
	runs := map[string][]run{
		"dear":  {made(30*ms, 101*ms, 99*ms), made(60*ms, 102*ms, 98*ms), made(30*ms, 103*ms, 99*ms)},
		"cheap": {made(10*ms, 100*ms, 100*ms), made(20*ms, 100*ms, 100*ms), made(10*ms, 100*ms, 100*ms)},
	}
	got := tabulate(s, found, runs, []string{"cheap", "absent", "dear"})
	want := table{
		title: "s: a test, for 1m0s; a target that answers",
		rows: [][]string{
			{"TOOL", "CPU", "REQUESTS", "CPU A REQUEST", "× cheap",
				"× dear", "MEMORY", "A USER", "A FURTHER USER", "P50", "P95"},
			{"cheap", "0.01 s", "1,000", "10.0 µs", "1.00", "0.33",
				"10.2 MB", "101.0 KiB", "100.0 KiB", "1ms", "100ms (+0.00 %)"},
			{"dear", "0.03 s", "1,000", "30.0 µs", "3.00", "1.00",
				"10.2 MB", "101.0 KiB", "100.0 KiB", "1ms", "102ms (+2.00 %)"},
			{"dear, from the send", "–", "–", "–", "–", "–", "–", "–", "–", "1ms", "99ms (-1.00 %)"},
		},
		notes: []string{"cheap, in its last run: a note", "dear, in its last run: a note"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(table{})); diff != "" {
		t.Errorf("tabulate (-want +got):\n%s", diff)
	}
	if got := tabulate(s, found, nil, []string{"cheap"}); got.rows != nil || len(got.notes) != 1 {
		t.Errorf("tabulate without a run = %+v, want one note", got)
	}
}

// A tool that lost count and sent too little, and a schedule as the truth.
func TestTruth(t *testing.T) {
	s := scenario{rate: 200, duration: 10 * time.Second, target: target{Freeze: 500 * ms, Every: 5 * time.Second}}
	runs := map[string][]run{"x": {{
		said: figures{requests: 900, percentiles: percentiles{ms, 255 * ms, 441 * ms}},
		kept: record{Requests: 1000, P50: us, P95: 5 * ms, P99: 450 * ms},
	}}}
	got := tabulate(s, []installed{{tool: tool{name: "x"}}}, runs, nil)
	want := [][]string{
		{"1ms", "255ms (+2.00 %)", "441ms (-2.00 %)"},
		{"1µs", "5ms (-98.00 %)", "450ms (+0.00 %)"},
	}
	for i, row := range got.rows[1:] {
		if diff := cmp.Diff(want[i], row[len(row)-3:]); diff != "" {
			t.Errorf("percentiles of row %d (-want +got):\n%s", i, diff)
		}
	}
	if diff := cmp.Diff([]string{
		"x says 900 requests, the target counted 1,000",
		"x sent 50 % of the 2,000 requests that this load amounts to",
	}, got.notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestPrint(t *testing.T) {
	x := table{title: "s: for the test", rows: [][]string{{"TOOL", "CPU"}, {"wrk", "1.00 s"}},
		notes: []string{"a note"}}
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
