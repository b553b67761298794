package webpage

import (
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Judged returns the sections of a live page that rest on a judgement of the run so far. The view has a row for each
// check.
func (l *Live) Judged(v content.View) []htmlpage.Section {
	v = content.Short(v)
	l.failing = ""
	if at := slices.IndexFunc(v.Rows, func(r content.Row) bool { return r.Outcome == verdict.Fail }); at >= 0 {
		r := v.Rows[at]
		l.failing = typeset.Bounded(fmt.Sprintf("failing: %s, %s", r.Rule, r.Subject), htmlName)
	}
	return []htmlpage.Section{l.rules(v), named("failures", failuresSection(v)),
		named("resources", withoutCharts(resourcesSection(v))), named("workers", shardsOf(v, true))}
}

// Over are the banner, the facts and the sections of a live page when the run has its verdict.
func Over(v content.View) (htmlpage.Banner, []htmlpage.Fact, []htmlpage.Section) {
	d := Document(v)
	v = content.Short(v)
	return d.Banner, d.Facts, []htmlpage.Section{
		named("rules", rulesSection(v)), named("findings", findingsSection(v)), named("why", causesSection(v)),
		named("compared", comparedSection(v)), named("endpoints", figuresSection(v)),
		named("failures", failuresSection(v)), named("resources", withoutCharts(resourcesSection(v))),
		named("workers", shardsSection(v)),
	}
}

// named is a section of the live page, which an empty one empties.
func named(id string, s htmlpage.Section) htmlpage.Section {
	s.ID = id
	return s
}

// withoutCharts leaves what a live page can be sent.
func withoutCharts(s htmlpage.Section) htmlpage.Section {
	s.Parts = slices.DeleteFunc(slices.Clone(s.Parts), func(p htmlpage.Part) bool { return len(p.Charts) > 0 })
	return s
}

// rules are the limits as bars: what holds so far, how sure that is, and what would decide it.
func (l *Live) rules(v content.View) htmlpage.Section {
	table := &htmlpage.Table{Columns: []htmlpage.Column{
		{Name: "So far"}, {Name: "Rule"}, {Name: "Endpoint"}, {Name: "Value", Number: true},
		{Name: "Value and limit",
			Title: "the limit is the upright line, the value the coloured one, its interval the bar"},
		{Name: "Limit", Number: true}, {Name: "Requests", Number: true}, {Name: "What would decide it"},
	}}
	measured := v.Run.Elapsed - l.plan.WarmUp
	if measured <= 0 {
		return htmlpage.Section{ID: "rules", Title: "Rules", Parts: []htmlpage.Part{{}},
			Lead: fmt.Sprintf("The warm-up goes on until %s. What comes after it is judged.",
				unit.Clock(l.plan.WarmUp))}
	}
	for _, r := range v.Rows {
		c := v.Checks[r.Checks[0]]
		table.Rows = append(table.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
			stateOf(c), htmlpage.Text(typeset.Bounded(r.Rule, htmlName)),
			htmlpage.Text(typeset.Bounded(r.Subject, htmlName) + content.MoreText(r.More)),
			valueCell(content.ValueText(c), c.Got), {Scale: scaleOf(c)}, valueCell(content.LimitOf(c), c.Limit),
			htmlpage.Text(content.CountText(c)), htmlpage.Text(typeset.Bounded(deciding(c, r, measured), htmlName)),
		}})
	}
	if table.Rows == nil {
		return htmlpage.Section{ID: "rules"}
	}
	lead := fmt.Sprintf("As of %s, judged every ten seconds while somebody looks on. HOLDS and BROKEN are shown "+
		"beyond doubt. More requests decide the others: SO FAR keeps its limit, OPEN misses it or has no value.",
		unit.Clock(v.Run.Elapsed))
	return htmlpage.Section{ID: "rules", Title: "Rules", Lead: lead, Parts: []htmlpage.Part{{Table: table}}}
}

// stateOf is what a limit would be judged as if the run ended now. Only what is shown has the colour of its outcome.
func stateOf(c verdict.Check) htmlpage.Cell {
	switch {
	case c.Outcome == verdict.Fail:
		return htmlpage.Cell{Text: "BROKEN", Badge: htmlpage.Fail}
	case c.Outcome == verdict.Warn && c.Shown:
		return htmlpage.Cell{Text: "WARNS", Badge: htmlpage.Warn}
	case c.Outcome == verdict.Pass && c.Shown:
		return htmlpage.Cell{Text: "HOLDS", Badge: htmlpage.Pass}
	case c.Got.OK && c.Limit.OK && content.Tightness(c) <= 1:
		return htmlpage.Cell{Text: "SO FAR", Badge: htmlpage.Undecided}
	}
	return htmlpage.Cell{Text: "OPEN", Badge: htmlpage.Undecided}
}

// scaleOf places a value, its interval and its limit on a line that ends at 1.6 times the limit; nil where there
// is nothing to place.
func scaleOf(c verdict.Check) *htmlpage.Scale {
	if !c.Got.OK || !c.Limit.OK {
		return nil
	}
	end := 1.6 * c.Limit.Value
	if end <= 0 {
		end = 1.6 * max(c.Got.Value, c.High.Value)
	}
	if end <= 0 {
		end = 1
	}
	low, high := c.Got.Value, c.Got.Value
	if c.Low.OK {
		low = min(low, c.Low.Value)
	}
	if c.High.OK {
		high = max(high, c.High.Value)
	}
	return &htmlpage.Scale{Low: low / end, Value: min(c.Got.Value/end, 0.984), High: high / end,
		Limit: c.Limit.Value / end, Tone: stateOf(c).Badge}
}

// deciding is what would decide a limit that nothing shows yet.
func deciding(c verdict.Check, r content.Row, measured time.Duration) string {
	if c.Shown && c.Outcome != verdict.Inconclusive || c.Outcome == verdict.Fail {
		return ""
	}
	missing := c.Needed - c.Requests
	if missing <= 0 || c.Requests == 0 {
		return r.Note().Reason
	}
	text := unit.Counted(int(missing), "more request")
	more := time.Duration(float64(missing) / float64(c.Requests) * float64(measured))
	return text + ", about " + unit.Clock(max(more, estimate.MinMeasured-measured))
}
