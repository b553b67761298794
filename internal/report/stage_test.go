package report_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// stagedResult is the fixture's run, as if its users had come in five stages.
func stagedResult() *result.Result {
	r := fixtureResult()
	r.Profile = "stairs"
	for i, users := range []int{10, 20, 1, 80, 100} {
		r.Planned.Stages = append(r.Planned.Stages, result.Stage{
			Users: users, From: time.Duration(5+25*i) * time.Second, Until: time.Duration(25+25*i) * time.Second,
		})
	}
	return r
}

// stagedVerdict has a stage of every kind: in the warm-up, held, too short,
// held by its value, and broken twice.
func stagedVerdict() verdict.Verdict {
	planned := stagedResult().Planned.Stages
	hold := verdict.Check{Rule: "dashboard", Pos: at(16), Subject: "GET /api/dashboard/metrics", Metric: metric.P95,
		Got: ms(160), Low: ms(152), High: ms(170), Limit: ms(200), Requests: 810, Outcome: verdict.Pass, Shown: true}
	near, open, slow, failing := hold, hold, hold, hold
	near.Outcome, near.Shown, near.Because = verdict.Warn, false, says("holds by its value")
	open.Outcome, open.Because = verdict.Inconclusive,
		reason.StageTooShort.With(reason.Args{"measured": 12 * time.Second, "least": 30 * time.Second})
	slow.Outcome, slow.Got, slow.Because, slow.Remedies = verdict.Fail,
		ms(912), says("the whole interval lies beyond the limit"), advises("look for slow queries")
	failing.Rule, failing.Metric, failing.Got, failing.Limit, failing.Outcome = "every endpoint of the platform",
		metric.Success, ratio(.8123), ratio(.995), verdict.Fail
	failing.Low, failing.High = ratio(.8107), ratio(.8138)
	failing.Because = broken(reason.ValueBelow, metric.Success, failing.Got, failing.Limit)
	perSecond := func(v float64) verdict.Value { return rate(v, unit.PerSecond) }
	v := verdict.Verdict{Checks: []verdict.Check{{
		Subject: "breaking point", Outcome: verdict.Warn, Shown: true, Requests: 2430,
		Because: reason.BreakingPoint.With(reason.Args{
			"rule": "dashboard", "users": 80, "before": reason.LimitsHeld.With(reason.Args{"users": 20}),
			"missed": reason.LimitMissed.With(reason.Args{
				"subject": "GET /api/dashboard/metrics", "metric": "p95",
				"value": ms(912).Quantity, "limit": ms(200).Quantity,
			}),
		}),
	}, slow, failing}}
	v.Stages = []verdict.Stage{
		{Stage: planned[0], WarmUp: true, Requests: 1204, Failed: 3,
			Rate: perSecond(60.2), P50: ms(71), P95: ms(912), Checks: []verdict.Check{slow}},
		{Stage: planned[1], Requests: 2100, Rate: perSecond(105),
			P50: ms(72.1), P95: ms(160), Checks: []verdict.Check{hold}},
		{Stage: planned[2], Requests: 0, Rate: perSecond(0), Checks: []verdict.Check{open}},
		{Stage: planned[3], Requests: 12430, Failed: 1, Rate: perSecond(621.45),
			P50: ms(95), P95: ms(199), Checks: []verdict.Check{near, slow, failing}},
		{Stage: planned[4], Requests: 1_234_567, Failed: 231_733,
			Rate: perSecond(50141.7), P50: ms(1204), P95: ms(9120), Checks: []verdict.Check{hold, failing}},
	}
	return v
}

func TestGoldenStages(t *testing.T) {
	r, v := stagedResult(), stagedVerdict()
	if err := r.Check(); err != nil {
		t.Fatalf("the fixture is no result: %v", err)
	}
	for name, o := range map[string]content.Options{
		"stages.txt": {Confidence: 0.95}, "stages-80.txt": {Confidence: 0.95, Width: 80},
		"stages-color.txt": {Color: true},
	} {
		golden(t, name, content.NewView(r, v, o), report.Formats()[0].Write)
	}
	golden(t, "stages.json", content.NewView(r, v, content.Options{Confidence: 0.95}), report.Formats()[1].Write)
}

// A script tells arrivals from users, and none from unknown.
func TestStageLevelsForScripts(t *testing.T) {
	for _, tt := range []struct {
		name  string
		stage verdict.Stage
		want  string
	}{
		{"users", verdict.Stage{Stage: result.Stage{Users: 20}}, `"users": 20, "rate_per_s": null,`},
		{"no users", verdict.Stage{}, `"users": 0, "rate_per_s": null,`},
		{"arrivals", verdict.Stage{Open: true, Stage: result.Stage{Rate: 2.5}}, `"users": null, "rate_per_s": 2.5,`},
		{"no arrivals", verdict.Stage{Open: true}, `"users": null, "rate_per_s": 0,`},
	} {
		var b strings.Builder
		if err := report.Formats()[1].Write(&b, content.NewView(fixtureResult(),
			verdict.Verdict{Stages: []verdict.Stage{tt.stage}}, content.Options{})); err != nil {
			t.Fatal(err)
		}
		_, stages, _ := strings.Cut(strings.Join(strings.Fields(b.String()), " "), `"stages":`)
		if !strings.Contains(stages, tt.want) {
			t.Errorf("%s: %s, want %s", tt.name, stages, tt.want)
		}
	}
}

// Each outcome of a stage has words of its own.
func TestStageVerdicts(t *testing.T) {
	pass := verdict.Check{Rule: "r", Metric: metric.P95, Got: ms(150),
		Limit: ms(200), Outcome: verdict.Pass, Shown: true}
	check := func(o verdict.Outcome, m metric.Metric, got, limit verdict.Value, why reason.Reason) verdict.Check {
		return verdict.Check{Rule: "r", Metric: m, Got: got, Low: got,
			High: got, Limit: limit, Outcome: o, Because: why}
	}
	none := reason.Reason{}
	for _, tt := range []struct {
		name   string
		stage  verdict.Stage
		mark   string
		limits string
	}{
		{"held", verdict.Stage{Checks: []verdict.Check{pass, pass}}, "✓", "hold"},
		{"held by value", verdict.Stage{Checks: []verdict.Check{pass,
			check(verdict.Warn, metric.P95, ms(190), ms(200), reason.LimitNear.Plain())}}, "!", "hold, not shown"},
		{"a floor held by value",
			verdict.Stage{Checks: []verdict.Check{
				check(verdict.Warn, metric.Success, ratio(.996), ratio(.995), reason.LimitNear.Plain())}},
			"!", "hold, not shown"},
		{"beyond a warn limit",
			verdict.Stage{Checks: []verdict.Check{check(verdict.Warn, metric.P95, ms(190), ms(150), says("above"))}},
			"!", "r: p95 190ms > 150ms"},
		{"broken", verdict.Stage{Checks: []verdict.Check{check(verdict.Warn, metric.Mean, ms(3), ms(2), none),
			check(verdict.Fail, metric.P95, ms(912), ms(200), none)}}, "✗", "r: p95 912ms > 200ms"},
		{"broken by a hair",
			verdict.Stage{Checks: []verdict.Check{check(verdict.Fail, metric.P95, ms(200.4), ms(200), none)}},
			"✗", "r: p95 200.4ms > 200ms"},
		{"failing",
			verdict.Stage{Checks: []verdict.Check{check(verdict.Fail, metric.Success, ratio(.982), ratio(.995), none)}},
			"✗", "r: success 98.2% < 99.5%"},
		{"too few",
			verdict.Stage{Checks: []verdict.Check{pass, check(verdict.Inconclusive, metric.P95,
				ms(3), ms(200), reason.TooFewRequests.With(reason.Args{
					"requests": 12, "metric": "p95", "needed": 82}))}}, "?", "undecided: too few requests"},
		{"not proven",
			verdict.Stage{
				Checks: []verdict.Check{check(verdict.Inconclusive,
					metric.P95, ms(201), ms(200), reason.LimitUnproven.Plain())}}, "?", "undecided: not proven"},
		{"the generator's fault",
			verdict.Stage{
				Checks: []verdict.Check{check(verdict.Inconclusive, metric.P95, ms(300), ms(200),
					reason.LimitGenerator.With(reason.Args{"was": []reason.Reason{reason.GeneratorLate.Plain()}}))}},
			"?", "undecided: generator was late"},
		{"nothing measured",
			verdict.Stage{Checks: []verdict.Check{check(verdict.Inconclusive, metric.P95,
				verdict.Value{}, ms(200), reason.NothingMeasured.Plain())}}, "?", "undecided: no request was measured"},
		{"not made",
			verdict.Stage{Open: true,
				Checks: []verdict.Check{{Subject: "offered load", Got: ratio(.335), Limit: ratio(.999),
					Because: says("the generator was asked for 100/s")}, pass}}, "?", "undecided: 66.5% dropped"},
		{"nearly made",
			verdict.Stage{Open: true,
				Checks: []verdict.Check{{Subject: "offered load",
					Got: ratio(.98), Limit: ratio(.999), Outcome: verdict.Warn},
					pass}}, "!", "hold, 2% dropped"},
		{"not made, and broken", verdict.Stage{Checks: []verdict.Check{{Subject: "offered load", Got: ratio(.335)},
			check(verdict.Fail, metric.P95, ms(912), ms(200), none)}}, "✗", "r: p95 912ms > 200ms"},
		{"users that were late",
			verdict.Stage{Checks: []verdict.Check{{Subject: "offered load", Got: ratio(.5),
				Because: reason.LoadLate.With(reason.Args{"made": ratio(.5).Quantity})}}}, "?", "undecided: only 50% " +
				"of the load was made"},
		{"a rate limiter",
			verdict.Stage{Checks: []verdict.Check{{Subject: "rate limiter",
				Because: reason.RateLimiter.Plain()},
				pass}}, "?", "undecided: a rate limiter"},
		{"failing outright",
			verdict.Stage{Checks: []verdict.Check{{Subject: "target", Outcome: verdict.Fail,
				Because: reason.FailingOutright.With(reason.Args{
					"failed": 4, "requests": 5, "last": 5 * time.Second})}}}, "✗", "target: 4 of 5 requests failed"},
		{"nothing asked", verdict.Stage{}, "?", "no limit"},
		{"in the warm-up", verdict.Stage{WarmUp: true,
			Checks: []verdict.Check{check(verdict.Fail, metric.P95, ms(912), ms(200), none)}}, " ", "warm-up"},
	} {
		tt.stage.Users, tt.stage.Stage.Rate = 7, 7
		level := " " + wording.StageLoad(tt.stage, unit.PerSecond) + " "
		text := table(t, content.NewView(fixtureResult(), verdict.Verdict{Stages: []verdict.Stage{tt.stage}},
			content.Options{}))
		var line string
		for l := range strings.Lines(text) {
			if strings.Contains(l, level) {
				line = strings.TrimRight(l, "\n")
			}
		}
		if !strings.HasPrefix(line, tt.mark+level) || !strings.HasSuffix(line, "  "+tt.limits) {
			t.Errorf("%s: %q, want %s and %q", tt.name, line, tt.mark, tt.limits)
		}
	}
}

// What a rule is called, and what a target answered, cannot forge a row, and
// no line is too wide.
func TestHostileStages(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		hostile := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			"\x1b[2J\x1b[1;1HPASS", "a\n✓ 99 users  hold", "\u202egnp.exe",
			"\x9b31m", "\xff\xfe", strings.Repeat("面談", 60),
		})).Draw(rt, "text")
		var v verdict.Verdict
		for i := range 4 {
			v.Stages = append(v.Stages, verdict.Stage{
				Stage: result.Stage{Users: rapid.SampledFrom([]int{1, 1_000_000}).Draw(rt, "users"),
					From: time.Duration(i) * 100 * time.Hour},
				Requests: 1 << 50, Failed: rapid.Int64Range(0, 1<<50).Draw(rt, "failed"),
				Rate: rate(123456.789, unit.PerSecond), P50: ms(59999), P95: ms(599999),
				Checks: []verdict.Check{{Rule: hostile, Subject: hostile,
					Metric: metric.P95, Got: ms(1), Limit: ms(2), Outcome: verdict.Outcome(i), Because: says(hostile)}},
			})
		}
		o := content.Options{Width: rapid.SampledFrom([]int{80, 90, 100, 140}).Draw(rt, "width")}
		text := table(t, content.NewView(stagedResult(), v, o))
		if line, cells := widest(text); cells > o.Width {
			rt.Fatalf("a line of %d cells, want at most %d: %s", cells, o.Width, line)
		}
		_, stages, _ := strings.Cut(text, "STAGE")
		stages, _, _ = strings.Cut(stages, "\n\n")
		rows := 0
		for line := range strings.Lines(stages) {
			if !strings.HasPrefix(line, "  ") { // else it goes on with the row above
				rows++
			}
		}
		if rows != 4 {
			rt.Fatalf("%d rows of stages, want 4:\n%s", rows, text)
		}
		for _, c := range text {
			if c != '\n' && !unicode.IsPrint(c) {
				rt.Fatalf("%q reached the terminal in:\n%q", c, text)
			}
		}
	})
}
