package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/spec"
)

// NotReadyError says why a target was not loaded.
type NotReadyError struct {
	URL    string
	Check  string // the request that did not succeed
	Cause  string
	Waited time.Duration // 0: one attempt was made
}

// Error is one line with the place, the cause and the remedy.
func (e *NotReadyError) Error() string {
	when := "is not ready"
	if e.Waited > 0 {
		when = fmt.Sprintf("was not ready within %s", e.Waited)
	}
	return fmt.Sprintf("%s %s: %s: %s; start the service, or name another with --host", e.URL, when, e.Check, e.Cause)
}

// Pauses between two looks at a target that is not ready: short at first,
// because a service that starts in a second should not wait for another.
const (
	firstPause   = 50 * time.Millisecond
	longestPause = time.Second
)

// Ready waits until every ready check of the target has succeeded in one
// round, at most the time that the file gives. Without checks, any answer to
// GET / will do. The error is a *NotReadyError, or ctx's own.
func Ready(ctx context.Context, s *spec.Spec, doer Doer) error {
	target := s.Target
	checks := target.Ready.Checks
	if len(checks) == 0 {
		checks = []spec.ReadyCheck{{Method: "GET", Path: "/"}}
	}
	start := time.Now()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		failed, cause := firstFailure(ctx, target, checks, len(target.Ready.Checks) == 0, doer)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if failed == nil {
			return nil
		}
		left := target.Ready.Within - time.Since(start)
		if left <= 0 {
			return &NotReadyError{
				URL: target.Public(), Check: s.Mask(failed.Method + " " + failed.Path), Cause: s.Mask(cause), Waited: target.Ready.Within,
			}
		}
		if !sleepUntil(ctx, time.Now().Add(min(pause, left))) {
			return ctx.Err()
		}
	}
}

// firstFailure makes the checks in order; nil when all succeeded.
func firstFailure(ctx context.Context, target spec.Target, checks []spec.ReadyCheck, anyAnswer bool, doer Doer) (*spec.ReadyCheck, string) {
	for i := range checks {
		c := &checks[i]
		req := client.Request{Method: c.Method, Target: c.Path, KeepBody: c.Expect != nil}
		env := expr.NewEnv(rand.New(rand.NewPCG(0, 0)), time.Now, 0, 1)
		for _, h := range headers(target.Headers) {
			if h.value == nil {
				req.Header = append(req.Header, client.Field{Name: h.name, Value: h.text})
			}
		}
		var x client.Exchange
		doer.Do(ctx, &req, &x)
		switch {
		case x.Failure != metric.OK:
			return c, x.Detail
		case anyAnswer:
			continue
		case c.Expect == nil:
			if failure, detail := statusFailure(&x); failure != metric.OK {
				return c, detail
			}
			continue
		}
		env.SetResponse(x.Status, x.Header, x.Body)
		met, err := c.Expect.Bool(env)
		if err != nil {
			return c, fmt.Sprintf("%d, expect: %v", x.Status, err)
		}
		if !met {
			return c, fmt.Sprintf("%d, expect is false: %s", x.Status, c.Expect)
		}
	}
	return nil, ""
}
