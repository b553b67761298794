package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/target"
)

// Parallel blocks of several users share a pool: nobody waits for ever, and cookies stay each user's own.
func TestParallelOverAPool(t *testing.T) {
	var here, most atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := here.Add(1)
		for high := most.Load(); now > high && !most.CompareAndSwap(high, now); {
			high = most.Load()
		}
		if c, err := r.Cookie("user"); r.URL.Path != "/" && (err != nil || c.Value != r.URL.Query().Get("user")) {
			w.WriteHeader(http.StatusForbidden)
		}
		http.SetCookie(w, &http.Cookie{Name: "user", Value: r.URL.Query().Get("user")})
		here.Add(-1)
	}))
	defer srv.Close()
	p := decode(t, fmt.Sprintf(`
version: 1
name: test
target: {url: %q, connections: pool 2}
profiles: {p: {users: 5, spawn_rate: 100/s, duration: 2s, warm_up: 0s}}
users:
  g:
    wait: 20ms
    vars: {user: '${ seq() }'}
    steps:
      - transaction: page
        steps: ['GET /?user=${ user }', {parallel: [{request: 'GET /a?user=${ user }', times: 8}]}]
thresholds: {all: {endpoints: "*", success: 1%%}}
`, srv.URL), plan.Options{})
	c, err := client.New(client.Config{BaseURL: srv.URL, Allow: []string{"127.0.0.1"},
		Connections: target.Connections{Pool: 2}})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.Engine{Dial: func(user int) engine.Doer { return c.User(uint64(user)) }}
	r := p.Result("test", time.Unix(0, 0))
	if err := e.Run(t.Context(), p, r); err != nil {
		t.Fatal(err)
	}
	pages, connects := int64(0), int64(0)
	for _, s := range r.Transactions[0].Slots {
		pages += s.Requests
		if s.Failures() > 0 {
			t.Errorf("pages failed: %v", s.Failed[metric.Status])
		}
	}
	for _, row := range r.Endpoints {
		for _, s := range row.Slots {
			connects += s.Connects
		}
	}
	if pages < 5 || connects < 1 || connects > 2 || most.Load() > 2 {
		t.Errorf("%d pages over %d connections, at most %d requests at once; want at most 2 of them", pages, connects,
			most.Load())
	}
}
