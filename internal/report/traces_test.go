package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/trace"
	"github.com/loadgate/loadgate/internal/verdict"
)

// id is the id of a trace that ends in a number.
func id(number byte) trace.ID { return trace.ID{0: 0x4b, 15: number} }

// tracedView is the fixture with sampled requests of its failing endpoint, and links to them.
func tracedView(t *testing.T, template string, o content.Options) content.View {
	t.Helper()
	r, v := fixtureResult(), fixtureVerdict()
	r.Endpoints[2].Exemplars = []result.Exemplar{
		{Trace: id(1), At: 45 * time.Second, Latency: 2300 * time.Millisecond, Status: 200},
		{Trace: id(2), At: 99 * time.Second, Latency: 1900 * time.Millisecond, Status: 201},
		{Trace: id(3), At: 61 * time.Second, Latency: 40 * time.Millisecond, Status: 503, Failure: metric.Status},
		{Trace: id(4), At: 71 * time.Second, Latency: 10 * time.Second, Failure: metric.Timeout},
	}
	if err := r.Check(); err != nil {
		t.Fatalf("the fixture is no result: %v", err)
	}
	v.Checks = slices.Clone(v.Checks)
	for i := range v.Checks {
		if v.Checks[i].Subject == r.Endpoints[2].Name {
			v.Checks[i].Endpoints = []string{r.Endpoints[2].Name}
		}
	}
	if template != "" {
		var err error
		if o.TraceLink, err = trace.ParseLink(template); err != nil {
			t.Fatal(err)
		}
	}
	o.Confidence = 0.95
	return content.NewView(r, v, o)
}

const toTempo = "https://tempo.example/trace/{trace_id}?a=1&b='><script>"

func TestGoldenTraces(t *testing.T) {
	for name, view := range map[string]content.View{
		"traces":      tracedView(t, "", content.Options{}),
		"traces-link": tracedView(t, toTempo, content.Options{Width: 80}),
	} {
		for _, f := range report.Formats() {
			switch f.Name {
			case "table":
				golden(t, name+".txt", view, f.Write)
			case "markdown":
				golden(t, name+".md", view, f.Write)
			}
		}
	}
}

// Every medium names the traces of what fails: as a link where somebody said where traces are shown, else by their
// ids. What could end a link is nowhere.
func TestTracesInEveryMedium(t *testing.T) {
	annotated := func(v content.View) string {
		var out bytes.Buffer
		if err := github.Annotate(v, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	for _, medium := range []struct {
		name  string
		write func(content.View) string
		all   bool // all traces are there, not only those of what fails
		link  string
	}{
		{"table", func(v content.View) string { return string(formatted(t, "table", v)) }, false, "→ %s"},
		{"markdown", func(v content.View) string { return string(formatted(t, "markdown", v)) }, true, "](%s)"},
		{"html", func(v content.View) string { return string(formatted(t, "html", v)) }, true, `<a href="%s">`},
		{"junit", func(v content.View) string { return string(formatted(t, "junit", v)) }, false, ": %s"},
		{"annotations", annotated, false, "trace %s"},
	} {
		linked, bare := medium.write(tracedView(t, toTempo, content.Options{})),
			medium.write(tracedView(t, "", content.Options{}))
		if strings.Contains(linked, "<script>\"") || strings.Contains(linked, "b='") ||
			strings.Contains(bare, "tempo.example") {
			t.Errorf("%s: a link that is not escaped, or not given", medium.name)
		}
		for number := byte(1); number <= 4; number++ {
			if !medium.all && number != 1 && number != 3 {
				continue // neither the slowest nor the first failure
			}
			url := fmt.Sprintf("https://tempo.example/trace/%s?a=1&b=%%27%%3E%%3Cscript%%3E", id(number))
			link := fmt.Sprintf(medium.link, url)
			if medium.name == "html" || medium.name == "junit" {
				link = strings.ReplaceAll(link, "&", "&amp;")
			}
			if medium.name == "annotations" {
				link = strings.ReplaceAll(link, "%", "%25")
			}
			if !strings.Contains(linked, link) {
				t.Errorf("%s: no %s", medium.name, link)
			}
			if !strings.Contains(bare, id(number).String()) {
				t.Errorf("%s: without a link there is no id %s", medium.name, id(number))
			}
		}
		none := content.NewView(fixtureResult(), fixtureVerdict(), content.Options{})
		if strings.Contains(medium.write(none), "sampled") {
			t.Errorf("%s: speaks of sampled requests where there are none", medium.name)
		}
	}
}

// verdict.json has a trace for each check of an endpoint that has one: of shares the first failure, else the slowest.
func TestTracesInTheVerdict(t *testing.T) {
	var document struct {
		Checks []struct {
			Subject, Metric string
			Trace           *struct {
				ID        string `json:"trace_id"`
				URL       string
				Endpoint  string
				LatencyNS int64 `json:"latency_ns"`
				Status    *int
				Failure   string
			}
		}
	}
	text := formatted(t, "verdict", tracedView(t, "https://t.example/{trace_id}", content.Options{}))
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range document.Checks {
		if c.Trace == nil {
			continue
		}
		seen[c.Metric] = true
		want := id(1)
		if c.Metric == "success" {
			want = id(3)
		}
		if c.Trace.ID != want.String() || c.Trace.URL != "https://t.example/"+want.String() ||
			c.Trace.Endpoint != "GET /api/performance/analytics" ||
			c.Metric == "success" != (c.Trace.Failure == "status") || c.Trace.Status == nil {
			t.Errorf("%s of %s has the trace %+v", c.Metric, c.Subject, *c.Trace)
		}
	}
	if !seen["success"] || !seen["p95"] || len(seen) != 2 {
		t.Errorf("traces have checks of %v", seen)
	}
}

// A table names a few traces, however many endpoints fail.
func TestManyTracesInTheTable(t *testing.T) {
	r, v := fixtureResult(), fixtureVerdict()
	v.Checks = nil
	for i := range r.Endpoints {
		r.Endpoints[i].Exemplars = []result.Exemplar{{Trace: id(byte(i + 1)), Latency: time.Second, Status: 200}}
		v.Checks = append(v.Checks, verdict.Check{Rule: "all", Subject: r.Endpoints[i].Name, Metric: metric.P95,
			Got: ms(900), Limit: ms(500), Requests: 100, Outcome: verdict.Fail, Shown: true,
			Endpoints: []string{r.Endpoints[i].Name}})
	}
	text := table(t, content.NewView(r, v, content.Options{}))
	if got := strings.Count(text, "TRACE  "); got != 5 || !strings.Contains(text, "and 2 more in the reports") {
		t.Errorf("%d traces in\n%s", got, text)
	}
}
