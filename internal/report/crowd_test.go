package report_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// crowdedNames are as long and as alike as those of real services.
var crowdedNames = []string{
	"GET /api/v2/tutors/{id}/sessions?status=completed&limit=50&offset={offset}&sort=-started_at",
	"POST /api/v2/tutors/{id}/sessions",
	"GET /api/v2/tutors/{id}", "GET /health", "DELETE /api/v2/interventions/{intervention}/outcomes/{outcome}",
	"GET /api/v2/tutors/{id}/sessions?status=cancelled&limit=50&offset={offset}&sort=-started_at",
}

// crowd is a run of n endpoints with checks of every outcome.
func crowd(n int) (*result.Result, verdict.Verdict) {
	r := fixtureResult()
	r.Endpoints = nil
	random := rand.New(rand.NewPCG(3, 4))
	v := verdict.Verdict{Checks: []verdict.Check{{Subject: "run length", Outcome: verdict.Pass, Shown: true},
		{Subject: "generator", Outcome: verdict.Pass, Shown: true}}}
	for i := range n {
		name := strings.Replace(crowdedNames[i%len(crowdedNames)], "v2", fmt.Sprintf("v%d", 2+i/len(crowdedNames)), 1)
		r.Endpoints = append(r.Endpoints,
			fixtureEndpoint(random, name, false, time.Duration(40+7*i)*time.Millisecond, 1, 3, 0))
		c := verdict.Check{
			Rule: "every endpoint", Pos: at(12), Subject: name, Endpoints: []string{name}, Metric: metric.P95,
			Got: ms(60 + float64(17*i%400)), Low: ms(55 + float64(17*i%400)),
			High: ms(70 + float64(17*i%400)), Limit: ms(500), Requests: 270, Outcome: verdict.Pass, Shown: true,
		}
		switch i % 15 {
		case 1:
			c.Outcome, c.Got, c.Low, c.High = verdict.Fail, ms(812), ms(766), ms(874)
			c.Because, c.Remedies = broken(reason.ValueAbove, metric.P95, ms(812), ms(500)),
				[]reason.Reason{reason.LookAtLatency.Plain()}
		case 2:
			c.Outcome, c.Got, c.Low, c.High = verdict.Inconclusive, ms(489), ms(431), ms(556)
			c.Because, c.Remedies = reason.LimitNear.With(reason.Args{
				"value":    broken(reason.ValueWithin, metric.P95, ms(489), ms(500)).Args["value"],
				"interval": reason.IntervalNone.With(reason.Args{"requests": 270}),
			}), more
		case 5:
			c.Outcome, c.Shown = verdict.Warn, false
		}
		v.Checks = append(v.Checks, c)
	}
	return r, v
}

// The table, as wide as terminals are, for few endpoints and for many.
func TestGoldenCrowds(t *testing.T) {
	for _, n := range []int{3, 60} {
		r, v := crowd(n)
		for _, width := range []int{80, 100, 160} {
			for _, color := range []bool{false, true} {
				name := fmt.Sprintf("table-%d-endpoints-%d.txt", n, width)
				if color {
					name = strings.Replace(name, ".txt", "-color.txt", 1)
				}
				view := content.NewView(r, v, content.Options{Confidence: .95, Width: width, Color: color, All: n == 3})
				text := table(t, view)
				if line, cells := widest(text); cells > width {
					t.Errorf("%s: a line of %d cells: %s", name, cells, line)
				}
				goldenBytes(t, name, []byte(text))
			}
		}
	}
}

// A megabyte of a service's words is cut before it is laid out, in every
// format.
func TestMegabytes(t *testing.T) {
	for _, huge := range []string{strings.Repeat("x", 1<<20), strings.Repeat("words and ", 1<<17),
		strings.Repeat("\x1b[31m|", 1<<18)} {
		r, v := crowd(3)
		r.Endpoints[0].Name, r.Name = huge, huge
		r.Endpoints[0].Failures = []result.Failure{
			{Kind: metric.Status, Status: 500, Detail: huge, Sample: huge, Count: 1}}
		for i := range v.Checks {
			v.Checks[i].Because, v.Checks[i].Remedies = says(huge), advises(huge)
			v.Checks[i].Subject, v.Checks[i].Rule = huge, huge
		}
		view := content.NewView(r, v, content.Options{})
		for _, f := range report.Formats() {
			if f.Name == "verdict" {
				continue // for scripts, whole
			}
			if n := len(formatted(t, f.Name, view)); n > 300_000 {
				t.Errorf("%s has %d bytes", f.Name, n)
			}
		}
	}
}
