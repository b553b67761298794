package diagnose_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/diagnose"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

func minute(endpoints ...result.Endpoint) *evidence.Run {
	return evidence.Gather(evidence.Input{Config: &config.Config{}, Result: &result.Result{
		Planned: result.Planned{Users: 10, Duration: time.Minute}, Elapsed: time.Minute,
		End: result.Complete, Slot: time.Second, Endpoints: endpoints,
	}})
}

func causeOf(t *testing.T, e *evidence.Run, code reason.Code, checks ...verdict.Check) verdict.Cause {
	t.Helper()
	for _, c := range diagnose.Diagnose(e, checks) {
		if c.Because.Code == code {
			return c
		}
	}
	t.Fatalf("no cause %s", code)
	return verdict.Cause{}
}

// The status that a misfit names is one of the endpoint that it names.
func TestMisfitNamesTheStatusOfItsEndpoint(t *testing.T) {
	failing := func(name string, counts map[int]int64) result.Endpoint {
		ep := result.Endpoint{Name: name, Slots: []result.Slot{{Slot: 1, Requests: 1000}}}
		for _, status := range []int{401, 403, 404} {
			if n := counts[status]; n > 0 {
				ep.Failures = append(ep.Failures, result.Failure{Kind: metric.Status, Status: status, Count: n})
			}
		}
		return ep
	}
	c := causeOf(t, minute(failing("a", map[int]int64{401: 65, 403: 60}), failing("b", map[int]int64{404: 100}),
		failing("c", nil)), reason.ScenarioMisfit)
	if c.Because.Args["endpoint"] != "a" || c.Because.Args["status"] != 401 {
		t.Errorf("%v at %v, want 401 at a", c.Because.Args["status"], c.Because.Args["endpoint"])
	}
}

// Two timings of one endpoint, of which one may hold the other, explain no request twice.
func TestNestedTimingsExplainOnce(t *testing.T) {
	ep := result.Endpoint{Name: "a", Server: []result.ServerTime{
		{Name: "db", Requests: 600, Calls: 600, Time: 600 * 90 * time.Millisecond},
		{Name: "db-rows", Requests: 600, Calls: 600, Time: 600 * 80 * time.Millisecond},
	}}
	for slot := range 60 {
		var l hist.Latency
		for range 10 {
			l.Record(100 * time.Millisecond)
		}
		ep.Slots = append(ep.Slots, result.Slot{Slot: slot, Requests: 10, Latency: l.Sparse()})
	}
	c := causeOf(t, minute(ep), reason.DatabaseTimeOwn, verdict.Check{
		Rule: "all", Endpoints: []string{"a"}, Metric: metric.P95, Outcome: verdict.Fail,
		Got: verdict.Measured(unit.Of(100 * time.Millisecond)), Limit: verdict.Measured(unit.Of(50 * time.Millisecond)),
	})
	if c.Size.Value > 1 || len(c.Endpoints) != 1 || c.Because.Args["count"] != 1 {
		t.Errorf("%v explains %v of what is slow, at %v", c.Because.Args["count"], c.Size.Value, c.Endpoints)
	}
}
