package evidence

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
)

// How details of the client begin, or end.
const (
	largeHead  = "the answer's head is larger than"
	noLocation = " without a Location"
)

// plain is what a kind of failure nearly always means.
type plain struct {
	kind           metric.Failure
	status         int // 0: any
	reason, remedy string
}

// plainWords is looked through from the top; the first line that fits speaks.
var plainWords = []plain{
	{metric.Status, 400, "the request is not understood", "compare it with the API's schema"},
	{metric.Status, 401, "the token is missing or wrong", "check the login step"},
	{metric.Status, 403, "the token is missing or may not do this", "check the login step and the user's rights"},
	{metric.Status, 404, "the path does not exist", "check the scenario"},
	{metric.Status, 405, "the method is not allowed here", "check the scenario"},
	{metric.Status, 409, "it contradicts what the service already has",
		"send data that differs for each request, or accept it with expect"},
	{metric.Status, 413, "the body is larger than the service takes", "send a smaller one"},
	{metric.Status, 415, "the body's type is not taken here", "check the step's body and Content-Type"},
	{metric.Status, 422, "the body does not fit", "compare it with the API's schema"},
	{metric.Status, 429, "a rate limiter, not a capacity limit", "raise or disable it for the test, or lower the load"},
	{metric.Status, 500, "the service broke on the request", "look for the error in the service's log"},
	{metric.Status, 502, "the proxy got no good answer from the service",
		"see whether the service is up and its workers live"},
	{metric.Status, 503, "the service says that it is overloaded or not ready",
		"look at its pools, workers and dependencies"},
	{metric.Status, 504, "the proxy gave up waiting for the service", "look for slow queries and full pools"},
	{metric.Timeout, 0, "no whole answer came within the timeout",
		"look for slow queries and full pools, or raise target.timeout"},
	{metric.DNS, 0, "the target's name did not resolve", "check target.url and the resolver of this machine"},
	{metric.Refused, 0, "nothing accepted the connection", "see whether the service is up and its backlog full"},
	{metric.Reset, 0, "the connection broke before the answer was whole",
		"look for restarts and connection limits of the service or its proxy"},
	{metric.TLS, 0, "the TLS handshake failed", "check the certificate and the scheme of target.url"},
	{metric.Body, 0, "the answer cannot be read", "look at the sample in the report"},
	{metric.TooLarge, 0, "the answer is larger than target.max_body", "ask for less, or raise max_body"},
	{metric.Expectation, 0, "the step's expect is false",
		"look at the sample in the report: the answer or the expectation is wrong"},
	{metric.Capture, 0, "the answer holds nothing to capture", "compare the capture with the sample in the report"},
	{metric.Expression, 0, "an expression has no value, and nothing was sent",
		"see which step before it should have captured it"},
}

// Explain says in plain words what a failure nearly always means and what to
// do about it; each is part of a sentence, lower case, without a full stop.
// Status is 0 where no answer came. Detail is the failure's own, in words (of
// a redirect it names where it leads); it may come from the target and is as
// untrusted as that.
func Explain(kind metric.Failure, status int, detail string) (reason, remedy string) {
	if kind == metric.Refused && strings.HasPrefix(detail, ThisMachine) {
		return "the generator's own machine ran out of file descriptors or local ports",
			"raise its limits (ulimit -n), lower the load, or split the run into shards"
	}
	if kind == metric.TooLarge && strings.HasPrefix(detail, largeHead) {
		return "servers, proxies and clients refuse such heads",
			"make its headers smaller, cookies first; max_body is about bodies"
	}
	if kind == metric.Redirect {
		return redirect(status, detail)
	}
	for _, p := range plainWords {
		if p.kind == kind && (p.status == 0 || p.status == status) {
			return p.reason, p.remedy
		}
	}
	switch {
	case kind == metric.Status && status >= 500:
		return "the service failed", "look for the error in the service's log"
	case kind == metric.Status && status >= 400:
		return "the service refuses the request", "check the scenario"
	case kind == metric.Status:
		return "the status is not one that the step expects", "check the scenario, or say what it expects with expect"
	}
	return kind.String(), ""
}

// redirect words a 3xx that was not followed. Services that insist on a slash
// at the end of a path are by far the most frequent.
func redirect(status int, detail string) (reason, remedy string) {
	switch {
	case strings.HasPrefix(detail, "redirects in a circle"):
		return "the service sends clients round in a circle",
			"mend its redirects, or leave follow out and say with expect what is right"
	case strings.HasPrefix(detail, "more than "):
		return "the service answers with one redirect after another", "write the path at their end"
	case strings.HasPrefix(detail, "answers ") && strings.HasSuffix(detail, noLocation):
		return "a redirect without a Location leads nowhere",
			"mend the service; if that is what it should say, write expect: 'status == " + strconv.Itoa(status) + "'"
	case strings.HasPrefix(detail, "redirects to ") && strings.HasSuffix(detail, "allow list"):
		return "the service " + detail, "add it under target.allow if it may be loaded, or leave follow out"
	case strings.HasPrefix(detail, "redirects "):
		return "the service " + detail, "mend its Location, or leave follow out"
	}
	to := detail
	if at := strings.LastIndexAny(detail, " \t"); at >= 0 {
		to = detail[at+1:]
	}
	if !strings.HasPrefix(to, "/") && !strings.Contains(to, "://") {
		return fmt.Sprintf("answers %d, a redirect", status), "write the path that it leads to, or follow: true"
	}
	reason = fmt.Sprintf("answers %d to %s", status, to)
	if path, _, _ := strings.Cut(to, "?"); strings.HasSuffix(path, "/") {
		return reason, "write the slash, or follow: true"
	}
	return reason, "write that path, or follow: true"
}
