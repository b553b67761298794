package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/demo"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/selfmon"
)

// file is the file that a command was given, or the default. Where --demo is
// given none and there is none, the stand-in's own is read.
func (f *targetFlags) file(args []string) string {
	f.load.carried = f.demo && carriedFor(args)
	return fileArgument(args)
}

// misled adds to what is wrong with a file how the stand-in's own is read, where
// --demo was given another.
func (f *targetFlags) misled(file string, err error) error {
	src, unread := regular.Read(file, largestFile)
	own := f.load.carried || string(src) == loadgate.DemoFile
	if own || unread != nil || !strings.HasPrefix(err.Error(), file+":") {
		return err
	}
	return failure.WithHint(err, otherFileHint(file))
}

// targetFlags choose a load and the service that gets it.
type targetFlags struct {
	load   loadFlags
	demo   bool
	faults demoFlags
}

func (f *targetFlags) add(cmd *cobra.Command) {
	f.load.add(cmd)
	f.addDemo(cmd)
}

// addDemo adds the flags of the stand-in.
func (f *targetFlags) addDemo(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.demo, "demo", false, "start the TutorMax stand-in and load it")
	f.faults.add(cmd, "demo-")
}

// open reads the file, makes the plan and, for --demo, starts the stand-in.
// Nothing is sent.
func (f *targetFlags) open(ctx context.Context, env environ.Env, file string) (t *target, err error) {
	f.load.mostUsers = selfmon.MostUsers(f.demo)
	if !f.demo {
		return connect(env, f.load, file, f.load.host)
	}
	server, err := f.startDemo(ctx)
	if err != nil {
		return nil, err
	}
	if t, err = connect(env, f.load, file, server.URL()); err != nil {
		return nil, errors.Join(f.misled(file, err), server.Close())
	}
	t.begin, t.close, t.hint = server.Begin, server.Close, otherFile(env, t.plan.Config)
	return t, nil
}

// startDemo starts the stand-in on a free port of this machine. Its times count
// from the load, which is not what goes before: readiness and the try-out.
func (f *targetFlags) startDemo(ctx context.Context) (*demo.Server, error) {
	if f.load.host != "" {
		return nil, errors.New("--demo and --host exclude each other: the demo is its own target")
	}
	o, err := f.faults.options()
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
