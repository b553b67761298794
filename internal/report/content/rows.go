package content

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Severity is the order of rows: what must be looked at comes first.
var Severity = [...]verdict.Outcome{verdict.Fail, verdict.Inconclusive, verdict.Warn, verdict.Pass}

// summarize folds the checks of rules into rows: what does not pass has a row
// of its own, and the passing checks of one limit share a row. With all, every
// check has its own.
func summarize(checks []verdict.Check, all bool) []Row {
	var rows []Row
	for _, f := range fold(checks, folding{
		belongs: func(c verdict.Check) bool { return !c.AboutRun() && c.Comparison == nil },
		shares:  func(c verdict.Check) bool { return c.Outcome == verdict.Pass && !all },
		rank:    Tightness,
	}) {
		rows = append(rows, newRow(checks, f.shown, f.of))
	}
	return rows
}

// folding says which checks get lines, which share a line with others of their
// limit, and which one represents them: that of the highest rank.
type folding struct {
	belongs, shares func(verdict.Check) bool
	rank            func(verdict.Check) float64
}

// folded is one line: the check that is shown, and all that it represents.
type folded struct {
	shown int
	of    []int
}

// fold makes lines of checks, by severity, in each in the order of limits.
func fold(checks []verdict.Check, how folding) []folded {
	byOutcome := map[verdict.Outcome][]folded{}
	for _, group := range groupByLimit(checks, how.belongs) {
		var shared []int
		for _, i := range group {
			if how.shares(checks[i]) {
				shared = append(shared, i)
				continue
			}
			byOutcome[checks[i].Outcome] = append(byOutcome[checks[i].Outcome], folded{i, []int{i}})
		}
		if len(shared) > 0 {
			shown := slices.MaxFunc(shared,
				func(a, b int) int { return cmp.Compare(how.rank(checks[a]), how.rank(checks[b])) })
			byOutcome[verdict.Pass] = append(byOutcome[verdict.Pass], folded{shown, shared})
		}
	}
	var lines []folded
	for _, outcome := range Severity {
		lines = append(lines, byOutcome[outcome]...)
	}
	return lines
}

// groupByLimit groups the checks that belong here by rule and metric, in the order in which the limits
// come.
func groupByLimit(checks []verdict.Check, belongs func(verdict.Check) bool) [][]int {
	type limit struct {
		rule   string
		metric metric.Metric
	}
	var groups [][]int
	at := map[limit]int{}
	for i, c := range checks {
		if !belongs(c) {
			continue
		}
		key := limit{c.Rule, c.Metric}
		g, ok := at[key]
		if !ok {
			g, at[key] = len(groups), len(groups)
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}

// findings words the health checks in their order: one each for what does not
// pass, then one for all that do.
func findings(checks []verdict.Check) []Finding {
	var found []Finding
	passed := Finding{Outcome: verdict.Pass}
	for i, c := range checks {
		switch {
		case !c.AboutRun():
		case c.Outcome == verdict.Pass && !c.Because.Given():
			passed.Subjects = append(passed.Subjects, c.Subject)
			passed.Checks = append(passed.Checks, i)
		default:
			f := Finding{Outcome: c.Outcome, Subjects: []string{c.Subject}, Note: NoteOf(c), Checks: []int{i}}
			if c.Got.OK {
				f.Value, f.Limit = ValueText(c), LimitOf(c)
				if c.Limit.OK && c.Got.Value < c.Limit.Value { // it stands here for being on the bad side
					f.Limit = "≥ " + c.Limit.String()
				}
			}
			found = append(found, f)
		}
	}
	if passed.Checks != nil {
		found = append(found, passed)
	}
	return found
}

// newRow words checks[shown], which represents all the checks in of.
func newRow(checks []verdict.Check, shown int, of []int) Row {
	c := checks[shown]
	return Row{
		Outcome:  c.Outcome,
		Rule:     c.Rule,
		Subject:  SubjectText(c),
		Several:  c.Scope == verdict.Together || c.Scope == verdict.Rest,
		More:     len(of) - 1,
		Value:    ValueText(c),
		Interval: c.Got.OK && (c.Low.OK || c.High.OK),
		Limit:    LimitOf(c),
		Requests: CountText(c),
		Resource: c.Resource,
		Readings: c.Readings,
		Checks:   of,
		said:     notesOf(checks, of),
	}
}

func (r Row) shows() []int { return r.Checks }

func (f Finding) shows() []int { return f.Checks }

// Note is the first thing that is said of the row; the zero Note where there is none.
func (r Row) Note() Note { return firstOf(r.said) }

func firstOf(notes []Note) Note {
	if len(notes) == 0 {
		return Note{}
	}
	return notes[0]
}

// notesOf are the notes of some checks, each once.
func notesOf(checks []verdict.Check, of []int) []Note {
	var notes []Note
	for _, i := range of {
		if note := NoteOf(checks[i]); note != (Note{}) && !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	return notes
}

// CountText is how many requests, or readings of a gauge, a check rests on.
func CountText(c verdict.Check) string {
	if c.Resource {
		return fmt.Sprintf("%d×", c.Readings)
	}
	return unit.Grouped(c.Requests)
}

// SubjectText is what was judged, without the rule's name, which is shown next to
// it.
func SubjectText(c verdict.Check) string { return PartText(c.Scope, len(c.Endpoints), c.Subject) }

// PartText is a part of a rule: n endpoints that are judged as one, or a subject alone.
func PartText(scope verdict.Scope, n int, subject string) string {
	switch scope {
	case verdict.Together:
		return fmt.Sprintf("%d endpoints together", n)
	case verdict.Rest:
		return fmt.Sprintf("the other %d together", n)
	}
	return subject
}

// NoteOf is a check's reason and remedy. A pass or warning that the interval
// does not show says so even where the judge gave no reason: a reader must be
// able to tell it from one that is shown.
func NoteOf(c verdict.Check) Note {
	note := Note{strings.TrimSpace(wording.Reason(c)), strings.TrimSpace(wording.Remedy(c))}
	if c.Code() == reason.HoldsByValue {
		note.Reason = wording.Text(reason.HoldsByValue.Plain())
	}
	return note
}

// noteBook numbers notes; equal ones share a number.
type noteBook struct{ notes []Note }

// numbers returns the numbers of notes, ascending from 1, and adds those that are new.
func (b *noteBook) numbers(notes []Note) []int {
	var numbers []int
	for _, note := range notes {
		at := slices.Index(b.notes, note)
		if at < 0 {
			at = len(b.notes)
			b.notes = append(b.notes, note)
		}
		numbers = append(numbers, at+1)
	}
	slices.Sort(numbers)
	return numbers
}

// Tightness is the value over a ceiling, or a floor over the value; 1 is at
// the limit. Unmeasured values are the loosest.
func Tightness(c verdict.Check) float64 {
	if !c.Got.OK || !c.Limit.OK {
		return math.Inf(-1)
	}
	used, limit := c.Got.Value, c.Limit.Value
	if c.Metric.Better() == metric.Higher {
		used, limit = limit, used
	}
	if used == 0 { // of a limit of 0, too
		return 0
	}
	return used / limit // by 0: nothing is farther from its limit
}

// References prints note numbers: "[1]", "[1,2]", and "[1…9]" for more than
// three.
func References(notes []int) string {
	if len(notes) == 0 {
		return ""
	}
	text := strconv.Itoa(notes[0])
	last := strconv.Itoa(notes[len(notes)-1])
	switch {
	case len(notes) > 3:
		text += "…" + last
	default:
		for _, n := range notes[1:] {
			text += "," + strconv.Itoa(n)
		}
	}
	return "[" + text + "]"
}
