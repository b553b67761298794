package demo_test

import (
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/demo"
)

func TestMetricsCountRequests(t *testing.T) {
	inBubble(t, demo.Options{}, func(t *testing.T, s *target) {
		bearer := s.bearer()
		for range 3 {
			s.send("GET /api/dashboard/metrics", "", bearer)
		}
		s.send("GET /api/dashboard/metrics", "")
		s.send("GET /nothing", "")
		for name, want := range map[string]float64{
			`http_requests_total{method="GET",endpoint="/api/dashboard/metrics",status="200"}`:                3,
			`http_requests_total{method="GET",endpoint="/api/dashboard/metrics",status="401"}`:                1,
			`http_requests_total{method="ANY",endpoint="unmatched",status="404"}`:                             1,
			`http_request_duration_seconds_count{method="GET",endpoint="/api/dashboard/metrics"}`:             4,
			`http_request_duration_seconds_bucket{method="GET",endpoint="/api/dashboard/metrics",le="0.005"}`: 1,
			`http_request_duration_seconds_bucket{method="GET",endpoint="/api/dashboard/metrics",le="+Inf"}`:  4,
			`http_request_duration_seconds_bucket{method="POST",endpoint="/api/auth/login",le="10"}`:          1,
			`cache_hits_total`:            2,
			`cache_misses_total`:          1,
			`database_connections_in_use`: 0,
			`database_connections_max`:    40,
		} {
			if got := s.gauge(name); got != want {
				t.Errorf("%s = %v, want %v", name, got, want)
			}
		}
	})
}

func TestGaugesFollowTheLoad(t *testing.T) {
	inBubble(t, demo.Options{}, func(t *testing.T, s *target) {
		time.Sleep(10 * time.Second)
		idle := s.gauge("system_cpu_usage_percent")
		for range 200 {
			s.send("GET /api/tutors", "")
		}
		busy := s.gauge("system_cpu_usage_percent")
		if idle < 1 || idle > 5 || busy < idle+5 || busy > 100 {
			t.Errorf("CPU idle %v %%, busy %v %%, want a little, then clearly more", idle, busy)
		}
		time.Sleep(time.Minute)
		if got := s.gauge("system_cpu_usage_percent"); got > idle+1 {
			t.Errorf("CPU a minute later = %v %%, want as idle, %v %%", got, idle)
		}
		used, free := s.gauge("system_memory_usage_bytes"), s.gauge("system_memory_available_bytes")
		if used+free != 1<<30 {
			t.Errorf("memory used %v and available %v, want 1 GiB together", used, free)
		}
	})
}

func TestConnectionsRunOut(t *testing.T) {
	slow := []demo.Slow{{Endpoint: "GET /api/tutors", Median: time.Second}}
	inBubble(t, demo.Options{Slow: slow}, func(t *testing.T, s *target) {
		var users sync.WaitGroup
		start := time.Now()
		for range 41 {
			users.Go(func() {
				if got, err := s.try("GET /api/tutors", ""); err != nil || got.status != 200 {
					t.Errorf("request that has to wait for a connection = %d, %v, want 200", got.status, err)
				}
			})
		}
		time.Sleep(100 * time.Millisecond)
		if used, most := s.gauge("database_connections_in_use"), s.gauge("database_connections_max"); used != most {
			t.Errorf("%v of %v connections in use by 41 requests, want all", used, most)
		}
		if _, took := s.timed("GET /health", ""); took < 200*time.Millisecond {
			t.Errorf("health took %v with no connection left, want to wait for one", took)
		}
		users.Wait()
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("41 requests took %v", took)
		}
		if used := s.gauge("database_connections_in_use"); used != 0 {
			t.Errorf("%v connections in use afterwards, want 0", used)
		}
	})
}
