package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/plan"
)

// A run keeps the times to the first byte that a rule of its profile limits, and no others.
func TestFirstBytes(t *testing.T) {
	for _, row := range []struct {
		rules string
		want  []int
	}{
		{`{x: {endpoints: "*", p95: 1s}}`, nil},
		{`{x: {endpoints: GET /b, time_to_first_byte_p95: 1s}}`, []int{1}},
		{`{x: {endpoints: GET /b, time_to_first_byte_mean: 1s}, ` +
			`y: {endpoints: buy, time_to_first_byte_p95: 1s}, ` +
			`z: {endpoints: GET /*, time_to_first_byte_p99: 1s}}`, []int{0, 1, 2, 3}},
		{`{x: {endpoints: GET /b, profiles: large, time_to_first_byte_p95: 1s}}`, nil},
		{`{x: {endpoints: "*", except: {endpoint: GET /a, reason: slow}, time_to_first_byte_p95: 1s}}`, []int{0, 1, 2}},
	} {
		s := decode(t, `
version: 1
target: {url: http://localhost:8000}
profiles: {small: {users: 10, spawn_rate: 10/s, duration: 2m}, large: {users: 20, spawn_rate: 10/s, duration: 2m}}
users: {g: {wait: 1s, steps: [GET /a, GET /b, {transaction: buy, steps: [GET /c]}]}}
thresholds: `+row.rules)
		p := newPlan(t, s, plan.Options{Profile: "small"})
		if d := cmp.Diff(row.want, p.FirstBytes()); d != "" {
			t.Errorf("%s (-want +got):\n%s", row.rules, d)
		}
	}
}
