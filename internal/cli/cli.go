// Package cli is the process as a value: commands, flags, files and exit
// codes. It is the only package that opens files, prints, and turns errors
// into a code; no rule of the product lives here.
package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/exitcode"
)

// Main runs one command and returns its exit code. Results go to Stdout,
// progress and errors to Stderr. When ctx ends, a run stops, writes everything
// and returns within seconds; what only reads and reckons is ended by env.Exit.
func Main(ctx context.Context, env Env) int {
	env = env.Watch(ctx)
	defer env.IgnoreSignals()
	env.Stdout = &quietly{w: env.Stdout}
	github := newGitHubFlag(&env)
	root := newRoot(env, github)
	root.SetArgs(withDrift(env.Args))
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if errors.Is(err, context.Canceled) {
		err = fmt.Errorf("%winterrupted before anything was measured", errInterrupted)
	}
	complain(env.Stderr, err)
	complain(env.Stderr, notRun(env, cmd, err))
	return exitCode(err)
}

func newRoot(env Env, github *githubFlag) *cobra.Command {
	root := &cobra.Command{
		Use:   "loadgate",
		Short: "Load a service, measure it, and say whether it keeps its promises",
		Long: `loadgate runs the load that thresholds.yaml describes against a service, compares
every endpoint's latency, failures and throughput with the limits in the same file,
prints a table and exits nonzero when a limit was crossed.

Exit codes:
` + exitCodes() + `
Every flag has an environment twin: --run-time is LOADGATE_RUN_TIME.`,
		Example: `  loadgate init --openapi http://localhost:8000/openapi.json
  loadgate run thresholds.yaml --host http://localhost:8000
  loadgate check loadgate-out/result.json`,
		Version:       about(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentFlags().Var(github, "github",
		"write for GitHub Actions, or do not (default: as GITHUB_ACTIONS says)")
	root.PersistentFlags().Lookup("github").NoOptDefVal = "true"
	root.SetVersionTemplate("{{.Version}}")
	root.AddCommand(
		newRun(env), newPlan(env), newTry(env), newCheck(env),
		newInit(env), newExport(env), newReport(env), newCompare(env), newAB(env), newCapacity(env),
		newHistory(env), newBaseline(env), newNotify(env), newComment(env),
		newValidate(env), newSchema(env), newDemo(env), newVersion(env), newSupervise(env),
	)
	install(root, env.Getenv)
	return root
}

// exitCodes are the lines of the table of exit codes.
func exitCodes() string {
	var b strings.Builder
	for _, row := range exitcode.Table() {
		fmt.Fprintf(&b, "  %-3d  %s\n", row.Code, row.Short)
	}
	return b.String()
}
