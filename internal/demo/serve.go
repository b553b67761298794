package demo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func newService(o *Options) (*service, error) {
	table := routes()
	description, err := describe(table)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	c := newClock(o.Marked)
	s := &service{
		start: now, ready: now.Add(o.StartDelay), clock: c,
		freeze: o.Freeze, drift: o.Drift, leaks: o.Leak, nPlusOne: o.NPlusOne,
		burn: o.Burn, block: o.MetricsBlock, hold: o.Hold, outage: outage{clock: c, span: o.Down},
		table: table, latencies: map[*route]*latency{}, store: openStore(o.Seed), tokens: newTokens(o.Seed),
		cache:   cache{clock: c, gone: o.CacheDown},
		pool:    make(chan struct{}, cmp.Or(o.Pool, connections)),
		limiter: limiter{limit: o.RateLimit, start: now}, metrics: newMetrics(table, now),
		openAPI: description,
	}
	if o.Burn > 0 || o.MetricsBlock > 0 {
		s.loop = make(eventLoop, 1)
	}
	for _, r := range table {
		s.latencies[r] = newLatency(r, o.Seed, slowOf(r, o.Slow), failOf(r, o.Fail))
	}
	return s, nil
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.outage.now() {
		panic(http.ErrAbortHandler) // accepted just before; there is nobody who could answer
	}
	begun := time.Now()
	var spent timing
	route, answer, err := s.serve(r, &spent)
	held := errors.Join(s.loop.hold(r.Context(), nil), s.freeze.thaw(r.Context(), s.clock))
	if held != nil || errors.Is(err, context.Canceled) {
		return // the client has gone
	}
	status, media := http.StatusOK, "application/json"
	switch {
	case err != nil:
		no := refusalOf(err, route)
		for name, values := range no.header {
			w.Header()[name] = values
		}
		status = no.status
		answer = nil
		if no.Detail != nil {
			answer, _ = json.Marshal(no) // texts and numbers: always encodable
		}
	default:
		status = route.status
		if route.media != "" {
			media = route.media
		}
	}
	s.metrics.count(route, status, time.Since(begun))
	h := w.Header()
	h.Set("Server", "uvicorn")
	if len(answer) > 0 {
		h.Set("Content-Type", media)
	}
	if spent.queries > 0 {
		h.Set("Server-Timing", spent.String())
	}
	h.Set("Content-Length", strconv.Itoa(len(answer)))
	w.WriteHeader(status)
	_, _ = w.Write(answer) // a client that has gone needs no answer
}

// timing is what an answer tells of the time that it took, as the middleware of
// the real service does.
type timing struct {
	pool, database time.Duration
	queries        int
}

// String writes the header.
func (t timing) String() string {
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	return fmt.Sprintf("pool;dur=%.1f, db;dur=%.1f;desc=\"%d queries\"", ms(t.pool), ms(t.database), t.queries)
}

// serve takes a request through everything that can refuse it, in the order
// of the real service, then through its route. The route is nil when there is none.
func (s *service) serve(r *http.Request, spent *timing) (*route, document, error) {
	ctx := r.Context()
	found, param, allowed := findRoute(s.table, r.Method, r.URL.Path)
	if wait := time.Until(s.ready); wait > 0 {
		return found, nil, retryAfter(http.StatusServiceUnavailable, "Service is starting", wait)
	}
	if found != nil && !found.system() {
		defer s.clock.enter()()
	}
	if err := s.freeze.thaw(ctx, s.clock); err != nil {
		return found, nil, err
	}
	if err := s.loop.hold(ctx, func() error { return s.occupy(ctx, found) }); err != nil {
		return found, nil, err
	}
	if wait, ok := s.limiter.allow(r.RemoteAddr); !ok {
		return found, nil, retryAfter(http.StatusTooManyRequests, "Rate limit exceeded", wait)
	}
	if s.leaks {
		s.leak.keep()
	}
	if found == nil {
		return nil, nil, s.noRoute(r, allowed)
	}
	if err := s.tokens.admit(found.access, r.Header.Get("Authorization")); err != nil {
		return found, nil, err
	}
	c, err := found.read(r, param)
	if err != nil {
		return found, nil, err
	}
	answer, err := s.work(ctx, found, c, spent)
	return found, answer, err
}

// occupy keeps the thread of the event loop with a request.
func (s *service) occupy(ctx context.Context, r *route) error {
	switch {
	case r != nil && r.local && r.path == metricsPath:
		return sleepUntil(ctx, time.Now().Add(s.block))
	case r == nil || r.local || s.burn == 0:
		return nil
	}
	s.metrics.burned.Add(int64(s.burn))
	return burn(ctx, s.burn)
}

// work runs a route's code with a connection and takes as long as the route
// shall take: the code's own time counts within it. A mistake is answered at once,
// which is why fast errors look like speed.
func (s *service) work(ctx context.Context, r *route, c *call, spent *timing) (document, error) {
	waited := time.Now()
	if !r.local {
		select {
		case s.pool <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		defer func() { <-s.pool }()
	}
	begun := time.Now()
	spent.pool = begun.Sub(waited)
	took, fails := s.latencies[r].draw(s.clock)
	running, _ := s.clock.running()
	took += s.drift.added(took, running)
	s.metrics.work(took)
	var answer document
	var err error
	if fails {
		err = &refusal{status: http.StatusInternalServerError, Detail: "Internal Server Error"}
	} else if answer, err = r.handle(s, c); err != nil {
		return nil, err
	}
	if !r.local {
		spent.database, spent.queries = time.Duration((1-cpuShare)*float64(took))+c.extra, 1+c.queries
	}
	end := begun.Add(took + c.extra)
	if !r.local {
		end = end.Add(s.hold) // after the last statement, and before the connection is given back
	}
	if cut := sleepUntil(ctx, end); cut != nil {
		return nil, cut
	}
	return answer, err
}

// noRoute answers for a request without a route: another method, a slash too
// many or too few, or nothing at all.
func (s *service) noRoute(r *http.Request, allowed []string) error {
	if len(allowed) > 0 {
		slices.Sort(allowed)
		return &refusal{status: http.StatusMethodNotAllowed, Detail: "Method Not Allowed",
			header: http.Header{"Allow": {strings.Join(allowed, ", ")}}}
	}
	path := r.URL.Path + "/"
	if trimmed, ok := strings.CutSuffix(r.URL.Path, "/"); ok {
		path = trimmed
	}
	if found, _, methods := findRoute(s.table, r.Method, path); found != nil || len(methods) > 0 {
		to := *r.URL
		to.Scheme, to.Host, to.Path, to.RawPath = "http", r.Host, path, ""
		return &refusal{status: http.StatusTemporaryRedirect, header: http.Header{"Location": {to.String()}}}
	}
	return &refusal{status: http.StatusNotFound, Detail: "Not Found"}
}
