package cli

import (
	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/report"
)

func newPlan(env environ.Env) *cobra.Command {
	choice := target.Flags{Load: load.Flags{Whole: true, Unsent: true}}
	flags := &choice.Load
	var noColor bool
	cmd := &cobra.Command{
		Use:   "plan [thresholds.yaml]",
		Short: "Show how many requests each endpoint will get and which rules they can settle; sends nothing",
		Long: `plan shows how many requests each endpoint will get, which rules they can settle,
and which can never hold. It ends with the best code that the run itself could end
with: 0, 1 when a rule can never hold, 3 when one can never be decided.

With --shard it speaks of the whole run all the same: the shards are judged together.`,
		Example: `  loadgate plan
  loadgate plan perf/thresholds.yaml --profile light -u 50 -t 5m`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := flags.Plan(env, choice.File(args), flags.Host)
			if err != nil {
				return err
			}
			load.PrintNeeds(env.Stderr, p.Config, load.Allowed(flags.Allowed, flags.Host))
			t := report.Timetable{Plan: p, Forecasts: p.Forecast()}
			o := report.Options{Color: console.UseColor(env, noColor), Width: console.Width(env.Stdout)}
			if err := t.Write(env.Stdout, o); err != nil {
				return failure.CouldNotRun(err)
			}
			return failure.OfVerdict(t.Final())
		},
	}
	flags.Add(cmd)
	cmd.Flags().BoolVar(&choice.Demo, "demo", false, "plan the stand-in's own file where there is no thresholds.yaml")
	cmd.Flags().BoolVar(&noColor, "no-color", false, "no colour")
	return cmd
}
