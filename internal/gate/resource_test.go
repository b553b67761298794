package gate_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// readings are n looks, every so often, at what of says of each; NaN is a look
// that failed.
func readings(n int, every time.Duration, of func(i int) float64) []result.GaugeReading {
	var all []result.GaugeReading
	for i := range n {
		r := result.GaugeReading{At: time.Duration(i) * every, Took: time.Millisecond}
		if v := of(i); math.IsNaN(v) {
			r.Problem = "connection refused"
		} else {
			r.Value = &v
		}
		all = append(all, r)
	}
	return all
}

func constant(v float64) func(int) float64 { return func(int) float64 { return v } }

// counters are looks at two counters: what the one grew of the other.
func counters(n int, grew, of float64) []result.GaugeReading {
	all := readings(n, 5*time.Second, constant(0))
	for i := range all {
		all[i].Grew, all[i].Of = grew, of
		if of == 0 {
			all[i].Value = nil
			continue
		}
		*all[i].Value = grew / of
	}
	return all
}

func TestJudgeResources(t *testing.T) {
	host := config.Probe{From: "host", Read: "cpu", Every: 5 * time.Second}
	page := config.Probe{From: "metrics", Read: "gauge", Metric: []string{"used"}, Every: 5 * time.Second}
	ratio := config.Probe{From: "redis", Read: "hit_rate", Kind: metric.Ratio, Every: 5 * time.Second}
	deadlocks := config.Probe{From: "postgres", Read: "deadlocks", Kind: metric.Total, Every: 5 * time.Second}
	atMost := func(p config.Probe, max float64) config.Resource {
		return config.Resource{Probe: p, Unit: unit.Ratio, HasMax: true, Max: max}
	}
	atLeast := func(p config.Probe, min float64) config.Resource {
		return config.Resource{Probe: p, Unit: unit.Ratio, HasMin: true, Min: min}
	}
	with := func(r config.Resource, change func(*config.Resource)) config.Resource { change(&r); return r }
	// 24 looks in two minutes; the first 6 of them, in the warm-up, are 0.99.
	level := func(of func(i int) float64) []result.GaugeReading {
		return readings(24, 5*time.Second, func(i int) float64 {
			if i < 6 {
				return 0.99
			}
			return of(i - 6)
		})
	}
	ramp := func(i int) float64 { return 0.50 + 0.01*float64(i) } // 0.50 to 0.67
	for _, tt := range []struct {
		name     string
		resource config.Resource
		readings []result.GaugeReading
		skipped  string
		want     verdict.Outcome
		got      float64 // NaN: not measured
		reason   string
	}{
		{name: "within", resource: atMost(host, 0.7), readings: level(ramp), want: verdict.Pass, got: 0.67},
		{name: "beyond", resource: atMost(host, 0.6), readings: level(ramp),
			want: verdict.Fail, got: 0.67, reason: "7 of 18 readings are above the limit, the worst 67% at 12:01:55"},
		{name: "the warm-up counts", resource: with(atMost(host, 0.7), func(r *config.Resource) { r.Whole = true }),
			readings: level(ramp), want: verdict.Fail, got: 0.99, reason: "6 of 24"},
		{name: "by the mean", resource: with(atMost(host, 0.6), func(r *config.Resource) { r.By = "mean" }),
			readings: level(ramp), want: verdict.Pass, got: 0.585},
		{name: "by the last", resource: with(atMost(host, 0.6), func(r *config.Resource) { r.By = "last" }),
			readings: level(ramp), want: verdict.Fail, got: 0.67},
		{name: "warned", resource: with(atMost(host, 0.7), func(r *config.Resource) { r.HasWarn, r.Warn = true, 0.6 }),
			readings: level(ramp), want: verdict.Warn, got: 0.67, reason: "above the warning of 60%; it fails at 70%"},
		{name: "a floor", resource: atLeast(host, 0.55), readings: level(ramp), want: verdict.Fail, got: 0.5},
		{name: "a floor kept", resource: atLeast(host, 0.5), readings: level(ramp), want: verdict.Pass, got: 0.5},
		{name: "too few", resource: atMost(host, 0.7), readings: level(ramp)[:11],
			want: verdict.Inconclusive, got: 0.54, reason: "too few readings: 5, 6 are needed"},
		{name: "none", resource: atMost(host, 0.7), want: verdict.Inconclusive,
			got: math.NaN(), reason: "it was not looked at"},
		{name: "all failed", resource: atMost(host, 0.7), readings: level(constant(math.NaN())),
			want: verdict.Inconclusive, got: math.NaN(),
			reason: "not measured: 18 of 18 readings failed, the first at 12:00:30: connection refused"},
		{name: "gone", resource: atMost(host, 0.7), want: verdict.Inconclusive,
			got: 0.61, reason: "not measured since 12:01:30: connection refused; before that 61%",
			readings: level(func(i int) float64 {
				if i >= 12 {
					return math.NaN()
				}
				return ramp(i)
			})},
		{name: "gone, and broken before", resource: atMost(host, 0.55), want: verdict.Fail, got: 0.61,
			readings: level(func(i int) float64 {
				if i >= 12 {
					return math.NaN()
				}
				return ramp(i)
			})},
		{name: "one failed", resource: atMost(host, 0.7), want: verdict.Warn,
			got: 0.67, reason: "1 of 18 readings failed, the first at 12:00:45: connection refused",
			readings: level(func(i int) float64 {
				if i == 3 {
					return math.NaN()
				}
				return ramp(i)
			})},
		{name: "a third failed", resource: atMost(host, 0.7), want: verdict.Inconclusive,
			got: 0.67, reason: "only part of the readings succeeded: 6 of 18 readings failed",
			readings: level(func(i int) float64 {
				if i%3 == 0 {
					return math.NaN()
				}
				return ramp(i)
			})},
		{name: "nobody sets it", resource: atMost(page, 0.7), readings: level(constant(0)),
			want: verdict.Inconclusive, got: math.NaN(), reason: "all 18 readings were 0"},
		{name: "it never moves", resource: atMost(page, 0.7), readings: level(constant(0.2)),
			want: verdict.Warn, got: 0.2, reason: "it never moved: all 18 readings are 20%"},
		{name: "the machine's own may rest", resource: atMost(host, 0.7),
			readings: level(constant(0)), want: verdict.Pass, got: 0},
		{name: "share of counters", resource: atLeast(ratio, 0.8),
			readings: counters(24, 90, 100), want: verdict.Pass, got: 0.9},
		{name: "share too small", resource: atLeast(ratio, 0.95),
			readings: counters(24, 90, 100), want: verdict.Fail, got: 0.9, reason: "90% is below the limit"},
		{name: "0 of 0", resource: atLeast(ratio, 0.8), readings: counters(24, 0, 0),
			want: verdict.Inconclusive, got: math.NaN(), reason: "not measured: 0 of 0"},
		{name: "no deadlock", resource: config.Resource{Probe: deadlocks, HasMax: true},
			readings: counters(24, 0, 1), want: verdict.Pass, got: 0},
		{name: "deadlocks", resource: config.Resource{Probe: deadlocks, HasMax: true},
			readings: counters(24, 1, 1), want: verdict.Fail, got: 18},
		{name: "no deadlock in a few looks", resource: config.Resource{Probe: deadlocks, HasMax: true},
			readings: counters(9, 0, 1), want: verdict.Inconclusive, got: 0, reason: "too few readings: 3"},
		{name: "a deadlock in a few looks", resource: config.Resource{Probe: deadlocks, HasMax: true},
			readings: counters(9, 1, 1), want: verdict.Fail, got: 3},
		{name: "left out", resource: atMost(host, 0.7), skipped: "DATABASE_URL is not set",
			want: verdict.Pass, got: math.NaN(), reason: "left out: DATABASE_URL is not set"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(120)
			r.Planned.WarmUp = 30 * time.Second
			r.users(10)
			tt.resource.Name = "it"
			r.Resources = []result.Resource{{Name: "it", From: tt.resource.From, Read: tt.resource.Read,
				Kind: tt.resource.Kind, Unit: tt.resource.Unit,
				Every: tt.resource.Every, Readings: tt.readings, Skipped: tt.skipped}}
			c := only(t, r, tt.resource)
			if c.Outcome != tt.want || c.Got.OK == math.IsNaN(tt.got) ||
				c.Got.OK && math.Abs(c.Got.Value-tt.got) > 1e-9 || !strings.Contains(wording.Reason(c), tt.reason) {
				t.Errorf("Judge() = %s %v %q, want %s %v %q", c.Outcome,
					c.Got, wording.Reason(c), tt.want, tt.got, tt.reason)
			}
		})
	}
}

// only is the one check that is of a resource.
func only(t *testing.T, r *run, resource config.Resource) verdict.Check {
	t.Helper()
	var found []verdict.Check
	for _, c := range gate.Judge(evidence.Input{Result: r.result(t),
		Config: &config.Config{Resources: []config.Resource{resource}}}).Checks {
		if c.Resource || strings.HasPrefix(c.Subject, "resource") {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d checks are of a resource: %+v", len(found), found)
	}
	return found[0]
}

// A result that never heard of a resource is no pass of it; another tool's, which
// has none, is a warning.
func TestResourcesThatAreMissing(t *testing.T) {
	r := newRun(60)
	limited := config.Resource{Name: "it", Probe: config.Probe{From: "host", Read: "cpu"}, HasMax: true, Max: 0.7}
	if c := only(t, r, limited); c.Outcome != verdict.Inconclusive ||
		!strings.Contains(wording.Reason(c), "has no readings of this resource") {
		t.Errorf("Judge() = %s %q", c.Outcome, wording.Reason(c))
	}
	r.Source.Tool = "Locust"
	if c := only(t, r, limited); c.Outcome != verdict.Warn ||
		!strings.Contains(wording.Reason(c), "Locust watched no resources") {
		t.Errorf("Judge() = %s %q", c.Outcome, wording.Reason(c))
	}
	elsewhere := limited
	elsewhere.Profiles = []string{"peak"}
	for _, c := range gate.Judge(evidence.Input{Result: newRun(60).result(t),
		Config: &config.Config{Resources: []config.Resource{elsewhere}}}).Checks {
		if c.Resource {
			t.Errorf("it is judged in another profile: %+v", c)
		}
	}
}

// What grows is reported with its pace and how long it may go on; what wanders, or
// rises by less than is worth a word, is not.
func TestGrowth(t *testing.T) {
	for _, tt := range []struct {
		name   string
		of     func(i int) float64
		every  time.Duration
		reason string // "": no word
	}{
		{"leak", func(i int) float64 { return (200 + float64(i)) * (1 << 20) }, 5 * time.Second,
			"from 200MiB to 319MiB (60% more), which is 720MiB an hour; at that pace it is at 512MiB in 16min"},
		{"waves", func(i int) float64 { return (200 + 20*math.Sin(float64(i)/3)) * (1 << 20) }, 5 * time.Second, ""},
		{"hardly", func(i int) float64 { return (200 + 0.05*float64(i)) * (1 << 20) }, 5 * time.Second, ""},
		{"too rarely", func(i int) float64 { return (200 + float64(i)) * (1 << 20) },
			100 * time.Second, "whether it grows is not known: 6 readings"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(600)
			resource := config.Resource{Name: "it", Unit: unit.Bytes,
				Probe:  config.Probe{From: "process", Read: "rss", Every: tt.every},
				HasMax: true, Max: 512 << 20, NoGrowth: true}
			r.Resources = []result.Resource{{Name: "it", From: "process", Read: "rss", Unit: unit.Bytes,
				Every: tt.every, Readings: readings(int(600*time.Second/tt.every), tt.every, tt.of)}}
			grown := ""
			for _, c := range gate.Judge(evidence.Input{Result: r.result(t),
				Config: &config.Config{Resources: []config.Resource{resource}}}).Checks {
				if strings.HasSuffix(c.Subject, ", growth") {
					if grown = wording.Reason(c); c.Outcome != verdict.Warn {
						t.Errorf("growth is %s, want a warning", c.Outcome)
					}
				}
			}
			if (grown == "") != (tt.reason == "") || !strings.Contains(grown, tt.reason) {
				t.Errorf("Judge() says %q, want %q", grown, tt.reason)
			}
		})
	}
}

// The cause of a growth says whose gauge it is: nobody looks into a service for what
// another process of its machine keeps.
func TestGrowthNamesItsProcess(t *testing.T) {
	for _, c := range []struct {
		probe      config.Probe
		whose, how string
	}{
		{config.Probe{From: "process", Read: "rss"}, "the process that listens on the target's port",
			"dumps of what the process that listens"},
		{config.Probe{From: "process", Read: "rss", Port: 8000}, "the process that listens on port 8000", "dumps"},
		{config.Probe{From: "process", Read: "rss", Named: "uvicorn"}, `the processes named "uvicorn"`, "dumps"},
		{config.Probe{From: "process", Read: "rss", PID: 7}, "process 7", "dumps"},
		{config.Probe{From: "cgroup", Read: "memory", Group: "/api"}, "the container around /api", "largest process"},
		{config.Probe{From: "host", Read: "memory"}, "the machine that runs loadgate", "find the process that grows"},
		{config.Probe{From: "metrics", URL: "/metrics", Metric: []string{"system_memory_usage_bytes"}},
			"its name suggests the whole machine", "find the process that grows"},
		{config.Probe{From: "metrics", URL: "/metrics", Metric: []string{"process_resident_memory_bytes"}},
			"the process that answers there", "dumps"},
		{config.Probe{From: "metrics", URL: "/metrics", Metric: []string{"heap_bytes"}},
			"heap_bytes of /metrics", "of which process"},
		{config.Probe{From: "redis", Read: "memory", URL: "redis://cache:6379"},
			"Redis, redis://cache:6379", "expiry"},
	} {
		r := newRun(600)
		c.probe.Every = 5 * time.Second
		leak := func(i int) float64 { return (200 + float64(i)) * (1 << 20) }
		r.Resources = []result.Resource{{Name: "it", From: c.probe.From,
			Unit: unit.Bytes, Every: 5 * time.Second, Readings: readings(120, 5*time.Second, leak)}}
		s := &config.Config{
			Resources: []config.Resource{{Name: "it", Unit: unit.Bytes, Probe: c.probe, NoGrowth: true}}}
		causes := gate.Judge(evidence.Input{Result: r.result(t), Config: s}).Causes
		at := slices.IndexFunc(causes,
			func(c verdict.Cause) bool { return wording.CauseTitle(c) == "it grows with the run" })
		if at < 0 {
			t.Errorf("%+v: no cause in %+v", c.probe, causes)
			continue
		}
		if got := causes[at]; !strings.Contains(wording.CauseEvidence(got), c.whose) ||
			!strings.Contains(wording.CauseNext(got), c.how) {
			t.Errorf("%+v: %q → %q, want %q and %q", c.probe, wording.CauseEvidence(got),
				wording.CauseNext(got), c.whose, c.how)
		}
	}
}

// What no limit holds for in this profile is in one note, with what the
// generator took of the machine's processors; nothing is judged of it.
func TestWatchedOnly(t *testing.T) {
	r := newRun(120)
	r.users(10)
	for i := range r.Timeline {
		r.Timeline[i].Generator = &result.Generator{CPU: new(0.08)}
	}
	for second := range 120 {
		r.ok("GET /a", second, time.Millisecond)
	}
	host := config.Probe{From: "host", Read: "cpu", Every: 5 * time.Second}
	r.Resources = []result.Resource{
		{Name: "host cpu", From: "host", Read: "cpu", Unit: unit.Ratio,
			Every: 5 * time.Second, Readings: readings(24, 5*time.Second, constant(0.95))},
		{Name: "load", From: "host", Read: "load", Every: 5 * time.Second,
			Readings: readings(24, 5*time.Second, constant(1.5))},
		{Name: "unread", From: "host", Read: "load", Every: 5 * time.Second},
	}
	s := &config.Config{Resources: []config.Resource{
		{Name: "host cpu", Probe: host, Unit: unit.Ratio, HasMax: true, Max: 0.7, Profiles: []string{"heavy"}},
		{Name: "load", Probe: config.Probe{From: "host", Read: "load"}},
		{Name: "unread", Probe: config.Probe{From: "host", Read: "load"}},
	}}
	for profile, want := range map[string]string{
		"test": "host cpu 95% (p95), and the generator itself took 8% of the processors that it may use; load " +
			"1.5 (p95)",
		"heavy": "load 1.5 (p95)",
	} {
		r.Profile = profile
		v := gate.Judge(evidence.Input{Result: r.result(t), Config: s})
		c := find(t, v, "watched, not judged", metric.Metric{})
		if wording.Reason(c) != want || c.Outcome != verdict.Pass || c.Rule != "" {
			t.Errorf("%s: %v %q, want %q", profile, c.Outcome, wording.Reason(c), want)
		}
	}
}

// A probe that takes its time, and one in whose seconds everybody waits, are a
// part of the load.
// A look that failed while the generator stood still says nothing of what it
// looked at; one that failed at another time does.
func TestLooksOfAGeneratorThatStoodStill(t *testing.T) {
	for failed, want := range map[int]verdict.Outcome{3: verdict.Pass, 6: verdict.Inconclusive} {
		r := closedRun(40, 15, 23)
		for second := 15; second < 24; second++ {
			delete(r.slots["GET /a"], second)
		}
		r.stopped(23, 8*time.Second)
		pool := result.Resource{Name: "pool", From: "redis", Kind: metric.Level,
			Unit: unit.Ratio, Every: 5 * time.Second,
			Readings: readings(8, 5*time.Second, constant(.1))}
		pool.Readings[failed].Value, pool.Readings[failed].Problem = nil, "timeout"
		r.Resources = append(r.Resources, pool)
		limits := file(limit(t, "p95", ms(300)))
		limits.Resources = []config.Resource{{Name: "pool", Max: .8, HasMax: true, Unit: unit.Ratio,
			Probe: config.Probe{From: "redis", Kind: metric.Level}}}
		for _, c := range judge(t, r, limits).Checks {
			if c.Resource && c.Outcome != want {
				t.Errorf("look %d failed: %s %s, want %s", failed, c.Outcome, wording.Reason(c), want)
			}
		}
	}
}

func TestProbeCost(t *testing.T) {
	run := func(took, wait time.Duration) []string {
		r := newRun(300)
		r.users(10)
		for second := range 300 {
			for i := range 20 {
				latency := 20*time.Millisecond + time.Duration(i+second%3)*time.Millisecond
				if second%5 == 0 {
					latency += wait
				}
				r.ok("GET /a", second, latency)
			}
		}
		page := result.Resource{Name: "page", From: "metrics",
			Read: "used", Every: 5 * time.Second, Readings: readings(60, 5*time.Second, constant(1))}
		for i := range page.Readings {
			page.Readings[i].Took = took
		}
		r.Resources = []result.Resource{page}
		var said []string
		for _, c := range gate.Judge(evidence.Input{Result: r.result(t), Config: &config.Config{}}).Checks {
			if strings.HasPrefix(c.Subject, "probe") {
				said = append(said, c.Outcome.String()+" "+wording.Reason(c))
			}
		}
		return said
	}
	if said := run(time.Millisecond, 0); len(said) != 0 {
		t.Errorf("a quick probe: %q", said)
	}
	if said := run(time.Second, 0); len(said) != 1 || !strings.Contains(said[0], "WARN one reading takes 1s every 5s") {
		t.Errorf("a slow probe: %q", said)
	}
	if said := run(time.Millisecond, 30*time.Millisecond); len(said) != 1 ||
		!strings.Contains(said[0], "slower in the seconds in which page is read") {
		t.Errorf("a probe that blocks the service: %q", said)
	}
}
