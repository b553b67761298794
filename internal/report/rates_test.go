package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/report/terminal"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// ratesFile is a file with these limits on throughput.
func ratesFile(t *testing.T, profile string, limits ...string) *config.Config {
	t.Helper()
	src := `version: 1
target: {url: "http://localhost:8000"}
profiles: {p: {` + profile + `, warm_up: 10s}}
users: {g: {wait: 1s, steps: [GET /api/dashboard/metrics, POST /api/sessions]}}
thresholds:
  quick: {endpoints: "*", p95: 200ms}
  elsewhere: {endpoints: "*", profiles: [p], success: 99%}
`
	for i, limit := range limits {
		src += fmt.Sprintf("  floor %d: {endpoints: \"*\", throughput: %s}\n", i+1, limit)
	}
	s, err := thresholds.Decode([]byte(src), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// unitsOf are the units of the rates in a text, each once.
func unitsOf(text string) []string {
	var units []string
	for _, m := range regexp.MustCompile(`[0-9](?: arrivals)?(/s|/min|/h|/day)\b|"unit":"(per_[a-z]+)"`).
		FindAllStringSubmatch(text, -1) {
		u := m[1]
		if m[2] != "" { // of a chart
			u = "/" + strings.TrimPrefix(m[2], "per_")
		}
		if !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	slices.Sort(units)
	return units
}

// All rates of one output are in one unit, but for limits in another one, which are as the file has them.
func TestRatesHaveOneUnit(t *testing.T) {
	for _, c := range []struct {
		limits, units []string
	}{
		{nil, []string{"/s"}},
		{[]string{"30/s"}, []string{"/s"}},
		{[]string{"3000/min"}, []string{"/min"}},
		{[]string{"3000/min", "{warn: 9000/min, fail: 600/min}"}, []string{"/min"}},
		{[]string{"100000/h"}, []string{"/h"}},
		{[]string{"2500000/day"}, []string{"/day"}},
		{[]string{"3000/min", "30/s"}, []string{"/min", "/s"}},
		{[]string{"2500000/day", "3000/min"}, []string{"/day", "/min"}},
	} {
		for _, profile := range []string{
			"rate: 50/s, duration: 120s", "users: 50, spawn_rate: 10/s, duration: 120s",
			"stages: [{rate: 20/s, for: 60s}, {rate: 50/s, over: 10s, for: 50s}]",
		} {
			s := ratesFile(t, profile, c.limits...)
			p, err := plan.New(s, plan.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			timetable := terminal.Timetable{Plan: p, Forecasts: p.Forecast()}
			if err := timetable.Write(&text, content.Options{}); err != nil {
				t.Fatal(err)
			}
			outputs := map[string]string{"plan": text.String()}
			r := fixtureResult()
			r.Profile, r.Planned, r.Resources = "p", p.Result("", time.Time{}).Planned, nil
			r.Planned.Duration = 2 * time.Minute
			v := gate.Judge(evidence.Input{Result: r, Config: s})
			asked := unit.Quantity{Value: 50, Unit: unit.PerSecond}
			dropped := reason.ArrivalsDropped.With(reason.Args{
				"asked": asked, "sent": asked, "missing": 1, "due": 2, "was": reason.GeneratorLate.Plain(),
			})
			v.Checks = append(v.Checks, verdict.Check{Subject: "arrivals", Because: dropped}, verdict.Check{
				Rule: "before", Subject: "GET /api/dashboard/metrics", Metric: metric.Throughput,
				Got: verdict.Measured(asked), Limit: verdict.Measured(asked), Comparison: &verdict.Comparison{
					Base: verdict.Measured(asked), Again: verdict.Measured(asked), Gated: true, Runs: 5,
				},
			})
			v.Causes = []verdict.Cause{{Because: reason.Saturation.With(reason.Args{
				"before": verdict.LoadOf(20, true), "load": verdict.LoadOf(50, true),
				"served_before": asked, "served": asked,
				"median_before": unit.Of(time.Second), "median": unit.Of(time.Second),
			})}}
			view := content.NewView(r, v, content.Options{Config: s, All: true})
			for _, format := range []string{"table", "junit", "markdown", "html"} {
				outputs[format] = string(formatted(t, format, view))
			}
			outputs["summary"] = summary(t, view, github.SummaryLimit)
			outputs["levels"] = table(t, content.NewCapacityView([]*result.Result{r},
				verdict.Verdict{Checks: []verdict.Check{{Rule: "capacity", Subject: "arrivals", Outcome: verdict.Pass,
					Metric: metric.OfReadings("", unit.PerSecond, metric.Higher),
					Got:    verdict.Measured(asked), Limit: verdict.Measured(asked)}},
					Stages: []verdict.Stage{{Stage: result.Stage{Rate: 50}, Open: true, Run: 1,
						Rate: verdict.Measured(asked), Checks: []verdict.Check{{Outcome: verdict.Pass}}}}},
				content.Options{Config: s}))
			for name, output := range outputs {
				want := c.units
				if name == "levels" { // floors are no part of it
					want = want[len(want)-1:]
				}
				if got := unitsOf(output); !slices.Equal(got, want) {
					t.Errorf("%s of {%s} beside %q has rates in %q, want %q:\n%s",
						name, profile, c.limits, got, want, cutTo(output, 6000))
				}
			}
		}
	}
}

func cutTo(text string, n int) string { return text[:min(len(text), n)] }
