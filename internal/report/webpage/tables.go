package webpage

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/terminal"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// figuresSection is the figures of every endpoint, in two tables: how many
// requests, and how long they took.
func figuresSection(v content.View) htmlpage.Section {
	figures := v.Figures()
	if len(figures) == 0 {
		return htmlpage.Section{}
	}
	requests := &htmlpage.Table{
		Caption: "Requests of the measured time. The share is of all requests but start and end steps; " +
			"expected is what the plan foresaw.", Sortable: true,
		Columns: columnsOf("Endpoint", "Requests", "Share", "Expected",
			"Failed", "Failed share", "Rate", "Mean size", "Connects"),
	}
	times := &htmlpage.Table{Caption: latenciesOf(v.Run.Source.Failures),
		Sortable: true, Columns: columnsOf("Endpoint", "Min", "Mean")}
	for _, q := range tabled {
		times.Columns = append(times.Columns, htmlpage.Column{Name: q.name, Number: true})
	}
	times.Columns = append(times.Columns, htmlpage.Column{Name: "Max", Number: true})
	total, most := totalOf(v), int64(0)
	for _, f := range v.Endpoints {
		most = max(most, f.Requests)
	}
	for i, f := range figures {
		expected := 0.0
		if i < len(v.Run.Endpoints) {
			expected = v.Run.Endpoints[i].Expected
		} else {
			expected = v.Run.Transactions[i-len(v.Run.Endpoints)].Expected
		}
		requests.Rows = append(requests.Rows, requestRow(f, total.Requests, most, expected))
		times.Rows = append(times.Rows, timeRow(f))
	}
	all := requestRow(total, 0, 0, 0)
	requests.Foot, times.Foot = []htmlpage.Row{all}, []htmlpage.Row{timeRow(total)}
	return htmlpage.Section{ID: "figures", Title: "Figures", Parts: []htmlpage.Part{{Table: requests}, {Table: times}}}
}

// latenciesOf says which requests the latencies are of.
func latenciesOf(f result.Failures) string {
	switch f {
	case result.Mixed:
		return "Latency of all requests, failed ones too."
	case result.Untold:
		return "Latency of the requests; which of them failed is not known."
	}
	return "Latency of successful requests."
}

// The percentiles of the table.
var tabled = [...]struct {
	name string
	q    float64
}{{"p50", 0.5}, {"p60", 0.6}, {"p70", 0.7}, {"p75", 0.75}, {"p80", 0.8},
	{"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}, {"p99.9", 0.999}}

// totalOf is all endpoints together, without start and end steps: those are measured over
// another time.
func totalOf(v content.View) content.Figure {
	all := content.Figure{Name: "all endpoints", Histogram: new(hist.Latency)}
	var summaries []*result.Summary
	for _, f := range v.Endpoints {
		if f.Once.Any() {
			continue
		}
		all.Requests, all.Failures = all.Requests+f.Requests, all.Failures+f.Failures
		all.FailuresUnknown = all.FailuresUnknown || f.FailuresUnknown
		all.Received, all.Connects = all.Received+f.Received, all.Connects+f.Connects
		all.Rate.Value, all.Rate.Unit, all.HasRate = all.Rate.Value+f.Rate.Value, v.Rates,
			all.HasRate || f.HasRate
		all.Histogram.Merge(f.Histogram)
		if f.Summary != nil {
			summaries = append(summaries, f.Summary)
		}
	}
	if len(v.Run.Planned.Loads) > 0 { // rates of different times have no sum
		all.HasRate = false
	}
	if summaries != nil {
		all.Summary, _ = result.Join(summaries...)
		if all.Summary == nil { // percentiles cannot be joined
			all.Summary = new(result.Summary)
		}
	}
	return all
}

// requestRow is a figure beside all requests, and the most of one endpoint,
// which has the longest bar.
func requestRow(f content.Figure, of, most int64, expected float64) htmlpage.Row {
	share, foreseen, failing, rate, size, connects := htmlpage.Text(""),
		htmlpage.Text(""), htmlpage.Text("–"), htmlpage.Text("–"), htmlpage.Text("–"), htmlpage.Text("–")
	if of > 0 && !f.Once.Any() && !f.Transaction {
		share = shareCell(float64(f.Requests), float64(of), float64(most))
	}
	if expected > 0 {
		foreseen = htmlpage.Number(terminal.Rounded(expected), expected)
	}
	failed := htmlpage.Text(f.Failed())
	if !f.FailuresUnknown {
		failed = countCell(f.Failures)
	}
	if f.Requests > 0 && !f.FailuresUnknown {
		part := float64(f.Failures) / float64(f.Requests)
		failing = htmlpage.Number(content.Percent(part), part)
	}
	if f.Requests > 0 && f.Summary == nil {
		mean := float64(f.Received) / float64(f.Requests)
		size = htmlpage.Number(unit.Quantity{Value: mean, Unit: unit.Bytes}.String(), mean)
		connects = countCell(f.Connects)
	}
	if f.HasRate {
		rate = htmlpage.Number(unit.Amount(f.Rate), f.Rate.Value)
	}
	return htmlpage.Row{Cells: []htmlpage.Cell{endpointCell(f), countCell(f.Requests),
		share, foreseen, failed, failing, rate, size, connects}}
}

func timeRow(f content.Figure) htmlpage.Row {
	cells := []htmlpage.Cell{endpointCell(f), durationCell(f.Min()), durationCell(f.Mean())}
	for _, q := range tabled {
		cells = append(cells, durationCell(f.Latency(q.q)))
	}
	return htmlpage.Row{Cells: append(cells, durationCell(f.Max()))}
}

// rulesSection is every check, whatever its outcome.
func rulesSection(v content.View) htmlpage.Section {
	table := &htmlpage.Table{Sortable: true, Columns: []htmlpage.Column{
		{Name: "Outcome"}, {Name: "Rule"}, {Name: "Endpoint"},
		{Name: "Value", Number: true}, {Name: "Limit", Number: true},
		{Name: "Used", Number: true,
			Title: "the value as a share of its limit; of a floor, the limit as a share of the value"},
		{Name: "Requests", Number: true}, {Name: "Where"},
	}}
	for _, c := range slices.Concat(v.Checks, v.Level) {
		if c.AboutRun() || c.Comparison != nil {
			continue
		}
		used := htmlpage.Text("–")
		if t := content.Tightness(c); c.Got.OK && c.Limit.OK {
			used = htmlpage.Number(content.Percent(t), t)
		}
		table.Rows = append(table.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
			outcomeBadge(c.Outcome), htmlpage.Text(typeset.Bounded(c.Rule, htmlName)),
			htmlpage.Text(typeset.Bounded(content.SubjectText(c), htmlName)), valueCell(content.ValueText(c), c.Got),
			valueCell(content.LimitOf(c), c.Limit), used,
			htmlpage.Number(content.CountText(c), float64(max(c.Requests, int64(c.Readings)))),
			htmlpage.Text(placeOf(c)),
		}})
	}
	if table.Rows == nil {
		return htmlpage.Section{}
	}
	lead := "Every limit in the file and the value compared with it."
	if text := v.Brackets(); text != "" {
		lead += " In brackets: " + text + "."
	}
	return htmlpage.Section{ID: "rules", Title: "Rules", Lead: lead, Parts: []htmlpage.Part{{Table: table}}}
}

// comparedSection is what was compared with earlier runs, or the other side.
func comparedSection(v content.View) htmlpage.Section {
	if len(v.Compared) == 0 {
		return htmlpage.Section{}
	}
	section := htmlpage.Section{ID: "compared", Title: "Against earlier runs",
		Lead: "Expected is where 95 of 100 runs of unchanged code lie."}
	names := []string{"Now", "Before", "Change", "Expected", "Runs"}
	if v.Compared[0].Pairs {
		section.Title, section.Lead = "B against A", "The interval is that of the change, at 95%."
		names = []string{"B", "A", "Change", "Interval", "Pairs"}
	}
	table := &htmlpage.Table{Sortable: true,
		Columns: []htmlpage.Column{{Name: "Outcome"}, {Name: "Endpoint"}, {Name: "Metric"}}}
	for _, name := range names {
		table.Columns = append(table.Columns, htmlpage.Column{Name: name, Number: true})
	}
	for _, l := range v.Compared {
		c := v.Checks[l.Checks[0]]
		subject := htmlpage.Text(typeset.Bounded(l.Subject, htmlName))
		subject.Small = strings.TrimSpace(content.MoreText(l.More))
		table.Rows = append(table.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
			outcomeBadge(l.Outcome), subject, htmlpage.Text(typeset.Bounded(l.Metric, htmlName)),
			valueCell(l.Now, c.Got), valueCell(l.Base, c.Comparison.Base),
			htmlpage.Number(l.Change, content.Worsening(c)), htmlpage.Text(l.Expected), htmlpage.Text(l.Runs),
		}})
	}
	section.Parts = []htmlpage.Part{{Table: table}}
	return section
}

// stagesSection is the levels of a load in stages.
func stagesSection(v content.View) htmlpage.Section {
	rows := v.StageRows()
	if len(rows) == 0 {
		return htmlpage.Section{}
	}
	noun := content.StageNoun(v.Stages)
	table := &htmlpage.Table{Columns: []htmlpage.Column{
		{Name: noun}, {Name: "Since", Number: true}, {Name: "Requests", Number: true}, {Name: "Rate", Number: true},
		{Name: "Failed", Number: true}, {Name: "p50", Number: true},
		{Name: "p95", Number: true}, {Name: "Outcome"}, {Name: "Limits"},
	}}
	for _, r := range rows {
		var cells []htmlpage.Cell
		for _, text := range r.Cells {
			cells = append(cells, htmlpage.Text(typeset.Bounded(text, htmlName)))
		}
		outcome := htmlpage.Text("")
		if r.Judged {
			outcome = outcomeBadge(r.Outcome)
		}
		last := len(cells) - 1
		table.Rows = append(table.Rows, htmlpage.Row{Cells: append(cells[:last:last], outcome, cells[last])})
	}
	section := htmlpage.Section{ID: "stages", Title: noun + "s",
		Lead: "Each level of the load, judged alone: a breaking point is the first that fails."}
	if chart, ok := stagesChart(v); ok {
		section.Parts = append(section.Parts, htmlpage.Part{Charts: []htmlpage.Chart{chart}})
	}
	section.Parts = append(section.Parts, htmlpage.Part{Table: table})
	return section
}

// stagesChart is what came of each level, from the lowest to the highest: a
// service that is saturated shows no more throughput and longer times. Of several
// runs of a level the last is drawn.
func stagesChart(v content.View) (htmlpage.Chart, bool) {
	last := map[float64]verdict.Stage{}
	for _, s := range v.Stages {
		if !s.WarmUp && s.Rate.OK {
			last[s.Load()] = s
		}
	}
	if len(last) < 2 {
		return htmlpage.Chart{}, false
	}
	c := htmlpage.Chart{Title: "Throughput and latency by load", XKind: htmlpage.Ordinal, XName: "load"}
	perTime, scale := ChartUnit(v.Rates)
	rate := htmlpage.Series{Name: "successes", Unit: perTime, Color: 1, Points: true}
	p50 := htmlpage.Series{Name: "p50", Unit: htmlpage.Milliseconds, Color: 3, Points: true, Right: true}
	p95 := htmlpage.Series{Name: "p95", Unit: htmlpage.Milliseconds, Color: 2, Points: true, Right: true}
	of := func(value verdict.Value) float64 {
		if !value.OK {
			return math.NaN()
		}
		return typeset.InMilliseconds(time.Duration(value.Value))
	}
	for i, load := range slices.Sorted(maps.Keys(last)) {
		s := last[load]
		c.X, c.Labels = append(c.X, float64(i)), append(c.Labels, wording.StageLoad(s, v.Rates))
		rate.Values = append(rate.Values, s.Rate.Value*scale)
		p50.Values, p95.Values = append(p50.Values, of(s.P50)), append(p95.Values, of(s.P95))
	}
	c.Series = []htmlpage.Series{rate, p50, p95}
	return c, true
}

// failuresSection is every kind of failure at every endpoint, with the first
// answer of its kind.
func failuresSection(v content.View) htmlpage.Section {
	table := &htmlpage.Table{Sortable: true, Columns: []htmlpage.Column{
		{Name: "Count", Number: true}, {Name: "Endpoint"}, {Name: "Kind"},
		{Name: "Status", Number: true}, {Name: "Why"},
		{Name: "First", Number: true}, {Name: "Last", Number: true}, {Name: "First answer"},
	}}
	traced := hasFailingTraces(v)
	if traced {
		table.Columns = append(table.Columns, htmlpage.Column{Name: "Trace",
			Title: "of the first that was sampled"})
	}
	for _, e := range v.Run.Endpoints {
		for _, f := range e.Failures {
			status, first, last := htmlpage.Text("–"), htmlpage.Text("–"), htmlpage.Text("–")
			if e.Summary == nil {
				first, last = htmlpage.Number(content.Length(f.First), float64(f.First)),
					htmlpage.Number(content.Length(f.Last), float64(f.Last))
			}
			if f.Status > 0 {
				status = htmlpage.Number(strconv.Itoa(f.Status), float64(f.Status))
			}
			table.Rows = append(table.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
				countCell(f.Count), htmlpage.Text(typeset.Bounded(e.Name, htmlName)),
				htmlpage.Text(f.Kind.String()), status, htmlpage.Text(typeset.Bounded(f.Detail, htmlText)),
				first, last, htmlpage.Text(typeset.Bounded(f.Sample, htmlText)),
			}})
			if traced {
				row := &table.Rows[len(table.Rows)-1]
				row.Cells = append(row.Cells, failureTrace(v, e, f))
			}
		}
	}
	if table.Rows == nil {
		return htmlpage.Section{}
	}
	return htmlpage.Section{ID: "failures", Title: "Failures",
		Lead: "Of the whole run, warm-up included; times are since its start.", Parts: []htmlpage.Part{{Table: table}}}
}

// phasesSection is where the time of a request went.
func phasesSection(v content.View) htmlpage.Section {
	table := &htmlpage.Table{Sortable: true,
		Columns: columnsOf("Endpoint", "New connections", "DNS", "Connect", "TLS", "First byte", "Body")}
	for _, f := range v.Endpoints {
		p := f.Phases
		if f.Requests == 0 || v.Run.Source.Foreign() && f.Connects == 0 && p == (result.Phases{}) {
			continue
		}
		mean := func(sum time.Duration, n int64) htmlpage.Cell {
			return durationCell(sum/time.Duration(max(n, 1)), n > 0 && sum > 0)
		}
		share := float64(f.Connects) / float64(f.Requests)
		table.Rows = append(table.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
			endpointCell(f), htmlpage.Number(content.Percent(share), share),
			mean(p.DNS, f.Connects), mean(p.Connect, f.Connects),
			mean(p.TLS, f.Connects), mean(p.FirstByte, f.Requests), mean(p.Body, f.Requests),
		}})
	}
	if table.Rows == nil {
		return htmlpage.Section{}
	}
	section := htmlpage.Section{
		ID: "phases", Title: "Phases",
		Lead: "Mean times: DNS, connect and TLS of a new connection, the wait for the first byte and the rest of " +
			"the body of a request.",
		Parts: []htmlpage.Part{{Table: table}},
	}
	if part, ok := serverPart(v); ok {
		section.Parts = append(section.Parts, part)
	}
	return section
}
