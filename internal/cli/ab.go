package cli

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/pairs"
	"github.com/loadgate/loadgate/internal/plan"
)

func newAB(env environ.Env) *cobra.Command {
	c := pairs.Command{Env: env, Again: func(file string, flags *pflag.FlagSet, p *plan.Plan) []string {
		return rerunCommand("ab", file, flags, p)
	}}
	cmd := &cobra.Command{
		Use:   "ab [thresholds.yaml]",
		Short: "Compare two builds on one machine: load them in turn and say whether B is slower",
		Long: `Load two builds in turn, A B, B A, A B, …, in short slices of the same load, and say
whether B is slower than A. A slow moment affects both builds equally, so no history
is needed and smaller changes are found. A is the build before the change.

Each side is a URL, or a command that starts the build; {port} in a command becomes a
free port.`,
		Example: `  loadgate ab --a http://localhost:8001 --b http://localhost:8002 --profile light
  loadgate ab --a-cmd 'cd ../base && exec uvicorn app:app --port {port}' --b-cmd 'exec uvicorn app:app --port {port}'`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), load.FileArgument(args)) },
	}
	c.Add(cmd)
	return cmd
}
