package evidence_test

import (
	"slices"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// second is what an endpoint did in one second.
type second struct {
	served  int
	latency time.Duration
	failed  int64
}

// runOf is a complete run of some seconds: at says what each endpoint did in each of them.
func runOf(seconds int, names []string, at func(name string, slot int) second) *result.Result {
	r := &result.Result{
		Planned: result.Planned{Users: 100, Duration: time.Duration(seconds) * time.Second},
		Elapsed: time.Duration(seconds) * time.Second, End: result.Complete, Slot: time.Second,
	}
	for slot := range seconds {
		r.Timeline = append(r.Timeline, result.Moment{Slot: slot, Users: 100})
	}
	for _, name := range names {
		ep := result.Endpoint{Name: name}
		for slot := range seconds {
			did := at(name, slot)
			var l hist.Latency
			for range did.served {
				l.Record(did.latency)
			}
			s := result.Slot{Slot: slot, Requests: int64(did.served) + did.failed, Latency: l.Sparse()}
			if did.failed > 0 {
				s.Failed = map[metric.Failure]int64{metric.Status: did.failed}
			}
			ep.Slots = append(ep.Slots, s)
		}
		r.Endpoints = append(r.Endpoints, ep)
	}
	return r
}

func gather(r *result.Result) *evidence.Run {
	return evidence.Gather(evidence.Input{Result: r, Config: &config.Config{}})
}

// Endpoints that fail at overlapping times have one outage, and are named once, in whichever
// order the stretches come.
func TestOutagesAreJoined(t *testing.T) {
	within := func(slot int, spans ...[2]int) bool {
		return slices.ContainsFunc(spans, func(s [2]int) bool { return slot >= s[0] && slot < s[1] })
	}
	for name, spans := range map[string]map[string][][2]int{
		"the second bridges two of the first": {"a": {{10, 14}, {16, 20}}, "b": {{12, 18}}},
		"the second is twice in the first":    {"a": {{12, 18}}, "b": {{10, 14}, {16, 20}}},
	} {
		e := gather(runOf(60, []string{"a", "b", "well"}, func(name string, slot int) second {
			switch {
			case name == "well":
				return second{served: 100, latency: time.Millisecond}
			case within(slot, spans[name]...):
				return second{failed: 5}
			}
			return second{served: 5, latency: time.Millisecond}
		}))
		if len(e.Outages) != 1 {
			t.Errorf("%s: %d outages, want 1: %+v", name, len(e.Outages), e.Outages)
			continue
		}
		if o := e.Outages[0]; !slices.Equal(o.Group.Names(), []string{"a", "b"}) || o.From != 10 || o.To != 20 {
			t.Errorf("%s: %v from %d to %d, want [a b] from 10 to 20", name, o.Group.Names(), o.From, o.To)
		}
	}
}

// An outage began with the earliest failure, however many of another followed, and in
// whichever order the document has them.
func TestFirstFailureIsTheEarliest(t *testing.T) {
	failures := []result.Failure{
		{Kind: metric.Status, Status: 503, Count: 1, First: 10 * time.Second, Last: 10 * time.Second},
		{Kind: metric.Status, Status: 500, Count: 100, First: 12 * time.Second, Last: 15 * time.Second},
	}
	e := gather(runOf(30, nil, nil))
	for range 2 {
		o := evidence.Outage{Group: evidence.Group{{Name: "a", Failures: failures}}, From: 10, To: 16}
		if f, ok := evidence.FirstFailure(e, o); !ok || f.Status != 503 {
			t.Errorf("FirstFailure() of %v = %v, %v; want status 503", failures, f.Status, ok)
		}
		slices.Reverse(failures)
	}
}

// A freeze of two endpoints is one of each of them.
func TestFreezeOfTwoEndpoints(t *testing.T) {
	r := runOf(60, []string{"a", "b", "well"}, func(name string, slot int) second {
		switch {
		case name == "well":
			return second{served: 500, latency: time.Millisecond}
		case slot >= 20 && slot < 28:
			return second{}
		case slot == 28:
			return second{served: 10, latency: 8 * time.Second}
		}
		return second{served: 10, latency: time.Millisecond}
	})
	e := gather(r)
	for _, name := range []string{"a", "b"} {
		if _, ok := e.FreezeOf(evidence.Group{e.Find(name, false)}, evidence.Freeze.Any); !ok {
			t.Errorf("%s: no freeze found", name)
		}
	}
	var rows [][]string
	for _, c := range gate.Judge(evidence.Input{Result: r, Config: &config.Config{}}).Checks {
		if c.Because.Code == reason.ServiceFroze {
			rows = append(rows, c.Endpoints)
		}
	}
	if len(rows) != 1 || !slices.Equal(rows[0], []string{"a", "b"}) {
		t.Errorf("the freeze is reported for %v, want once for a and b", rows)
	}
}

// Each outage that breaks a limit by itself fails, and not only the first.
func TestEveryBreakingOutageFails(t *testing.T) {
	r := runOf(60, []string{"a"}, func(_ string, slot int) second {
		if slot >= 10 && slot < 16 || slot >= 30 && slot < 36 {
			return second{failed: 10}
		}
		return second{served: 10, latency: time.Millisecond}
	})
	limit := config.Limit{Metric: metric.FailureRate, Unit: unit.Ratio, Fail: 0.05, HasFail: true}
	var outcomes []verdict.Outcome
	file := &config.Config{Rules: []config.Rule{
		{Name: "all", Patterns: []string{"*"}, Limits: []config.Limit{limit}},
	}}
	for _, c := range gate.Judge(evidence.Input{Result: r, Config: file}).Checks {
		if c.Because.Code == reason.Outage {
			outcomes = append(outcomes, c.Outcome)
		}
	}
	if !slices.Equal(outcomes, []verdict.Outcome{verdict.Fail, verdict.Fail}) {
		t.Errorf("the outages are %v, want FAIL twice", outcomes)
	}
}
