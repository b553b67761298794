package gate_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Ten earlier runs of eight endpoints: what comes of a new run, and of its
// confirmation.
func TestJudgeAgainstEarlierRuns(t *testing.T) {
	terms := func(name string, most float64) func(*config.Config) {
		return func(s *config.Config) { s.Baseline.Policy = allows(t, name, most) }
	}
	none := func(patterns ...string) func(*config.Config) {
		return func(s *config.Config) {
			s.Rules = append(s.Rules, config.Rule{Name: "own", Patterns: patterns, Policy: &config.RegressionPolicy{}})
		}
	}
	tests := []struct {
		name       string
		n          int // endpoints; 0: eight
		cv         float64
		edit       func(*config.Config)
		today      speed
		change     func(*run) // of the first run
		again      speed      // nil: no confirmation
		changed    func(*run) // of the confirmation
		outcome    verdict.Outcome
		suspicious bool
		findings   []string
	}{
		{name: "unchanged", today: usual, outcome: verdict.Pass},
		{name: "faster", today: all(0.6), outcome: verdict.Pass},
		{name: "one endpoint slower", today: slow(1.6, "GET /c"),
			outcome: verdict.Fail, suspicious: true, findings: []string{"FAIL p95 GET /c"}},
		{name: "one of four slower", n: 4, today: slow(1.6, "GET /c"),
			outcome: verdict.Fail, suspicious: true, findings: []string{"FAIL p95 GET /c"}},
		{name: "the only one slower", n: 1, cv: 0.03, today: slow(1.6, "GET /a"),
			outcome: verdict.Fail, suspicious: true, findings: []string{"FAIL p95 GET /a"}},
		{name: "a quiet history", cv: 0.03, today: slow(1.2, "GET /h"),
			outcome: verdict.Fail, suspicious: true, findings: []string{"FAIL p95 GET /h"}},
		{name: "one run decides", edit: func(s *config.Config) { s.Baseline.Confirm = false },
			today:   slow(1.6, "GET /c"),
			outcome: verdict.Fail, findings: []string{"FAIL p95 GET /c"}},
		{name: "confirmed", today: slow(1.6, "GET /c"), again: slow(1.6, "GET /c"),
			outcome: verdict.Fail, findings: []string{"FAIL p95 GET /c"}},
		{name: "not confirmed", today: slow(1.6, "GET /c"), again: usual,
			outcome: verdict.Warn, findings: []string{"WARN p95 GET /c"}},
		{name: "confirmed elsewhere", today: slow(1.6, "GET /c"), again: slow(1.6, "GET /d"),
			outcome: verdict.Warn, findings: []string{"WARN p95 GET /c", "WARN p95 GET /d"}},
		{name: "an odd confirmation", cv: 0.05, today: slow(1.3, "GET /c"),
			again: all(2), outcome: verdict.Warn, findings: []string{"WARN p95 all 8 endpoints", "WARN p95 GET /c"}},
		{name: "an odd first run", today: all(2), again: usual,
			outcome: verdict.Warn, findings: []string{"WARN p95 all 8 endpoints"}},
		{name: "an odd first run of few endpoints", n: 2, cv: 0.03, today: all(2), again: usual,
			outcome: verdict.Warn, findings: []string{"WARN p95 GET /a", "WARN p95 GET /b"}},
		{name: "an odd first run of three endpoints", n: 3, cv: 0.03, today: all(2), again: usual,
			outcome: verdict.Warn, findings: []string{"WARN p95 3 of 3 endpoints"}},
		{name: "a late first run, and a normal one", today: all(2), change: late, again: usual, outcome: verdict.Warn},
		{name: "a late normal run, and a slow one", today: usual,
			change: late, again: slow(1.6, "GET /c"), outcome: verdict.Fail, findings: []string{"FAIL p95 GET /c"}},
		{name: "late, by what explains it", today: slow(1.6, "GET /c"), change: late, outcome: verdict.Warn,
			findings: []string{"WARN p95 GET /c"}},
		{name: "late, by what does not explain it", today: slow(5, "GET /c"), change: late, outcome: verdict.Fail,
			suspicious: true, findings: []string{"FAIL p95 GET /c"}},
		{name: "late, by what explains a part of it", cv: 0.08,
			today: slow(2.42, "GET /c"), change: late, outcome: verdict.Warn,
			suspicious: true,
			findings:   []string{"WARN p95 GET /c"}},
		{name: "late, strict", edit: func(s *config.Config) {
			s.Baseline.Policy = allows(t, "p95",
				0.5)
			s.Baseline.Policy.Strict = true
		},
			today: slow(1.6, "GET /c"), change: late, outcome: verdict.Inconclusive,
			findings: []string{"INCONCLUSIVE p95 GET /c"}},
		{name: "late, and all slower by what explains it", today: all(1.3), change: late, outcome: verdict.Warn,
			findings: []string{"WARN p95 all 8 endpoints"}},
		{name: "late, and all slower by what does not", today: all(6),
			change: late, outcome: verdict.Fail, suspicious: true,
			findings: []string{"FAIL p95 all 8 endpoints"}},
		{name: "late, and many slower", today: slow(1.5, "GET /a", "GET /b", "GET /c"), cv: 0.03, change: late,
			outcome:  verdict.Warn,
			findings: []string{"WARN p95 3 of 8 endpoints"}},
		{name: "overrun", today: slow(5, "GET /c"), change: overrun, outcome: verdict.Inconclusive, suspicious: true,
			findings: []string{"INCONCLUSIVE p95 GET /c"}},
		{name: "late twice", today: slow(5, "GET /c"), change: late, again: slow(5, "GET /c"), changed: late,
			outcome: verdict.Fail, findings: []string{"FAIL p95 GET /c"}},
		{name: "late, and confirmed by a run that was not", today: slow(1.6, "GET /c"), change: late, again: slow(1.6,
			"GET /c"), outcome: verdict.Fail,
			findings: []string{"FAIL p95 GET /c"}},
		{name: "an interrupted confirmation", today: slow(1.6, "GET /c"),
			again: slow(1.6, "GET /c"), changed: interrupted,
			outcome: verdict.Inconclusive, findings: []string{"INCONCLUSIVE p95 GET /c"}},
		{name: "a late confirmation", today: slow(1.6, "GET /c"), again: slow(1.6, "GET /c"), changed: late,
			outcome: verdict.Warn, findings: []string{"WARN p95 GET /c"}},
		{name: "a late confirmation that stands", today: slow(5, "GET /c"), again: slow(5, "GET /c"), changed: late,
			outcome: verdict.Fail, findings: []string{"FAIL p95 GET /c"}},
		{name: "an overrun confirmation", today: slow(5, "GET /c"), again: slow(5, "GET /c"), changed: overrun,
			outcome: verdict.Inconclusive, findings: []string{"INCONCLUSIVE p95 GET /c"}},
		{name: "a late confirmation of nothing", today: usual, again: usual, changed: late, outcome: verdict.Pass},
		{name: "certain, and allowed", cv: 0.01, edit: terms("p95", 0.5),
			today: slow(1.3, "GET /c"), again: slow(1.3, "GET /c"),
			outcome: verdict.Warn, findings: []string{"WARN p95 GET /c"}},
		{name: "all slower", today: all(1.3), outcome: verdict.Fail,
			suspicious: true, findings: []string{"FAIL p95 all 8 endpoints"}},
		{name: "all slower, confirmed", today: all(1.3), again: all(1.3),
			outcome: verdict.Fail, findings: []string{"FAIL p95 all 8 endpoints"}},
		{name: "all slower, and one more", today: func(name string) float64 { return 1.3 * slow(1.7, "GET /c")(name) },
			outcome: verdict.Fail, suspicious: true,
			findings: []string{"FAIL p95 all 8 endpoints", "FAIL p95 GET /c"}},
		{name: "all slower by what a rule allows all", cv: 0.01, today: all(1.3),
			edit: func(s *config.Config) {
				own := allows(t, "p95", 0.5)
				s.Rules = append(s.Rules, config.Rule{Name: "own", Patterns: []string{"*"}, Policy: &own})
			}, again: all(1.3), outcome: verdict.Warn, findings: []string{"WARN p95 all 8 endpoints"}},
		{name: "all slower by what a rule allows one", cv: 0.01, today: all(1.3), again: all(1.3),
			edit: func(s *config.Config) {
				own := allows(t, "p95", 0.5)
				s.Rules = append(s.Rules, config.Rule{Name: "own", Patterns: []string{"GET /a"}, Policy: &own})
			}, outcome: verdict.Fail, findings: []string{"FAIL p95 all 8 endpoints"}},
		{name: "hardly slower again", n: 4, cv: 0.01, today: slow(2, "GET /c"),
			again: slow(1.03, "GET /c"), outcome: verdict.Warn, findings: []string{"WARN p95 GET /c"}},
		{name: "all but one faster", cv: 0.02,
			today: func(name string) float64 { return slow(1/0.7, "GET /c")(name) * 0.7 }, outcome: verdict.Warn,
			findings: []string{"WARN p95 GET /c"}},
		{name: "strict, with a noisy history", cv: 0.15,
			edit: func(s *config.Config) {
				s.Baseline.Policy = allows(t, "p95", 0.2)
				s.Baseline.Policy.Strict = true
			},
			today: usual, n: 2, outcome: verdict.Inconclusive,
			findings: []string{"INCONCLUSIVE p95 GET /a", "INCONCLUSIVE p95 GET /b"}},
		{name: "strict, with a noisy history of many", cv: 0.15,
			edit: func(s *config.Config) {
				s.Baseline.Policy = allows(t, "p95", 0.2)
				s.Baseline.Policy.Strict = true
			},
			today: usual, n: 5, outcome: verdict.Inconclusive, findings: []string{"INCONCLUSIVE p95 all 5 endpoints",
				"INCONCLUSIVE p95 GET /a", "INCONCLUSIVE p95 GET /b",
				"INCONCLUSIVE p95 GET /c", "INCONCLUSIVE p95 GET /d", "INCONCLUSIVE p95 GET /e"}},
		{name: "strict, with a quiet history", cv: 0.02,
			edit: func(s *config.Config) {
				s.Baseline.Policy = allows(t, "p95", 0.2)
				s.Baseline.Policy.Strict = true
			},
			today: usual, n: 2, outcome: verdict.Pass},
		{name: "strict, with a noisy history, and slower", cv: 0.15, today: slow(1.5, "GET /a"), again: usual, n: 1,
			edit: func(s *config.Config) {
				s.Baseline.Policy = allows(t, "p95", 0.2)
				s.Baseline.Policy.Strict = true
			},
			outcome: verdict.Inconclusive, findings: []string{"INCONCLUSIVE p95 GET /a"}},
		{name: "not compared", edit: none("GET /c"), today: slow(1.6, "GET /c"), outcome: verdict.Pass},
		{name: "not compared at all", edit: none("*"), today: all(2), outcome: verdict.Pass},
		{name: "a rule that allows more", today: slow(1.6, "GET /c"),
			again: slow(1.6, "GET /c"), edit: func(s *config.Config) {
				own := allows(t, "p95", 0.8)
				s.Rules = append(s.Rules, config.Rule{Name: "own", Patterns: []string{"GET /c"}, Policy: &own})
			}, outcome: verdict.Warn, findings: []string{"WARN p95 GET /c"}},
		{name: "a rule that allows less", cv: 0.02, today: slow(1.3, "GET /c", "GET /d"), edit: func(s *config.Config) {
			own := allows(t, "p95", 0.1)
			s.Baseline.Policy, s.Baseline.Confirm = allows(t, "p95", 0.5), false
			s.Rules = append(s.Rules, config.Rule{Name: "own", Patterns: []string{"GET /c"}, Policy: &own})
		}, outcome: verdict.Fail, findings: []string{"FAIL p95 GET /c", "WARN p95 GET /d"}},
		{name: "a rule of another profile", today: slow(1.6, "GET /c"), edit: func(s *config.Config) {
			own := allows(t, "p95", 0.8)
			s.Rules = append(s.Rules,
				config.Rule{Name: "own", Patterns: []string{"GET /c"}, Policy: &own, Profiles: []string{"large"}})
		}, outcome: verdict.Fail, suspicious: true, findings: []string{"FAIL p95 GET /c"}},
		{name: "three that are not confirmed", cv: 0.03, today: slow(1.4, "GET /a", "GET /c", "GET /e"), again: usual,
			outcome: verdict.Warn, findings: []string{"WARN p95 3 of 8 endpoints"}},
		{name: "two that are not confirmed", cv: 0.03, today: slow(1.4, "GET /a", "GET /c"), again: usual,
			outcome: verdict.Warn, findings: []string{"WARN p95 GET /a", "WARN p95 GET /c"}},
		{name: "stopped", today: slow(1.6, "GET /c"),
			change: func(r *run) { r.End, r.Elapsed = result.Stopped, 50*time.Second }, outcome: verdict.Pass},
		{name: "stopped, strict", today: slow(1.6, "GET /c"),
			change:  func(r *run) { r.End, r.Elapsed = result.Stopped, 50*time.Second },
			edit:    func(s *config.Config) { s.Baseline.MissingStrict = true },
			outcome: verdict.Inconclusive, findings: []string{"INCONCLUSIVE  earlier runs"}},
		{name: "cut short", today: slow(1.6, "GET /c"),
			change: func(r *run) { r.End, r.Elapsed = result.Cut, 50*time.Second }, outcome: verdict.Inconclusive},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, cv := tt.n, tt.cv
			if n == 0 {
				n = 8
			}
			if cv == 0 {
				cv = 0.06
			}
			s := compared(t)
			if tt.edit != nil {
				tt.edit(s)
			}
			make := func(of speed, change func(*run)) *result.Result {
				r := shop(n, of)
				if change != nil {
					change(r)
				}
				return r.result(t)
			}
			var again *result.Result
			if tt.again != nil {
				again = make(tt.again, tt.changed)
			}
			v := held(t, s, earlier(t, shop(n, usual).result(t), 1, 10, cv), make(tt.today, tt.change), again)
			if v.Outcome() != tt.outcome || v.Suspicious() != tt.suspicious {
				t.Errorf("Judge(...) = %v, suspicious %v, want %v, %v%s",
					v.Outcome(), v.Suspicious(), tt.outcome, tt.suspicious, list(v))
			}
			compareFindings(t, v, tt.findings...)
			for _, c := range comparisons(v) {
				if c.Outcome != verdict.Pass &&
					(wording.Reason(c) == "" || strings.Contains(wording.Reason(c)+wording.Remedy(c), "NaN") ||
						c.Pos.Line == 0) {
					t.Errorf("words: %q, %q at %v", wording.Reason(c), wording.Remedy(c), c.Pos)
				}
			}
		})
	}
}

// One slower endpoint is found by its name in most histories, whatever their
// scatter, and unchanged code passes.
func TestJudgeAgainstManyHistories(t *testing.T) {
	clean, worse := shop(8, usual).result(t), shop(8, slow(1.6, "GET /c")).result(t)
	s := compared(t)
	s.Baseline.Confirm = false
	for _, cv := range []float64{0.03, 0.05, 0.08} {
		for seed := range uint64(5) {
			runs := earlier(t, clean, 100+seed, 10, cv)
			if v := held(t, s, runs, clean, nil); v.Outcome() != verdict.Pass {
				t.Errorf("CV %g, seed %d: unchanged code = %v%s", cv, seed, v.Outcome(), list(v))
			}
			v := held(t, s, runs, worse, nil)
			if diff := cmp.Diff([]string{"FAIL p95 GET /c"}, findings(v)); diff != "" {
				t.Errorf("CV %g, seed %d (-want +got):\n%s", cv, seed, diff)
			}
		}
	}
}

// What a finding says of its numbers.
func TestComparisonTells(t *testing.T) {
	today := shop(8, slow(1.6, "GET /c")).result(t)
	again := shop(8, slow(1.5, "GET /c")).result(t)
	runs := earlier(t, shop(8, usual).result(t), 1, 10, 0.05)
	base := 0.0
	for _, r := range runs {
		f, _ := r.Figure("GET /c", false, metric.P95)
		base += math.Log(f.Value) / 10
	}
	base = math.Exp(base)
	c := about(t, held(t, compared(t), runs, today, again), "GET /c", metric.P95)
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got/want-1) > 1e-9 {
			t.Errorf("%s = %v, want %v", what, got, want)
		}
	}
	k := c.Comparison
	near("Base", k.Base.Value, base)
	near("Limit", c.Limit.Value, base*1.05)
	near("Change", 1+k.Change, math.Sqrt(c.Got.Value*k.Again.Value)/base)
	if k.Kind != verdict.EarlierRuns || k.Runs != 10 || !k.Gated || k.Suspicious || c.Requests != 300 {
		t.Errorf("comparison = %+v of %d requests", k, c.Requests)
	}
	if low, high := k.Low.Value, k.High.Value; !(low < base && base < high && high < k.Again.Value) {
		t.Errorf("unchanged code would take %v to %v, base %v, again %v", low, high, base, k.Again.Value)
	}
	if k.Detectable < 0.1 || k.Detectable > 0.5 {
		t.Errorf("detectable = %v of a history of 5 %%", k.Detectable)
	}
	said(t, "Reason", wording.Reason(c), fmt.Sprintf("p95 is %s, and %s in the confirmation run: ", c.Got, k.Again))
	said(t, "Reason", wording.Reason(c),
		fmt.Sprintf("above the %s of 10 earlier runs, and 5%% is allowed; unchanged code would take %s to %s",
			k.Base, k.Low, k.High))
	said(t, "Remedy", wording.Remedy(c),
		"look at what changed since commit 10fedcba98; if it is meant to be so: loadgate baseline accept")
}

// Words of findings that are no failures.
func TestComparisonWords(t *testing.T) {
	clean := shop(8, usual).result(t)
	slower := func(change func(*run)) *result.Result {
		r := shop(8, slow(1.6, "GET /c"))
		if change != nil {
			change(r)
		}
		return r.result(t)
	}
	lateClean := shop(8, usual)
	late(lateClean)
	mild := shop(8, slow(1.25, "GET /c")).result(t)
	runs := earlier(t, clean, 1, 10, 0.06)
	once := func(s *config.Config) { s.Baseline.Confirm = false }
	for _, tt := range []struct {
		name         string
		edit         func(*config.Config)
		today, again *result.Result
		subject      string
		reason       string
		remedy       string
	}{
		{"not confirmed", nil, slower(nil), clean, "GET /c", "; the confirmation run did not confirm it",
			"if the next runs say so too"},
		{"not proven", once, mild, nil, "GET /c", "; one run does not prove it", "if the next runs say so too"},
		{"not proven beside a late run", nil, lateClean.result(t),
			mild, "GET /c", "; one run does not prove it, and the generator of the first was late", "next runs"},
		{"late", nil, slower(late), nil, "GET /c",
			"above the 64.5ms of 10 earlier runs, by 39.9ms; the generator was late by up to 40ms, which may explain " +
				"up to 80ms: not compared", "with loadgate ab"},
		{"late, by what does not explain it", nil, asked(8, 300, slow(5, "GET /c")).with(late).result(t), nil, "GET /c",
			"; the generator was late, which cannot explain it", "look at what changed"},
		{"overrun", nil, slower(overrun), nil, "GET /c", "; the generator was late and may be the reason",
			"more CPU, lower the load, or split the run into shards; then run again"},
		{"interrupted", nil, slower(nil), slower(interrupted),
			"GET /c", "; the run that was to confirm it did not come to its end", "run it again"},
		{"late confirmation", nil, slower(nil), slower(late), "GET /c",
			"; the generator was late by up to 40ms, which may explain up to 80ms: not compared", "with loadgate ab"},
		{"overrun confirmation", nil, slower(nil), slower(overrun), "GET /c",
			"; the run that was to confirm it says nothing: its generator was late", "run it again"},
		{"left behind", nil, shop(8, func(name string) float64 { return 0.7 * slow(1/0.7, "GET /c")(name) }).result(t),
			nil, "GET /c",
			"; all endpoints together became faster, and this one stayed behind",
			"what it does that the others do not"},
		{"more than all", nil, shop(8, func(name string) float64 { return 1.3 * slow(3, "GET /c")(name) }).result(t),
			nil, "GET /c",
			"; all endpoints together rose, and with that unchanged code would take ", "look at what changed"},
		{"all", nil, shop(8, all(1.3)).result(t), nil, "all 8 endpoints",
			"above that of 10 earlier runs, and 5% is allowed; it is the machine, or a cause that they share",
			"compare both builds on one machine with loadgate ab"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := compared(t)
			if tt.edit != nil {
				tt.edit(s)
			}
			c := about(t, held(t, s, runs, tt.today, tt.again), tt.subject, metric.P95)
			said(t, "Reason", wording.Reason(c), tt.reason)
			said(t, "Remedy", wording.Remedy(c), tt.remedy)
		})
	}
}

// Without a section, or without a history, nothing is compared. With too little
// of one that is said, and what was left out and why.
func TestJudgeWithoutAPast(t *testing.T) {
	today := shop(8, usual).result(t)
	runs := earlier(t, today, 1, 10, 0.05)
	odd := slices.Clone(runs[:5])
	odd[0].Base, odd[1].Base, odd[2].End = baseline.Failed, baseline.Late, result.Cut
	branches := slices.Clone(runs[:2])
	branches[0].Origin.Branch = "feature"
	branches[1].Origin.Branch = "main"
	for _, tt := range []struct {
		name    string
		runs    []baseline.Run
		edit    func(*config.Config)
		outcome verdict.Outcome
		reason  string
	}{
		{"none", nil, nil, verdict.Pass, "not compared: a comparison needs 3 earlier runs, and has 0"},
		{"one", runs[:1], nil, verdict.Pass, "not compared: a comparison needs 3 earlier runs, and has 1"},
		{"two", runs[:2], nil, verdict.Pass, "not compared: a comparison needs 3 earlier runs, and has 2"},
		{"two, strict", runs[:2], func(s *config.Config) { s.Baseline.MissingStrict = true },
			verdict.Inconclusive, ", and has 2"},
		{"others that do not count", odd, nil, verdict.Pass,
			"needs 3 earlier runs, and has 2 (not counted: 1 not run to their end, 1 that failed, 1 whose " +
				"generator was too late)"},
		{"of another branch", branches, func(s *config.Config) { s.Baseline.Branch = "main" },
			verdict.Pass, "needs 3 earlier runs, and has 1 (not counted: 1 of another branch)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := compared(t)
			if tt.edit != nil {
				tt.edit(s)
			}
			v := held(t, s, tt.runs, today, nil)
			got := comparisons(v)
			if len(got) != 1 || v.Outcome() != tt.outcome || v.Suspicious() {
				t.Fatalf("Judge(...) = %v, want %v by one comparison%s", v.Outcome(), tt.outcome, list(v))
			}
			c := got[0]
			said(t, "Reason", wording.Reason(c), tt.reason)
			said(t, "Remedy", wording.Remedy(c), "loadgate run --record")
			if c.Subject != "earlier runs" || c.Outcome != tt.outcome || c.Pos.Line != 3 {
				t.Errorf("check = %+v", c)
			}
		})
	}
	t.Run("no section", func(t *testing.T) {
		s := compared(t)
		s.Baseline = config.Baseline{}
		if v := held(t, s, runs, shop(8, all(2)).result(t), nil); len(comparisons(v)) != 0 ||
			v.Outcome() != verdict.Pass {
			t.Errorf("Judge(...) = %v%s", v.Outcome(), list(v))
		}
	})
	t.Run("not at its end", func(t *testing.T) {
		if v := gate.Judge(evidence.Input{Result: today, Config: compared(t)}); len(comparisons(v)) != 0 {
			t.Errorf("compared with nothing:%s", list(v))
		}
	})
}

// A run that was ended early is not compared, and says so.
func TestJudgeStoppedRunIsNotCompared(t *testing.T) {
	clean, r := shop(8, usual).result(t), shop(8, slow(1.6, "GET /c"))
	r.End, r.Elapsed = result.Stopped, 50*time.Second
	got := comparisons(held(t, compared(t), earlier(t, clean, 1, 10, 0.05), r.result(t), nil))
	if len(got) != 1 || got[0].Outcome != verdict.Pass {
		t.Fatalf("comparisons = %+v, want one that passes", got)
	}
	said(t, "Reason", wording.Reason(got[0]), "not compared: the run was ended early")
	said(t, "Remedy", wording.Remedy(got[0]), "judge.stop_on_pass")
}

// Nothing is confirmed where something else fails already.
func TestJudgeConfirmsNoLostCase(t *testing.T) {
	clean, today := shop(8, usual).result(t), shop(8, slow(1.6, "GET /c")).result(t)
	s := compared(t)
	s.Rules[0].Limits = append(s.Rules[0].Limits, limit(t, "p50", ms(40)))
	if v := held(t, s, earlier(t, clean, 1, 10, 0.05), today, nil); v.Outcome() != verdict.Fail || v.Suspicious() {
		t.Errorf("Judge(...) = %v, suspicious %v, want FAIL, false", v.Outcome(), v.Suspicious())
	}
}

// Three earlier runs are enough to see what is plain.
func TestJudgeAgainstThree(t *testing.T) {
	clean := shop(8, usual).result(t)
	runs := earlier(t, clean, 3, 3, 0.02)
	compareFindings(t, held(t, compared(t), runs, shop(8, slow(2, "GET /c")).result(t), nil), "FAIL p95 GET /c")
	compareFindings(t, held(t, compared(t), runs, clean, nil))
}

// The p50 and p99 are reported, and warn; where the file names them they fail, and
// then what it does not name is only reported.
func TestJudgeOtherMetrics(t *testing.T) {
	often := func(of speed) *result.Result { return asked(8, 600, of).result(t) } // a p99 alone takes 500
	clean, worse := often(usual), often(slow(1.6, "GET /c"))
	runs := earlier(t, clean, 2, 10, 0.04)
	p50, p99 := limit(t, "p50", 0).Metric, limit(t, "p99", 0).Metric
	for _, tt := range []struct {
		named string
		want  map[metric.Metric]verdict.Outcome
	}{
		{"p95", map[metric.Metric]verdict.Outcome{metric.P95: verdict.Fail, p50: verdict.Warn, p99: verdict.Warn}},
		{"p99", map[metric.Metric]verdict.Outcome{metric.P95: verdict.Warn, p50: verdict.Warn, p99: verdict.Fail}},
		{"mean", map[metric.Metric]verdict.Outcome{metric.P95: verdict.Warn,
			p50: verdict.Warn, p99: verdict.Warn, metric.Mean: verdict.Fail}},
	} {
		s := compared(t)
		s.Baseline.Policy = allows(t, tt.named, 0.1)
		v := held(t, s, runs, worse, worse)
		for m, want := range tt.want {
			c := about(t, v, "GET /c", m)
			if c.Outcome != want || c.Comparison.Gated != (m.Name() == tt.named) {
				t.Errorf("%s limited: %s = %v, gated %v, want %v",
					tt.named, m.Name(), c.Outcome, c.Comparison.Gated, want)
			}
			if want == verdict.Warn {
				said(t, "Reason", wording.Reason(c), "; the file does not limit it")
			}
		}
		if quiet := about(t, v, "GET /d", metric.P95); quiet.Outcome != verdict.Pass || wording.Reason(quiet) != "" {
			t.Errorf("%s limited: GET /d = %+v", tt.named, quiet)
		}
	}
	s := compared(t)
	s.Baseline.Policy = allows(t, "mean", 0.1)
	if v := held(t, s, runs, worse, nil); !v.Suspicious() {
		t.Errorf("a slower mean asks for no confirmation%s", list(v))
	}
	if v := held(t, compared(t), runs, often(usual), nil); v.Suspicious() {
		t.Errorf("nothing is slower, and a confirmation asked for%s", list(v))
	}
}

// thinned is a run of n endpoints of which one, or all for "", answers a share
// of its usual requests.
func thinned(n int, name string, part float64) *run {
	r := newRun(60)
	r.users(20)
	for e := range n {
		requests := 300
		if letter(e) == name || name == "" {
			requests = int(part * 300)
		}
		r.steady(letter(e), requests, 10*time.Millisecond, 30*time.Millisecond)
	}
	return r
}

// A throughput that falls fails where the file names it, by as much as it
// allows: half as many is a fall by 50 %.
func TestJudgeThroughputAgainstEarlierRuns(t *testing.T) {
	clean := thinned(8, "", 1).result(t)
	runs := earlier(t, clean, 4, 10, 0.02)
	for _, tt := range []struct {
		name, subject string
		named         float64 // 0: the file does not
		part          float64
		outcome       verdict.Outcome
	}{
		{"unnamed", "GET /c", 0, 0.6, verdict.Warn},
		{"named", "GET /c", 0.1, 0.6, verdict.Fail},
		{"as allowed", "GET /c", 0.5, 0.6, verdict.Warn},
		{"more than allowed", "GET /c", 0.3, 0.6, verdict.Fail},
		{"unchanged", "GET /c", 0.1, 1, verdict.Pass},
		{"more", "GET /c", 0.1, 1.3, verdict.Pass},
		{"all", "", 0.1, 0.6, verdict.Fail},
		{"all, as allowed", "", 0.5, 0.6, verdict.Warn},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := compared(t)
			if tt.named > 0 {
				s.Baseline.Policy = allows(t, "throughput", tt.named)
			}
			today := thinned(8, tt.subject, tt.part).result(t)
			subject := tt.subject
			if subject == "" {
				subject = "all 8 endpoints"
			}
			c := about(t, held(t, s, runs, today, today), subject, metric.Throughput)
			k := c.Comparison
			if c.Outcome != tt.outcome || math.Abs(k.Change-(tt.part-1)) > 0.03 {
				t.Errorf("throughput = %v, changed by %v, want %v, %v\n%s",
					c.Outcome, k.Change, tt.outcome, tt.part-1, wording.Reason(c))
			}
			if k.Detectable <= 0 || k.Detectable >= 0.5 {
				t.Errorf("detectable = %v of a history of 2 %%", k.Detectable)
			}
			if tt.outcome == verdict.Fail {
				said(t, "Reason", wording.Reason(c), "below ")
			}
			if tt.subject != "" && (k.Low.Value >= k.Base.Value || k.High.Value <= k.Base.Value) {
				t.Errorf("band %v to %v of %v", k.Low, k.High, k.Base)
			}
		})
	}
	strict := compared(t)
	strict.Baseline.Policy = allows(t, "throughput", 0.1)
	strict.Baseline.Policy.Strict = true
	c := about(t, held(t, strict, earlier(t, clean, 4, 10, 0.15), clean, nil), "GET /c", metric.Throughput)
	if c.Outcome != verdict.Inconclusive {
		t.Errorf("strict, with a noisy history = %v", c.Outcome)
	}
	said(t, "Reason", wording.Reason(c), "earlier runs scatter too much: only a fall of")
}

// What cannot be compared is reported, and never dropped.
func TestJudgeTellsWhoIsNotCompared(t *testing.T) {
	clean := shop(8, usual).result(t)
	without := func(of speed) *result.Result {
		r := shop(8, of).result(t)
		for i := range r.Endpoints {
			if r.Endpoints[i].Name == "GET /c" {
				r.Endpoints[i].Slots = nil
			}
		}
		return r
	}
	for _, tt := range []struct {
		name         string
		drop         int // of how many earlier runs GET /c is missing
		today, again *result.Result
		strict       bool
		outcome      verdict.Outcome
		subject      string
		reason       string
	}{
		{"young", 8, clean, nil, false, verdict.Pass, "1 of 8 endpoints", "have a p95 of GET /c"},
		{"young, strict", 8, clean, nil, true, verdict.Inconclusive, "1 of 8 endpoints", "have a p95 of GET /c"},
		{"new", 10, shop(8, slow(2, "GET /c")).result(t), nil,
			false, verdict.Pass, "1 of 8 endpoints", "have a p95 of GET /c"},
		{"lost", 0, without(usual), nil, false, verdict.Pass, "1 of 8 endpoints",
			"or not all new ones, have a p95 of GET /c"},
		{"lost, strict", 0, without(usual), nil, true, verdict.Inconclusive,
			"1 of 8 endpoints", "have a p95 of GET /c"},
		{"lost in the confirmation", 0, clean, without(usual),
			false, verdict.Pass, "1 of 8 endpoints", "have a p95 of GET /c"},
		{"slower, and lost in the confirmation", 0, shop(8, slow(1.6, "GET /c")).result(t),
			without(usual), false, verdict.Inconclusive, "GET /c",
			"; the run that was to confirm it has too few successful requests for a p95"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			runs := earlier(t, clean, 5, 10, 0.05)
			dropFrom(runs[:tt.drop], "GET /c")
			s := compared(t)
			s.Baseline.MissingStrict, s.Rules[0].Patterns = tt.strict, []string{"GET /a"}
			v := held(t, s, runs, tt.today, tt.again)
			c := about(t, v, tt.subject, metric.P95)
			if c.Outcome != tt.outcome || v.Outcome() != tt.outcome {
				t.Errorf("outcome = %v of %v, want %v%s", c.Outcome, v.Outcome(), tt.outcome, list(v))
			}
			if diff := cmp.Diff([]string{"GET /c"}, c.Endpoints); diff != "" {
				t.Errorf("Endpoints (-want +got):\n%s", diff)
			}
			said(t, "Reason", wording.Reason(c), tt.reason)
			said(t, "Remedy", wording.Remedy(c), "run")
			for _, other := range comparisons(v) {
				if other.Subject == "GET /d" && other.Metric == metric.P95 && other.Outcome != verdict.Pass {
					t.Errorf("GET /d = %v", other)
				}
			}
		})
	}
}

// A level that rose for good within the earlier runs is named with its run, and
// the runs before it no longer count. One that fell is no warning, and neither
// is one that is long past.
func TestJudgeNamesChangesOfLevel(t *testing.T) {
	clean := shop(8, usual).result(t)
	for _, tt := range []struct {
		name   string
		runs   int
		factor float64
		from   int
		warns  bool
		counts int
	}{
		{"rose", 24, 1.5, 14, true, 10},
		{"fell", 24, 1 / 1.5, 14, false, 10},
		{"steady", 24, 1, 14, false, 20},
		{"rose long ago", 40, 1.5, 10, false, 20},
		{"too few to see", 18, 1.5, 10, false, 18},
	} {
		t.Run(tt.name, func(t *testing.T) {
			runs := earlier(t, clean, 11, tt.runs, 0.03)
			for i := range runs {
				for f := range runs[i].Figures {
					if runs[i].Figures[f].Endpoint == "GET /c" && i >= tt.from {
						runs[i].Figures[f].Value *= tt.factor
					}
				}
			}
			v := held(t, compared(t), runs, shop(8, slow(tt.factor, "GET /c")).result(t), nil)
			at := slices.IndexFunc(v.Checks, func(c verdict.Check) bool { return c.Subject == "change of level" })
			if (at >= 0) != tt.warns {
				t.Fatalf("warns %v, want %v%s", at >= 0, tt.warns, list(v))
			}
			c := about(t, v, "GET /c", metric.P95)
			if c.Comparison.Runs != tt.counts {
				t.Errorf("%d runs count, want %d", c.Comparison.Runs, tt.counts)
			}
			if d := about(t, v, "GET /d", metric.P95); d.Comparison.Runs != min(20, tt.runs) {
				t.Errorf("%d runs count for an endpoint that did not change, want %d",
					d.Comparison.Runs, min(20, tt.runs))
			}
			if !tt.warns {
				return
			}
			warning := v.Checks[at]
			said(t, "Reason", wording.Reason(warning),
				"the p95 rose for good with run run-15 (2026-02-19, commit 15fedcba98): GET /c from ")
			said(t, "Reason", wording.Reason(warning), "; runs before it no longer count")
			if warning.Outcome != verdict.Warn || c.Outcome != verdict.Pass || wording.Remedy(warning) == "" {
				t.Errorf("change of level = %v, GET /c = %v%s", warning.Outcome, c.Outcome, list(v))
			}
		})
	}
}
