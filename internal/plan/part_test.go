package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

const parted = `
version: 1
target: {url: http://localhost:8000}
profiles:
  one: {users: 4, spawn_rate: 2/s, duration: 100s}
  more: {users: 5, spawn_rate: 2/s, duration: 100s}
  open: {rate: 4/s, duration: 100s}
thresholds: {all: {endpoints: "*", p95: 1s}}
users:
  a: {wait: 1s..3s, start: [POST /login], steps: [{request: GET /a, times: 2}, GET /b]}
`

// The document says in parts what the load was: which load curve, how often each
// request is sent, and what is sent under each name.
func TestParts(t *testing.T) {
	of := func(profile, old, new string) *result.Result {
		t.Helper()
		if !strings.Contains(parted, old) {
			t.Fatalf("the file has no %q", old)
		}
		s := decode(t, strings.Replace(parted, old, new, 1))
		return newPlan(t, s, plan.Options{Profile: profile, Seed: 1}).Result("loadgate", time.Time{})
	}
	base := of("one", "users", "users")
	if base.Load.Measured != 75*time.Second || base.Load.Course == "" || base.Load.Around == "" ||
		base.Endpoints[0].Request != "" || base.Endpoints[1].Request == "" {
		t.Fatalf("load %+v, endpoints %+v", base.Load, base.Endpoints)
	}
	for _, row := range []struct {
		name, profile, old, new string
		curve, around, a, b     bool // the same
	}{
		{"nothing", "one", "users", "users", true, true, true, true},
		{"a limit", "one", "p95: 1s", "p95: 2s", true, true, true, true},
		{"a header of one", "one", "GET /b]", "{request: GET /b, headers: {X-A: b}}]", true, true, true, false},
		{"one more", "one", "GET /b]", "GET /b, GET /c]", true, false, true, true},
		{"think time", "one", "1s..3s", "1s..4s", true, false, true, true},
		{"what users start with", "one", "POST /login", "POST /session", true, false, true, true},
		{"users", "one", "users: 4", "users: 5", true, false, true, true},
		{"duration", "one", "duration: 100s", "duration: 200s", false, true, true, true},
		{"another profile", "more", "users", "users", false, false, true, true},
		{"arrivals", "open", "users", "users", false, false, true, true},
	} {
		got := of(row.profile, row.old, row.new)
		same := [4]bool{
			got.Load.Course == base.Load.Course, got.Load.Around == base.Load.Around,
			got.Endpoints[1].Request == base.Endpoints[1].Request,
			got.Endpoints[2].Request == base.Endpoints[2].Request,
		}
		if want := [4]bool{row.curve, row.around, row.a, row.b}; same != want {
			t.Errorf("%s: curve, around, a and b the same: %v, want %v", row.name, same, want)
		}
	}
}
