package github

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/webpage"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// SummaryLimit is how many bytes GitHub takes of a step's summary; it shows
// nothing at all of one that is longer.
const SummaryLimit = 1 << 20

// The charts of a summary: how many, and of how many points each.
const (
	summaryCharts = 4
	summaryPoints = 60
)

// WriteSummary writes the summary of a job into so many bytes: without charts
// where they do not fit, and as one line where that alone does.
func WriteSummary(v content.View, w io.Writer, room int64) error {
	var b strings.Builder
	if err := WriteMarkdown(&b, v); err != nil {
		return err
	}
	text := b.String()
	if charts := mermaid(v); int64(len(text)+len(charts)) < room {
		text += charts
	}
	if int64(len(text)) >= room {
		text = fmt.Sprintf("\n**%s** · %s\n", v.Closing.Word(), typeset.Prose(v.Title, markdownName))
	}
	if int64(len(text)) >= room {
		return fmt.Errorf("the summary of this step has no room left: GitHub takes %d KiB", SummaryLimit>>10)
	}
	_, err := io.WriteString(w, text+"\n")
	return err
}

// mermaid draws p95 over time of the endpoints that are closest to their
// limits, or beyond.
func mermaid(v content.View) string {
	var b strings.Builder
	for _, name := range closest(v, summaryCharts) {
		at := slices.IndexFunc(v.Run.Endpoints, func(e result.Endpoint) bool { return e.Name == name })
		if at < 0 {
			continue
		}
		e := v.Run.Endpoints[at]
		s := webpage.StretchesOf(v.Run, webpage.Sent(e), summaryPoints)
		lines := s.Latency("", []result.Endpoint{e}).Series
		if chart := mermaidChart(name, s,
			lines[slices.IndexFunc(lines, func(l htmlpage.Series) bool { return l.Name == metric.P95.Name() })].Values,
			webpage.LimitsOf(v, name, metric.P95)); chart != "" {
			b.WriteString(chart)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n<details><summary>p95 over time</summary>\n" + b.String() + "\n</details>\n"
}

// closest are the endpoints that are judged alone by a percentile, the tightest
// first.
func closest(v content.View, most int) []string {
	checks := slices.Clone(v.Checks)
	slices.SortStableFunc(checks,
		func(a, b verdict.Check) int { return cmp.Compare(content.Tightness(b), content.Tightness(a)) })
	var names []string
	for _, c := range checks {
		_, percentile := c.Metric.Quantile()
		if !percentile || c.Metric.OfFirstByte() || c.AboutRun() || c.Comparison != nil ||
			len(c.Endpoints) != 1 || slices.Contains(names, c.Endpoints[0]) {
			continue
		}
		if names = append(names, c.Endpoints[0]); len(names) == most {
			break
		}
	}
	return names
}

// mermaidHead makes a chart wide and low, with lines that show on light and dark
// pages: the first colour is that of the values, the second that of the limit.
const mermaidHead = `%%{init: {"xyChart": {"width": 900, "height": 280}, "themeVariables": {"xyChart": {"plotColorPalette": "#2f81f7, #e5534b"}}}}%%
xychart-beta
`

// mermaidChart draws values and the first of their limits; empty where there is nothing
// to draw. Names stand above the chart, not in it: in there are numbers alone.
// mermaid knows no gaps: a stretch without a request repeats the one before it.
func mermaidChart(name string, s webpage.Stretches, values htmlpage.Numbers, limits []htmlpage.Limit) string {
	first := slices.IndexFunc(values, func(v float64) bool { return !math.IsNaN(v) })
	if first < 0 || len(values)-first < 2 {
		return ""
	}
	top, last := 0.0, math.NaN()
	var points []string
	for _, v := range values[first:] {
		if !math.IsNaN(v) {
			last = v
		}
		top = math.Max(top, last)
		points = append(points, chartNumber(math.Round(10*last)/10))
	}
	caption, lines := typeset.Literal(name, markdownName)+": p95 in ms", "    line ["+strings.Join(points, ", ")+"]\n"
	if len(limits) > 0 {
		caption += ", and its limit"
		top = math.Max(top, limits[0].Value)
		lines += "    line [" + strings.Join(slices.Repeat([]string{chartNumber(limits[0].Value)}, len(points)),
			", ") + "]\n"
	}
	if warm := s.Run.Planned.WarmUp; warm > 0 {
		caption += "; warm-up until " + chartNumber(warm.Seconds()) + " s"
	}
	from, until := (time.Duration(first) * s.Length).Seconds(), s.Run.Elapsed.Seconds()
	return fmt.Sprintf("\n%s\n\n```mermaid\n%s    x-axis \"seconds\" %g --> %g\n    y-axis \"ms\" 0 --> %g\n%s```\n",
		caption, mermaidHead, from, math.Max(until, from+1), math.Ceil(1.1*top+1), lines)
}

func chartNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
