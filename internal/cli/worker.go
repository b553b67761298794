package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/cli/workers"
	"github.com/loadgate/loadgate/internal/cli/workload"
	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/link"
	"github.com/loadgate/loadgate/internal/fleet/worker"
	"github.com/loadgate/loadgate/internal/selfmon"
)

func newWorker(env environ.Env) *cobra.Command {
	c := workerCommand{env: env}
	cmd := &cobra.Command{
		Use:   "worker [HOST:PORT]",
		Short: "Make a part of the load of a run on another machine",
		Long: `Make a part of the load of a run on another machine, which was started with
--workers and --listen, or --nats, and printed the join secret. Ends when that run
does.

The run decides what is sent, and this command what may be loaded: loopback, and
what --allow permits. It reads no file of this machine and runs no command, and
sends no variable of its environment but those that --env names.`,
		Example: `  export LOADGATE_JOIN_TOKEN=lgj1.…
  loadgate worker 10.0.0.7:7422 --allow staging.example.com`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	c.load.AddAllow(cmd)
	flags.StringArrayVar(&c.own, "env", nil, "take this variable that the file reads from this machine, "+
		"and not from the run (may be repeated)")
	c.nats.Add(cmd, "meet the run at this NATS server, in the place of HOST:PORT")
	flags.StringVar(&c.name, "name", "",
		"name of this machine in results (default: LOADGATE_WORKER_NAME, or the host name)")
	flags.StringVar(&c.out, "out", "", "folder in which the journal is kept (default: a temporary one)")
	flags.StringVar(&c.lease, "lease", "30s", "end the load after so long without a word of the run")
	flags.StringVar(&c.wait, "wait", "5m", "how long to wait for the run")
	flags.IntVar(&c.index, "index", -1, "part of the load that is preferred, from 0 (default: JOB_COMPLETION_INDEX)")
	return cmd
}

type workerCommand struct {
	env         environ.Env
	load        load.Flags
	nats        workers.NATS
	name, out   string
	lease, wait string
	own         []string // variables
	index       int
}

func (c *workerCommand) run(ctx context.Context, args []string) (err error) {
	if err := c.nats.Check(); err != nil {
		return err
	}
	switch {
	case len(args) == 0 && !c.nats.Asked():
		return errors.New("where the run waits is missing: write its HOST:PORT, as loadgate run --workers " +
			"printed it, or --nats URL")
	case len(args) == 1 && c.nats.Asked():
		return errors.New("HOST:PORT and --nats exclude each other: the run waits at one of them")
	}
	lease, err := workers.Duration("lease", c.lease, 5*time.Second)
	wait, waitErr := workers.Duration("wait", c.wait, 0)
	if err := errors.Join(err, waitErr); err != nil {
		return err
	}
	own, err := c.variables()
	if err != nil {
		return err
	}
	text := c.env.First(workers.SecretVariable)
	if text == "" {
		return fmt.Errorf("%s is not set: copy it from what loadgate run --workers printed", workers.SecretVariable)
	}
	secret, err := fleet.ParseSecret(text)
	if err != nil {
		return fmt.Errorf("%s: %w", workers.SecretVariable, err)
	}
	if c.name == "" {
		c.name = c.env.First("LOADGATE_WORKER_NAME") // of a pod, which a manifest can fill in
	}
	if c.name == "" {
		if c.name, err = os.Hostname(); err != nil {
			return failure.CouldNotRun(fmt.Errorf("read the name of this machine: %w; give one with --name", err))
		}
	}
	c.env.EndGently()
	conn, err := c.connect(ctx, args, secret, wait)
	if err != nil {
		return failure.CouldNotRun(err)
	}
	defer conn.Close()
	folder := c.out
	if folder == "" {
		if folder, err = os.MkdirTemp("", "loadgate-worker-"); err != nil {
			return failure.CouldNotRun(fmt.Errorf("keep the journal: %w", err))
		}
		defer func() {
			// An empty folder goes in any case.
			if err == nil || os.Remove(folder) == nil {
				err = errors.Join(err, os.RemoveAll(folder))
			} else {
				console.Print(c.env.Stderr, "the journal is in %s", folder)
			}
		}()
	}
	print := func(format string, args ...any) { console.Print(c.env.Stderr, format, args...) }
	machine := workload.Machine{Env: c.env, Allowed: c.load.Allowed, Own: own}
	runner := selfmon.Runner()
	err = worker.Run(ctx, conn, worker.Options{
		Name: c.name, Version: buildinfo.Version(), Cores: workers.Cores(), Memory: runner.Memory, Index: c.preferred(),
		Open: machine.Open, Lease: lease, Wait: wait, Print: print,
		Store: workload.Store(folder),
	})
	if errors.Is(err, context.Canceled) {
		return failure.ErrInterrupted
	}
	return failure.CouldNotRun(err)
}

// variables are those that --env names, with the values of this machine.
func (c *workerCommand) variables() (map[string]string, error) {
	own := map[string]string{}
	for _, name := range c.own {
		value, ok := c.env.Getenv(name)
		if !ok {
			return nil, fmt.Errorf("--env %s: it is not set on this machine; write the name of a variable that is",
				usage.Quote(name))
		}
		own[name] = value
	}
	return own, nil
}

// connect tries the hub until it answers, which may be before the run is there.
func (c *workerCommand) connect(ctx context.Context, args []string, secret fleet.Secret,
	wait time.Duration) (*link.Conn, error) {
	join := func() (*link.Conn, error) { return link.JoinOutside(c.nats.Outside, secret, nil) }
	if !c.nats.Asked() {
		join = func() (*link.Conn, error) { return link.Join(args[0], secret, nil) }
	}
	began := time.Now()
	for said := false; ; {
		conn, err := join()
		if err == nil || !errors.Is(err, link.ErrUnreachable) || time.Since(began) > wait {
			return conn, err
		}
		if !said {
			said = true
			console.Print(c.env.Stderr, "waiting for the run: %v", err)
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// preferred is the part of the load that this machine would like, so that a run repeats on the same machines.
func (c *workerCommand) preferred() *int {
	index := c.index
	if text, ok := c.env.Getenv("JOB_COMPLETION_INDEX"); ok && index < 0 {
		if n, err := strconv.Atoi(text); err == nil {
			index = n
		}
	}
	if index < 0 {
		return nil
	}
	return &index
}
