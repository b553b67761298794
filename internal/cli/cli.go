// Package cli has the commands of loadgate: each is its flags, one call and an exit code.
// What they share lives in the rooms below it; no rule of the product lives here.
package cli

import (
	"context"
	crypto "crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/delivery"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/cli/ui"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/cli/web"
	"github.com/loadgate/loadgate/internal/exitcode"
)

// Main runs one command and returns its exit code. Results go to Stdout,
// progress and errors to Stderr. When ctx ends, a run stops, writes everything
// and returns within seconds. A command that only reads files and computes ignores ctx:
// env.Exit ends it.
func Main(ctx context.Context, env environ.Env) int { return main(ctx, env, nil) }

// main runs one command. A run of it is shown by a watcher; nil: by none.
func main(ctx context.Context, env environ.Env, watcher ui.Watcher) int {
	env = env.Watch(ctx)
	defer env.IgnoreSignals()
	stdout := console.NewPipeWriter(env.Stdout)
	env.Stdout = stdout
	github := environ.NewGitHubFlag(&env)
	root := newRoot(env, github, watcher)
	root.SetArgs(usage.JoinOptional(env.Args, usage.Optional{Names: target.DriftFlags, Like: target.DriftLike},
		usage.Optional{Names: []string{"--web"}, Like: web.AddressLike}))
	cmd, err := root.ExecuteContextC(ctx)
	if errors.Is(err, context.Canceled) {
		err = fmt.Errorf("%winterrupted before anything was measured", failure.ErrInterrupted)
	}
	if unwritten := stdout.Err(); err == nil || errors.Is(err, unwritten) {
		err = console.WriteError(unwritten)
	}
	err = failure.WithoutCredentials(err)
	console.PrintError(env.Stderr, err)
	console.PrintError(env.Stderr, delivery.NotRun(env, cmd, err))
	return failure.ExitCode(err)
}

func newRoot(env environ.Env, github *environ.GitHubFlag, watcher ui.Watcher) *cobra.Command {
	root := &cobra.Command{
		Use:   "loadgate",
		Short: "Load a service and check that it stays within its limits",
		Long: `loadgate runs the load that thresholds.yaml describes against a service, compares
every endpoint's latency, failures and throughput with the limits in the same file,
prints a table and exits nonzero when a limit was crossed.

Exit codes:
` + exitCodes() + `
Every flag has an environment twin: --run-time is LOADGATE_RUN_TIME.`,
		Example: `  loadgate init --openapi http://localhost:8000/openapi.json
  loadgate run thresholds.yaml --host http://localhost:8000
  loadgate check loadgate-out/result.json`,
		Version:       buildinfo.About(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	// Commands that the library adds keep the writer that they find.
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.PersistentFlags().Var(github, "github",
		"write annotations, a summary and outputs for GitHub Actions (default: if GITHUB_ACTIONS is true)")
	root.PersistentFlags().Lookup("github").NoOptDefVal = "true"
	root.SetVersionTemplate("{{.Version}}")
	root.AddCommand(
		newRun(env, watcher), newPlan(env), newTry(env), newCheck(env),
		newInit(env), newRecord(env),
		newExport(env), newReport(env), newCompare(env), newAB(env), newCapacity(env), newWorker(env),
		newKubernetes(env), newUI(env),
		newSetup(env), newTeardown(env), newHistory(env), newBaseline(env), newNotify(env), newComment(env),
		newValidate(env), newSchema(env), newDemo(env), newVersion(env), newSupervise(env),
	)
	usage.Install(root, env.Args, env.Getenv)
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

// RandomSeed draws a seed that no earlier run had. It is short enough to be
// typed again.
func RandomSeed() uint64 {
	var b [8]byte
	// Read never returns an error (crypto/rand, since Go 1.24).
	_, _ = crypto.Read(b[:])
	return binary.LittleEndian.Uint64(b[:]) % 1_000_000
}

// Env is what a process has around it.
type Env = environ.Env
