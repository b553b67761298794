package cli

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/engine"
)

// onceCommand sends setup or teardown alone.
type onceCommand struct {
	env   environ.Env
	load  load.Flags
	file  string // of what setup captured
	force bool
}

func newSetup(env environ.Env) *cobra.Command {
	c := onceCommand{env: env}
	cmd := &cobra.Command{
		Use:   "setup [thresholds.yaml]",
		Short: "Send the setup steps alone, and keep what they captured for the shards of a run",
		Long: `Send the setup steps of a file, and write what they captured into a file that run --setup
reads. A run sends setup by itself; this is for shards, all of which read one setup. The
file may hold secrets, such as a token: only its owner can read it. loadgate teardown
sends the teardown steps after the shards.`,
		Example: `  loadgate setup --file setup.json
  loadgate run --shard 1/2 --seed 7 --setup setup.json
  loadgate teardown --setup setup.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), args, func(t *target.Target) error { return c.setUp(cmd.Context(), t) })
		},
	}
	c.load.AddOnce(cmd)
	output.AddFileFlag(cmd, &c.file, "setup.json")
	cmd.Flags().BoolVar(&c.force, "force", false, "overwrite an existing file")
	return cmd
}

func newTeardown(env environ.Env) *cobra.Command {
	c := onceCommand{env: env}
	cmd := &cobra.Command{
		Use:     "teardown [thresholds.yaml]",
		Short:   "Send the teardown steps alone, after loadgate setup and the shards of a run",
		Example: `  loadgate teardown --setup setup.json`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), args, func(t *target.Target) error { return c.tearDown(cmd.Context(), t) })
		},
	}
	c.load.AddOnce(cmd)
	cmd.Flags().StringVar(&c.file, "setup", "setup.json", "what loadgate setup kept")
	return cmd
}

// with calls do with the target of a file, once it is ready.
func (c *onceCommand) with(ctx context.Context, args []string, do func(*target.Target) error) (err error) {
	t, err := target.Connect(c.env, c.load, load.FileArgument(args), c.load.Host)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	c.env.EndGently()
	c.env.EndLater(t.TearDownWithin())
	if err := t.Wait(ctx, c.env.Stderr); err != nil {
		return err
	}
	return do(t)
}

func (c *onceCommand) setUp(ctx context.Context, t *target.Target) error {
	if len(t.Plan.Config.Setup) == 0 {
		return errors.New(t.Plan.Config.File + " has no setup; loadgate run needs none")
	}
	if err := t.CheckReviewed(); err != nil {
		return err
	}
	// What cannot be kept would be lost, with all that it names.
	if err := errors.Join(output.CheckNew(c.file, c.force), output.CheckWritable(c.file)); err != nil {
		return err
	}
	attempts, err := t.SetUp(ctx)
	var text []byte
	if err == nil {
		text, err = t.EncodeSetup()
	}
	if err == nil {
		err = output.WriteNewPrivate(c.env, c.file, c.force, append(text, '\n'))
	}
	if err != nil {
		t.TearDown(ctx, c.env.Stderr)
		err = failure.CouldNotRun(err)
	}
	return errors.Join(c.show(attempts), err)
}

func (c *onceCommand) tearDown(ctx context.Context, t *target.Target) error {
	if len(t.Plan.Config.Teardown) == 0 {
		return errors.New(t.Plan.Config.File + " has no teardown; there is nothing to send")
	}
	if err := errors.Join(t.CheckReviewed(), t.KeepSetup(c.file)); err != nil {
		return err
	}
	t.UndoKept()
	attempts, sent := t.TearDown(ctx, c.env.Stderr)
	err := c.show(attempts)
	for _, s := range sent {
		if !s.OK() {
			return errors.Join(err, failure.CouldNotRun(errors.New("not everything was removed")))
		}
	}
	return err
}

// show prints what was sent, not into the file.
func (c *onceCommand) show(attempts []engine.Attempt) error {
	var text strings.Builder
	for _, a := range attempts {
		target.ShowAttempt(&text, a)
	}
	out := c.env.Stdout
	if c.file == "-" {
		out = c.env.Stderr
	}
	_, err := io.WriteString(out, text.String())
	return console.WriteError(err)
}
