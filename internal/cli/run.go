package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

func newRun(env environ.Env) *cobra.Command {
	c := runCommand{session: session{env: env}}
	cmd := &cobra.Command{
		Use:   "run [thresholds.yaml]",
		Short: "Wait for the target, run a profile, judge it, report, exit",
		Example: `  loadgate run --demo --profile demo
  loadgate run thresholds.yaml --host http://localhost:8000 --profile light
  loadgate run --smoke --start 'uvicorn app:app --port 8000'
  loadgate run --start 'uvicorn app:app --port 8000' --host http://localhost:8000`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), c.choice.file(args)) },
	}
	c.choice.add(cmd)
	c.add(cmd, "loadgate-out", "result.json, verdict.json, journal.ndjson and target.log")
	c.start.add(cmd)
	c.record.add(cmd)
	c.origin.add(cmd)
	cmd.Flags().BoolVar(&c.choice.load.smoke, "smoke", false,
		"ten seconds that ask every endpoint, judged by failures alone; never recorded")
	cmd.Flags().Bool("headless", true, "accepted for Locust's sake; it is the only mode")
	return cmd
}

type runCommand struct {
	session
	start  startFlag
	record recordFlags
	origin originFlags
}

func (c *runCommand) run(ctx context.Context, file string) (err error) {
	if err := c.out.check(); err != nil {
		return err
	}
	if err := c.start.resolve(c.env.Now()); err != nil {
		return err
	}
	if c.choice.load.smoke && c.record.record {
		return errSmokeRecord
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.open(ctx, file); err != nil {
		return err
	}
	confirmation := func(name string) string { return filepath.Join(confirmFolder, name) }
	err = errors.Join(c.record.check(), c.claim(c.plan.Share, resultFile, verdictFile, journalFile, logFile,
		confirmation(resultFile), confirmation(journalFile)))
	if err != nil {
		return err
	}
	// All that takes time comes before the target is waited for: what is ready
	// should be loaded at once.
	from := c.origin.origin(c.env)
	past := (*baseline.Past)(nil)
	if !c.plan.Smoke {
		past = c.past(c.plan, from)
	}
	if err := c.prepare(ctx,
		func(ctx context.Context) error { return c.start.wait(ctx, c.env, c.progress()) }); err != nil {
		return err
	}
	c.out.past, c.out.command = past, again("run", file, c.flags, c.plan)
	return c.measure(ctx, from, past)
}

// errSmokeRecord keeps smoke runs out of the history.
var errSmokeRecord = errors.New("--smoke and --record exclude each other: " +
	"a smoke run measures nothing that later runs could be compared with")

// past is the earlier runs that a run which begins now may be compared with.
func (c *runCommand) past(p *plan.Plan, from result.Origin) *baseline.Past {
	r := p.Result(buildinfo.Version(), c.env.Now())
	r.Origin = from
	return c.record.past(c.env, c.progress(), p.Config, r)
}

// measure makes the run, judges it and writes everything.
func (c *runCommand) measure(ctx context.Context, from result.Origin, past *baseline.Past) error {
	r := c.plan.Result(buildinfo.Version(), c.env.Now())
	r.Origin, r.Tried = from, c.tried
	measured := clock(c.plan.Measured()) + " of it measured"
	if c.plan.Smoke {
		measured = "a smoke run: only failures are judged"
	}
	say(c.progress(), "profile %s: %s for %s, %s; seed %d",
		c.plan.Profile, walkers(c.plan, r), clock(c.plan.Duration), measured, c.plan.Seed)
	if duration, short := c.plan.TooShort(); short {
		say(c.progress(), "too short to decide any limit: --run-time %s would do; "+
			"--smoke judges failures alone, in ten seconds", unit.Compact(duration))
	}
	var verdict gate.Verdict
	failed, err := c.write(c.folder, c.plan, r, func(e engine.Engine) (err error) {
		e.Statements = c.statements
		verdict, err = experiment.Once(ctx, e, c.plan, r, past)
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
	// Of two runs the second is kept: the first was repeated because it was
	// high, and would make later ones look better than they are.
	failed = errors.Join(failed, c.record.keep(c.progress(), last, verdict))
	return c.report(r, verdict, last.End == result.Interrupted, failed)
}

// confirm makes the run once more and judges both; nil where it could not be
// made.
func (c *runCommand) confirm(ctx context.Context, r *result.Result,
	past *baseline.Past) (again *result.Result, v gate.Verdict, failed error) {
	say(c.progress(), "slower than earlier runs: running once more to confirm it")
	again = c.plan.Again().Result(buildinfo.Version(), c.env.Now())
	again.Origin = r.Origin
	failed, err := c.write(c.path(confirmFolder), c.plan, again, func(e engine.Engine) (err error) {
		v, err = experiment.Confirm(ctx, e, c.plan, r, again, past)
		return err
	})
	if err != nil {
		return nil, v, errors.Join(failed, err)
	}
	return again, v, failed
}

// report tells the verdict; what could not be written never hides it.
func (c *runCommand) report(r *result.Result, verdict gate.Verdict, interrupted bool, failed error) error {
	var ended error
	switch {
	case interrupted:
		ended = failure.ErrInterrupted
	case r.Silent():
		ended = failure.CouldNotRun(
			fmt.Errorf("%s never answered: nothing was found out about it; start the service, or name another "+
				"with --host", c.plan.Config.Target.Public()))

	}
	out := c.out
	out.formats = append([]string{"verdict=" + c.path(verdictFile)}, out.formats...)
	out.outputs = []report.Output{{Name: "result", Value: c.path(resultFile)}}
	if ended == nil { // an interrupted run has no time to wait for its target's end
		failed = errors.Join(failed, c.stop())
	}
	return out.write(c.env, r, verdict, c.plan.Config, outcome{ended, failed})
}
