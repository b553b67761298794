package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

func TestValuesAndLimits(t *testing.T) {
	perMinute := func(v float64) verdict.Value { return rate(v/60, unit.PerSecond) }
	for _, c := range []struct {
		name         string
		check        verdict.Check
		value, limit string
	}{
		{"latency", verdict.Check{Metric: metric.P95, Got: ms(141.2), Low: ms(133), High: ms(150), Limit: ms(200)},
			"141ms (133–150)", "p95 < 200ms"},
		{"two units", verdict.Check{Metric: metric.P95, Got: ms(990), Low: ms(950), High: ms(1310), Limit: ms(1000)},
			"990ms (950ms–1.31s)", "p95 < 1s"},
		{"no upper end", verdict.Check{Metric: metric.P95, Got: ms(96), Low: ms(61), Limit: ms(200)},
			"96ms (≥ 61)", "p95 < 200ms"},
		{"no lower end", verdict.Check{Metric: metric.P95, Got: ms(96), High: ms(120), Limit: ms(200)},
			"96ms (≤ 120)", "p95 < 200ms"},
		{"no interval", verdict.Check{Metric: metric.Max, Got: ms(96), Limit: ms(200)}, "96ms", "max < 200ms"},
		{"narrow interval", verdict.Check{Metric: metric.P95, Got: ms(96), Low: ms(96), High: ms(96), Limit: ms(200)},
			"96ms (96)", "p95 < 200ms"},
		{"success", verdict.Check{Metric: metric.Success, Got: ratio(.999),
			Low: ratio(.998), High: ratio(1), Limit: ratio(.995)}, "99.9% (99.8–100)", "success ≥ 99.5%"},
		{"failures", verdict.Check{Metric: metric.FailureRate, Got: ratio(.02), Limit: ratio(.01)},
			"2%", "failure_rate < 1%"},
		{"rate in the limit's unit",
			verdict.Check{Metric: metric.Throughput, Got: perMinute(497.3), Low: perMinute(488),
				High: perMinute(507), Limit: rate(500./60, unit.PerMinute)}, "497/min (488–507)", "≥ 500/min"},
		{"large rate", verdict.Check{Metric: metric.Throughput, Got: rate(30213./86400, unit.PerSecond),
			Limit: rate(30000./86400, unit.PerDay)}, "30200/day", "≥ 30000/day"},
		{"missed by a hair", verdict.Check{Metric: metric.P95, Got: ms(200.4), Limit: ms(200)},
			"200.4ms", "p95 < 200ms"},
		{"rate missed by a hair", verdict.Check{Metric: metric.Throughput, Got: rate(29996./86400, unit.PerSecond),
			Limit: rate(30000./86400, unit.PerDay)}, "29996/day", "≥ 30000/day"},
		{"share missed by a hair", verdict.Check{Metric: metric.FailureRate, Got: ratio(.010004), Limit: ratio(.01)},
			"1.0004%", "failure_rate < 1%"},
		{"exactly at it", verdict.Check{Metric: metric.P95, Got: ms(200), Limit: ms(200)}, "200ms", "p95 < 200ms"},
		{"not measured", verdict.Check{Metric: metric.P95, Limit: ms(200)}, "not measured", "p95 < 200ms"},
	} {
		c.check.Rule = "r"
		view := content.NewView(fixtureResult(), verdict.Verdict{Checks: []verdict.Check{c.check}}, content.Options{})
		if row := view.Rows[0]; row.Value != c.value || row.Limit != c.limit {
			t.Errorf("%s: %q, limit %q, want %q, limit %q", c.name, row.Value, row.Limit, c.value, c.limit)
		}
	}
}

// The value of a finding about the run is on the bad side of its limit.
func TestLimitsOfFindings(t *testing.T) {
	for _, tt := range []struct {
		name  string
		check verdict.Check
		want  string
	}{
		{"too much", verdict.Check{Subject: "generator CPU", Got: ratio(.95),
			Limit: ratio(.8), Outcome: verdict.Warn}, "< 80%"},
		{"too little", verdict.Check{Subject: "offered load", Got: ratio(.035),
			Limit: ratio(.999), Outcome: verdict.Inconclusive}, "≥ 99.9%"},
		{"nothing allowed", verdict.Check{Subject: "generator throttling", Got: ratio(.2), Outcome: verdict.Warn}, ""},
		{"nothing measured", verdict.Check{Subject: "run"}, ""},
	} {
		view := content.NewView(fixtureResult(), verdict.Verdict{Checks: []verdict.Check{tt.check}}, content.Options{})
		if got := view.Health[0].Limit; got != tt.want {
			t.Errorf("%s: limit %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTheWorstPassStandsForItsRule(t *testing.T) {
	for _, c := range []struct {
		name   string
		metric metric.Metric
		limit  verdict.Value
		got    []verdict.Value
		worst  int
	}{
		{"latency", metric.P95, ms(200), []verdict.Value{ms(100), ms(180), ms(150)}, 1},
		{"success", metric.Success, ratio(.995), []verdict.Value{ratio(1), ratio(.999), ratio(.996)}, 2},
		{"failures", metric.FailureRate, ratio(0), []verdict.Value{ratio(0), ratio(0), ratio(0)}, 0},
		{"throughput", metric.Throughput, rate(5, unit.PerSecond),
			[]verdict.Value{rate(9, unit.PerSecond), rate(6, unit.PerSecond), rate(7, unit.PerSecond)}, 1},
		{"one not measured", metric.P95, ms(200), []verdict.Value{{}, ms(1)}, 1},
	} {
		var v verdict.Verdict
		for i, got := range c.got {
			v.Checks = append(v.Checks, verdict.Check{Rule: "r", Subject: string(rune('a' + i)),
				Metric: c.metric, Got: got, Limit: c.limit, Outcome: verdict.Pass, Shown: true})
		}
		rows := content.NewView(fixtureResult(), v, content.Options{}).Rows
		if want := string(rune('a' + c.worst)); len(rows) != 1 || rows[0].Subject != want {
			t.Errorf("%s: rows %+v, want one for %s", c.name, rows, want)
		}
	}
}

func TestClosingLine(t *testing.T) {
	pass := verdict.Check{Rule: "dashboard", Outcome: verdict.Pass, Shown: true}
	unshown := verdict.Check{Rule: "sessions", Outcome: verdict.Pass}
	warn := verdict.Check{Rule: "feedback", Outcome: verdict.Warn, Shown: true}
	fail := verdict.Check{Rule: "analytics", Outcome: verdict.Fail, Shown: true}
	open := verdict.Check{Rule: "queries"}
	late := verdict.Check{Subject: "generator", Because: reason.GeneratorLate.With(reason.Args{"lag": time.Second})}
	dropped := verdict.Check{Subject: "offered load",
		Because: reason.ArrivalsDropped.With(reason.Args{
			"asked": rate(1000, unit.PerSecond).Quantity, "sent": rate(33.5, unit.PerSecond).Quantity,
			"missing": 386, "due": 400, "was": []reason.Reason{late.Because},
		})}
	breaking := verdict.Check{Subject: "breaking point", Outcome: verdict.Warn,
		Because: reason.BreakingPoint.With(reason.Args{
			"rule": "every endpoint", "users": 40, "before": reason.LimitsHeld.With(reason.Args{"users": 20}),
			"missed": reason.LimitMissed.With(reason.Args{
				"subject": "GET /a", "metric": "p95", "value": ms(400).Quantity, "limit": ms(200).Quantity,
			}),
		})}
	silent := verdict.Check{Subject: "target",
		Because: reason.TargetSilent.With(reason.Args{
			"at": "12:03:07", "users": 140, "requests": 12, "length": 5 * time.Second, "kind": "timeout",
		}), Outcome: verdict.Fail}
	for _, c := range []struct {
		name    string
		verdict verdict.Verdict
		options content.Options
		want    string
	}{
		{"one holds", verdict.Verdict{Checks: []verdict.Check{pass}},
			content.Options{}, "PASS  1 of 1 rule holds. Exit code 0."},
		{"two checks, one rule", verdict.Verdict{Checks: []verdict.Check{pass, pass}},
			content.Options{}, "PASS  1 of 1 rule holds. Exit code 0."},
		{"by value", verdict.Verdict{Checks: []verdict.Check{pass, unshown}},
			content.Options{}, "PASS  2 of 2 rules hold; 1 by value only. Exit code 0."},
		{"warning", verdict.Verdict{Checks: []verdict.Check{pass, warn}},
			content.Options{}, "WARN  2 of 2 rules hold; 1 with a warning: feedback. Exit code 0."},
		{"broken", verdict.Verdict{Checks: []verdict.Check{pass, fail, open}},
			content.Options{}, "FAIL  1 of 3 rules broken: analytics; 1 cannot be judged: queries. Exit code 1."},
		{"broken, in a run of which not all was measured", verdict.Verdict{Checks: []verdict.Check{late, fail}},
			content.Options{},
			"FAIL  1 of 1 rule broken: analytics; a finding about the run: the generator was late. " +
				"Exit code 1."},
		{"undecided", verdict.Verdict{Checks: []verdict.Check{pass, open}},
			content.Options{}, "INCONCLUSIVE  1 of 2 rules cannot be judged: queries. Exit code 3."},
		{"health", verdict.Verdict{Checks: []verdict.Check{late, pass}}, content.Options{},
			"INCONCLUSIVE  the run cannot be judged: the generator was late. Exit code 3."},
		{"health in more words", verdict.Verdict{Checks: []verdict.Check{dropped, pass}}, content.Options{},
			"INCONCLUSIVE  the run cannot be judged: the generator sent 33.5/s of the planned 1000/s. " +
				"Exit code 3."},
		{"where it breaks", verdict.Verdict{Checks: []verdict.Check{breaking, pass}}, content.Options{},
			"WARN  1 of 1 rule holds; a warning about the run: breaking point: every endpoint breaks at 40 users. " +
				"Exit code 0."},
		{"silence", verdict.Verdict{Checks: []verdict.Check{silent, open}}, content.Options{},
			"FAIL  target: stopped answering at 12:03:07 with 140 users; 1 of 1 rule cannot be judged: queries. Exit " +
				"code 1."},
		{"health warns",
			verdict.Verdict{Checks: []verdict.Check{{Subject: "generator", Because: late.Because,
				Outcome: verdict.Warn}, pass}}, content.Options{}, "WARN  1 of 1 rule holds; a warning about " +
				"the run: " +
				"the generator was late. Exit code 0."},
		{"counted as pass", verdict.Verdict{Checks: []verdict.Check{open}, Undecided: config.UndecidedPasses},
			content.Options{}, "INCONCLUSIVE, counted as PASS  1 of 1 rule cannot be judged: queries. The file says " +
				"judge.inconclusive: pass. Exit code 0."},
		{"counted as fail", verdict.Verdict{Checks: []verdict.Check{open}, Undecided: config.UndecidedFails},
			content.Options{}, "INCONCLUSIVE, counted as FAIL  1 of 1 rule cannot be judged: queries. The file says " +
				"judge.inconclusive: fail. Exit code 1."},
		{"a setting that changed nothing",
			verdict.Verdict{Checks: []verdict.Check{pass}, Undecided: config.UndecidedFails},
			content.Options{}, "PASS  1 of 1 rule holds. Exit code 0."},
		{"interrupted", verdict.Verdict{Checks: []verdict.Check{open}},
			content.Options{ExitCode: 130}, "INCONCLUSIVE  1 of 1 rule cannot be judged: queries. Exit code 130."},
	} {
		closing := content.NewView(fixtureResult(), c.verdict, c.options).Closing
		if got := closing.Word() + "  " + closing.Sentence(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPassByValueIsToldFromAShownOne(t *testing.T) {
	view := content.NewView(fixtureResult(),
		verdict.Verdict{Checks: []verdict.Check{{Rule: "r", Metric: metric.P95,
			Got: ms(1), Limit: ms(2), Outcome: verdict.Pass}}}, content.Options{})
	if text := table(t, view); !strings.Contains(text, "[1] holds by its value") {
		t.Errorf("nothing says that the interval does not show the pass:\n%s", text)
	}
}

// The judge's own words for several endpoints repeat the rule's name; the
// table does not.
func TestSubjectsDoNotRepeatTheRule(t *testing.T) {
	s := &config.Config{
		Judge: config.Judge{Confidence: 0.95},
		Rules: []config.Rule{{Name: "every endpoint", Patterns: []string{"*"}, Limits: []config.Limit{
			{Metric: metric.Success, Fail: 0.5, HasFail: true},
			{Metric: metric.P95, Fail: 1e10, HasFail: true},
		}}},
	}
	r := fixtureResult()
	for i := range 3 {
		rare := r.Endpoints[len(r.Endpoints)-1]
		rare.Name += string(rune('0' + i))
		r.Endpoints = append(r.Endpoints, rare)
	}
	text := table(t, content.NewView(r, gate.Judge(evidence.Input{Result: r, Config: s}), content.Options{All: true}))
	for _, want := range []string{"every endpoint  9 endpoints together ", "every endpoint  the other 5 together "} {
		if !strings.Contains(text, want) {
			t.Errorf("no row says %q:\n%s", want, text)
		}
	}
}
