package cli

import (
	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/launch"
	"github.com/loadgate/loadgate/internal/process"
)

func newSupervise(env environ.Env) *cobra.Command {
	return &cobra.Command{
		Use:                launch.SuperviseCommand,
		Hidden:             true,
		DisableFlagParsing: true, // a command line may look like a flag
		// The twins of flags are for what is started, not for this.
		PersistentPreRun: func(*cobra.Command, []string) {},
		RunE: func(_ *cobra.Command, args []string) error {
			env.IgnoreSignals()
			if err := process.Supervise(args); err != nil {
				return failure.CouldNotRun(err)
			}
			return nil
		},
	}
}
