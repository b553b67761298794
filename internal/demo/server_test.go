package demo_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/demo"
)

func TestListenAddress(t *testing.T) {
	for _, address := range []string{"", ":0", "127.0.0.1:0", "0.0.0.0:0"} {
		s, err := demo.Listen(t.Context(), address, demo.Options{})
		if err != nil {
			t.Errorf("Listen(%q): %v", address, err)
			continue
		}
		if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") || strings.HasSuffix(s.URL(), ":0") {
			t.Errorf("Listen(%q).URL() = %q, want loopback and the port it took", address, s.URL())
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}

func TestListenMistakes(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, tt := range []struct {
		name, address string
		options       demo.Options
		says          string
	}{
		{"no port", "localhost", demo.Options{}, "write host:port"},
		{"port taken", taken.Addr().String(), demo.Options{},
			"another program listens there; write another port, or 0 for a free one"},
		{"unknown endpoint", "", demo.Options{Slow: []demo.Slow{{Endpoint: "GET /x", Median: time.Second}}},
			`"GET /x" is not an endpoint`},
		{"slow by nothing", "", demo.Options{Slow: []demo.Slow{{Endpoint: "GET /health"}}}, "slow by nothing"},
		{"share above one", "", demo.Options{Fail: []demo.Fail{{Endpoint: "GET /health", Share: 2}}}, "outside 0 to 1"},
		{"freeze without end", "", demo.Options{Freeze: demo.Freeze{For: time.Second, Every: time.Second}},
			"never thaws"},
		{"freeze that ends before it begins", "", demo.Options{Freeze: demo.Freeze{Once: demo.Span{From: 2, Until: 1}}},
			"write one like 5s@30s"},
		{"negative outage", "", demo.Options{Down: demo.Span{From: -1, Until: 1}}, "down from -1ns until 1ns"},
		{"cache down for nothing", "", demo.Options{CacheDown: demo.Span{From: 1, Until: 1}}, "write one like 5s@30s"},
		{"slow from before", "", demo.Options{Slow: []demo.Slow{{More: 1, From: -1}}},
			"all endpoints: slow from -1ns on"},
		{"fail from before", "", demo.Options{Fail: []demo.Fail{{Share: 1, From: -1}}},
			"all endpoints: failing from -1ns on"},
		{"drift in no time", "", demo.Options{Drift: demo.Drift{Share: 1}}, "in what time"},
		{"burns too much", "", demo.Options{Burn: time.Hour}, "burn of 1h0m0s is outside 0s to 1m0s"},
		{"blocks too long", "", demo.Options{MetricsBlock: time.Hour}, "metrics block of 1h0m0s"},
		{"holds less than nothing", "", demo.Options{Hold: -1}, "hold of -1ns"},
		{"pool of too many", "", demo.Options{Pool: 1001}, "outside 1 to 1000 connections"},
		{"limit without window", "", demo.Options{RateLimit: demo.RateLimit{Requests: 5}}, "give both above 0"},
		{"negative delay", "", demo.Options{StartDelay: -1}, "0s or more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := demo.Listen(t.Context(), tt.address, tt.options)
			if err == nil {
				s.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Listen: %v, want an error that says %q", err, tt.says)
			}
		})
	}
}

func TestTwoServersShareNothing(t *testing.T) {
	t.Parallel()
	a, b := onLoopback(t, demo.Options{}), onLoopback(t, demo.Options{})
	a.send("PATCH /api/admin/users/50/roles", `{"roles":["admin"]}`)
	b.send("PATCH /api/admin/users/50/roles", `{"roles":["viewer"]}`)
	if got := a.send("GET /api/admin/users/50", "").body; !strings.Contains(got, "admin") ||
		strings.Contains(got, "viewer") {
		t.Errorf("user of the first server = %s, want its own role", got)
	}
}

func TestCloseWaitsForRequests(t *testing.T) {
	for _, tt := range []struct {
		name   string
		median time.Duration
		ends   bool          // the request is answered
		within time.Duration // Close returns after at most
	}{
		{"for one that ends soon", 600 * time.Millisecond, true, 1500 * time.Millisecond},
		{"no longer than 2 s", time.Hour, false, 2 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, demo.Options{Slow: []demo.Slow{{Endpoint: "GET /health", Median: tt.median}}},
				func(t *testing.T, s *target) {
					var client sync.WaitGroup
					client.Go(func() {
						got, err := s.try("GET /health", "")
						if tt.ends && (err != nil || got.status != 200) || !tt.ends && err == nil {
							t.Errorf("request while closing = %d, %v, want answered: %v", got.status, err, tt.ends)
						}
					})
					time.Sleep(100 * time.Millisecond)
					closing := time.Now()
					if err := s.Close(); err != nil {
						t.Errorf("Close: %v", err)
					}
					if took := time.Since(closing); took > tt.within {
						t.Errorf("Close took %v, want at most %v", took, tt.within)
					}
					client.Wait()
					if _, err := s.try("GET /health", ""); err == nil {
						t.Error("request after Close was answered")
					}
				})
		})
	}
}

func TestContextEndsServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		pipes := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
		s, err := demo.Serve(ctx, pipes, demo.Options{})
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := s.Wait(); err != nil {
			t.Errorf("Wait after the context ended: %v", err)
		}
	})
}

func TestBrokenListenerEndsServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pipes := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
		s, err := demo.Serve(t.Context(), pipes, demo.Options{})
		if err != nil {
			t.Fatal(err)
		}
		pipes.Close()
		if err := s.Wait(); err == nil {
			t.Error("Wait after the listener broke = nil, want its error")
		}
		if err := s.Close(); err == nil {
			t.Error("Close after the listener broke = nil, want the same error")
		}
	})
}
