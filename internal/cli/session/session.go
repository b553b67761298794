// Package session loads one target, once or several times, with what is started,
// watched and written for that. It makes runs, and judges none.
package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/delivery"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/gauges"
	"github.com/loadgate/loadgate/internal/cli/launch"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/cli/workers"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/fleet/coordinator"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/selfmon"
	"github.com/loadgate/loadgate/internal/unit"
)

// Session is a target that is loaded once or several times, with its gauges and the folder for the
// results.
type Session struct {
	Env     environ.Env
	Flags   *pflag.FlagSet // as given
	Choice  target.Flags
	Out     delivery.Flags
	Workers workers.Flags
	Folder  string
	// Watchers see every run of the session, beside the line of progress.
	Watchers []Watcher
	quiet    bool
	noTry    bool
	setup    string // file of what setup captured; "": setup is sent

	command string // starts the target; "": somebody else has
	*target.Target
	process *launch.Process // of the command; nil without
	gauges  *gauges.Gauges
	fleet   *workers.Fleet     // nil: this process makes the load itself
	lock    *output.FolderLock // of folder
	stopped bool               // what was started
}

// Add adds all flags except those of the load. The files go into folder, and files names them for the
// help.
func (s *Session) Add(cmd *cobra.Command, folder, files string) {
	s.Flags = cmd.Flags()
	s.Out.Add(cmd)
	s.Flags.StringVar(&s.Folder, "out", folder, "folder for "+files)
	s.Flags.BoolVarP(&s.quiet, "quiet", "q", false, "print no progress")
	s.Flags.StringVar(&s.command, "start", "", "start the target with this command, and end it after the run")
	s.Flags.StringVar(&s.setup, "setup", "",
		"read what loadgate setup kept from this file; setup and teardown are not sent")
	s.Flags.BoolVar(&s.noTry, "no-try", false, "skip the try-out of each step before the load")
}

// Open reads the file and makes the plan. Close closes what Open opened, also after an error.
func (s *Session) Open(ctx context.Context, file string) (err error) {
	if s.command != "" && s.Choice.Demo {
		return errors.New("--start and --demo exclude each other: the demo is its own target")
	}
	if s.Target, err = s.Choice.Open(ctx, s.Env, file); err != nil {
		return err
	}
	if s.setup != "" {
		if err := s.KeepSetup(s.setup); err != nil {
			return err
		}
		s.Workers.Kept = true
	}
	return s.CheckSetup()
}

// Claim prepares a run before anything is sent: it checks that this machine can hold so
// many users and that the folders are writable, removes the old files, so that a run that
// never begins does not leave last week's verdict for the next step of a pipeline, and opens
// the gauges.
func (s *Session) Claim(users int, old ...string) (err error) {
	s.Env.EndGently()
	s.Env.EndLater(s.TearDownWithin())
	if err := selfmon.CheckDescriptors(users, s.Choice.Demo); err != nil {
		return failure.CouldNotRun(err)
	}
	if s.lock, err = output.Lock(s.Folder); err != nil {
		return err
	}
	for i := range old {
		old[i] = s.Path(old[i])
	}
	if err := errors.Join(output.CheckFolder(s.Folder), output.RemoveOld("run", old), s.Out.Clear()); err != nil {
		return err
	}
	s.gauges, err = gauges.Open(s.Env, s.Plan, s.Progress())
	return err
}

// OwnUsers is how many of the users this process makes itself: none where workers make them.
func (s *Session) OwnUsers(users int) int {
	if s.Workers.Asked() {
		return 0
	}
	return users
}

// Muster opens the fleet that makes the load, if workers are asked for. The plan is that of the smallest load. It
// removes what workers of an earlier run left in the folders of the session's runs.
func (s *Session) Muster(ctx context.Context, file string, smallest *plan.Plan, folders ...string) (err error) {
	for _, folder := range folders {
		if err := workers.RemoveOld(folder); err != nil {
			return err
		}
	}
	if !s.Workers.Asked() {
		return nil
	}
	if !s.Plan.Shard.Whole() {
		return errors.New("--workers and --shard exclude each other: each worker gets its own part")
	}
	if err := s.Workers.CheckParts(smallest); err != nil {
		return err
	}
	host := s.Choice.Load.Host
	if s.Choice.Demo {
		host = s.Plan.Config.Target.URL
	}
	name, files, vars, err := s.Choice.Load.Pack(s.Env, file, host)
	if err != nil {
		return err
	}
	if s.Plan.Config.Judge.Extend > 1 {
		console.Print(s.Progress(), "judge.extend is not used: a load of workers is not extended")
	}
	s.fleet, err = workers.Open(ctx, s.Env, s.Workers,
		coordinator.Load{File: name, Files: files, Env: vars, Host: host},
		load.CallerAllows(s.Choice.Load.Allowed, host), s.Folder, s.Progress())
	return err
}

// Prepare starts the target if loadgate starts it, waits until it is ready, tries
// every step, reads every gauge, and calls last.
func (s *Session) Prepare(ctx context.Context, last func(context.Context) error) error {
	if err := s.launch(ctx); err != nil {
		return err
	}
	return s.process.While(ctx, func(ctx context.Context) error {
		if err := s.Target.Prepare(ctx, s.Progress(), s.noTry, s.gauges.Statements); err != nil {
			return err
		}
		if err := s.gauges.Check(ctx); err != nil {
			return err
		}
		return last(ctx)
	})
}

// launch starts the target, if loadgate starts it.
func (s *Session) launch(ctx context.Context) (err error) {
	if s.command == "" {
		return nil
	}
	if err := s.CheckNotRunning(ctx); err != nil {
		return err
	}
	console.Print(s.Progress(), "starting %s", s.Plan.Config.Mask(s.command))
	s.process, err = launch.Start(ctx, s.Env, s.command, s.Path(output.LogFile), s.Plan.Config)
	return err
}

// Close ends what was started and releases the folder.
func (s *Session) Close(ctx context.Context) error {
	defer s.lock.Unlock()
	return s.Stop(ctx)
}

// Stop tears down what was set up and ends what was started, if that still runs. If ctx has ended, it does not take
// long.
func (s *Session) Stop(ctx context.Context) error {
	if s.Target == nil || s.stopped {
		return nil
	}
	s.stopped = true
	s.TearDown(ctx, s.Env.Stderr)
	if s.gauges != nil {
		s.gauges.Close()
	}
	return errors.Join(s.fleet.Close(), s.process.Stop(), s.Target.Close())
}

// Path is the path of a file in the folder of the run.
func (s *Session) Path(name string) string { return filepath.Join(s.Folder, name) }

// Record makes a run with a journal and a progress line, and writes its result
// into a folder. The statements of the target's database are counted by statements;
// nil: they are not. Failed is what could not be written.
func (s *Session) Record(folder string, p *plan.Plan, r *result.Result, statements target.StatementCounter,
	run func(experiment.Machine) error) (failed, err error) {
	if s.fleet != nil {
		return s.recordFleet(folder, p, r, run)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, failure.CouldNotRun(fmt.Errorf("write %s: %w",
			filepath.Join(folder, output.JournalFile), failure.WithoutPath(err)))
	}
	out, err := os.Create(filepath.Join(folder, output.JournalFile))
	if err != nil {
		return nil, failure.CouldNotRun(fmt.Errorf("write %s: %w",
			filepath.Join(folder, output.JournalFile), failure.WithoutPath(err)))
	}
	journal, all := result.NewJournal(out, r), s.watch(p, r)
	before := s.Addresses()
	s.Begin()
	e := s.Engine(r, journal, all.Second)
	e.Gauges, e.Statements = s.gauges.List, statements
	err = run(experiment.OnEngine(e))
	all.End(err)
	r.Addresses = result.AddressesSince(s.Addresses(), before)
	console.PrintError(s.Env.Stderr, s.process.EndedInRun())
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	failed = errors.Join(journal.End(r.End), out.Close())
	if failed != nil {
		failed = failure.CouldNotRun(fmt.Errorf("write journal: %w", failed))
	}
	return errors.Join(failed, output.WriteFile(filepath.Join(folder, output.ResultFile), r.Encode)), nil
}

// recordFleet is Record for a load of workers, whose journals are kept apart.
func (s *Session) recordFleet(folder string, p *plan.Plan, r *result.Result,
	run func(experiment.Machine) error) (failed, err error) {
	all := s.watch(p, r)
	s.Begin()
	err = run(s.fleet.Recorded(folder, coordinator.Watch{
		Gauges: s.gauges.List, Setup: s.Setup, Second: all.Second}))
	all.End(err)
	console.PrintError(s.Env.Stderr, s.process.EndedInRun())
	if err != nil {
		return nil, failure.CouldNotRun(err)
	}
	if failed = s.fleet.Unsaved(); failed != nil {
		failed = failure.CouldNotRun(failed)
	}
	return errors.Join(failed, output.WriteFile(filepath.Join(folder, output.ResultFile), r.Encode)), nil
}

// Interrupted says whether a signal ended a run. One that ended a worker did not.
func (s *Session) Interrupted(ctx context.Context, r *result.Result) bool {
	if s.fleet != nil {
		return ctx.Err() != nil && r.End != result.Complete
	}
	return r.End == result.Interrupted
}

// Progress is where the lines about the run go.
func (s *Session) Progress() io.Writer {
	if s.quiet {
		return io.Discard
	}
	return s.Env.Stderr
}

// LoadText says what load is made, and in a shard, which part.
func LoadText(p *plan.Plan, r *result.Result) string {
	load := content.Load(r.Planned, p.Config.Rates(p.Profile))
	switch {
	case p.Shard.Whole():
		return load
	case p.SpawnRate > 0:
		return fmt.Sprintf("shard %s, %d of %s", p.Shard, p.Share, unit.Counted(p.Users, "user"))
	}
	return fmt.Sprintf("shard %s, %s", p.Shard, load)
}
