package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/engine"
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
  loadgate run thresholds.yaml --host http://localhost:8000 --profile light`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.env = env
			return c.run(cmd.Context(), fileArgument(args))
		},
	}
	flags := cmd.Flags()
	c.target.add(cmd)
	c.out.add(cmd)
	c.start.add(cmd)
	flags.StringVar(&c.folder, "out", "loadgate-out", "folder for result.json, verdict.json and journal.ndjson")
	flags.BoolVarP(&c.quiet, "quiet", "q", false, "no progress")
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
}

func (c *runCommand) run(ctx context.Context, file string) (err error) {
	if err := c.out.check(); err != nil {
		return err
	}
	if err := c.start.resolve(c.env.Now()); err != nil {
		return err
	}
	t, err := c.target.open(ctx, c.env, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	if err := engine.CheckDescriptors(t.plan.Share, c.target.demo); err != nil {
		return notRunError{err}
	}
	if err := c.clear(); err != nil {
		return err
	}
	if err := c.prepare(ctx, t); err != nil {
		return err
	}
	if err := c.start.wait(ctx, c.env, c.progress()); err != nil {
		return err
	}
	return c.measure(ctx, t)
}

// The files of a run, in its folder.
const (
	resultFile  = "result.json"
	verdictFile = "verdict.json"
	journalFile = "journal.ndjson"
)

func (c *runCommand) path(name string) string { return filepath.Join(c.folder, name) }

// clear takes away what an earlier run left: a run that is never made must
// not leave last week's verdict for the next step of a pipeline. The folder
// is made, and shown to take files, before anything is sent.
func (c *runCommand) clear() error {
	if err := checkWritable(c.folder); err != nil {
		return err
	}
	for _, name := range []string{resultFile, verdictFile, journalFile} {
		if err := os.Remove(c.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return notRunError{fmt.Errorf("clear the last run: %w", err)}
		}
	}
	return nil
}

// prepare waits for the target and tries every step once.
func (c *runCommand) prepare(ctx context.Context, t *target) error {
	say(c.progress(), "waiting for %s", t.plan.Spec.Target.Public())
	if err := t.ready(ctx); err != nil || !t.plan.Try || c.noTry {
		return err
	}
	e := engine.Engine{Dial: t.dial}
	return tried(e.TryOut(ctx, t.plan, false), ctx.Err())
}

// measure makes the run, judges it and writes everything.
func (c *runCommand) measure(ctx context.Context, t *target) error {
	p := t.plan
	r := p.Result(version(), c.env.Now())
	journalOut, err := os.Create(c.path(journalFile))
	if err != nil {
		return notRunError{fmt.Errorf("write journal: %w", err)}
	}
	journal := result.NewJournal(journalOut, r)
	say(c.progress(), "profile %s: %s for %s, %s of it measured; seed %d", p.Profile, walkers(p, r), clock(p.Duration), clock(p.Measured()), p.Seed)
	progress := newProgress(c.progress(), p)
	planned := r.Planned.Duration
	verdict, err := trial.Once(ctx, engine.Engine{
		Dial:  t.dial,
		Self:  engine.ReadSelf(),
		Alarm: engine.NewAlarm,
		Second: func(s *result.Slice, r *result.Result) {
			if r.Planned.Duration != planned {
				planned = r.Planned.Duration
				journal.Planned(planned)
			}
			journal.Slice(s)
			progress.second(s, r)
		},
	}, p, r)
	progress.end()
	if err != nil {
		return err
	}
	failed := errors.Join(journal.End(r.End), journalOut.Close())
	if failed != nil {
		failed = notRunError{fmt.Errorf("write journal: %w", failed)}
	}
	failed = errors.Join(failed, writeFile(c.path(resultFile), r.Encode))
	var ended error
	switch {
	case r.End == result.Interrupted:
		ended = errInterrupted
	case r.Silent():
		ended = notRunError{fmt.Errorf("%s never answered: nothing was found out about it; start the service, or name another with --host", p.Spec.Target.Public())}
	}
	out := c.out
	out.formats = append([]string{"verdict=" + c.path(verdictFile)}, out.formats...)
	end := out.write(c.env, r, verdict, p.Spec, ended)
	// A report that cannot be written never hides the verdict.
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
