package gate_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/capacity"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// watching lets every rung read a gauge, by the rung's users.
func watching(from metric.Source, read, name string, values map[int]float64) func(*run) {
	return func(r *run) {
		r.Origin.Runner.Cores = 4
		r.watch(from, read, name, always(values[r.Planned.Users]))
	}
}

// limited is a file with a limit on a gauge.
func limited(t *testing.T, from metric.Source, read, name string, most float64) *config.Config {
	s := file(limit(t, "p95", ms(200)), limit(t, "success", 0.99))
	s.Resources = []config.Resource{{Name: name, Probe: config.Probe{From: from, Read: read},
		Unit: unit.Ratio, Max: most, HasMax: true}}
	return s
}

// served gives a rung this many answers per second.
func served(each int, latency time.Duration) func(*run) {
	return func(r *run) {
		for s := 10; s < 70; s++ {
			r.slots["GET /a"][s] = nil
			r.answers("GET /a", s, each, latency)
		}
	}
}

func TestReplicas(t *testing.T) {
	const fast, slow = fastAnswer, slowAnswer
	climb := func(change ...func(*run)) []*run {
		return []*run{rung(50, fast, change...), rung(100, fast, change...), rung(200, slow, change...)}
	}
	quick := func(change ...func(*run)) []*run {
		return []*run{rung(50, fast, change...), rung(100, fast, change...), rung(200, fast, change...)}
	}
	perMinute := func(share float64) float64 { return share / 60 }
	peak := func(r capacity.Replicas) capacity.Replicas { r.Peak = 900; return r }
	ask := capacity.Replicas{Count: 4}
	usual := map[int]float64{50: 0.3, 100: 0.5, 200: 0.9}
	for _, tt := range []struct {
		name   string
		runs   []*run
		file   *config.Config // nil: p95 and success
		ask    capacity.Replicas
		other  []*run // with otherCount replicas; nil: none
		count  int
		each   float64
		target float64 // 0: refused
		by     verdict.ScaledBy
		needed int
		codes  []reason.Code // of refusals, or notes
		said   string
	}{
		{name: "at most four fifths", runs: climb(), ask: ask, each: 5, target: 4,
			codes: []reason.Code{reason.ScalingOneCount},
			said: "a replica serves 5/s, the lower end of the interval at " +
				"100 users on 4 replicas; add a replica from 4/s each, 80% of that"},
		{name: "the load grows until a replica answers", runs: climb(), each: 5, target: 5 / 1.75, needed: 315,
			ask:   peak(capacity.Replicas{Count: 4, ScaleUp: 90 * time.Second, Growth: perMinute(0.5)}),
			codes: []reason.Code{reason.ScalingOneCount}, said: "; 315 replicas for 900/s"},
		{name: "the load hardly grows", runs: climb(), each: 5, target: 4, needed: 225,
			ask:   peak(capacity.Replicas{Count: 4, ScaleUp: 90 * time.Second, Growth: perMinute(0.05)}),
			codes: []reason.Code{reason.ScalingOneCount}},
		{name: "the worst of two runs", each: 4.5, target: 3.6, ask: ask, codes: []reason.Code{reason.ScalingOneCount},
			runs: append(climb(), rung(100, fast, served(18, fast)))},
		{name: "nothing broke", runs: climb()[:2], ask: ask, each: 5, target: 4,
			codes: []reason.Code{reason.ScalingOneCount, reason.ScalingNotBroken}},
		{name: "nothing held", runs: climb()[2:], ask: ask, codes: []reason.Code{reason.ScalingNothingHeld}},
		{name: "a rate limiter", ask: ask, each: 2.5, codes: []reason.Code{reason.ScalingSharedCause},
			runs: []*run{rung(50, fast), rung(100, fast, failing(429, 15, 10, 70))},
			said: "no advice: a rate limiter, which all replicas share"},
		{name: "connections of the database", runs: quick(watching("postgres", "connections", "db", usual)), ask: ask,
			file: limited(t, "postgres", "connections", "db", 0.8), each: 5,
			codes: []reason.Code{reason.ScalingSharedBroke}, said: "db broke first, which is shared by all replicas"},
		{name: "connections by the service's own page", ask: ask, each: 5,
			runs:  quick(watching("metrics", "used", "Database-Connections", usual)),
			file:  limited(t, "metrics", "used", "Database-Connections", 0.8),
			codes: []reason.Code{reason.ScalingSharedBroke}},
		{name: "memory of a cache", runs: quick(watching("redis", "memory", "kept", usual)), ask: ask, each: 5,
			file: limited(t, "redis", "memory", "kept", 0.8), codes: []reason.Code{reason.ScalingSharedBroke}},
		{name: "a full pool of connections that no limit is on", ask: ask, each: 5,
			runs:  climb(watching("metrics", "used", "connection pool", map[int]float64{50: 0.5, 100: 0.7, 200: 1})),
			codes: []reason.Code{reason.ScalingSharedCause},
			said:  "connection pool: exhausted, which all replicas share"},
		{name: "a full pool of threads", ask: ask, each: 5, target: 4,
			runs:  climb(watching("metrics", "used", "thread pool", map[int]float64{50: 0.5, 100: 0.7, 200: 1})),
			codes: []reason.Code{reason.ScalingOneCount}},
		{name: "a machine", runs: quick(watching("host", "cpu", "cpu", usual)), ask: ask, each: 5, target: 4,
			file:  limited(t, "host", "cpu", "cpu", 0.8),
			codes: []reason.Code{reason.ScalingOneCount, reason.ScalingMachineBroke}},
		{name: "processor time of a process", runs: quick(watching("process", "cpu", "service", usual)), each: 5,
			ask: capacity.Replicas{Count: 4, CPU: true}, file: limited(t, "process", "cpu", "service", 0.8),
			target: 1.6, by: verdict.ByCores, codes: []reason.Code{reason.ScalingOneCount},
			said: ", with 2 processors; add a replica from 1.6 processors each, 80% of that"},
		{name: "processor time of a control group", runs: quick(watching("cgroup", "cpu", "service", usual)), each: 5,
			ask: capacity.Replicas{Count: 4, CPU: true}, file: limited(t, "cgroup", "cpu", "service", 0.8),
			target: 0.4, by: verdict.ByUsedLimit, codes: []reason.Code{reason.ScalingOneCount},
			said: ", with 50% of its processor time; add a replica from 40% each"},
		{name: "processor time did not break", runs: climb(watching("process", "cpu", "service", usual)), each: 5,
			ask: capacity.Replicas{Count: 4, CPU: true}, codes: []reason.Code{reason.ScalingNotCPU},
			said: "processor time was not what broke first: 200 users break all"},
		{name: "processor time, and nothing broke", runs: climb()[:2], each: 5,
			ask: capacity.Replicas{Count: 4, CPU: true}, codes: []reason.Code{reason.ScalingCPUUnbroken}},
		{name: "processor time of a whole machine", runs: quick(watching("host", "cpu", "cpu", usual)), each: 5,
			ask: capacity.Replicas{Count: 4, CPU: true}, file: limited(t, "host", "cpu", "cpu", 0.8),
			codes: []reason.Code{reason.ScalingCPUUnread}},
		{name: "a fourth of the replicas holds a fourth", runs: climb(), ask: ask, count: 1,
			other: []*run{rung(25, fast), rung(50, slow)}, each: 5, target: 4},
		{name: "the lower figure of two searches", runs: climb(), ask: ask, count: 2,
			other: []*run{rung(50, fast, served(9, fast)), rung(100, slow)}, each: 4.5, target: 3.6,
			said: "a replica serves 4.5/s, the lower end of the interval at 50 users on 2 replicas"},
		{name: "nothing held on fewer replicas", runs: climb(), ask: ask, count: 2, each: 5,
			other: []*run{rung(50, slow), rung(100, slow)}, codes: []reason.Code{reason.ScalingNothingHeld},
			said: "no load was shown to hold on 2 replicas"},
		{name: "nothing held on more replicas", runs: climb(), ask: ask, count: 8, each: 5,
			other: []*run{rung(400, slow)},
			codes: []reason.Code{reason.ScalingNothingHeld}, said: "no load was shown to hold on 8 replicas"},
		{name: "one replica alone holds more", runs: climb(), ask: ask, count: 1, each: 5,
			other: []*run{rung(60, fast), rung(100, slow)}, codes: []reason.Code{reason.ScalingFallsShort},
			said: "4 replicas broke at 200 users, 50 each, where 1 replica held 60 users, 60 each"},
		{name: "more replicas break earlier", runs: climb(), ask: ask, count: 8, each: 2.5,
			other: []*run{rung(100, fast), rung(180, slow)}, codes: []reason.Code{reason.ScalingFallsShort}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.file
			if s == nil {
				s = file(limit(t, "p95", ms(200)), limit(t, "success", 0.99))
			}
			ask := tt.ask
			if tt.other != nil {
				other := capacity.Other{Count: tt.count}
				for _, r := range tt.other {
					other.Levels = append(other.Levels, r.result(t))
				}
				ask.Others = append(ask.Others, other)
			}
			a := climbed(t, s, capacity.Input{End: capacity.SearchClosed, Replicas: &ask}, tt.runs...).Scaling
			if math.Abs(a.Each.Value-tt.each) > 1e-9 || math.Abs(a.Target.Value-tt.target) > 1e-9 || a.By != tt.by ||
				a.Needed != tt.needed || a.Advised() != (tt.target > 0) {
				t.Errorf("each %v, target %v by %v, %d needed: %s", a.Each, a.Target, a.By, a.Needed,
					wording.Text(a.Says))
			}
			var codes []reason.Code
			for _, r := range append(slices.Clone(a.Refused), a.Notes...) {
				codes = append(codes, r.Code)
				filled(t, string(r.Code), wording.Text(r), wording.Todo(r))
				if wording.Todo(r) == "" && r.Code != reason.ScalingMachineBroke {
					t.Errorf("%s: nothing is advised", r.Code)
				}
			}
			typed(t, append(append([]reason.Reason{a.Says}, a.Refused...), a.Notes...))
			filled(t, string(a.Says.Code), wording.Text(a.Says), "")
			if !slices.Equal(codes, tt.codes) || !strings.Contains(wording.Text(a.Says), tt.said) {
				t.Errorf("%v, want %v: %s", codes, tt.codes, wording.Text(a.Says))
			}
			if (a.Objects != nil) != (tt.needed > 0) {
				t.Errorf("%d objects", len(a.Objects))
			}
		})
	}
}

// A throughput that falls while more is asked is contention; one that stays where it is, is a queue, and failures
// that take from it are neither. Another number of replicas that serves in proportion shows that it is not shared.
func TestReplicasContend(t *testing.T) {
	levels := func(most ...int) (runs []*run) {
		for i, each := range most {
			users := 25 << i
			latency := time.Duration(users) * time.Second / time.Duration(each) / 20
			runs = append(runs, rung(users, latency, served(each, latency)))
		}
		return runs
	}
	s := file(limit(t, "p95", ms(300)), limit(t, "success", 0.5))
	judged := func(ask capacity.Replicas, runs ...*run) *verdict.Scaling {
		return climbed(t, s, capacity.Input{End: capacity.SearchClosed, Replicas: &ask}, runs...).Scaling
	}
	falling := func() []*run { return levels(10, 19, 26, 24, 16) }
	a := judged(capacity.Replicas{Count: 2}, falling()...)
	if a.Advised() || a.Refused[0].Code != reason.ScalingRetrograde ||
		!strings.Contains(wording.Text(a.Says), "16/s are served at 400 users, after 26/s") {
		t.Errorf("falling: %s", wording.Text(a.Says))
	}
	if a := judged(capacity.Replicas{Count: 2}, levels(10, 19, 26, 27, 27)...); !a.Advised() {
		t.Errorf("queueing: %s", wording.Text(a.Says))
	}
	failing := levels(10, 19, 26, 24, 16)
	for _, r := range failing[3:] {
		r.fail("GET /a", 30, 200, metric.Status, 503)
	}
	if a := judged(capacity.Replicas{Count: 2}, failing...); !a.Advised() {
		t.Errorf("failing: %s", wording.Text(a.Says))
	}
	other := capacity.Other{Count: 1}
	for i, r := range levels(10, 13, 13) {
		r.Planned.Users = []int{25, 50, 100}[i]
		other.Levels = append(other.Levels, r.result(t))
	}
	if a := judged(capacity.Replicas{Count: 2, Others: []capacity.Other{other}}, falling()...); !a.Advised() {
		t.Errorf("in proportion: %s", wording.Text(a.Says))
	}
	one := []*result.Result{falling()[0].result(t)}
	if v := capacity.Judge(capacity.Input{Config: s, Levels: one}); v.Scaling != nil {
		t.Error("advice that nobody asked for")
	}
}
