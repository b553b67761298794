package gate_test

import (
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

func TestVerdictOutcome(t *testing.T) {
	tests := []struct {
		name   string
		checks []verdict.Outcome
		want   verdict.Outcome
	}{
		{"no check", nil, verdict.Inconclusive},
		{"a forgotten outcome", []verdict.Outcome{verdict.Pass, 0}, verdict.Inconclusive},
		{"passes", []verdict.Outcome{verdict.Pass, verdict.Pass}, verdict.Pass},
		{"a warning", []verdict.Outcome{verdict.Pass, verdict.Warn}, verdict.Warn},
		{"undecided", []verdict.Outcome{verdict.Inconclusive, verdict.Warn}, verdict.Inconclusive},
		{"a failure wins", []verdict.Outcome{verdict.Inconclusive, verdict.Fail, verdict.Pass}, verdict.Fail},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var v verdict.Verdict
			for _, o := range tt.checks {
				v.Checks = append(v.Checks, verdict.Check{Outcome: o})
			}
			if got := v.Outcome(); got != tt.want {
				t.Errorf("Outcome = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestVerdictFinal(t *testing.T) {
	tests := []struct {
		undecided config.Undecided
		outcome   verdict.Outcome
		want      verdict.Outcome
	}{
		{config.UndecidedStays, verdict.Inconclusive, verdict.Inconclusive},
		{config.UndecidedFails, verdict.Inconclusive, verdict.Fail},
		{config.UndecidedWarns, verdict.Inconclusive, verdict.Warn},
		{config.UndecidedPasses, verdict.Inconclusive, verdict.Pass},
		{config.UndecidedPasses, verdict.Fail, verdict.Fail},
		{config.UndecidedFails, verdict.Warn, verdict.Warn},
	}
	for _, tt := range tests {
		v := verdict.Verdict{Checks: []verdict.Check{{Outcome: tt.outcome}}, Undecided: tt.undecided}
		if got := v.Final(); got != tt.want {
			t.Errorf("Final of %v under %d = %v, want %v", tt.outcome, tt.undecided, got, tt.want)
		}
	}
	s := file(limit(t, "p95", ms(100)))
	s.Judge.Inconclusive = config.UndecidedWarns
	if v := judge(t, newRun(100), s); v.Undecided != config.UndecidedWarns {
		t.Errorf("Judge leaves Undecided = %d, want the file's", v.Undecided)
	}
}

func TestExplain(t *testing.T) {
	redirect := func(status int, cause metric.Cause, detail, location string) result.Failure {
		return result.Failure{Kind: metric.Redirect, Status: status, Cause: cause, Detail: detail, Location: location}
	}
	status := func(status int) result.Failure { return result.Failure{Kind: metric.Status, Status: status} }
	tests := []struct {
		failure reason.Code
		of      result.Failure
		says    string
		todo    string
	}{
		{reason.Status404, status(404), "the path does not exist", "check the scenario"},
		{reason.Status405, status(405), "the method is not allowed here", "check the scenario"},
		{reason.Status401, status(401), "the token is missing or wrong", "check the login step"},
		{reason.Status403, status(403), "the token is missing", "check the login step"},
		{reason.Status422, status(422), "the body does not fit", "compare it with the API's schema"},
		{reason.Status429, status(429), "a rate limiter, not a capacity limit",
			"raise or disable it for the test, or lower the load"},
		{reason.StatusClientError, status(418), "the service refuses the request", "check the scenario"},
		{reason.StatusServerError, status(507), "the service failed", "service's log"},
		{reason.StatusUnexpected, status(304), "not one that the step expects", "expect"},
		{reason.RedirectedSlash, redirect(307, 0, "", "/api/tutors/"), "answers 307 to /api/tutors/",
			"write the slash, or follow: true"},
		{reason.RedirectedSlash, redirect(308, 0, "", "/x/?page=1"), "answers 308 to /x/?page=1",
			"write the slash, or follow: true"},
		{reason.RedirectedTo, redirect(302, 0, "", "https://host/login"), "answers 302 to https://host/login",
			"write that path, or follow: true"},
		{reason.Redirected, redirect(302, 0, "", ""), "answers 302, a redirect", "follow: true"},
		{reason.RedirectNowhere, redirect(302, metric.RedirectNowhere, "", ""),
			"without a Location leads nowhere", "expect: 'status == 302'"},
		{reason.RedirectCircle, redirect(302, metric.RedirectCircle, "", ""),
			"round in a circle", "leave follow out"},
		{reason.RedirectChain, redirect(302, metric.RedirectChain, "", ""),
			"one redirect after another", "write the path at their end"},
		{reason.RedirectForeign, redirect(302, metric.RedirectForbidden,
			`redirects to host "b", which is not on the allow list`, ""), "not on the allow list", "target.allow"},
		{reason.RedirectBad, redirect(302, metric.RedirectBroken,
			`redirects to scheme "ftp"; only http and https are followed`, ""),
			"only http and https", "fix its Location"},
		{reason.FailedHead, result.Failure{Kind: metric.TooLarge, Cause: metric.LargeHead},
			"refuse such heads", "cookies first"},
		{reason.FailedTooLarge, result.Failure{Kind: metric.TooLarge, Status: 200}, "max_body", "raise max_body"},
		{reason.FailedRefused, result.Failure{Kind: metric.Refused},
			"nothing accepted the connection", "service is up"},
		{reason.FailedMachine, result.Failure{Kind: metric.Refused, Cause: metric.OwnMachine},
			"the generator's own machine", "ulimit -n"},
	}
	for _, tt := range tests {
		got := evidence.Explain(tt.of)
		if got.Code != tt.failure {
			t.Errorf("Explain(%+v) = %s, want %s", tt.of, got.Code, tt.failure)
		}
		said(t, string(tt.failure)+" says", wording.Text(got), tt.says)
		said(t, string(tt.failure)+" advises", wording.Todo(got), tt.todo)
	}
	for _, kind := range metric.Failures() {
		got := evidence.Explain(result.Failure{Kind: kind})
		if wording.Text(got) == "" || wording.Todo(got) == "" {
			t.Errorf("%v has no plain words", kind)
		}
	}
}
