package terminal

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Chart is a figure of every endpoint over the runs of one load on one class of
// runner.
type Chart struct {
	Metric metric.Metric
	Runs   []baseline.Run // oldest first
	Others int            // runs of another load, host or class of runner than the newest
	Lines  []ChartLine
}

// ChartLine is one endpoint, or transaction.
type ChartLine struct {
	Endpoint     string
	Transaction  bool
	Values       []float64              // beside Chart.Runs, in the base of the metric's unit; NaN: the run has none
	ChangePoints []baseline.ChangePoint // where the level changed for good
}

// NewChart draws the runs that are comparable with the newest one, for the
// endpoints that a pattern matches.
func NewChart(runs []baseline.Run, m metric.Metric, pattern string) Chart {
	c := Chart{Metric: m, Runs: baseline.Alike(runs)}
	c.Others = len(runs) - len(c.Runs)
	rule := config.Rule{Patterns: []string{pattern}}
	type name struct {
		endpoint    string
		transaction bool
	}
	var names []name
	for _, r := range c.Runs {
		for _, f := range r.Figures {
			if n := (name{f.Endpoint, f.Transaction}); f.Metric == m &&
				rule.Matches(f.Endpoint, false) && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	for _, n := range names {
		s := baseline.SeriesBeside(c.Runs[len(c.Runs)-1], c.Runs, n.endpoint, n.transaction, m)
		if !slices.ContainsFunc(s.Values, func(v float64) bool { return !math.IsNaN(v) }) {
			continue // it has another name now, or is gone
		}
		line := ChartLine{Endpoint: n.endpoint, Transaction: n.transaction, ChangePoints: s.ChangePoints()}
		for _, v := range s.Values {
			line.Values = append(line.Values, math.Exp(v))
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

// The width of a chart, in runs.
const mostBars = 60

// Write prints the chart for people: one cell a run, the newest at the right,
// over a line that marks the runs that later ones are not compared with.
func (c Chart) Write(w io.Writer, folder string, o content.Options) error {
	p := newPage(o)
	if len(c.Runs) == 0 {
		p.noRuns(folder)
		return p.writeTo(w)
	}
	shown := min(len(c.Runs), mostBars, p.width-60)
	from := len(c.Runs) - shown
	newest := c.Runs[len(c.Runs)-1]
	p.titled(content.Title(newest.Name, newest.Profile), newest.Origin.Runner.Class())
	text := fmt.Sprintf("%s of %s, %s to %s", c.Metric.Name(), unit.Counted(shown, "run"),
		c.Runs[from].Started.UTC().Format(time.DateOnly), newest.Started.UTC().Format(time.DateOnly))
	if from > 0 {
		text += fmt.Sprintf(", the newest of %d", len(c.Runs))
	}
	if hosts := baseline.Hosts(c.Runs[from:]); hosts > 1 {
		text += ", of " + unit.Counted(hosts, "host")
	}
	if c.Others > 0 {
		text += fmt.Sprintf("; without %s of another load, host or class of runner (--profile, --runner)",
			unit.Counted(c.Others, "run"))
	}
	p.hanging("", text)
	p.line("")
	if len(c.Lines) == 0 {
		p.hanging("", "No endpoint of these runs has that figure.")
		return p.writeTo(w)
	}
	g := grid{
		header: []string{"ENDPOINT", strings.ToUpper(c.Metric.Name()), "FIRST", "MEDIAN", "LAST", "LEVEL"},
		right:  []int{2, 3, 4, 5}, squeeze: []squeeze{{0, 14}}, wrapped: []int{0}, hang: 2,
	}
	for _, line := range c.Lines {
		values := line.Values[from:]
		median, ok := stat.Median(values)
		if !ok {
			median = math.NaN()
		}
		g.add(kindText(line.Transaction), typeset.Clean(line.Endpoint), typeset.Spark(values),
			c.amount(typeset.End(values, false)), c.amount(median),
			c.amount(typeset.End(values, true)), line.newest())
	}
	out := c.leftOut(from)
	if slices.Max(out) > runCounts {
		g.add("", "left out", signs(out), "", "", "", "")
	}
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		switch {
		case row < len(c.Lines):
			return text
		case column == 1:
			return p.ink.outcome(verdict.Fail, text)
		}
		return p.ink.dim(text)
	})
	p.legendOfChart(out)
	p.changes(c)
	return p.writeTo(w)
}

// exclusion is why later runs are not compared with a run.
type exclusion uint8

const (
	runCounts exclusion = iota // they are
	runFailed
	runUndecided
	runLate
	runRejected
)

// exclusions are their signs, in the order of the legend.
var exclusions = [...]struct{ sign, meaning string }{
	runCounts: {" ", ""}, runFailed: {"✗", "failed"}, runUndecided: {"?", "inconclusive"},
	runLate: {"l", "late generator"}, runRejected: {"r", "rejected"},
}

func signs(runs []exclusion) string {
	var b strings.Builder
	for _, why := range runs {
		b.WriteString(exclusions[why].sign)
	}
	return b.String()
}

// legendOfChart explains the signs of runs that are left out.
func (p *page) legendOfChart(out []exclusion) {
	var parts []string
	for why, e := range exclusions {
		if exclusion(why) != runCounts && slices.Contains(out, exclusion(why)) {
			parts = append(parts, e.sign+" "+e.meaning)
		}
	}
	if len(parts) > 0 {
		p.line(p.ink.dim(strings.Join(parts, " · ") + ": not used as a baseline"))
	}
}

// leftOut says of each run whether later ones are compared with it, and why not.
func (c Chart) leftOut(from int) []exclusion {
	var all []exclusion
	for _, r := range c.Runs[from:] {
		mark, marked := r.Mark()
		switch {
		case r.Counts():
			all = append(all, runCounts)
		case marked && !mark.Accepted:
			all = append(all, runRejected)
		case r.Base == baseline.Late:
			all = append(all, runLate)
		case r.Base == baseline.Unjudged || r.Base == "" && content.KeptOutcome(r.Verdict) == verdict.Inconclusive:
			all = append(all, runUndecided)
		default:
			all = append(all, runFailed)
		}
	}
	return all
}

// newest is the last change of level.
func (l ChartLine) newest() string {
	if len(l.ChangePoints) == 0 {
		return ""
	}
	return content.ChangeText(l.ChangePoints[len(l.ChangePoints)-1].Ratio() - 1)
}

// changes lists where levels changed, run by run.
func (p *page) changes(c Chart) {
	first := true
	for at, r := range c.Runs {
		var parts []string
		for _, line := range c.Lines {
			for _, s := range line.ChangePoints {
				if s.At == at {
					parts = append(parts, fmt.Sprintf("%s%s %s, from %s to %s", line.Endpoint,
						kindText(line.Transaction), content.ChangeText(s.Ratio()-1),
						c.amount(s.Before), c.amount(s.After)))
				}
			}
		}
		if parts == nil {
			continue
		}
		if first {
			p.line("")
			p.line("The level changed for good")
			first = false
		}
		lead := r.Started.UTC().Format(time.DateOnly) + "  " + typeset.Clean(r.ID)
		if r.Origin.Commit != "" {
			lead += "  " + typeset.Clean(r.Origin.ShortCommit())
		}
		p.line("  " + lead)
		for _, part := range parts {
			p.hanging("    ", part)
		}
	}
}

func (c Chart) amount(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return unit.Quantity{Value: v, Unit: c.Metric.Unit()}.String()
}
