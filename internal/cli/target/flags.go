package target

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/demo"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/selfmon"
)

// File is the file that a command was given, or the default. Where --demo is
// given none and there is none, the stand-in's own is read.
func (f *Flags) File(args []string) string {
	f.Load.UseDemoFile = f.Demo && load.NoFile(args)
	return load.FileArgument(args)
}

// misled adds to what is wrong with a file how the stand-in's own is read, where
// --demo was given another.
func (f *Flags) misled(file string, err error) error {
	src, unread := regular.Read(file, load.LargestFile)
	own := f.Load.UseDemoFile || string(src) == loadgate.DemoFile
	if own || unread != nil || !strings.HasPrefix(err.Error(), file+":") {
		return err
	}
	return failure.WithHint(err, load.OtherFileHint(file))
}

// Flags choose a load and the service that gets it.
type Flags struct {
	Load   load.Flags
	Demo   bool
	faults DemoFlags
}

// Add adds the flags of the load and of the stand-in.
func (f *Flags) Add(cmd *cobra.Command) {
	f.Load.Add(cmd)
	f.AddDemo(cmd)
}

// AddDemo adds the flags of the stand-in.
func (f *Flags) AddDemo(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.Demo, "demo", false, "start the TutorMax demo service and load it")
	f.faults.Add(cmd, "demo-")
}

// Open reads the file, makes the plan and, for --demo, starts the stand-in.
// Nothing is sent.
func (f *Flags) Open(ctx context.Context, env environ.Env, file string) (t *Target, err error) {
	f.Load.MostUsers = selfmon.MostUsers(f.Demo)
	if !f.Demo {
		return Connect(env, f.Load, file, f.Load.Host)
	}
	server, err := f.startDemo(ctx)
	if err != nil {
		return nil, err
	}
	if t, err = Connect(env, f.Load, file, server.URL()); err != nil {
		return nil, errors.Join(f.misled(file, err), server.Close())
	}
	t.Begin, t.Close, t.hint = server.Begin, server.Close, load.OtherFile(env, t.Plan.Config)
	return t, nil
}

// startDemo starts the stand-in on a free port of this machine. Its times count
// from the load, which is not what goes before: readiness and the try-out.
func (f *Flags) startDemo(ctx context.Context) (*demo.Server, error) {
	if f.Load.Host != "" {
		return nil, errors.New("--demo and --host exclude each other: the demo is its own target")
	}
	o, err := f.faults.Options()
	if err != nil {
		return nil, err
	}
	o.Marked = true
	// It outlives the interruption of a run, so that users in flight are
	// answered.
	server, err := demo.Listen(context.WithoutCancel(ctx), "127.0.0.1:0", o)
	if err != nil {
		return nil, failure.CouldNotRun(fmt.Errorf("start demo: %w", err))
	}
	return server, nil
}
