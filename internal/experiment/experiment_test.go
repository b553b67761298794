package experiment_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/verdict"
)

// steadyDoer answers every request after the same time.
type steadyDoer struct {
	took    time.Duration
	failure metric.Failure
}

func (steadyDoer) Close() {}

func (d steadyDoer) Do(_ context.Context, _ *client.Request, x *client.Exchange) {
	*x = client.Exchange{Sent: time.Now(), Status: 200, Failure: d.failure}
	time.Sleep(d.took)
	x.Done = time.Now()
}

// on is the machine of an engine whose users are all served by one doer.
func on(doer engine.Doer) experiment.Machine {
	return experiment.OnEngine(engine.Engine{
		Dial: func(int) engine.Doer { return doer },
		Self: func() *result.Generator { return &result.Generator{CPUs: 2} },
	})
}

// once runs the plan of a file once and judges it.
func once(t *testing.T, file string, o plan.Options, doer steadyDoer) (*result.Result, verdict.Verdict) {
	t.Helper()
	s, err := thresholds.Decode([]byte(file), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, o)
	if err != nil {
		t.Fatal(err)
	}
	r := p.Result("test", time.Time{})
	v, err := experiment.Once(context.Background(), on(doer), p, r, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r, v
}

// A run goes on, once, while a limit is undecided that more requests may
// decide.
func TestOnceExtends(t *testing.T) {
	tests := []struct {
		name    string
		users   int
		extend  string
		doer    steadyDoer
		want    time.Duration
		outcome verdict.Outcome
	}{
		{"decided in time", 10, "2x", steadyDoer{took: 20 * time.Millisecond}, 60 * time.Second, verdict.Pass},
		{"too few requests at first", 1, "2x", steadyDoer{took: 20 * time.Millisecond},
			120 * time.Second, verdict.Pass},
		{"too few requests, and no extension", 1, "1x", steadyDoer{took: 20 * time.Millisecond},
			60 * time.Second, verdict.Inconclusive},
		{"too few requests, and too little extension", 1, "1.1x",
			steadyDoer{took: 20 * time.Millisecond}, 66 * time.Second, verdict.Inconclusive},
		{"nothing that more time would mend", 10, "2x", steadyDoer{failure: metric.Body},
			60 * time.Second, verdict.Fail},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, v := once(t, fmt.Sprintf(`version: 1
target: {url: http://localhost:1}
profiles: {p: {users: %d, spawn_rate: 100/s, duration: 60s, warm_up: 0s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
judge: {extend: %s}
`, tt.users, tt.extend), plan.Options{}, tt.doer)
				if r.End != result.Complete || r.Elapsed != tt.want || v.Outcome() != tt.outcome {
					t.Errorf("Once ran %s to %s: %s; want %s to complete: %s",
						r.Elapsed, r.End, v.Outcome(), tt.want, tt.outcome)
				}
			})
		})
	}
}

// A shard neither goes on nor ends early: the others would not go with it, and
// only runs of one length are merged.
func TestOnceOfAShard(t *testing.T) {
	for _, tt := range []struct {
		name, wait string
		took       time.Duration
	}{
		{"holds", "1s", 20 * time.Millisecond},
		{"broken", "1s", 500 * time.Millisecond},
		{"undecided", "30s", 20 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, _ := once(t, fmt.Sprintf(`version: 1
target: {url: http://localhost:1}
profiles: {p: {users: 20, spawn_rate: 100/s, duration: 10m, warm_up: 0s}}
users: {g: {wait: %s, steps: [GET /a]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
judge: {extend: 2x, stop_on_pass: true}
`, tt.wait), plan.Options{Shard: plan.Shard{K: 1, N: 20}}, steadyDoer{took: tt.took})
			if r.End != result.Complete || r.Elapsed != 10*time.Minute {
				t.Errorf("%s: shard 1/20 ran %s to %s, want 10m to complete", tt.name, r.Elapsed, r.End)
			}
		})
	}
}

// A run ends at the first look that finds a limit broken beyond doubt, and,
// where the file asks for it, at the first that shows every limit to hold.
func TestOnceStopsEarly(t *testing.T) {
	const slow, quick = 500 * time.Millisecond, 20 * time.Millisecond
	tests := []struct {
		name    string
		judge   string
		took    time.Duration
		users   int
		want    time.Duration
		end     result.End
		outcome verdict.Outcome
	}{
		{"broken", "{confidence: 95%}", slow, 10, 75 * time.Second, result.Stopped, verdict.Fail},
		{"broken, and told to go on", "{stop_on_fail: false}",
			slow, 10, 10 * time.Minute, result.Complete, verdict.Fail},
		{"broken, values alone", "{decide: point}", slow, 10, 10 * time.Minute, result.Complete, verdict.Fail},
		{"holds", "{confidence: 95%}", quick, 10, 10 * time.Minute, result.Complete, verdict.Pass},
		{"holds, and that is enough", "{stop_on_pass: true}", quick,
			10, 75 * time.Second, result.Stopped, verdict.Pass},
		{"holds, with too little evidence at first", "{stop_on_pass: true}",
			quick, 1, 150 * time.Second, result.Stopped, verdict.Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, v := once(t, fmt.Sprintf(`version: 1
target: {url: http://localhost:1}
profiles: {p: {users: %d, spawn_rate: 100/s, duration: 10m, warm_up: 0s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
judge: %s
`, tt.users, tt.judge), plan.Options{}, steadyDoer{took: tt.took})
				if r.End != tt.end || r.Elapsed != tt.want || v.Outcome() != tt.outcome {
					t.Errorf("Once ran %s to %s: %s; want %s to %s: %s",
						r.Elapsed, r.End, v.Outcome(), tt.want, tt.end, tt.outcome)
				}
			})
		})
	}
}

// Arrivals go on at their rate while a limit is undecided, and end early where
// one is broken, as users do.
func TestOnceOfARate(t *testing.T) {
	tests := []struct {
		name, profile, judge string
		took                 time.Duration
		want                 time.Duration
		end                  result.End
		offered              int64
		outcome              verdict.Outcome
	}{
		{"decided in time", "rate: 10/s, duration: 60s", "{extend: 2x}",
			20 * time.Millisecond, 60 * time.Second, result.Complete, 600, verdict.Pass},
		{"too few at first", "rate: 1/s, duration: 60s", "{extend: 2x}",
			20 * time.Millisecond, 120 * time.Second, result.Complete, 120, verdict.Pass},
		{"too few, and no extension", "rate: 1/s, duration: 60s",
			"{extend: 1x}", 20 * time.Millisecond, 60 * time.Second, result.Complete, 60, verdict.Inconclusive},
		{"broken", "rate: 10/s, duration: 10m", "{extend: 2x}",
			500 * time.Millisecond, 75 * time.Second, result.Stopped, 0, verdict.Fail},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, v := once(t, fmt.Sprintf(`version: 1
target: {url: http://localhost:1}
profiles: {p: {%s, arrivals: even, warm_up: 0s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
judge: %s
`, tt.profile, tt.judge), plan.Options{}, steadyDoer{took: tt.took})
				var offered, dropped int64
				for _, m := range r.Timeline {
					offered, dropped = offered+m.Offered, dropped+m.Dropped
				}
				if r.End != tt.end || r.Elapsed != tt.want || v.Outcome() != tt.outcome {
					t.Errorf("Once ran %s to %s: %s; want %s to %s: %s",
						r.Elapsed, r.End, v.Outcome(), tt.want, tt.end, tt.outcome)
				}
				if tt.offered > 0 && offered != tt.offered || dropped != 0 {
					t.Errorf("%d arrivals, %d dropped; want %d, 0", offered, dropped, tt.offered)
				}
			})
		})
	}
}

// A run in stages comes to the end of the last one, and ends there: whoever
// asks for stages wants to see them all, and a longer one would be another
// load.
func TestOnceOfStages(t *testing.T) {
	for _, tt := range []struct {
		name, stages, wait string
		took               time.Duration
		outcome            verdict.Outcome
	}{
		{"broken", "{users: 10, for: 5m}, {users: 20, for: 5m}", "1s", 500 * time.Millisecond, verdict.Fail},
		{"holds, and that is enough", "{users: 10, for: 5m}, {users: 20, for: 5m}",
			"1s", 20 * time.Millisecond, verdict.Pass},
		{"undecided", "{users: 1, for: 5m}, {users: 2, for: 5m}", "60s", 20 * time.Millisecond, verdict.Inconclusive},
		{"arrivals, broken", "{rate: 10/s, for: 5m}, {rate: 20/s, over: 1m, for: 4m}",
			"1s", 500 * time.Millisecond, verdict.Fail},
		{"arrivals, undecided", "{rate: 1/min, for: 5m}, {rate: 2/min, for: 5m}",
			"1s", 20 * time.Millisecond, verdict.Inconclusive},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, v := once(t, fmt.Sprintf(`version: 1
target: {url: http://localhost:1}
profiles: {p: {stages: [%s], warm_up: 0s}}
users: {g: {wait: %s, steps: [GET /a]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
judge: {extend: 2x, stop_on_pass: true}
`, tt.stages, tt.wait), plan.Options{Seed: 1}, steadyDoer{took: tt.took})
				if r.End != result.Complete || r.Elapsed != 10*time.Minute || v.Outcome() != tt.outcome {
					t.Errorf("Once ran %s to %s: %s; want 10m0s to complete: %s",
						r.Elapsed, r.End, v.Outcome(), tt.outcome)
				}
				if len(v.Stages) != 2 || r.Planned.Looks != 0 {
					t.Errorf("%d stages, %d looks planned; want 2, none", len(v.Stages), r.Planned.Looks)
				}
			})
		})
	}
}
