package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
)

// NotReadyError says why a target was not loaded.
type NotReadyError struct {
	URL    string
	Check  string // the request that did not succeed
	Cause  string
	Waited time.Duration // 0: one attempt was made
	// Misfit says that the service answered the check for so long as one answers
	// what does not exist or is not allowed: more waiting would not help.
	Misfit bool
	// TLS says that the service is there and no TLS was agreed: Cause says what to change.
	TLS bool
}

// Error is one line with the place, the cause and the remedy.
func (e *NotReadyError) Error() string {
	if e.Misfit {
		return fmt.Sprintf("%s answers, but the readiness check does not fit it: %s: %s for %s; "+
			"write a path that it answers under target.ready.checks, with auth where it needs one",
			e.URL, e.Check, e.Cause, e.Waited)
	}
	when := "is not ready"
	if e.Waited > 0 {
		when = fmt.Sprintf("was not ready within %s", e.Waited)
	}
	remedy := "; start the service, or name another with --host"
	if e.TLS {
		remedy = ""
	}
	return fmt.Sprintf("%s %s: %s: %s%s", e.URL, when, e.Check, e.Cause, remedy)
}

// Pauses between two looks at a target that is not ready: short at first,
// because a service that starts in a second should not wait for another.
const (
	firstPause   = 50 * time.Millisecond
	longestPause = time.Second
)

// misfitAfter is for how long a check has to be answered as if it did not exist
// before waiting ends: a service that is still adding its routes is quicker.
const misfitAfter = 5 * time.Second

// Waiting is a look at a target that was not ready.
type Waiting struct {
	Check, Cause string        // masked; from the target, and untrusted
	Waited       time.Duration // since the first look
	Within       time.Duration // the longest wait
}

// Ready waits until every ready check of the target has succeeded in one
// round, at most the time that the file gives: a check may take no longer than what
// is left. Without a time limit, one round is made. Without checks, any answer to
// GET / will do. A check that is answered for five seconds with a redirect, or as one that is
// wrong (404, 401, 400 and the like), does not fit, and ends the wait. Tell, if any, hears of every look at a
// target that was not ready. The error is a *NotReadyError, or ctx's own.
func Ready(ctx context.Context, s *config.Config, doer Doer, tell func(Waiting)) error {
	target := s.Target
	checks := target.Ready.Checks
	if len(checks) == 0 {
		checks = []config.ReadyCheck{{Method: "GET", Path: "/"}}
	}
	start := time.Now()
	refused := start // since when one check is answered as if it did not exist
	var refusedBy *config.ReadyCheck
	var before Waiting // the last look that says more than that time is up
	noTLS := false     // at that look
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		failed := firstFailure(ctx, target, checks, len(target.Ready.Checks) == 0, doer, start)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if failed.check == nil {
			return nil
		}
		look := Waiting{s.Mask(failed.check.Method + " " + failed.check.Path),
			s.Mask(failed.cause), time.Since(start), target.Ready.Within}
		if failed.cause == noTime && before.Check != "" {
			look.Check, look.Cause = before.Check, before.Cause
		} else {
			noTLS = failed.failure == metric.TLS
		}
		before = look
		if !noSuch(failed.status) {
			refusedBy = nil
		} else if refusedBy != failed.check {
			refusedBy, refused = failed.check, time.Now()
		} else if time.Since(refused) >= misfitAfter {
			return &NotReadyError{URL: target.Public(), Check: look.Check,
				Cause: look.Cause, Waited: misfitAfter, Misfit: true}
		}
		if tell != nil {
			tell(look)
		}
		left := target.Ready.Within - time.Since(start)
		if left <= 0 {
			return &NotReadyError{URL: target.Public(), Check: look.Check,
				Cause: look.Cause, Waited: target.Ready.Within, TLS: noTLS}
		}
		if !sleepUntil(ctx, time.Now().Add(min(pause, left))) {
			return ctx.Err()
		}
	}
}

// noSuch says whether a status is one for a request that is wrong, as those are for what does not exist or is not
// allowed, and not one that says to come back later.
func noSuch(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusMisdirectedRequest, http.StatusLocked, http.StatusTooEarly,
		http.StatusTooManyRequests:
		return false
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
		return true
	}
	return status >= 300 && status < 500
}

// noTime is the cause of a check that succeeded too late, or was not made.
const noTime = "no time was left for it"

// unready is a check that did not succeed. The zero value is none.
type unready struct {
	check   *config.ReadyCheck // nil: all succeeded in time
	status  int                // 0: no answer in time
	failure metric.Failure     // of the exchange; OK: it was answered
	cause   string
}

// firstFailure makes the checks in order.
func firstFailure(ctx context.Context, target config.Target, checks []config.ReadyCheck,
	anyAnswer bool, doer Doer, start time.Time) unready {
	within := target.Ready.Within
	for i := range checks {
		c := &checks[i]
		req := client.Request{Method: c.Method, Target: c.Path, KeepBody: c.Expect != nil, Timeout: target.Timeout,
			Digest: FixedCredentials(target.Headers)}
		if within > 0 {
			if req.Timeout = min(req.Timeout, within-time.Since(start)); req.Timeout <= 0 {
				return unready{check: c, cause: noTime}
			}
		}
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
			return unready{check: c, failure: x.Failure, cause: x.Detail}
		case within > 0 && time.Since(start) > within:
			return unready{check: c, cause: noTime}
		case anyAnswer:
			continue
		case c.Expect == nil:
			if failure, detail := statusFailure(&x); failure != metric.OK {
				return unready{check: c, status: x.Status, cause: detail}
			}
			continue
		}
		env.SetResponse(x.Status, x.Header, x.Body)
		met, err := c.Expect.Bool(env)
		if err != nil {
			return unready{check: c, status: x.Status, cause: fmt.Sprintf("%d, expect: %v", x.Status, err)}
		}
		if !met {
			return unready{check: c, status: x.Status,
				cause: fmt.Sprintf("%d, expect is false: %s", x.Status, c.Expect)}
		}
	}
	return unready{}
}
