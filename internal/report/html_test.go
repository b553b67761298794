package report_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// plotted is a chart as the page's script reads it.
type plotted struct {
	Title  string
	Labels []string
	Series []struct {
		Name   string
		Values []*float64
	}
	Limits []struct {
		Text    string
		Value   float64
		Upright bool
	}
}

// charts are those of a page, in its order.
func charts(t *testing.T, html []byte) (found []plotted) {
	t.Helper()
	data := regexp.MustCompile(`(?s)id="charts">(.*?)</script>`).FindSubmatch(html)
	if data == nil {
		t.Fatal("the page has no data of charts")
	}
	if err := json.Unmarshal(data[1], &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// A load of several machines has a row for each: what it sent, how late, and how it ended. What a worker calls
// itself is text.
func TestPageShowsWorkers(t *testing.T) {
	r, cut, complete := fixtureResult(), result.Cut, result.Complete
	r.Shards = []result.Shard{
		{K: 1, N: 2, Worker: "runner-17", End: &complete, Started: r.Started, StartError: 3 * time.Millisecond,
			Elapsed: 2 * time.Minute, Users: 50, Requests: 1200, Lag: 1500 * time.Microsecond},
		{K: 2, N: 2, Worker: "<b>x</b>", End: &cut, Started: r.Started.Add(20 * time.Millisecond),
			StartError: time.Millisecond, Elapsed: 30 * time.Second, Users: 50, Requests: 300, Failed: 7},
	}
	page := formatted(t, "html", content.NewView(r, verdict.Verdict{}, content.Options{}))
	_, html, found := strings.Cut(string(page),
		`<section id="workers"`)
	html, _, _ = strings.Cut(html, "</section>")
	text := regexp.MustCompile(`(<[^>]*>|\s)+`).ReplaceAllString(html, " ")
	for _, want := range []string{
		"1/2 on runner-17 50 1,200 10/s 0 1.5ms 0s ± 3ms 2m complete",
		"2/2 on &lt;b&gt;x&lt;/b&gt; 50 300 10/s 7 – 20ms ± 1ms 30s cut",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("found %v, in\n%s\nwant %s", found, text, want)
		}
	}
}

// An endpoint that was in earlier runs has a chart of them, with this run, what
// was expected, and the run since which its level is another.
func TestPageShowsEarlierRuns(t *testing.T) {
	const name = "GET /api/tutors/search?subject=math&city=berlin"
	r := fixtureResult()
	r.Endpoints[1].Name = name
	now := 150.0
	v := verdict.Verdict{Checks: []verdict.Check{{
		Rule: "baseline", Subject: name, Endpoints: []string{name},
		Metric: metric.P95, Got: ms(now), Outcome: verdict.Pass,
		Comparison: &verdict.Comparison{Base: ms(148), Runs: 10, Low: ms(140), High: ms(157), Gated: true},
	}}}
	all := fixtureRuns()
	for i := range all {
		all[i].Verdict, all[i].Marks = "pass", nil
	}
	today := all[0]
	today.Started = today.Started.AddDate(0, 1, 0)
	past := baseline.Select(all, baseline.Query{Run: today})
	runs := past.Runs
	html := formatted(t, "html", content.NewView(r, v, content.Options{Past: past}))
	found := slices.DeleteFunc(charts(t, html),
		func(c plotted) bool { return !strings.HasPrefix(c.Title, "p95 in earlier runs") })
	if len(found) != 1 { // no other endpoint was in them
		t.Fatalf("%d charts of earlier runs, want 1", len(found))
	}
	c := found[0]
	if n := len(c.Series[0].Values); n != len(runs)+1 || len(c.Labels) != n || c.Labels[n-1] != "this run" {
		t.Errorf("%d values and labels %q, want %d runs and this one", n, c.Labels, len(runs))
	}
	var texts []string
	for _, l := range c.Limits {
		texts = append(texts, l.Text)
	}
	if want := []string{"+46%", "expected up to 157ms"}; !slices.Equal(texts, want) ||
		!c.Limits[0].Upright || c.Limits[1].Value != 157 {
		t.Errorf("limits %+v, want %q", c.Limits, want)
	}
	none := formatted(t, "html", content.NewView(r, v, content.Options{}))
	if slices.ContainsFunc(charts(t, none),
		func(c plotted) bool { return strings.HasPrefix(c.Title, "p95 in earlier runs") }) {
		t.Error("a run without earlier ones has a chart of them")
	}
}

// Both charts of an endpoint show each of its limits; the warm-up and gaps
// are what they are.
func TestPageDrawsLimits(t *testing.T) {
	html := formatted(t, "html",
		content.NewView(fixtureResult(), judged("GET /api/dashboard/metrics"), content.Options{}))
	count := 0
	for _, c := range charts(t, html) {
		for _, l := range c.Limits {
			if l.Text == "p95 < 200ms" {
				count++
			}
		}
		if strings.HasPrefix(c.Title, "Over time") {
			for _, s := range c.Series {
				if len(s.Values) == 0 {
					t.Errorf("%s: %s has no values", c.Title, s.Name)
				}
			}
		}
	}
	if count != 2 {
		t.Errorf("the limit is in %d charts, want 2", count)
	}
	// The start step is sent in the first second: after it there is no latency,
	// which is a gap and not 0.
	login := charts(t, html)[slices.IndexFunc(charts(t, html),
		func(c plotted) bool { return strings.HasPrefix(c.Title, "Over time") })]
	for i, value := range login.Series[1].Values {
		if (value == nil) != (i > 0) {
			t.Errorf("point %d of a step that was sent in the first second is %v", i, value)
		}
	}
}

// Where one group is limited by nothing but the answers, nobody knows what part
// section is the text of a section of a page, with | behind each cell; empty: it
// has none.
func section(html, id string) string {
	_, inside, _ := strings.Cut(html, `<section id="`+id+`">`)
	inside, _, _ = strings.Cut(inside, "</section>")
	return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(strings.ReplaceAll(inside, "</td>", "|"), "")
}

func TestPageShowsThePlan(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*result.Result)
		want   []string
	}{
		{"users", func(*result.Result) {}, []string{"dashboard|60|60%|5s–15s|20|2,430|76%|",
			"dashboard|GET /api/alerts?status=active|33.4%|25.3%|"}},
		{"without think times", func(r *result.Result) { r.Planned.Groups[1].Expected = 0 },
			[]string{"dashboard|60|60%|5s–15s|20|2,430|–|", "dashboard|GET /api/alerts?status=active|33.4%|–|"}},
		{"arrivals", func(r *result.Result) { r.Planned.Rate, r.Planned.Groups[0].Users = 50, 0 },
			[]string{"dashboard|2,430|76%|"}},
		{"unknown", func(r *result.Result) { r.Planned.Groups = nil }, []string{""}},
	} {
		r := fixtureResult()
		test.change(r)
		got := section(string(formatted(t, "html", content.NewView(r, verdict.Verdict{}, content.Options{}))), "plan")
		for _, want := range test.want {
			if !strings.Contains(got, want) || want == "" && got != "" {
				t.Errorf("%s: want %q in\n%s", test.name, want, got)
			}
		}
	}
}

// What another tool computed is shown as that, and what it did not tell is a
// dash: there is no chart over time, no phase, no size and no moment of a failure.
func TestPageOfAnotherToolsFigures(t *testing.T) {
	r := fixtureResult()
	failed, mean := int64(3), result.Exactly(80*time.Millisecond)
	given := &result.Summary{
		Requests: 200, Failed: &failed, Latencies: 200, Mean: &mean,
		Quantiles: []result.Quantile{{Q: 0.95, Reading: result.Reading{Value: 200 * time.Millisecond,
			Low: 195 * time.Millisecond, High: 205 * time.Millisecond}}},
	}
	r.Source = result.Source{Tool: "Locust", Format: "locust-csv", Failures: result.Mixed}
	r.Planned.Groups, r.Transactions, r.Timeline = nil, nil, nil
	r.Endpoints = []result.Endpoint{{Name: "GET /a", Summary: given,
		Failures: []result.Failure{{Kind: metric.Status, Status: 503, Count: 3}}}, {Name: "GET /b", Summary: given}}
	view := content.NewView(r, verdict.Verdict{}, content.Options{Confidence: 0.95})
	html := string(formatted(t, "html", view))
	for _, missing := range []string{"time", "phases", "plan"} {
		if got := section(html, missing); got != "" {
			t.Errorf("there is a section %s: %s", missing, got)
		}
	}
	for id, want := range map[string][]string{
		"figures": {"GET /a|200|50%||3|1.5%|", "|–|–|", "Latency of all requests, failed ones too.",
			"GET /a|–|80ms|–|–|–|–|–|–|200ms|–|–|–|", "all endpoints|–|–|"},
		"failures": {"3|GET /a|status|503||–|–||"},
		"run":      {"Locust"},
	} {
		got := section(html, id)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: want %q in\n%s", id, w, got)
			}
		}
	}
	if !strings.Contains(html, "Measured by Locust, written by loadgate.") {
		t.Error("the page does not say who measured it")
	}
	if text := string(formatted(t, "markdown", view)); !strings.Contains(text,
		"- in brackets: what Locust's rounding leaves open") {
		t.Errorf("it does not say what the brackets hold:\n%s", text)
	}
}
