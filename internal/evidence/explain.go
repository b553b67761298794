package evidence

import (
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
)

// How details of the client begin, or end.
const (
	largeHead  = "the answer's head is larger than"
	noLocation = " without a Location"
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
// do about it. Status is 0 where no answer came. Detail is the failure's own, in words (of
// a redirect it names where it leads); it may come from the target and is as
// untrusted as that.
func Explain(kind metric.Failure, status int, detail string) reason.Reason {
	switch {
	case kind == metric.Refused && strings.HasPrefix(detail, ThisMachine):
		return reason.FailedMachine.Plain()
	case kind == metric.TooLarge && strings.HasPrefix(detail, largeHead):
		return reason.FailedHead.Plain()
	case kind == metric.Redirect:
		return redirect(status, detail)
	case kind != metric.Status:
		if code, known := meanings[meant{kind, 0}]; known {
			return code.Plain()
		}
		return reason.FailedOtherwise.With(reason.Args{"kind": kind.String()})
	}
	code, known := meanings[meant{kind, status}]
	switch {
	case known:
		return code.Plain()
	case status >= 500:
		return reason.StatusServerError.Plain()
	case status >= 400:
		return reason.StatusClientError.Plain()
	}
	return reason.StatusUnexpected.Plain()
}

// redirect explains a 3xx that was not followed. Services that insist on a slash
// at the end of a path are by far the most frequent.
func redirect(status int, detail string) reason.Reason {
	args := reason.Args{"status": status, "detail": detail}
	switch {
	case strings.HasPrefix(detail, "redirects in a circle"):
		return reason.RedirectCircle.With(args)
	case strings.HasPrefix(detail, "more than "):
		return reason.RedirectChain.With(args)
	case strings.HasPrefix(detail, "answers ") && strings.HasSuffix(detail, noLocation):
		return reason.RedirectNowhere.With(args)
	case strings.HasPrefix(detail, "redirects to ") && strings.HasSuffix(detail, "allow list"):
		return reason.RedirectForeign.With(args)
	case strings.HasPrefix(detail, "redirects "):
		return reason.RedirectBad.With(args)
	}
	to := detail
	if at := strings.LastIndexAny(detail, " \t"); at >= 0 {
		to = detail[at+1:]
	}
	if !strings.HasPrefix(to, "/") && !strings.Contains(to, "://") {
		return reason.Redirected.With(args)
	}
	args = reason.Args{"status": status, "location": to}
	if path, _, _ := strings.Cut(to, "?"); strings.HasSuffix(path, "/") {
		return reason.RedirectedSlash.With(args)
	}
	return reason.RedirectedTo.With(args)
}
