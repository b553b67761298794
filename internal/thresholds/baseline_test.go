package thresholds_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/thresholds"
)

const compared = `version: 1
target: {url: http://localhost:8000}
profiles: {light: {users: 1, spawn_rate: 1/s, duration: 1m}, peak: {users: 9, spawn_rate: 1/s, duration: 1m}}
users: {g: {wait: 1s, steps: [GET /a, GET /b, {transaction: buy, steps: [GET /c]}]}}
thresholds:
  all: {endpoints: "*", p95: 1s}
`

// A file compares with earlier runs only where it says so, and says it all in
// a few words.
func TestBaseline(t *testing.T) {
	for _, tt := range []struct {
		name, section string
		want          config.Baseline
	}{
		{"none", "", config.Baseline{}},
		{"the defaults", "baseline: {last: 20}", config.Baseline{On: true, Last: 20, Confirm: true,
			Policy: config.RegressionPolicy{Regressions: []config.Regression{{Metric: metric.P95, Most: 0.05}}}}},
		{"everything", "baseline: {last: 10, branch: main, host: any, max_regression: {throughput: 5%, p95: 150%}, " +
			"confirm: false, strict: true, missing: inconclusive}",
			config.Baseline{On: true, Last: 10, Branch: "main", AnyHost: true, MissingStrict: true,
				Policy: config.RegressionPolicy{Strict: true,
					Regressions: []config.Regression{{Metric: metric.Throughput, Most: 0.05},
						{Metric: metric.P95, Most: 1.5}}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := decode(t, compared+tt.section, thresholds.Options{}).Baseline
			same := cmp.Comparer(func(a, b metric.Metric) bool { return a == b })
			if diff := cmp.Diff(tt.want, got, same, cmpopts.IgnoreTypes(mistake.Pos{})); diff != "" {
				t.Errorf("Baseline (-want +got):\n%s", diff)
			}
		})
	}
}

// The last rule that speaks of an endpoint says how much worse it may become.
func TestPolicyOf(t *testing.T) {
	s := decode(t, compared+`  a: {endpoints: "GET /a*", baseline: {max_regression: {p95: 20%}}}
  b: {endpoints: GET /b, p95: 1s, baseline: none}
  b at peak: {endpoints: GET /b, profiles: peak, baseline: {max_regression: {p95: 50%}}}
  buying: {endpoints: buy, baseline: {strict: true}}
baseline: {max_regression: {p95: 10%}}
`, thresholds.Options{})
	for _, tt := range []struct {
		endpoint    string
		transaction bool
		profile     string
		most        float64 // 0: not compared
		strict      bool
	}{
		{"GET /a", false, "light", 0.2, false},
		{"GET /b", false, "light", 0, false},
		{"GET /b", false, "peak", 0.5, false},
		{"GET /c", false, "light", 0.1, false},
		{"buy", true, "light", 0.1, true},
	} {
		got := s.PolicyOf(tt.endpoint, tt.transaction, tt.profile)
		most := 0.0
		if len(got.Regressions) > 0 {
			most = got.Regressions[0].Most
		}
		if most != tt.most || got.Strict != tt.strict {
			t.Errorf("PolicyOf(%q, %t, %q) = %v, want %g, strict %t",
				tt.endpoint, tt.transaction, tt.profile, got, tt.most, tt.strict)
		}
	}
}
