package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/record"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/terminal"
)

func newHistory(env environ.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List, show, chart, watch, prune and copy the recorded runs",
		Long: `List, show, chart, watch, prune and copy recorded runs. loadgate run --record stores each run as one
file: in a folder that a CI cache can carry from build to build, in a bucket (s3://BUCKET/PREFIX)
or in a database (postgres://USER@HOST/DATABASE). docs/history.md shows how.`,
		Example: `  loadgate history list --last 30
  loadgate history chart --branch main`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newHistoryList(env), newHistoryShow(env), newHistoryChart(env), newHistorySite(env),
		newHistoryAlert(env), newHistoryPrune(env), newHistoryCopy(env))
	return cmd
}

func newHistoryList(env environ.Env) *cobra.Command {
	var where record.HistoryFlag
	var filter record.Filter
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the recorded runs, oldest first",
		Example: `  loadgate history list
  loadgate history list --profile light --branch main --last 30`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			runs, err := where.Runs(env, filter)
			if err != nil {
				return err
			}
			return console.WriteError(terminal.WriteRuns(env.Stdout,
				runs, where.Place(), console.ReportOptions(env, false)))
		},
	}
	where.Add(cmd)
	filter.Add(cmd)
	return cmd
}

func newHistoryShow(env environ.Env) *cobra.Command {
	var where record.HistoryFlag
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show what is stored of a run; \"last\" is the newest",
		Example: `  loadgate history show last
  loadgate history show 20261120`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			run, _, problems, err := where.Open().Get(args[0])
			if err != nil {
				return err
			}
			console.PrintError(env.Stderr, errors.Join(problems...))
			return console.WriteError(terminal.WriteRun(env.Stdout, run, console.ReportOptions(env, false)))
		},
	}
	where.Add(cmd)
	return cmd
}

func newHistoryChart(env environ.Env) *cobra.Command {
	var where record.HistoryFlag
	var filter record.Filter
	var name, endpoint, data string
	cmd := &cobra.Command{
		Use:   "chart",
		Short: "Chart one figure of every endpoint over the runs, and mark where its level changed",
		Example: `  loadgate history chart --branch main
  loadgate history chart --metric p50 --endpoint 'GET /api/tutors*'`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			which, ok := metric.Parse(name)
			if !ok || !slices.Contains(metric.Compared(), which) {
				return usage.NotOneOf("--metric", name, record.ComparedNames())
			}
			runs, err := where.Runs(env, filter)
			if err != nil {
				return err
			}
			chart := terminal.NewChart(runs, which, endpoint)
			if data != "" {
				if err := output.WriteFile(data, chart.WriteData); err != nil {
					return err
				}
			}
			return console.WriteError(chart.Write(env.Stdout, where.Place(), console.ReportOptions(env, false)))
		},
	}
	where.Add(cmd)
	filter.Add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&name, "metric", metric.P95.Name(), "figure to chart: "+strings.Join(record.ComparedNames(), ", "))
	flags.StringVar(&endpoint, "endpoint", "*", "only endpoints that match this pattern; * matches any text")
	flags.StringVar(&data, "data", "", "write the chart's data to this file as JSON")
	return cmd
}

func newHistoryPrune(env environ.Env) *cobra.Command {
	var where record.HistoryFlag
	var keep int
	cmd := &cobra.Command{
		Use:   "prune --keep N",
		Short: "Remove all but the newest runs of each load, host, branch and runner class",
		Long: `Remove all but the newest runs of each load, host, branch and runner class, and what a
crash left behind. The newest accepted run of each is kept, since the baseline begins
with it.`,
		Example: `  loadgate history prune --keep 50`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if keep < 1 {
				return errors.New("--keep: write how many runs of each kind stay, such as 50")
			}
			removed, err := where.Open().Prune(keep, env.Now())
			var out strings.Builder
			for _, id := range removed {
				fmt.Fprintf(&out, "removed %s\n", console.Clean(id))
			}
			if err == nil {
				fmt.Fprintf(&out, "%d removed\n", len(removed))
			} else {
				err = failure.CouldNotRun(fmt.Errorf("prune history: %w", err))
			}
			_, unwritten := io.WriteString(env.Stdout, out.String())
			return errors.Join(err, console.WriteError(unwritten))
		},
	}
	where.Add(cmd)
	cmd.Flags().IntVar(&keep, "keep", 0, "how many runs of each kind to keep")
	return cmd
}
