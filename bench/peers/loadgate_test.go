package main

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// planned is the load that a scenario's thresholds.yaml asks for.
func planned(t *testing.T, l load) *plan.Plan {
	t.Helper()
	if _, err := loadgate.command(l); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(l.file("thresholds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := thresholds.Decode(text, "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// loadgate is asked for the load that the scenario names, and what both hold
// to be due agrees.
func TestLoadgateLoad(t *testing.T) {
	type asked struct {
		Open     bool
		Users    int
		Ramp     time.Duration
		Rate     float64
		Duration time.Duration
		Due      int // in hundreds
	}
	want := map[string]asked{
		"closed":          {Users: 50, Ramp: time.Second, Duration: 10 * time.Second},
		"think":           {Users: 500, Ramp: time.Second, Duration: 20 * time.Second, Due: 100},
		"crowd":           {Users: 5000, Ramp: time.Second, Duration: 20 * time.Second, Due: 1000},
		"throng":          {Users: 10000, Ramp: 10 * time.Second, Duration: 30 * time.Second, Due: 2500},
		"accuracy":        {Open: true, Rate: 500, Duration: 20 * time.Second, Due: 100},
		"accuracy-closed": {Users: 528, Ramp: time.Second, Duration: 20 * time.Second, Due: 100},
		"freeze":          {Open: true, Rate: 200, Duration: 20 * time.Second, Due: 40},
	}
	got := map[string]asked{}
	for _, s := range scenarios {
		p := planned(t, load{scenario: s, url: "http://127.0.0.1:1/", folder: t.TempDir()})
		a := asked{Open: p.Open, Ramp: p.Ramp, Rate: p.Rate, Duration: p.Duration, Due: int(s.due()+1) / 100}
		if !p.Open {
			a.Users = p.Users
		}
		got[s.name] = a
		for i, arrival := range collect(p, 3) {
			if want := time.Duration(i) * time.Second / time.Duration(s.rate); arrival != want {
				t.Errorf("%s: arrival %d at %v, want %v", s.name, i, arrival, want)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("loads (-want +got):\n%s", diff)
	}
}

// collect is the times of the first n arrivals.
func collect(p *plan.Plan, n int) (at []time.Duration) {
	for a := range p.Arrivals() {
		if at = append(at, a.At); len(at) == n {
			break
		}
	}
	return at
}

// What loadgate leaves: requests of all slots, times from when a request was due
// and from when it was sent, and what its verdict holds against the run, by the
// trimmed verdict of such a run.
func TestLoadgateFigures(t *testing.T) {
	l := load{url: "http://127.0.0.1:1/", folder: t.TempDir()}
	l.scenario = scenarios[len(scenarios)-1]
	r := planned(t, l).Result("loadgate", time.Unix(0, 0))
	recorder := measure.NewRecorder(1, 1)
	for second := range 2 {
		for range 50 {
			recorder.Lane(0).Record(measure.Sample{
				Ended: time.Duration(second) * time.Second, Latency: time.Duration(second+1)*100*us + 300*us,
				Lag: 300 * us,
			})
		}
		if err := r.Append(recorder.Cut(second, 1)); err != nil {
			t.Fatal(err)
		}
	}
	r.Finish(result.Complete)
	if err := os.Mkdir(l.file("out"), 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(l.file("out/result.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := r.Encode(file); err != nil {
		t.Fatal(err)
	}
	verdict := `{"checks":[
{"rule":"","subject":"generator pressure","outcome":"warn","shown":true,"reason":"something waited"},
{"rule":"","subject":"length","outcome":"pass"},
{"rule":"all","subject":"GET /","metric":"p95","outcome":"warn","shown":false,"reason":"p95 is 353µs, but that is not shown"},
{"rule":"all","subject":"GET /","metric":"success","outcome":"fail","shown":true,"reason":"success is 90%"}]}`
	if err := os.WriteFile(l.file("out/verdict.json"), []byte(verdict), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := loadgate.figures(l, nil)
	if err != nil {
		t.Fatal(err)
	}
	// The histogram counts whole microseconds and gives the upper edge of its
	// bucket, which never exceeds the exact maximum.
	want := figures{
		requests:    100,
		percentiles: percentiles{401*us - 1, 500 * us, 500 * us},
		sent:        percentiles{101*us - 1, 200 * us, 200 * us},
		note:        "warn: something waited; fail: success is 90%; lag p50 300µs, p99 300µs",
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(figures{})); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}
