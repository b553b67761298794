package thresholds_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// excepting is a file whose rule and comparison leave something out.
const excepting = `version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 60s}}
users:
  g:
    wait: 1s
    start: [POST /login]
    steps: [GET /a, GET /b, GET /c, {transaction: buying, steps: [GET /d]}, {transaction: browsing, steps: [GET /e]}]
thresholds:
  all: {endpoints: ["*", POST /login], p95: 1s, except: [{endpoint: [GET /b, POST /login], reason: slow, until: %s}]}
  whole: {endpoints: [buying, browsing], p95: 1s, except: {endpoint: buying, reason: grows}}
  loose: {endpoints: "GET /*", baseline: {max_regression: {p95: 50%%}}, except: {endpoint: GET /c, reason: noisy}}
  none: {endpoints: ["GET /a", "GET /d"], baseline: none, except: {endpoint: GET /d, reason: matters}}
baseline: {last: 20, except: {endpoint: browsing, reason: noisy}}
`

func decodeAt(t *testing.T, text string, now time.Time) *config.Config {
	t.Helper()
	s, err := thresholds.Decode([]byte(text), "f", thresholds.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A rule does not speak of its exceptions until their day, which is one of UTC,
// whatever the clock of the caller shows. Without a clock none with an end counts.
func TestExceptionsEnd(t *testing.T) {
	text := fmt.Sprintf(excepting, "2026-03-01")
	east := time.FixedZone("east", 9*3600)
	for _, c := range []struct {
		now     time.Time
		spoken  bool
		warning string
	}{
		{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), false, ""},
		{time.Date(2026, 2, 15, 0, 0, 0, 0, time.UTC), false, ends},
		{time.Date(2026, 2, 28, 23, 59, 59, 0, time.UTC), false, ends},
		{time.Date(2026, 3, 1, 8, 0, 0, 0, east), false, ends},
		{time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), true, ended},
		{time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), true, ended},
		{time.Time{}, true, ""},
	} {
		s := decodeAt(t, text, c.now)
		rule := s.Rules[0]
		if got := rule.Matches("GET /b", false); got != c.spoken {
			t.Errorf("%s: speaks of GET /b: %v", c.now, got)
		}
		if got := rule.Matches("POST /login", true); got != c.spoken {
			t.Errorf("%s: speaks of POST /login: %v", c.now, got)
		}
		if !rule.Matches("GET /a", false) || s.Rules[1].MatchesTransaction("buying") ||
			!s.Rules[1].MatchesTransaction("browsing") {
			t.Errorf("%s: what has no end changed", c.now)
		}
		if got := s.Warnings.Error(); got != c.warning {
			t.Errorf("%s: warned %q, want %q", c.now, got, c.warning)
		}
		if x, ok := rule.ExceptionOf("GET /b", false, false); !ok || x.Ended != c.spoken || x.Day() != "2026-03-01" {
			t.Errorf("%s: exception %+v", c.now, x)
		}
		if !rule.Whole().Matches("GET /b", false) {
			t.Errorf("%s: the whole rule does not speak of GET /b", c.now)
		}
	}
}

const (
	place = "f:10:113: thresholds.all.except[0].until: the exception of GET /b "
	ends  = place + "ends on 2026-03-01 (slow): from then on the limits hold for it again"
	ended = place +
		"ended on 2026-03-01 (slow): the limits hold for it again; delete the exception, or write a later until"
)

// What is left out of the comparison has no policy, and what is left out of a rule
// that compares nothing has those of the file.
func TestExceptionsFromComparison(t *testing.T) {
	s := decodeAt(t, fmt.Sprintf(excepting, "2099-01-01"), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	type terms struct {
		Most   float64
		Rule   string
		Reason string
	}
	for name, want := range map[string]terms{
		"GET /a": {0, "", ""}, "GET /b": {0.5, "", ""}, "GET /c": {0, "loose", "noisy"}, "GET /d": {0.5, "", ""},
		"buying": {0.05, "", ""}, "browsing": {0, "", "noisy"},
	} {
		found, x, rule := s.Compares(name, name[0] == 'b', "p")
		var got terms
		if len(found.Regressions) > 0 {
			got.Most = found.Regressions[0].Most
		}
		if x != nil {
			got.Rule, got.Reason = rule, x.Reason
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// An exception is no part of the load.
func TestExceptionsAndDigests(t *testing.T) {
	a := decodeAt(t, fmt.Sprintf(excepting, "2099-01-01"), time.Time{})
	b := decodeAt(t, fmt.Sprintf(excepting, "2020-01-01"), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if identity.Of(a) != identity.Of(b) {
		t.Error("the digest changed")
	}
	if diff := cmp.Diff(identity.PartsOf(a), identity.PartsOf(b)); diff != "" {
		t.Errorf("the parts changed (-a +b):\n%s", diff)
	}
}
