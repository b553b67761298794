package evidence

import (
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
)

// meant is a kind of failure, with its status where one came.
type meant struct {
	kind   metric.Failure
	status int
}

// meanings is what kinds of failures nearly always mean.
var meanings = map[meant]reason.Code{
	{metric.Status, 400}:    reason.Status400,
	{metric.Status, 401}:    reason.Status401,
	{metric.Status, 403}:    reason.Status403,
	{metric.Status, 404}:    reason.Status404,
	{metric.Status, 405}:    reason.Status405,
	{metric.Status, 409}:    reason.Status409,
	{metric.Status, 413}:    reason.Status413,
	{metric.Status, 415}:    reason.Status415,
	{metric.Status, 422}:    reason.Status422,
	{metric.Status, 429}:    reason.Status429,
	{metric.Status, 500}:    reason.Status500,
	{metric.Status, 502}:    reason.Status502,
	{metric.Status, 503}:    reason.Status503,
	{metric.Status, 504}:    reason.Status504,
	{metric.Timeout, 0}:     reason.FailedTimeout,
	{metric.DNS, 0}:         reason.FailedDNS,
	{metric.Refused, 0}:     reason.FailedRefused,
	{metric.Reset, 0}:       reason.FailedReset,
	{metric.TLS, 0}:         reason.FailedTLS,
	{metric.Body, 0}:        reason.FailedBody,
	{metric.TooLarge, 0}:    reason.FailedTooLarge,
	{metric.Expectation, 0}: reason.FailedExpectation,
	{metric.Capture, 0}:     reason.FailedCapture,
	{metric.Expression, 0}:  reason.FailedExpression,
}

// Explain says what a failure nearly always means and, in the words of its code, what to
// do about it. Its detail and location may come from the target and are as untrusted as that.
func Explain(f result.Failure) reason.Reason {
	switch {
	case OwnMachine(f):
		return reason.FailedMachine.Plain()
	case f.Cause == metric.LargeHead:
		return reason.FailedHead.Plain()
	case f.Kind == metric.Redirect:
		return redirect(f)
	case f.Kind != metric.Status:
		if code, known := meanings[meant{f.Kind, 0}]; known {
			return code.Plain()
		}
		return reason.FailedOtherwise.With(reason.Args{"kind": f.Kind.String()})
	}
	code, known := meanings[meant{f.Kind, f.Status}]
	switch {
	case known:
		return code.Plain()
	case f.Status >= 500:
		return reason.StatusServerError.Plain()
	case f.Status >= 400:
		return reason.StatusClientError.Plain()
	}
	return reason.StatusUnexpected.Plain()
}

// redirects are the causes for which a redirect was not followed.
var redirects = map[metric.Cause]reason.Code{
	metric.RedirectCircle:    reason.RedirectCircle,
	metric.RedirectChain:     reason.RedirectChain,
	metric.RedirectNowhere:   reason.RedirectNowhere,
	metric.RedirectForbidden: reason.RedirectForeign,
	metric.RedirectBroken:    reason.RedirectBad,
}

// redirect explains a 3xx that was not followed. Services that insist on a slash
// at the end of a path are by far the most frequent.
func redirect(f result.Failure) reason.Reason {
	args := reason.Args{"status": f.Status, "detail": f.Detail}
	if code, known := redirects[f.Cause]; known {
		return code.With(args)
	}
	to := f.Location
	if !strings.HasPrefix(to, "/") && !strings.Contains(to, "://") {
		return reason.Redirected.With(args)
	}
	args = reason.Args{"status": f.Status, "location": to}
	if path, _, _ := strings.Cut(to, "?"); strings.HasSuffix(path, "/") {
		return reason.RedirectedSlash.With(args)
	}
	return reason.RedirectedTo.With(args)
}
