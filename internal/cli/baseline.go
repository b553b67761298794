package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/record"
	"github.com/loadgate/loadgate/internal/report/terminal"
)

func newBaseline(env environ.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Choose which recorded runs form the baseline",
		Example: `  loadgate baseline list
  loadgate baseline accept last --reason 'search is slower by design since #123'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newBaselineList(env),
		newMark(env, true, "accept RUN", "Accept a run as the new baseline: compare later runs with it even "+
			"if it failed, and ignore older runs that differ"),
		newMark(env, false, "reject RUN", "Reject a run: never compare later runs with it, even if it passed"),
	)
	return cmd
}

func newMark(env environ.Env, accepted bool, use, short string) *cobra.Command {
	var where record.HistoryFlag
	var mark baseline.Mark
	verb, _, _ := strings.Cut(use, " ")
	cmd := &cobra.Command{
		Use:   use + " --reason TEXT",
		Short: short,
		Example: `  loadgate baseline ` + verb + ` last --reason 'search is slower by design since #123'
  loadgate baseline ` + verb + ` 20261120 --reason 'the runner was busy' --by ada`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if strings.TrimSpace(mark.Reason) == "" {
				return errors.New(
					"--reason: write why, for those who will ask: --reason 'search is slower by design since #123'")
			}
			mark.Accepted, mark.At = accepted, env.Now()
			mark.By = cmp.Or(mark.By, env.First("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER"))
			id, err := where.Open().Mark(args[0], mark)
			if unwritable(err) {
				return failure.CouldNotRun(fmt.Errorf("mark run: %w", err))
			}
			if err != nil {
				return err
			}
			verb := "rejected"
			if accepted {
				verb = "accepted"
			}
			_, err = fmt.Fprintf(env.Stdout, "%s %s\n", verb, console.Clean(id))
			return console.WriteError(err)
		},
	}
	where.Add(cmd)
	cmd.Flags().StringVar(&mark.Reason, "reason", "", "why; required, and kept with the run")
	cmd.Flags().StringVar(&mark.By, "by", "", "who decided it (default: the CI system's actor, or the user)")
	return cmd
}

// unwritable says whether an error is one of a file that could not be made.
func unwritable(err error) bool {
	_, path := errors.AsType[*fs.PathError](err)
	_, link := errors.AsType[*os.LinkError](err)
	return path || link
}

// newBaselineList shows what a run like the newest one would be compared with.
func newBaselineList(env environ.Env) *cobra.Command {
	var where record.HistoryFlag
	var filter record.Filter
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the runs that the next one is compared with, and why the others are not used",
		Long: `List the recorded runs that the next run will be compared with, oldest first: those with
the load, host and runner class of the newest run. Every other run is listed with the
reason why it is not used.`,
		Example: `  loadgate baseline list
  loadgate baseline list --profile light --branch main`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			runs, err := where.Runs(env, filter)
			if err != nil {
				return err
			}
			return console.WriteError(terminal.WriteBaseline(env.Stdout,
				runs, where.Place(), console.ReportOptions(env, false)))
		},
	}
	where.Add(cmd)
	filter.Add(cmd)
	return cmd
}
