package report

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Load says what a run was asked to make: its users, or its arrivals, and
// whether they change. It is empty where the document does not say.
func Load(p result.Planned) string {
	text := ""
	switch {
	case p.Rate > 0:
		text = fmt.Sprintf("%s arrivals/s", strings.TrimSuffix(perSecondText(p.Rate), "/s"))
	case p.Users > 0:
		text = plural(p.Users, "user")
	default:
		return ""
	}
	if len(p.Stages) > 0 {
		text = "up to " + text + " in stages"
	}
	return text
}

func perSecondText(v float64) string { return unit.Quantity{Value: v, Unit: unit.PerSecond}.String() }

// stageRow is one level of a load in stages as the table shows it.
type stageRow struct {
	cells   []string
	outcome gate.Outcome
}

// stageHeader names the cells of a stageRow; the first two are texts.
func stageHeader() []string {
	return []string{"STAGE", "SINCE", "REQS", "RATE", "FAILED", "P50", "P95", "LIMITS"}
}

func stageRows(stages []gate.Stage) []stageRow {
	var rows []stageRow
	for _, s := range stages {
		failed := ""
		if s.Failed > 0 {
			failed = percent(float64(s.Failed) / float64(s.Requests))
		}
		rows = append(rows, stageRow{
			[]string{s.Level(), clock(s.From), unit.Grouped(s.Requests), amountText(s.Rate), failed, amountText(s.P50), amountText(s.P95), stageVerdict(s)},
			s.Outcome(),
		})
	}
	return rows
}

// stageVerdict says in a few words what the limits make of a stage.
func stageVerdict(s gate.Stage) string {
	broken, is := s.Broken()
	switch {
	case s.WarmUp:
		return "warm-up"
	case is:
		return fmt.Sprintf("%s breaks: %s %s", broken.Rule, broken.Metric.Name(), broken.Got)
	case s.Outcome() == gate.Inconclusive:
		return "undecided"
	}
	return "hold"
}

func amountText(v gate.Value) string {
	if !v.OK {
		return "–"
	}
	return v.String()
}

// stages prints the levels of a load in stages, from which a breaking point
// shows.
func (p *page) stages(stages []gate.Stage) {
	rows := stageRows(stages)
	if len(rows) == 0 {
		return
	}
	g := grid{header: stageHeader(), right: []int{1, 2, 3, 4, 5, 6}, squeeze: []squeeze{{7, 20}, {0, 10}}}
	for _, r := range rows {
		cells := r.cells
		cells[0], cells[7] = sign(r.outcome)+" "+cells[0], clean(cells[7])
		g.add("", cells...)
	}
	p.line("")
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		if column == 0 {
			return p.ink.outcome(rows[row].outcome, text)
		}
		return text
	})
}
