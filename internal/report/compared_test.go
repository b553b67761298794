package report_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

var p99, _ = metric.Parse("p99")

// held is a check of one endpoint against 14 earlier runs.
func held(o verdict.Outcome, m metric.Metric, endpoint string, now,
	base, low, high verdict.Value, change, detects float64) verdict.Check {
	return verdict.Check{
		Rule: "baseline", Pos: at(40), Subject: endpoint, Endpoints: []string{endpoint},
		Metric: m, Got: now, Requests: 810,
		Limit: verdict.Measured(unit.Quantity{Value: base.Value * 1.15, Unit: base.Unit}), Outcome: o, Shown: true,
		Comparison: &verdict.Comparison{Base: base, Runs: 14, Change: change,
			Low: low, High: high, Detectable: detects, Gated: true},
	}
}

// comparedVerdict is compared with earlier runs: with every outcome, an
// unconfirmed suspicion, endpoints with too short a past, what all have in
// common, and figures that are told only.
func comparedVerdict() verdict.Verdict {
	perSecond := func(v float64) verdict.Value { return rate(v, unit.PerSecond) }
	slow := held(verdict.Fail, metric.P95, "GET /api/performance/analytics",
		ms(912), ms(640), ms(590), ms(694), .444, .11)
	slow.Comparison.Again, slow.Comparison.Change = ms(935), .443
	slow.Because = says(
		"p95 is 912ms, and 935ms in the confirmation run: 44.3% above the 640ms of 14 earlier runs, and " +
			"15% is allowed; unchanged code would take 590ms to 694ms")
	slow.Remedies = advises(
		"look at what changed since commit 9f3c21ab04; if it is meant to be so: loadgate baseline accept")
	odd := held(verdict.Warn, metric.P95, "POST /api/sessions", ms(301), ms(251), ms(221), ms(285), .09, .15)
	odd.Comparison.Again = ms(249)
	odd.Because = says(
		"p95 is 301ms, and 249ms in the confirmation run: 9% above the 251ms of 14 earlier runs, and 15% is " +
			"allowed; unchanged code would take 221ms to 285ms; the confirmation run did not confirm it")
	odd.Remedies = advises("look at it if the next runs say so too")
	strict := held(verdict.Inconclusive, metric.P95, "GET /api/tutors/{id}/sessions?limit=50",
		ms(150.2), ms(148), ms(88), ms(249), .015, .72)
	strict.Shown = false
	strict.Because = says("earlier runs scatter too much: only a rise of 72% would show, and 15% is allowed")
	strict.Remedies = advises(
		"compare two builds on one machine instead: loadgate ab; or run longer, or leave out strict")
	common := verdict.Check{
		Rule: "baseline", Pos: at(40), Subject: "all 6 endpoints",
		Metric: metric.P95, Outcome: verdict.Pass, Shown: true, Endpoints: []string{"GET /a"},
		Comparison: &verdict.Comparison{Runs: 14, Change: .031, Detectable: .12, Gated: true,
			Finer: reason.FindLess.With(reason.Args{"rise": .12,
				"more": reason.RecordMore.With(reason.Args{"rise": .11, "runs": 20})})},
	}
	shared := common
	shared.Metric, shared.Outcome, shared.Comparison = p99, verdict.Warn,
		&verdict.Comparison{Runs: 14, Change: .21, Detectable: .12}
	shared.Because = says(
		"the p99 of all endpoints together is 21% above that of 14 earlier runs, and 5% is allowed: the " +
			"machine, or a cause that they share; the file does not limit it")
	short := verdict.Check{
		Subject: "2 of 6 endpoints", Pos: at(40), Metric: metric.P95,
		Outcome: verdict.Pass, Endpoints: []string{"POST /api/feedback/{token}", "GET /api/new"},
		Comparison: &verdict.Comparison{Change: math.NaN(), Gated: true},
		Because: says("fewer than 3 earlier runs, since the last change of level, have a p95 of: POST " +
			"/api/feedback/{token}, GET /api/new"),
		Remedies: advises("record a few more runs: loadgate run --record"),
	}
	told := held(verdict.Pass, metric.Throughput, "GET /api/dashboard/metrics",
		perSecond(9), perSecond(9.02), perSecond(8.8), perSecond(9.2), -.002, .03)
	told.Comparison.Gated = false
	v := fixtureVerdict()
	v.Checks = append([]verdict.Check{v.Checks[0], short}, v.Checks[8], v.Checks[9])
	return verdict.Verdict{Checks: append(v.Checks,
		common, slow, odd, strict,
		held(verdict.Pass, metric.P95, "GET /api/dashboard/metrics", ms(73.4), ms(71), ms(66.2), ms(76.1), .034, .1),
		held(verdict.Pass, metric.P95, "GET /api/alerts?status=active", ms(139), ms(141), ms(130), ms(153), -.014, .12),
		held(verdict.Pass, p50, "GET /api/dashboard/metrics", ms(35), ms(35.2), ms(34), ms(36.4), -.006, .05),
		shared, told,
	)}
}

// missingVerdict has too few earlier runs to be compared with any.
func missingVerdict() verdict.Verdict {
	v := fixtureVerdict()
	return verdict.Verdict{Checks: []verdict.Check{v.Checks[0], {
		Subject: "earlier runs", Pos: at(40), Outcome: verdict.Pass,
		Comparison: &verdict.Comparison{Runs: 1, Change: math.NaN(), Gated: true},
		Because: says("not compared with earlier runs: there are 1, and a comparison needs 3 (not counted: 2 of " +
			"another branch, 1 that did not pass)"),
		Remedies: advises("record more runs: loadgate run --record"),
	}, v.Checks[8]}}
}

// pairsVerdict is side B compared with side A of eight pairs of slices.
func pairsVerdict() verdict.Verdict {
	ratio := func(v float64) verdict.Value { return verdict.Measured(unit.Quantity{Value: v, Unit: unit.Count}) }
	side := func(o verdict.Outcome, m metric.Metric, subject string,
		b, a verdict.Value, low, high float64) verdict.Check {
		return verdict.Check{
			Rule: "A against B", Pos: at(44), Subject: subject,
			Endpoints: []string{subject}, Metric: m, Got: b, Outcome: o, Shown: true, Requests: 120,
			Limit: verdict.Measured(unit.Quantity{Value: a.Value * 1.1, Unit: a.Unit}),
			Comparison: &verdict.Comparison{Kind: verdict.OtherSide,
				Base: a, Runs: 8, Change: b.Value/a.Value - 1, Low: ratio(low), High: ratio(high), Gated: true},
		}
	}
	slow := side(verdict.Fail, metric.P95, "GET /api/performance/analytics", ms(830), ms(640), 1.24, 1.36)
	slow.Because = says("p95 of B is 830ms, 29.7% above the 640ms of A, and 10% is allowed")
	slow.Remedies = advises("look at what B does more than A: queries, calls, locks; the machine was the same")
	likely := side(verdict.Warn, p99, "POST /api/sessions", ms(301), ms(260), 1.01, 1.33)
	likely.Because = says(
		"p99 of B is 301ms, 15.8% above the 260ms of A, and 10% is allowed; that is likely, and not proven")
	likely.Remedies = advises("run more pairs (--pairs), or longer slices (--slice)")
	thin := verdict.Check{
		Rule: "A against B", Pos: at(44), Subject: "POST /api/feedback/{token}",
		Metric: metric.P95, Endpoints: []string{"POST /api/feedback/{token}"}, Needed: 20, Requests: 3,
		Comparison: &verdict.Comparison{Kind: verdict.OtherSide, Runs: 8, Change: math.NaN(), Gated: true},
		Because: says(
			"too few requests: 3 in the thinnest slice, and p95 needs 20 in each: POST /api/feedback/{token}"),
		Remedies: advises("make slices longer (--slice), use more users, or a higher pace"),
	}
	failing := side(verdict.Pass, metric.FailureRate, "all requests",
		verdict.Measured(unit.Quantity{Value: .001, Unit: unit.Ratio}),
		verdict.Measured(unit.Quantity{Value: .002, Unit: unit.Ratio}), 0, 0)
	failing.Limit, failing.Comparison.Change, failing.Comparison.Low,
		failing.Comparison.High = verdict.Value{}, math.NaN(), verdict.Value{}, verdict.Value{}
	return verdict.Verdict{Checks: []verdict.Check{
		fixtureVerdict().Checks[0], slow, thin, likely,
		side(verdict.Pass, metric.P95, "GET /api/dashboard/metrics", ms(72), ms(71), .98, 1.05),
		side(verdict.Pass, metric.P95, "POST /api/sessions", ms(249), ms(251), .95, 1.03), failing,
	}}
}

func TestGoldenComparisons(t *testing.T) {
	r := fixtureResult()
	for name, v := range map[string]verdict.Verdict{"baseline": comparedVerdict(),
		"missing": missingVerdict(), "pairs": pairsVerdict()} {
		for _, width := range []int{80, 100, 140} {
			text := table(t, content.NewView(r, v, content.Options{Confidence: .95, Width: width}))
			if line, cells := widest(text); cells > width {
				t.Errorf("%s: a line of %d cells, want at most %d:\n%s", name, cells, width, line)
			}
			goldenBytes(t, fmt.Sprintf("compared-%s-%d.txt", name, width), []byte(text))
		}
		golden(t, "compared-"+name+".json", content.NewView(r, v, content.Options{Confidence: .95}),
			report.Formats()[1].Write)
	}
	golden(t, "compared-baseline-all.txt", content.NewView(r, comparedVerdict(),
		content.Options{Confidence: .95, All: true}), report.Formats()[0].Write)
	golden(t, "compared-baseline-color.txt", content.NewView(r,
		comparedVerdict(), content.Options{Confidence: .95, Color: true}), report.Formats()[0].Write)
}

// Every check that is compared with something measured stands behind one line,
// but those that are only told and pass.
func TestEveryComparisonIsInTheTable(t *testing.T) {
	r := fixtureResult()
	rapid.Check(t, func(t *rapid.T) {
		v := drawVerdict(t)
		var want []int
		all := rapid.Bool().Draw(t, "all")
		for i := range v.Checks {
			c := &v.Checks[i]
			if !rapid.Bool().Draw(t, "compared") {
				continue
			}
			c.Comparison = &verdict.Comparison{
				Kind:   verdict.Against(rapid.IntRange(0, 1).Draw(t, "kind")),
				Change: rapid.SampledFrom([]float64{math.NaN(), -.5, .2, 3}).Draw(t, "change"),
				Runs:   rapid.IntRange(0, 99).Draw(t, "runs"),
				Gated:  rapid.Bool().Draw(t, "gated"), Base: c.Got, Low: c.Got, High: c.Limit, Detectable: .1,
			}
			if told := c.Outcome == verdict.Pass && wording.Reason(*c) == "" &&
				!c.Comparison.Gated; c.Rule != "" && (all || !told) {
				want = append(want, i)
			}
		}
		view := content.NewView(r, v, content.Options{All: all})
		var got []int
		for _, line := range view.Compared {
			if line.More != len(line.Checks)-1 {
				t.Errorf("+%d for %d checks", line.More, len(line.Checks))
			}
			for _, i := range line.Checks {
				if v.Checks[i].Outcome != line.Outcome {
					t.Errorf("check %d is %v and stands under %v", i, v.Checks[i].Outcome, line.Outcome)
				}
			}
			got = append(got, line.Checks...)
		}
		if !sameInts(want, got) {
			t.Errorf("the lines stand for checks %v, want %v", got, want)
		}
		if line, cells := widest(table(t, view)); cells > 100 {
			t.Errorf("a line of %d cells:\n%s", cells, line)
		}
	})
}

func sameInts(want, got []int) bool {
	seen := map[int]int{}
	for _, i := range want {
		seen[i]++
	}
	for _, i := range got {
		seen[i]--
	}
	for _, n := range seen {
		if n != 0 {
			return false
		}
	}
	return true
}

// One row shows the worst of the passing endpoints, whichever side is good.
func TestTheLargestChangeStandsForItsMetric(t *testing.T) {
	for _, row := range []struct {
		name    string
		metric  metric.Metric
		changes []float64
		want    string
	}{
		{"slower", metric.P95, []float64{-.3, .04, .01}, "+4.0%"},
		{"less", metric.Throughput, []float64{.2, -.03, .01}, "−3.0%"},
		{"one not known", metric.P95, []float64{math.NaN(), -.01}, "−1.0%"},
	} {
		var v verdict.Verdict
		for _, change := range row.changes {
			c := held(verdict.Pass, row.metric, "GET /a", ms(1), ms(1), ms(1), ms(1), change, .1)
			v.Checks = append(v.Checks, c)
		}
		lines := content.NewView(fixtureResult(), v, content.Options{}).Compared
		if len(lines) != 1 || lines[0].Change != row.want || lines[0].More != len(row.changes)-1 {
			t.Errorf("%s: %+v, want one line with %s", row.name, lines, row.want)
		}
	}
}

func TestComparisonsOfHostileText(t *testing.T) {
	v := comparedVerdict()
	for i := range v.Checks {
		v.Checks[i].Subject += "\x1b[2J\u202e\n" + strings.Repeat("面", 80)
	}
	text := table(t, content.NewView(fixtureResult(), v, content.Options{Width: 80}))
	if strings.ContainsAny(text, "\x1b\u202e") {
		t.Errorf("the table is not clean: %q", text)
	}
	if line, cells := widest(text); cells > 80 {
		t.Errorf("a line of %d cells:\n%s", cells, line)
	}
}
