package report_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/verdict"
)

func summary(t interface{ Fatal(...any) }, v content.View, room int64) string {
	var b strings.Builder
	if err := github.WriteSummary(v, &b, room); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// judged is a verdict on one endpoint of the fixture by its p95.
func judged(name string) verdict.Verdict {
	return verdict.Verdict{Checks: []verdict.Check{{
		Rule: "quick", Subject: name, Endpoints: []string{name},
		Metric: metric.P95, Got: ms(160), Limit: ms(200), Outcome: verdict.Pass, Shown: true,
	}}}
}

func TestGoldenSummary(t *testing.T) {
	goldenBytes(t, "summary-charts.md",
		[]byte(summary(t, content.NewView(pagedResult(), judged("GET /api/dashboard/metrics"),
			content.Options{Confidence: .95}), github.SummaryLimit)))
}

// The summary is the Markdown report, and never less for its charts.
func TestSummaryIsTheReport(t *testing.T) {
	v := content.NewView(fixtureResult(), fixtureVerdict(), content.Options{})
	all := summary(t, v, github.SummaryLimit)
	whole, charts := formatted(t, "markdown", v), strings.Count(all, "```mermaid")
	if !strings.HasPrefix(all, string(whole)) {
		t.Error("the report is not in the summary")
	}
	if charts != 4 {
		t.Errorf("%d charts, want those of the four endpoints closest to their limits", charts)
	}
}

// Less room takes the charts first, then all but a line; none is an error.
func TestSummaryFits(t *testing.T) {
	v := content.NewView(fixtureResult(), judged("GET /api/dashboard/metrics"), content.Options{})
	all := int64(len(summary(t, v, github.SummaryLimit)))
	for _, test := range []struct {
		name        string
		room        int64
		table, draw bool
	}{
		{"all", all, true, true}, {"a byte less", all - 1, true, false}, {"little", 500, false, false},
	} {
		got := summary(t, v, test.room)
		if int64(len(got)) > test.room {
			t.Errorf("%s: %d bytes into %d", test.name, len(got), test.room)
		}
		if table, drawn := strings.Contains(got, "| Rule |"), strings.Contains(got, "mermaid"); table != test.table ||
			drawn != test.draw {
			t.Errorf("%s: table %t and chart %t, want %t and %t", test.name, table, drawn, test.table, test.draw)
		}
		if !strings.Contains(got, "PASS") {
			t.Errorf("%s: no verdict in %q", test.name, got)
		}
	}
	if err := github.WriteSummary(v, new(strings.Builder), 3); err == nil ||
		!strings.Contains(err.Error(), "no room left") {
		t.Errorf("WriteSummary into 3 bytes = %v", err)
	}
	if err := github.WriteSummary(v, brokenWriter{}, github.SummaryLimit); !errors.Is(err, errBroken) {
		t.Errorf("WriteSummary to a closed pipe = %v", err)
	}
}

// chart matches a block of a chart that holds numbers and nothing else.
var chart = regexp.MustCompile("^%%[^\n]*%%\nxychart-beta\n    x-axis \"seconds\" [0-9.]+ --> [0-9.]+\n    y-axis " +
	"\"ms\" 0 --> [0-9]+\n(?:    line \\[[0-9., ]+\\]\n){2}$")

func TestHostileSummary(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := "x" + rapid.OneOf(commanding, rapid.SampledFrom([]string{
			"\"\n    line [1]", "```\n# owned", "%%{init: {}}%%",
			"</details>", "#quot;", "end", "<img src=x>", "[x](//e.example)",
		})).Draw(rt, "name")
		r := fixtureResult()
		r.Endpoints[1].Name = name
		text := summary(rt, content.NewView(r, judged(name), content.Options{}), github.SummaryLimit)
		blocks := regexp.MustCompile("(?ms)^```mermaid\n(.*?)^```$").FindAllStringSubmatch(text, -1)
		if len(blocks) != 1 || strings.Count(text, "```") != 2 {
			rt.Fatalf("%d charts, want 1, in:\n%s", len(blocks), text)
		}
		if !chart.MatchString(blocks[0][1]) {
			rt.Errorf("this is more than a chart:\n%s", blocks[0][1])
		}
		if strings.Count(text, "<details>") != strings.Count(text, "</details>") {
			rt.Errorf("folds are not closed in:\n%s", text)
		}
	})
}

// A chart of p95 has no limit of another percentile.
func TestLimitOfAChart(t *testing.T) {
	v := judged("GET /api/dashboard/metrics")
	p99, _ := metric.Parse("p99")
	for _, tt := range []struct {
		metric metric.Metric
		limit  bool
	}{{metric.P95, true}, {p99, false}} {
		for i := range v.Checks {
			v.Checks[i].Metric = tt.metric
		}
		text := summary(t, content.NewView(pagedResult(), v, content.Options{}), github.SummaryLimit)
		if !strings.Contains(text, ": p95 in ms") || strings.Contains(text, ", and its limit") != tt.limit {
			t.Errorf("limit of %s: a limit in the chart is wanted: %v\n%s", tt.metric.Name(), tt.limit, text)
		}
	}
}
