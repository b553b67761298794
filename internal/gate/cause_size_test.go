package gate_test

import (
	"fmt"
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
)

// watch adds a gauge that is read every second.
func (r *run) watch(from metric.Source, read, name string, of func(second int) result.GaugeReading) {
	g := result.Resource{Name: name, From: from, Read: read, Place: "/metrics", Kind: metric.Level, Unit: unit.Ratio,
		Every: time.Second}
	for i := range int(r.Elapsed / time.Second) {
		reading := of(i)
		reading.At = time.Duration(i) * time.Second
		g.Readings = append(g.Readings, reading)
	}
	r.Resources = append(r.Resources, g)
}

func always(v float64) func(int) result.GaugeReading {
	return func(int) result.GaugeReading { return result.GaugeReading{Value: new(v)} }
}

// slowAfter is slow from a second on.
func slowAfter(from, until int) func(second, i int) time.Duration {
	return func(second, i int) time.Duration {
		if second >= from && second < until {
			return ordinary(second, i) + 400*time.Millisecond
		}
		return ordinary(second, i)
	}
}

// primes is slow for half of the requests of the seconds that are prime.
func primes(below int) func(second, i int) time.Duration {
	return func(second, i int) time.Duration {
		prime := second > 4 && second < below
		for d := 2; d*d <= second; d++ {
			prime = prime && second%d != 0
		}
		if prime && i > 4 {
			return ordinary(second, i) + 400*time.Millisecond
		}
		return ordinary(second, i)
	}
}

// Each cause beside a run that has all of it but what makes it a cause.
func TestCausesBesideWhatIsNone(t *testing.T) {
	limits := file(limit(t, "p95", ms(100)), limit(t, "success", 0.99))
	limits.Resources = []config.Resource{{Name: "of the service", Probe: config.Probe{From: "postgres", Pool: 10}}}
	slow := func(int, int) time.Duration { return 200 * time.Millisecond }
	statements := func(r *run, d time.Duration) {
		r.Statements = []result.Statement{{Query: "SELECT 1", Calls: 100, Time: d}}
	}
	failures := func(from, until int, endpoints ...string) func(*run) {
		return func(r *run) {
			for _, name := range endpoints {
				for s := from; s < until; s++ {
					r.fail(name, s, 20, metric.Status, 500)
				}
			}
		}
	}
	silentFrom := func(from, until int) func(int) result.GaugeReading {
		return func(s int) result.GaugeReading {
			if s >= from && s < until {
				return result.GaugeReading{Problem: "connect to Redis: connection refused"}
			}
			return result.GaugeReading{Value: new(0.9)}
		}
	}
	for _, tt := range []struct {
		name   string
		of     func(second, i int) time.Duration
		change func(*run)
		want   string // the beginnings of the causes, and their sizes
	}{
		{"one core of four", slow, func(r *run) {
			r.Origin.Runner.Cores = 4
			r.watch("process", "cpu", "api", always(.24))
		},
			"the process fills one core 96%"},
		{"two cores of four", slow, func(r *run) {
			r.Origin.Runner.Cores = 4
			r.watch("process", "cpu", "api", always(.5))
		},
			""},
		{"half a core", slow, func(r *run) {
			r.Origin.Runner.Cores = 4
			r.watch("process", "cpu", "api", always(.12))
		}, ""},
		{"nobody knows how many cores", slow, func(r *run) { r.watch("process", "cpu", "api", always(.24)) }, ""},
		{"a core is full and nothing is slow", ordinary, func(r *run) {
			r.Origin.Runner.Cores = 4
			r.watch("process", "cpu",
				"api", always(.24))
		}, ""},

		{"held connections", slow, func(r *run) {
			r.watch("metrics", "pool", "pool", always(1))
			statements(r, time.Second)
		},
			"pool: connections are held idle 100%"},
		{"connections at work", slow, func(r *run) {
			r.watch("metrics", "pool", "pool", always(1))
			statements(r,
				70*time.Second)
		}, "pool: exhausted 100%"},
		{"connections of a busy process", slow, func(r *run) {
			r.Origin.Runner.Cores = 1
			r.watch("metrics", "pool", "pool", always(1))
			r.watch("process", "cpu", "api", always(.6))
			statements(r, time.Second)
		}, "pool: exhausted 100%"},
		{"connections of the server", slow, func(r *run) {
			r.watch("postgres", "connections", "server",
				always(1))
			statements(r, time.Second)
		}, "server: exhausted 100%"},
		{"connections of the service in it", slow, func(r *run) {
			r.watch("postgres", "connections", "of the service", always(1))
			statements(r, time.Second)
		}, "of the service: connections are held idle 100%"},
		{"a pool that is full when nothing is slow", slowAfter(60, 90), func(r *run) {
			r.watch("metrics", "pool", "pool",
				func(s int) result.GaugeReading { return result.GaugeReading{Value: new(float64(1 - s/40))} })
		}, ""},
		{"a pool that is full when it is slow", slowAfter(0, 40), func(r *run) {
			r.watch("metrics", "pool", "pool",
				func(s int) result.GaugeReading { return result.GaugeReading{Value: new(float64(1 - min(1, s/40)))} })
		}, "pool: exhausted 100%"},

		{"a dependency is gone", ordinary, func(r *run) {
			r.watch("redis", "hit_rate", "hits", silentFrom(70, 120))
			failures(70, 120, "GET /a")(r)
		}, "Redis does not answer 100%"},
		{"a dependency was gone for a while", ordinary, func(r *run) {
			r.watch("redis", "hit_rate", "hits", silentFrom(70, 90))
			failures(70, 90, "GET /a")(r)
		}, "Redis does not answer 100%"},
		{"one look failed", ordinary, func(r *run) {
			r.watch("redis", "hit_rate", "hits", silentFrom(70, 71))
			failures(70, 120, "GET /a")(r)
		}, "errors began at 12:01:10 100%"},
		{"it never answered", ordinary, func(r *run) {
			r.watch("redis", "hit_rate", "hits", silentFrom(0, 120))
			failures(70, 120, "GET /a")(r)
		}, "errors began at 12:01:10 100%"},
		{"it is gone, and nobody minds", ordinary,
			func(r *run) { r.watch("redis", "hit_rate", "hits", silentFrom(70, 120)) },
			"Redis does not answer not measured"},
		{"errors at other times than it was gone", ordinary, func(r *run) {
			r.watch("redis", "hit_rate", "hits", silentFrom(20, 40))
			failures(70, 100, "GET /a")(r)
		}, "errors began at 12:01:10 100%, Redis does not answer not measured"},
		{"errors began", ordinary, failures(70, 100, "GET /a", "POST /b"), "errors began at 12:01:10 100%"},
		{"errors all the time", ordinary, failures(0, 120, "GET /a", "POST /b"), ""},
		{"few errors everywhere", ordinary, func(r *run) {
			for s := range 120 {
				r.fail([]string{"GET /a", "POST /b"}[s%2], s, 1, metric.Status, 500)
			}
		}, ""},

		{"stalls without a rhythm", primes(97), nil, "stalls now and then of 400ms 100%"},
		{"few stalls without a rhythm, and no limit is broken", primes(20), nil, ""},

		{"a late generator", slow, func(r *run) { r.lag(90 * time.Millisecond) },
			"the generator may be the reason 89%"},
		{"a generator that is a little late", slow, func(r *run) { r.lag(21 * time.Millisecond) },
			"the generator may be the reason 20.8%"},
		{"a generator that is late by less", slow, func(r *run) { r.lag(19 * time.Millisecond) }, ""},
		{"a late generator and failures", ordinary, func(r *run) {
			r.lag(500 * time.Millisecond)
			failures(0, 120,
				"GET /a")(r)
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := busy(120, tt.of)
			if tt.change != nil {
				tt.change(r)
			}
			var told []string
			for _, c := range judge(t, r, limits).Causes {
				size := "not measured"
				if c.Size.OK {
					size = c.Size.String()
				}
				told = append(told, wording.CauseTitle(c)+" "+size)
			}
			if got := strings.Join(told, ", "); got != tt.want {
				t.Errorf("causes %q, want %q", got, tt.want)
			}
		})
	}
}

// A page that blocks the service's event loop for 1.9 s every 5 s.
func TestOwnProbe(t *testing.T) {
	blocked := func(first int, took time.Duration) *run {
		r := newRun(120)
		r.users(10)
		for second := range 120 {
			for i := range 20 {
				latency := ordinary(second, i)
				switch at := (second - first + 120) % 5; {
				case took < time.Second:
				case at == 0 && i > 1: // nothing is answered in it
					continue
				case at == 1 && i > 5:
					latency += took - time.Duration(i)*50*time.Millisecond
				}
				r.ok([]string{"GET /a", "POST /b"}[i%2], second, latency)
			}
		}
		for _, name := range []string{"pool in use", "hits", "queue"} {
			page := result.Resource{Name: name, From: "metrics", Place: "/metrics", Read: "used", Unit: unit.Ratio,
				Every: 5 * time.Second, Readings: readings(24, 5*time.Second, constant(.1))}
			for i := range page.Readings {
				page.Readings[i].Took = took
			}
			r.Resources = append(r.Resources, page)
		}
		return r
	}
	limits := file(limit(t, "p95", ms(300)))
	causes := judge(t, blocked(0, 1940*time.Millisecond), limits).Causes
	if len(causes) != 1 || wording.CauseTitle(causes[0]) != "loadgate's own probe blocks the service" ||
		!causes[0].Size.OK ||
		causes[0].Size.Value < .9 {
		t.Fatalf("causes = %+v, want the probe alone, for nearly all", causes)
	}
	said(t, "Evidence", wording.CauseEvidence(causes[0]),
		"reading /metrics takes 1.94s every 5s, for hits, pool in use, queue; ")
	// The same looks, but the service stands still between them.
	for _, c := range judge(t, blocked(3, 1940*time.Millisecond), limits).Causes {
		if strings.HasPrefix(wording.CauseTitle(c), "loadgate") {
			t.Errorf("stalls between looks: %s", wording.CauseEvidence(c))
		}
	}
	if c := judge(t, blocked(0, time.Millisecond), limits).Causes; len(c) != 0 {
		t.Errorf("quick looks: %+v", c)
	}
}

// Rows that are written slow down those that read them, and not everything.
func TestDataGrowth(t *testing.T) {
	for _, tt := range []struct {
		name  string
		rises []string
		want  string
	}{
		{"readers rise", []string{"GET /api/tutors/{id}/sessions", "GET /api/sessions"}, "it may grow with the data"},
		{"others rise", []string{"GET /api/alerts", "GET /api/health"}, ""},
		{"the writer alone", []string{"POST /api/sessions"}, ""},
		{"all rise", []string{"GET /api/tutors/{id}/sessions",
			"GET /api/sessions", "GET /api/alerts", "GET /api/health",
			"POST /api/sessions"}, "everything becomes slower with time"},
	} {
		of := map[string]func(float64) float64{}
		for _, name := range []string{"GET /api/tutors/{id}/sessions", "GET /api/sessions", "GET /api/alerts",
			"GET /api/health", "POST /api/sessions"} {
			of[name] = flat
		}
		for _, name := range tt.rises {
			of[name] = func(part float64) float64 { return 1 + 2*part }
		}
		var told []string
		for _, c := range judge(t, course(300, 4, of), file(limit(t, "p95", ms(900)))).Causes {
			told = append(told, wording.CauseTitle(c))
		}
		if got := strings.Join(told, ", "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Causes come by size, and what has none comes last.
func TestCausesInOrder(t *testing.T) {
	r := busy(120, func(second, i int) time.Duration {
		if second < 40 {
			return 300 * time.Millisecond
		}
		return ordinary(second, i)
	})
	r.watch("metrics", "pool", "pool",
		func(s int) result.GaugeReading { return result.GaugeReading{Value: new(float64(1 - min(1, s/40)))} })
	r.lag(80 * time.Millisecond)
	r.Tried = []result.Tried{{Endpoint: "GET /c", Query: "SELECT 1", Calls: 21}}
	last := 2.0
	var told []string
	for _, c := range gate.Judge(evidence.Input{Result: r.result(t), Config: file(limit(t, "p95", ms(100)))}).Causes {
		if c.Size.Value > last || c.Size.OK && last == 0 {
			t.Errorf("%s of %s is behind a smaller one", wording.CauseTitle(c), c.Size)
		}
		last = c.Size.Value
		told = append(told, fmt.Sprint(wording.CauseTitle(c), " ", c.Size.OK))
	}
	want := "pool: exhausted true, the generator may be the reason true, N+1 queries at GET /c false"
	if got := strings.Join(told, ", "); got != want {
		t.Errorf("causes %q, want %q", got, want)
	}
}

// What is not read while the service does not work is no fault of the probe.
func TestRemedyOfLooksThatFailed(t *testing.T) {
	for _, down := range []bool{true, false} {
		r := busy(120, ordinary)
		r.watch("metrics", "gauge", "queue", func(s int) result.GaugeReading {
			if s >= 40 && s < 70 {
				return result.GaugeReading{Problem: "it answers 500"}
			}
			return result.GaugeReading{Value: new(float64(s))}
		})
		for s := 40; down && s < 70; s++ {
			r.fail("GET /a", s, 50, metric.Status, 500)
		}
		limits := file(limit(t, "success", 0.99))
		limits.Resources = []config.Resource{{Name: "queue", Probe: config.Probe{From: "metrics", Read: "gauge"},
			HasMax: true,
			Max:    1000}}
		want := map[bool]string{true: "the service did not work either at that time: look at that first; ",
			false: "fix what the probe reads; "}[down]
		found := false
		for _, c := range judge(t, r, limits).Checks {
			if c.Rule == "queue" {
				found = true
				said(t, "Reason", wording.Reason(c), "only part of the readings succeeded: 30 of 120 readings failed")
				said(t, "Remedy", wording.Remedy(c), want)
			}
		}
		if !found {
			t.Error("the queue is not judged")
		}
	}
}

// One page that is slow is named once, however many gauges are on it.
func TestOnePageOneLook(t *testing.T) {
	r := busy(120, ordinary)
	for _, name := range []string{"pool", "hits"} {
		r.watch("metrics", "gauge", name, func(s int) result.GaugeReading {
			return result.GaugeReading{Value: new(float64(s)), Took: 300 * time.Millisecond}
		})
	}
	var told []string
	for _, c := range judge(t, r, file(limit(t, "p95", ms(500)))).Checks {
		if strings.HasPrefix(c.Subject, "probe") {
			told = append(told, c.Subject)
		}
	}
	if len(told) != 1 || told[0] != "probe hits, pool" {
		t.Errorf("told of %q, want the page once", told)
	}
}
