// Package cli is the process as a value: commands, flags, files and exit
// codes. It is the only package that opens files, prints, and turns errors
// into a code; no rule of the product lives here.
package cli

import (
	"context"
	crypto "crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/exitcode"
)

// Env is what a process has around it.
type Env struct {
	Args           []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(name string) (value string, set bool)
	Now            func() time.Time
	Seed           func() uint64 // for runs without --seed
	// Executable is the path of a program that calls Main with its arguments:
	// this one. Nil: no process can be started.
	Executable func() (string, error)
	// Exit ends the process at once. Main calls it after a signal only, from
	// another goroutine, where a command does not end in time. Nil: never.
	Exit func(code int)

	ending *ending // of the command that runs
	judged *judged
}

// RandomSeed draws a seed that no earlier run had. It is short enough to be
// typed again.
func RandomSeed() uint64 {
	var b [8]byte
	// Read never returns an error (crypto/rand, since Go 1.24).
	_, _ = crypto.Read(b[:])
	return binary.LittleEndian.Uint64(b[:]) % 1_000_000
}

// Main runs one command and returns its exit code. Results go to Stdout,
// progress and errors to Stderr. When ctx ends, a run stops, writes everything
// and returns within seconds; what only reads and reckons is ended by env.Exit.
func Main(ctx context.Context, env Env) int {
	env.ending = newEnding(ctx, env)
	defer env.ending.never()
	env.judged = new(judged)
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

// complain prints an error, each of its lines as one of loadgate's own.
func complain(w io.Writer, err error) {
	if err == nil || err.Error() == "" {
		return
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(w, "loadgate: "+clean(strings.TrimRight(line, "\n")))
	}
	var hint hintError
	if errors.As(err, &hint) {
		fmt.Fprintln(w, "loadgate: hint: "+hint.hint)
	}
}

// hintError is an error with advice on a line of its own.
type hintError struct {
	error
	hint string
}

func (e hintError) Unwrap() error { return e.error }

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
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLone(cmd); err != nil {
				return err
			}
			if err := fromEnvironment(cmd, env.Getenv); err != nil {
				return err
			}
			if err := checkFlags(cmd); err != nil {
				return err
			}
			return checkDependent(cmd)
		},
	}
	root.PersistentFlags().Var(github, "github",
		"write for GitHub Actions, or do not (default: as GITHUB_ACTIONS says)")
	root.PersistentFlags().Lookup("github").NoOptDefVal = "true"
	root.SetFlagErrorFunc(wordFlag)
	root.SetVersionTemplate("{{.Version}}")
	root.AddCommand(
		newRun(env), newPlan(env), newTry(env), newCheck(env),
		newInit(env), newExport(env), newReport(env), newCompare(env), newAB(env), newCapacity(env),
		newHistory(env), newBaseline(env), newNotify(env), newComment(env),
		newValidate(env), newSchema(env), newDemo(env), newVersion(env), newSupervise(env),
	)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	wordArguments(root)
	wordHelp(root)
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

// fromEnvironment sets every flag that was not given and whose twin is in the
// environment. An empty twin counts as not set.
func fromEnvironment(cmd *cobra.Command, getenv func(string) (string, bool)) error {
	var errs []error
	flags := cmd.Flags()
	flags.VisitAll(func(f *pflag.Flag) {
		name := "LOADGATE_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, _ := getenv(name)
		if f.Changed || f.Hidden || value == "" || f.Name == "help" || f.Name == "version" {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			errs = append(errs, fmt.Errorf("%s=%s: %s", name, config.Quoted(value, 60), wanted(cmd, f, value)))
		}
	})
	return errors.Join(errs...)
}
