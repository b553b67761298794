package gate_test

import (
	"testing"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
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
	tests := []struct {
		kind           metric.Failure
		status         int
		detail         string
		reason, remedy string
	}{
		{metric.Status, 404, "", "the path does not exist", "check the scenario"},
		{metric.Status, 405, "", "the method is not allowed here", "check the scenario"},
		{metric.Status, 401, "", "the token is missing or wrong", "check the login step"},
		{metric.Status, 403, "", "the token is missing", "check the login step"},
		{metric.Status, 422, "", "the body does not fit", "compare it with the API's schema"},
		{metric.Status, 429, "", "a rate limiter, not a capacity limit",
			"raise or disable it for the test, or lower the load"},
		{metric.Status, 418, "", "the service refuses the request", "check the scenario"},
		{metric.Status, 507, "", "the service failed", "service's log"},
		{metric.Status, 304, "", "not one that the step expects", "expect"},
		{metric.Redirect, 307, "/api/tutors/", "answers 307 to /api/tutors/", "write the slash, or follow: true"},
		{metric.Redirect, 308, "answers 308 to /x/?page=1", "answers 308 to /x/?page=1",
			"write the slash, or follow: true"},
		{metric.Redirect, 302, "https://host/login", "answers 302 to https://host/login",
			"write that path, or follow: true"},
		{metric.Redirect, 302, "", "answers 302, a redirect", "follow: true"},
		{metric.Redirect, 302, "answers 302 without a Location",
			"without a Location leads nowhere", "expect: 'status == 302'"},
		{metric.Redirect, 302, "redirects in a circle, again and again to http://h/a",
			"round in a circle", "leave follow out"},
		{metric.Redirect, 302, "more than 10 redirects", "one redirect after another", "write the path at their end"},
		{metric.Redirect, 302, `redirects to host "b", which is not on the allow list`,
			"not on the allow list", "target.allow"},
		{metric.Redirect, 302, `redirects to scheme "ftp"; only http and https are followed`,
			"only http and https", "mend its Location"},
		{metric.TooLarge, 0, "the answer's head is larger than 64KiB", "refuse such heads", "cookies first"},
		{metric.TooLarge, 200, "the body is larger than 10MiB", "max_body", "raise max_body"},
		{metric.Refused, 0, "connection refused", "nothing accepted the connection", "service is up"},
		{metric.Refused, 0, client.NoDescriptors, "the generator's own machine", "ulimit -n"},
		{metric.Refused, 0, client.NoPorts, "the generator's own machine", "shards"},
	}
	for _, tt := range tests {
		reason, remedy := evidence.Explain(tt.kind, tt.status, tt.detail)
		said(t, tt.kind.String()+" reason", reason, tt.reason)
		said(t, tt.kind.String()+" remedy", remedy, tt.remedy)
	}
	for _, kind := range metric.Failures() {
		if reason, remedy := evidence.Explain(kind, 0, ""); reason == "" || remedy == "" {
			t.Errorf("%v has no plain words", kind)
		}
	}
}
