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

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/selfmon"
)

// session is a target that is loaded, once or several times, with what is
// watched beside it, and the folder that takes what happened.
type session struct {
	env    environ.Env
	flags  *pflag.FlagSet // as given
	choice targetFlags
	out    outFlags
	folder string
	quiet  bool
	noTry  bool

	command string // starts the target; "": somebody else has
	*target
	process *started // of the command; nil without
	gauges  *gauges
	lock    *folderLock // of folder
	stopped bool        // what was started
}

// add adds the flags, but for those of the load; folder is where the files go,
// and files what they are.
func (s *session) add(cmd *cobra.Command, folder, files string) {
	s.flags = cmd.Flags()
	s.out.add(cmd)
	s.flags.StringVar(&s.folder, "out", folder, "folder for "+files)
	s.flags.BoolVarP(&s.quiet, "quiet", "q", false, "no progress")
	s.flags.StringVar(&s.command, "start", "", "start the target with this command, and end it after the run")
	s.flags.BoolVar(&s.noTry, "no-try", false, "send no step before the load")
}

// open reads the file and makes the plan. What is open is closed by close, after
// an error too.
func (s *session) open(ctx context.Context, file string) (err error) {
	if s.command != "" && s.choice.demo {
		return errors.New("--start and --demo exclude each other: the demo is its own target")
	}
	s.target, err = s.choice.open(ctx, s.env, file)
	return err
}

// claim finds out before anything is sent whether this machine can hold so many
// users and whether its folders take files, takes away the old ones, so that a
// run that is never made does not leave last week's verdict for the next step of
// a pipeline, and makes the gauges.
func (s *session) claim(users int, old ...string) (err error) {
	s.env.EndGently()
	if err := selfmon.CheckDescriptors(users, s.choice.demo); err != nil {
		return failure.CouldNotRun(err)
	}
	if s.lock, err = lockFolder(s.folder); err != nil {
		return err
	}
	for i := range old {
		old[i] = s.path(old[i])
	}
	if err := errors.Join(checkWritable(s.folder), removeOld("run", old), s.out.clear()); err != nil {
		return err
	}
	s.gauges, err = openGauges(s.env, s.plan, s.progress())
	return err
}

// prepare starts the target if it is to be started, waits until it is ready,
// tries every step and looks at every gauge; then comes last.
func (s *session) prepare(ctx context.Context, last func(context.Context) error) error {
	if err := s.launch(ctx); err != nil {
		return err
	}
	return s.process.while(ctx, func(ctx context.Context) error {
		if err := s.target.prepare(ctx, s.progress(), s.noTry, s.gauges.counter); err != nil {
			return err
		}
		if err := s.gauges.check(ctx); err != nil {
			return err
		}
		return last(ctx)
	})
}

// launch starts the target, if it is to be started.
func (s *session) launch(ctx context.Context) (err error) {
	if s.command == "" {
		return nil
	}
	if err := s.free(ctx); err != nil {
		return err
	}
	say(s.progress(), "starting %s", s.plan.Config.Mask(s.command))
	s.process, err = startProcess(ctx, s.env, s.command, s.path(logFile), s.plan.Config)
	return err
}

// close ends what was started and leaves the folder to others.
func (s *session) close() error {
	defer s.lock.free()
	return s.stop()
}

// stop ends what was started, if that still runs.
func (s *session) stop() error {
	if s.target == nil || s.stopped {
		return nil
	}
	s.stopped = true
	if s.gauges != nil {
		s.gauges.close()
	}
	return errors.Join(s.process.stop(), s.target.close())
}

func (s *session) path(name string) string { return filepath.Join(s.folder, name) }

// write makes a run with a journal and a progress line, and writes its result
// into a folder. Failed is what could not be written.
func (s *session) write(folder string, p *plan.Plan, r *result.Result,
	run func(engine.Engine) error) (failed, err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, failure.CouldNotRun(fmt.Errorf("write %s: %w",
			filepath.Join(folder, journalFile), failure.WithoutPath(err)))
	}
	out, err := os.Create(filepath.Join(folder, journalFile))
	if err != nil {
		return nil, failure.CouldNotRun(fmt.Errorf("write %s: %w",
			filepath.Join(folder, journalFile), failure.WithoutPath(err)))
	}
	journal, progress := result.NewJournal(out, r), newProgress(s.progress(), p)
	planned, before := r.Planned.Duration, s.addresses()
	s.begin()
	err = run(engine.Engine{
		Dial:   s.dial,
		Self:   selfmon.Read(),
		Clock:  engine.Clock,
		Gauges: s.gauges.list,
		Alarm:  engine.NewAlarm,
		Second: func(slice *result.Slice, r *result.Result) {
			if r.Planned.Duration != planned {
				planned = r.Planned.Duration
				journal.Planned(planned)
			}
			slice.Addresses = result.AddressesSince(s.addresses(), before)
			r.Addresses = slice.Addresses // it is judged before the run returns
			journal.Slice(slice)
			progress.second(slice, r)
		},
	})
	progress.end()
	r.Addresses = result.AddressesSince(s.addresses(), before)
	complain(s.env.Stderr, s.process.endedInRun())
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	failed = errors.Join(journal.End(r.End), out.Close())
	if failed != nil {
		failed = failure.CouldNotRun(fmt.Errorf("write journal: %w", failed))
	}
	return errors.Join(failed, writeFile(filepath.Join(folder, resultFile), r.Encode)), nil
}

// progress is where people are told what happens.
func (s *session) progress() io.Writer {
	if s.quiet {
		return io.Discard
	}
	return s.env.Stderr
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
