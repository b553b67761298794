package webpage

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// resourcesSection is what was watched beside the load, on the time axis of the
// latencies.
func resourcesSection(v content.View) htmlpage.Section {
	s := StretchesOf(v.Run, 0, mostPoints)
	table := &htmlpage.Table{
		Caption:  "Readings of the whole run, the warm-up included. The verdict rests on those of the measured time.",
		Sortable: true,
		Columns:  []htmlpage.Column{{Name: "Resource"}, {Name: "Read from"}, {Name: "Limit"}},
	}
	for _, name := range []string{"Least", "Median", "Most", "Readings", "Failed", "One look"} {
		table.Columns = append(table.Columns, htmlpage.Column{Name: name, Number: true})
	}
	var charts []htmlpage.Chart
	for i := range v.Run.Resources {
		r := &v.Run.Resources[i]
		table.Rows = append(table.Rows, resourceRow(v, r))
		if c, ok := resourceChart(v, s, r); ok {
			charts = append(charts, c)
		}
	}
	if table.Rows == nil {
		return htmlpage.Section{}
	}
	section := htmlpage.Section{ID: "resources", Title: "Resources", Lead: "What was watched while the load ran."}
	if charts != nil {
		section.Parts = append(section.Parts, htmlpage.Part{Charts: charts})
	}
	section.Parts = append(section.Parts, htmlpage.Part{Table: table})
	if v.Run.Statements != nil {
		section.Parts = append(section.Parts, htmlpage.Part{Table: statements(v)})
	}
	return section
}

// statements are what a database that counts them did during the run.
func statements(v content.View) *htmlpage.Table {
	table := &htmlpage.Table{Caption: "Statements of the database during the run, those with the most time first.",
		Sortable: true, Columns: []htmlpage.Column{{Name: "Statement"}}}
	for _, name := range []string{"Calls", "Rate", "Time", "Mean", "Rows"} {
		table.Columns = append(table.Columns, htmlpage.Column{Name: name, Number: true})
	}
	for _, s := range v.Run.Statements {
		each := htmlpage.Text("–")
		if rate, ok := content.Rate(s.Calls, v.Run.Until(), v.Rates); ok {
			each = htmlpage.Number(unit.Amount(rate), rate.Value)
		}
		table.Rows = append(table.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
			htmlpage.Text(typeset.Bounded(strings.Join(strings.Fields(s.Query), " "), htmlName)),
			countCell(s.Calls), each, durationCell(s.Time, true),
			durationCell(s.Time/time.Duration(max(s.Calls, 1)), s.Calls > 0), countCell(s.Rows),
		}})
	}
	return table
}

// resourceChart is the readings of a gauge; where one failed there is a gap.
func resourceChart(v content.View, s Stretches, r *result.Resource) (htmlpage.Chart, bool) {
	dimension, scale := ChartUnit(r.Unit)
	var x, values htmlpage.Numbers
	for _, reading := range r.Readings {
		value := math.NaN()
		if reading.Measured() {
			value = *reading.Value * scale
		}
		x, values = append(x, reading.At.Seconds()), append(values, value)
	}
	c := s.chart(typeset.Bounded(r.Name, htmlName), htmlpage.Series{Name: typeset.Bounded(r.What(), htmlName),
		Values: values, Unit: dimension, Color: 1, Points: len(x) < 40})
	c.X = x
	seen := map[string]bool{}
	for _, check := range v.OfRun() {
		if text := content.LimitOf(check); check.Resource && check.Rule == r.Name && check.Limit.OK && !seen[text] {
			seen[text] = true
			c.Limits = append(c.Limits,
				htmlpage.Limit{Text: text, Value: check.Limit.Value * scale, Tone: htmlpage.Fail})
		}
	}
	return c, len(x) > 0
}

// ChartUnit is what a chart prints values of a unit in, and what they are
// multiplied with for it.
func ChartUnit(u unit.Unit) (htmlpage.Dimension, float64) {
	switch {
	case u == unit.Ratio:
		return htmlpage.Ratio, 1
	case u == unit.Bytes:
		return htmlpage.Bytes, 1
	case u == unit.Duration:
		return htmlpage.Milliseconds, 1 / float64(time.Millisecond)
	case u == unit.PerMinute:
		return htmlpage.PerMinute, u.Scale()
	case u == unit.PerHour:
		return htmlpage.PerHour, u.Scale()
	case u == unit.PerDay:
		return htmlpage.PerDay, u.Scale()
	case u == unit.PerSecond:
		return htmlpage.PerSecond, 1
	}
	return htmlpage.Count, 1
}

func resourceRow(v content.View, r *result.Resource) htmlpage.Row {
	var sorted, took []float64
	failed := int64(0)
	for _, reading := range r.Readings {
		took = append(took, float64(reading.Took))
		if reading.Measured() {
			sorted = append(sorted, *reading.Value)
		}
		if reading.Problem != "" {
			failed++
		}
	}
	slices.Sort(sorted)
	slices.Sort(took)
	limit := "–"
	for _, c := range v.OfRun() {
		if text := content.LimitOf(c); c.Resource && c.Rule == r.Name && text != "" {
			limit = text
			break
		}
	}
	value := func(of []float64, at int, u unit.Unit) htmlpage.Cell {
		if len(of) == 0 {
			return htmlpage.Text("–")
		}
		return htmlpage.Number(unit.Amount(unit.Quantity{Value: of[at], Unit: u}), of[at])
	}
	name, from := htmlpage.Text(typeset.Bounded(r.Name, htmlName)),
		htmlpage.Text(typeset.Bounded(typeset.JoinNonEmpty(", ", r.What(), r.Place), htmlName))
	if r.Skipped != "" {
		from.Small = typeset.Bounded("left out: "+r.Skipped, htmlName)
	}
	last := max(len(sorted)-1, 0)
	return htmlpage.Row{Cells: []htmlpage.Cell{
		name, from, htmlpage.Text(limit), value(sorted, 0, r.Unit),
		value(sorted, len(sorted)/2, r.Unit), value(sorted, last, r.Unit),
		countCell(int64(len(sorted))), countCell(failed), value(took, len(took)/2, unit.Duration),
	}}
}
