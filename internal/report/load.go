package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Load says what a run was asked to make: its users, or its arrivals, and
// whether they change. It is empty where the document does not say.
func Load(p result.Planned) string {
	text := ""
	switch {
	case p.Rate > 0:
		text = fmt.Sprintf("%s arrivals/s", strings.TrimSuffix(perSecondText(p.Rate), "/s"))
	case p.Users > 0:
		text = unit.Counted(p.Users, "user")
	default:
		return ""
	}
	if len(p.Stages) > 0 {
		text = "up to " + text + " in stages"
	}
	return text
}

func perSecondText(v float64) string { return unit.Quantity{Value: v, Unit: unit.PerSecond}.String() }

// thinkText is the time between two steps of a user, before a pace divides it.
func thinkText(least, most time.Duration) string {
	if least == most {
		return unit.Compact(least)
	}
	return unit.Compact(least) + "–" + unit.Compact(most)
}

func paceText(pace float64) string { return strconv.FormatFloat(pace, 'f', -1, 64) }

// stageText says what a stage asks for and when; open is one of arrivals.
func stageText(s result.Stage, open bool) string {
	level := perSecondText(s.Rate)
	if !open {
		level = unit.Counted(s.Users, "user")
	}
	return fmt.Sprintf("%s from %s to %s", level, clock(s.From), clock(s.Until))
}

// stageRow is one level of a load in stages as the table shows it.
type stageRow struct {
	cells   []string
	outcome verdict.Outcome
	judged  bool // else it lies in the warm-up
}

// The columns of the stages that are more than figures, and the one that a
// narrow page does without.
const (
	columnStage  = 0
	columnP50    = 5
	columnLimits = 7
)

// stageNoun is what a stage is called: those of a search are levels.
func stageNoun(stages []verdict.Stage) string {
	if len(stages) > 0 && stages[0].Run > 0 {
		return "Level"
	}
	return "Stage"
}

// stageHeader names the cells of a stageRow; the first and the last are texts.
func stageHeader(stages []verdict.Stage) []string {
	return []string{strings.ToUpper(stageNoun(stages)), "SINCE", "REQS", "RATE", "FAILED", "P50", "P95", "LIMITS"}
}

func stageRows(stages []verdict.Stage) []stageRow {
	var rows []stageRow
	for _, s := range stages {
		failed := ""
		if share := float64(s.Failed) / float64(max(s.Requests, 1)); share >= 0.0001 {
			failed = percent(share)
		} else if s.Failed > 0 {
			failed = "< 0.01%"
		}
		rows = append(rows, stageRow{
			[]string{s.LoadText(), clock(s.From), unit.Grouped(s.Requests),
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
		return joinNonEmpty(": ", "undecided", aside(s, first))
	}
	if first.Rule == "" && outcome == verdict.Warn {
		return "hold, " + aside(s, first)
	}
	if first.Rule == "" {
		return first.Subject + ": " + inBrief(first.Reason)
	}
	side, missed := " > ", first.Got.Value > first.Limit.Value
	if first.Metric.Better() == metric.Higher {
		side, missed = " < ", first.Got.Value < first.Limit.Value
	}
	if outcome == verdict.Warn && !missed {
		return "hold, not shown"
	}
	first.Low, first.High = verdict.Value{}, verdict.Value{}
	return first.Rule + ": " + first.Metric.Name() + " " + valueText(first) + side + unit.Amount(first.Limit.Quantity)
}

// aside is why a stage is not simply held.
func aside(s verdict.Stage, c verdict.Check) string {
	if c.Rule == "" && s.Open && c.Got.OK {
		return percent(1-c.Got.Value) + " dropped" // of its arrivals
	}
	return inBrief(c.Reason)
}

// inBrief is what of a reason fits beside figures: why there is no decision,
// without the figures again.
func inBrief(reason string) string {
	if _, why, ok := strings.Cut(reason, ", but "); ok {
		reason = strings.TrimPrefix(strings.TrimPrefix(why, "that is "), "the ")
	}
	reason, _, _ = strings.Cut(reason, ": ")
	reason, _, _ = strings.Cut(reason, "; ")
	return strings.TrimSuffix(reason, " and may be the reason")
}

func amountText(v verdict.Value) string {
	if !v.OK {
		return "–"
	}
	return v.String()
}

// stages prints the levels of a load in stages, from which a breaking point
// shows.
func (p *page) stages(stages []verdict.Stage) {
	rows := stageRows(stages)
	if len(rows) == 0 {
		return
	}
	header, limits := stageHeader(stages), columnLimits
	if p.width < 100 {
		header, limits = slices.Delete(header, columnP50, columnP50+1), limits-1
	}
	g := grid{
		header: header, right: []int{1, 2, 3, 4, 5, 6}[:limits-1],
		squeeze: []squeeze{{limits, 20}, {columnStage, 10}, {limits, 8}},
	}
	for _, r := range rows {
		mark := " "
		if r.judged {
			mark = sign(r.outcome)
		}
		r.cells[columnStage], r.cells[columnLimits] = mark+" "+r.cells[columnStage], clean(r.cells[columnLimits])
		if p.width < 100 {
			r.cells = slices.Delete(r.cells, columnP50, columnP50+1)
		}
		g.add("", r.cells...)
	}
	p.line("")
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		switch {
		case !rows[row].judged:
			return p.ink.dim(text)
		case column == columnStage:
			return p.ink.outcome(rows[row].outcome, text)
		}
		return text
	})
}
