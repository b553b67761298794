package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/trial"
)

func newRun(env Env) *cobra.Command {
	var c runCommand
	cmd := &cobra.Command{
		Use:   "run [thresholds.yaml]",
		Short: "Wait for the target, run a profile, judge it, report, exit",
		Example: `  loadgate run --demo --profile demo
  loadgate run thresholds.yaml --host http://localhost:8000 --profile light
  loadgate run --start 'uvicorn app:app --port 8000' --host http://localhost:8000`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.env, c.flags = env, cmd.Flags()
			return c.run(cmd.Context(), fileArgument(args))
		},
	}
	flags := cmd.Flags()
	c.target.add(cmd)
	c.out.add(cmd)
	c.start.add(cmd)
	c.record.add(cmd)
	c.origin.add(cmd)
	flags.StringVar(&c.folder, "out", "loadgate-out", "folder for result.json, verdict.json, journal.ndjson and target.log")
	flags.BoolVarP(&c.quiet, "quiet", "q", false, "no progress")
	flags.StringVar(&c.command, "start", "", "start the target with this command, and end it after the run")
	flags.BoolVar(&c.noTry, "no-try", false, "send no step before the load")
	flags.Bool("headless", true, "accepted for Locust's sake; it is the only mode")
	return cmd
}

type runCommand struct {
	env    Env
	target targetFlags
	out    outFlags
	folder string
	quiet  bool
	noTry  bool
	start  startFlag
	record recordFlags
	origin originFlags

	flags   *pflag.FlagSet // as given
	command string         // starts the target; "": somebody else has
	process *process       // of the command; nil without
	gauges  *gauges
}

func (c *runCommand) run(ctx context.Context, file string) (err error) {
	if err := c.out.check(); err != nil {
		return err
	}
	if err := c.start.resolve(c.env.Now()); err != nil {
		return err
	}
	if c.command != "" && c.target.demo {
		return errors.New("--start and --demo exclude each other: the demo is its own target")
	}
	t, err := c.target.open(ctx, c.env, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	if err := engine.CheckDescriptors(t.plan.Share, c.target.demo); err != nil {
		return notRunError{err}
	}
	if err := errors.Join(c.clear(), c.record.check(), c.out.clear()); err != nil {
		return err
	}
	if c.gauges, err = openGauges(c.env, t.plan, c.progress()); err != nil {
		return err
	}
	defer c.gauges.close()
	// All that takes time comes before the target is waited for: what is ready
	// should be loaded at once.
	from := c.origin.origin(c.env)
	past := c.past(t.plan, from)
	if err := c.launch(ctx, t); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.process.stop()) }()
	err = c.process.while(ctx, func(ctx context.Context) error {
		if err := t.prepare(ctx, c.progress(), c.noTry, c.gauges.counter); err != nil {
			return err
		}
		if err := c.gauges.check(ctx); err != nil {
			return err
		}
		return c.start.wait(ctx, c.env, c.progress())
	})
	if err != nil {
		return err
	}
	c.out.past, c.out.command = past, again("run", file, c.flags, t.plan)
	return c.measure(ctx, t, from, past)
}

// past is the earlier runs that a run which begins now may be held against.
func (c *runCommand) past(p *plan.Plan, from result.Origin) *baseline.Past {
	r := p.Result(version(), c.env.Now())
	r.Origin = from
	return c.record.past(c.env, c.progress(), p.Spec, r)
}

// launch starts the target, if it is to be started.
func (c *runCommand) launch(ctx context.Context, t *target) (err error) {
	if c.command == "" {
		return nil
	}
	if err := t.free(ctx); err != nil {
		return err
	}
	say(c.progress(), "starting %s", t.plan.Spec.Mask(c.command))
	c.process, err = startProcess(ctx, c.env, c.command, c.path(logFile), t.plan.Spec)
	return err
}

// The files of a run, in its folder.
const (
	resultFile  = "result.json"
	verdictFile = "verdict.json"
	journalFile = "journal.ndjson"
	logFile     = "target.log" // what a target writes that was started
	// confirmFolder holds the same of a confirmation run.
	confirmFolder = "confirmation"
)

func (c *runCommand) path(name string) string { return filepath.Join(c.folder, name) }

// clear takes away what an earlier run left: a run that is never made must
// not leave last week's verdict for the next step of a pipeline. The folder
// is made, and shown to take files, before anything is sent.
func (c *runCommand) clear() error {
	if err := checkWritable(c.folder); err != nil {
		return err
	}
	confirmation := func(name string) string { return filepath.Join(confirmFolder, name) }
	var old []string
	for _, name := range []string{resultFile, verdictFile, journalFile, logFile, confirmation(resultFile), confirmation(journalFile)} {
		old = append(old, c.path(name))
	}
	return removeOld("run", old)
}

// measure makes the run, judges it and writes everything.
func (c *runCommand) measure(ctx context.Context, t *target, from result.Origin, past *baseline.Past) error {
	r := t.plan.Result(version(), c.env.Now())
	r.Origin, r.Tried = from, t.tried
	say(c.progress(), "profile %s: %s for %s, %s of it measured; seed %d",
		t.plan.Profile, walkers(t.plan, r), clock(t.plan.Duration), clock(t.plan.Measured()), t.plan.Seed)
	var verdict gate.Verdict
	failed, err := c.write(c.folder, t.plan, r, func(e engine.Engine) (err error) {
		e.Dial, e.Statements = t.dial, t.statements
		verdict, err = trial.Once(ctx, e, t.plan, r, past)
		return err
	})
	if err != nil {
		return err
	}
	last := r
	if verdict.Suspicious() && ctx.Err() == nil {
		again, confirmed, more := c.confirm(ctx, t, r, past)
		failed = errors.Join(failed, more)
		if again != nil {
			last, verdict = again, confirmed
		}
	}
	// Of two runs the second is kept: the first was repeated because it was
	// high, and would make later ones look better than they are.
	failed = errors.Join(failed, c.record.keep(c.progress(), last, verdict))
	return c.report(t, r, verdict, last.End == result.Interrupted, failed)
}

// confirm makes the run once more and judges both; nil where it could not be
// made.
func (c *runCommand) confirm(ctx context.Context, t *target, r *result.Result, past *baseline.Past) (again *result.Result, v gate.Verdict, failed error) {
	say(c.progress(), "slower than earlier runs: running once more to confirm it")
	again = t.plan.Again().Result(version(), c.env.Now())
	again.Origin = r.Origin
	failed, err := c.write(filepath.Join(c.folder, confirmFolder), t.plan, again, func(e engine.Engine) (err error) {
		e.Dial = t.dial
		v, err = trial.Confirm(ctx, e, t.plan, r, again, past)
		return err
	})
	if err != nil {
		return nil, v, errors.Join(failed, err)
	}
	return again, v, failed
}

// write makes a run with a journal and a progress line, and writes its result
// into a folder. Failed is what could not be written.
func (c *runCommand) write(folder string, p *plan.Plan, r *result.Result, run func(engine.Engine) error) (failed, err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, notRunError{fmt.Errorf("write journal: %w", err)}
	}
	out, err := os.Create(filepath.Join(folder, journalFile))
	if err != nil {
		return nil, notRunError{fmt.Errorf("write journal: %w", err)}
	}
	journal, progress := result.NewJournal(out, r), newProgress(c.progress(), p)
	planned := r.Planned.Duration
	err = run(engine.Engine{
		Self:   engine.ReadSelf(),
		Gauges: c.gauges.list,
		Alarm:  engine.NewAlarm,
		Second: func(s *result.Slice, r *result.Result) {
			if r.Planned.Duration != planned {
				planned = r.Planned.Duration
				journal.Planned(planned)
			}
			journal.Slice(s)
			progress.second(s, r)
		},
	})
	progress.end()
	complain(c.env.Stderr, c.process.endedInRun())
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	failed = errors.Join(journal.End(r.End), out.Close())
	if failed != nil {
		failed = notRunError{fmt.Errorf("write journal: %w", failed)}
	}
	return errors.Join(failed, writeFile(filepath.Join(folder, resultFile), r.Encode)), nil
}

// report tells the verdict; what could not be written never hides it.
func (c *runCommand) report(t *target, r *result.Result, verdict gate.Verdict, interrupted bool, failed error) error {
	var ended error
	switch {
	case interrupted:
		ended = errInterrupted
	case r.Silent():
		ended = notRunError{fmt.Errorf("%s never answered: nothing was found out about it; start the service, or name another with --host", t.plan.Spec.Target.Public())}
	}
	out := c.out
	out.formats = append([]string{"verdict=" + c.path(verdictFile)}, out.formats...)
	out.outputs = []report.Output{{Name: "result", Value: c.path(resultFile)}}
	end := out.write(c.env, r, verdict, t.plan.Spec, ended)
	if failed != nil {
		complain(c.env.Stderr, failed)
		if end == nil {
			return failed
		}
	}
	return end
}

// walkers says what load is made, and which part of it in a shard.
func walkers(p *plan.Plan, r *result.Result) string {
	load := report.Load(r.Planned)
	switch {
	case p.Shard.Whole():
		return load
	case p.SpawnRate > 0:
		return fmt.Sprintf("shard %s, %d of %d users", p.Shard, p.Share, p.Users)
	}
	return fmt.Sprintf("shard %s, %s", p.Shard, load)
}

// progress is where people are told what happens.
func (c *runCommand) progress() io.Writer {
	if c.quiet {
		return io.Discard
	}
	return c.env.Stderr
}
