// Package nbomber reads the JSON report of NBomber.
package nbomber

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// NBomber's report as JSON has scenarios with steps, and what succeeded and
// failed apart, in milliseconds. A step "global information" is the sum of a
// scenario: if it has other steps, they are the requests.

const globalStep = "global information"

// stats is the report, or what newer versions have under FinalStats.
type stats struct {
	Duration  string
	Scenarios []scenario `json:"ScenarioStats"`
}

type scenario struct {
	Name     string `json:"ScenarioName"`
	Duration string
	Good     outcome `json:"Ok"`
	Bad      outcome `json:"Fail"`
	oldFigures
	Steps []step `json:"StepStats"`
}

type step struct {
	Name string  `json:"StepName"`
	Good outcome `json:"Ok"`
	Bad  outcome `json:"Fail"`
	oldFigures
}

// oldFigures is what versions before 2 say of a step: the times are those of what
// succeeded. A scenario has its counts alone.
type oldFigures struct {
	OkCount, FailCount *numeral.Count
	Min, Mean, Max     numeral.Optional
	Percent50          numeral.Optional
	Percent75          numeral.Optional
	Percent95          numeral.Optional
	Percent99          numeral.Optional
}

// into gives both sides what an older version writes outside of them.
func (o oldFigures) into(good, bad *outcome) {
	if o.OkCount == nil || o.FailCount == nil {
		return
	}
	good.Request.Count, bad.Request.Count = *o.OkCount, *o.FailCount
	good.Latency = latency{
		MinMs: o.Min, MeanMs: o.Mean, MaxMs: o.Max,
		Percent50: o.Percent50, Percent75: o.Percent75, Percent95: o.Percent95, Percent99: o.Percent99,
	}
}

// outcome is what succeeded, or what failed.
type outcome struct {
	Request struct{ Count numeral.Count }
	Latency latency
	Codes   []struct {
		Code    any `json:"StatusCode"` // text, or a number in older versions
		Message string
		Count   numeral.Count
	} `json:"StatusCodes"`
}

type latency struct {
	MinMs, MeanMs, MaxMs                       numeral.Optional
	Percent50, Percent75, Percent95, Percent99 numeral.Optional
}

func sniff(head string) bool { return collect.HasKeys(`"ScenarioStats"`, `"ScenarioName"`)(head) }

func read(in *bufio.Reader, f *collect.Figures) error {
	var v struct {
		stats
		Final *stats `json:"FinalStats"`
	}
	if err := textfile.DecodeJSON(in, &v); err != nil {
		return err
	}
	stats := v.stats
	if v.Final != nil {
		stats = *v.Final
	}
	f.Ran(time.Time{}, parseLength(stats.Duration))
	names := map[string]int{}
	for _, scenario := range stats.Scenarios {
		for _, step := range scenario.Steps {
			names[step.Name]++
		}
	}
	for _, scenario := range stats.Scenarios {
		f.Ran(time.Time{}, parseLength(scenario.Duration))
		parted := false
		for _, step := range scenario.Steps {
			if step.Name == globalStep {
				continue
			}
			parted = true
			name := step.Name
			if names[name] > 1 {
				name = scenario.Name + ", " + name
			}
			step.into(&step.Good, &step.Bad)
			if err := addStep(f, name, step.Good, step.Bad); err != nil {
				return err
			}
		}
		if !parted {
			scenario.into(&scenario.Good, &scenario.Bad)
			if err := addStep(f, scenario.Name, scenario.Good, scenario.Bad); err != nil {
				return err
			}
		}
	}
	return nil
}

func addStep(f *collect.Figures, name string, good, bad outcome) error {
	failed := int64(bad.Request.Count)
	s := collect.NewSummary(int64(good.Request.Count)+failed, failed)
	s.Latencies = int64(good.Request.Count)
	for _, c := range bad.Codes {
		text := fmt.Sprint(c.Code)
		status, err := strconv.Atoi(text)
		words := c.Message
		if err != nil || status < 0 || status > 599 { // its own codes, such as -100 for a timeout
			status, words = 0, strings.TrimSpace(text+" "+c.Message)
		}
		f.Fail(name, "", "", int64(c.Count), status, words)
	}
	if s.Latencies > 0 {
		l := good.Latency
		percentiles := map[float64]numeral.Optional{0.5: l.Percent50,
			0.75: l.Percent75, 0.95: l.Percent95, 0.99: l.Percent99}
		printed := collect.Times{Unit: time.Millisecond, Step: 10 * time.Microsecond}
		for q, ms := range textfile.ByKey(percentiles) {
			if err := printed.AddQuantile(s, q, ms); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if err := printed.SetExtremes(s, l.MinMs, l.MeanMs, l.MaxMs); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return f.Add(name, "", "", s)
}

// parseLength is a time such as 00:01:30 or 00:01:30.5000000; 0: unknown.
func parseLength(text string) time.Duration {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return 0
	}
	var seconds float64
	for _, part := range parts {
		v, err := numeral.Number(part)
		if err != nil || !(v >= 0 && v < 1000) {
			return 0
		}
		seconds = 60*seconds + v
	}
	return min(time.Duration(seconds*float64(time.Second)), collect.LongestRun)
}
