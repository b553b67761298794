package gate_test

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/verdict"
)

// recordedRuns are real runs of known truth: testdata/recorded/README.md.
const recordedRuns = "../../testdata/recorded"

var recordedClean = []string{"aa1", "aa2", "aa3", "aa4", "aa5", "aa6", "aa7", "aa8", "sw-auth"}

func recorded(t testing.TB, name string) *result.Result {
	t.Helper()
	f, err := os.Open(filepath.Join(recordedRuns, name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r, err := result.Decode(unpacked, name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func recordedFile(t testing.TB) *config.Config {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(recordedRuns, "thresholds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{"DATABASE_URL": "postgres://u@127.0.0.1/x", "REDIS_URL": "redis://127.0.0.1"}
	s, err := thresholds.Decode(src, "thresholds.yaml", thresholds.Options{Getenv: func(name string) (string, bool) {
		value, ok := environment[name]
		return value, ok
	}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRecordedCleanRuns: nothing was wrong with the service, and every value is
// at most half of its limit.
func TestRecordedCleanRuns(t *testing.T) {
	s := recordedFile(t)
	for _, name := range recordedClean {
		if v := gate.Judge(evidence.Input{Result: recorded(t, name), Config: s}); v.Final() != verdict.Pass &&
			v.Final() != verdict.Warn {
			t.Errorf("%s: %v, want a pass:%s", name, v.Final(), list(v))
		}
	}
}

func TestRecordedFaults(t *testing.T) {
	s := recordedFile(t)
	for _, row := range []struct{ name, rule, reason string }{
		{"sw-pool2", "every endpoint", "p95 is"},
		{"sw-burn", "dashboard", "p95 is"},
		{"sw-drift", "dashboard", "p95 is"},
		{"sw-n1", "user queries", "p95 is"},
		{"sw-err", "every endpoint", "success is 97.9%"},
		{"sw-limit", "every endpoint", "success is"},
		{"fm-redis", "every endpoint", "success is 89%"},
		{"fm-pg", "every endpoint", "success is"},
	} {
		v := gate.Judge(evidence.Input{Result: recorded(t, row.name), Config: s})
		found := false
		for _, c := range v.Checks {
			found = found || c.Outcome == verdict.Fail && c.Rule == row.rule &&
				strings.Contains(wording.Reason(c), row.reason)
			if c.Metric.Share() && strings.Contains(wording.Reason(c)+wording.Remedy(c), "too close to tell apart") {
				t.Errorf("%s: %s: %s", row.name, wording.Reason(c), wording.Remedy(c))
			}
		}
		if !found {
			t.Errorf("%s: %s does not fail with %q:%s", row.name, row.rule, row.reason, list(v))
		}
	}
}

// TestRecordedMargins gives every rule on a p95 a limit of some times the value
// that the run itself has.
func TestRecordedMargins(t *testing.T) {
	for _, row := range []struct {
		times     float64
		undecided int // runs of the eight that may be
	}{{10, 0}, {5, 0}, {3, 0}, {2, 2}} {
		undecided := []string{}
		for _, name := range recordedClean[:8] {
			s, r := recordedFile(t), recorded(t, name)
			s.Rules = scaled(t, s.Rules, r, row.times)
			if v := gate.Judge(evidence.Input{Result: r, Config: s}); v.Outcome() == verdict.Inconclusive {
				undecided = append(undecided, name)
			} else if v.Outcome() == verdict.Fail {
				t.Errorf("%s at %g times the value fails:%s", name, row.times, list(v))
			}
		}
		if len(undecided) > row.undecided {
			t.Errorf("at %g times the value %v are undecided, want at most %d", row.times, undecided, row.undecided)
		}
	}
}

// scaled sets each rule's limit on the p95 to so many times that of all of its
// requests together.
func scaled(t testing.TB, rules []config.Rule, r *result.Result, times float64) []config.Rule {
	t.Helper()
	var all []config.Rule
	for _, rule := range rules {
		together := rule
		together.Scope = config.Combined
		v := gate.Judge(evidence.Input{Result: r, Config: &config.Config{Rules: []config.Rule{together},
			Judge: config.Judge{Confidence: .95}}})
		limits := append([]config.Limit(nil), rule.Limits...)
		for i, l := range limits {
			if l.Metric != metric.P95 {
				continue
			}
			for _, c := range v.Checks {
				if c.Rule == rule.Name && c.Metric == metric.P95 && c.Got.OK {
					limits[i] = config.Limit{Metric: l.Metric,
						Unit: l.Unit, Pos: l.Pos, HasFail: true, Fail: times * c.Got.Value}
				}
			}
		}
		rule.Limits = limits
		all = append(all, rule)
	}
	if len(all) == 0 {
		t.Fatalf("no rules for %s", r.Name)
	}
	return all
}
