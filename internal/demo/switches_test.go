package demo_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/demo"
)

// inBubble runs a test against a server in a time of its own, and ends the
// server before the bubble does.
func inBubble(t *testing.T, o demo.Options, test func(t *testing.T, s *target)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, inMemory(t, o)) })
}

// timed returns the answer and the exact time it took.
func (s *target) timed(request, body string, headers ...string) (reply, time.Duration) {
	s.t.Helper()
	start := time.Now()
	r := s.send(request, body, headers...)
	return r, time.Since(start)
}

// times returns n times of a request, sorted.
func (s *target) times(n int, request, body string, headers ...string) []time.Duration {
	s.t.Helper()
	all := make([]time.Duration, n)
	for i := range all {
		_, all[i] = s.timed(request, body, headers...)
	}
	slices.Sort(all)
	return all
}

// median of sorted times, and how far it may lie from the true one: 3 standard
// errors of a lognormal's median, 1.2533 × 0.35 / √n, as a ratio.
func median(sorted []time.Duration) (m time.Duration, tolerance float64) {
	return sorted[len(sorted)/2], 3 * 1.2533 * 0.35 / math.Sqrt(float64(len(sorted)))
}

func near(got, want time.Duration, tolerance float64) bool {
	return math.Abs(float64(got-want)) <= tolerance*float64(want)
}

func TestBaseTimes(t *testing.T) {
	inBubble(t, demo.Options{Seed: 7}, func(t *testing.T, s *target) {
		seen := map[time.Duration]string{}
		for _, tt := range tutorMax {
			if tt.request == "GET /health" {
				continue
			}
			if strings.HasPrefix(tt.request, "PATCH /api/sessions") {
				tt.request = "PATCH /api/sessions/1" // seeded: this server has created none
			}
			all := s.times(120, tt.request, tt.body, s.bearer())
			m, tolerance := median(all)
			p95 := all[len(all)*95/100]
			if float64(m) < 10e6*(1-tolerance) || float64(m) > 40e6*(1+tolerance) {
				t.Errorf("%s: median %v, want 10 to 40 ms", tt.request, m)
			}
			if p95 >= 100*time.Millisecond || p95 < m*5/4 {
				t.Errorf("%s: p95 %v of median %v, want a spread below 100 ms", tt.request, p95, m)
			}
			if other, twice := seen[all[0]]; twice {
				t.Errorf("%s and %s take the same times, want a source each", tt.request, other)
			}
			seen[all[0]] = tt.request
		}
	})
}

func TestSeed(t *testing.T) {
	run := func(seed uint64) (tutors string, times []time.Duration) {
		inBubble(t, demo.Options{Seed: seed}, func(t *testing.T, s *target) {
			tutors = s.send("GET /api/tutors", "").body
			times = s.times(20, "GET /api/tutors/7", "")
		})
		return tutors, times
	}
	tutors, times := run(1)
	sameTutors, sameTimes := run(1)
	otherTutors, otherTimes := run(2)
	if tutors != sameTutors || !slices.Equal(times, sameTimes) {
		t.Errorf("the same seed gives %v and %v, want the same tutors and times", times, sameTimes)
	}
	if tutors == otherTutors || slices.Equal(times, otherTimes) {
		t.Error("another seed gives the same tutors or times")
	}
}

func TestSlow(t *testing.T) {
	healthy := map[string]time.Duration{}
	measure := func(t *testing.T, s *target, request string) time.Duration {
		all := s.times(200, request, "", s.bearer())
		m, _ := median(all)
		return m
	}
	const analytics, tutor, alerts = "GET /api/performance/analytics", "GET /api/tutors/7", "GET /api/alerts"
	inBubble(t, demo.Options{Seed: 3}, func(t *testing.T, s *target) {
		for _, request := range []string{analytics, tutor, alerts} {
			healthy[request] = measure(t, s, request)
		}
	})
	slow := []demo.Slow{{Endpoint: analytics, Median: 600 * time.Millisecond},
		{Endpoint: "GET /api/tutors/9", More: 0.6}}
	inBubble(t, demo.Options{Seed: 3, Slow: slow}, func(t *testing.T, s *target) {
		_, tolerance := median(make([]time.Duration, 200))
		if got := measure(t, s, analytics); !near(got, 600*time.Millisecond, tolerance) {
			t.Errorf("median of analytics = %v, want 600ms", got)
		}
		if got, want := measure(t, s, tutor), healthy[tutor]*16/10; !near(got, want, 1e-6) {
			t.Errorf("median of a tutor = %v, want %v: 1.6 times the healthy one", got, want)
		}
		if got := measure(t, s, alerts); got != healthy[alerts] {
			t.Errorf("median of alerts = %v, want %v as without the switch", got, healthy[alerts])
		}
	})
}

func TestFail(t *testing.T) {
	const n = 400
	run := func() (failed []int, took []time.Duration) {
		inBubble(t, demo.Options{Seed: 5, Fail: []demo.Fail{{Endpoint: "POST /api/sessions", Share: 0.05}}},
			func(t *testing.T, s *target) {
				for i := range n {
					got, d := s.timed("POST /api/sessions", session)
					switch {
					case got.status == 500 && got.body == `{"detail":"Internal Server Error"}`:
						failed, took = append(failed, i), append(took, d)
					case got.status != 201:
						t.Fatalf("request %d = %d %s, want 201 or 500", i, got.status, got.body)
					}
				}
				for range 60 { // at 5 % 95 of 100 such runs would show a failure
					if other := s.send("GET /api/admin/users/1", ""); other.status != 200 {
						t.Fatalf("another endpoint = %d, want 200", other.status)
					}
				}
			})
		return failed, took
	}
	failed, took := run()
	// 20 expected; 4 standard deviations of the binomial are 17.
	if len(failed) < 2 || len(failed) > 38 {
		t.Errorf("%d of %d fail, want about 20", len(failed), n)
	}
	if again, _ := run(); !slices.Equal(failed, again) {
		t.Errorf("the same seed fails requests %v and %v", failed, again)
	}
	if slices.Min(took) < 10*time.Millisecond {
		t.Errorf("fastest failure took %v, want the endpoint's time", slices.Min(took))
	}
}

func TestNPlusOne(t *testing.T) {
	const request = "GET /api/tutors?include_metrics=true&limit=40"
	var healthy reply
	inBubble(t, demo.Options{}, func(t *testing.T, s *target) { healthy = s.send(request, "") })
	inBubble(t, demo.Options{NPlusOne: true}, func(t *testing.T, s *target) {
		got, took := s.timed(request, "")
		if got.body != healthy.body {
			t.Errorf("answer = %.200s, want the healthy one, %.200s", got.body, healthy.body)
		}
		// 41 queries of 2 ms, upon a base time of more than 5 ms.
		if took < 87*time.Millisecond {
			t.Errorf("40 tutors one by one took %v, want 82ms more than the base time", took)
		}
		few, _ := median(s.times(50, "GET /api/tutors?include_metrics=true&limit=1", ""))
		plain, _ := median(s.times(50, "GET /api/tutors", ""))
		if few-plain > 20*time.Millisecond {
			t.Errorf("one tutor took %v, tutors without metrics %v, want about the same", few, plain)
		}
	})
}

// gauge reads one value of the metrics text.
func (s *target) gauge(name string) float64 {
	s.t.Helper()
	for line := range strings.Lines(s.send("GET /metrics", "").body) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			x, err := strconv.ParseFloat(value, 64)
			if err != nil {
				s.t.Fatalf("metric %s: %v", name, err)
			}
			return x
		}
	}
	s.t.Fatalf("no metric %s", name)
	return 0
}

func TestLeak(t *testing.T) {
	grown := func(o demo.Options) (bytes float64) {
		inBubble(t, o, func(t *testing.T, s *target) {
			before := s.gauge("system_memory_usage_bytes")
			for range 99 {
				s.send("GET /health", "")
			}
			bytes = s.gauge("system_memory_usage_bytes") - before
		})
		return bytes
	}
	if got := grown(demo.Options{}); got != 0 {
		t.Errorf("healthy service grew by %v bytes in 100 requests", got)
	}
	if got := grown(demo.Options{Leak: true}); got != 100*32<<10 {
		t.Errorf("leaking service grew by %v bytes in 100 requests, want 32 KiB each", got)
	}
}

func TestFreeze(t *testing.T) {
	inBubble(t, demo.Options{Freeze: demo.Freeze{For: 500 * time.Millisecond, Every: 5 * time.Second}},
		func(t *testing.T, s *target) {
			start := time.Now()
			s.Begin()
			at := func(d time.Duration) { time.Sleep(time.Until(start.Add(d))) }
			if _, took := s.timed("GET /api/tutors", ""); took > 100*time.Millisecond {
				t.Errorf("request at the start took %v, want no freeze before the first period", took)
			}
			at(5100 * time.Millisecond)
			if _, took := s.timed("GET /health", ""); took < 400*time.Millisecond || took > 450*time.Millisecond {
				t.Errorf("request 100ms into a freeze took %v, want the 400ms left and its own time", took)
			}
			at(9999 * time.Millisecond)
			if _, took := s.timed("GET /api/tutors", ""); took != 501*time.Millisecond {
				t.Errorf("request running into a freeze took %v, want to end with it, after 501ms", took)
			}
			at(12 * time.Second)
			if _, took := s.timed("GET /api/tutors", ""); took > 100*time.Millisecond {
				t.Errorf("request between freezes took %v", took)
			}
		})
}

func TestDrift(t *testing.T) {
	for _, tt := range []struct {
		name  string
		drift demo.Drift
		grown func(first time.Duration) time.Duration // in ten minutes
	}{
		{"by a share", demo.Drift{Share: 0.1, Per: time.Minute},
			func(first time.Duration) time.Duration { return first }},
		{"by a time", demo.Drift{By: 60 * time.Millisecond, Per: time.Minute},
			func(time.Duration) time.Duration { return 600 * time.Millisecond }},
	} {
		inBubble(t, demo.Options{Drift: tt.drift, Marked: true}, func(t *testing.T, s *target) {
			time.Sleep(time.Hour) // before the load nothing drifts
			first, tolerance := median(s.times(200, "GET /api/tutors/7", ""))
			s.Begin()
			time.Sleep(10 * time.Minute)
			later, _ := median(s.times(200, "GET /api/tutors/7", ""))
			if want := first + tt.grown(first); !near(later, want, 2*tolerance) {
				t.Errorf("%s: median after ten minutes = %v, at first %v, want %v", tt.name, later, first, want)
			}
		})
	}
}

func TestRateLimit(t *testing.T) {
	inBubble(t, demo.Options{RateLimit: demo.RateLimit{Requests: 3, Window: time.Minute}},
		func(t *testing.T, s *target) {
			for i, request := range []string{"GET /health", "GET /api/tutors", "GET /nothing"} {
				if got := s.send(request, ""); got.status == 429 {
					t.Fatalf("request %d of 3 = 429", i+1)
				}
			}
			time.Sleep(20 * time.Second)
			got := s.send("GET /health", "")
			if wait := got.header.Get("Retry-After"); got.status != 429 || wait != "40" {
				t.Errorf("fourth request after 20 s = %d, Retry-After %q, want 429 and 40", got.status, wait)
			}
			time.Sleep(40 * time.Second)
			if got := s.send("GET /health", ""); got.status != 200 {
				t.Errorf("request in the next window = %d, want 200", got.status)
			}
		})
}

func TestStartDelay(t *testing.T) {
	inBubble(t, demo.Options{StartDelay: 3 * time.Second}, func(t *testing.T, s *target) {
		for _, request := range []string{"GET /health", "GET /api/tutors", "GET /nothing"} {
			if got := s.send(request, ""); got.status != 503 || got.header.Get("Retry-After") != "3" {
				t.Errorf("%s while starting = %d, Retry-After %q, want 503 and 3",
					request, got.status, got.header.Get("Retry-After"))
			}
		}
		time.Sleep(3 * time.Second)
		if got := s.send("GET /health", ""); got.status != 200 || got.member(t, "status") != "healthy" {
			t.Errorf("health after 3 s = %d %s, want 200 healthy", got.status, got.body)
		}
	})
}

func TestKeepAlive(t *testing.T) {
	for _, tt := range []struct {
		keep  time.Duration
		dials int64
	}{{0, 1}, {5 * time.Second, 2}} {
		inBubble(t, demo.Options{KeepAlive: tt.keep}, func(t *testing.T, s *target) {
			s.send("GET /health", "")
			time.Sleep(4 * time.Second)
			s.send("GET /health", "")
			time.Sleep(6 * time.Second)
			s.send("GET /health", "")
			if got := s.dials.Load(); got != tt.dials {
				t.Errorf("keep-alive %v: pauses of 4 and 6 s took %d connections, want %d", tt.keep, got, tt.dials)
			}
		})
	}
}
