package report

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/web"
)

// measured is a cell of a duration; a dash where there is none.
func measured(d time.Duration, ok bool) web.Cell {
	if !ok {
		return web.Text("–")
	}
	return web.Number(unit.Of(d).String(), float64(d))
}

func counted(n int64) web.Cell { return web.Number(unit.Grouped(n), float64(n)) }

func named(f Figure) web.Cell {
	c := web.Text(bounded(f.Name, htmlName))
	c.Small = strings.TrimSpace(f.kind())
	return c
}

// columnsOf are a first column of words and others of numbers.
func columnsOf(first string, numbers ...string) []web.Column {
	columns := []web.Column{{Name: first}}
	for _, name := range numbers {
		columns = append(columns, web.Column{Name: name, Number: true})
	}
	return columns
}

// figuresSection is the figures of every endpoint, in two tables: how many
// requests, and how long they took.
func (v View) figuresSection() web.Section {
	figures := v.figures()
	if len(figures) == 0 {
		return web.Section{}
	}
	requests := &web.Table{
		Caption: "Requests of the measured time. The share is of all requests but start steps; expected is what the plan foresaw.", Sortable: true,
		Columns: columnsOf("Endpoint", "Requests", "Share", "Expected", "Failed", "Failed share", "Rate", "Mean size", "Connects"),
	}
	times := &web.Table{Caption: latenciesOf(v.run.Source.Failures), Sortable: true, Columns: columnsOf("Endpoint", "Min", "Mean")}
	for _, q := range tabled {
		times.Columns = append(times.Columns, web.Column{Name: q.name, Number: true})
	}
	times.Columns = append(times.Columns, web.Column{Name: "Max", Number: true})
	total, most := v.total(), int64(0)
	for _, f := range v.Endpoints {
		most = max(most, f.Requests)
	}
	for i, f := range figures {
		expected := 0.0
		if i < len(v.run.Endpoints) {
			expected = v.run.Endpoints[i].Expected
		} else {
			expected = v.run.Transactions[i-len(v.run.Endpoints)].Expected
		}
		requests.Rows = append(requests.Rows, requestRow(f, total.Requests, most, expected))
		times.Rows = append(times.Rows, timeRow(f))
	}
	all := requestRow(total, 0, 0, 0)
	requests.Foot, times.Foot = []web.Row{all}, []web.Row{timeRow(total)}
	return web.Section{ID: "figures", Title: "Figures", Parts: []web.Part{{Table: requests}, {Table: times}}}
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
}{{"p50", 0.5}, {"p60", 0.6}, {"p70", 0.7}, {"p75", 0.75}, {"p80", 0.8}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}, {"p99.9", 0.999}}

// total is all endpoints together, without start steps: those are measured over
// another time.
func (v View) total() Figure {
	all := Figure{Name: "all endpoints", latency: new(hist.Latency)}
	var summaries []*result.Summary
	for _, f := range v.Endpoints {
		if f.Start {
			continue
		}
		all.Requests, all.Failures = all.Requests+f.Requests, all.Failures+f.Failures
		all.Untold = all.Untold || f.Untold
		all.Received, all.Connects = all.Received+f.Received, all.Connects+f.Connects
		all.Rate.Value, all.Rate.Unit, all.HasRate = all.Rate.Value+f.Rate.Value, unit.PerSecond, f.HasRate
		all.latency.Merge(f.latency)
		if f.summary != nil {
			summaries = append(summaries, f.summary)
		}
	}
	if summaries != nil {
		all.summary, _ = result.Join(summaries...)
		if all.summary == nil { // percentiles cannot be joined
			all.summary = new(result.Summary)
		}
	}
	return all
}

// requestRow is a figure beside all requests, and the most of one endpoint,
// which has the longest bar.
func requestRow(f Figure, of, most int64, expected float64) web.Row {
	share, foreseen, failing, rate, size, connects := web.Text(""), web.Text(""), web.Text("–"), web.Text("–"), web.Text("–"), web.Text("–")
	if of > 0 && !f.Start && !f.Joint {
		share = shareCell(float64(f.Requests), float64(of), float64(most))
	}
	if expected > 0 {
		foreseen = web.Number(rounded(expected), expected)
	}
	failed := web.Text(f.failed())
	if !f.Untold {
		failed = counted(f.Failures)
	}
	if f.Requests > 0 && !f.Untold {
		part := float64(f.Failures) / float64(f.Requests)
		failing = web.Number(percent(part), part)
	}
	if f.Requests > 0 && f.summary == nil {
		mean := float64(f.Received) / float64(f.Requests)
		size = web.Number(unit.Quantity{Value: mean, Unit: unit.Bytes}.String(), mean)
		connects = counted(f.Connects)
	}
	if f.HasRate {
		rate = web.Number(f.Rate.String(), f.Rate.Value)
	}
	return web.Row{Cells: []web.Cell{named(f), counted(f.Requests), share, foreseen, failed, failing, rate, size, connects}}
}

func timeRow(f Figure) web.Row {
	cells := []web.Cell{named(f), measured(f.min()), measured(f.mean())}
	for _, q := range tabled {
		cells = append(cells, measured(f.Latency(q.q)))
	}
	return web.Row{Cells: append(cells, measured(f.Max()))}
}

// rulesSection is every check, whatever came of it.
func (v View) rulesSection() web.Section {
	table := &web.Table{Sortable: true, Columns: []web.Column{
		{Name: "Outcome"}, {Name: "Rule"}, {Name: "Endpoint"}, {Name: "Value", Number: true}, {Name: "Limit", Number: true},
		{Name: "Used", Number: true, Title: "the value as a share of its limit; of a floor, the limit as a share of the value"}, {Name: "Requests", Number: true}, {Name: "Where"},
	}}
	for _, c := range slices.Concat(v.checks, v.level) {
		if c.Rule == "" || c.Comparison != nil {
			continue
		}
		used, value := web.Text("–"), web.Text(valueText(c))
		if t := tightness(c); c.Got.OK && c.Limit.OK {
			used, value = web.Number(percent(t), t), web.Number(value.Text, c.Got.Value)
		}
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			outcomeBadge(c.Outcome), web.Text(bounded(c.Rule, htmlName)), web.Text(bounded(subjectText(c), htmlName)), value,
			web.Number(limitOf(c), c.Limit.Value), used, web.Number(countText(c), float64(max(c.Requests, int64(c.Readings)))),
			web.Text(placeOf(c)),
		}})
	}
	if table.Rows == nil {
		return web.Section{}
	}
	lead := "Every limit of the file and what it was held against."
	if text := v.brackets(); text != "" {
		lead += " In brackets: " + text + "."
	}
	return web.Section{ID: "rules", Title: "Rules", Lead: lead, Parts: []web.Part{{Table: table}}}
}

// comparedSection is what was held against earlier runs, or the other side.
func (v View) comparedSection() web.Section {
	if len(v.Compared) == 0 {
		return web.Section{}
	}
	section := web.Section{ID: "compared", Title: "Against earlier runs", Lead: "Expected is where 95 of 100 runs of unchanged code lie."}
	names := []string{"Now", "Before", "Change", "Expected", "Runs"}
	if v.Compared[0].pairs {
		section.Title, section.Lead = "B against A", "The interval is that of the change, at 95%."
		names = []string{"B", "A", "Change", "Interval", "Pairs"}
	}
	table := &web.Table{Sortable: true, Columns: []web.Column{{Name: "Outcome"}, {Name: "Endpoint"}, {Name: "Metric"}}}
	for _, name := range names {
		table.Columns = append(table.Columns, web.Column{Name: name, Number: true})
	}
	for _, l := range v.Compared {
		c := v.checks[l.Checks[0]]
		subject := web.Text(bounded(l.Subject, htmlName))
		subject.Small = strings.TrimSpace(moreText(l.More))
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			outcomeBadge(l.Outcome), subject, web.Text(bounded(l.Metric, htmlName)), web.Number(l.Now, c.Got.Value), web.Number(l.Base, c.Comparison.Base.Value),
			web.Number(l.Change, worsening(c)), web.Text(l.Expected), web.Text(l.Runs),
		}})
	}
	section.Parts = []web.Part{{Table: table}}
	return section
}

// stagesSection is the levels of a load in stages.
func (v View) stagesSection() web.Section {
	rows := stageRows(v.Stages)
	if len(rows) == 0 {
		return web.Section{}
	}
	noun := stageNoun(v.Stages)
	table := &web.Table{Columns: []web.Column{
		{Name: noun}, {Name: "Since", Number: true}, {Name: "Requests", Number: true}, {Name: "Rate", Number: true},
		{Name: "Failed", Number: true}, {Name: "p50", Number: true}, {Name: "p95", Number: true}, {Name: "Outcome"}, {Name: "Limits"},
	}}
	for _, r := range rows {
		var cells []web.Cell
		for _, text := range r.cells {
			cells = append(cells, web.Text(bounded(text, htmlName)))
		}
		outcome := web.Text("")
		if r.judged {
			outcome = outcomeBadge(r.outcome)
		}
		last := len(cells) - 1
		table.Rows = append(table.Rows, web.Row{Cells: append(cells[:last:last], outcome, cells[last])})
	}
	section := web.Section{ID: "stages", Title: noun + "s", Lead: "Each level of the load, judged alone: a breaking point is the first that fails."}
	if chart, ok := v.stagesChart(); ok {
		section.Parts = append(section.Parts, web.Part{Charts: []web.Chart{chart}})
	}
	section.Parts = append(section.Parts, web.Part{Table: table})
	return section
}

// stagesChart is what came of each level, from the lowest to the highest: a
// service that is saturated shows no more throughput and longer times. Of several
// runs of a level the last is drawn.
func (v View) stagesChart() (web.Chart, bool) {
	last := map[float64]gate.Stage{}
	for _, s := range v.Stages {
		if !s.WarmUp && s.Rate.OK {
			last[s.Height()] = s
		}
	}
	if len(last) < 2 {
		return web.Chart{}, false
	}
	c := web.Chart{Title: "Throughput and latency by load", XKind: web.Ordinal, XName: "load"}
	rate := web.Series{Name: "successes", Unit: web.PerSecond, Color: 1, Points: true}
	p50 := web.Series{Name: "p50", Unit: web.Milliseconds, Color: 3, Points: true, Right: true}
	p95 := web.Series{Name: "p95", Unit: web.Milliseconds, Color: 2, Points: true, Right: true}
	of := func(value gate.Value) float64 {
		if !value.OK {
			return math.NaN()
		}
		return inMilliseconds(time.Duration(value.Value))
	}
	for i, height := range slices.Sorted(maps.Keys(last)) {
		s := last[height]
		c.X, c.Labels = append(c.X, float64(i)), append(c.Labels, s.Level())
		rate.Values = append(rate.Values, s.Rate.Value)
		p50.Values, p95.Values = append(p50.Values, of(s.P50)), append(p95.Values, of(s.P95))
	}
	c.Series = []web.Series{rate, p50, p95}
	return c, true
}

// failuresSection is every kind of failure at every endpoint, with the first
// answer of its kind.
func (v View) failuresSection() web.Section {
	table := &web.Table{Sortable: true, Columns: []web.Column{
		{Name: "Count", Number: true}, {Name: "Endpoint"}, {Name: "Kind"}, {Name: "Status", Number: true}, {Name: "Why"},
		{Name: "First", Number: true}, {Name: "Last", Number: true}, {Name: "First answer"},
	}}
	for _, e := range v.run.Endpoints {
		for _, f := range e.Failures {
			status, first, last := web.Text("–"), web.Text("–"), web.Text("–")
			if e.Summary == nil {
				first, last = web.Number(clock(f.First), float64(f.First)), web.Number(clock(f.Last), float64(f.Last))
			}
			if f.Status > 0 {
				status = web.Number(strconv.Itoa(f.Status), float64(f.Status))
			}
			table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
				counted(f.Count), web.Text(bounded(e.Name, htmlName)), web.Text(f.Kind.String()), status, web.Text(bounded(f.Detail, htmlText)),
				first, last, web.Text(bounded(f.Sample, htmlText)),
			}})
		}
	}
	if table.Rows == nil {
		return web.Section{}
	}
	return web.Section{ID: "failures", Title: "Failures", Lead: "Of the whole run, warm-up included; times are since its start.", Parts: []web.Part{{Table: table}}}
}

// phasesSection is where the time of a request went.
func (v View) phasesSection() web.Section {
	table := &web.Table{Sortable: true, Columns: columnsOf("Endpoint", "New connections", "DNS", "Connect", "TLS", "First byte", "Body")}
	for _, f := range v.Endpoints {
		p := f.phases
		if f.Requests == 0 || v.run.Source.Foreign() && f.Connects == 0 && p == (result.Phases{}) {
			continue
		}
		mean := func(sum time.Duration, n int64) web.Cell {
			return measured(sum/time.Duration(max(n, 1)), n > 0 && sum > 0)
		}
		share := float64(f.Connects) / float64(f.Requests)
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			named(f), web.Number(percent(share), share), mean(p.DNS, f.Connects), mean(p.Connect, f.Connects), mean(p.TLS, f.Connects), mean(p.FirstByte, f.Requests), mean(p.Body, f.Requests),
		}})
	}
	if table.Rows == nil {
		return web.Section{}
	}
	section := web.Section{
		ID: "phases", Title: "Phases",
		Lead:  "Mean times: DNS, connect and TLS of a new connection, the wait for the first byte and the rest of the body of a request.",
		Parts: []web.Part{{Table: table}},
	}
	if part, ok := v.serverPart(); ok {
		section.Parts = append(section.Parts, part)
	}
	return section
}

// outcomeBadge is an outcome as a cell.
func outcomeBadge(o gate.Outcome) web.Cell { return web.Cell{Text: o.String(), Badge: toneOf(o)} }
