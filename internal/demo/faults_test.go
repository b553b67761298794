package demo_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/demo"
)

// after begins the load, and returns a function that waits for a time of it.
func (s *target) after() func(d time.Duration) {
	s.Begin()
	begun := time.Now()
	return func(d time.Duration) { time.Sleep(time.Until(begun.Add(d))) }
}

// together makes n requests at once, and returns when all are answered.
func (s *target) together(n int, request string) {
	var all sync.WaitGroup
	for range n {
		all.Go(func() { _, _ = s.try(request, "") })
	}
	all.Wait()
}

func (s *target) metric(name string) (there bool) {
	for line := range strings.Lines(s.send("GET /metrics", "").body) {
		there = there || strings.HasPrefix(line, name+" ")
	}
	return there
}

// later is a fault that shows at once: everything fails from 20 s of the load on.
var retryAfter = demo.Options{Fail: []demo.Fail{{Share: 1, From: 20 * time.Second}}}

// The load begins with requests that are in flight at once, or with many.
// Neither readiness nor a try-out is a load.
func TestLoadBegins(t *testing.T) {
	const request = "GET /api/tutors/7"
	for _, tt := range []struct {
		name   string
		marked bool
		load   func(s *target)
		begins bool
	}{
		{"nothing", false, func(*target) {}, false},
		{"one after the other", false, func(s *target) { s.times(98, request, "") }, false},
		{"a hundred", false, func(s *target) { s.times(100, request, "") }, true},
		{"two at once", false, func(s *target) { s.together(2, request) }, true},
		{"looking at it", false, func(s *target) {
			s.times(200, "GET /health", "")
			s.together(9, "GET /metrics")
		}, false},
		{"two at once where it is marked", true, func(s *target) { s.together(2, request) }, false},
		{"the mark", true, func(s *target) { s.Begin() }, true},
	} {
		o := retryAfter
		o.Marked = tt.marked
		inBubble(t, o, func(t *testing.T, s *target) {
			time.Sleep(time.Hour)
			tt.load(s)
			if got := s.send(request, ""); got.status != 200 {
				t.Errorf("%s: at once %d, want 200", tt.name, got.status)
			}
			time.Sleep(21 * time.Second)
			if got := s.send(request, ""); (got.status == 500) != tt.begins {
				t.Errorf("%s: 21 s later %d, want the load begun: %v", tt.name, got.status, tt.begins)
			}
			s.Begin() // of another load: what is broken stays so
			if got := s.send(request, ""); (got.status == 500) != tt.begins {
				t.Errorf("%s: %d at a second load", tt.name, got.status)
			}
		})
	}
}

func TestFailAll(t *testing.T) {
	inBubble(t, demo.Options{Fail: []demo.Fail{{Share: 1}}}, func(t *testing.T, s *target) {
		for _, request := range []string{"GET /api/tutors", "GET /api/admin/users/1", "POST /api/auth/login"} {
			if got := s.send(request, `{"username":"x","password":"y"}`); got.status != 500 {
				t.Errorf("%s = %d, want 500", request, got.status)
			}
		}
		for _, request := range []string{"GET /health", "GET /metrics", "GET /openapi.json"} {
			if got := s.send(request, ""); got.status != 200 {
				t.Errorf("%s = %d, want 200: it looks at the service", request, got.status)
			}
		}
	})
}

func TestSlowFromATimeOn(t *testing.T) {
	const request = "GET /api/tutors/7"
	o := demo.Options{Slow: []demo.Slow{{Endpoint: request, Median: 600 * time.Millisecond, From: 20 * time.Second}}}
	inBubble(t, o, func(t *testing.T, s *target) {
		at := s.after()
		at(19 * time.Second)
		if _, took := s.timed(request, ""); took > 200*time.Millisecond {
			t.Errorf("a second before it took %v", took)
		}
		at(20 * time.Second)
		all := s.times(100, request, "")
		m, tolerance := median(all)
		if !near(m, 600*time.Millisecond, tolerance) {
			t.Errorf("median from then on = %v, want 600ms", m)
		}
	})
}

func TestFreezeOnce(t *testing.T) {
	o := demo.Options{Freeze: demo.Freeze{Once: demo.Span{From: 15 * time.Second, Until: 23 * time.Second}}}
	inBubble(t, o, func(t *testing.T, s *target) {
		at := s.after()
		at(15*time.Second - time.Millisecond)
		var waiting sync.WaitGroup
		start := time.Now()
		for _, request := range []string{"GET /api/tutors", "GET /health", "GET /metrics"} {
			waiting.Go(func() {
				if got, err := s.try(request, ""); err != nil || got.status != 200 {
					t.Errorf("%s = %d, %v, want an answer after the freeze", request, got.status, err)
				}
				if took := time.Since(start); took < 8*time.Second || took > 8100*time.Millisecond {
					t.Errorf("%s took %v, want 8 s", request, took)
				}
			})
		}
		waiting.Wait()
		at(40 * time.Second)
		if _, took := s.timed("GET /api/tutors", ""); took > 200*time.Millisecond {
			t.Errorf("after the freeze it took %v", took)
		}
	})
}

func TestDown(t *testing.T) {
	o := demo.Options{
		Down: demo.Span{From: 30 * time.Second, Until: 35 * time.Second},
		Slow: []demo.Slow{{Endpoint: "GET /api/tutors", Median: 2 * time.Second}},
	}
	inBubble(t, o, func(t *testing.T, s *target) {
		at := s.after()
		begun := time.Now()
		s.send("GET /health", "")
		at(29 * time.Second)
		if got, err := s.try("GET /api/tutors", ""); err == nil {
			t.Errorf("a request in flight = %d, want its connection reset", got.status)
		}
		if ended := time.Since(begun); ended != 30*time.Second {
			t.Errorf("it ended at %v of the load, want 30s", ended)
		}
		for _, d := range []time.Duration{30, 32, 34} {
			at(d * time.Second)
			if got, err := s.try("GET /health", ""); err == nil {
				t.Errorf("after %d s = %d, want no answer", d, got.status)
			}
		}
		at(35 * time.Second)
		if got := s.send("GET /health", ""); got.status != 200 {
			t.Errorf("after the outage = %d", got.status)
		}
	})
}

// On a real socket whoever connects is reset, and the port stays the server's.
func TestDownForGood(t *testing.T) {
	s := onLoopback(t, demo.Options{Down: demo.Span{Until: demo.Forever}})
	if got := s.send("GET /health", ""); got.status != 200 {
		t.Fatalf("before the load = %d", got.status)
	}
	s.Begin()
	s.client.CloseIdleConnections()
	_, err := s.try("GET /health", "")
	if err == nil || !strings.Contains(err.Error(), "reset") && !strings.Contains(err.Error(), "EOF") {
		t.Errorf("after it: %v, want a reset connection", err)
	}
}

func TestCacheDown(t *testing.T) {
	o := demo.Options{CacheDown: demo.Span{From: 20 * time.Second, Until: 40 * time.Second}}
	inBubble(t, o, func(t *testing.T, s *target) {
		bearer := s.bearer()
		cached := []string{"GET /api/dashboard/metrics", "GET /api/performance/analytics", "GET /api/alerts"}
		others := []string{"GET /api/tutors?include_metrics=true", "GET /api/tutors/7", "GET /api/interventions",
			"GET /health"}
		look := func(up bool) {
			t.Helper()
			for _, request := range others {
				if got := s.send(request, "", bearer); got.status != 200 {
					t.Errorf("%s = %d, want 200: it does without the cache", request, got.status)
				}
			}
			for _, request := range cached {
				got := s.send(request, "", bearer)
				named := got.status == 500 && strings.Contains(got.body, "Error 111 connecting to redis:6379")
				if up && got.status != 200 || !up && !named {
					t.Errorf("%s = %d %s with the cache up: %v", request, got.status, got.body, up)
				}
			}
			if told := s.gauge("cache_up") == 1; told != up {
				t.Errorf("cache_up says %v, want %v", told, up)
			}
			for _, name := range []string{"cache_keys", "cache_hits_total", "cache_misses_total"} {
				if s.metric(name) != up {
					t.Errorf("%s is told: %v, with the cache up: %v", name, !up, up)
				}
			}
		}
		at := s.after()
		look(true)
		at(20 * time.Second)
		look(false)
		at(39 * time.Second)
		look(false)
		at(40 * time.Second)
		if keys := s.gauge("cache_keys"); keys != 0 {
			t.Errorf("the cache comes back with %v answers, want none", keys)
		}
		look(true)
	})
}

// Requests queue behind the one thread: twenty of them take twenty times as
// long, and use as much of a processor.
func TestBurn(t *testing.T) {
	const each, n = 2 * time.Millisecond, 20
	took := func(o demo.Options) (all time.Duration, cpu float64) {
		inBubble(t, o, func(t *testing.T, s *target) {
			before := s.gauge("process_cpu_seconds_total")
			start := time.Now()
			s.together(n, "GET /api/tutors/7")
			all = time.Since(start)
			cpu = s.gauge("process_cpu_seconds_total") - before
		})
		return all, cpu
	}
	healthy, light := took(demo.Options{})
	burning, heavy := took(demo.Options{Burn: each})
	if burning < healthy+(n-5)*each || burning < n*each {
		t.Errorf("%d requests that burn %v took %v, and %v without", n, each, burning, healthy)
	}
	if burnt := heavy - light; burnt < 0.999*(n*each).Seconds() || burnt > 1.001*(n*each).Seconds() {
		t.Errorf("they used %v s more, want %v", burnt, n*each)
	}
}

func TestMetricsBlock(t *testing.T) {
	const block = 1900 * time.Millisecond
	inBubble(t, demo.Options{MetricsBlock: block}, func(t *testing.T, s *target) {
		var all sync.WaitGroup
		all.Go(func() {
			if _, took := s.timed("GET /api/tutors", ""); took != block+time.Millisecond {
				t.Errorf("a request that was running took %v, want to be answered when the page is read", took)
			}
		})
		time.Sleep(time.Millisecond)
		all.Go(func() { _, _ = s.try("GET /metrics", "") })
		time.Sleep(time.Millisecond)
		if _, took := s.timed("GET /health", ""); took < block-time.Millisecond || took > block+50*time.Millisecond {
			t.Errorf("a request behind the page took %v, want to wait for it", took)
		}
		all.Wait()
		if _, took := s.timed("GET /health", ""); took > 50*time.Millisecond {
			t.Errorf("a request after it took %v", took)
		}
	})
}

// A connection that is held keeps others waiting, which the gauge and the timing
// of the answers show; the database itself is quick.
func TestHold(t *testing.T) {
	const hold = 150 * time.Millisecond
	inBubble(t, demo.Options{Hold: hold, Pool: 2}, func(t *testing.T, s *target) {
		if most := s.gauge("database_connections_max"); most != 2 {
			t.Errorf("database_connections_max %v, want 2", most)
		}
		got, took := s.timed("GET /api/tutors/7", "")
		if took < hold+10*time.Millisecond || took > hold+100*time.Millisecond {
			t.Errorf("a request alone took %v, want %v and its own time", took, hold)
		}
		quick := regexp.MustCompile(`^pool;dur=0\.0, db;dur=\d\d\.`)
		if timing := got.header.Get("Server-Timing"); !quick.MatchString(timing) {
			t.Errorf("Server-Timing %q, want no wait, and a database of less than 100 ms", timing)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { _, _ = s.try("GET /api/tutors/7", "") })
		}
		time.Sleep(10 * time.Millisecond)
		if used := s.gauge("database_connections_in_use"); used != 2 {
			t.Errorf("%v connections in use, want both", used)
		}
		last, took := s.timed("GET /api/tutors/7", "")
		if timing := last.header.Get("Server-Timing"); took < 3*hold || !strings.HasPrefix(timing, "pool;dur=3") {
			t.Errorf("behind four others it took %v, Server-Timing %q, want two turns of waiting", took, timing)
		}
		all.Wait()
	})
}
