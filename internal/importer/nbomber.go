package importer

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// NBomber's report as JSON has scenarios with steps, and what succeeded and
// failed apart, in milliseconds. A step "global information" is the whole of a
// scenario: where it has other steps, they are the requests.

const nbomberGlobal = "global information"

// nbomberStats is the report, or what newer versions have under FinalStats.
type nbomberStats struct {
	Duration  string
	Scenarios []nbomberScenario `json:"ScenarioStats"`
}

type nbomberScenario struct {
	Name     string `json:"ScenarioName"`
	Duration string
	Good     nbomberSide `json:"Ok"`
	Bad      nbomberSide `json:"Fail"`
	nbomberOld
	Steps []nbomberStep `json:"StepStats"`
}

type nbomberStep struct {
	Name string      `json:"StepName"`
	Good nbomberSide `json:"Ok"`
	Bad  nbomberSide `json:"Fail"`
	nbomberOld
}

// nbomberOld is what versions before 2 say of a step: the times are those of what
// succeeded. A scenario has its counts alone.
type nbomberOld struct {
	OkCount, FailCount *count
	Min, Mean, Max     maybe
	Percent50          maybe
	Percent75          maybe
	Percent95          maybe
	Percent99          maybe
}

// into gives both sides what an older version has beside them.
func (o nbomberOld) into(good, bad *nbomberSide) {
	if o.OkCount == nil || o.FailCount == nil {
		return
	}
	good.Request.Count, bad.Request.Count = *o.OkCount, *o.FailCount
	good.Latency = nbomberLatency{
		MinMs: o.Min, MeanMs: o.Mean, MaxMs: o.Max,
		Percent50: o.Percent50, Percent75: o.Percent75, Percent95: o.Percent95, Percent99: o.Percent99,
	}
}

// nbomberSide is what succeeded, or what failed.
type nbomberSide struct {
	Request struct{ Count count }
	Latency nbomberLatency
	Codes   []struct {
		Code    any `json:"StatusCode"` // text, or a number in older versions
		Message string
		Count   count
	} `json:"StatusCodes"`
}

type nbomberLatency struct {
	MinMs, MeanMs, MaxMs                       maybe
	Percent50, Percent75, Percent95, Percent99 maybe
}

func sniffNBomber(head string) bool { return object(`"ScenarioStats"`, `"ScenarioName"`)(head) }

func readNBomber(in *bufio.Reader, f *figures) error {
	var v struct {
		nbomberStats
		Final *nbomberStats `json:"FinalStats"`
	}
	if err := whole(in, &v); err != nil {
		return err
	}
	stats := v.nbomberStats
	if v.Final != nil {
		stats = *v.Final
	}
	f.lasted(time.Time{}, nbomberLength(stats.Duration))
	names := map[string]int{}
	for _, scenario := range stats.Scenarios {
		for _, step := range scenario.Steps {
			names[step.Name]++
		}
	}
	for _, scenario := range stats.Scenarios {
		f.lasted(time.Time{}, nbomberLength(scenario.Duration))
		parted := false
		for _, step := range scenario.Steps {
			if step.Name == nbomberGlobal {
				continue
			}
			parted = true
			name := step.Name
			if names[name] > 1 {
				name = scenario.Name + ", " + name
			}
			step.into(&step.Good, &step.Bad)
			if err := addNBomber(f, name, step.Good, step.Bad); err != nil {
				return err
			}
		}
		if !parted {
			scenario.into(&scenario.Good, &scenario.Bad)
			if err := addNBomber(f, scenario.Name, scenario.Good, scenario.Bad); err != nil {
				return err
			}
		}
	}
	return nil
}

func addNBomber(f *figures, name string, good, bad nbomberSide) error {
	failed := int64(bad.Request.Count)
	s := withCounts(int64(good.Request.Count)+failed, failed)
	s.Latencies = int64(good.Request.Count)
	for _, c := range bad.Codes {
		text := fmt.Sprint(c.Code)
		status, err := strconv.Atoi(text)
		words := c.Message
		if err != nil || status < 0 || status > 599 { // its own codes, such as -100 for a timeout
			status, words = 0, strings.TrimSpace(text+" "+c.Message)
		}
		f.fail(name, "", "", int64(c.Count), status, words)
	}
	if s.Latencies > 0 {
		l := good.Latency
		percentiles := map[float64]maybe{0.5: l.Percent50, 0.75: l.Percent75, 0.95: l.Percent95, 0.99: l.Percent99}
		printed := times{unit: time.Millisecond, step: 10 * time.Microsecond}
		for q, ms := range byKey(percentiles) {
			if err := printed.quantile(s, q, ms); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if err := printed.extremes(s, l.MinMs, l.MeanMs, l.MaxMs); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return f.add(name, "", "", s)
}

// nbomberLength is a time such as 00:01:30 or 00:01:30.5000000; 0: not told.
func nbomberLength(text string) time.Duration {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return 0
	}
	var seconds float64
	for _, part := range parts {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || !(v >= 0 && v < 1000) {
			return 0
		}
		seconds = 60*seconds + v
	}
	return min(time.Duration(seconds*float64(time.Second)), longestFile)
}
