package target

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/unit"
)

// checkTryOut turns attempts into the error that keeps a run from starting: one
// line for each step that does not fit the service. Other failed steps are written
// to w, and do not keep it from starting.
func checkTryOut(w io.Writer, attempts []engine.Attempt, interrupted error) error {
	if err := CheckFits(attempts, interrupted); err != nil {
		return err
	}
	for _, a := range attempts {
		if a.Failure != metric.OK && a.Failure.Sent() {
			console.Print(w, "try-out: %s: %s; the run goes on and will judge it", a.Step.Step.Endpoint, a.Detail)
		}
	}
	return nil
}

// CheckReviewed refuses a load that may change data without anyone's consent: a file
// that loadgate init wrote, whose writing requests nobody has reviewed yet.
func (t *Target) CheckReviewed() error {
	p := t.Plan
	if !p.Config.Drafted {
		return nil
	}
	writing, what := 0, "neither GET nor HEAD"
	steps := slices.Concat(plan.SetupUser(p).Group.Steps, plan.TeardownUser(p).Group.Steps)
	for _, load := range p.Each() {
		for _, g := range load.Groups {
			steps = slices.Concat(steps, g.Start, g.Steps, g.End)
		}
	}
	for _, s := range steps {
		if !engine.ReadsOnly(&s) {
			writing++
		}
		if s.Talk != nil {
			what = "no plain GET or HEAD"
		}
	}
	if writing == 0 {
		return nil
	}
	return failure.CouldNotRun(failure.WithHint(
		fmt.Errorf("%s is drafted, and %s in it %s %s; nothing was loaded",
			p.Config.File, unit.Counted(writing, "step"), isOrAre(writing), what),
		"look at them, delete the line drafted: true, and see with loadgate try what they do"))

}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// Why says what the failure of an attempt means, and what to do about it.
func Why(a engine.Attempt) (why, remedy string) {
	code := evidence.Explain(a.Failed())
	if a.OtherID {
		code = reason.Status404ID.Plain()
	}
	return wording.Text(code), wording.Todo(code)
}

// CheckFits says why a load of the target would tell nothing.
func CheckFits(attempts []engine.Attempt, interrupted error) error {
	if interrupted != nil {
		return interrupted
	}
	if a, gone := engine.Gone(attempts); gone {
		return failure.CouldNotRun(fmt.Errorf("the target stopped answering in the try-out: %s: %s",
			a.Step.Step.Endpoint, a.Detail))

	}
	var lines []error
	for _, a := range engine.Misfits(attempts) {
		why, remedy := Why(a)
		detail := " (" + a.Detail + ")"
		if a.Failure == metric.Redirect {
			detail = "" // the reason says where it leads
		}
		lines = append(lines, fmt.Errorf("%s: %s: %s%s: %s: %s",
			a.Step.Pos, a.Group, a.Step.Step.Endpoint, detail, why, remedy))
	}
	if len(lines) == 0 {
		return nil
	}
	return failure.CouldNotRun(failure.WithHint(
		errors.Join(append([]error{errors.New("the scenario does not fit the service; nothing was loaded")},
			lines...)...),
		"loadgate try shows every request and answer; try: false on a step leaves it out of the try-out"))

}
