package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/delivery"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/metrics"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/record"
	"github.com/loadgate/loadgate/internal/cli/session"
	"github.com/loadgate/loadgate/internal/cli/ui"
	"github.com/loadgate/loadgate/internal/cli/web"
	"github.com/loadgate/loadgate/internal/cli/workers"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

func newRun(env environ.Env, watcher ui.Watcher) *cobra.Command {
	c := runCommand{Session: session.Session{Env: env}}
	if watcher != nil {
		c.show(watcher)
	}
	cmd := &cobra.Command{
		Use:   "run [thresholds.yaml]",
		Short: "Run a load, judge it by the limits in thresholds.yaml, and exit with the verdict",
		Example: `  loadgate run --demo --profile demo
  loadgate run thresholds.yaml --host http://localhost:8000 --profile light
  loadgate run --smoke --start 'uvicorn app:app --port 8000'
  loadgate run --start 'uvicorn app:app --port 8000' --host http://localhost:8000`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), c.Choice.File(args)) },
	}
	c.Choice.Add(cmd)
	c.Add(cmd, "loadgate-out", "result.json, verdict.json, journal.ndjson and target.log")
	c.start.Add(cmd)
	c.Workers.Add(cmd)
	c.Workers.AddLost(cmd)
	c.record.Add(cmd)
	c.origin.Add(cmd)
	c.web.Add(cmd)
	c.metrics.Add(cmd)
	cmd.Flags().BoolVar(&c.Choice.Load.Smoke, "smoke", false,
		"send to every endpoint for ten seconds and judge only failures; never recorded")
	cmd.Flags().StringVar(&c.resume, "resume", "",
		"go on with the run in this folder: its process was killed, and its workers on other machines go on")
	cmd.Flags().Bool("headless", true,
		"accepted for compatibility with Locust; run has no other mode, and loadgate ui is the page")
	return cmd
}

// runFiles are the files of a run in its folder, beside its verdict.
var runFiles = []string{
	output.ResultFile, output.JournalFile, output.LogFile,
	filepath.Join(output.ConfirmationFolder, output.ResultFile),
	filepath.Join(output.ConfirmationFolder, output.JournalFile),
}

type runCommand struct {
	session.Session
	start   session.StartFlag
	record  record.Flags
	origin  record.OriginFlags
	metrics metrics.Export
	web     web.Flags
	resume  string
	begun   string // digest of the load of the run that goes on
}

func (c *runCommand) run(ctx context.Context, file string) (err error) {
	if err := c.Out.Check(delivery.ClaimsIn(file, c.Folder, runFiles...)); err != nil {
		return err
	}
	if err := errors.Join(c.start.Resolve(c.Env.Now()), c.web.Check()); err != nil {
		return err
	}
	if c.Choice.Load.Smoke && c.record.Record {
		return errSmokeRecord
	}
	if err := c.takeUp(); err != nil {
		return err
	}
	if err := c.Workers.Check(&c.Env); err != nil {
		return err
	}
	c.Choice.Load.LostShards = c.Workers.Lost()
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	if err := c.Open(ctx, file); err != nil {
		return err
	}
	if c.resume != "" && c.Plan.Digest != c.begun { // its workers have not heard of this mistake, and go on
		return fmt.Errorf("%s describes another load than the run in %s; name the file of that run", file, c.resume)
	}
	old, folders := slices.Concat(runFiles, []string{output.VerdictFile}),
		[]string{c.Folder, c.Path(output.ConfirmationFolder)}
	if c.resume != "" { // what is there belongs to this run
		old, folders = nil, nil
	}
	if err := errors.Join(c.record.Check(), c.Claim(c.OwnUsers(c.Plan.Share), old...)); err != nil {
		return err
	}
	if err := c.metrics.Open(ctx, c.Env, c.Progress()); err != nil {
		return err
	}
	defer c.metrics.Close(ctx)
	if c.metrics.On() {
		c.Watchers = append(c.Watchers, &c.metrics)
	}
	if err := c.Muster(ctx, file, c.Plan, folders...); err != nil {
		return err
	}
	shown, err := c.web.Open(c.Env.Stderr, content.Title(c.Plan.Config.Name, c.Plan.Profile))
	if err != nil {
		return err
	}
	if shown != nil {
		c.show(shown)
		defer func() { err = errors.Join(err, shown.Close(ctx, err)) }()
	}
	// All that takes time comes before the target is waited for: what is ready
	// should be loaded at once.
	from := c.origin.Origin(c.Env)
	past := (*baseline.Past)(nil)
	if !c.Plan.Smoke {
		past = c.past(c.Plan, from)
	}
	if c.resume != "" {
		if !c.Workers.Kept {
			c.Resumed()
		}
	} else if err := c.Prepare(ctx,
		func(ctx context.Context) error { return c.start.Wait(ctx, c.Env, c.Progress()) }); err != nil {
		return err
	}
	c.Out.Past = past
	if c.resume == "" { // the flags of the run that goes on are not known
		c.Out.Command = rerunCommand("run", file, c.Flags, c.Plan)
	}
	return c.measure(ctx, from, past)
}

// show shows the run and its verdict.
func (c *runCommand) show(w ui.Watcher) {
	c.Watchers, c.Out.Also = append(c.Watchers, w), w.Verdict
}

// takeUp takes the load, and its workers, from the folder of the run that goes on.
func (c *runCommand) takeUp() error {
	if c.resume == "" {
		return nil
	}
	var wrong []string
	c.Flags.Visit(func(f *pflag.Flag) {
		if !irrelevantToRerun[f.Name] && f.Name != "allow" && f.Name != "resume" || f.Name == "out" {
			wrong = append(wrong, "--"+f.Name)
		}
	})
	if wrong != nil {
		return fmt.Errorf("--resume goes on with the load of that folder: leave out %s", strings.Join(wrong, ", "))
	}
	begun, err := workers.ReadBegun(c.resume)
	if err != nil {
		return err
	}
	o, err := begun.Options()
	if err != nil {
		return err
	}
	c.Folder, c.Choice.Load.Host, c.Choice.Load.Begun = c.resume, begun.Fleet.Round.Host, &o
	c.begun, c.Workers.Kept = begun.Fleet.Round.Digest, begun.Kept
	c.Workers.Resume(begun)
	return nil
}

// errSmokeRecord keeps smoke runs out of the history.
var errSmokeRecord = errors.New("--smoke and --record exclude each other: " +
	"a smoke run measures nothing that later runs could be compared with")

// past is the earlier runs that a run which begins now may be compared with.
func (c *runCommand) past(p *plan.Plan, from result.Origin) *baseline.Past {
	r := p.Result(buildinfo.Version(), c.Env.Now())
	r.Origin = from
	return c.record.Past(c.Env, c.Progress(), p.Config, r)
}

// measure makes the run, judges it and writes everything.
func (c *runCommand) measure(ctx context.Context, from result.Origin, past *baseline.Past) error {
	r := c.Plan.Result(buildinfo.Version(), c.Env.Now())
	r.Origin, r.Tried, r.Setup = from, c.Tried, c.SetupSent
	measured := "measured for " + unit.Clock(c.Plan.Measured())
	if c.Plan.Smoke {
		measured = "a smoke run: only failures are judged"
	}
	console.Print(c.Progress(), "profile %s: %s for %s, %s; seed %d",
		c.Plan.Profile, session.LoadText(c.Plan, r), unit.Clock(c.Plan.Duration), measured, c.Plan.Seed)
	if duration, load, short := c.Plan.TooShort(); short {
		longer := "use --run-time " + unit.Compact(duration) + ", or"
		if c.Plan.Loads != nil {
			longer = fmt.Sprintf("write duration: %s in load %s, or use", unit.Compact(duration), load)
		}
		console.Print(c.Progress(), "too short to decide any limit: %s --smoke, which judges only failures, "+
			"in ten seconds", longer)
	}
	var verdict verdict.Verdict
	failed, err := c.Record(c.Folder, c.Plan, r, c.Statements, func(m experiment.Machine) (err error) {
		verdict, err = experiment.Once(ctx, m, c.Plan, r, past)
		return err
	})
	if err != nil {
		return err
	}
	last := r
	if verdict.Suspicious() && ctx.Err() == nil {
		again, confirmed, more := c.confirm(ctx, r, past)
		failed = errors.Join(failed, more)
		if again != nil {
			last, verdict = again, confirmed
		}
	}
	failed = errors.Join(failed, c.tearDown(ctx, &verdict, r, last))
	c.metrics.Over(last, verdict)
	// Of two runs the second is kept: the first was repeated because it was
	// high, and would make later ones look better than they are.
	failed = errors.Join(failed, c.record.Keep(c.Progress(), c.Plan.Config, last, verdict))
	return c.report(ctx, r, verdict, c.Interrupted(ctx, last), failed)
}

// tearDown sends the teardown steps, and adds what became of them to the verdict and to the results of the run.
func (c *runCommand) tearDown(ctx context.Context, v *verdict.Verdict, r, last *result.Result) error {
	_, sent := c.TearDown(ctx, c.Env.Stderr)
	if sent == nil {
		return nil
	}
	v.Checks = append(v.Checks, gate.LeftBehind(sent)...)
	r.Teardown, last.Teardown = sent, sent
	return output.WriteFile(c.Path(output.ResultFile), r.Encode)
}

// confirm makes the run once more and judges both; nil where it could not be
// made.
func (c *runCommand) confirm(ctx context.Context, r *result.Result,
	past *baseline.Past) (again *result.Result, v verdict.Verdict, failed error) {
	console.Print(c.Progress(), "slower than earlier runs: running once more to confirm")
	again = c.Plan.Again().Result(buildinfo.Version(), c.Env.Now())
	again.Origin, again.Setup = r.Origin, r.Setup
	failed, err := c.Record(c.Path(output.ConfirmationFolder), c.Plan, again, nil,
		func(m experiment.Machine) (err error) {
			v, err = experiment.Confirm(ctx, m, c.Plan, r, again, past)
			return err
		})
	if err != nil {
		return nil, v, errors.Join(failed, err)
	}
	return again, v, failed
}

// report tells the verdict; what could not be written never hides it.
func (c *runCommand) report(ctx context.Context, r *result.Result, verdict verdict.Verdict, interrupted bool,
	failed error) error {
	var ended error
	switch {
	case interrupted:
		ended = failure.ErrInterrupted
	case r.Silent():
		ended = failure.CouldNotRun(
			fmt.Errorf("%s never answered, so nothing was measured; start the service, or name another "+
				"with --host", c.Plan.Config.Target.Public()))

	}
	out := c.Out
	out.Formats = append([]string{"verdict=" + c.Path(output.VerdictFile)}, out.Formats...)
	out.Outputs = []github.Output{{Name: "result", Value: c.Path(output.ResultFile)}}
	if ended == nil { // an interrupted run has no time to wait for its target's end
		failed = errors.Join(failed, c.Stop(ctx))
	}
	return out.Write(c.Env, r, verdict, c.Plan.Config, delivery.Outcome{Ended: ended, Failed: failed})
}
