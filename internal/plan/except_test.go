package plan_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/plan"
)

// What a rule leaves out changes what it can decide, and never the load: nothing
// becomes incomparable when an exception is written, or ends.
func TestExceptionsLeaveTheLoad(t *testing.T) {
	const text = `
version: 1
target: {url: http://localhost:8000}
profiles: {small: {users: 10, spawn_rate: 10/s, duration: 2m, pace: auto}}
users:
  often: {weight: 9, wait: 10s, steps: [GET /often]}
  rare: {weight: 1, wait: 60s, steps: [GET /rare]}
thresholds: {all: {endpoints: "*", p95: 1s}}
`
	whole := newPlan(t, decode(t, text), plan.Options{})
	with := strings.Replace(text, "p95: 1s", "p95: 1s, except: {endpoint: GET /rare, reason: rare}", 1)
	except := newPlan(t, decode(t, with), plan.Options{})
	if whole.Digest != except.Digest {
		t.Errorf("the load changed: paces %v and %v", whole.Groups[1].Pace, except.Groups[1].Pace)
	}
	if f := whole.Forecast()[0]; f.Subject == "GET /often" {
		t.Errorf("without the exception the weakest is %s", f.Subject)
	}
	if f := except.Forecast()[0]; f.Subject != "GET /often" {
		t.Errorf("with the exception the weakest is %s, want GET /often", f.Subject)
	}
}
