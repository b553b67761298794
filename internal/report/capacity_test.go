package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/capacity"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// searched is a search of five runs, and its verdict: what a level held or broke
// is as hostile as the file that names it.
func searched() ([]*result.Result, verdict.Verdict) {
	const rule = "pages <b>\x1b[2J"
	reads := func(o verdict.Outcome, got float64) verdict.Check {
		return verdict.Check{Rule: rule, Pos: at(13), Subject: "GET /api/dashboard/metrics",
			Endpoints: []string{"GET /api/dashboard/metrics"},
			Metric:    metric.P95, Got: ms(got), Low: ms(got - 10),
			High: ms(got + 10), Limit: ms(200), Requests: 810, Outcome: o, Shown: true}
	}
	cpu := verdict.Check{Rule: "host cpu", Pos: at(40), Subject: "host cpu",
		Resource: true, Readings: 18, Metric: metric.OfReadings("p95", unit.Ratio, metric.Lower),
		Got: ratio(.52), Limit: ratio(.7), Outcome: verdict.Pass, Shown: true}
	undecided := reads(verdict.Inconclusive, 201)
	undecided.Because = says(
		"p95 is 201ms, above the limit of 200ms, but that is not proven: the 95% interval of 810 " +
			"requests reaches from 191ms to 211ms")
	failing := reads(verdict.Fail, 912)
	failing.Because = broken(reason.ValueAbove, metric.P95, ms(912), ms(200))
	level := func(run, users int, served, p50, p95 float64, checks ...verdict.Check) verdict.Stage {
		from := time.Duration(run-1)*2*time.Minute + 30*time.Second
		return verdict.Stage{Run: run, Stage: result.Stage{Users: users, From: from, Until: from + 90*time.Second},
			Requests: int64(served * 90),
			Rate:     rate(served, unit.PerSecond), Mean: ms(p50), P50: ms(p50), P95: ms(p95), Checks: checks}
	}
	stages := []verdict.Stage{
		level(1, 60, 182, 25, 49, reads(verdict.Pass, 49), cpu),
		level(4, 120, 355, 28, 120, reads(verdict.Pass, 120), cpu),
		level(5, 120, 357, 28, 123, reads(verdict.Pass, 123), cpu),
		level(3, 134, 371, 60, 201, undecided),
		level(2, 150, 372, 80, 912, failing, cpu),
	}
	var levels []*result.Result
	for _, users := range []int{60, 150, 134, 120, 120} {
		r := fixtureResult()
		r.Planned.Users = users
		r.Started, r.Seed = r.Started.Add(time.Duration(len(levels))*2*time.Minute), r.Seed+uint64(len(levels))
		levels = append(levels, r)
	}
	count := func(n float64) verdict.Value { return verdict.Measured(unit.Quantity{Value: n}) }
	return levels, verdict.Verdict{Stages: stages, Checks: []verdict.Check{{
		Rule: capacity.Rule, Subject: "users", Metric: metric.OfReadings("", unit.Count, metric.Higher),
		Got: count(120), Low: count(120), High: count(150), Limit: count(100),
		Requests: 64_080, Outcome: verdict.Pass, Shown: true,
		Because: says("120 users hold; 134 users undecided: " + rule +
			": GET /api/dashboard/metrics: not proven; 150 users break " +
			rule + ": GET /api/dashboard/metrics p95 of 912ms, limit 200ms"),
		Remedies: advises("look for slow queries"),
	}}, Causes: []verdict.Cause{{Because: reason.Saturation.With(reason.Args{
		"before": verdict.LoadOf(120, false), "load": verdict.LoadOf(150, false),
		"served_before": rate(357, unit.PerSecond).Quantity, "served": rate(372, unit.PerSecond).Quantity,
		"median_before": ms(71).Quantity, "median": ms(160).Quantity,
	})}}}
}

func TestCapacityGolden(t *testing.T) {
	levels, v := searched()
	for _, f := range []struct {
		name   string
		format int
		o      content.Options
	}{
		{"capacity-100.txt", 0, content.Options{Confidence: 0.95, Width: 100}},
		{"capacity-80.txt", 0, content.Options{Confidence: 0.95, Width: 80}},
		{"capacity.json", 1, content.Options{Confidence: 0.95}},
		{"capacity.junit.xml", 2, content.Options{Confidence: 0.95}},
		{"capacity.md", 3, content.Options{Confidence: 0.95}},
	} {
		golden(t, f.name, content.NewCapacityView(levels, v, f.o), report.Formats()[f.format].Write)
	}
}

// replicated is the search with advice on replicas, or without because of what is as hostile as a file.
func replicated(advised bool) ([]*result.Result, verdict.Verdict) {
	levels, v := searched()
	a := &verdict.Scaling{Replicas: 3, Each: rate(117.4, unit.PerSecond), Share: ratio(0.8),
		Target: rate(93.9, unit.PerSecond),
		Peak:   rate(900, unit.PerSecond), Needed: 10,
		Notes: []reason.Reason{reason.ScalingOneCount.With(reason.Args{"measured": 3, "needed": 10})},
		Objects: []verdict.ScalingObject{
			{Kind: "HorizontalPodAutoscaler", YAML: "kind: HorizontalPodAutoscaler\nspec:\n  maxReplicas: 10\n"},
			{Kind: "ScaledObject", YAML: "kind: ScaledObject\nspec:\n  maxReplicaCount: 10\n"},
		}}
	a.Says = reason.ScalingByRequests.With(reason.Args{"each": a.Each.Quantity, "held": verdict.LoadOf(120, false),
		"replicas": 3, "target": a.Target.Quantity, "share": a.Share.Quantity, "needed": 10, "peak": a.Peak.Quantity})
	if !advised {
		a.Target, a.Needed, a.Notes, a.Objects = verdict.Value{}, 0, nil, nil
		a.Refused = []reason.Reason{reason.ScalingSharedBroke.With(reason.Args{"resource": "db <b>\x1b[2J\n```"})}
		a.Says = reason.ScalingRefused.With(reason.Args{"why": a.Refused})
	}
	v.Scaling = a
	return levels, v
}

func TestReplicasGolden(t *testing.T) {
	for name, advised := range map[string]bool{"capacity-replicas": true, "capacity-replicas-refused": false} {
		levels, v := replicated(advised)
		view := content.NewCapacityView(levels, v, content.Options{Confidence: 0.95})
		golden(t, name+".txt", view, report.Formats()[0].Write)
		golden(t, name+".json", view, report.Formats()[1].Write)
		golden(t, name+".md", view, report.Formats()[3].Write)
		var b bytes.Buffer
		if err := report.Formats()[4].Write(&b, view); err != nil {
			t.Fatal(err)
		}
		wants := []string{"<h2>Replicas</h2>", "NO ADVICE", "db &lt;b&gt;"}
		if advised {
			wants = []string{"<h2>Replicas</h2>", "ADVICE", "a replica serves 117/s", "10 are needed",
				"maxReplicaCount: 10"}
		}
		for _, want := range wants {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: the page has no %s", name, want)
			}
		}
		if strings.Contains(b.String(), "db <b>") || strings.Contains(b.String(), "\x1b") {
			t.Errorf("%s: text of the file is in the page as it is", name)
		}
	}
}

// The page has the levels as a chart, and beside them the figures of the highest
// that held, with its own limits.
func TestCapacityPage(t *testing.T) {
	levels, v := searched()
	var b bytes.Buffer
	if err := report.Formats()[4].Write(&b,
		content.NewCapacityView(levels, v, content.Options{Confidence: 0.95})); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		`"title":"Throughput and latency by load"`, `"labels":["60 users","120 users","134 users","150 users"]`,
		`"values":[182,357,371,372]`,
		"<h2>Levels</h2>", "of 120 users, the most that held",
		"think times are divided: dashboard 20", `"text":"p95 \u003c 200ms"`,
		"highest load that passes – lowest that fails",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if strings.Contains(page, "pages <b>") || strings.Contains(page, "\x1b") {
		t.Error("text of the file is in the page as it is")
	}
}

// What the last line says follows from the levels alone.
func TestCapacityClosing(t *testing.T) {
	levels, v := searched()
	stages := v.Stages
	none := verdict.Check{Rule: capacity.Rule, Subject: "users",
		Because: says("60 users undecided"), Remedies: advises("raise it")}
	failed := v.Checks[0]
	failed.Outcome, failed.Limit = verdict.Fail, verdict.Measured(unit.Quantity{Value: 150})
	limiter := stages[0]
	limiter.Checks = []verdict.Check{{Subject: "rate limiter", Because: reason.RateLimiter.Plain()}}
	for _, tt := range []struct {
		name string
		v    verdict.Verdict
		want string
	}{
		{"both", v, "PASS  120 users hold, with 357/s served; 150 users break: pages <b>\ufffd[2J p95. Exit code 0."},
		{"none breaks", verdict.Verdict{Stages: stages[:3], Checks: v.Checks},
			"PASS  120 users hold, with 357/s served; nothing that was tried breaks it. Exit code 0."},
		{"none holds", verdict.Verdict{Stages: stages[4:],
			Checks: []verdict.Check{{Rule: capacity.Rule, Outcome: verdict.Fail}}},
			"FAIL  150 users break: pages " +
				"<b>\ufffd[2J p95. Exit code 1."},
		{"more had to hold", verdict.Verdict{Stages: stages, Checks: []verdict.Check{failed}},
			"FAIL  120 users hold, with " +
				"357/s served; 150 users break: pages <b>\ufffd[2J p95; 150 users had to hold. Exit code 1."},
		{"nothing is known", verdict.Verdict{Stages: []verdict.Stage{limiter}, Checks: []verdict.Check{none}},
			"INCONCLUSIVE  nothing was decided: 60 users undecided. Exit code 3."},
	} {
		lines := strings.Split(
			strings.TrimSpace(table(t, content.NewCapacityView(levels, tt.v, content.Options{Width: 140}))), "\n")
		if got := lines[len(lines)-1]; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
