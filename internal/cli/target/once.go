package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/unit"
)

// How long teardown may take in all, and after a signal.
const (
	tearDownWithin    = 2 * time.Minute
	interruptedWithin = 10 * time.Second
)

// keptSetup is the file that loadgate setup writes. Setup and Target say what the values are of.
type keptSetup struct {
	Setup  string          `json:"setup"`  // config.SetupDigest
	Target string          `json:"target"` // where it was sent, secrets masked
	Values json.RawMessage `json:"values"` // as engine.Values encodes them
}

// EncodeSetup is what KeepSetup reads. It refuses what would be too large for that.
func (t *Target) EncodeSetup() ([]byte, error) {
	values, err := t.Setup.Encode()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(keptSetup{identity.OfSetup(t.Plan.Config), t.Plan.Config.Target.Public(), values})
	if err == nil && len(text) > largestSetup {
		err = fmt.Errorf("setup captured %s, and a file of at most %s can be read again; capture less",
			unit.Quantity{Value: float64(len(text)), Unit: unit.Bytes},
			unit.Quantity{Value: largestSetup, Unit: unit.Bytes})
	}
	return text, err
}

// KeepSetup takes what loadgate setup kept, in place of setup and teardown.
func (t *Target) KeepSetup(file string) error {
	text, err := regular.Read(file, largestSetup)
	if errors.Is(err, fs.ErrNotExist) {
		return failure.WithHint(fmt.Errorf("--setup: %w", err), "loadgate setup writes it")
	}
	if err != nil {
		return fmt.Errorf("--setup: %w", err)
	}
	var kept keptSetup
	if json.Unmarshal(text, &kept) == nil {
		t.Setup, err = engine.DecodeValues(kept.Values)
	}
	own, public := identity.OfSetup(t.Plan.Config), t.Plan.Config.Target.Public()
	switch name := usage.Quote(file); {
	case kept.Setup == "" || err != nil:
		return fmt.Errorf("--setup %s: it is damaged, or no file of loadgate setup; write it anew with loadgate setup",
			name)
	case kept.Setup != own:
		return fmt.Errorf("--setup %s: it is of another file than %s, or setup and teardown were changed since; "+
			"write it anew with loadgate setup", name, t.Plan.Config.File)
	case kept.Target != public:
		return fmt.Errorf("--setup %s: its setup was sent to %s, and this is %s; name the same host, or write "+
			"another file with loadgate setup", name, safetext.Quoted(kept.Target, mistake.LongestShown), public)
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
	if len(attempts) == 0 { // all its lists are empty, or a signal came first
		t.incomplete = ctx.Err() != nil
		return nil, ctx.Err()
	}
	last := attempts[len(attempts)-1]
	if t.incomplete = ctx.Err() != nil || last.Failure != metric.OK; t.incomplete && mayHaveMade(last) {
		t.unknown = last.Step.Step.Endpoint
	}
	if ctx.Err() != nil {
		return attempts, ctx.Err()
	}
	if t.incomplete {
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

// mayHaveMade says whether a step that failed may have made something all the same: it was sent, it writes, and no
// answer says that the service refused it.
func mayHaveMade(a engine.Attempt) bool {
	return !engine.Reads(a.Method) && a.Failure.Sent() && a.Failure != metric.Refused && a.Failure != metric.DNS &&
		!a.Withheld && (a.Status < 400 || a.Status >= 500)
}

// TearDown sends the teardown steps of a target that was set up, once, and prints a line for each that failed. A run
// that a signal ends waits a few seconds for them. A nil Target was not set up.
func (t *Target) TearDown(ctx context.Context, w io.Writer) ([]engine.Attempt, []result.Sent) {
	if t != nil && t.unknown != "" {
		console.Print(w, "warning: setup: what %s may have made is left behind: nothing was captured of it; look for "+
			"it, and remove it yourself", console.CleanLine(t.unknown))
		t.unknown = ""
	}
	if t == nil || !t.isSetUp || len(t.Plan.Config.Teardown) == 0 {
		return nil, nil
	}
	t.isSetUp = false
	console.Print(w, "teardown: %s", unit.Counted(len(t.Plan.Config.Teardown), "step"))
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
	for _, step := range t.unsent(attempts, sending.Err()) {
		all = append(all, result.Sent{Endpoint: step.Endpoint, Failure: metric.Timeout,
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

// unsent are the steps of teardown behind the last that was tried, where an error ended it.
func (t *Target) unsent(attempts []engine.Attempt, err error) []config.Step {
	steps := t.Plan.Config.Teardown
	switch n := len(attempts); {
	case err == nil:
		return nil
	case n > 0:
		last := attempts[n-1].Step.Step
		return steps[1+slices.IndexFunc(steps, func(s config.Step) bool { return s.Pos == last.Pos }):]
	}
	return steps
}

// sent are attempts as a result keeps them.
func sent(attempts []engine.Attempt) (all []result.Sent) {
	for _, a := range attempts {
		if a.Skipped || a.Withheld {
			continue
		}
		all = append(all, result.Sent{Endpoint: a.Step.Step.Endpoint, Took: a.Took, Status: a.Status,
			Repeats: a.Repeats, Failure: a.Failure, Detail: a.Detail})
		if a.Left > 0 {
			all = append(all, result.Sent{Endpoint: a.Step.Step.Endpoint, Failure: metric.Timeout,
				Detail: fmt.Sprintf("%s of its list, for which it was not sent: there was no time left",
					unit.Counted(a.Left, "element"))})
		}
	}
	return all
}
