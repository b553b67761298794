package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/spec"
	"github.com/loadgate/loadgate/internal/unit"
)

// ChartSchema names the version of a chart's data. Fields may be added within a
// version; none changes its meaning.
const ChartSchema = "loadgate.chart/1"

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
	Endpoint string
	Joint    bool
	Values   []float64        // beside Chart.Runs, in the base of the metric's unit; NaN: the run has none
	Shifts   []baseline.Shift // where the level changed for good
}

// NewChart draws the runs that may stand beside the newest one, for endpoints
// that a pattern matches.
func NewChart(runs []baseline.Run, m metric.Metric, pattern string) Chart {
	c := Chart{Metric: m, Runs: baseline.Alike(runs)}
	c.Others = len(runs) - len(c.Runs)
	rule := spec.Rule{Patterns: []string{pattern}}
	type name struct {
		endpoint string
		joint    bool
	}
	var names []name
	for _, r := range c.Runs {
		for _, f := range r.Figures {
			if n := (name{f.Endpoint, f.Joint}); f.Metric == m && rule.Matches(f.Endpoint, false) && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	for _, n := range names {
		s := baseline.SeriesOf(c.Runs, n.endpoint, n.joint, m)
		line := ChartLine{Endpoint: n.endpoint, Joint: n.joint, Shifts: s.Shifts()}
		for _, v := range s.Values {
			line.Values = append(line.Values, math.Exp(v))
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

// bars are the heights of a sparkline.
var bars = []rune("▁▂▃▄▅▆▇█")

// flat is the least range of a sparkline, as a share of its middle: what moves
// less than that shall not look like mountains.
const flat = 0.20

// spark draws values, one cell each; a space where there is none.
func spark(values []float64) string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	if middle := (low + high) / 2; high-low < flat*middle {
		low, high = middle*(1-flat/2), middle*(1+flat/2)
	}
	var b strings.Builder
	for _, v := range values {
		if math.IsNaN(v) {
			b.WriteByte(' ')
			continue
		}
		at := int((v - low) / (high - low) * float64(len(bars)))
		b.WriteRune(bars[min(max(at, 0), len(bars)-1)])
	}
	return b.String()
}

// The width of a chart, in runs.
const mostBars = 60

// Write prints the chart for people: one cell a run, the newest at the right,
// under a line that marks the runs that later ones are not held against.
func (c Chart) Write(w io.Writer, folder string, o Options) error {
	p := newPage(o)
	if len(c.Runs) == 0 {
		p.noRuns(folder)
		return p.writeTo(w)
	}
	shown := min(len(c.Runs), mostBars, p.width-60)
	from := len(c.Runs) - shown
	newest := c.Runs[len(c.Runs)-1]
	p.line(p.ink.bold(shorten(clean(title(newest.Name, newest.Profile)), p.width/2)) + "  " +
		p.ink.dim(shorten(clean(newest.Origin.Runner.Class()), p.width/2-2)))
	text := fmt.Sprintf("%s of %s, %s to %s", c.Metric.Name(), plural(shown, "run"),
		c.Runs[from].Started.UTC().Format(time.DateOnly), newest.Started.UTC().Format(time.DateOnly))
	if from > 0 {
		text += fmt.Sprintf(", the newest of %d", len(c.Runs))
	}
	if c.Others > 0 {
		text += fmt.Sprintf("; %s of another load, host or class of runner", plural(c.Others, "run"))
	}
	p.hanging("", text)
	p.line("")
	g := grid{header: []string{"ENDPOINT", "", "FIRST", "MEDIAN", "LAST", ""}, right: []int{2, 3, 4}, squeeze: []squeeze{{0, 14}}}
	g.add("", "", c.verdicts(from), "", "", "", "")
	for _, line := range c.Lines {
		g.add("", clean(line.Endpoint), spark(line.Values[from:]), c.amount(end(line.Values[from:], false)),
			c.amount(middle(line.Values[from:])), c.amount(end(line.Values[from:], true)), line.newest())
	}
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		if row == 0 && column == 1 {
			return p.ink.outcome(gate.Fail, text)
		}
		return text
	})
	p.changes(c)
	return p.writeTo(w)
}

// verdicts marks the runs that later ones are not held against.
func (c Chart) verdicts(from int) string {
	var b strings.Builder
	for _, r := range c.Runs[from:] {
		switch {
		case r.Counts():
			b.WriteByte(' ')
		case verdictOf(r.Verdict) == gate.Inconclusive:
			b.WriteRune('?')
		default:
			b.WriteRune('✗')
		}
	}
	return b.String()
}

// newest is the last change of level.
func (l ChartLine) newest() string {
	if len(l.Shifts) == 0 {
		return ""
	}
	return changeText(l.Shifts[len(l.Shifts)-1].Ratio() - 1)
}

// changes lists where levels changed, run by run.
func (p *page) changes(c Chart) {
	first := true
	for at, r := range c.Runs {
		var parts []string
		for _, line := range c.Lines {
			for _, s := range line.Shifts {
				if s.At == at {
					parts = append(parts, fmt.Sprintf("%s %s, from %s to %s", line.Endpoint, changeText(s.Ratio()-1), c.amount(s.Before), c.amount(s.After)))
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
		lead := r.Started.UTC().Format(time.DateOnly) + "  " + clean(r.ID)
		if r.Origin.Commit != "" {
			lead += "  " + brief(r.Origin.Commit)
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

// end is the first or the last value that there is.
func end(values []float64, last bool) float64 {
	found := math.NaN()
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if found = v; !last {
			break
		}
	}
	return found
}

// middle is the median of the values that there are.
func middle(values []float64) float64 {
	there := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	if len(there) == 0 {
		return math.NaN()
	}
	slices.Sort(there)
	return (there[(len(there)-1)/2] + there[len(there)/2]) / 2
}

// The data of a chart.
type (
	chartDocument struct {
		Schema string      `json:"schema"`
		Metric string      `json:"metric"`
		Unit   string      `json:"unit"` // of all values
		Runs   []chartRun  `json:"runs"`
		Lines  []chartLine `json:"lines"`
	}
	chartRun struct {
		ID      string    `json:"id"`
		Started time.Time `json:"started"`
		Commit  string    `json:"commit"`
		Branch  string    `json:"branch"`
		Verdict string    `json:"verdict"`
		Mark    string    `json:"mark"`   // accepted, rejected or empty
		Counts  bool      `json:"counts"` // later runs may be held against it
	}
	chartLine struct {
		Endpoint string       `json:"endpoint"`
		Joint    bool         `json:"transaction"`
		Values   []*float64   `json:"values"` // beside runs; null: the run has none
		Changes  []chartShift `json:"changes"`
	}
	chartShift struct {
		Run    int     `json:"run"` // index of the first run of the new level
		Before float64 `json:"before"`
		After  float64 `json:"after"`
	}
)

// WriteData writes what the chart shows, all runs of it, as JSON.
func (c Chart) WriteData(w io.Writer) error {
	doc := chartDocument{Schema: ChartSchema, Metric: c.Metric.Name(), Unit: baseName(c.Metric.Unit()), Runs: []chartRun{}, Lines: []chartLine{}}
	for _, r := range c.Runs {
		doc.Runs = append(doc.Runs, chartRun{r.ID, r.Started.UTC(), r.Origin.Commit, r.Origin.Branch, r.Verdict, markText(r), r.Counts()})
	}
	for _, l := range c.Lines {
		line := chartLine{Endpoint: l.Endpoint, Joint: l.Joint, Values: make([]*float64, len(l.Values)), Changes: []chartShift{}}
		for i, v := range l.Values {
			if !math.IsNaN(v) {
				line.Values[i] = &v
			}
		}
		for _, s := range l.Shifts {
			line.Changes = append(line.Changes, chartShift{s.At, s.Before, s.After})
		}
		doc.Lines = append(doc.Lines, line)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(doc)
}
