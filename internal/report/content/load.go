package content

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Load says what a run was asked to make: its users, or its arrivals, and
// whether they change. It is empty where the document does not say. The unit is that of its rates.
func Load(p result.Planned, rates unit.Unit) string {
	text := amountOf(p, rates)
	if text == "" || p.Load == "" {
		return text
	}
	return typeset.Clean(p.Load) + ": " + text
}

// amountOf is the load without its name.
func amountOf(p result.Planned, rates unit.Unit) string {
	text := ""
	switch {
	case len(p.Loads) > 0:
		return unit.Counted(len(p.Loads), "load")
	case p.Rate > 0:
		text = unit.PerTime(unit.Quantity{Value: p.Rate, Unit: rates}, "arrivals")
	case p.Users > 0:
		text = unit.Counted(p.Users, "user")
	default:
		return ""
	}
	if len(p.Stages) > 0 {
		text = "up to " + text + " in stages"
	}
	if p.Rounds > 0 {
		text += fmt.Sprintf(", %s each", unit.Counted(p.Rounds, "round"))
	}
	if p.Connections != "" {
		text += " (connections " + p.Connections + ")"
	}
	return text
}

// ThinkText is the time between two steps of a user, before a pace divides it.
func ThinkText(g result.Group) string {
	text := unit.Compact(g.ThinkMin)
	if g.ThinkMin != g.ThinkMax {
		text += "–" + unit.Compact(g.ThinkMax)
	}
	if g.ThinkMean > 0 {
		text += ", " + unit.Of(g.ThinkMean).String() + " on average"
	}
	if g.Pacing {
		text += " from start to start"
	}
	return text
}

// PaceText is a pace as the file has it.
func PaceText(pace float64) string { return strconv.FormatFloat(pace, 'f', -1, 64) }

// StageText says what a stage asks for and when; open is one of arrivals.
func StageText(s result.Stage, open bool, rates unit.Unit) string {
	level := RateText(s.Rate, rates)
	if !open {
		level = unit.Counted(s.Users, "user")
	}
	return fmt.Sprintf("%s from %s to %s", level, Length(s.From), Length(s.Until))
}

// stageRow is one level of a load in stages as the table shows it.
type stageRow struct {
	Cells   []string
	Outcome verdict.Outcome
	Judged  bool // else it lies in the warm-up
}

// The columns of the stages that are more than figures, and the one that a
// narrow page does without.
const (
	ColumnStage  = 0
	ColumnP50    = 5
	ColumnLimits = 7
)

// StageNoun is what a stage is called: those of a search are levels.
func StageNoun(stages []verdict.Stage) string {
	if len(stages) > 0 && stages[0].Run > 0 {
		return "Level"
	}
	return "Stage"
}

// StageHeader names the cells of a stageRow; the first and the last are texts.
func StageHeader(stages []verdict.Stage) []string {
	return []string{strings.ToUpper(StageNoun(stages)), "SINCE", "REQS", "RATE", "FAILED", "P50", "P95", "LIMITS"}
}

// StageRows are the rows of the table of stages.
func (v View) StageRows() []stageRow {
	var rows []stageRow
	for _, s := range v.Stages {
		failed := ""
		if share := float64(s.Failed) / float64(max(s.Requests, 1)); share >= 0.0001 {
			failed = Percent(share)
		} else if s.Failed > 0 {
			failed = "< 0.01%"
		}
		rows = append(rows, stageRow{
			[]string{metric.Place{Load: s.OfLoad}.Label(wording.StageLoad(s, v.Rates)), Length(s.From),
				unit.Grouped(s.Requests),
				amountText(s.Rate), failed, amountText(s.P50), amountText(s.P95), StageVerdict(s)},
			s.Outcome(), !s.WarmUp,
		})
	}
	return rows
}

// StageVerdict says in a few words what the limits make of a stage: of the
// first check that made it what it is.
func StageVerdict(s verdict.Stage) string {
	if s.WarmUp {
		return "warm-up"
	}
	if len(s.Checks) == 0 {
		return "no limit"
	}
	outcome := s.Outcome()
	first := s.Checks[slices.IndexFunc(s.Checks, func(c verdict.Check) bool { return c.Outcome == outcome })]
	switch outcome {
	case verdict.Pass:
		return "hold"
	case verdict.Inconclusive:
		return typeset.JoinNonEmpty(": ", "undecided", aside(s, first))
	}
	if first.AboutRun() && outcome == verdict.Warn {
		return "hold, " + aside(s, first)
	}
	if first.AboutRun() {
		return first.Subject + ": " + wording.Brief(first.Because)
	}
	side, missed := " > ", first.Got.Value > first.Limit.Value
	if first.Metric.Better() == metric.Higher {
		side, missed = " < ", first.Got.Value < first.Limit.Value
	}
	if outcome == verdict.Warn && !missed {
		return "hold, not shown"
	}
	first.Low, first.High = verdict.Value{}, verdict.Value{}
	return first.Rule + ": " + first.Metric.Name() + " " + ValueText(first) + side + unit.Amount(first.Limit.Quantity)
}

// aside is why a stage is not simply held.
func aside(s verdict.Stage, c verdict.Check) string {
	if c.AboutRun() && s.Open && c.Got.OK {
		return Percent(1-c.Got.Value) + " dropped" // of its arrivals
	}
	return wording.Brief(c.Because)
}

func amountText(v verdict.Value) string { return OrDash(v.Quantity, v.OK) }
