package target

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
)

// How long teardown may take in all, and after a signal.
const (
	tearDownWithin    = 2 * time.Minute
	interruptedWithin = 10 * time.Second
)

// KeepSetup takes what loadgate setup kept, in place of setup and teardown.
func (t *Target) KeepSetup(file string) (err error) {
	text, err := regular.Read(file, largestSetup)
	if err != nil {
		return fmt.Errorf("--setup: %w", err)
	}
	if t.Setup, err = engine.DecodeValues(text); err != nil {
		return fmt.Errorf("--setup %s: %w; write it with loadgate setup", usage.Quote(file), err)
	}
	t.kept = true
	return nil
}

// largestSetup is the most bytes of a file of loadgate setup.
const largestSetup = 16 << 20

// CheckSetup refuses to set up a target for one of several shards: each would do it.
func (t *Target) CheckSetup() error {
	if t.kept || t.Plan.Shard.Whole() || len(t.Plan.Config.Setup)+len(t.Plan.Config.Teardown) == 0 {
		return nil
	}
	return failure.WithHint(fmt.Errorf("--shard %s: setup and teardown of %s are sent once for all shards; give each "+
		"shard --setup setup.json", t.Plan.Shard, t.Plan.Config.File),
		"run loadgate setup before the shards, which writes setup.json, and loadgate teardown after them")
}

// SetUp sends the setup steps. An error names the one that failed. Whatever became of them, TearDown has to follow.
func (t *Target) SetUp(ctx context.Context) (attempts []engine.Attempt, err error) {
	if t.kept {
		return nil, nil
	}
	t.isSetUp, t.incomplete = true, false
	if len(t.Plan.Config.Setup) == 0 {
		return nil, nil
	}
	e := engine.Engine{Dial: t.Dial}
	attempts, t.Setup = e.SetUp(ctx, t.Plan)
	t.SetupSent = sent(attempts)
	if ctx.Err() != nil {
		t.incomplete = true
		return attempts, ctx.Err()
	}
	if last := attempts[len(attempts)-1]; last.Failure != metric.OK {
		t.incomplete = true
		why, remedy := Why(last)
		return attempts, failure.CouldNotRun(failure.WithHint(
			fmt.Errorf("%s: setup: %s (%s): %s: %s", last.Step.Pos, last.Step.Step.Endpoint, last.Detail, why, remedy),
			"nothing was loaded; loadgate try shows the requests and their answers"))
	}
	return attempts, nil
}

// TearDownWithin is how long teardown may take after a signal; 0 without one.
func (t *Target) TearDownWithin() time.Duration {
	if len(t.Plan.Config.Teardown) == 0 || t.kept {
		return 0
	}
	return interruptedWithin
}

// Resumed notes that an earlier process has set the target up, which TearDown undoes without what its setup captured,
// unless loadgate setup did it.
func (t *Target) Resumed() { t.isSetUp = !t.kept }

// UndoKept lets TearDown undo what loadgate setup did.
func (t *Target) UndoKept() { t.isSetUp = true }

// TearDown sends the teardown steps of a target that was set up, once, and prints a line for each that failed. A run
// that a signal ends waits a few seconds for them. A nil Target was not set up.
func (t *Target) TearDown(ctx context.Context, w io.Writer) ([]engine.Attempt, []result.Sent) {
	if t == nil || !t.isSetUp || len(t.Plan.Config.Teardown) == 0 {
		return nil, nil
	}
	t.isSetUp = false
	within := tearDownWithin
	if ctx.Err() != nil {
		within = interruptedWithin
	}
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { // also of a signal that comes meanwhile: the verdict is not written yet
		time.AfterFunc(interruptedWithin, cancel)
	})
	defer stop()
	e := engine.Engine{Dial: t.Dial, Setup: t.Setup}
	attempts := e.TearDown(sending, t.Plan)
	all := sent(attempts)
	for i := len(attempts); i < len(t.Plan.Config.Teardown); i++ {
		all = append(all, result.Sent{Endpoint: t.Plan.Config.Teardown[i].Endpoint, Failure: metric.Timeout,
			Detail: "it was not sent: there was no time left after the steps before it"})
	}
	if t.incomplete { // what a step lacks a value of was not made
		all = slices.DeleteFunc(all, func(s result.Sent) bool { return s.Failure == metric.Expression })
	}
	for _, c := range gate.LeftBehind(all) {
		console.Print(w, "warning: teardown: %s; %s", wording.Text(c.Because), wording.Todo(c.Because))
	}
	return attempts, all
}

// sent are attempts as a result keeps them.
func sent(attempts []engine.Attempt) (all []result.Sent) {
	for _, a := range attempts {
		if a.Skipped || a.Withheld {
			continue
		}
		all = append(all, result.Sent{Endpoint: a.Step.Step.Endpoint, Took: a.Took, Status: a.Status,
			Repeats: a.Repeats, Failure: a.Failure, Detail: a.Detail})
	}
	return all
}
