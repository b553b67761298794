package client_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// users opens so many users of one client and closes them with the test.
func users(t testing.TB, n int, cfg client.Config) []*client.Session {
	t.Helper()
	if cfg.Allow == nil {
		cfg.Allow = loopback
	}
	c, err := client.New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	all := make([]*client.Session, n)
	for i := range all {
		all[i] = c.Session()
		t.Cleanup(all[i].Close)
	}
	return all
}

// All users share the connections of a pool, and no more of them carry requests than it has.
func TestPool(t *testing.T) {
	t.Parallel()
	const most, people, times = 3, 20, 10
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			var here, highest atomic.Int32
			cfg := w.serve(t, func(w http.ResponseWriter, r *http.Request) {
				now := here.Add(1)
				for high := highest.Load(); now > high && !highest.CompareAndSwap(high, now); {
					high = highest.Load()
				}
				user, err := r.Cookie("user")
				if want := r.URL.Query().Get("user"); err == nil && user.Value != want {
					http.Error(w, "the cookie of user "+user.Value, http.StatusConflict)
				}
				http.SetCookie(w, &http.Cookie{Name: "user", Value: r.URL.Query().Get("user")})
				here.Add(-1)
			})
			cfg.Connections.Pool = most
			var sent sync.WaitGroup
			var connects atomic.Int32
			for i, s := range users(t, people, cfg) {
				sent.Go(func() {
					for range times {
						var x client.Exchange
						s.Do(t.Context(), &client.Request{Target: fmt.Sprintf("/?user=%d", i)}, &x)
						if x.Status != 200 || x.Failure != metric.OK {
							t.Errorf("user %d: status %d, %s", i, x.Status, x.Detail)
						}
						connects.Add(int32(x.Connects))
					}
				})
			}
			sent.Wait()
			if n := connects.Load(); n < 1 || n > most {
				t.Errorf("%d connections were made, want at most %d", n, most)
			}
			if n := highest.Load(); n > most {
				t.Errorf("%d requests at once, want at most %d", n, most)
			}
		})
	}
}

// A wait for a connection is part of the latency, and ends with the request's time.
func TestPoolWaits(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		asked, next := make(chan struct{}), make(chan struct{})
		cfg := w.serve(t, func(http.ResponseWriter, *http.Request) {
			asked <- struct{}{}
			<-next
		})
		cfg.Connections.Pool = 1
		all := users(t, 3, cfg)
		var first, second, late client.Exchange
		var sent sync.WaitGroup
		sent.Go(func() { all[0].Do(t.Context(), &client.Request{}, &first) })
		<-asked
		sent.Go(func() { all[1].Do(t.Context(), &client.Request{}, &second) })
		all[2].Do(t.Context(), &client.Request{Timeout: time.Millisecond}, &late)
		next <- struct{}{}
		<-asked
		next <- struct{}{}
		sent.Wait()
		const why = "no connection of the pool was free within 1ms"
		if late.Failure != metric.Timeout || late.Detail != why || late.SentBytes > 0 || late.Connects > 0 {
			t.Errorf("%s: %v: %q, %d bytes sent; want %q", w.name, late.Failure, late.Detail, late.SentBytes, why)
		}
		if first.Connects != 1 || second.Connects != 0 || second.Done.Before(first.Done) || second.Status != 200 {
			t.Errorf("%s: %d and %d connections, done at %s and %s", w.name, first.Connects, second.Connects,
				first.Done, second.Done)
		}
	}
}

// A request that fails gives its place back, and so does one whose connection cannot be made.
func TestPoolAfterFailures(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		var broken atomic.Bool
		cfg := w.serve(t, func(http.ResponseWriter, *http.Request) {
			if broken.Load() {
				panic(http.ErrAbortHandler)
			}
		})
		cfg.Connections.Pool = 1
		all := users(t, 2, cfg)
		for _, bad := range []bool{true, false, true, false} {
			broken.Store(bad)
			for _, s := range all {
				var x client.Exchange
				if s.Do(t.Context(), &client.Request{}, &x); (x.Failure == metric.OK) == bad {
					t.Errorf("%s: %v: %s, status %d; broken %t", w.name, x.Failure, x.Detail, x.Status, bad)
				}
			}
		}
		all[0].Close()
		var x client.Exchange
		if all[1].Do(t.Context(), &client.Request{}, &x); x.Connects != 0 {
			t.Errorf("%s: a user who left took the connection of another", w.name)
		}
		all[1].Close()
		if all[0].Do(t.Context(), &client.Request{}, &x); x.Connects != 1 || x.Failure != metric.OK {
			t.Errorf("%s: %d connections made after all have left, want 1: %s", w.name, x.Connects, x.Detail)
		}
	}
}
